//! The operations of a document, as the generator will write them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, text};
use crate::names;
use crate::normalise;

use super::model::{
    Body, ClientSetting, Encoding, LeftOut, Operation, Paging, Parameter, ParameterPlace, Style,
    Success,
};
use super::resolve::resolve;
use super::schemas::{Schemas, is_nullable};

/// Names that the generated builders and clients use themselves.
const TAKEN_IN_BUILDERS: [&str; 12] = [
    "body",
    "body_map",
    "call",
    "client",
    "new",
    "options",
    "pages",
    "send",
    "send_response",
    "stream",
    "transport",
    "with_options",
];
const TAKEN_IN_CLIENTS: [&str; 6] = [
    "builder",
    "clone",
    "from_env",
    "new",
    "set_authentication",
    "transport",
];

/// What reading the operations gave.
pub(super) struct Operations {
    pub(super) operations: Vec<Operation>,
    pub(super) settings: Vec<ClientSetting>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Why an operation is left out.
type Reason = String;

/// Reads every operation; one that cannot be written is left out, with the reason.
pub(super) fn read<'d>(document: &'d Value, schemas: &mut Schemas<'d>) -> Result<Operations> {
    let mut all = Operations {
        operations: Vec::new(),
        settings: Vec::new(),
        left_out: Vec::new(),
    };
    for (pointer, path, method, operation) in normalise::operations(document) {
        let id = text(operation, "operationId").unwrap_or_default();
        if id.is_empty() {
            return Err(Diagnostic::new("an operation has no operationId")
                .at_pointer(pointer)
                .help("normalise first"));
        }
        let mut reader = Reader {
            document,
            schemas,
            pointer: pointer.clone(),
            settings: Vec::new(),
        };
        match reader.operation(id, path, method, operation) {
            Ok(operation) => {
                all.operations.push(operation);
                for setting in reader.settings {
                    if !all.settings.contains(&setting) {
                        all.settings.push(setting);
                    }
                }
            }
            Err(reason) => all.left_out.push(LeftOut {
                operation: id.to_owned(),
                pointer,
                reason,
            }),
        }
    }
    Ok(all)
}

struct Reader<'a, 'd> {
    document: &'d Value,
    schemas: &'a mut Schemas<'d>,
    pointer: String,
    settings: Vec<ClientSetting>,
}

