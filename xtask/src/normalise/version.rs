//! OpenAPI 3.1 documents become 3.0, which every tool reads and progenitor needs.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{Visit, child, text, visit_schemas};

use super::Changes;

/// The version of every normalised document.
const VERSION: &str = "3.0.3";

/// Keywords of JSON Schema 2020-12 that 3.0 cannot say. Without them a schema allows more.
const NOT_IN_3_0: [&str; 17] = [
    "$schema", "$id", "$anchor", "$comment", "$dynamicAnchor", "if", "then", "else", "dependentRequired",
    "dependentSchemas", "propertyNames", "patternProperties", "contains", "minContains", "maxContains",
    "unevaluatedItems", "unevaluatedProperties",
];

/// Brings a document to OpenAPI 3.0.3.
///
/// Types with `null` become nullable, `const` a list of one, exclusive bounds flags, `examples` an
/// example; a reference with siblings is wrapped, since 3.0 ignores what stands beside one. What 3.0
/// cannot say is dropped and listed as a widening.
pub(super) fn to_version_3_0(document: &mut Value, changes: &mut Changes) -> Result<()> {
    let version = text(document, "openapi").map(str::to_owned);
    let Some(members) = document.as_object_mut().filter(|members| members.contains_key("paths")) else {
        return Err(Diagnostic::new("this is no OpenAPI document: it has no `paths`")
            .at_pointer("")
            .help("give a document of OpenAPI 3.0 or 3.1"));
    };
    match version.as_deref() {
        Some(version) if version == "3.0" || version.starts_with("3.0.") => {}
        Some(version) if version == "3.1" || version.starts_with("3.1.") => {
            members.insert("openapi".into(), json!(VERSION));
            members.shift_remove("jsonSchemaDialect");
            if members.shift_remove("webhooks").is_some() {
                changes.add("to_version_3_0", "/webhooks", "left out: 3.0 has no webhooks");
            }
            if let Some(info) = members.get_mut("info").and_then(Value::as_object_mut) {
                info.shift_remove("summary");
                if let Some(license) = info.get_mut("license").and_then(Value::as_object_mut) {
                    license.shift_remove("identifier");
                }
            }
            visit_schemas(document, Visit::After, &mut |pointer, schema| {
                let before = schema.clone();
                schema_to_3_0(pointer, schema, changes);
                if *schema != before {
                    changes.add("to_version_3_0", pointer, "said in the words of 3.0");
                }
            });
        }
        other => {
            let found = other.map_or("there is no `openapi` member".to_owned(), |version| format!("`openapi` is `{version}`"));
            return Err(Diagnostic::new(format!("this is no document of OpenAPI 3.0 or 3.1: {found}"))
                .at_pointer("/openapi")
                .help("convert the document to OpenAPI 3.0 first"));
        }
    }
    optional_parameters_take_no_null(document, changes);
    Ok(())
}

fn schema_to_3_0(pointer: &str, schema: &mut Value, changes: &mut Changes) {
    if let Value::Bool(any) = schema {
        // `additionalProperties` may be a truth value in 3.0 too.
        if !pointer.ends_with("/additionalProperties") {
            *schema = if *any { json!({}) } else { json!({ "not": {} }) };
        }
        return;
    }
    let Some(members) = schema.as_object_mut() else { return };
    null_becomes_nullable(members);
    if let Some(value) = members.shift_remove("const") {
        members.insert("enum".into(), json!([value]));
    }
    exclusive_bound(members, "exclusiveMinimum", "minimum", |exclusive, inclusive| exclusive >= inclusive);
    exclusive_bound(members, "exclusiveMaximum", "maximum", |exclusive, inclusive| exclusive <= inclusive);
    if let Some(Value::Array(examples)) = members.shift_remove("examples")
        && let Some(example) = examples.into_iter().next()
    {
        members.entry("example").or_insert(example);
    }
    if members.shift_remove("contentEncoding").is_some_and(|encoding| encoding == "base64") {
        members.insert("format".into(), json!("byte"));
    }
    if members.shift_remove("contentMediaType").is_some() && !members.contains_key("format") {
        members.insert("format".into(), json!("binary"));
    }
    if members.shift_remove("prefixItems").is_some() {
        // A tuple is an array of anything in 3.0.
        members.insert("items".into(), json!({}));
        changes.add("to_version_3_0", pointer, "widened: 3.0 has no `prefixItems`");
    }
    for keyword in NOT_IN_3_0 {
        if members.shift_remove(keyword).is_some() {
            changes.add("to_version_3_0", pointer, format!("widened: 3.0 has no `{keyword}`"));
        }
    }
    if members.len() > 1
        && let Some(reference) = members.shift_remove("$ref")
    {
        let wrapped = members.entry("allOf").or_insert_with(|| json!([]));
        if let Some(all) = wrapped.as_array_mut() {
            all.insert(0, json!({ "$ref": reference }));
        }
    }
}

