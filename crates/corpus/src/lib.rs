//! A public corpus of API documents: what becomes of each.
//!
//! No stage of the generator depends on this crate. It runs the generator as its users do, by its commands.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod command;
mod documents;
mod drive;
mod measure;
mod peers;
mod process;
mod report;
mod workspace;

pub use command::Command;
pub use report::{Check, Row, Table};
