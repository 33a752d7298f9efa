//! Documents of `OpenAPI` 3.1 are converted to 3.0.

use serde_json::{Value, json};

use specmill_scratch::{changes_of, document, normalised, refused};

/// A 3.1 document with the schema `X` and one that it may reference.
fn given(schema: Value) -> Value {
    let mut document = document(
        json!({"/x": {"get": {"operationId": "x", "responses": {"200": {"description": "OK"}}}}}),
        json!({"X": schema, "Other": {"type": "string"}}),
    );
    document["openapi"] = json!("3.1.0");
    document
}

/// The converted schema.
fn becomes(schema: Value) -> Value {
    normalised(&given(schema)).document["components"]["schemas"]["X"].clone()
}

/// The values that a schema additionally accepts after the conversion.
fn widenings(schema: Value) -> Vec<String> {
    let changes = changes_of(&normalised(&given(schema)), "to_version_3_0");
    changes
        .into_iter()
        .filter(|change| change.contains("less strict"))
        .collect()
}

const OTHER: &str = "#/components/schemas/Other";

#[test]
fn the_version_is_that_of_3_0() {
    assert_eq!(normalised(&given(json!({}))).document["openapi"], "3.0.3");
}

#[test]
fn a_document_of_3_0_keeps_its_version_and_its_schemas() {
    let mut document = given(json!({"type": "string", "nullable": true, "examples": 1}));
    document["openapi"] = json!("3.0.1");
    let normalised = normalised(&document);
    assert_eq!(normalised.document["openapi"], "3.0.1");
    assert_eq!(normalised.document["components"], document["components"]);
}

#[test]
fn null_among_the_types_becomes_nullable() {
    assert_eq!(
        becomes(json!({"type": ["string", "null"]})),
        json!({"type": "string", "nullable": true})
    );
    assert_eq!(
        becomes(json!({"type": ["string"]})),
        json!({"type": "string"})
    );
    assert_eq!(
        becomes(json!({"type": "null"})),
        json!({"nullable": true, "enum": [null]})
    );
    assert_eq!(
        becomes(json!({"type": ["null"]})),
        json!({"nullable": true, "enum": [null]})
    );
}

#[test]
fn several_types_become_any_of_with_the_keywords_of_each() {
    let schema = json!({
        "type": ["string", "integer", "array", "null"],
        "description": "Any",
        "minLength": 1,
        "exclusiveMinimum": 0,
        "format": "int64",
        "items": {"type": "string"}
    });
    let expected = json!({
        "description": "Any",
        "nullable": true,
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "integer", "minimum": 0, "exclusiveMinimum": true, "format": "int64"},
            {"type": "array", "items": {"type": "string"}}
        ]
    });
    assert_eq!(becomes(schema), expected);
}

#[test]
fn several_types_and_any_of_both_apply() {
    let schema = json!({"type": ["string", "integer"], "anyOf": [{"enum": ["a"]}, {"enum": [1]}]});
    let expected = json!({
        "anyOf": [{"enum": ["a"]}, {"enum": [1]}],
        "allOf": [{"anyOf": [{"type": "string"}, {"type": "integer"}]}]
    });
    assert_eq!(becomes(schema), expected);
}

#[test]
fn null_as_a_branch_becomes_nullable() {
    for keyword in ["anyOf", "oneOf"] {
        let schema = json!({keyword: [{"type": "string", "maxLength": 3}, {"type": "null"}], "description": "Text"});
        let expected =
            json!({"description": "Text", "nullable": true, "type": "string", "maxLength": 3});
        assert_eq!(becomes(schema), expected);
        let schema =
            json!({keyword: [{"type": "string"}, {"type": "array", "items": {}}, {"const": null}]});
        let expected = json!({keyword: [{"type": "string", "nullable": true}, {"type": "array", "items": {}}]});
        assert_eq!(becomes(schema), expected);
        let schema = json!({keyword: [{"$ref": OTHER}, {"type": "null"}]});
        assert_eq!(
            becomes(schema),
            json!({"nullable": true, "allOf": [{"$ref": OTHER}]})
        );
        assert_eq!(
            becomes(json!({keyword: [{"type": "null"}]})),
            json!({"nullable": true, "enum": [null]})
        );
    }
}

