//! Random documents in other versions, and in several files, as vendors write the same API.

use serde_json::{Map, Value, json};

use crate::project::Project;

/// The form of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Form {
    /// 3.0, as JSON.
    Json,
    /// 3.1, as YAML with merge keys and nested schemas.
    Yaml,
    /// Swagger 2.0, as JSON.
    Swagger,
    /// 3.2, with its schemas in a separate file.
    Files,
}

impl Form {
    /// The form for a seed; the forms take turns.
    pub(crate) fn of(seed: u8) -> Self {
        match seed % 4 {
            0 => Self::Files,
            1 => Self::Json,
            2 => Self::Yaml,
            _ => Self::Swagger,
        }
    }

    /// Adds a document of 3.0 in this form.
    pub(crate) fn add(
        self,
        project: &Project,
        name: &str,
        mut document: Value,
    ) -> specmill_openapi::diagnostic::Result<Vec<String>> {
        match self {
            Self::Json => project.add_document(name, &document),
            Self::Yaml => {
                to_3_1(&mut document);
                document["openapi"] = json!("3.1.0");
                identify(&mut document);
                project.add_yaml(name, &with_merge_keys(&document))
            }
            Self::Swagger => project.add_document(name, &to_2_0(&document)),
            Self::Files => {
                to_3_1(&mut document);
                document["openapi"] = json!("3.2.0");
                let schemas = document["components"]["schemas"].take();
                let names: Vec<String> = schemas.as_object().unwrap().keys().cloned().collect();
                for name in names {
                    let place = format!("parts/schemas.json#/{name}");
                    document["components"]["schemas"][name] = json!({ "$ref": place });
                }
                let mut beside = schemas;
                rename(&mut beside, "#/components/schemas/", "#/");
                let text = beside.to_string();
                project.write("given/parts/schemas.json", &text);
                project.add_document(name, &document)
            }
        }
    }
}

/// Converts schemas to 3.1.
fn to_3_1(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_3_1),
        Value::Object(members) => {
            members.values_mut().for_each(to_3_1);
            if members.remove("nullable").is_some()
                && let Some(kind) = members.get_mut("type")
            {
                *kind = json!([kind, "null"]);
            }
            if let Some([constant]) = members
                .get("enum")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
            {
                let constant = constant.clone();
                members.remove("enum");
                members.insert("const".into(), constant);
            }
        }
        _ => {}
    }
}

/// Adds schemas that are referenced by `$defs`, `$id`, `$anchor` and `$dynamicRef`.
fn identify(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let inner = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    schemas.insert(
        "Identified".into(),
        json!({
            "$id": "https://random.test/schemas/identified",
            "type": "object", "required": ["part"],
            "properties": {
                "part": { "$ref": "#/$defs/Part" }, "anchored": { "$ref": "#anchored" },
                "beside": { "$ref": "beside" }
            },
            "$defs": {
                "Part": { "type": "object", "properties": { "held": { "type": "string" } } },
                "Anchored": { "$anchor": "anchored", "type": "string", "enum": ["near", "far"] }
            }
        }),
    );
    schemas.insert(
        "Beside".into(),
        json!({ "$id": "https://random.test/schemas/beside", "type": "object", "properties": { "of": { "type": "integer" } } }),
    );
    schemas.insert(
        "Tree".into(),
        json!({
            "$dynamicAnchor": "node", "type": "object",
            "properties": { "children": { "type": "array", "items": { "$dynamicRef": "#node" } } }
        }),
    );
    schemas.insert(
        "NumberTree".into(),
        json!({
            "$dynamicAnchor": "node", "allOf": [inner("Tree")],
            "type": "object", "required": ["number"], "properties": { "number": { "type": "integer" } }
        }),
    );
    for name in ["Identified", "NumberTree"] {
        let content = json!({ "application/json": { "schema": inner(name) } });
        document["paths"][format!("/identified/{name}")] = json!({ "put": {
            "operationId": format!("put_{name}"), "tags": ["identified"],
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "OK", "content": content } }
        } });
    }
}

/// A document as YAML in which some properties are merged with merge keys, and a bound exceeds every integer type of Rust.
fn with_merge_keys(document: &Value) -> String {
    let mut document = document.clone();
    document["components"]["schemas"]["Merged"] = json!({
        "type": "object",
        "properties": { "<<": "*shared", "own": { "type": "integer", "maximum": "LARGE" } }
    });
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Merged" } } });
    document["paths"]["/merged"] = json!({ "get": {
        "operationId": "get_merged", "tags": ["merged"],
        "responses": { "200": { "description": "OK", "content": content } }
    } });
    let text = yaml_serde::to_string(&document).unwrap();
    let text = text
        .replace("'*shared'", "*shared")
        .replace("LARGE", "340282366920938463463374607431768211455");
    format!("x-shared: &shared\n  merged: {{type: string}}\n  own: {{type: boolean}}\n{text}")
}

