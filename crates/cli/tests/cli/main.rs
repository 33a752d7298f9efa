//! Runs the command as users do, against the sandbox.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod completion;
mod downloads;
mod exit_codes;
mod help;
mod lists;
mod output;
mod profiles;
mod request;
mod requests;
mod selection;
mod settings;
mod support;
#[cfg(unix)]
mod terminal;
