//! No input causes a panic or an endless loop.

use apidrift::{Document, compare, render};
use proptest::prelude::*;
use serde_json::{Value, json};

const NAMES: &[&str] = &[
    "openapi",
    "paths",
    "/a",
    "/a/{b}",
    "get",
    "post",
    "parameters",
    "in",
    "name",
    "schema",
    "content",
    "application/json",
    "requestBody",
    "responses",
    "200",
    "default",
    "headers",
    "components",
    "schemas",
    "A",
    "B",
    "$ref",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "additionalProperties",
    "nullable",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "pattern",
    "discriminator",
    "mapping",
    "propertyName",
    "security",
    "securitySchemes",
    "flows",
    "scopes",
    "tags",
    "servers",
    "url",
    "callbacks",
    "webhooks",
    "x-sunset",
    "deprecated",
    "x-stability-level",
    "dependentRequired",
    "prefixItems",
    "if",
    "then",
    "$defs",
    "$anchor",
    "operationId",
    "encoding",
];

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "#/components/schemas/A",
            "#/components/schemas/B",
            "#/paths/~1a",
            "#",
            "#/",
            "other.yaml#/A",
            "#A",
            "object",
            "string",
            "array",
            "null",
            "integer",
            "query",
            "path",
            "header",
            "a",
            "",
            "2030-01-01",
            "alpha",
            "{b",
            "%zz",
        ])
        .prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 80, 6, |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            4 => proptest::collection::btree_map(proptest::sample::select(NAMES), inner, 0..7)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// Arbitrary values at the locations where a document has its parts.
fn document() -> impl Strategy<Value = Value> {
    (anything(), anything(), anything(), anything(), anything()).prop_map(
        |(item, operation, schema, other, root)| {
            let mut document = json!({
                "openapi": "3.1.0",
                "paths": {"/a": item, "/a/{b}": {"get": operation, "parameters": other}},
                "components": {"schemas": {"A": schema, "B": other}},
            });
            if let (Value::Object(document), Value::Object(root)) = (&mut document, root) {
                document.extend(root.into_iter().filter(|(name, _)| name != "swagger"));
            }
            document
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_is_compared_and_rendered(one in document(), two in document()) {
        let read = |value: &Value| Document::from_value(value, "any").unwrap();
        let (one, two) = (read(&one), read(&two));
        let report = compare(&one, &two);
        for output in [render::text(&report, true), render::markdown(&report), render::github(&report, None), render::html(&report)] {
            prop_assert!(!output.is_empty());
        }
        prop_assert!(serde_json::from_str::<Value>(&render::json(&report)).is_ok());
    }

    #[test]
    fn any_document_equals_itself(one in document()) {
        let mut other = one.clone();
        other["x-other"] = json!(1);
        let read = |value: &Value| Document::from_value(value, "any").unwrap();
        let report = compare(&read(&one), &read(&other));
        // The target of a reference to another file is unknown, so such references are always reported.
        let told = report.changes.iter().filter(|change| !change.rule.id().ends_with("not-comparable"));
        let rules: Vec<_> = told.map(|change| (change.rule.id(), &change.pointer)).collect();
        prop_assert!(rules.is_empty(), "{rules:?}");
    }

    #[test]
    fn any_text_is_parsed_or_rejected(text in ".{0,200}") {
        let _ = Document::parse(&text, "any");
    }
}
