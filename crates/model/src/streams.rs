//! Responses that are sequences of values: server-sent events, and JSON lines.

use serde_json::{Map, Value, json};

use specmill_openapi::document::text;
use specmill_openapi::names;

use crate::all_of;
use crate::media::is_json;
use crate::model::{Stream, StreamFlag, StreamForm};
use crate::reader::Reader;
use crate::resolve::{members, resolve};

/// The name of the flag that selects a stream.
const FLAG: &str = "stream";

/// The fields of an event in the HTML standard.
const FIELDS: [&str; 4] = ["event", "data", "id", "retry"];

/// The maximum nesting of unions of events.
const DEEPEST: usize = 8;

/// Media types of JSON sequences, in addition to those with a suffix such as `ndjson`.
const SEQUENCES: [&str; 4] = [
    "application/stream+json",
    "application/x-json-stream",
    "application/json-lines",
    "application/jsonlines",
];

/// Whether a response of this media type is a sequence of values.
pub(super) fn is_stream(media_type: &str) -> bool {
    let essence = essence(media_type);
    is_events(&essence) || is_lines(&essence)
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn is_events(essence: &str) -> bool {
    essence == "text/event-stream"
}

fn is_lines(essence: &str) -> bool {
    let kind = essence.split('/').nth(1).unwrap_or_default();
    let kind = kind.strip_prefix("x-").unwrap_or(kind);
    SEQUENCES.contains(&essence)
        || ["ndjson", "jsonl", "json-seq", "jsonlines"]
            .iter()
            .any(|name| kind == *name || kind.ends_with(&format!("+{name}")))
}

/// The first media type of a success that is a sequence of values.
pub(super) fn stream_media<'v>(
    document: &'v Value,
    operation: &'v Value,
) -> Option<(&'v String, &'v Value)> {
    let successes = members(operation, "responses").filter(|(status, _)| status.starts_with('2'));
    let mut media = successes.flat_map(|(_, response)| {
        let content = members(resolve(document, response), "content");
        content.collect::<Vec<_>>()
    });
    media.find(|(kind, _)| is_stream(kind))
}

impl Reader<'_, '_> {
    /// The stream that a success of the operation always or optionally is.
    pub(super) fn stream(&mut self, id: &str, operation: &Value) -> Option<Stream> {
        let (content_type, media) = stream_media(self.document, operation)?;
        let whole_item = media.get("itemSchema");
        let declared = whole_item.or_else(|| media.get("schema"));
        let declared = declared.map(|schema| self.item(schema, whole_item.is_some()));
        let (form, schema) = if is_lines(&essence(content_type)) {
            (StreamForm::JsonLines, declared.unwrap_or_else(|| json!({})))
        } else {
            self.events(declared, whole_item.is_some())
        };
        let name = format!("{}Event", names::pascal_case(id));
        // The location differs from that of the success, which may have another type.
        let pointer = format!("{}/responses/stream", self.pointer);
        let item = if form == StreamForm::TextEvents {
            json!({ "type": "string" })
        } else {
            self.schemas.lower(&schema, &name, &pointer)
        };
        Some(Stream {
            form,
            content_type: content_type.clone(),
            item,
            flag: self.flag(operation),
        })
    }

    /// The schema of one value. A document may describe the sequence as a list.
    fn item(&self, schema: &Value, is_item: bool) -> Value {
        let resolved = resolve(self.document, schema);
        let is_list = resolved.get("type").is_some_and(|kind| kind == "array");
        match resolved.get("items") {
            Some(items) if is_list && !is_item => items.clone(),
            _ => schema.clone(),
        }
    }

    /// The encoding of the events and the schema of a value, derived from the schema of an event.
    fn events(&self, schema: Option<Value>, is_item: bool) -> (StreamForm, Value) {
        let Some(schema) = schema else {
            return (StreamForm::TextEvents, Value::Null);
        };
        let mut branches = Vec::new();
        self.branches(&schema, &mut branches, 0);
        let whole = branches
            .iter()
            .map(|branch| self.whole_event(branch, is_item));
        if let Some(whole) = whole.collect::<Option<Vec<Value>>>()
            && !whole.is_empty()
        {
            return match &whole[..] {
                // The type of a component keeps its name.
                [one] if *one == branches[0] => (StreamForm::WholeEvents, schema),
                [one] => (StreamForm::WholeEvents, one.clone()),
                _ => (StreamForm::WholeEvents, self.union(whole, &schema)),
            };
        }
        let resolved = resolve(self.document, &schema);
        if let Some(content) = resolved.get("contentSchema") {
            return (StreamForm::JsonEvents, content.clone());
        }
        let is_text = resolved.get("type").is_some_and(|kind| kind == "string")
            && resolved.get("enum").is_none();
        if is_text {
            (StreamForm::TextEvents, Value::Null)
        } else {
            (StreamForm::JsonEvents, schema)
        }
    }

