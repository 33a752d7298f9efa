//! `OpenAPI` 3.1 documents become 3.0, which every tool reads and progenitor needs.

mod null;
mod schema;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{Visit, child, text, visit_parameters, visit_schemas};

use crate::changes::Changes;

/// The version of every normalised document.
const VERSION: &str = "3.0.3";

/// Brings a document to `OpenAPI` 3.0.3.
///
/// Types with `null` become nullable, `const` a list of one, exclusive bounds flags, `examples` an
/// example; a reference with siblings is wrapped, since 3.0 ignores what stands beside one. What 3.0
/// cannot say is dropped and listed as a widening.
pub fn to_version_3_0(document: &mut Value, changes: &mut Changes) -> Result<()> {
    let version = text(document, "openapi").map(str::to_owned);
    match version.as_deref() {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => {}
        Some(version) if version == "3.1" || version.starts_with("3.1.") => {
            from_3_1(document, changes)?;
        }
        other => {
            let found = other.map_or("there is no `openapi` member".to_owned(), |version| {
                format!("`openapi` is `{version}`")
            });
            return Err(Diagnostic::new(format!(
                "this is no document of OpenAPI 3.0 or 3.1: {found}"
            ))
            .at_pointer("/openapi")
            .help("convert the document to OpenAPI 3.0 first"));
        }
    }
    parameters_take_no_null(document, changes);
    Ok(())
}

fn from_3_1(document: &mut Value, changes: &mut Changes) -> Result<()> {
    drop_member(document, "", "jsonSchemaDialect", changes);
    drop_member(document, "", "webhooks", changes);
    drop_member(document, "/info", "summary", changes);
    drop_member(document, "/info/license", "identifier", changes);
    let mut problem = None;
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        schema::loosen_around_dropped(pointer, schema, changes);
        if let Some(found) = schema::unsupported(pointer, schema) {
            problem.get_or_insert(found);
        }
    });
    if let Some(problem) = problem {
        return Err(problem);
    }
    visit_schemas(document, Visit::After, &mut |pointer, schema| {
        let before = schema.clone();
        schema::to_3_0(pointer, schema, changes);
        if *schema != before {
            changes.add("to_version_3_0", pointer, "said in the words of 3.0");
        }
    });
    if let Some(members) = document.as_object_mut() {
        members.insert("openapi".into(), json!(VERSION));
    }
    Ok(())
}

fn drop_member(document: &mut Value, owner: &str, name: &str, changes: &mut Changes) {
    let owner_members = document.pointer_mut(owner).and_then(Value::as_object_mut);
    if owner_members
        .and_then(|members| members.shift_remove(name))
        .is_some()
    {
        changes.add(
            "to_version_3_0",
            child(owner, name),
            format!("left out: 3.0 has no `{name}`"),
        );
    }
}

/// A parameter that may be `null` is one that may be left out: a URL and a header cannot hold `null`.
fn parameters_take_no_null(document: &mut Value, changes: &mut Changes) {
    visit_parameters(document, &mut |pointer, parameter| {
        let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else {
            return;
        };
        if schema.shift_remove("nullable") == Some(json!(true)) {
            if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
                values.retain(|value| !value.is_null());
            }
            if schema.get("default") == Some(&Value::Null) {
                schema.shift_remove("default");
            }
            let pointer = format!("{pointer}/schema/nullable");
            changes.add(
                "parameters_take_no_null",
                pointer,
                "`null` means leaving it out",
            );
        }
    });
}