impl Reader<'_, '_> {
    fn operation(
        &mut self,
        id: &str,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Operation, Reason> {
        let mut identifier = names::field_identifier(id);
        if TAKEN_IN_CLIENTS.contains(&identifier.as_str()) {
            identifier.push_str("_operation");
        }
        let item = self
            .document
            .pointer(&child("/paths", path))
            .unwrap_or(&Value::Null);
        if item.get("$ref").is_some() {
            return Err("its path item is a reference".to_owned());
        }
        let parameters = self.parameters(id, path, item, operation)?;
        let tag = operation
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or("other");
        let security = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        let authenticated = security.and_then(Value::as_array).is_some_and(|all| {
            !all.is_empty()
                && !all
                    .iter()
                    .any(|one| one.as_object().is_none_or(serde_json::Map::is_empty))
        });
        let owned = |name: &str| text(operation, name).map(str::to_owned);
        let source = operation.get("x-source").and_then(|source| {
            Some((
                text(source, "page")?.to_owned(),
                text(source, "operation").unwrap_or(id).to_owned(),
            ))
        });
        Ok(Operation {
            id: identifier,
            tag: names::field_identifier(tag),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: owned("summary"),
            description: owned("description"),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            source,
            permission: owned("x-required-permission"),
            authenticated,
            body: self.body(id, operation)?,
            success: self.success(id, method, operation),
            statuses: statuses(self.document, operation),
            paging: self.paging(operation, &parameters),
            parameters,
        })
    }

    fn parameters(
        &mut self,
        id: &str,
        path: &str,
        item: &Value,
        operation: &Value,
    ) -> Result<Vec<Parameter>, Reason> {
        let list = |owner: &Value| {
            owner
                .get("parameters")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let mut seen = BTreeSet::new();
        let mut identifiers = BTreeSet::new();
        let mut parameters = Vec::new();
        // The operation's own come first, since they override the path's.
        for parameter in list(operation).iter().chain(&list(item)) {
            let parameter = resolve(self.document, parameter);
            let (Some(name), Some(place)) = (text(parameter, "name"), text(parameter, "in")) else {
                return Err("a parameter has no name or no place".to_owned());
            };
            if !seen.insert((name.to_owned(), place.to_owned())) {
                continue;
            }
            if let Some(extension) = parameter.get("x-client-setting") {
                self.settings.push(self.setting(name, parameter, extension));
                continue;
            }
            let mut parameter = self.parameter(id, name, place, parameter)?;
            if TAKEN_IN_BUILDERS.contains(&parameter.identifier.as_str()) {
                parameter.identifier.push_str("_parameter");
            }
            if !identifiers.insert(parameter.identifier.clone()) {
                // `id` in the path and `id` in the query: the later one says where it goes.
                parameter.identifier =
                    format!("{}_in_{place}", parameter.identifier.trim_end_matches('_'));
                while !identifiers.insert(parameter.identifier.clone()) {
                    parameter.identifier.push_str("_too");
                }
            }
            parameters.push(parameter);
        }
        check_template(path, &parameters)?;
        Ok(parameters)
    }

    fn parameter(
        &mut self,
        id: &str,
        name: &str,
        place: &str,
        parameter: &Value,
    ) -> Result<Parameter, Reason> {
        let place = match place {
            "path" => ParameterPlace::Path,
            "query" => ParameterPlace::Query,
            "header" => ParameterPlace::Header,
            "cookie" => ParameterPlace::Cookie,
            other => return Err(format!("the parameter `{name}` is in `{other}`")),
        };
        if place == ParameterPlace::Header && !is_header_name(name) {
            return Err(format!(
                "the header parameter `{name}` cannot name a header"
            ));
        }
        let content = parameter
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.values().next());
        let any = json!({});
        let (schema, style) = match (parameter.get("schema"), content) {
            (Some(schema), _) => (schema, style(name, place, parameter)?),
            (None, Some(media)) => (media.get("schema").unwrap_or(&any), Style::Json),
            (None, None) => (&any, style(name, place, parameter)?),
        };
        let type_name = format!("{}{}", names::pascal_case(id), names::pascal_case(name));
        let pointer = format!("{}/parameters/{name}", self.pointer);
        let lowered = self.schemas.lower(schema, &type_name, &pointer);
        let schema = resolve(self.document, schema);
        Ok(Parameter {
            name: name.to_owned(),
            identifier: names::field_identifier(name),
            place,
            required: place == ParameterPlace::Path
                || parameter.get("required") == Some(&Value::Bool(true)),
            style,
            description: text(parameter, "description")
                .or_else(|| text(schema, "description"))
                .map(str::to_owned),
            schema: schema.clone(),
            lowered,
        })
    }

    fn setting(&self, header: &str, parameter: &Value, extension: &Value) -> ClientSetting {
        let schema = resolve(
            self.document,
            parameter.get("schema").unwrap_or(&Value::Null),
        );
        let values = schema.get("enum").and_then(Value::as_array);
        ClientSetting {
            header: header.to_owned(),
            setting: names::field_identifier(text(extension, "setting").unwrap_or(header)),
            template: text(extension, "value").unwrap_or("{}").to_owned(),
            default: text(extension, "default").map(str::to_owned),
            values: values
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            description: text(parameter, "description").map(str::to_owned),
        }
    }

    fn body(&mut self, id: &str, operation: &Value) -> Result<Option<Body>, Reason> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(None);
        };
        let body = resolve(self.document, body);
        let content = body.get("content").and_then(Value::as_object);
        // JSON where there is a choice, and else the first of the list.
        let media = content.and_then(|all| {
            all.iter()
                .find(|(kind, _)| is_json(kind))
                .or_else(|| all.iter().next())
        });
        let Some((content_type, media)) = media else {
            return Ok(None);
        };
        let any = json!({});
        let schema = media.get("schema").unwrap_or(&any);
        let encoding = match content_type.split(';').next().unwrap_or_default().trim() {
            json if is_json(json) => Encoding::Json,
            "application/x-www-form-urlencoded" => Encoding::Form,
            text if text.starts_with("text/") => Encoding::Text,
            multipart if multipart.starts_with("multipart/") => {
                return Err(format!(
                    "its body is `{multipart}`, whose parts are not written yet"
                ));
            }
            _ => Encoding::Bytes,
        };
        let lowered = match encoding {
            Encoding::Json | Encoding::Form => {
                let pointer = format!("{}/requestBody", self.pointer);
                self.schemas
                    .lower(schema, &format!("{}Body", names::pascal_case(id)), &pointer)
            }
            _ => json!({ "type": "string" }),
        };
        Ok(Some(Body {
            content_type: content_type.clone(),
            encoding,
            required: body.get("required") == Some(&Value::Bool(true)),
            description: text(body, "description").map(str::to_owned),
            lowered,
        }))
    }

    fn success(&mut self, id: &str, method: &str, operation: &Value) -> Success {
        let responses = operation.get("responses").and_then(Value::as_object);
        let successes: Vec<&Value> = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .map(|(_, response)| resolve(self.document, response))
            .collect();
        let bodies: Vec<(&String, &Value)> = successes
            .iter()
            .filter_map(|response| {
                let content = response.get("content")?.as_object()?;
                content
                    .iter()
                    .find(|(kind, _)| is_json(kind))
                    .or_else(|| content.iter().next())
            })
            .collect();
        let Some((content_type, _)) = bodies.first().filter(|_| method != "head") else {
            return Success::Empty;
        };
        if !is_json(content_type) {
            return if content_type.starts_with("text/") {
                Success::Text
            } else {
                Success::Bytes
            };
        }
        let any = json!({});
        let mut schemas: Vec<&Value> = bodies
            .iter()
            .map(|(_, media)| media.get("schema").unwrap_or(&any))
            .collect();
        schemas.dedup();
        let pointer = format!("{}/responses", self.pointer);
        let lowered = match schemas[..] {
            [schema] => {
                let lowered = self.schemas.lower(
                    schema,
                    &format!("{}Response", names::pascal_case(id)),
                    &pointer,
                );
                if is_nullable(self.document, schema) {
                    return Success::OptionalJson(lowered);
                }
                lowered
            }
            // Several answers of different shapes: the caller reads what the status says.
            _ => any,
        };
        if bodies.len() < successes.len() {
            Success::OptionalJson(lowered)
        } else {
            Success::Json(lowered)
        }
    }

    fn paging(&self, operation: &Value, parameters: &[Parameter]) -> Option<Paging> {
        let extension = operation.get("x-paging")?;
        let member = |name: &str| text(extension, name).map(str::to_owned);
        let parameter = member("parameter")?;
        if text(extension, "kind") == Some("cursor") {
            return Some(Paging::Cursor {
                parameter,
                next: member("next")?,
                items: member("items")?,
            });
        }
        let size = member("size");
        let default_size = parameters
            .iter()
            .find(|parameter| Some(&parameter.name) == size.as_ref())
            .and_then(|parameter| parameter.schema.get("default"))
            .and_then(Value::as_u64);
        let first = extension
            .get("first")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        Some(Paging::Numbered {
            parameter,
            first,
            size,
            default_size,
            items: member("items")?,
        })
    }
}

