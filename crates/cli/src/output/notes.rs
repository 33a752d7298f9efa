//! Notes about the output, on standard error.

use std::io::{self, Write as _};

use crate::visible::visible;

/// Most names of columns that a note lists.
const MOST: usize = 12;

/// Writes a line to standard error. Where nobody reads it any more, nothing is written.
pub(crate) fn say(note: &str) {
    let _ = io::stderr().write_all(format!("{}\n", visible(note)).as_bytes());
}

/// The note on columns for which the terminal is too narrow.
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

/// The note on columns that were chosen and that no item has.
pub(super) fn without_values(names: &[String]) -> String {
    format!("No item has a value for {}.", list(names))
}

fn list(names: &[String]) -> String {
    let shown = &names[..names.len().min(MOST)];
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}
