//! `allOf` merged: one schema in place of a schema and the branches that hold together with it.
//!
//! Merging happens once, before anything is compared. A merged schema is an object of keywords that stay
//! where they were written, so whatever is found in one is reported at the place that declares it.
//! Keywords that two branches set differently, and that no single keyword can express, stay in an
//! `allOf` of the merged schema.

use std::collections::{HashMap, HashSet};

use super::reference::{MAX_HOPS, Targets};
use super::{Cursor, NodeId, Tree};

/// Branches nested deeper than this stay as they are written.
const MAX_DEPTH: usize = 64;

/// Merging may copy this many members for each value of the document: a long chain of schemas that
/// each extend the last one would otherwise take quadratic space.
const MEMBERS_PER_VALUE: usize = 2;

/// The merged schemas of a document.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Written to merged.
    schemas: HashMap<NodeId, NodeId>,
    /// Merged to written.
    sources: HashMap<NodeId, NodeId>,
    /// Merged schemas with the references in their `allOf` that add no constraint.
    redundant: HashMap<NodeId, Vec<NodeId>>,
    /// Schemas that were merged into others, or found equal to a part of one.
    parts: HashSet<NodeId>,
}

impl Merged {
    /// The merged form of the schema at `id`, if it has one.
    pub(super) fn of(&self, id: NodeId) -> Option<NodeId> {
        self.schemas.get(&id).copied()
    }

    /// Where a merged schema is written; any other value is its own source.
    pub(super) fn source(&self, id: NodeId) -> NodeId {
        self.sources.get(&id).copied().unwrap_or(id)
    }

    /// The references among the branches of a merged schema that add no constraint to the rest.
    pub(super) fn redundant(&self, merged: NodeId) -> &[NodeId] {
        self.redundant.get(&merged).map_or(&[], Vec::as_slice)
    }

    /// The schemas that were merged into others.
    pub(super) fn parts(&self) -> impl Iterator<Item = NodeId> {
        self.parts.iter().copied()
    }
}

/// Merges every schema of the tree that has an `allOf`.
pub(super) fn merge(tree: &mut Tree, targets: &Targets) -> Merged {
    let schemas: Vec<NodeId> = tree
        .all()
        .filter(|value| has_all_of(*value))
        .map(|value| value.id)
        .collect();
    if schemas.is_empty() {
        return Merged::default();
    }
    let mut merger = Merger {
        budget: tree.len().saturating_mul(MEMBERS_PER_VALUE),
        tree,
        targets,
        open: HashSet::new(),
        tried: HashSet::new(),
        merged: Merged::default(),
    };
    for schema in schemas {
        merger.schema(schema, 0);
    }
    merger.merged
}

fn has_all_of(value: Cursor<'_>) -> bool {
    value
        .get("allOf")
        .is_some_and(|branches| branches.is_array() && branches.len() > 0)
}

/// What becomes of a keyword that two branches set.
enum Combined {
    /// The value seen first says it all.
    First,
    /// The value seen later says it all.
    Later,
    /// Both together.
    Both(NodeId),
    /// No single value says it.
    Apart,
}

/// The keywords gathered so far.
#[derive(Default)]
struct Keywords {
    values: Vec<NodeId>,
    /// Where in `values` a keyword is.
    index: HashMap<String, usize>,
    /// What could not be gathered, for each branch.
    apart: Vec<(NodeId, Vec<NodeId>)>,
    /// Whether the last branch added a constraint.
    changed: bool,
}

struct Merger<'t> {
    tree: &'t mut Tree,
    targets: &'t Targets,
    /// Schemas that are being merged, to notice circles.
    open: HashSet<NodeId>,
    tried: HashSet<NodeId>,
    budget: usize,
    merged: Merged,
}

