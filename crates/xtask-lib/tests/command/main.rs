//! The command line: what it prints, what it exits with, and that it leaves the disk alone on errors.

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