#[test]
fn an_unchanged_branch_keeps_everything_beside_its_siblings() {
    let schema = json!({
        "properties": {"a": {"type": "string"}},
        "anyOf": [{"properties": {"b": {"type": "string"}}}, {"type": "null"}],
        "allOf": [{"$ref": OTHER}]
    });
    let expected = json!({
        "properties": {"a": {"type": "string"}},
        "nullable": true,
        "allOf": [{"properties": {"b": {"type": "string"}}}, {"$ref": OTHER}]
    });
    assert_eq!(becomes(schema), expected);
}

#[test]
fn a_constant_becomes_an_enum_of_one_value() {
    assert_eq!(becomes(json!({"const": "a"})), json!({"enum": ["a"]}));
    assert_eq!(
        becomes(json!({"type": "integer", "const": 0})),
        json!({"type": "integer", "enum": [0]})
    );
}

#[test]
fn exclusive_bounds_become_flags() {
    assert_eq!(
        becomes(json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5})),
        json!({"type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": 1.5, "exclusiveMaximum": true})
    );
}

#[test]
fn of_two_bounds_the_stricter_one_is_kept() {
    let cases = [
        (
            json!({"minimum": 5, "exclusiveMinimum": 3}),
            json!({"minimum": 5}),
        ),
        (
            json!({"minimum": 3, "exclusiveMinimum": 5}),
            json!({"minimum": 5, "exclusiveMinimum": true}),
        ),
        (
            json!({"minimum": 5, "exclusiveMinimum": 5}),
            json!({"minimum": 5, "exclusiveMinimum": true}),
        ),
        (
            json!({"maximum": 5, "exclusiveMaximum": 7}),
            json!({"maximum": 5}),
        ),
        (
            json!({"maximum": 7, "exclusiveMaximum": 5}),
            json!({"maximum": 5, "exclusiveMaximum": true}),
        ),
    ];
    for (schema, expected) in cases {
        assert_eq!(becomes(schema), expected);
    }
}

#[test]
fn a_reference_with_siblings_is_wrapped() {
    assert_eq!(
        becomes(json!({"$ref": OTHER, "description": "Mine"})),
        json!({"description": "Mine", "allOf": [{"$ref": OTHER}]})
    );
    assert_eq!(becomes(json!({"$ref": OTHER})), json!({"$ref": OTHER}));
}

#[test]
fn the_first_example_is_the_example() {
    assert_eq!(
        becomes(json!({"examples": ["a", "b"]})),
        json!({"example": "a"})
    );
    assert_eq!(becomes(json!({"examples": []})), json!({}));
}

#[test]
fn encodings_become_formats() {
    assert_eq!(
        becomes(json!({"type": "string", "contentEncoding": "base64"})),
        json!({"type": "string", "format": "byte"})
    );
    let binary = json!({"type": "string", "contentMediaType": "application/octet-stream"});
    assert_eq!(
        becomes(binary),
        json!({"type": "string", "format": "binary"})
    );
    assert_eq!(
        becomes(json!({"type": "string", "contentMediaType": "text/html"})),
        json!({"type": "string"})
    );
}

#[test]
fn boolean_schemas_are_converted() {
    assert_eq!(
        becomes(json!({"properties": {"any": true, "none": false}, "additionalProperties": false})),
        json!({"properties": {"any": {}, "none": {"not": {}}}, "additionalProperties": false})
    );
}

#[test]
fn a_tuple_becomes_an_array_of_any_of_its_items() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    let items = |mut tuple: Value| {
        tuple["type"] = json!("array");
        becomes(tuple)["items"].clone()
    };
    let either = json!({"anyOf": [text, number]});
    let closed = json!({"prefixItems": [text, number, text], "items": false});
    assert_eq!(items(closed), either);
    let bounded = json!({"prefixItems": [text, text], "maxItems": 2});
    assert_eq!(items(bounded), text);
    assert_eq!(
        items(json!({"prefixItems": [text], "items": number})),
        either
    );
    assert_eq!(
        items(json!({"prefixItems": [text], "unevaluatedItems": false})),
        text
    );
    // Items after those of the tuple may have any type.
    let open = items(json!({"prefixItems": [text]}));
    let reason = "3.0 has no `prefixItems`, and other values are allowed";
    assert_eq!(open, json!({"x-fallback-reason": reason}));

    let tuple = json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false});
    assert_eq!(
        widenings(tuple),
        ["/components/schemas/X: less strict: 3.0 has no `prefixItems`"]
    );
}

