//! Doc comments of generated items.

use serde_json::Value;

use specmill_model::{
    Idempotency, Operation, Parameter, ParameterLocation, Success, fallback_reason,
};
use specmill_openapi::diagnostic::visible;
use specmill_openapi::markdown;

use super::descriptions;
use super::prose::{description, inline, line};

/// The description of an operation, its requirements, and its source in the documentation.
pub(super) fn operation(operation: &Operation) -> String {
    let mut text = format!(
        "{}\n\n`{} {}`",
        summary(operation),
        operation.method,
        inline(&operation.path)
    );
    if let Some(more) = &operation.description {
        text += &format!("\n\n{}", description(more));
    }
    if let Some(permission) = &operation.permission {
        text += &format!(
            "\n\nRequired permission: `{}`.",
            permission.replace('`', "'")
        );
    }
    match &operation.idempotency {
        Idempotency::ByMethod => {}
        Idempotency::Always => text += "\n\nIt is idempotent: failed attempts are retried.",
        Idempotency::Key { header } => {
            text += &format!(
                "\n\nThe header `{}` contains an idempotency key, a new one for each call: failed attempts are retried.",
                header.replace('`', "'")
            );
        }
    }
    if !operation.authenticated {
        text += "\n\nThe request contains no credentials.";
    }
    if !operation.security.is_empty() {
        text += &format!("\n\nCredentials: {}.", credentials(operation));
    }
    let body = operation.body.as_ref();
    if let Some(reason) = body.and_then(|body| fallback_reason(&body.lowered)) {
        text += &format!("\n\nThe body {}", falls_back(reason));
    }
    if let Success::Json(response) | Success::OptionalJson(response) = &operation.success
        && let Some(reason) = fallback_reason(response)
    {
        text += &format!("\n\nThe response {}", falls_back(reason));
    }
    if let Some(server) = &operation.server {
        text += &format!("\n\nIts server is `{}`.", inline(server));
    }
    text + &source(operation)
}

/// The security schemes of an operation, by their names in the document.
fn credentials(operation: &Operation) -> String {
    let alternatives = operation.security.iter().map(|names| {
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("`{}`", inline(name)))
            .collect();
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(" and ")
        }
    });
    let alternatives: Vec<String> = alternatives.collect();
    alternatives.join(", or ")
}

/// The first line on an operation.
pub(super) fn summary(operation: &Operation) -> String {
    let words = operation.summary.as_deref().map(line).unwrap_or_default();
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => format!("The operation `{}`.", operation.id),
    }
}

/// The page on which an operation is documented.
pub(super) fn source(operation: &Operation) -> String {
    operation
        .source
        .as_ref()
        .map_or_else(String::new, |(page, name)| {
            format!(
                "\n\nDocumented as `{}` on the page `{}`.",
                name.replace('`', "'"),
                page.replace('`', "'")
            )
        })
}

/// The description of a parameter, its bounds, and the service's default, as paragraphs.
pub(super) fn parameter(operation: &Operation, parameter: &Parameter) -> String {
    let described = descriptions::parameter(operation, parameter);
    let mut paragraphs: Vec<String> = described.into_iter().collect();
    // The note is not needed for path parameters, which are arguments of the method and always required.
    if parameter.required && parameter.location != ParameterLocation::Path {
        paragraphs.push("Required.".to_owned());
    }
    paragraphs.extend(bounds(&parameter.schema));
    paragraphs.extend(fallback(&parameter.lowered));
    paragraphs.join("\n\n")
}

/// The note for a lowered schema that falls back to `serde_json::Value`; `None` for any other schema.
pub(super) fn fallback(lowered: &Value) -> Option<String> {
    fallback_reason(lowered).map(|reason| format!("It {}", falls_back(reason)))
}

/// The end of a sentence on a fallback, with its reason.
pub(super) fn falls_back(reason: &str) -> String {
    format!(
        "falls back to `serde_json::Value`: {}.",
        visible(&markdown::escape(reason))
    )
}

/// The bounds and the default of a schema, in sentences.
pub(super) fn bounds(schema: &Value) -> Vec<String> {
    let mut facts = Vec::new();
    let exclusive = |flag: &str| schema.get(flag) == Some(&Value::Bool(true));
    let mut limits = Vec::new();
    if let Some(minimum) = schema.get("minimum") {
        let words = if exclusive("exclusiveMinimum") {
            "more than"
        } else {
            "at least"
        };
        limits.push(format!("{words} {minimum}"));
    }
    if let Some(maximum) = schema.get("maximum") {
        let words = if exclusive("exclusiveMaximum") {
            "less than"
        } else {
            "at most"
        };
        limits.push(format!("{words} {maximum}"));
    }
    for (name, words, what) in [
        ("minLength", "at least", "characters"),
        ("maxLength", "at most", "characters"),
        ("minItems", "at least", "items"),
        ("maxItems", "at most", "items"),
    ] {
        if let Some(count) = schema.get(name) {
            limits.push(format!("{words} {count} {what}"));
        }
    }
    if !limits.is_empty() {
        let mut sentence = limits.join(", ");
        sentence.replace_range(..1, &sentence[..1].to_uppercase());
        facts.push(sentence + ".");
    }
    if let Some(default) = schema.get("default") {
        facts.push(format!(
            "The service's default is `{}`.",
            default.to_string().replace('`', "'")
        ));
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_in_descriptions_is_never_rust() {
        assert_eq!(
            description("See:\n```rust\nfn main() {}\n```"),
            "See:\n```text\nfn main() {}\n```"
        );
        assert_eq!(description("~~~~\na\n~~~\nb"), "~~~~text\na\n~~~\nb\n~~~~");
        for text in [
            "> ```\n> code\n> ```",
            "- a\n\n      code",
            "a\n\n    code",
            "1. ```rust\n   code\n   ```",
        ] {
            let safe = description(text);
            let block = safe.lines().any(|line| {
                let inner = line.trim_start_matches(['>', ' ', '-', '1', '.']);
                inner.starts_with("```rust")
                    || inner == "```" && !safe.contains("```text")
                    || line.starts_with("    ")
            });
            assert!(!block, "{safe}");
        }
    }
}
