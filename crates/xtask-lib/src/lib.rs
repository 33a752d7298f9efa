//! The commands that make typed clients of vendor documentation, for any workspace.
#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

pub mod api;
pub mod command;
mod facade;
pub mod import;
pub mod input;
pub mod new;
pub mod output;
pub mod regen;

use std::process::ExitCode;

pub use command::{Command, Run, print_line, run};

/// The whole of a workspace's xtask.
pub fn main() -> ExitCode {
    run::<Command>(std::env::args_os())
}
