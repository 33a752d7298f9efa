//! No document causes a panic or an endless loop.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use specmill_scratch::Workspace;

/// Names with and without a meaning in documents.
fn name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "$ref",
        "$defs",
        "type",
        "properties",
        "items",
        "enum",
        "const",
        "default",
        "nullable",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "additionalProperties",
        "exclusiveMinimum",
        "minimum",
        "examples",
        "example",
        "description",
        "required",
        "parameters",
        "schema",
        "content",
        "application/json",
        "responses",
        "200",
        "400",
        "operationId",
        "get",
        "post",
        "name",
        "in",
        "tags",
        "links",
        "callbacks",
        "x-paging",
        "kind",
        "discriminator",
        "mapping",
        "headers",
        "required",
        "components",
        "schemas",
        "pathItems",
        "paths",
        "/users",
        "User",
        "UserAPI.User",
        "prefixItems",
        "if",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,8}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        name().prop_map(Value::from),
        Just(json!("#/components/schemas/User")),
        Just(json!("#/components/schemas/UserAPI.User/properties/items")),
        Just(json!("#/paths/~1users")),
        Just(json!("#")),
        Just(json!("null")),
        Just(json!(["string", "null"])),
    ];
    leaf.prop_recursive(6, 80, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((name(), inner), 0..6)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// Arbitrary JSON within the skeleton of a document, so that later steps process it.
fn document() -> impl Strategy<Value = Value> {
    let version = prop::sample::select(vec!["3.0.3", "3.1.0"]);
    let frame = (version, value(), value(), value(), value(), value());
    frame.prop_map(|(version, parameter, schema, other, responses, more)| {
        let mut document = json!({
            "openapi": version,
            "info": {"title": "Acme", "version": "1"},
            "paths": {"/users": {"get": {
                "operationId": "user#list",
                "parameters": [{"name": "cursor", "in": "query", "schema": parameter}],
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}, "400": responses}
            }}},
            "components": {"schemas": {"UserAPI.User": other, "Error": schema}}
        });
        if let (Some(members), Value::Object(more)) = (document.as_object_mut(), more) {
            members.extend(more);
        }
        document
    })
}

const SETTINGS: &str = "error-schema = \"Error\"\n[paging]\ncursor = \"cursor\"\nnext = \"next\"\nitems = \"results\"\n";

/// Normalises twice: the result must be valid, and the second run must not change it.
fn survives(workspace: &Workspace, text: &str) {
    workspace.write("specs/acme/spec.json", text);
    if let Ok(first) = workspace.normalise() {
        workspace.write("specs/acme/spec.json", &first.document.to_string());
        let _ = workspace.normalise();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_normalised_or_refused(value in value()) {
        survives(&Workspace::with_settings(SETTINGS), &value.to_string());
    }

    #[test]
    fn any_document_is_normalised_or_refused(document in document()) {
        survives(&Workspace::with_settings(SETTINGS), &document.to_string());
    }

    #[test]
    fn any_text_is_a_document_or_refused(text in "\\PC{0,200}|[\\[{\":,}\\]a-z0-9 \n-]{0,200}") {
        let workspace = Workspace::with_settings(SETTINGS);
        survives(&workspace, &text);
        workspace.remove("specs/acme/spec.json");
        workspace.write("specs/acme/spec.yaml", &text);
        let _ = workspace.normalise();
    }

    #[test]
    fn any_overlay_is_applied_or_refused(target in "\\$(\\.\\.?[a-z*]{1,6}|\\[[0-9?@*'a-z-]{1,5}\\]){0,3}", update in value()) {
        let workspace = Workspace::new();
        workspace.write("specs/acme/spec.json", &json!({"openapi": "3.0.3", "info": {}, "paths": {"/a": {"get": {}}}}).to_string());
        for action in [json!({"target": target, "description": "d", "update": update}), json!({"target": target, "description": "d", "remove": true})] {
            let overlay = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "v"}, "actions": [action]});
            workspace.write("specs/acme/overlay.yaml", &overlay.to_string());
            let _ = workspace.normalise();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn escaping_any_text_is_idempotent(text in "[\\[\\]<>()`~\\\\ \n\ra-c사./:h-]{0,30}|(https?://[a-c<>\\[\\]().`]{0,8}|[ `\n<>-]){0,8}|\\PC{0,30}") {
        let once = specmill_openapi::markdown::escape(&text);
        prop_assert_eq!(specmill_openapi::markdown::escape(&once), once);
    }

    #[test]
    fn any_name_results_in_stable_names(name in "\\PC{0,20}|[a-zA-Z0-9_.# /-]{0,20}") {
        use specmill_openapi::names;
        let operation = names::operation_name(&name);
        // Some uppercase letters have no lowercase form.
        if !operation.contains(char::is_uppercase) {
            prop_assert_eq!(names::operation_name(&operation), operation.clone());
        }
        prop_assert!(operation.chars().all(|c| c == '_' || c.is_alphanumeric()), "{}", operation);
        let schema = names::schema_name(&name, Some("API"));
        prop_assert!(schema.chars().all(char::is_alphanumeric), "{}", schema);
        for identifier in [names::field_identifier(&name), names::type_identifier(&name)] {
            prop_assert!(syn::parse_str::<syn::Ident>(&identifier).is_ok(), "{}", identifier);
        }
    }
}

#[test]
fn nesting_beyond_the_limit_is_refused() {
    let workspace = Workspace::new();
    for (file, text) in [
        (
            "spec.json",
            format!("{}{}", r#"{"a":"#.repeat(200_000), "}".repeat(200_000)),
        ),
        ("spec.yaml", "[".repeat(200_000)),
    ] {
        workspace.write(&format!("specs/acme/{file}"), &text);
        let error = workspace.normalise().unwrap_err().to_string();
        assert!(error.starts_with("error: this is not valid "), "{error}");
        workspace.remove(&format!("specs/acme/{file}"));
    }
}

#[test]
fn a_large_document_is_normalised_in_linear_time() {
    let mut schemas = Map::new();
    for number in 0..3000 {
        let next = format!("#/components/schemas/S{}", (number + 1) % 3000);
        schemas.insert(
            format!("S{number}"),
            json!({"type": "object", "properties": {"next": {"$ref": next}}}),
        );
    }
    let mut paths = Map::new();
    for number in 0..1000 {
        let schema = json!({"$ref": format!("#/components/schemas/S{number}")});
        let response =
            json!({"description": "OK", "content": {"application/json": {"schema": schema}}});
        schemas.insert(format!("Bad{number}"), json!({"type": "object"}));
        let bad = specmill_scratch::response(specmill_scratch::schema(&format!("Bad{number}")));
        let responses = json!({"200": response, "400": bad});
        paths.insert(
            format!("/p{number}"),
            json!({"get": {"operationId": format!("get{number}"), "responses": responses}}),
        );
    }
    schemas.insert("Error".into(), json!({"type": "object"}));
    let document = specmill_scratch::document(Value::Object(paths), Value::Object(schemas));
    // A quadratic step would take far too long for this document.
    specmill_scratch::normalise_with(SETTINGS, &document).unwrap();
}
