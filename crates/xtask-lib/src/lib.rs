//! The commands that generate typed clients from vendor documentation, for any workspace.
//!
//! ```
//! use specmill_xtask::{new, regen};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let root = folder.path();
//! # std::fs::write(root.join("Cargo.toml"), "[workspace]\nmembers = [\"crates/*\"]\n").unwrap();
//! # let file = root.join("pets.yaml");
//! # std::fs::write(&file, "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets:\n    get: {operationId: list_pets, responses: {'204': {description: Nothing}}}\n").unwrap();
//! # let pets = file.to_str().unwrap();
//! // As `cargo xtask new pets pets.yaml` and `cargo xtask regen`:
//! let document = specmill_docs::source::read(pets, None)?;
//! let made = new::prepare(root, "pets", &new::Options::default(), vec![document], "2026-01-02")?;
//! made.plan.carry_out(root)?;
//! let regenerated = regen::regenerate(root, None)?;
//! assert_eq!(regenerated.apis[0].operations, 1);
//! regenerated.output.plan(root)?.carry_out(root)?;
//! assert!(root.join("crates/pets/src/lib.rs").is_file());
//! # Ok(())
//! # }
//! ```
//!
//! [`main`] is the main function of a workspace's xtask. [`workspace::Settings`] are the settings in the workspace's
//! manifest.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

pub mod api;
pub mod command;
mod facade;
pub mod import;
pub mod input;
mod marks;
pub mod new;
pub mod output;
pub mod regen;
pub mod remove;
#[cfg(feature = "review")]
mod surface;
pub mod workspace;

use std::process::ExitCode;

pub use command::{Command, Run, print_line, run};

/// The allocator of every program that is built with the feature, `cargo xtask` as well as `cargo specmill`: documents
/// consist of millions of small values, which take twice the time with the system's allocator.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the xtask of a workspace.
pub fn main() -> ExitCode {
    run::<Command>(std::env::args_os())
}
