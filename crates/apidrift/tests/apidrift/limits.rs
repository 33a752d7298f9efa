//! Limits, each tested at its bound and one beyond.

use apidrift::{Document, MAX_BYTES, render};
use serde_json::{Value, json};

use crate::support::{report, request, wire};

fn read(value: &Value) -> Document {
    Document::from_value(value, "document").unwrap()
}

fn found(old: &Value, new: &Value) -> Vec<String> {
    wire(&apidrift::compare(&read(old), &read(new)))
}

/// An object with the given number of levels, including itself.
fn levels(count: usize) -> String {
    let lists = count - 2;
    format!("{{\"a\": {}1{}}}", "[".repeat(lists), "]".repeat(lists))
}

#[test]
fn a_document_has_at_most_128_levels_in_every_format() {
    let json = |count| Document::parse(&levels(count), "api.json");
    let yaml = |count| Document::parse(&format!("# as YAML\n{}", levels(count)), "api.yaml");
    let value = |count| {
        let mut value = json!(1);
        for _ in 0..count - 2 {
            value = json!([value]);
        }
        Document::from_value(&json!({"a": value}), "value")
    };
    assert!(json(128).is_ok() && yaml(128).is_ok() && value(128).is_ok());
    let refusals = [json(129), yaml(129), value(129)].map(|read| read.unwrap_err().to_string());
    assert!(
        refusals[0].contains("recursion limit exceeded"),
        "{}",
        refusals[0]
    );
    assert!(
        refusals[1]
            .ends_with(": nested deeper than 128 levels; correct the JSON or YAML at this place"),
        "{}",
        refusals[1]
    );
    assert_eq!(
        refusals[2],
        "value: nested deeper than 128 levels; correct the JSON or YAML at this place"
    );
}

#[test]
fn a_document_has_at_most_one_gibibyte() {
    // Zeroed memory that is never written is not committed by the operating system.
    let text = String::from_utf8(vec![0; MAX_BYTES + 1]).unwrap();
    let refusal = |text: &str| Document::parse(text, "api.yaml").unwrap_err().to_string();
    assert_eq!(
        refusal(&text),
        "api.yaml: larger than 1073741824 bytes; split the document or compare parts of it"
    );
    let read = refusal(&text[1..]);
    assert!(
        read.contains("control characters are not allowed"),
        "{read}"
    );
}

/// A document whose parameter and schema are each reached through the given number of references.
fn chained(references: usize, limit: u32) -> Value {
    let chain = |section: &str, end: Value| {
        let mut links: serde_json::Map<String, Value> = (1..references)
            .map(|index| {
                let next = format!("#/components/{section}/L{}", index + 1);
                (format!("L{index}"), json!({"$ref": next}))
            })
            .collect();
        links.insert(format!("L{references}"), end);
        links
    };
    let first = |section: &str| json!({"$ref": format!("#/components/{section}/L1")});
    let schema = json!({"type": "integer", "maximum": limit});
    json!({
        "paths": {"/a": {"get": {
            "parameters": [first("parameters")],
            "requestBody": {"content": {"application/json": {"schema": first("schemas")}}},
        }}},
        "components": {
            "parameters": chain("parameters", json!({"in": "query", "name": "q", "schema": schema})),
            "schemas": chain("schemas", schema),
        },
    })
}

#[test]
fn a_hundred_references_are_followed_and_longer_chains_count_as_circular() {
    assert_eq!(
        found(&chained(100, 9), &chained(100, 8)),
        [
            "request-body-max-decreased: breaking",
            "request-parameter-max-decreased: breaking"
        ]
    );
    assert_eq!(found(&chained(101, 9), &chained(101, 8)), [""; 0]);
}

/// A cycle of `length` schemas, with `values` additional values.
fn circle(length: usize, values: usize) -> Value {
    let schemas: serde_json::Map<String, Value> = (0..length)
        .map(|index| {
            let next = format!("#/components/schemas/S{}", (index + 1) % length);
            let schema = json!({"type": "object", "properties": {"n": {"$ref": next}}});
            (format!("S{index}"), schema)
        })
        .collect();
    let first = json!({"$ref": "#/components/schemas/S0"});
    json!({
        "paths": {"/a": {"get": {"requestBody": {"content": {"application/json": {"schema": first}}}}}},
        "components": {"schemas": schemas},
        "x-values": vec![1; values],
    })
}

