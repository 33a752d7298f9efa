//! Imports of pages to `specs/<api>/published/`, and of documents.

#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_box_returns,
    clippy::needless_pass_by_value,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test may stop anywhere, and is read before it is run"
)]

mod changes;
mod hostile;
mod mutations;
mod pages;
mod record;
