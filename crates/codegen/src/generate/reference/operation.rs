//! The section of an operation.

use std::fmt::Write as _;

use crate::Options;
use specmill_model::Model;
use specmill_model::steps;
use specmill_model::{Operation, Paging, ParameterLocation, StreamForm, Success};

use super::super::examples::Examples;
use super::super::{descriptions, documentation, prose, statuses};
use super::{schema, table};

/// The section: description, requirements, parameters, response, and an example.
pub(super) fn section(
    facade: &str,
    options: &Options,
    model: &Model,
    operation: &Operation,
    examples: &Examples<'_>,
) -> String {
    let mut text = format!(
        "\n## `{}`\n\n{}\n",
        operation.id,
        documentation::summary(operation)
    );
    if let Some(more) = &operation.description {
        let _ = writeln!(text, "\n{}", prose::description(more));
    }
    text.push('\n');
    for (what, fact) in facts(model, operation) {
        let _ = writeln!(text, "- {what}: {fact}");
    }
    text += &parameters(operation);
    text += &body(model, operation);
    let errors = statuses::errors(operation);
    let errors = errors.iter().filter(|error| *error != statuses::ANY_OTHER);
    let errors: String = errors.map(|error| format!("- {error}\n")).collect();
    if errors.is_empty() {
        text += "\nThe document declares no errors.\n";
    } else {
        let _ = write!(text, "\nDeclared errors:\n\n{errors}");
    }
    let path = format!("{facade}::{}", options.module);
    let program = examples.program(&path, operation);
    let _ = writeln!(text, "\n```rust\n{program}```");
    text
}

/// The facts that take one line each.
fn facts(model: &Model, operation: &Operation) -> Vec<(&'static str, String)> {
    let mut facts = vec![(
        "Request",
        table::span(&format!("{} {}", operation.method, operation.path)),
    )];
    if operation.deprecated {
        facts.push((
            "Deprecated",
            "the vendor advises against its use".to_owned(),
        ));
    }
    if let Some(permission) = &operation.permission {
        facts.push(("Required permission", table::span(permission)));
    }
    if !operation.authenticated {
        facts.push(("Credentials", "none".to_owned()));
    }
    facts.push(("Response", response(operation)));
    if let Some(paging) = &operation.paging {
        facts.push(("Paging", self::paging(model, operation, paging)));
    }
    if let Some((page, name)) = &operation.source {
        let source = format!("{} on the page {}", table::span(name), table::span(page));
        facts.push(("Source", source));
    }
    facts
}

fn response(operation: &Operation) -> String {
    let stream = operation.stream.as_ref().map(|stream| {
        let (what, items) = match stream.form {
            StreamForm::JsonLines => ("JSON lines", schema::kind(&stream.item)),
            StreamForm::TextEvents => ("events", "a string".to_owned()),
            _ => ("events", schema::kind(&stream.item)),
        };
        format!("a stream of {what}, each {items}")
    });
    let usual = match &operation.success {
        Success::Empty => "nothing".to_owned(),
        Success::Json(response) => schema::kind(response),
        Success::OptionalJson(response) => format!("{}, or nothing", schema::kind(response)),
        Success::Text => "a string".to_owned(),
        Success::Bytes => "bytes".to_owned(),
        Success::Stream => return stream.unwrap_or_default(),
    };
    match stream {
        Some(stream) => format!("{usual}, or {stream}"),
        None => usual,
    }
}

fn paging(model: &Model, operation: &Operation, paging: &Paging) -> String {
    let how = match paging {
        Paging::Cursor { parameter, .. }
        | Paging::HeaderCursor { parameter, .. }
        | Paging::BodyCursor {
            field: parameter, ..
        } => format!("with the cursor {}", table::span(parameter)),
        Paging::LastItem { parameter, .. } => {
            format!("with the last item's id in {}", table::span(parameter))
        }
        Paging::Link {
            next: Some(next), ..
        } => format!("with the link in {}", table::span(next)),
        Paging::Link { next: None, .. } => format!("with the header {}", table::span("Link")),
        Paging::Numbered {
            parameter,
            by_items: true,
            ..
        } => format!("with the offset {}", table::span(parameter)),
        Paging::Numbered { parameter, .. } => {
            format!("with the page number {}", table::span(parameter))
        }
    };
    let mut list = match &operation.success {
        Success::Json(response) => Some(response),
        _ => None,
    };
    for step in steps(paging.items()) {
        let owner = list.and_then(|owner| descriptions::type_of(model, owner));
        list = owner.and_then(|owner| owner.lowered.get("properties")?.get(step));
    }
    let item = list.and_then(|list| list.get("items"));
    let item = item.map_or("item".to_owned(), schema::kind);
    format!("{how}; `stream()` yields every {item}, `pages()` every page")
}

fn parameters(operation: &Operation) -> String {
    let rows = operation.parameters.iter().map(|parameter| {
        let location = match parameter.location {
            ParameterLocation::Path => "path",
            ParameterLocation::Query => "query",
            ParameterLocation::Header => "header",
            ParameterLocation::Cookie => "cookie",
        };
        let described = descriptions::parameter(operation, parameter);
        let mut facts: Vec<String> = described.iter().map(|text| table::cell(text)).collect();
        facts.extend(documentation::bounds(&parameter.schema));
        [
            table::code(&parameter.identifier),
            format!("{} in the {location}", table::code(&parameter.name)),
            table::cell(&schema::kind(&parameter.lowered)),
            if parameter.required { "required" } else { "" }.to_owned(),
            table::cell(&facts.join(" ")),
        ]
    });
    table::table(["parameter", "sent as", "type", "", "description"], rows)
}

fn body(model: &Model, operation: &Operation) -> String {
    let Some(body) = &operation.body else {
        return String::new();
    };
    let required = if body.required { "" } else { ", optional" };
    let definition = descriptions::type_of(model, &body.lowered);
    let object = definition.filter(|definition| schema::is_object(definition));
    let kind = match object {
        Some(definition) => format!("`types::{}`", definition.name),
        None => schema::kind(&body.lowered),
    };
    let mut text = format!(
        "\nBody, {}{required}: {kind}.\n",
        table::span(&body.content_type)
    );
    if let Some(description) = &body.description {
        let _ = writeln!(text, "\n{}", prose::description(description));
    }
    text + &object.map_or_else(String::new, |definition| schema::members(model, definition))
}
