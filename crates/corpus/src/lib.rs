//! Generates a client for each document of a public corpus, and measures the results.
//!
//! No stage of the generator depends on this crate. It runs the generator's commands, as users do.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod checked;
mod command;
mod comparison;
mod declarations;
mod documents;
mod drive;
mod generators;
mod measure;
mod process;
mod report;
mod sources;
mod typing;
mod workspace;

pub use command::Command;
pub use comparison::{Checked, Measured};
pub use report::{Check, Row, Table};
pub use sources::Sources;
