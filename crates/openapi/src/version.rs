//! Converts `OpenAPI` 3.1 documents to 3.0, which every tool reads and progenitor requires.

mod null;
mod schema;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::places::{Kind, each_object};
use crate::document::{Visit, WEBHOOKS, child, text, visit_parameters, visit_schemas};

use crate::changes::Changes;

/// The version of every normalised document.
const VERSION: &str = "3.0.3";

/// The extension of a path with the operations that 3.0 cannot express: their methods, each with the reason.
pub const SKIPPED_OPERATIONS: &str = "x-skipped-operations";

/// The extension of a schema that accepts any value because 3.0 cannot express what the document declares: the reason.
pub const FALLBACK: &str = "x-fallback-reason";

/// Converts a document to `OpenAPI` 3.0.3.
///
/// Types with `null` become nullable, `const` an enumeration of one value, exclusive bounds flags, `examples` an example; a
/// reference with siblings is wrapped, since 3.0 ignores them. Constructs that 3.0 cannot express are removed and reported. A
/// 3.2 document is read like a 3.1 document; operations with methods that 3.0 does not have are noted in `x-skipped-operations`
/// of their path.
///
/// # Errors
/// The document is of an unsupported version.
pub fn to_version_3_0(document: &mut Value, changes: &mut Changes) -> Result<()> {
    let version = match document.get("openapi") {
        // YAML reads a version without quotes as a number.
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::String(version)) => Some(version.clone()),
        _ => None,
    };
    let is = |known: &str| {
        version.as_deref().is_some_and(|version| {
            version
                .strip_prefix(known)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    if is("3.0") {
        if text(document, "openapi").is_none() {
            say_version(document);
        }
    } else if is("3.1") || is("3.2") {
        from_3_2(document, changes);
        from_3_1(document, changes);
    } else {
        let found = version.map_or("there is no property `openapi`".to_owned(), |version| {
            format!("`openapi` is `{version}`")
        });
        return Err(Diagnostic::new(format!(
            "this is not a document of OpenAPI 3.0, 3.1 or 3.2: {found}"
        ))
        .at_pointer("/openapi")
        .help("convert the document to OpenAPI 3.0 first"));
    }
    parameters_take_no_null(document, changes);
    Ok(())
}

fn from_3_1(document: &mut Value, changes: &mut Changes) {
    drop_member(document, "", "jsonSchemaDialect", changes);
    move_webhooks(document, changes);
    drop_member(document, "/info", "summary", changes);
    drop_member(document, "/info/license", "identifier", changes);
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        schema::loosen_around_dropped(pointer, schema, changes);
    });
    visit_schemas(document, Visit::After, &mut |pointer, schema| {
        let before = schema.clone();
        schema::to_3_0(pointer, schema, changes);
        if *schema != before {
            changes.add("to_version_3_0", pointer, "converted to OpenAPI 3.0");
        }
    });
    say_version(document);
}

fn say_version(document: &mut Value) {
    if let Some(members) = document.as_object_mut() {
        members.insert("openapi".into(), json!(VERSION));
    }
}

/// Moves the webhooks to an extension, since 3.0 has none.
fn move_webhooks(document: &mut Value, changes: &mut Changes) {
    let Some(members) = document.as_object_mut() else {
        return;
    };
    let Some(webhooks) = members.shift_remove("webhooks") else {
        return;
    };
    changes.add(
        "to_version_3_0",
        "/webhooks",
        format!("moved to `{WEBHOOKS}`: 3.0 has no `webhooks`"),
    );
    members.insert(WEBHOOKS.into(), webhooks);
}

/// Converts the additions of 3.2, as far as 3.0 can express them.
fn from_3_2(document: &mut Value, changes: &mut Changes) {
    drop_member(document, "", "$self", changes);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let Some(item) = item.as_object_mut() else {
            continue;
        };
        let mut skipped = Map::new();
        let mut skip = |method: &str| {
            let reason = "OpenAPI 3.0 has no operations of its method";
            skipped.insert(method.to_owned(), json!(reason));
        };
        if item.shift_remove("query").is_some() {
            skip("QUERY");
        }
        if let Some(Value::Object(more)) = item.shift_remove("additionalOperations") {
            more.keys().for_each(|method| skip(method));
        }
        if !skipped.is_empty() {
            let pointer = child("/paths", path);
            for method in skipped.keys() {
                let what = format!("removed: 3.0 has no method `{method}`");
                changes.add("to_version_3_0", &pointer, what);
            }
            item.insert(SKIPPED_OPERATIONS.into(), Value::Object(skipped));
        }
    }
    items_of_sequences(document, changes);
}

/// The schema of the items of a sequence (`itemSchema`) becomes that of the media type, if it has none.
fn items_of_sequences(value: &mut Value, changes: &mut Changes) {
    fn visit(value: &mut Value, kind: Kind, pointer: &str, changes: &mut Changes) {
        let Value::Object(members) = value else {
            return;
        };
        if kind == Kind::MediaType
            && let Some(schema) = members.shift_remove("itemSchema")
            && !members.contains_key("schema")
        {
            members.insert("schema".into(), schema);
            let what = "the schema of each item is that of the media type";
            changes.add("to_version_3_0", pointer, what);
        }
        each_object(members, kind, &mut |names, kind, inner| {
            let pointer = names
                .iter()
                .fold(pointer.to_owned(), |pointer, name| child(&pointer, name));
            visit(inner, kind, &pointer, changes);
        });
    }
    visit(value, Kind::Document, "", changes);
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
            format!("removed: 3.0 has no `{name}`"),
        );
    }
}

/// A nullable parameter is an optional one, since a URL and a header cannot contain `null`.
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
                "`null` means that it is absent",
            );
        }
    });
}