#[test]
fn pattern_properties_become_additional_properties() {
    let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
    let additional = |schema: Value| becomes(schema)["additionalProperties"].clone();
    let patterns = json!({"^x-": text, "^y-": text});
    let closed = json!({"patternProperties": patterns, "additionalProperties": false});
    assert_eq!(additional(closed), text);
    let others = json!({"patternProperties": patterns, "additionalProperties": number});
    assert_eq!(additional(others), json!({"anyOf": [text, number]}));
    assert_eq!(additional(json!({"unevaluatedProperties": number})), number);
    for all in ["^.*$", ".+", ""] {
        assert_eq!(
            additional(json!({"patternProperties": {all: number}})),
            number,
            "{all}"
        );
    }
    let open = additional(json!({"patternProperties": patterns}));
    let reason = "3.0 has no `patternProperties`, and other values are allowed";
    assert_eq!(open, json!({"x-fallback-reason": reason}));
    // The other parts may declare the properties.
    let part =
        json!({"allOf": [{"$ref": "#/components/schemas/X"}], "unevaluatedProperties": number});
    assert_eq!(additional(part), Value::Null);
}

#[test]
fn constructs_that_3_0_cannot_express_are_dropped_and_listed() {
    for keyword in [
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "dependentSchemas",
        "unevaluatedProperties",
    ] {
        let schema = json!({"type": "object", keyword: {}});
        assert_eq!(
            becomes(schema.clone()),
            json!({"type": "object"}),
            "{keyword}"
        );
        assert_eq!(
            widenings(schema),
            [format!(
                "/components/schemas/X: less strict: 3.0 has no `{keyword}`"
            )]
        );
    }
    assert_eq!(
        becomes(json!({"$comment": "c", "$id": "i", "$schema": "s", "$anchor": "a"})),
        json!({})
    );
}

#[test]
fn dropped_keywords_make_no_schema_stricter() {
    // Properties that a pattern allowed are not rejected as additional.
    assert_eq!(
        becomes(json!({"patternProperties": {"^x-": {}}, "additionalProperties": false})),
        json!({"additionalProperties": {}})
    );
    // The set of rejected values does not grow.
    assert_eq!(
        becomes(json!({"not": {"contains": {"const": 1}}})),
        json!({})
    );
    assert_eq!(
        becomes(json!({"not": {"const": 1}})),
        json!({"not": {"enum": [1]}})
    );
    // A value that matches two branches after the conversion is not rejected.
    assert_eq!(
        becomes(json!({"oneOf": [{"propertyNames": {"maxLength": 1}}, {"type": "object"}]})),
        json!({"anyOf": [{}, {"type": "object"}]})
    );
}

#[test]
fn a_property_may_be_named_like_a_keyword() {
    assert_eq!(
        becomes(json!({"properties": {"$defs": {"type": "null"}}}))["properties"]["$defs"]["nullable"],
        true
    );
}

#[test]
fn keywords_of_3_1_outside_schemas_are_dropped_and_listed() {
    let mut document = given(json!({}));
    document["jsonSchemaDialect"] = json!("https://json-schema.org/draft/2020-12/schema");
    document["webhooks"] = json!({});
    document["info"]["summary"] = json!("Acme");
    document["info"]["license"] = json!({"name": "MIT", "identifier": "MIT"});
    let normalised = normalised(&document);
    assert_eq!(
        changes_of(&normalised, "to_version_3_0"),
        [
            "/jsonSchemaDialect: removed: 3.0 has no `jsonSchemaDialect`",
            "/webhooks: moved to `x-webhooks`: 3.0 has no `webhooks`",
            "/info/summary: removed: 3.0 has no `summary`",
            "/info/license/identifier: removed: 3.0 has no `identifier`",
        ]
    );
    assert_eq!(
        normalised.document["info"],
        json!({"title": "Acme", "version": "1", "license": {"name": "MIT"}})
    );
}

