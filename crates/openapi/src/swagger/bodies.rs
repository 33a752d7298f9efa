//! Converts the bodies of requests and responses of Swagger 2.0.

use serde_json::{Map, Value, json};

use super::{USUAL, entries, parameters};

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// The media types that requests and responses can have.
pub(super) struct MediaTypes {
    consumes: Vec<String>,
    produces: Vec<String>,
}

impl MediaTypes {
    pub(super) fn usual() -> Self {
        Self {
            consumes: vec![USUAL.to_owned()],
            produces: vec![USUAL.to_owned()],
        }
    }

    /// The media types of an operation, or else of the document.
    pub(super) fn of(owner: &Map<String, Value>, around: &Self) -> Self {
        let own = |name: &str, around: &[String]| {
            let types = owner.get(name).and_then(Value::as_array);
            let types = types.into_iter().flatten().filter_map(Value::as_str);
            let types: Vec<String> = types.map(str::to_owned).collect();
            if types.is_empty() {
                around.to_vec()
            } else {
                types
            }
        };
        Self {
            consumes: own("consumes", &around.consumes),
            produces: own("produces", &around.produces),
        }
    }
}

/// The parameters of an operation that are parts of its body.
#[derive(Default)]
pub(super) struct Parts {
    /// The body, as the operation declares it, and its reference.
    pub(super) body: Option<(Value, Value)>,
    /// The fields of a form.
    pub(super) form: Vec<Value>,
}

impl Parts {
    /// Adds the parameters of the path item that the operation does not override.
    pub(super) fn add(&mut self, shared: &Self) {
        if self.body.is_none() && self.form.is_empty() {
            self.body.clone_from(&shared.body);
        }
        for part in &shared.form {
            if !self
                .form
                .iter()
                .any(|own| own.get("name") == part.get("name"))
            {
                self.form.push(part.clone());
            }
        }
    }

    /// The request body, if there is one.
    pub(super) fn request_body(&self, media_types: &MediaTypes) -> Option<Value> {
        if let Some((given, target)) = &self.body {
            let shared = given.get("$ref").and_then(Value::as_str);
            let shared = shared.and_then(|text| text.strip_prefix("#/components/parameters/"));
            return Some(match shared {
                Some(name) => json!({ "$ref": format!("#/components/requestBodies/{name}") }),
                None => of_body(target, media_types),
            });
        }
        if self.form.is_empty() {
            None
        } else {
            Some(self.form_body(media_types))
        }
    }

    fn form_body(&self, media_types: &MediaTypes) -> Value {
        let (mut properties, mut required, mut encoding) = (Map::new(), Vec::new(), Map::new());
        let mut holds_file = false;
        for part in self.form.iter().filter_map(Value::as_object) {
            let Some(name) = part.get("name").and_then(Value::as_str) else {
                continue;
            };
            holds_file |= part.get("type") == Some(&json!("file"));
            let mut schema = parameters::schema(part);
            if let (Some(description), Some(schema)) =
                (part.get("description"), schema.as_object_mut())
            {
                schema.insert("description".into(), description.clone());
            }
            if part.get("type") == Some(&json!("array")) {
                let (style, explode) = parameters::style(part.get("collectionFormat"));
                if !explode {
                    encoding.insert(name.to_owned(), json!({ "style": style, "explode": false }));
                }
            }
            if part.get("required") == Some(&json!(true)) {
                required.push(json!(name));
            }
            properties.insert(name.to_owned(), schema);
        }
        let mut schema = json!({ "type": "object", "properties": properties });
        let is_required = !required.is_empty();
        if is_required {
            schema["required"] = Value::Array(required);
        }
        let mut media = json!({ "schema": schema });
        if !encoding.is_empty() {
            media["encoding"] = Value::Object(encoding);
        }
        let known = [FORM, MULTIPART];
        let mut types: Vec<&str> = media_types
            .consumes
            .iter()
            .map(String::as_str)
            .filter(|one| known.contains(one) && !(holds_file && *one == FORM))
            .collect();
        if types.is_empty() {
            types.push(if holds_file { MULTIPART } else { FORM });
        }
        let content: Map<String, Value> = types
            .into_iter()
            .map(|one| (one.to_owned(), media.clone()))
            .collect();
        json!({ "required": is_required, "content": content })
    }
}

/// The request body for a body parameter.
pub(super) fn of_body(parameter: &Value, media_types: &MediaTypes) -> Value {
    let mut body = Map::new();
    for name in ["description", "required"] {
        if let Some(value) = parameter.get(name) {
            body.insert(name.to_owned(), value.clone());
        }
    }
    let mut media = Map::new();
    if let Some(schema) = parameter.get("schema") {
        media.insert("schema".into(), schema.clone());
    }
    if let Some(example) = parameter.get("x-example") {
        media.insert("example".into(), example.clone());
    }
    let types = media_types.consumes.iter();
    let content: Map<String, Value> = types
        .map(|one| (one.clone(), Value::Object(media.clone())))
        .collect();
    body.insert("content".into(), Value::Object(content));
    Value::Object(body)
}

/// Converts a response.
pub(super) fn response(response: &mut Value, media_types: &MediaTypes) {
    let Some(members) = response.as_object_mut() else {
        return;
    };
    if members.contains_key("$ref") {
        return;
    }
    for header in entries(members, "headers") {
        parameters::header(header);
    }
    let schema = members.shift_remove("schema");
    let examples = members.shift_remove("examples");
    let examples = examples.as_ref().and_then(Value::as_object);
    let is_file = schema
        .as_ref()
        .is_some_and(|schema| schema.get("type") == Some(&json!("file")));
    let mut types: Vec<&str> = match schema {
        Some(_) => media_types.produces.iter().map(String::as_str).collect(),
        None => examples
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect(),
    };
    if is_file {
        // A file is not a JSON value.
        types.retain(|one| *one != USUAL);
        if types.is_empty() {
            types.push("application/octet-stream");
        }
    }
    let content: Map<String, Value> = types
        .into_iter()
        .map(|one| {
            let mut media = Map::new();
            if let Some(schema) = &schema {
                media.insert("schema".into(), schema.clone());
            }
            if let Some(example) = examples.and_then(|examples| examples.get(one)) {
                media.insert("example".into(), example.clone());
            }
            (one.to_owned(), Value::Object(media))
        })
        .collect();
    if !content.is_empty() {
        members.insert("content".into(), Value::Object(content));
    }
    members.entry("description").or_insert_with(|| json!(""));
}