    /// The branches of a union and of nested unions. A schema that is not a union is its own only branch.
    fn branches(&self, schema: &Value, all: &mut Vec<Value>, depth: usize) {
        let resolved = resolve(self.document, schema);
        let union = ["oneOf", "anyOf"]
            .iter()
            .find_map(|keyword| resolved.get(keyword)?.as_array())
            .filter(|_| depth < DEEPEST);
        match union {
            Some(branches) => {
                for branch in branches {
                    self.branches(branch, all, depth + 1);
                }
            }
            None => all.push(schema.clone()),
        }
    }

    /// The schema of a whole event: an object with `data`, and with `event` or `retry`, that requires only fields of an event.
    /// If `data` contains JSON, its content schema replaces the string.
    fn whole_event(&self, schema: &Value, is_item: bool) -> Option<Value> {
        let object = all_of::merge(self.document, schema, &self.pointer).ok()?;
        let properties = object.get("properties")?.as_object()?;
        let required = object.get("required").and_then(Value::as_array);
        let mut required = required.into_iter().flatten().filter_map(Value::as_str);
        let is_event = properties.contains_key("data")
            && required.all(|name| FIELDS.contains(&name))
            && (is_item || properties.contains_key("event") || properties.contains_key("retry"));
        if !is_event {
            return None;
        }
        let data = resolve(self.document, properties.get("data")?);
        Some(match data.get("contentSchema") {
            None => schema.clone(),
            Some(content) => {
                let mut object = object.clone();
                object["properties"]["data"] = content.clone();
                object
            }
        })
    }

    /// A union of whole events. The property `event` is the discriminator if each branch has its own values.
    fn union(&self, branches: Vec<Value>, schema: &Value) -> Value {
        let named = branches.iter().all(|branch| {
            let object = all_of::merge(self.document, branch, &self.pointer).ok();
            let event = object
                .as_ref()
                .and_then(|object| object.pointer("/properties/event"));
            event.is_some_and(|event| {
                let event = resolve(self.document, event);
                event.get("enum").is_some() || event.get("const").is_some()
            })
        });
        let flat = resolve(self.document, schema)
            .get("oneOf")
            .and_then(Value::as_array)
            .is_some_and(|own| *own == branches);
        if flat
            && resolve(self.document, schema)
                .get("discriminator")
                .is_some()
        {
            return schema.clone();
        }
        let mut union = Map::new();
        if let Some(description) = text(resolve(self.document, schema), "description") {
            union.insert("description".to_owned(), json!(description));
        }
        union.insert("oneOf".to_owned(), Value::Array(branches));
        if named {
            union.insert(
                "discriminator".to_owned(),
                json!({ "propertyName": "event" }),
            );
        }
        Value::Object(union)
    }

    /// The flag that selects the stream: a boolean of this name in the JSON body or in the query.
    fn flag(&self, operation: &Value) -> Option<StreamFlag> {
        let is_flag = |schema: &Value| {
            let schema = resolve(self.document, schema);
            schema.get("type").is_some_and(|kind| kind == "boolean")
        };
        let body = operation
            .get("requestBody")
            .map(|body| resolve(self.document, body));
        let json = body.and_then(|body| {
            let mut content = members(body, "content");
            content.find(|(kind, _)| is_json(kind))
        });
        let object = json
            .and_then(|(_, media)| media.get("schema"))
            .and_then(|schema| all_of::merge(self.document, schema, &self.pointer).ok());
        let pointer = format!("/properties/{FLAG}");
        if object
            .as_ref()
            .and_then(|object| object.pointer(&pointer))
            .is_some_and(is_flag)
        {
            return Some(StreamFlag::Body(FLAG.to_owned()));
        }
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let mut parameters = parameters
            .into_iter()
            .flatten()
            .map(|parameter| resolve(self.document, parameter));
        parameters
            .any(|parameter| {
                text(parameter, "name") == Some(FLAG)
                    && text(parameter, "in") == Some("query")
                    && parameter.get("schema").is_some_and(is_flag)
            })
            .then(|| StreamFlag::Query(FLAG.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_of_media_types_of_sequences_are_recognised() {
        for media_type in [
            "text/event-stream",
            "Text/Event-Stream; charset=utf-8",
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/json-seq",
            "application/geo+json-seq",
            "application/stream+json",
        ] {
            assert!(is_stream(media_type), "{media_type}");
        }
        for media_type in [
            "application/json",
            "text/plain",
            "application/problem+json",
            "*/*",
        ] {
            assert!(!is_stream(media_type), "{media_type}");
        }
    }
}
