//! Overlays for documents that vendors publish with known errors.

use serde_json::{Value, json};

use specmill_openapi::changes::Changes;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document;
use specmill_openapi::overlay;

/// The bundled overlays, by name.
const READY: [(&str, &str); 1] = [("scp", include_str!("overlays/scp.yaml"))];

/// The placeholders for the name of the service and for its version in a bundled overlay.
const SERVICE: &str = "%SERVICE%";
const VERSION: &str = "%VERSION%";

/// An overlay for one document.
pub(super) struct Overlay {
    /// The text of its file.
    pub(super) text: String,
    /// Its content.
    pub(super) content: Value,
    /// A line about the overlay that was added.
    pub(super) report: String,
}

impl Overlay {
    /// The bundled overlay `ready` for a document of the API `name`, without the actions that match nothing in it.
    pub(super) fn new(ready: &str, name: &str, document: &Value) -> Result<Self> {
        let Some((_, template)) = READY.iter().find(|(other, _)| *other == ready) else {
            let names: Vec<&str> = READY.iter().map(|(name, _)| *name).collect();
            return Err(Diagnostic::new(format!("unknown overlay `{ready}`"))
                .help(format!("the overlays are: {}", names.join(", "))));
        };
        let service = name.strip_prefix(&format!("{ready}-")).unwrap_or(name);
        let version = version(document);
        let text = template
            .replace(SERVICE, service)
            .replace(VERSION, &version);
        let in_template = |error: Box<Diagnostic>| error.at(format!("{ready}.yaml"), Place::Whole);
        let whole = document::parse_yaml(&text).map_err(in_template)?;
        let mut applied = document.clone();
        let mut kept = Vec::new();
        for action in whole["actions"].as_array().into_iter().flatten() {
            let mut one = whole.clone();
            one["actions"] = json!([action]);
            let mut next = applied.clone();
            if overlay::apply(&one, &mut next, &mut Changes::default()).is_ok() {
                applied = next;
                kept.push(action.clone());
            }
        }
        let text = without_unused(&text, &whole, &kept);
        let content = document::parse_yaml(&text).map_err(in_template)?;
        let report = format!(
            "added the overlay `{ready}` for the service `{service}` in version {version}: correct specs/{name}/overlay.yaml if \
             the vendor's page differs"
        );
        Ok(Self {
            text,
            content,
            report,
        })
    }
}

/// The version of a document in the form `1.4`; `1.0` if it has another form.
fn version(document: &Value) -> String {
    let version = document
        .pointer("/info/version")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut parts = version.trim_start_matches(['v', 'V']).split('.');
    let number = |part: Option<&str>| {
        part.filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            .map(str::to_owned)
    };
    match (number(parts.next()), number(parts.next())) {
        (Some(major), Some(minor)) => format!("{major}.{minor}"),
        _ => "1.0".to_owned(),
    }
}

/// The text of an overlay, without the actions that are not in `kept`.
fn without_unused(text: &str, whole: &Value, kept: &[Value]) -> String {
    let mut out = String::new();
    let mut actions = whole["actions"].as_array().into_iter().flatten();
    let mut keep = true;
    for line in text.lines() {
        if line.starts_with("  - ") {
            keep = actions.next().is_some_and(|action| kept.contains(action));
        }
        if keep {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