fn null_becomes_nullable(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get("type").cloned() {
        let mut kept: Vec<Value> = types.iter().filter(|kind| *kind != "null").cloned().collect();
        if kept.len() < types.len() {
            members.insert("nullable".into(), json!(true));
        }
        match kept.len() {
            0 => {
                members.shift_remove("type");
                members.insert("enum".into(), json!([null]));
            }
            1 => {
                members.insert("type".into(), kept.remove(0));
            }
            _ => {
                members.shift_remove("type");
                let branches = kept.into_iter().map(|kind| json!({ "type": kind })).collect();
                members.insert("anyOf".into(), Value::Array(branches));
            }
        }
    }
    if members.get("type") == Some(&json!("null")) {
        members.shift_remove("type");
        members.insert("nullable".into(), json!(true));
        members.insert("enum".into(), json!([null]));
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = members.get_mut(keyword) else { continue };
        let before = branches.len();
        branches.retain(|branch| !is_null(branch));
        if branches.len() == before {
            continue;
        }
        let only = if branches.len() == 1 { branches.pop() } else { None };
        members.insert("nullable".into(), json!(true));
        if let Some(branch) = only {
            members.shift_remove(keyword);
            match branch {
                Value::Object(branch) if !branch.contains_key("$ref") => {
                    for (name, value) in branch {
                        members.entry(name).or_insert(value);
                    }
                }
                reference => {
                    members.insert("allOf".into(), json!([reference]));
                }
            }
        }
    }
}

/// What a branch that was `{"type": "null"}` looks like, the branch having been visited before.
fn is_null(branch: &Value) -> bool {
    branch.get("enum") == Some(&json!([null])) && branch.get("type").is_none()
}

fn exclusive_bound(
    members: &mut Map<String, Value>,
    exclusive: &str,
    inclusive: &str,
    stricter: impl Fn(f64, f64) -> bool,
) {
    let Some(bound) = members.get(exclusive).filter(|bound| bound.is_number()).cloned() else { return };
    members.shift_remove(exclusive);
    let other = members.get(inclusive).and_then(Value::as_f64);
    if bound.as_f64().is_some_and(|bound| other.is_none_or(|other| stricter(bound, other))) {
        members.insert(inclusive.to_owned(), bound);
        members.insert(exclusive.to_owned(), json!(true));
    }
}

/// An optional parameter that may be `null` is one that may be left out: a URL cannot hold `null`.
fn optional_parameters_take_no_null(document: &mut Value, changes: &mut Changes) {
    visit_schemas(document, Visit::Before, &mut |pointer, schema| {
        let Some((owner, "schema")) = pointer.rsplit_once('/') else { return };
        let Some((list, _)) = owner.rsplit_once('/') else { return };
        if (list.ends_with("/parameters") && !list.starts_with("/components/schemas"))
            && schema.as_object_mut().is_some_and(|members| members.shift_remove("nullable").is_some())
        {
            changes.add("optional_parameters_take_no_null", child(pointer, "nullable"), "`null` means leaving it out");
        }
    });
}
