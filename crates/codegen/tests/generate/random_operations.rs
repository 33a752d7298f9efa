//! Random operations: parameters in every style, bodies and responses of every kind, servers, credentials and lists.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::random::reference;

/// The names of parameters: keywords of Rust, signs, and similar names.
const NAMES: [&str; 8] = [
    "id",
    "type",
    "filter[name]",
    "$top",
    "a-b",
    "a_b",
    "X-Request-Id",
    "größe",
];

/// The security schemes of a document.
pub(crate) fn security_schemes() -> Value {
    json!({
        "header": { "type": "apiKey", "in": "header", "name": "X-Key" },
        "query": { "type": "apiKey", "in": "query", "name": "key" },
        "cookie": { "type": "apiKey", "in": "cookie", "name": "session" },
        "bearer": { "type": "http", "scheme": "bearer" },
        "basic": { "type": "http", "scheme": "basic" },
        "oauth": { "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "https://random.test/token", "scopes": {} } } },
        "digest": { "type": "http", "scheme": "digest" }
    })
}

/// Paths with operations of all kinds, which use the components below an index.
pub(crate) fn paths(count: usize, components: usize) -> BoxedStrategy<Map<String, Value>> {
    let all: Vec<_> = (0..count).map(|index| path(index, components)).collect();
    all.prop_map(|all| all.into_iter().collect()).boxed()
}

fn path(index: usize, components: usize) -> BoxedStrategy<(String, Value)> {
    prop_oneof![
        3 => called(index, components),
        1 => list(index, components),
    ]
    .boxed()
}

/// An operation with parameters, a body and responses.
fn called(index: usize, components: usize) -> BoxedStrategy<(String, Value)> {
    let parameters: Vec<_> = NAMES.iter().map(|name| parameter(name)).collect();
    (
        parameters,
        prop::option::of(body(components)),
        responses(components),
        servers(),
        security(),
        prop::sample::select(vec!["post", "put", "patch"]),
        prop::option::weighted(0.2, Just(json!({
            "name": "Accept", "in": "header", "required": true,
            "schema": { "type": "string", "enum": ["application/json", "application/vnd.random+json"] }
        }))),
    )
        .prop_map(
            move |(parameters, body, responses, servers, security, method, accept)| {
                let parameters: Vec<Value> = parameters.into_iter().flatten().chain(accept).collect();
                let mut path = format!("/called/{index}");
                for parameter in parameters.iter().filter(|one| one["in"] == "path") {
                    path.push_str(&format!("/{{{}}}", parameter["name"].as_str().unwrap()));
                }
                let mut operation = json!({
                    "operationId": format!("called_{index}"),
                    "tags": ["called"],
                    "parameters": parameters,
                    "responses": responses
                });
                for (name, value) in [
                    ("requestBody", body),
                    ("servers", servers),
                    ("security", security),
                ] {
                    if let Some(value) = value {
                        operation[name] = value;
                    }
                }
                (path, json!({ method: operation }))
            },
        )
        .boxed()
}

/// A schema for values that a parameter can encode.
fn parameter_schema() -> BoxedStrategy<Value> {
    let part = || {
        prop::sample::select(vec![
            json!({ "type": "string" }),
            json!({ "type": "string", "enum": ["a", "b c", ""] }),
            json!({ "type": "string", "format": "date-time" }),
            json!({ "type": "integer", "minimum": 1, "maximum": 100 }),
            json!({ "type": "number" }),
            json!({ "type": "boolean" }),
        ])
    };
    let list = part().prop_map(|items| json!({ "type": "array", "items": items }));
    let object = (part(), part()).prop_map(
        |(a, b)| json!({ "type": "object", "required": ["a"], "properties": { "a": a, "b": b } }),
    );
    let deep = object
        .clone()
        .prop_map(|inner| json!({ "type": "object", "properties": { "in": inner } }));
    let map = part().prop_map(|values| json!({ "type": "object", "additionalProperties": values }));
    let either = Just(json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }] }));
    let one_or_many = Just(
        json!({ "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
    );
    prop_oneof![4 => part(), 3 => list, 2 => object, 1 => deep, 1 => map, 1 => either, 1 => one_or_many]
        .boxed()
}

fn parameter(name: &'static str) -> BoxedStrategy<Option<Value>> {
    let styles = vec![
        ("path", "simple"),
        ("path", "label"),
        ("path", "matrix"),
        ("query", "form"),
        ("query", "form"),
        ("query", "spaceDelimited"),
        ("query", "pipeDelimited"),
        ("query", "deepObject"),
        ("header", "simple"),
        ("cookie", "form"),
    ];
    let made = (
        prop::sample::select(styles),
        parameter_schema(),
        any::<[bool; 4]>(),
    )
        .prop_map(
            move |((place, style), schema, [explode, reserved, required, json])| {
                let mut parameter = json!({
                    "name": name, "in": place, "required": required || place == "path",
                    "style": style, "explode": explode, "schema": schema
                });
                if place == "query" && reserved {
                    parameter["allowReserved"] = json!(true);
                }
                if place == "query" && json && style == "form" {
                    let members = parameter.as_object_mut().unwrap();
                    let schema = members.remove("schema");
                    members.remove("style");
                    members.remove("explode");
                    members.insert(
                        "content".into(),
                        json!({ "application/json": { "schema": schema } }),
                    );
                }
                parameter
            },
        );
    prop_oneof![2 => Just(None), 1 => made.prop_map(Some)].boxed()
}

fn component(components: usize) -> impl Strategy<Value = Value> {
    (0..components).prop_map(reference)
}

fn body(components: usize) -> BoxedStrategy<Value> {
    let json = (
        component(components),
        prop::sample::select(vec![
            "application/json",
            "application/json; charset=utf-8",
            "application/merge-patch+json",
            "application/vnd.random.v1+json",
        ]),
    )
        .prop_map(|(schema, kind)| json!({ kind: { "schema": schema } }));
    let fields = json!({
        "type": "object", "required": ["text"],
        "properties": {
            "text": { "type": "string" }, "count": { "type": "integer" },
            "list": { "type": "array", "items": { "type": "string" } },
            "object": { "type": "object", "properties": { "a": { "type": "string" } } }
        }
    });
    let encodings = prop::collection::vec(
        prop::sample::select(vec![
            json!({}),
            json!({ "explode": false }),
            json!({ "style": "deepObject", "explode": true }),
            json!({ "style": "pipeDelimited", "explode": false }),
            json!({ "contentType": "application/json" }),
        ]),
        2,
    );
    let form = encodings.prop_map(move |encodings| {
        json!({ "application/x-www-form-urlencoded": {
            "schema": fields, "encoding": { "list": encodings[0], "object": encodings[1] }
        } })
    });
    let multipart = component(components).prop_map(|schema| {
        let file = json!({ "type": "string", "format": "binary" });
        json!({ "multipart/form-data": {
            "schema": { "type": "object", "required": ["file"], "properties": {
                "file": file, "files": { "type": "array", "items": file }, "part": schema,
                "note": { "type": "string" }
            } },
            "encoding": { "part": { "contentType": "application/json" }, "file": { "contentType": "image/png, image/gif" } }
        } })
    });
    let other = prop::sample::select(vec![
        json!({ "text/plain": { "schema": { "type": "string" } } }),
        json!({ "application/octet-stream": {} }),
        json!({ "image/*": { "schema": { "type": "string", "format": "binary" } } }),
        json!({ "application/xml": { "schema": { "type": "object" } }, "text/csv": {} }),
    ]);
    let content = prop_oneof![3 => json, 2 => form, 2 => multipart, 1 => other];
    (content, any::<bool>())
        .prop_map(|(content, required)| json!({ "required": required, "content": content }))
        .boxed()
}

/// The responses of an operation: one or several successes, with headers, and errors.
fn responses(components: usize) -> BoxedStrategy<Value> {
    let content = prop_oneof![
        4 => component(components).prop_map(|schema| Some(json!({ "application/json": { "schema": schema } }))),
        1 => component(components).prop_map(|schema| Some(json!({ "application/hal+json; charset=utf-8": { "schema": schema } }))),
        1 => component(components).prop_map(|schema| Some(json!({ "application/x-ndjson": { "schema": schema } }))),
        1 => component(components).prop_map(|schema| Some(json!({
            "application/json": { "schema": schema }, "text/event-stream": { "schema": schema }
        }))),
        1 => Just(Some(json!({ "text/plain": { "schema": { "type": "string" } } }))),
        1 => Just(Some(json!({ "application/pdf": {} }))),
        1 => Just(None),
    ];
    let headers = prop::option::of((parameter_schema(), any::<bool>()).prop_map(
        |(schema, required)| json!({ "X-Total": { "schema": schema, "required": required }, "X-Plain": { "schema": { "type": "integer" } } }),
    ));
    let response = (content, headers).prop_map(|(content, headers)| {
        let mut response = json!({ "description": "OK" });
        if let Some(content) = content {
            response["content"] = content;
        }
        if let Some(headers) = headers {
            response["headers"] = headers;
        }
        response
    });
    let statuses =
        prop::sample::subsequence(vec!["200", "201", "202", "204", "2XX", "default"], 1..4);
    (
        statuses,
        prop::collection::vec(response, 4),
        prop::option::of(component(components)),
    )
        .prop_map(|(statuses, responses, error)| {
            let mut all = Map::new();
            for (status, response) in statuses.into_iter().zip(responses) {
                let response = match status {
                    "204" => json!({ "description": "Nothing" }),
                    _ => response,
                };
                all.insert(status.to_owned(), response);
            }
            if let Some(schema) = error {
                let content = json!({ "application/problem+json": { "schema": schema } });
                all.insert(
                    "4XX".into(),
                    json!({ "description": "No", "content": content }),
                );
            }
            Value::Object(all)
        })
        .boxed()
}

fn servers() -> BoxedStrategy<Option<Value>> {
    let some = prop::sample::select(vec![
        json!([{ "url": "https://other.test/v2" }]),
        json!([{ "url": "//scheme-less.test" }]),
        json!([{ "url": "/v3" }]),
        json!([{ "url": "https://{region}.random.test", "variables": { "region": { "default": "eu", "enum": ["eu", "us"] } } }]),
        json!([]),
    ]);
    prop_oneof![3 => Just(None), 1 => some.prop_map(Some)].boxed()
}

fn security() -> BoxedStrategy<Option<Value>> {
    let some = prop::sample::select(vec![
        json!([]),
        json!([{}]),
        json!([{ "header": [] }]),
        json!([{ "query": [] }, { "cookie": [] }]),
        json!([{ "header": [], "basic": [] }]),
        json!([{ "bearer": [] }, {}]),
        json!([{ "oauth": ["read"] }]),
        json!([{ "digest": [] }]),
    ]);
    prop_oneof![1 => Just(None), 2 => some.prop_map(Some)].boxed()
}

/// A list of each kind: by cursor, last item, page, offset, URL or `Link` header, and by extensions.
fn list(index: usize, components: usize) -> BoxedStrategy<(String, Value)> {
    (0..10_usize, component(components))
        .prop_map(move |(kind, item)| {
            let query = |name: &str, kind: &str| json!({ "name": name, "in": "query", "schema": { "type": kind } });
            let items = json!({ "type": "array", "items": item });
            let object = |properties: Value| json!({ "type": "object", "properties": properties });
            let identified = json!({ "type": "array", "items": {
                "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "of": item }
            } });
            let text = json!({ "type": "string" });
            let extension = match kind {
                7 => Some(("x-paging", json!({ "kind": "cursor", "parameter": "from_here", "next": "there", "items": "those" }))),
                8 => Some(("x-ms-pageable", json!({ "nextLinkName": "there", "itemName": "those" }))),
                9 => Some(("x-speakeasy-pagination", json!({
                    "type": "offsetLimit", "inputs": [{ "name": "page", "in": "parameters", "type": "page" }],
                    "outputs": { "results": "$.those" }
                }))),
                _ => None,
            };
            let (parameters, schema) = match kind {
                7 | 8 => (
                    vec![query("from_here", "string")],
                    object(json!({ "those": items, "there": text })),
                ),
                9 => (vec![query("page", "integer")], object(json!({ "those": items }))),
                0 => (
                    vec![query("cursor", "string")],
                    object(json!({ "data": items, "next_cursor": text })),
                ),
                1 => (
                    vec![query("starting_after", "string"), query("limit", "integer")],
                    object(json!({ "data": identified, "has_more": { "type": "boolean" } })),
                ),
                2 => (
                    vec![query("page", "integer"), query("per_page", "integer")],
                    object(json!({ "items": items, "total_pages": { "type": "integer" } })),
                ),
                3 => (
                    vec![query("offset", "integer"), query("limit", "integer")],
                    object(json!({ "results": items, "total": { "type": "integer" } })),
                ),
                4 => (
                    vec![query("page", "integer"), query("per_page", "integer")],
                    items,
                ),
                5 => (
                    vec![query("page_token", "string")],
                    object(json!({ "meta": object(json!({ "next_page_token": text })), "data": items })),
                ),
                _ => (
                    vec![query("after", "string")],
                    object(json!({ "data": items, "links": object(json!({ "next": { "type": "string", "format": "uri" } })) })),
                ),
            };
            let mut response = json!({
                "description": "OK", "content": { "application/json": { "schema": schema } }
            });
            if kind == 4 {
                response["headers"] = json!({ "Link": { "schema": text } });
            }
            let mut operation = json!({
                "operationId": format!("list_{index}"), "tags": ["lists"], "parameters": parameters,
                "responses": { "200": response }
            });
            if let Some((name, paging)) = extension {
                operation[name] = paging;
            }
            (format!("/lists/{index}"), json!({ "get": operation }))
        })
        .boxed()
}
