//! Generates a document with any number of operations; equal seeds result in equal documents.
//!
//! It contains only what every compared generator supports: one type of success and one of error, and no names that
//! collide.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// The number of operations of each resource: list, create, get, change, delete.
const PER_RESOURCE: usize = 5;
/// The number of resources of each tag.
const PER_TAG: usize = 10;

/// A document with the given number of operations, which must be a multiple of five.
pub(crate) fn document(operations: usize, seed: u64) -> Value {
    let mut random = Rng::with_seed(seed);
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert("Failure".to_owned(), failure());
    for number in 0..operations / PER_RESOURCE {
        let name = format!("{}{number}", random.choice(NOUNS).unwrap_or("Thing"));
        add_paths(&mut paths, &name, number / PER_TAG, &mut random);
        add_schemas(&mut schemas, &name, &mut random);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1.0.0"},
        "servers": [{"url": "https://api.acme.test"}],
        "paths": paths,
        "components": {"schemas": schemas}
    })
}

const NOUNS: [&str; 8] = [
    "Alert", "Policy", "Session", "Report", "Network", "Volume", "Device", "Invoice",
];

const WORDS: [&str; 12] = [
    "the", "service", "keeps", "what", "callers", "asked", "for", "until", "it", "is", "done",
    "again",
];

fn words(random: &mut Rng) -> String {
    let count = random.usize(4..20);
    let words: Vec<&str> = (0..count).filter_map(|_| random.choice(WORDS)).collect();
    format!("{}.", words.join(" "))
}

fn failure() -> Value {
    json!({
        "type": "object",
        "required": ["message"],
        "properties": {"message": {"type": "string"}, "code": {"type": "string"}}
    })
}

fn add_paths(paths: &mut Map<String, Value>, name: &str, tag: usize, random: &mut Rng) {
    let lower = name.to_lowercase();
    let tag = format!("group {tag}");
    let content = |schema: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}}});
    let responses = |schema: Option<&str>| match schema {
        Some(schema) => json!({
            "200": {"description": "Done", "content": content(schema)},
            "404": {"description": "Not there", "content": content("Failure")}
        }),
        None => json!({
            "204": {"description": "Done"},
            "404": {"description": "Not there", "content": content("Failure")}
        }),
    };
    let id = json!({"name": "id", "in": "path", "required": true, "description": words(random), "schema": {"type": "string"}});
    let query = |name: &str, schema: Value, random: &mut Rng| json!({"name": name, "in": "query", "description": words(random), "schema": schema});
    let body = |schema: &str| json!({"required": true, "content": content(schema)});
    paths.insert(
        format!("/{lower}s"),
        json!({
            "get": {
                "operationId": format!("{lower}_list"), "tags": [tag], "summary": words(random),
                "parameters": [
                    query("cursor", json!({"type": "string"}), random),
                    query("limit", json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": 500}), random),
                    query("created-after", json!({"type": "string"}), random),
                    query("state", json!({"type": "array", "items": {"type": "string"}}), random)
                ],
                "responses": responses(Some(&format!("{name}Page")))
            },
            "post": {
                "operationId": format!("{lower}_create"), "tags": [tag], "summary": words(random),
                "description": words(random),
                "requestBody": body(&format!("{name}Change")), "responses": responses(Some(name))
            }
        }),
    );
    paths.insert(
        format!("/{lower}s/{{id}}"),
        json!({
            "get": {
                "operationId": format!("{lower}_get"), "tags": [tag], "summary": words(random),
                "parameters": [id], "responses": responses(Some(name))
            },
            "put": {
                "operationId": format!("{lower}_update"), "tags": [tag], "summary": words(random),
                "description": words(random), "parameters": [id],
                "requestBody": body(&format!("{name}Change")), "responses": responses(Some(name))
            },
            "delete": {
                "operationId": format!("{lower}_delete"), "tags": [tag], "summary": words(random),
                "parameters": [id], "responses": responses(None)
            }
        }),
    );
}

fn add_schemas(schemas: &mut Map<String, Value>, name: &str, random: &mut Rng) {
    let reference = |schema: &str| json!({"$ref": format!("#/components/schemas/{schema}")});
    let mut members = Map::new();
    for number in 0..random.usize(4..16) {
        let mut schema = match random.usize(0..8) {
            0 => json!({"type": "integer", "format": "int64"}),
            1 => json!({"type": "boolean"}),
            2 => json!({"type": "array", "items": {"type": "string"}}),
            3 => json!({"type": "number"}),
            _ => json!({"type": "string"}),
        };
        schema["description"] = words(random).into();
        members.insert(format!("member{number}Of"), schema);
    }
    members.insert("state".to_owned(), reference(&format!("{name}State")));
    schemas.insert(
        format!("{name}Change"),
        json!({"type": "object", "required": ["state"], "description": words(random), "properties": members}),
    );
    members.insert("id".to_owned(), json!({"type": "string"}));
    schemas.insert(
        name.to_owned(),
        json!({"type": "object", "required": ["id", "state"], "description": words(random), "properties": members}),
    );
    schemas.insert(
        format!("{name}State"),
        json!({"type": "string", "enum": ["active", "paused", "deleted"]}),
    );
    schemas.insert(
        format!("{name}Page"),
        json!({
            "type": "object", "required": ["results"],
            "properties": {"next": {"type": "string"}, "results": {"type": "array", "items": reference(name)}}
        }),
    );
}
