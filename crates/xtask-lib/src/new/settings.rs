//! The `api.toml` of a new API.

use serde_json::Value;

use specmill_openapi::names;

use crate::api;

use super::Options;
use super::collisions::Renames;

/// The document that the defaults of the settings are derived from.
#[derive(Default)]
pub(super) struct Source<'a> {
    pub(super) document: Option<&'a Value>,
    /// Its file, if it does not have the default name.
    pub(super) file: Option<&'a str>,
    /// Whether it contains unresolved references.
    pub(super) is_partial: bool,
}

/// The text of `api.toml`: the values of the command line, or else defaults from the name and the document.
pub(super) fn api_toml(
    name: &str,
    options: &Options,
    source: &Source<'_>,
    error_schema: Option<&str>,
    suffix: Option<&str>,
    renames: &Renames,
) -> String {
    let said = |pointer: &str| {
        source
            .document
            .and_then(|document| document.pointer(pointer))
            .and_then(Value::as_str)
    };
    let title = options
        .title
        .as_deref()
        .or(said("/info/title"))
        .map(one_line);
    let title = title
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| title_of(name));
    let linked = said("/externalDocs/url").filter(|address| api::is_address(address));
    let documentation = options.documentation.as_deref().or(linked);
    let underscored = name.replace('-', "_");
    // A module cannot have the name of a Rust keyword.
    let module = if names::is_keyword(&underscored) {
        format!("{underscored}_api")
    } else {
        underscored.clone()
    };
    let line = |key: &str, value: &str| format!("{key} = {}", quoted(value));
    let mut lines = vec![line("title", &title)];
    lines.extend(documentation.map(|address| line("documentation", address)));
    lines.push(line("module", options.module.as_deref().unwrap_or(&module)));
    lines.push(line("feature", options.feature.as_deref().unwrap_or(name)));
    let environment = underscored.to_uppercase();
    lines.push(line(
        "environment",
        options.environment.as_deref().unwrap_or(&environment),
    ));
    lines.extend(source.file.map(|file| line("document", file)));
    lines.extend(error_schema.map(|schema| line("error-schema", schema)));
    lines.extend(suffix.map(|suffix| line("namespace-suffix", suffix)));
    if source.is_partial {
        lines.extend([
            "# The document has references without a target: the parts that need them are skipped and reported.".to_owned(),
            "partial = true".to_owned(),
        ]);
    }
    for (section, renames) in [
        ("operations", &renames.operations),
        ("schemas", &renames.schemas),
    ] {
        if !renames.is_empty() {
            lines.extend([
                String::new(),
                "# Settled once: the names that follow were taken.".to_owned(),
                format!("[rename.{section}]"),
            ]);
        }
        lines.extend(renames.iter().map(|(from, to)| line(&quoted(from), to)));
    }
    lines.join("\n") + "\n"
}

/// A basic string of TOML. Its escapes are those of JSON, and one more.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// A title on one line, without invisible characters.
fn one_line(title: &str) -> String {
    let words: Vec<&str> = title
        .split(|c: char| c.is_whitespace() || !api::is_plain_character(c))
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn title_of(name: &str) -> String {
    let words: Vec<String> = name.split('-').map(names::pascal_case).collect();
    words.join(" ")
}
