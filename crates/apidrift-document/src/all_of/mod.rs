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

/// The maximum number of subschemas; with more, schemas are not merged.
const MAX_PARTS: usize = 256;
/// The maximum depth of nested subschemas, and of properties that are merged within merged ones.
const MAX_DEPTH: usize = 32;

/// The maximum number of branches that are merged with the keywords beside the union.
const MAX_FORMS: usize = 16;
/// The maximum number of values that are compared to determine whether two keywords are equivalent.
const EQUAL_VALUES: usize = 1000;

/// A schema merged from others.
#[derive(Debug)]
pub struct Merged {
    /// The merged schema.
    pub schema: NodeId,
    /// The schemas it was merged from, the outer one first.
    pub parts: Vec<NodeId>,
    /// Schemas whose subschemas repeat others.
    pub repeats: Vec<NodeId>,
}

/// The merged schemas of a document.
#[derive(Debug, Default)]
pub(crate) struct AllOf {
    /// By the schema with the `allOf`.
    merged: HashMap<NodeId, Merged>,
    /// The schema with the `allOf`, by the merged one.
    written: HashMap<NodeId, NodeId>,
    /// For a schema with a union and other keywords: the union whose branches are merged with those keywords.
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

/// Merges every schema of the document that combines several.
pub(crate) fn merge(tree: &mut Tree, targets: &Targets) -> AllOf {
    let several: Vec<NodeId> = tree
        .all()
        .filter(|value| holds_several(*value))
        .map(|value| value.id)
        .collect();
    let mut merger = Merger {
        // Without a budget, a chain of schemas that each extend the previous one would grow quadratically.
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

/// The union of a schema that has further keywords.
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

/// One of the combined schemas.
#[derive(Debug, Clone, Copy)]
struct Part {
    schema: NodeId,
    /// Written inline, so its annotations belong only to this schema.
    own: bool,
}

struct Merger<'t> {
    tree: &'t mut Tree,
    targets: &'t Targets,
    merged: AllOf,
    /// The merged schemas of nested ones, if they could be merged.
    known: HashMap<Vec<NodeId>, Option<NodeId>>,
    /// Schemas that are referenced only by values that were dropped because they repeat others.
    passed: Vec<NodeId>,
    /// The remaining number of properties of merged schemas.
    budget: usize,
}

impl Merger<'_> {
    /// Merges combined schemas. `None` if they cannot be merged or are too many.
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
        // A merged value may represent the first of several; only values of the document have an `allOf`.
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

    /// Merges the branches of unions with the keywords beside the union.
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

    /// Collects a schema and its parts. `None` if a reference is dangling.
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
                // `if`, `then` and `else` have a meaning only together.
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
                // No value is valid, so the subschemas are reported as written.
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

    /// Whether a keyword of a part belongs to the merged schema. Annotations of a named schema do not apply to those that
    /// extend it.
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