#[test]
fn pairs_of_schemas_are_compared_up_to_four_times_the_values_and_a_thousand() {
    fn values(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(values).sum(),
            Value::Object(members) => members.values().map(values).sum(),
            _ => 0,
        }
    }
    // Each schema of one cycle is paired with each of the other; the remaining units are document, operation and body.
    let (one, other) = (101, 105);
    let pairs = one * other + 3;
    let wanted = (pairs - 1000) / 4 - values(&circle(one, 0)) - values(&circle(other, 0));
    assert_eq!(pairs % 4, 0, "the bound cannot be met exactly");
    let incomplete = |values| {
        let found = found(&circle(one, values), &circle(other, 0));
        found
            .iter()
            .filter(|line| line.starts_with("api-not-comparable: unknown"))
            .count()
    };
    assert_eq!(incomplete(wanted), 0);
    assert_eq!(incomplete(wanted - 1), 1);
}

/// A negated schema behind a chain of references that ends in a string type in either notation.
fn negated(references: usize, kind: &Value) -> Value {
    let mut schemas: serde_json::Map<String, Value> = (1..references)
        .map(|index| {
            let next = format!("#/components/schemas/S{}", index + 1);
            (
                format!("S{index}"),
                json!({"type": "object", "properties": {"n": {"$ref": next}}}),
            )
        })
        .collect();
    schemas.insert(format!("S{references}"), json!({"type": kind}));
    let schema = json!({"not": {"$ref": "#/components/schemas/S1"}});
    json!({
        "paths": {"/a": {"get": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn schemas_are_compared_for_equivalence_over_63_references() {
    let found = |references| {
        found(
            &negated(references, &json!("string")),
            &negated(references, &json!(["string"])),
        )
    };
    assert_eq!(found(63), [""; 0]);
    assert_eq!(found(64), ["request-body-not-changed: unknown"]);
}

fn forms(prefix: &str, forms: impl Iterator<Item = String>) -> String {
    let forms: Vec<String> = forms.collect();
    request(&format!("{{{prefix}: [{}]}}", forms.join(", ")))
}

#[test]
fn equivalent_branches_are_found_among_64_pairs() {
    let untyped = |count: usize| {
        forms(
            "oneOf",
            (0..count).map(|index| format!("{{properties: {{a{index}: {{minLength: 1}}}}}}")),
        )
    };
    let typed = |count: usize| {
        forms(
            "oneOf",
            (0..count).rev().map(|index| {
                format!("{{type: object, properties: {{a{index}: {{minLength: 1}}}}}}")
            }),
        )
    };
    assert_eq!(wire(&report(&untyped(8), &typed(8))), [""; 0]);
    let lines = wire(&report(&untyped(9), &typed(8)));
    assert_eq!(lines.len(), 17, "{lines:?}");
}

#[test]
fn changed_branches_are_found_among_10_000_pairs() {
    let limited = |count: usize, limit: usize| {
        forms(
            "anyOf",
            (0..count)
                .map(|index| format!("{{type: integer, minimum: {index}, maximum: {limit}}}")),
        )
    };
    let added = |old: usize, new: usize| {
        let lines = wire(&report(&limited(old, 1000), &limited(new, 2000)));
        lines
            .iter()
            .filter(|line| line.starts_with("request-body-any-of-added"))
            .count()
    };
    assert_eq!(added(100, 100), 0);
    assert_eq!(added(100, 101), 101);
}

#[test]
fn media_types_that_became_wider_are_found_among_10_000_pairs() {
    let body = |count: usize, name: &str| {
        let names: Vec<String> = (0..count)
            .map(|index| format!("'k{index}/{name}': {{}}"))
            .collect();
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{requestBody: {{content: {{{}}}}}}}}}}}\n",
            names.join(", ")
        )
    };
    let removed = |old: usize, new: usize| {
        let lines = wire(&report(&body(old, "x"), &body(new, "*")));
        lines
            .iter()
            .filter(|line| line.starts_with("request-body-media-type-removed"))
            .count()
    };
    assert_eq!(removed(100, 100), 0);
    assert_eq!(removed(101, 100), 101);
}

