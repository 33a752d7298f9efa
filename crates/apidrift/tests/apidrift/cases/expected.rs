//! A change as a case states it.

use apidrift::Change;
use serde_json::Value;

/// A change that must be found, all of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expected {
    pub(super) rule: String,
    pub(super) wire: String,
    pub(super) rust: String,
    pub(super) side: String,
    /// Where it is declared, as pointers.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) message: String,
    /// The operations it reaches, such as `GET /a`.
    pub(super) reaches: Vec<String>,
    /// Values to be shown, where stated.
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

impl Expected {
    pub(super) fn line(&self) -> String {
        shown(
            [&self.rule, &self.wire, &self.rust, &self.side],
            [self.old.as_deref(), self.new.as_deref()],
            &self.message,
            &self.reaches,
        )
    }
}

/// The same of a change that was found.
pub(super) fn line(change: &Change) -> String {
    let reaches: Vec<String> = change
        .operations()
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    shown(
        [
            change.rule.id(),
            change.wire.as_str(),
            change.rust.as_str(),
            change.side.as_str(),
        ],
        [change.pointer.old.as_deref(), change.pointer.new.as_deref()],
        &change.message,
        &reaches,
    )
}

fn shown(
    [rule, wire, rust, side]: [&str; 4],
    places: [Option<&str>; 2],
    message: &str,
    reaches: &[String],
) -> String {
    let [old, new] =
        places.map(|place| place.map_or("none".to_owned(), |place| format!("#{place}")));
    format!(
        "{rule}: wire {wire}, Rust {rust}, side {side}, old {old}, new {new}, reaches [{}]: {message}",
        reaches.join(", ")
    )
}
