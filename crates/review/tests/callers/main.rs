//! Checks the table of mutations with rustc and a run: a program that uses everything that the crate of the base document
//! offers is compiled with the crate of each changed document, and run without a service.
//!
//! `cargo test -p specmill-review --test callers [NAME…]` selects mutations whose names contain `NAME`. It takes minutes, so
//! `cargo test` alone does not run it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "these are tests"
)]

mod program;
#[path = "../mutations/table.rs"]
mod table;
mod workspace;

use std::process::ExitCode;
use std::sync::Mutex;

use specmill_surface::Surface;
use table::{Mutation, base, mutations};
use workspace::{Crate, Judged, Workspace};

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let mut all = mutations();
    all.retain(|one| chosen.is_empty() || chosen.iter().any(|name| one.name.contains(name)));
    let workspace = Workspace::new();
    let before = table::surface(&base());
    let older = workspace.add_crate("base", &base());
    let caller = workspace.judge(&older, &program::of(&before), true);
    if !caller.runs || caller.deprecated > 0 {
        println!(
            "the program does not fit the crate that it was made for: {}",
            caller.errors
        );
        return ExitCode::FAILURE;
    }
    let count = all.len();
    let waiting = Mutex::new(all.into_iter().enumerate());
    let wrong = Mutex::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some((index, mutation)) = next else {
                        break;
                    };
                    let newer = format!("mutation-{index}");
                    if let Err(problem) = judge(&workspace, &mutation, (&older, &before), &newer) {
                        println!("{problem}");
                        *wrong.lock().unwrap() += 1;
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{count} mutations, {wrong} of them judged otherwise by rustc");
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Compiles the program for each crate with the other crate.
fn judge(
    workspace: &Workspace,
    mutation: &Mutation,
    (older, before): (&Crate, &Surface),
    name: &str,
) -> Result<(), String> {
    let after = table::surface(&mutation.document);
    let newer = workspace.add_crate(name, &mutation.document);
    let old = workspace.judge(&newer, &program::of(before), true);
    // Uses of items that only the newer crate offers do not compile with the older one.
    let new = workspace.judge(older, &program::of(&after), false);
    let (found, expected) = (verdict(&old, &new), expected(mutation));
    if found == expected {
        return Ok(());
    }
    let errors: Vec<&str> = old.errors.lines().take(12).collect();
    Err(format!(
        "{}: {found:?}, not {expected:?}\n{}",
        mutation.name,
        errors.join("\n")
    ))
}

/// The verdict and the step that result from compiling and running. A program cannot distinguish a patch from no change.
fn verdict(old: &Judged, new: &Judged) -> (&'static str, &'static str) {
    if !(old.compiles && old.runs) {
        ("breaking", "major")
    } else if old.deprecated > 0 {
        ("warning", "minor")
    } else if !new.compiles {
        ("compatible", "minor")
    } else {
        ("compatible", "patch")
    }
}

fn expected(mutation: &Mutation) -> (&str, &str) {
    let (rust, step) = mutation.rustc.as_ref().unwrap_or(&mutation.expected);
    (rust, if step == "none" { "patch" } else { step })
}
