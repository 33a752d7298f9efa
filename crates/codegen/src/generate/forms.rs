//! Declarations of multipart forms.

use specmill_model::Model;
use specmill_model::{FormPart, Operation, PartKind};

use super::operation_names::form_name;
use super::prose;
use super::rust_types::RustType;
use super::source::{Source, literal};

/// Declares the form of an operation.
pub(super) fn declare(
    model: &Model,
    operation: &Operation,
    parts: &[FormPart],
    source: &mut Source,
) {
    source.line(0, "form! {");
    source.docs(1, &format!("The form of [`Client::{}`].", operation.id));
    source.line(1, &format!("pub struct {} {{", form_name(model, operation)));
    for part in parts {
        source.docs(2, &docs(part));
        let need = match (part.required, part.additional) {
            (_, true) => "additional",
            (true, false) => "required",
            (false, false) => "optional",
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
        .map(prose::description)
        .into_iter()
        .collect();
    if part.additional {
        docs.insert(
            0,
            "Adds parts of names that the document does not give.".to_owned(),
        );
    } else if docs.is_empty() {
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
