//! Generates clients from documents of our own, compiles all of them together once, and runs their tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "these are tests"
)]

mod check;
mod circles;
mod conformance;
mod files;
mod hundred;
mod idempotency;
mod incremental;
mod instances;
mod mistakes;
mod pages;
mod panther_pages;
mod project;
mod random;
mod random_operations;
mod random_versions;
mod reference;
mod webhooks;
mod wire;