fn statuses(document: &Value, operation: &Value) -> Vec<(String, String)> {
    let responses = operation.get("responses").and_then(Value::as_object);
    responses
        .into_iter()
        .flatten()
        .map(|(status, response)| {
            let description = text(resolve(document, response), "description").unwrap_or_default();
            (status.clone(), description.to_owned())
        })
        .collect()
}

fn style(name: &str, place: ParameterPlace, parameter: &Value) -> Result<Style, Reason> {
    let explode = parameter.get("explode").and_then(Value::as_bool);
    match (place, text(parameter, "style")) {
        (ParameterPlace::Query | ParameterPlace::Cookie, None | Some("form")) => {
            Ok(if explode == Some(false) {
                Style::FormJoined
            } else {
                Style::Form
            })
        }
        (ParameterPlace::Query, Some("spaceDelimited")) => Ok(Style::SpaceDelimited),
        (ParameterPlace::Query, Some("pipeDelimited")) => Ok(Style::PipeDelimited),
        (ParameterPlace::Query, Some("deepObject")) => Ok(Style::DeepObject),
        (ParameterPlace::Path | ParameterPlace::Header, None | Some("simple")) => Ok(Style::Simple),
        (_, style) => Err(format!(
            "the parameter `{name}` has the style `{}`",
            style.unwrap_or_default()
        )),
    }
}

/// Each placeholder of a path has its parameter, and each path parameter its placeholder.
fn check_template(path: &str, parameters: &[Parameter]) -> Result<(), Reason> {
    let mut placeholders = BTreeSet::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err("a brace of its path is never closed".to_owned());
        };
        placeholders.insert(name);
        rest = after;
    }
    let in_path = parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Path);
    let named: BTreeSet<&str> = in_path.map(|parameter| parameter.name.as_str()).collect();
    if let Some(name) = placeholders.difference(&named).next() {
        return Err(format!(
            "its path holds `{{{name}}}`, which is no parameter"
        ));
    }
    if let Some(name) = named.difference(&placeholders).next() {
        return Err(format!("its path parameter `{name}` is not in the path"));
    }
    Ok(())
}

fn is_json(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type == "application/json" || media_type.ends_with("+json") || media_type == "*/*"
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
