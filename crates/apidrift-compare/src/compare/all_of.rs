//! Compares the list of an `allOf` itself, in addition to its merged schema.

use std::collections::HashSet;

use super::branches::says_nothing;
use super::view::{self, Meant};
use super::{Context, Engine, Shown, pairing};
use crate::rules::Finding;
use apidrift_document::{Cursor, Document};

/// Longer lists are compared only by their merged schemas.
const MAX_SUBSCHEMAS: usize = 256;

impl<'a> Engine<'a> {
    /// Reports added and removed subschemas that do not affect the merged schema: those that only describe, and named ones that
    /// repeat the others.
    pub(super) fn all_of_lists(&mut self, was: &Meant<'a>, is: &Meant<'a>, context: Context) {
        let (from, to) = (list(was.written), list(is.written));
        if from.len().max(to.len()) > MAX_SUBSCHEMAS || (from.is_empty() && to.is_empty()) {
            return;
        }
        let both = !from.is_empty() && !to.is_empty();
        let name = |document: &'a Document, branch: &Cursor<'a>| {
            view::meant(document, *branch).component.map(Cursor::name)
        };
        let digest = |document: &'a Document, branch: &Cursor<'a>| {
            Some(view::meant(document, *branch).target.digest())
        };
        let (gone, come, _) = pairing::by_key(
            from.clone(),
            to.clone(),
            |branch| name(self.old, branch),
            |branch| name(self.new, branch),
        );
        let (gone, come, _) = pairing::by_key(
            gone,
            come,
            |branch| digest(self.old, branch),
            |branch| digest(self.new, branch),
        );
        let repeated = |document, list: &[Cursor<'a>], branch| {
            both && view::meant(document, branch).component.is_some()
                && says_no_more(document, list, branch)
        };
        for branch in &gone {
            let finding = if only_describes(*branch) {
                Finding::AllOfRemovedAnnotation
            } else if come.is_empty() && repeated(self.old, &from, *branch) {
                Finding::AllOfRemoved
            } else {
                continue;
            };
            let label = label(self.old, *branch);
            self.finding(finding, context.place, Some(*branch), Some(is.target))
                .shows(Shown::Old(branch.id), Shown::Nothing)
                .about(label);
        }
        for branch in &come {
            let finding = if only_describes(*branch) {
                Finding::AllOfAddedAnnotation
            } else if gone.is_empty() && repeated(self.new, &to, *branch) {
                Finding::AllOfAdded
            } else {
                continue;
            };
            let label = label(self.new, *branch);
            self.finding(finding, context.place, Some(was.target), Some(*branch))
                .shows(Shown::Nothing, Shown::New(branch.id))
                .about(label);
        }
    }
}

/// The name of the component or the title, if it has one.
fn label(document: &Document, branch: Cursor<'_>) -> Option<String> {
    let meant = view::meant(document, branch);
    let title = meant.target.get("title").and_then(Cursor::as_str);
    let name = meant.component.map(Cursor::name).or(title);
    name.map(str::to_owned)
}

/// Whether a subschema consists only of annotations.
fn only_describes(branch: Cursor<'_>) -> bool {
    !branch.is_empty() && says_nothing(branch) && branch.get("$ref").is_none()
}

fn list(schema: Cursor<'_>) -> Vec<Cursor<'_>> {
    let list = schema.get("allOf").into_iter();
    list.flat_map(Cursor::items).collect()
}

/// Whether the other subschemas already contain everything in `branch`.
fn says_no_more(document: &Document, list: &[Cursor<'_>], branch: Cursor<'_>) -> bool {
    let others: HashSet<(&str, u64)> = list
        .iter()
        .filter(|other| other.id != branch.id)
        .flat_map(|other| statements(document, *other))
        .collect();
    let all = statements(document, branch);
    all.into_iter().all(|statement| others.contains(&statement))
}

/// The keywords of a subschema with the digests of their values; properties and required names are listed individually.
fn statements<'a>(document: &'a Document, branch: Cursor<'a>) -> Vec<(&'a str, u64)> {
    let mut statements = Vec::new();
    for (keyword, value) in view::meant(document, branch).target.members() {
        match keyword {
            "properties" => {
                statements.extend(value.members().map(|(name, of)| (name, of.digest())));
            }
            "required" => statements.extend(value.items().map(|name| ("required", name.digest()))),
            _ if view::is_annotation(keyword) => {}
            _ => statements.push((keyword, value.digest())),
        }
    }
    statements
}