#[test]
fn a_value_of_300_values_is_shown_and_a_larger_one_by_its_size() {
    let shown = |items: usize| {
        let items = vec!["1"; items].join(", ");
        let changed = report(
            &request("{type: array}"),
            &request(&format!("{{type: array, default: [{items}]}}")),
        );
        changed.changes[0].after.clone().unwrap()
    };
    assert_eq!(shown(299).as_array().map(Vec::len), Some(299));
    assert_eq!(shown(300), json!("… (300 properties)"));
}

/// The given number of operations, which share a parameter with the given limit.
fn shared(operations: usize, limit: u32) -> String {
    let paths: Vec<String> = (0..operations)
        .map(|index| {
            format!(
                "/a{index:03}: {{get: {{parameters: [{{$ref: '#/components/parameters/Q'}}]}}}}"
            )
        })
        .collect();
    format!(
        "openapi: 3.0.0\npaths: {{{}}}\ncomponents: {{parameters: {{Q: {{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}}}}}\n",
        paths.join(", ")
    )
}

#[test]
fn json_lists_100_operations_of_a_change_and_counts_all() {
    let listed = |operations: usize| {
        let output = render::json(&report(&shared(operations, 9), &shared(operations, 8)));
        let output: Value = serde_json::from_str(&output).unwrap();
        let change = &output["changes"][0];
        (
            change["operations"].as_array().unwrap().len(),
            change["operations_total"].clone(),
        )
    };
    assert_eq!(listed(100), (100, json!(100)));
    assert_eq!(listed(101), (100, json!(101)));
}

#[test]
fn the_page_lists_200_operations_of_a_change_and_counts_all() {
    let page =
        |operations: usize| render::html(&report(&shared(operations, 9), &shared(operations, 8)));
    let all = page(200);
    assert_eq!(all.matches("<li>").count(), 200);
    assert!(all.contains("<summary>200 operations</summary>") && !all.contains("more</li>"));
    let more = page(202);
    assert_eq!(more.matches("<li>GET /a").count(), 200);
    assert!(more.contains("<li>… and 2 more</li>"));
}

#[test]
fn a_heading_lists_three_operations_and_counts_the_others() {
    let heading = |operations: usize| {
        let text = render::text(
            &report(&shared(operations, 9), &shared(operations, 8)),
            false,
        );
        text.lines().nth(2).unwrap().to_owned()
    };
    assert_eq!(heading(1), "GET /a000");
    assert_eq!(heading(2), "2 operations: GET /a000, GET /a001");
    assert_eq!(heading(3), "3 operations: GET /a000, GET /a001, GET /a002");
    assert_eq!(
        heading(5),
        "5 operations: GET /a000, GET /a001, GET /a002 and 2 more"
    );
}

#[test]
fn markdown_folds_a_list_of_more_than_20_changes() {
    let document = |count: usize, limit: u32| {
        let parameters: Vec<String> = (0..count)
            .map(|index| {
                format!(
                    "{{in: query, name: q{index}, schema: {{type: integer, maximum: {limit}}}}}"
                )
            })
            .collect();
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{parameters: [{}]}}}}}}\n",
            parameters.join(", ")
        )
    };
    let comment =
        |count: usize| render::markdown(&report(&document(count, 9), &document(count, 8)));
    assert!(comment(20).contains("\n### Breaking on the wire: 20\n"));
    assert!(comment(21).contains("\n<details><summary>Breaking on the wire: 21</summary>\n"));
}

#[test]
fn a_comment_counts_changes_that_do_not_fit_into_65_536_bytes() {
    let document = |count: usize, kind: &str| {
        let paths: Vec<String> = (0..count)
            .map(|index| format!("/a{index}: {{get: {{operationId: get{index}, parameters: [{{in: query, name: q, schema: {{type: {kind}}}}}]}}}}"))
            .collect();
        format!("openapi: 3.0.0\npaths: {{{}}}\n", paths.join(", "))
    };
    let comment = |count: usize| {
        render::markdown(&report(
            &document(count, "integer"),
            &document(count, "boolean"),
        ))
    };
    let told = |comment: &str| comment.matches("\n  breaking on the wire").count();
    let whole = comment(250);
    assert_eq!(told(&whole), 250);
    assert!(!whole.contains("do not fit here"));
    let cut = comment(500);
    let left_out = 500 - told(&cut);
    assert!(cut.contains(&format!(
        "\n… and {left_out} more changes that do not fit here.\n"
    )));
    assert!((64_500..=65_536).contains(&cut.len()), "{}", cut.len());
}
