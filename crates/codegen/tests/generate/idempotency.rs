//! The idempotency that a document declares for operations.

use serde_json::{Value, json};

use crate::project::Project;

/// A document with one operation, a POST that has these extensions.
fn document(extensions: &Value) -> Value {
    let mut operation = json!({
        "operationId": "payment_create",
        "tags": ["payment"],
        "responses": { "204": { "description": "done" } },
    });
    operation
        .as_object_mut()
        .unwrap()
        .extend(extensions.as_object().unwrap().clone());
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Acme", "version": "1" },
        "servers": [{ "url": "https://api.acme.test" }],
        "paths": { "/payments": { "post": operation } },
    })
}

/// The generated file of the operation.
fn generated(extensions: &Value) -> String {
    let folder = tempfile::tempdir().unwrap();
    let project = Project::new(folder.path());
    project.add_document("acme", &document(extensions)).unwrap();
    project.regenerate();
    project.read("crates/acme/src/operations/payment.rs")
}

#[test]
fn the_method_determines_idempotency_unless_the_document_overrides_it() {
    for extensions in [json!({}), json!({ "x-idempotent": false })] {
        let file = generated(&extensions);
        assert!(!file.contains("    idempotency "), "{file}");
    }
}

#[test]
fn an_idempotent_operation_is_declared_and_documented_as_such() {
    let file = generated(&json!({ "x-idempotent": true }));
    assert!(file.contains("    idempotency Always;"), "{file}");
    assert!(file.contains("/// It is idempotent: failed attempts are retried."));
}

#[test]
fn an_operation_that_takes_an_idempotency_key_names_its_header() {
    let file = generated(&json!({ "x-idempotency-header": "Idempotency-Key" }));
    let wanted = r#"idempotency Key { header: "Idempotency-Key" };"#;
    assert!(file.contains(wanted), "{file}");
    assert!(file.contains("The header `Idempotency-Key` contains an idempotency key"));
}

#[test]
fn an_operation_whose_extension_cannot_be_read_is_skipped_with_the_reason() {
    for (extensions, reason) in [
        (
            json!({ "x-idempotency-header": "Not A Header" }),
            "`x-idempotency-header` is not the name of a header",
        ),
        (
            json!({ "x-idempotent": "yes" }),
            "`x-idempotent` is neither `true` nor `false`",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(folder.path());
        project
            .add_document("acme", &document(&extensions))
            .unwrap();
        let (_, lowered) = project.lowered("acme");
        let skipped = &lowered.skipped;
        assert_eq!(skipped.len(), 1);
        assert_eq!(skipped[0].reason, reason);
    }
}
