//! The reference: a page with the parameters, the response and the requirements of every operation.

mod operation;
mod schema;
mod table;

use std::fmt::Write as _;

use crate::Options;
use specmill_model::Model;

use super::examples::Examples;
use super::fields;
use super::{documentation, prose};

/// The page of an API.
pub(super) fn page(
    facade: &str,
    options: &Options,
    model: &Model,
    examples: &Examples<'_>,
) -> String {
    let mut text = format!(
        "<!-- {} from specs/{}/openapi.json. Do not edit. -->\n# {}\n\nThe operations of `{facade}::{}`, which the \
         feature `{}` includes.",
        options.mark, options.name, options.title, options.module, options.feature
    );
    if let Some(description) = &model.description {
        let _ = write!(text, "\n\n{}", prose::description(description));
    }
    if let Some(address) = &options.documentation {
        let _ = write!(text, "\n\nThe vendor's documentation: <{address}>.");
    }
    text += "\n\nIn the examples, `client` is a `Client`, which `Client::from_env()` builds from these environment variables:\n\n";
    for variable in fields::variables(options, model) {
        let variable = variable.line();
        let _ = writeln!(text, "- {variable}");
    }
    let _ = write!(
        text,
        "\nEvery response that is not a success is a `{facade}::Error`, whether the document declares it or not."
    );
    let error = schema::error(options, model);
    if let Some(error) = error {
        let _ = write!(
            text,
            " `decode_body()` reads its body as [`{0}`](#type-{1}).",
            error.name,
            error.name.to_lowercase()
        );
    }
    text.push('\n');
    text += &versions(model);
    let rows = model.operations.iter().map(|operation| {
        [
            format!("[`{0}`](#{0})", operation.id),
            table::code(&format!("{} {}", operation.method, operation.path)),
            table::cell(&documentation::summary(operation)),
        ]
    });
    text += &table::table(["operation", "request", "description"], rows);
    for one in &model.operations {
        text += &operation::section(facade, options, model, one, examples);
    }
    text += &schema::sections(model, error);
    text
}

/// The programs of the page's examples: tests if the sandbox serves the API, otherwise only compiled.
pub(super) fn programs(
    facade: &str,
    options: &Options,
    model: &Model,
    examples: &Examples<'_>,
) -> String {
    let path = format!("{facade}::{}", options.module);
    let mut text = format!(
        "// {} from specs/{}/openapi.json. Do not edit.\n\n//! The examples of `docs/reference/{}.md`.\n",
        options.mark, options.name, options.name
    );
    for operation in &model.operations {
        text += &examples.function(&path, operation, options.sandbox);
    }
    text
}

/// The versions of the API, if it has any.
fn versions(model: &Model) -> String {
    let rows = model.api_versions.iter().map(|version| {
        [
            table::code(&version.version),
            table::code(&version.state),
            table::cell(version.not_before.as_deref().unwrap_or_default()),
        ]
    });
    table::table(["version", "state", "guaranteed up to"], rows)
}
