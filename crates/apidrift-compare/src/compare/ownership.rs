//! Finds the schemas that were added or removed together with an operation.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::paths::METHODS;
use apidrift_document::{Cursor, Document, NodeId};

/// An operation that only one document has, with the finding about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lone {
    operation: NodeId,
    found: usize,
}

impl Lone {
    pub(super) fn new(operation: Cursor<'_>, found: usize) -> Self {
        Self {
            operation: operation.id,
            found,
        }
    }
}

/// For each schema that only such operations use, the finding of the first one.
pub(super) fn owners(
    document: &Document,
    lone: &[Lone],
    schemas: &BTreeMap<&str, Cursor<'_>>,
) -> HashMap<NodeId, usize> {
    let mut owners = HashMap::new();
    if lone.is_empty() || schemas.is_empty() {
        return owners;
    }
    let apart: HashSet<NodeId> = lone.iter().map(|lone| lone.operation).collect();
    let mut seen = HashSet::new();
    for start in kept(document, &apart) {
        walk(document, start, &mut seen);
    }
    let asked: HashSet<NodeId> = schemas.values().map(|schema| schema.id).collect();
    for lone in lone {
        for target in walk(document, document.at(lone.operation), &mut seen) {
            if asked.contains(&target) {
                owners.insert(target, lone.found);
            }
        }
    }
    owners
}

/// Everything that is reachable without the operations in `apart`.
fn kept<'a>(document: &'a Document, apart: &HashSet<NodeId>) -> Vec<Cursor<'a>> {
    let root = document.root();
    let section = |name: &str| root.get(name).into_iter().flat_map(Cursor::members);
    let mut starts: Vec<Cursor<'a>> = section("webhooks")
        .chain(section("x-webhooks"))
        .map(|(_, item)| item)
        .collect();
    for (_, item) in section("paths") {
        let item = document.resolve(item).target;
        let parts = item.members().map(|(_, part)| part);
        let whole = item.members().all(|(name, _)| !METHODS.contains(&name));
        // The parameters of a path belong to its operations if all of them were added.
        let lone = item
            .members()
            .filter(|(name, _)| METHODS.contains(name))
            .all(|(_, operation)| apart.contains(&operation.id));
        starts.extend(parts.filter(|part| (whole || !lone) && !apart.contains(&part.id)));
    }
    starts
}

/// The locations that references below `start` resolve to, directly or indirectly, except those in
/// `seen`.
fn walk(document: &Document, start: Cursor<'_>, seen: &mut HashSet<NodeId>) -> Vec<NodeId> {
    let (mut found, mut open) = (Vec::new(), vec![start.id]);
    while let Some(id) = open.pop() {
        let here = document.at(id);
        if let Some(target) = document.follow(here)
            && seen.insert(target.id)
        {
            found.push(target.id);
            open.push(target.id);
        }
        let members = here.members().map(|(_, member)| member);
        let inner = members.chain(here.items());
        open.extend(inner.filter(|value| value.refers()).map(|value| value.id));
    }
    found
}