/// Converts a document to Swagger 2.0, which has no unions, cookies or styles.
fn to_2_0(document: &Value) -> Value {
    let mut paths = document["paths"].clone();
    for item in paths.as_object_mut().unwrap().values_mut() {
        item.as_object_mut().unwrap().remove("servers");
        for operation in item.as_object_mut().unwrap().values_mut() {
            operation_to_2_0(operation.as_object_mut().unwrap());
        }
    }
    let mut definitions = document["components"]["schemas"].clone();
    schemas_to_2_0(&mut definitions);
    let mut document = json!({
        "swagger": "2.0", "info": document["info"], "host": "random.test", "basePath": "/v2",
        "schemes": ["https"], "consumes": ["application/json"], "produces": ["application/json"],
        "securityDefinitions": {
            "header": { "type": "apiKey", "in": "header", "name": "X-Key" }, "basic": { "type": "basic" }
        },
        "security": [{ "header": [] }],
        "paths": paths, "definitions": definitions
    });
    rename(&mut document, "#/components/schemas/", "#/definitions/");
    document
}

fn operation_to_2_0(operation: &mut Map<String, Value>) {
    for name in ["servers", "security", "callbacks"] {
        operation.remove(name);
    }
    let mut parameters = Vec::new();
    for parameter in operation
        .get("parameters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let schema = &parameter["schema"];
        let simple = matches!(
            schema["type"].as_str(),
            Some("string" | "integer" | "number" | "boolean")
        );
        let list = schema["type"] == "array";
        let path = parameter["in"] == "path";
        if parameter["in"] == "cookie" || !(simple || list || path) {
            continue;
        }
        let mut members = if simple || list {
            schema.clone()
        } else {
            json!({ "type": "string" })
        };
        members["name"] = parameter["name"].clone();
        members["in"] = parameter["in"].clone();
        members["required"] = parameter["required"].clone();
        if list {
            members["collectionFormat"] = match parameter["style"].as_str() {
                Some("form") if parameter["explode"] == true => json!("multi"),
                Some("spaceDelimited") => json!("ssv"),
                Some("pipeDelimited") => json!("pipes"),
                _ => json!("csv"),
            };
        }
        parameters.push(members);
    }
    let body = operation.remove("requestBody").unwrap_or_default();
    let content = body["content"].as_object();
    if let Some((media, content)) = content.and_then(|content| content.iter().next()) {
        if media.contains("json") {
            let schema = &content["schema"];
            parameters.push(json!({ "name": "body", "in": "body", "required": body["required"], "schema": schema }));
        } else {
            operation.insert("consumes".into(), json!(["multipart/form-data"]));
            parameters.push(
                json!({ "name": "file", "in": "formData", "required": true, "type": "file" }),
            );
            parameters.push(json!({ "name": "note", "in": "formData", "type": "string" }));
        }
    }
    operation.insert("parameters".into(), Value::Array(parameters));
    let responses = operation["responses"].as_object_mut().unwrap();
    for (status, response) in std::mem::take(responses) {
        // Swagger 2.0 has no status ranges.
        if status.ends_with("XX") {
            continue;
        }
        let mut members = json!({ "description": "OK" });
        let content = response["content"].as_object();
        if let Some((_, content)) = content.and_then(|content| content.iter().next())
            && let Some(schema) = content.get("schema")
        {
            members["schema"] = schema.clone();
        }
        responses.insert(status, members);
    }
    if responses.is_empty() {
        responses.insert("200".into(), json!({ "description": "OK" }));
    }
    let mut schemas = Value::Object(std::mem::take(operation));
    schemas_to_2_0(&mut schemas);
    operation.clone_from(schemas.as_object().unwrap());
}

/// Converts schemas to a form without unions and `nullable`: a union is replaced by its first branch.
fn schemas_to_2_0(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(schemas_to_2_0),
        Value::Object(members) => {
            for keyword in ["oneOf", "anyOf"] {
                if let Some(Value::Array(branches)) = members.remove(keyword)
                    && !members.contains_key("properties")
                {
                    members.remove("discriminator");
                    members.extend(branches[0].as_object().unwrap().clone());
                }
            }
            if let Some(nullable) = members.remove("nullable") {
                members.insert("x-nullable".into(), nullable);
            }
            if let Some(name) = members
                .get("discriminator")
                .and_then(|it| it.get("propertyName"))
            {
                let name = name.clone();
                members.insert("discriminator".into(), name);
            }
            members.values_mut().for_each(schemas_to_2_0);
        }
        _ => {}
    }
}

/// Replaces the prefixes of references.
fn rename(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| rename(member, from, to)),
        Value::String(text) if text.starts_with(from) => *text = text.replace(from, to),
        _ => {}
    }
}
