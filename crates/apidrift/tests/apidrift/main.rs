//! Tests of the comparison and of its output.

#![expect(clippy::unwrap_used, reason = "in a test a panic is a failure")]

mod all_of;
mod arbitrary;
mod cases;
mod command;
mod documents;
mod formats;
mod judgements;
mod lifecycle;
mod limits;
mod operations;
mod policy;
mod properties;
mod reach;
mod refactorings;
mod rules;
mod rust_verdicts;
mod schemas;
mod security;
mod support;
mod templates;
mod unions;
