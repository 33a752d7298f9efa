//! Declarations of response headers.

use specmill_model::{HeaderKind, Model, Operation};

use super::operation_names::headers_name;
use super::prose;
use super::source::{Source, literal};

/// Declares the headers of an operation's responses.
pub(super) fn declare(model: &Model, operation: &Operation, source: &mut Source) {
    source.line(0, "response_headers! {");
    source.docs(
        1,
        &format!(
            "The headers that responses of [`Client::{}`] are declared with.",
            operation.id
        ),
    );
    let name = headers_name(model, operation);
    source.line(1, &format!("pub struct {name} {{"));
    for header in &operation.headers {
        let docs = header
            .description
            .as_deref()
            .map(prose::description)
            .filter(|docs| !docs.is_empty())
            .unwrap_or_else(|| format!("The header `{}`.", header.name));
        source.docs(2, &docs);
        let kind = match header.kind {
            HeaderKind::Value(of) => format!("value {of}"),
            HeaderKind::List(of) => format!("list Vec<{of}>"),
            HeaderKind::Json => "json serde_json::Value".to_owned(),
        };
        let wire = literal(&header.name);
        source.line(2, &format!("{}: {kind}, in {wire};", header.identifier));
    }
    source.line(1, "}");
    source.line(0, "}");
}
