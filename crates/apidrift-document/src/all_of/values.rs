//! Combines the values of one keyword in several schemas.

use std::collections::{BTreeMap, HashSet};

use super::{MAX_DEPTH, Merger, Part};
use crate::keywords::is_annotation;
use crate::tree::{Cursor, NodeId};

/// The result of combining the values of a keyword that several parts have.
pub(super) enum Kept {
    One(NodeId),
    None,
    /// They cannot be combined: the first is kept, and the others remain beside it.
    Apart,
}

impl Merger<'_> {
    pub(super) fn keyword(
        &mut self,
        name: &str,
        values: &[(usize, NodeId)],
        parts: &[Part],
        depth: usize,
    ) -> Kept {
        let ids: Vec<NodeId> = self.distinct(values);
        if name == "nullable" {
            return self.nullable(values, parts);
        }
        let [first, others @ ..] = ids.as_slice() else {
            return Kept::None;
        };
        if others.is_empty() {
            return Kept::One(*first);
        }
        let arrays = ids.iter().all(|id| self.tree.at(*id).is_array());
        let objects = ids.iter().all(|id| self.tree.at(*id).is_object());
        let kept = match name {
            "required" if arrays => self.union(*first, &ids),
            "type" => self.types(*first, &ids),
            "enum" if arrays => self.values(*first, &ids),
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions"
                if objects =>
            {
                self.maps(*first, &ids, depth)
            }
            "items"
            | "additionalProperties"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.within(&ids, depth),
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                self.bound(&ids, |one, other| one < other)
            }
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
                self.bound(&ids, |one, other| one > other)
            }
            "uniqueItems" | "readOnly" | "writeOnly" | "deprecated" => {
                ids.iter().copied().find(|id| self.tree.at(*id).is_true())
            }
            name if is_annotation(name) => Some(*first),
            _ => None,
        };
        kept.map_or(Kept::Apart, Kept::One)
    }

    /// Whether two values are equivalent, by reference or inline. False if that takes too long to determine. Records the
    /// schemas that the second refers to.
    pub(super) fn equal(&mut self, one: NodeId, other: NodeId, left: &mut usize) -> bool {
        let Some(rest) = left.checked_sub(1) else {
            return false;
        };
        *left = rest;
        let (one, _) = self.meant(one);
        let (other, passed) = self.meant(other);
        self.passed.extend(passed);
        let (from, to) = (self.tree.at(one), self.tree.at(other));
        if one == other || from.digest() == to.digest() {
            return true;
        }
        let alike = (from.is_object() && to.is_object()) || (from.is_array() && to.is_array());
        let names = |value: Cursor<'_>| -> Vec<String> {
            value.members().map(|(name, _)| name.to_owned()).collect()
        };
        let values = |value: Cursor<'_>| -> Vec<NodeId> {
            let members = value.members().map(|(_, member)| member.id);
            members.chain(value.items().map(|item| item.id)).collect()
        };
        if !alike || from.len() != to.len() || names(from) != names(to) {
            return false;
        }
        let pairs: Vec<_> = values(from).into_iter().zip(values(to)).collect();
        pairs
            .into_iter()
            .all(|(one, other)| self.equal(one, other, left))
    }

    /// The target of a reference, with the schemas that were followed.
    fn meant(&self, value: NodeId) -> (NodeId, Vec<NodeId>) {
        let (mut here, mut passed) = (value, Vec::new());
        while passed.len() < MAX_DEPTH {
            let reference = self.tree.at(here).get("$ref").and_then(Cursor::as_symbol);
            match reference.and_then(|reference| self.targets.get(&reference)) {
                Some(target) if self.tree.at(here).len() == 1 => {
                    here = *target;
                    passed.push(here);
                }
                _ => break,
            }
        }
        (here, passed)
    }

    /// The values with different content, in order.
    fn distinct(&self, values: &[(usize, NodeId)]) -> Vec<NodeId> {
        let mut seen = HashSet::new();
        values
            .iter()
            .map(|value| value.1)
            .filter(|id| seen.insert(self.tree.at(*id).digest()))
            .collect()
    }

    /// Null is valid if every part accepts it. `nullable` beside other schemas applies to all of them.
    fn nullable(&self, values: &[(usize, NodeId)], parts: &[Part]) -> Kept {
        let is_true = |value: &&(usize, NodeId)| self.tree.at(value.1).is_true();
        let Some(first) = values.iter().find(is_true) else {
            return Kept::None;
        };
        let around = |value: &(usize, NodeId)| {
            let part = parts[value.0];
            part.own
                && self
                    .tree
                    .at(part.schema)
                    .members()
                    .all(|(name, _)| matches!(name, "allOf" | "$ref") || is_annotation(name))
        };
        let takes_null = |part: &Part| {
            let schema = self.tree.at(part.schema);
            let listed = |kind: Cursor<'_>| kind.items().any(|item| item.as_str() == Some("null"));
            schema.get("nullable").is_some_and(Cursor::is_true)
                || schema.get("type").is_none_or(listed)
        };
        let wanted = values.iter().filter(is_true).any(around);
        if wanted || parts.iter().all(takes_null) {
            Kept::One(first.1)
        } else {
            Kept::None
        }
    }

    fn union(&mut self, place: NodeId, lists: &[NodeId]) -> Option<NodeId> {
        let mut seen = HashSet::new();
        let items: Vec<NodeId> = lists
            .iter()
            .flat_map(|list| self.tree.at(*list).items())
            .filter(|item| seen.insert(item.digest()))
            .map(|item| item.id)
            .collect();
        self.array(place, &items)
    }

    /// The types that all lists have in common. An integer is a number.
    fn types(&mut self, place: NodeId, lists: &[NodeId]) -> Option<NodeId> {
        let listed = |id: NodeId| {
            let kind = self.tree.at(id);
            let items: Vec<Cursor<'_>> = if kind.is_array() {
                kind.items().collect()
            } else {
                vec![kind]
            };
            items
        };
        let takes = |list: &[Cursor<'_>], name: Option<&str>| {
            list.iter().any(|item| {
                item.as_str() == name
                    || (name == Some("integer") && item.as_str() == Some("number"))
            })
        };
        let all: Vec<Vec<Cursor<'_>>> = lists.iter().map(|id| listed(*id)).collect();
        let mut seen = HashSet::new();
        let kept: Vec<NodeId> = all
            .iter()
            .flatten()
            .filter(|item| all.iter().all(|list| takes(list, item.as_str())))
            .filter(|item| seen.insert(item.digest()))
            .map(|item| item.id)
            .collect();
        match kept.as_slice() {
            [] => None,
            [one] => {
                // A single type is written without a list if any part writes it so.
                let digest = self.tree.at(*one).digest();
                let alone = lists
                    .iter()
                    .find(|id| self.tree.at(**id).digest() == digest);
                alone.copied().or_else(|| self.array(place, &kept))
            }
            _ => self.array(place, &kept),
        }
    }

    fn values(&mut self, place: NodeId, lists: &[NodeId]) -> Option<NodeId> {
        let sets: Vec<HashSet<u64>> = lists
            .iter()
            .map(|list| self.tree.at(*list).items().map(Cursor::digest).collect())
            .collect();
        let kept: Vec<NodeId> = self
            .tree
            .at(place)
            .items()
            .filter(|item| sets.iter().all(|set| set.contains(&item.digest())))
            .map(|item| item.id)
            .collect();
        if kept.is_empty() {
            return None;
        }
        self.array(place, &kept)
    }

    fn maps(&mut self, place: NodeId, maps: &[NodeId], depth: usize) -> Option<NodeId> {
        let mut entries: BTreeMap<String, Vec<(usize, NodeId)>> = BTreeMap::new();
        for map in maps {
            for (name, value) in self.tree.at(*map).members() {
                let entry = entries.entry(name.to_owned()).or_default();
                entry.push((0, value.id));
            }
        }
        let mut members = Vec::new();
        for values in entries.into_values() {
            members.push(match self.distinct(&values).as_slice() {
                [one] => *one,
                several => self.within(several, depth)?,
            });
        }
        self.object(place, members)
    }

    /// Merges the schemas that several parts have for the same keyword or property.
    fn within(&mut self, schemas: &[NodeId], depth: usize) -> Option<NodeId> {
        let is = |id: &&NodeId, value| self.tree.at(**id).as_bool() == Some(value);
        if let Some(none) = schemas.iter().find(|id| is(id, false)) {
            return Some(*none);
        }
        let some: Vec<NodeId> = schemas.iter().filter(|id| !is(id, true)).copied().collect();
        match some.as_slice() {
            [] => schemas.first().copied(),
            [one] => Some(*one),
            several => {
                if let Some(known) = self.known.get(several) {
                    return *known;
                }
                // Recursive schemas would not terminate, so their parts are kept.
                self.known.insert(several.to_vec(), None);
                let merged = self.schema(several, depth + 1);
                self.known.insert(several.to_vec(), merged);
                merged
            }
        }
    }

    /// The tightest bound. `None` if one is not a number.
    fn bound(&self, ids: &[NodeId], tighter: fn(f64, f64) -> bool) -> Option<NodeId> {
        let mut best: Option<(f64, NodeId)> = None;
        for id in ids {
            let value = self.tree.at(*id).as_number()?.as_f64();
            if best.is_none_or(|(tightest, _)| tighter(value, tightest)) {
                best = Some((value, *id));
            }
        }
        best.map(|(_, id)| id)
    }
}
