//! Reports in formats for people and for programs.

mod advice;
mod github;
mod groups;
mod html;
mod json;
mod junit;
mod lines;
mod markdown;
mod order;
mod safe;
mod sarif;
#[cfg(feature = "template")]
mod template;
mod text;
mod told;

pub use github::{github, github_of};
pub use html::{Section, html, html_of};
pub use json::{SCHEMA, json, json_of};
pub use junit::{junit, junit_of};
pub use lines::Lines;
pub use markdown::{COMMENT, markdown, markdown_of, markdown_within};
pub use sarif::{sarif, sarif_of};
#[cfg(feature = "template")]
pub use template::{document_data, template, template_data};
pub use text::text;

use crate::Change;
use crate::rules::Rule;

/// The URL of the description of a rule.
pub(crate) fn rule_page(rule: &Rule) -> String {
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    let id = rule.id();
    format!("https://docs.rs/crate/apidrift/{VERSION}/source/RULES.md#:~:text={id}")
}

/// A pointer as a fragment, `#/paths`; locations in other files begin with the path of the file.
pub(crate) fn pointer(pointer: &str) -> String {
    if pointer.is_empty() || pointer.starts_with('/') {
        format!("#{pointer}")
    } else {
        pointer.to_owned()
    }
}

/// One line of a list of changes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Line<'a> {
    /// The changes of the line: values of one list, or one change seen from two sides.
    pub changes: Vec<&'a Change>,
    /// The change, in one sentence.
    pub message: String,
    /// The action for callers, if there is one.
    pub advice: Option<String>,
}

/// The changes by severity, combined to lines: changes that break the wire, changes that break Rust callers, and the others.
pub fn lines_of<'a>(changes: &'a [Change]) -> Vec<Line<'a>> {
    let told = told::told(&order::in_order(changes));
    let line = |told: told::Told<'a>| Line {
        advice: advice::advice(told.first()),
        message: told.message,
        changes: told.changes,
    };
    told.into_iter().map(line).collect()
}
