//! Declarations of multipart forms, and forms of sample values.

use crate::lower::Model;
use crate::lower::model::{FormPart, Operation, PartKind};

use super::operations::request_name;
use super::rust_types::RustType;
use super::samples::Samples;
use super::source::{Source, literal};
use super::{documentation, sample_calls};

/// The name of an operation's form. No request is called like it.
pub(super) fn name(model: &Model, operation: &Operation) -> String {
    let mut name = format!("{}Form", request_name(operation).trim_end_matches('_'));
    while model.request_names.contains(&name) {
        name.push('_');
    }
    name
}

/// Declares the form of an operation.
pub(super) fn declare(
    model: &Model,
    operation: &Operation,
    parts: &[FormPart],
    source: &mut Source,
) {
    source.line(0, "form! {");
    source.docs(1, &format!("The form of [`Client::{}`].", operation.id));
    source.line(1, &format!("pub struct {} {{", name(model, operation)));
    for part in parts {
        source.docs(2, &docs(part));
        let need = if part.required {
            "required"
        } else {
            "optional"
        };
        let count = if part.many { "many" } else { "one" };
        let kind = match part.kind {
            PartKind::File => "file".to_owned(),
            PartKind::Text => format!("text {}", written(part)),
            PartKind::Json => format!("json {}", written(part)),
        };
        let content_type = part
            .content_type
            .as_ref()
            .map(|kind| format!(" as {}", literal(kind)))
            .unwrap_or_default();
        source.line(
            2,
            &format!(
                "{}: {need} {count} {kind}, in {}{content_type};",
                part.identifier,
                literal(&part.name)
            ),
        );
    }
    source.line(1, "}");
    source.line(0, "}");
}

fn written(part: &FormPart) -> String {
    RustType::of(&part.lowered).value().written("types::")
}

fn docs(part: &FormPart) -> String {
    let mut docs: Vec<String> = part
        .description
        .as_deref()
        .map(documentation::description)
        .into_iter()
        .collect();
    if docs.is_empty() {
        docs.push(format!("The part `{}`.", part.name.replace('`', "'")));
    }
    if part.required {
        docs.push("Required.".to_owned());
    }
    if let Some(content_type) = &part.content_type {
        docs.push(format!(
            "Content type: `{}`.",
            content_type.replace('`', "'")
        ));
    }
    docs.join("\n\n")
}

/// A form of sample values for a test, with every part or with those that are required.
pub(super) fn sample(
    model: &Model,
    operation: &Operation,
    parts: &[FormPart],
    every: bool,
) -> String {
    let samples = Samples::new(model);
    let mut form = format!("operations::{}::new()", name(model, operation));
    for part in parts.iter().filter(|part| every || part.required) {
        let value = match part.kind {
            PartKind::File => "&b\"text\"[..]".to_owned(),
            kind => {
                let Some(value) = samples.value(&part.lowered, every) else {
                    continue;
                };
                // What the items of a list are, a literal does not tell.
                if kind == PartKind::Json && !part.many && value.is_array() {
                    sample_calls::from_json(&value, &part.lowered)
                } else {
                    sample_calls::argument(&value, &part.lowered, model)
                }
            }
        };
        let value = if part.many {
            format!("[{value}]")
        } else {
            value
        };
        form += &format!(".{}({value})", part.identifier);
    }
    form
}
