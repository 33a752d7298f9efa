//! A public corpus of API documents: a client of each, and its measurements.
//!
//! No stage of the generator depends on this crate. It runs the generator as its users do, by its commands.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod command;
mod comparison;
mod documents;
mod drive;
mod generators;
mod measure;
mod process;
mod report;
mod sources;
mod workspace;

pub use command::Command;
pub use comparison::{Checked, Measured};
pub use report::{Check, Row, Table};
pub use sources::Sources;
