//! Notes about the output, on standard error.

use std::io::{self, Write as _};

use crate::visible::visible;

/// The maximum number of column names that a note lists.
const MOST: usize = 12;

/// Writes a line to standard error. If that is closed, the line is dropped.
pub(crate) fn say(note: &str) {
    let _ = io::stderr().write_all(format!("{}\n", visible(note)).as_bytes());
}

/// The note about columns that do not fit the terminal.
pub(super) fn hidden(names: &[String]) -> Option<String> {
    let columns = match names.len() {
        0 => return None,
        1 => "1 column is hidden".to_owned(),
        several => format!("{several} columns are hidden"),
    };
    Some(format!(
        "{columns}: {}. Choose with --columns, or see all with --output json.",
        list(names)
    ))
}

/// The note about selected columns that no item has.
pub(super) fn without_values(names: &[String]) -> String {
    format!("No item has a value for {}.", list(names))
}

fn list(names: &[String]) -> String {
    let shown = &names[..names.len().min(MOST)];
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