impl Merger<'_> {
    /// The merged schema, or `None` where it stays as it is written.
    fn schema(&mut self, id: NodeId, depth: usize) -> Option<NodeId> {
        if let Some(merged) = self.merged.of(id) {
            return Some(merged);
        }
        if depth > MAX_DEPTH || self.open.contains(&id) || self.tried.contains(&id) {
            return None;
        }
        self.open.insert(id);
        let merged = self.gather(id, depth);
        self.open.remove(&id);
        self.tried.insert(id);
        if let Some(merged) = merged {
            self.merged.schemas.insert(id, merged);
            self.merged.sources.insert(merged, id);
        }
        merged
    }

    fn gather(&mut self, id: NodeId, depth: usize) -> Option<NodeId> {
        let schema = self.tree.at(id);
        let list = schema.get("allOf")?;
        let branches: Vec<NodeId> = list.items().map(|branch| branch.id).collect();
        let list = list.id;
        let mut parts = Vec::with_capacity(branches.len());
        for &branch in &branches {
            parts.push(self.part(branch, depth)?);
        }
        let nullable = self.nullable(id, &parts);
        let mut keywords = Keywords::default();
        self.add(&mut keywords, id, true, depth)?;
        let mut redundant = Vec::new();
        for (&branch, &part) in branches.iter().zip(&parts) {
            keywords.changed = false;
            self.add(&mut keywords, part, part == branch, depth)?;
            if !keywords.changed && part != branch {
                redundant.push(branch);
            }
        }
        keywords.values.extend(nullable);
        if !keywords.apart.is_empty() {
            let mut rest = Vec::new();
            for (part, values) in keywords.apart {
                rest.push(self.tree.derive_object(part, values));
            }
            keywords.values.push(self.tree.derive_array(list, rest));
        }
        let merged = self.tree.derive_object(id, keywords.values);
        if !redundant.is_empty() {
            self.merged.redundant.insert(merged, redundant);
        }
        Some(merged)
    }

    /// The schema that a branch stands for, merged itself.
    fn part(&mut self, branch: NodeId, depth: usize) -> Option<NodeId> {
        let mut here = self.tree.at(branch);
        for _ in 0..=MAX_HOPS {
            match here.get("$ref").and_then(Cursor::as_symbol) {
                Some(reference) => {
                    here = self.tree.at(*self.targets.get(&reference)?);
                    self.merged.parts.insert(here.id);
                }
                None if has_all_of(here) => {
                    let id = here.id;
                    return self.schema(id, depth + 1);
                }
                None => return here.is_object().then_some(here.id),
            }
        }
        None
    }

    /// `nullable: true` where the schema says so itself, or every branch takes null.
    fn nullable(&self, id: NodeId, parts: &[NodeId]) -> Option<NodeId> {
        let stated = |id: NodeId| {
            let value = self.tree.at(id).get("nullable");
            value.filter(|value| value.is_true()).map(|value| value.id)
        };
        let says_nothing = |id: NodeId| {
            let mut members = self.tree.at(id).members();
            members.all(|(name, _)| is_annotation(name))
        };
        let beside = parts.iter().filter(|part| says_nothing(**part));
        let own = std::iter::once(&id)
            .chain(beside)
            .find_map(|id| stated(*id));
        own.or_else(|| {
            let mut constraining = parts.iter().filter(|part| !says_nothing(**part));
            let first = stated(*constraining.next()?)?;
            constraining
                .all(|part| stated(*part).is_some())
                .then_some(first)
        })
    }

    /// Adds the keywords of a schema. `inline` is false for a schema of its own that is referred to.
    fn add(
        &mut self,
        keywords: &mut Keywords,
        id: NodeId,
        inline: bool,
        depth: usize,
    ) -> Option<()> {
        let members: Vec<NodeId> = self
            .tree
            .at(id)
            .members()
            .map(|(_, value)| value.id)
            .collect();
        self.budget = self.budget.checked_sub(members.len())?;
        let residue = self.merged.sources.contains_key(&id);
        let mut apart = Vec::new();
        for value in members {
            let name = self.tree.at(value).name().to_owned();
            match name.as_str() {
                "allOf" if residue => {
                    // What could not be merged further down cannot be merged here either.
                    let rest: Vec<NodeId> =
                        self.tree.at(value).items().map(|item| item.id).collect();
                    for item in rest {
                        let values = self.tree.at(item).members().map(|(_, value)| value.id);
                        keywords.apart.push((item, values.collect()));
                    }
                    continue;
                }
                "allOf" | "nullable" => continue,
                // It tells the children of the schema apart, not those of what extends it.
                "discriminator" if !inline => continue,
                _ => {}
            }
            let Some(&index) = keywords.index.get(&name) else {
                keywords.changed |= !is_annotation(&name);
                keywords.index.insert(name, keywords.values.len());
                keywords.values.push(value);
                continue;
            };
            let first = keywords.values[index];
            match self.combine(&name, first, value, depth)? {
                Combined::First => {}
                Combined::Later => {
                    keywords.values[index] = value;
                    keywords.changed = true;
                }
                Combined::Both(both) => {
                    keywords.values[index] = both;
                    keywords.changed = true;
                }
                Combined::Apart => {
                    apart.push(value);
                    keywords.changed = true;
                }
            }
        }
        if !apart.is_empty() {
            keywords.apart.push((id, apart));
        }
        Some(())
    }

    fn combine(
        &mut self,
        name: &str,
        first: NodeId,
        later: NodeId,
        depth: usize,
    ) -> Option<Combined> {
        if self.equal(first, later, 0) {
            return Some(Combined::First);
        }
        let (one, other) = (self.tree.at(first), self.tree.at(later));
        Some(match name {
            "properties" | "patternProperties" | "dependentSchemas" => {
                return self.maps(first, later, depth);
            }
            "required" => self.union(first, later),
            "enum" => self.intersection(first, later),
            "type" => self.types(first, later),
            "minimum" | "minLength" | "minItems" | "minProperties" => tighter(one, other, false),
            "maximum" | "maxLength" | "maxItems" | "maxProperties" => tighter(one, other, true),
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" if one.is_true() => {
                Combined::First
            }
            "readOnly" | "writeOnly" | "deprecated" | "uniqueItems" => Combined::Later,
            "items" | "additionalProperties" | "unevaluatedProperties" => {
                let forbids = |value: Cursor<'_>| value.as_bool() == Some(false);
                let free = |value: Cursor<'_>| {
                    value.as_bool() == Some(true) || (value.is_object() && value.len() == 0)
                };
                if forbids(one) || free(other) {
                    Combined::First
                } else if forbids(other) || free(one) {
                    Combined::Later
                } else {
                    Combined::Both(self.both(first, later, depth)?)
                }
            }
            name if is_annotation(name) => Combined::First,
            _ => Combined::Apart,
        })
    }

    /// Whether two values are equal, by what they refer to. Where that takes too long to tell, they are not.
    fn equal(&mut self, first: NodeId, later: NodeId, depth: usize) -> bool {
        let (mut one, mut other) = (self.tree.at(first), self.tree.at(later));
        if one.digest() == other.digest() {
            return true;
        }
        let refers = one.refers() || other.refers();
        if !refers || depth > MAX_DEPTH || self.budget == 0 {
            return false;
        }
        self.budget -= 1;
        for value in [&mut one, &mut other] {
            for _ in 0..=MAX_HOPS {
                let reference = value.get("$ref").and_then(Cursor::as_symbol);
                match reference.and_then(|reference| self.targets.get(&reference)) {
                    Some(&target) => {
                        self.merged.parts.insert(target);
                        *value = self.tree.at(target);
                    }
                    None => break,
                }
            }
        }
        if one.digest() == other.digest() {
            return true;
        }
        if one.len() != other.len() || one.len() == 0 || one.is_array() != other.is_array() {
            return false;
        }
        let pairs: Vec<(NodeId, NodeId)> = if one.is_array() {
            let pairs = one.items().zip(other.items());
            pairs.map(|(one, other)| (one.id, other.id)).collect()
        } else {
            if !one
                .members()
                .zip(other.members())
                .all(|(one, other)| one.0 == other.0)
            {
                return false;
            }
            let pairs = one.members().zip(other.members());
            pairs.map(|(one, other)| (one.1.id, other.1.id)).collect()
        };
        pairs
            .into_iter()
            .all(|(one, other)| self.equal(one, other, depth + 1))
    }

    /// Two schemas for one value.
    fn both(&mut self, first: NodeId, later: NodeId, depth: usize) -> Option<NodeId> {
        // Any `allOf` lends its name to the new one: a derived array is named as what it is like.
        let named = self.tree.at(*self.open.iter().next()?).get("allOf")?.id;
        self.budget = self.budget.checked_sub(2)?;
        let list = self.tree.derive_array(named, vec![first, later]);
        let both = self.tree.derive_object(first, vec![list]);
        self.schema(both, depth + 1);
        Some(both)
    }

    fn maps(&mut self, first: NodeId, later: NodeId, depth: usize) -> Option<Combined> {
        let entries: Vec<NodeId> = self
            .tree
            .at(later)
            .members()
            .map(|(_, value)| value.id)
            .collect();
        let mut values: Vec<NodeId> = self
            .tree
            .at(first)
            .members()
            .map(|(_, value)| value.id)
            .collect();
        self.budget = self.budget.checked_sub(entries.len() + values.len())?;
        let mut changed = false;
        let mut index: HashMap<String, usize> = HashMap::new();
        for (position, &value) in values.iter().enumerate() {
            index.insert(self.tree.at(value).name().to_owned(), position);
        }
        for entry in entries {
            match index.get(self.tree.at(entry).name()) {
                None => {
                    values.push(entry);
                    changed = true;
                }
                Some(&position) => {
                    let known = values[position];
                    if !self.equal(known, entry, 0) {
                        values[position] = self.both(known, entry, depth)?;
                        changed = true;
                    }
                }
            }
        }
        Some(if changed {
            Combined::Both(self.tree.derive_object(first, values))
        } else {
            Combined::First
        })
    }

    fn union(&mut self, first: NodeId, later: NodeId) -> Combined {
        let mut values: Vec<NodeId> = self.tree.at(first).items().map(|item| item.id).collect();
        let known: HashSet<u64> = self.tree.at(first).items().map(Cursor::digest).collect();
        let count = values.len();
        let more = self.tree.at(later).items();
        values.extend(
            more.filter(|item| !known.contains(&item.digest()))
                .map(|item| item.id),
        );
        if values.len() == count {
            return Combined::First;
        }
        Combined::Both(self.tree.derive_array(first, values))
    }

    fn intersection(&mut self, first: NodeId, later: NodeId) -> Combined {
        let kept: HashSet<u64> = self.tree.at(later).items().map(Cursor::digest).collect();
        let (one, other) = (self.tree.at(first), self.tree.at(later));
        let shared: Vec<NodeId> = one
            .items()
            .filter(|item| kept.contains(&item.digest()))
            .map(|item| item.id)
            .collect();
        if shared.is_empty() {
            Combined::Apart
        } else if shared.len() == one.len() {
            Combined::First
        } else if shared.len() == other.len() {
            Combined::Later
        } else {
            Combined::Both(self.tree.derive_array(first, shared))
        }
    }

    /// The types that both lists have; an integer is a number.
    fn types(&mut self, first: NodeId, later: NodeId) -> Combined {
        fn names(tree: &Tree, id: NodeId) -> Vec<(&str, NodeId)> {
            let kind = tree.at(id);
            let items = kind
                .items()
                .filter_map(|item| Some((item.as_str()?, item.id)));
            kind.as_str()
                .map(|name| (name, id))
                .into_iter()
                .chain(items)
                .collect()
        }
        let (one, other) = (names(self.tree, first), names(self.tree, later));
        let has = |list: &[(&str, NodeId)], wanted: &str| {
            list.iter()
                .any(|(name, _)| *name == wanted || (*name == "number" && wanted == "integer"))
        };
        let from_one = one.iter().filter(|(name, _)| has(&other, name));
        let from_other = other.iter().filter(|(name, _)| {
            *name == "integer" && has(&one, name) && !one.iter().any(|(one, _)| one == name)
        });
        let shared: Vec<NodeId> = from_one.chain(from_other).map(|(_, id)| *id).collect();
        if shared.is_empty() {
            Combined::Apart
        } else if shared.len() == one.len() && one.iter().all(|(_, id)| shared.contains(id)) {
            Combined::First
        } else if shared.len() == other.len()
            && other.iter().all(|(name, _)| {
                shared
                    .iter()
                    .any(|id| self.tree.at(*id).as_str() == Some(name))
            })
        {
            Combined::Later
        } else {
            Combined::Both(self.tree.derive_array(first, shared))
        }
    }
}

fn tighter(one: Cursor<'_>, other: Cursor<'_>, upper: bool) -> Combined {
    let (Some(from), Some(to)) = (one.as_number(), other.as_number()) else {
        return Combined::Apart;
    };
    if (from.as_f64() <= to.as_f64()) == upper {
        Combined::First
    } else {
        Combined::Later
    }
}

fn is_annotation(name: &str) -> bool {
    crate::compare::is_annotation(name)
}
