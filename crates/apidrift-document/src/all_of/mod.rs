//! Merges the schemas of an `allOf` into one.
//!
//! A merged schema is a value of the tree like any other. Its properties are the values as written, so each keeps its location
//! in the document; only values that combine several subschemas are created. Keywords that cannot be combined stay in an
//! `allOf` of the merged schema.

mod values;

use std::collections::{BTreeMap, HashMap, HashSet};

use values::Kept;

use super::keywords::is_annotation;
use super::reference::Targets;
use super::tree::{Cursor, NodeId, Tree};

/// Schemas that hold more subschemas together are compared as they are written.
const MAX_PARTS: usize = 256;
/// Subschemas within subschemas, and properties that are merged within merged ones.
const MAX_DEPTH: usize = 32;

/// Longer choices are not merged with what stands beside them.
const MAX_FORMS: usize = 16;
/// How many values of two keywords are compared to tell whether they are written differently only.
const EQUAL_VALUES: usize = 1000;

/// A schema merged from others.
#[derive(Debug)]
pub struct Merged {
    /// The merged schema.
    pub schema: NodeId,
    /// The schemas it was merged from, the outer one first.
    pub parts: Vec<NodeId>,
    /// Schemas below them that repeat what others say.
    pub repeats: Vec<NodeId>,
}

/// The merged schemas of a document.
#[derive(Debug, Default)]
pub(crate) struct AllOf {
    /// By the schema with the `allOf`.
    merged: HashMap<NodeId, Merged>,
    /// That schema by the merged one.
    written: HashMap<NodeId, NodeId>,
    /// A schema that is a choice only, by one that says more: each form is merged with that.
    choices: HashMap<NodeId, NodeId>,
}

impl AllOf {
    pub(crate) fn get(&self, written: NodeId) -> Option<&Merged> {
        self.merged.get(&written)
    }

    pub(crate) fn written(&self, merged: NodeId) -> Option<NodeId> {
        self.written.get(&merged).copied()
    }

    pub(crate) fn parts_of(&self, merged: NodeId) -> &[NodeId] {
        let written = self.written(merged);
        let merged = written.and_then(|written| self.get(written));
        merged.map_or(&[], |merged| &merged.parts)
    }

    pub(crate) fn choice_of(&self, schema: NodeId) -> Option<NodeId> {
        self.choices.get(&schema).copied()
    }

    fn insert(&mut self, written: NodeId, merged: Merged) {
        self.written.insert(merged.schema, written);
        self.merged.insert(written, merged);
    }
}

/// Merges every schema of the document that holds several together.
pub(crate) fn merge(tree: &mut Tree, targets: &Targets) -> AllOf {
    let several: Vec<NodeId> = tree
        .all()
        .filter(|value| holds_several(*value))
        .map(|value| value.id)
        .collect();
    let mut merger = Merger {
        // Chains of schemas that each extend the one before would grow with the square of their number.
        budget: 2 * tree.len() + 10_000,
        tree,
        targets,
        merged: AllOf::default(),
        known: HashMap::new(),
        passed: Vec::new(),
    };
    for schema in several {
        merger.schema(&[schema], 0);
    }
    merger.choices();
    merger.merged
}

/// The choice of a schema that says more than the choice.
fn choice_of(schema: Cursor<'_>) -> Option<(&'static str, Vec<NodeId>)> {
    let listed = |keyword| schema.get(keyword).filter(|list| list.is_array());
    let keyword = match (listed("anyOf"), listed("oneOf")) {
        (Some(_), None) => "anyOf",
        (None, Some(_)) => "oneOf",
        _ => return None,
    };
    let forms: Vec<NodeId> = listed(keyword)?.items().map(|form| form.id).collect();
    let says_more = schema.members().any(|(name, _)| {
        !matches!(name, "anyOf" | "oneOf" | "type" | "discriminator") && !is_annotation(name)
    });
    (says_more && forms.len() <= MAX_FORMS).then_some((keyword, forms))
}

