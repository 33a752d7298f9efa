//! What the comparison finds and how it tells it.

mod arbitrary;
mod command;
mod documents;
mod formats;
mod lifecycle;
mod operations;
mod policy;
mod properties;
mod reach;
mod refactorings;
mod rust_verdicts;
mod schemas;
mod support;
