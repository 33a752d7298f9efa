//! The effect of single changes of a document on Rust callers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "these are tests"
)]

mod table;

use std::sync::OnceLock;

use apidrift::{Document, Report, Semver, Verdict};
use serde_json::Value;
use specmill_review::{RustChange, compare_crates, compare_surfaces};
use specmill_surface::Surface;
use table::{base, mutations, surface};

fn report(old: &Value, new: &Value) -> Report {
    let document = |value| Document::from_value(value, "openapi.json").unwrap();
    apidrift::compare_with(
        &document(old),
        &document(new),
        &apidrift::Options::default(),
    )
}

/// The report on a changed document, and the differences of the crates.
fn reviewed(new: &Value) -> (Report, Vec<RustChange>) {
    static BASE: OnceLock<(Value, Surface)> = OnceLock::new();
    let (old, old_surface) = BASE.get_or_init(|| (base(), surface(&base())));
    let mut report = report(old, new);
    let changes = compare_crates(&mut report, (old, old_surface), (new, &surface(new)));
    (report, changes)
}

fn named(name: &str) -> (Report, Vec<RustChange>) {
    let mutation = mutations().into_iter().find(|one| one.name == name);
    reviewed(
        &mutation
            .unwrap_or_else(|| panic!("no mutation is called {name}"))
            .document,
    )
}

#[test]
fn the_surfaces_determine_the_verdict_and_the_step_of_each_mutation() {
    let mut wrong = String::new();
    for mutation in mutations() {
        let (report, changes) = reviewed(&mutation.document);
        let verdict = changes.iter().map(|change| change.verdict).max();
        let verdict = verdict.unwrap_or(Verdict::Compatible).as_str();
        let step = changes
            .iter()
            .map(RustChange::step)
            .max()
            .unwrap_or(report.semver)
            .max(report.semver);
        let (rust, expected) = &mutation.expected;
        if (verdict, step.as_str()) != (rust, expected) {
            let all: Vec<&str> = changes
                .iter()
                .map(|change| change.message.as_str())
                .collect();
            wrong += &format!(
                "{}: {verdict}, {step}, not {rust}, {expected}\n    {}\n",
                mutation.name,
                all.join("\n    ")
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_difference_is_linked_to_the_change_of_the_document_that_caused_it() {
    // The comparison of documents does not know these, so their differences have no cause.
    let unknown = [
        "operation: of another permission",
        "operation: of another tag",
        "operation: with an idempotency key",
        "response: header in lower case",
    ];
    let mut alone = String::new();
    for mutation in mutations() {
        let area = mutation.name.split(':').next().unwrap();
        let known = !["paging", "server", "setting"].contains(&area)
            && !unknown.contains(&mutation.name.as_str());
        for change in reviewed(&mutation.document).1 {
            if known && change.causes.is_empty() {
                alone += &format!("{}: {change}\n", mutation.name);
            }
        }
    }
    assert!(alone.is_empty(), "\n{alone}");
}

#[test]
fn a_change_lists_its_items_with_the_most_severe_first() {
    let (report, _) = named("body: removed");
    let change = &report.changes[0];
    assert_eq!(
        (change.wire, change.rust),
        (Verdict::Breaking, Verdict::Breaking)
    );
    assert_eq!(
        change.message,
        "PATCH /users/{id}, request body: request body was removed; in Rust, `operations::UserUpdate::body` is gone, \
         `types::UserPatch` is gone"
    );
}

#[test]
fn a_difference_without_a_change_of_the_document_has_no_cause() {
    let (report, changes) = named("paging: no longer recognised");
    assert!(report.changes.is_empty());
    let alone: Vec<&str> = changes
        .iter()
        .filter(|change| change.causes.is_empty() && change.verdict == Verdict::Breaking)
        .map(|change| change.message.as_str())
        .collect();
    assert_eq!(
        alone,
        [
            "`operations::UserList::pages` is gone",
            "`operations::UserList::stream` is gone",
            "`types::UserPage` no longer implements `paging::Page`"
        ]
    );
}

#[test]
fn a_change_without_an_effect_on_the_crate_is_compatible_for_rust() {
    let (report, changes) = named("member: integer of another format");
    assert_eq!(changes, []);
    assert_eq!(report.changes[0].rust, Verdict::Compatible);
    assert_eq!(report.semver, Semver::Patch);
}

#[test]
fn apidrift_alone_estimates_the_same_except_for_the_listed_reasons() {
    let mut wrong = String::new();
    for mutation in mutations() {
        let found = report(&base(), &mutation.document);
        let verdict = found.changes.iter().map(|change| change.rust).max();
        let verdict = verdict.unwrap_or(Verdict::Compatible).as_str();
        let (rust, step) = mutation.estimate.as_ref().unwrap_or(&mutation.expected);
        if (verdict, found.semver.as_str()) != (rust, step) {
            let all: Vec<&str> = found
                .changes
                .iter()
                .map(|change| change.rule.id())
                .collect();
            wrong += &format!(
                "{}: {verdict}, {}, not {rust}, {step} ({})\n",
                mutation.name,
                found.semver,
                all.join(", ")
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_crate_has_no_differences_from_itself() {
    assert_eq!(compare_surfaces(&surface(&base()), &surface(&base())), []);
}