fn holds_several(schema: Cursor<'_>) -> bool {
    let Some(list) = schema.get("allOf").filter(|list| list.is_array()) else {
        return false;
    };
    match list.len() {
        0 => false,
        1 => schema
            .members()
            .any(|(name, _)| name != "allOf" && !is_annotation(name)),
        _ => true,
    }
}

/// One of the schemas that hold together.
#[derive(Debug, Clone, Copy)]
struct Part {
    schema: NodeId,
    /// Written in place, so what it says is said about this schema alone.
    own: bool,
}

struct Merger<'t> {
    tree: &'t mut Tree,
    targets: &'t Targets,
    merged: AllOf,
    /// What schemas met below others were merged to, if they could be.
    known: HashMap<Vec<NodeId>, Option<NodeId>>,
    /// Schemas that values not taken because they repeat others referred to.
    passed: Vec<NodeId>,
    /// How many members merged schemas may still have in all.
    budget: usize,
}

impl Merger<'_> {
    /// Merges schemas that hold together. `None` where they cannot be told apart or are too many.
    fn schema(&mut self, schemas: &[NodeId], depth: usize) -> Option<NodeId> {
        let first = *schemas.first()?;
        if depth > MAX_DEPTH {
            return None;
        }
        let (mut parts, mut seen) = (Vec::new(), HashSet::new());
        for &schema in schemas {
            self.flatten(schema, 0, true, &mut seen, &mut parts)?;
        }
        let before = std::mem::take(&mut self.passed);
        let schema = self.combine(first, &parts, depth);
        let passed = std::mem::replace(&mut self.passed, before);
        let schema = schema?;
        // A value merged again may stand for the first of several; only what is written has `allOf`.
        let key = if schemas.len() == 1 { first } else { schema };
        let parts = parts.iter().map(|part| part.schema).collect();
        self.merged.insert(
            key,
            Merged {
                schema,
                parts,
                repeats: passed,
            },
        );
        Some(schema)
    }

    /// Merges the forms of choices with what stands beside the choice.
    fn choices(&mut self) {
        let all: Vec<(NodeId, &str, Vec<NodeId>)> = self
            .tree
            .all()
            .filter(|schema| schema.get("allOf").is_none())
            .filter_map(|schema| {
                choice_of(schema).map(|(keyword, forms)| (schema.id, keyword, forms))
            })
            .collect();
        for (schema, keyword, forms) in all {
            let members = self.tree.at(schema).members();
            let rest: Vec<NodeId> = members
                .filter(|(name, _)| *name != keyword)
                .map(|(_, value)| value.id)
                .collect();
            if let Some(choice) = self.choice(schema, keyword, rest, &forms) {
                self.merged.choices.insert(schema, choice);
            }
        }
    }

    fn choice(
        &mut self,
        schema: NodeId,
        keyword: &str,
        rest: Vec<NodeId>,
        forms: &[NodeId],
    ) -> Option<NodeId> {
        let list = self.tree.at(schema).get(keyword)?.id;
        let rest = self.object(schema, rest)?;
        let merged: Option<Vec<NodeId>> = forms.iter().map(|form| self.form(rest, *form)).collect();
        let list = self.array(list, &merged?)?;
        self.object(schema, vec![list])
    }

    fn form(&mut self, rest: NodeId, form: NodeId) -> Option<NodeId> {
        let (mut parts, mut seen) = (Vec::new(), HashSet::new());
        for schema in [rest, form] {
            self.flatten(schema, 0, true, &mut seen, &mut parts)?;
        }
        self.combine(form, &parts, 0)
    }

    /// Collects a schema and all it holds. `None` where a reference leads nowhere.
    fn flatten(
        &self,
        schema: NodeId,
        depth: usize,
        own: bool,
        seen: &mut HashSet<NodeId>,
        parts: &mut Vec<Part>,
    ) -> Option<()> {
        if depth > MAX_DEPTH || parts.len() >= MAX_PARTS {
            return None;
        }
        let here = self.tree.at(schema);
        if here.as_bool() == Some(true) || !seen.insert(schema) {
            return Some(());
        }
        if !here.is_object() {
            return None;
        }
        parts.push(Part { schema, own });
        if let Some(reference) = here.get("$ref") {
            let target = *self.targets.get(&reference.as_symbol()?)?;
            self.flatten(target, depth + 1, false, seen, parts)?;
        }
        for part in here.get("allOf").into_iter().flat_map(Cursor::items) {
            self.flatten(part.id, depth + 1, own, seen, parts)?;
        }
        Some(())
    }

    fn combine(&mut self, place: NodeId, parts: &[Part], depth: usize) -> Option<NodeId> {
        let mut keywords: BTreeMap<String, Vec<(usize, NodeId)>> = BTreeMap::new();
        let conditions = |schema: Cursor<'_>| schema.get("if").is_some();
        let conditional = parts
            .iter()
            .position(|part| conditions(self.tree.at(part.schema)));
        let mut left: BTreeMap<usize, Vec<NodeId>> = BTreeMap::new();
        for (index, part) in parts.iter().enumerate() {
            for (name, value) in self.tree.at(part.schema).members() {
                // `if`, `then` and `else` mean something together only.
                if matches!(name, "if" | "then" | "else") && conditional != Some(index) {
                    left.entry(index).or_default().push(value.id);
                } else if self.counts(name, *part) {
                    let entry = keywords.entry(name.to_owned()).or_default();
                    entry.push((index, value.id));
                }
            }
        }
        let mut members = Vec::new();
        for (name, values) in keywords {
            match self.keyword(&name, &values, parts, depth) {
                Kept::One(value) => members.push(value),
                Kept::None => {}
                // No value is valid; the subschemas are better told as they are written.
                Kept::Apart if name == "type" => return None,
                Kept::Apart => {
                    members.push(values[0].1);
                    for (position, &(index, value)) in values.iter().enumerate().skip(1) {
                        let budget = &mut EQUAL_VALUES.clone();
                        let mut before = values[..position].iter();
                        if before.any(|other| self.equal(other.1, value, budget)) {
                            continue;
                        }
                        left.entry(index).or_default().push(value);
                    }
                }
            }
        }
        if !left.is_empty() {
            let list = parts
                .iter()
                .find_map(|part| self.tree.at(part.schema).get("allOf"))?
                .id;
            let mut rest = Vec::new();
            for (index, values) in left {
                let part = parts[index].schema;
                rest.push(self.object(part, values)?);
            }
            let list = self.array(list, &rest)?;
            members.push(list);
        }
        let refers = parts.iter().any(|part| self.tree.at(part.schema).refers());
        let schema = self.object(place, members)?;
        if refers {
            self.tree.refers(schema);
        }
        Some(schema)
    }

    /// Whether a keyword of a part is one of the schema merged. What a named schema says about itself is
    /// not said about those that extend it.
    fn counts(&self, name: &str, part: Part) -> bool {
        match name {
            "allOf" | "$ref" => false,
            "title" | "$id" | "$anchor" | "$schema" | "$comment" => part.own,
            "discriminator" => {
                let schema = self.tree.at(part.schema);
                part.own || schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
            }
            _ => true,
        }
    }

    fn object(&mut self, place: NodeId, members: Vec<NodeId>) -> Option<NodeId> {
        self.spend(members.len())?;
        self.tree.made_object(place, members)
    }

    fn array(&mut self, place: NodeId, items: &[NodeId]) -> Option<NodeId> {
        self.spend(items.len())?;
        self.tree.made_array(place, items)
    }

    fn spend(&mut self, members: usize) -> Option<()> {
        self.budget = self.budget.checked_sub(members + 1)?;
        Some(())
    }
}
