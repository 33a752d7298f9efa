//! The pages of `docs/` and the README: their links resolve, and their Rust blocks are parts of programs that run on
//! the sandbox.

#![cfg(all(feature = "panther", feature = "scp"))]
#![allow(
    dead_code,
    unused_qualifications,
    unused_variables,
    clippy::items_after_statements,
    clippy::option_map_unit_fn,
    clippy::panic,
    clippy::semicolon_if_nothing_returned,
    clippy::similar_names,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "a page shows a part of a program, in the order in which it is read"
)]

mod acme;
mod blocks;
mod links;
mod pages;

/// The result of a program of a page.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A file of the repository.
fn read(file: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
