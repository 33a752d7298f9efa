//! The command line: output, exit codes, and no changed files after errors.

#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_box_returns,
    clippy::needless_pass_by_value,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test may stop anywhere, and is read before it is run"
)]

#[path = "../program/mod.rs"]
mod program;

mod bad_input;
mod help;
mod import;
mod new;
mod prepare;
mod progenitor;
