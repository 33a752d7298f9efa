//! The declared response headers of an operation.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::text;
use specmill_openapi::names;

use crate::media::is_json;
use crate::model::{HeaderKind, ResponseHeader};
use crate::parameters::is_header_name;
use crate::resolve::{members, resolve};

/// The declared headers of all responses of an operation. If responses declare a header twice, the first declaration is used;
/// if its types differ, the header is a string.
pub(super) fn of(document: &Value, operation: &Value) -> Vec<ResponseHeader> {
    let mut headers: Vec<ResponseHeader> = Vec::new();
    let mut identifiers = BTreeSet::from(["new".to_owned()]);
    for (_, response) in members(operation, "responses") {
        for (name, header) in members(resolve(document, response), "headers") {
            // OpenAPI ignores a header with this name: the media type determines it.
            if !is_header_name(name) || name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let header = resolve(document, header);
            let kind = kind(document, header);
            let known = headers
                .iter_mut()
                .find(|known| known.name.eq_ignore_ascii_case(name));
            if let Some(known) = known {
                if known.kind != kind {
                    known.kind = HeaderKind::Value("String");
                }
                continue;
            }
            let base = names::field_identifier(name);
            let mut identifier = base.clone();
            let mut number = 2;
            while !identifiers.insert(identifier.clone()) {
                identifier = format!("{}_{number}", base.trim_end_matches('_'));
                number += 1;
            }
            headers.push(ResponseHeader {
                name: name.clone(),
                identifier,
                kind,
                description: text(header, "description").map(str::to_owned),
            });
        }
    }
    headers
}

fn kind(document: &Value, header: &Value) -> HeaderKind {
    let Some(schema) = header.get("schema") else {
        let json = header
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.keys().next())
            .is_some_and(|kind| is_json(kind));
        return if json {
            HeaderKind::Json
        } else {
            HeaderKind::Value("String")
        };
    };
    let schema = resolve(document, schema);
    if text(schema, "type") == Some("array") {
        let items = schema.get("items").unwrap_or(&Value::Null);
        return HeaderKind::List(scalar(resolve(document, items)));
    }
    HeaderKind::Value(scalar(schema))
}

/// The Rust type of a header value that is not encoded.
fn scalar(schema: &Value) -> &'static str {
    let is_unsigned = text(schema, "format") == Some("uint64");
    match text(schema, "type") {
        Some("integer") if is_unsigned => "u64",
        Some("integer") => "i64",
        Some("number") => "f64",
        Some("boolean") => "bool",
        _ => "String",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn headers_of_all_responses_are_read_once() {
        let document = json!({"components": {"headers": {
            "Rate": {"schema": {"type": "integer"}, "description": "What is left."}
        }}});
        let operation = json!({"responses": {
            "200": {"headers": {
                "X-Rate": {"$ref": "#/components/headers/Rate"},
                "X-Ids": {"schema": {"type": "array", "items": {"type": "integer"}}},
                "Content-Type": {"schema": {"type": "string"}},
                "x y": {"schema": {"type": "string"}},
                "New": {"schema": {"type": "boolean"}}
            }},
            "404": {"headers": {
                "x-rate": {"schema": {"type": "string"}},
                "X-More": {"content": {"application/json": {}}}
            }}
        }});
        let found: Vec<_> = of(&document, &operation)
            .into_iter()
            .map(|header| (header.name, header.identifier, header.kind))
            .collect();
        let of =
            |name: &str, identifier: &str, kind| (name.to_owned(), identifier.to_owned(), kind);
        assert_eq!(
            found,
            [
                of("X-Rate", "x_rate", HeaderKind::Value("String")),
                of("X-Ids", "x_ids", HeaderKind::List("i64")),
                of("New", "new_2", HeaderKind::Value("bool")),
                of("X-More", "x_more", HeaderKind::Json),
            ]
        );
    }
}