#[test]
fn a_referenced_path_item_is_inlined() {
    let mut document = given(json!({}));
    let get = json!({"operationId": "y", "responses": {"200": {"description": "OK"}}});
    document["paths"]["/y"] = json!({"$ref": "#/components/pathItems/Y", "summary": "Mine"});
    document["components"]["pathItems"] = json!({"Y": {"get": get, "summary": "Theirs"}});
    let normalised = normalised(&document);
    assert_eq!(
        normalised.document["paths"]["/y"],
        json!({"summary": "Mine", "get": get})
    );
    assert!(normalised.document["components"].get("pathItems").is_none());
    assert_eq!(changes_of(&normalised, "inline_path_items").len(), 2);
}

#[test]
fn a_parameter_does_not_accept_null() {
    let mut document = given(json!({}));
    let schema = json!({"type": ["string", "null"], "enum": ["a", null], "default": null});
    let body = json!({"type": "object", "properties": {"parameters": {"properties": {"schema": {"type": ["string", "null"]}}}}});
    document["paths"]["/x"]["post"] = json!({
        "operationId": "y",
        "parameters": [{"name": "a", "in": "query", "schema": schema}],
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": "OK"}}
    });
    document["components"]["parameters"] =
        json!({"P": {"name": "p", "in": "header", "schema": {"type": ["integer", "null"]}}});
    let normalised = normalised(&document);
    let operation = &normalised.document["paths"]["/x"]["post"];
    assert_eq!(
        operation["parameters"][0]["schema"],
        json!({"type": "string", "enum": ["a"]})
    );
    assert_eq!(
        normalised.document["components"]["parameters"]["P"]["schema"],
        json!({"type": "integer"})
    );
    // A property of a body may be `null`, whatever its name.
    let property = "/requestBody/content/application~1json/schema/properties/parameters/properties/schema/nullable";
    assert_eq!(operation.pointer(property), Some(&json!(true)));
    assert_eq!(changes_of(&normalised, "parameters_take_no_null").len(), 2);
}

#[test]
fn other_versions_are_refused() {
    for (version, found) in [
        (json!("4.0.0"), "`openapi` is `4.0.0`"),
        (json!("3.10.0"), "`openapi` is `3.10.0`"),
        (json!("2.0"), "`openapi` is `2.0`"),
        (json!([]), "there is no property `openapi`"),
    ] {
        let mut document = given(json!({}));
        document["openapi"] = version;
        let error = refused(&document);
        assert_eq!(
            error.message(),
            format!("this is not a document of OpenAPI 3.0, 3.1 or 3.2: {found}")
        );
    }
    let error = refused(&json!({"swagger": "1.2", "paths": {}}));
    assert_eq!(
        error.message(),
        "the document's Swagger version is older than 2.0"
    );
}

#[test]
fn a_version_may_be_a_number() {
    for version in [json!(3.0), json!(3.1)] {
        let mut document = given(json!({}));
        document["openapi"] = version;
        assert_eq!(normalised(&document).document["openapi"], "3.0.3");
    }
}

#[test]
fn a_document_of_3_2_is_read_like_one_of_3_1() {
    let mut document = given(json!({"type": ["string", "null"]}));
    document["openapi"] = json!("3.2.0");
    document["$self"] = json!("https://acme.test/openapi.json");
    document["paths"]["/events"] = json!({
        "get": {"operationId": "events", "responses": {"200": {"description": "OK", "content": {
            "text/event-stream": {"itemSchema": {"type": "object"}}
        }}}},
        "query": {"operationId": "search", "responses": {}},
        "additionalOperations": {"COPY": {"operationId": "copy", "responses": {}}}
    });
    let normalised = normalised(&document).document;
    assert_eq!(normalised["openapi"], "3.0.3");
    assert_eq!(normalised.get("$self"), None);
    assert_eq!(
        normalised["components"]["schemas"]["X"],
        json!({"type": "string", "nullable": true})
    );
    let events = &normalised["paths"]["/events"];
    assert_eq!(
        events["get"]["responses"]["200"]["content"]["text/event-stream"],
        json!({"schema": {"type": "object"}})
    );
    let reason = "OpenAPI 3.0 has no operations of its method";
    assert_eq!(
        events["x-skipped-operations"],
        json!({"QUERY": reason, "COPY": reason})
    );
    assert_eq!(events.as_object().unwrap().len(), 2);
}
