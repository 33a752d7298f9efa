//! Holds the table of mutations against rustc and a run: a program that uses all that the crate of the base document offers is
//! compiled with the crate of each changed document, and run without a service.
//!
//! `cargo test -p specmill-review --test callers [NAME…]`; names choose mutations by what their names contain. It takes
//! minutes, so `cargo test` alone does not run it.

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

use table::{Mutation, base, mutations, options};
use workspace::{Judged, Workspace};

fn main() -> ExitCode {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let mut mutations = mutations();
    mutations.retain(|one| chosen.is_empty() || chosen.iter().any(|name| one.name.contains(name)));
    let workspace = Workspace::new();
    let before = table::surface(&base());
    workspace.add_crate("base", &base());
    workspace.add_program("caller-of-base", "base", &program::of(&before));
    for (index, mutation) in mutations.iter().enumerate() {
        let after = table::surface(&mutation.document);
        workspace.add_crate(&format!("mutation-{index}"), &mutation.document);
        workspace.add_program(
            &format!("caller-{index}"),
            &format!("mutation-{index}"),
            &program::of(&before),
        );
        // What only the newer crate offers does not compile with the older one.
        workspace.add_program(&format!("new-caller-{index}"), "base", &program::of(&after));
    }
    let judged = workspace.compile();
    if judged.of("caller-of-base")
        != &(Judged {
            compiles: true,
            deprecated: 0,
            runs: true,
        })
    {
        println!(
            "the program does not fit the crate that it was made for: {:?}\n{}",
            judged.of("caller-of-base"),
            judged.errors("caller-of-base")
        );
        return ExitCode::FAILURE;
    }
    let mut wrong = 0;
    for (index, mutation) in mutations.iter().enumerate() {
        let (old, new) = (
            judged.of(&format!("caller-{index}")),
            judged.of(&format!("new-caller-{index}")),
        );
        let found = verdict(old, new);
        if found == expected(mutation) {
            continue;
        }
        wrong += 1;
        println!(
            "{}: {found:?}, not {:?}\n{}",
            mutation.name,
            expected(mutation),
            judged.errors(&format!("caller-{index}"))
        );
    }
    println!(
        "{} mutations, {wrong} of them judged otherwise by rustc",
        mutations.len()
    );
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The verdict and the step that follow from what was compiled and run. Whether nothing or a patch is asked for, no program tells.
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
