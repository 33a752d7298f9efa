//! Which documents are parsed, and how others are rejected.

use apidrift::Document;

use crate::support::{document, report, wire};

fn refusal(text: &str) -> String {
    Document::parse(text, "api.yaml").unwrap_err().to_string()
}

#[test]
fn an_error_contains_location_problem_and_remedy() {
    assert_eq!(
        refusal("{\"openapi\": \"3.0.0\",\n \"paths\": ]}"),
        "api.yaml:2:11: expected value; correct the JSON or YAML at this place"
    );
    assert_eq!(
        refusal("[1, 2]"),
        "api.yaml: this is not an OpenAPI document: its root is not an object; \
         give a file that starts with `openapi: 3…`"
    );
    assert_eq!(
        refusal("swagger: '2.0'"),
        "api.yaml: this is a Swagger 2 document, which is not compared; convert it to OpenAPI 3 first"
    );
}

#[test]
fn depth_is_bounded() {
    let deep = |open: &str, close: &str| {
        format!("{{\"a\": {}1{}}}", open.repeat(5000), close.repeat(5000))
    };
    assert!(refusal(&deep("[", "]")).contains("recursion limit"));
    assert!(refusal(&format!("a: {}", "[".repeat(5000))).contains("api.yaml"));
}

#[test]
fn json_and_yaml_mean_the_same() {
    let yaml = "openapi: 3.0.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {description: d}\n";
    let json = r#"{"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {"200": {"description": "d"}}}}}}"#;
    assert!(report(yaml, json).changes.is_empty());
}

#[test]
fn yaml_anchors_merge_keys_and_tags_are_read() {
    let with = "openapi: 3.0.0
x-base: &base {type: string, maxLength: 5}
components: {schemas: {A: {<<: *base, maxLength: 9}, B: !mine {type: string}}}
";
    let without = "openapi: 3.0.0
x-base: 1
components: {schemas: {A: {type: string, maxLength: 9}, B: {type: string}}}
";
    assert!(report(with, without).changes.is_empty());
}

#[test]
fn a_parsed_value_is_accepted() {
    let value = serde_json::json!({"openapi": "3.0.0", "paths": {"/a": {"get": {}}}});
    let old = Document::from_value(&value, "value").unwrap();
    let report = apidrift::compare(&old, &document("openapi: 3.0.0\npaths: {}\n"));
    assert_eq!(
        wire(&report),
        ["api-path-removed-without-deprecation: breaking"]
    );
}

#[test]
fn long_chains_of_references_do_not_deepen_the_stack() {
    let chain = |kind: &str| {
        let links: Vec<String> = (0..20_000)
            .map(|index| format!("\"S{index}\": {{\"type\": \"object\", \"properties\": {{\"n\": {{\"$ref\": \"#/components/schemas/S{}\"}}}}}}", index + 1))
            .collect();
        format!(
            "{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a\": {{\"get\": {{\"responses\": {{\"200\": {{\"content\": {{\"application/json\": \
             {{\"schema\": {{\"$ref\": \"#/components/schemas/S0\"}}}}}}}}}}}}}}}}, \"components\": {{\"schemas\": {{{}, \"S20000\": {{\"type\": \"{kind}\"}}}}}}}}",
            links.join(",")
        )
    };
    assert_eq!(
        wire(&report(&chain("string"), &chain("integer"))),
        ["response-property-type-changed: breaking"]
    );
}

#[test]
fn cycles_of_different_lengths_terminate() {
    let circle = |length: usize| {
        let links: Vec<String> = (0..length)
            .map(|index| format!("S{index}: {{type: object, properties: {{n: {{$ref: '#/components/schemas/S{}'}}}}}}", (index + 1) % length))
            .collect();
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/S0'}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{{}}}}}\n",
            links.join(", ")
        )
    };
    // The product of the two cycles has 101 × 103 pairs, which differ only by name.
    let found = report(&circle(101), &circle(103));
    assert!(
        found
            .changes
            .iter()
            .all(|change| change.wire != apidrift::Verdict::Breaking)
    );
}

#[test]
fn circular_references_are_ignored() {
    let circle = "openapi: 3.0.0
paths: {/a: {get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
components: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {allOf: [{$ref: '#/components/schemas/A'}]}}}
";
    assert!(
        report(circle, &format!("{circle}x-made: 1\n"))
            .changes
            .is_empty()
    );
}

/// Lists far longer than real ones, and nested unions: the time must be linear in the size.
#[test]
fn hostile_documents_terminate() {
    let long = |prefix: &str| {
        let parameters: Vec<String> = (0..5_000)
            .map(|index| format!("{{\"in\": \"query\", \"name\": \"{prefix}{index}\"}}"))
            .collect();
        let forms: Vec<String> = (0..5_000)
            .map(|index| format!("{{\"const\": {{\"{prefix}\": {index}}}, \"minimum\": 1}}"))
            .collect();
        let media: Vec<String> = (0..5_000)
            .map(|index| format!("\"text/{prefix}{index}\": {{}}"))
            .collect();
        format!(
            "{{\"paths\": {{\"/a\": {{\"post\": {{\"parameters\": [{}], \"requestBody\": {{\"content\": {{\"application/json\": \
             {{\"schema\": {{\"anyOf\": [{}]}}}}, {}}}}}}}}}}}}}",
            parameters.join(","),
            forms.join(","),
            media.join(",")
        )
    };
    assert!(report(&long("a"), &long("b")).changes.len() >= 20_000);

    let nested = |leaf: &str| {
        let mut schema = leaf.to_owned();
        for depth in 0..12 {
            schema = format!(
                "{{anyOf: [{{title: a{depth}{leaf_len}, not: {{}}}}, {schema}, {{allOf: [{schema}, {{minimum: {depth}}}]}}]}}",
                leaf_len = leaf.len()
            );
            if schema.len() > 10_000 {
                break;
            }
        }
        crate::support::request(&schema)
    };
    assert!(
        !report(&nested("{type: string}"), &nested("{type: integer}"))
            .changes
            .is_empty()
    );
}
