//! What the comparison finds and how it tells it.

#![expect(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod arbitrary;
mod cases;
mod command;
mod documents;
mod formats;
mod lifecycle;
mod limits;
mod operations;
mod policy;
mod properties;
mod reach;
mod refactorings;
mod rust_verdicts;
mod schemas;
mod support;
