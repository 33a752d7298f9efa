//! Reports changes of named schemas, after all their uses were compared.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Context, Engine, Part, Shown, ownership};
use crate::Side;
use crate::rules::{Finding, General, Place};
use apidrift_document::{Cursor, Document, NodeId};

fn schemas(root: Cursor<'_>) -> BTreeMap<&str, Cursor<'_>> {
    let section = root
        .get("components")
        .and_then(|components| components.get("schemas"));
    section.into_iter().flat_map(Cursor::members).collect()
}

impl<'a> Engine<'a> {
    /// Compares schemas that no message uses, since types are generated for them as well.
    pub(super) fn unused_schemas(&mut self) {
        self.current = 0;
        let mut used = self.aliases.clone();
        used.0.extend(&self.extended.0);
        used.1.extend(&self.extended.1);
        for unit in self
            .units
            .iter()
            .filter(|unit| matches!(unit.part, Part::Schema(_)))
        {
            used.0.insert(self.old.written(unit.old));
            used.1.insert(self.new.written(unit.new));
        }
        let (old, new) = (schemas(self.old.root()), schemas(self.new.root()));
        for (name, from) in &old {
            let Some(to) = new.get(name) else {
                continue;
            };
            let is_used = used.0.contains(&from.id) || used.1.contains(&to.id);
            if !is_used && from.digest() != to.digest() {
                self.enter(
                    Part::Schema(Context::at(Place::ResponseProperty)),
                    *from,
                    *to,
                );
            }
        }
    }

    pub(super) fn components(&mut self) {
        self.current = 0;
        let section = |root: Cursor<'a>, name: &str| {
            root.get("components")
                .and_then(|components| components.get(name))
        };
        let (old, new) = (self.old.root(), self.new.root());
        self.schemes(
            section(old, "securitySchemes"),
            section(new, "securitySchemes"),
        );
        self.named_schemas(&schemas(old), &schemas(new));
    }

    fn named_schemas(
        &mut self,
        old: &BTreeMap<&'a str, Cursor<'a>>,
        new: &BTreeMap<&'a str, Cursor<'a>>,
    ) {
        let mut gone: BTreeMap<&str, Cursor<'a>> = old.clone();
        gone.retain(|name, _| !new.contains_key(name));
        let mut come: BTreeMap<&str, Cursor<'a>> = new.clone();
        come.retain(|name, _| !old.contains_key(name));
        let renamed = self.renames(&mut gone, &mut come);
        for ((from, to), units) in self.units_of(&renamed) {
            let (from, to) = (self.old.at(from), self.new.at(to));
            let text = |schema: Cursor<'a>| Shown::Text(schema.name().to_owned());
            let side = self.side_of(&units);
            for unit in units {
                self.current = unit;
                let found = self.general(General::SchemaRenamed, Some(from), Some(to));
                found.shows(text(from), text(to)).side = side;
            }
        }
        let became_inline = self.retarget(&renamed);
        self.current = 0;
        gone.retain(|_, schema| !became_inline.0.contains(&schema.id));
        come.retain(|_, schema| !became_inline.1.contains(&schema.id));
        let owners = ownership::owners(self.old, &self.lone.0, &gone);
        for (name, schema) in gone {
            if !self.belongs(name, owners.get(&schema.id)) {
                self.general(General::SchemaRemoved, Some(schema), None);
            }
        }
        let owners = ownership::owners(self.new, &self.lone.1, &come);
        for (name, schema) in come {
            if !self.belongs(name, owners.get(&schema.id)) {
                self.general(General::SchemaAdded, None, Some(schema));
            }
        }
    }

    /// Assigns a schema to the operation that was added or removed together with it, if there is one.
    fn belongs(&mut self, name: &str, owner: Option<&usize>) -> bool {
        if let Some(&found) = owner {
            self.found[found].schemas.push(name.to_owned());
        }
        owner.is_some()
    }

    /// Pairs removed and added components: those whose references moved from one to the other, and those with equal content.
    /// Each name is paired once.
    fn renames(
        &self,
        gone: &mut BTreeMap<&'a str, Cursor<'a>>,
        come: &mut BTreeMap<&'a str, Cursor<'a>>,
    ) -> HashMap<NodeId, NodeId> {
        let mut renamed = HashMap::new();
        let mut pair = |from: Cursor<'a>,
                        to: Cursor<'a>,
                        gone: &mut BTreeMap<&'a str, _>,
                        come: &mut BTreeMap<&'a str, _>| {
            if gone.contains_key(from.name()) && come.contains_key(to.name()) {
                gone.remove(from.name());
                come.remove(to.name());
                renamed.insert(from.id, to.id);
            }
        };
        for entry in &self.retargeted {
            let (from, to) = (self.old.at(entry.old_target), self.new.at(entry.new_target));
            pair(from, to, gone, come);
        }
        let mut by_content: HashMap<u64, Vec<Cursor<'a>>> = HashMap::new();
        for schema in come.values() {
            by_content.entry(schema.digest()).or_default().push(*schema);
        }
        for from in gone.values().copied().collect::<Vec<_>>() {
            if let Some([to]) = by_content.get(&from.digest()).map(Vec::as_slice) {
                pair(from, *to, gone, come);
            }
        }
        renamed
    }

    /// The side of the messages that contain the units.
    fn side_of(&self, units: &[u32]) -> Side {
        let sides = units
            .iter()
            .filter_map(|&unit| match self.units[unit as usize].part {
                Part::Schema(context) => Some(context.place.side()),
                _ => None,
            });
        sides
            .reduce(|one, other| if one == other { one } else { Side::Both })
            .unwrap_or(Side::None)
    }

    /// Each pair with the units that compare it, or with the root unit if there is none.
    fn units_of(&self, pairs: &HashMap<NodeId, NodeId>) -> BTreeMap<(NodeId, NodeId), Vec<u32>> {
        let mut units: BTreeMap<_, Vec<u32>> = pairs
            .iter()
            .map(|(&old, &new)| ((old, new), Vec::new()))
            .collect();
        for (number, unit) in (0u32..).zip(&self.units) {
            if let Part::Schema(_) = unit.part
                && let Some(list) =
                    units.get_mut(&(self.old.written(unit.old), self.new.written(unit.new)))
            {
                list.push(number);
            }
        }
        for list in units.values_mut().filter(|list| list.is_empty()) {
            list.push(0);
        }
        units
    }

    /// Reports references whose target changed without a rename. Returns the schemas, old and new, that correspond only to
    /// inline schemas: they were inlined, or extracted.
    fn retarget(
        &mut self,
        renamed: &HashMap<NodeId, NodeId>,
    ) -> (HashSet<NodeId>, HashSet<NodeId>) {
        let mut other: (HashSet<NodeId>, HashSet<NodeId>) = Default::default();
        for entry in std::mem::take(&mut self.retargeted) {
            if renamed.get(&entry.old_target) == Some(&entry.new_target) {
                continue;
            }
            other.0.insert(entry.old_target);
            other.1.insert(entry.new_target);
            self.current = entry.unit;
            let (old, new) = (self.old.at(entry.old), self.new.at(entry.new));
            let name = |document: &Document, id| Shown::Text(document.at(id).name().to_owned());
            let shown = (
                name(self.old, entry.old_target),
                name(self.new, entry.new_target),
            );
            self.finding(
                Finding::SchemaReferenceChanged,
                entry.place,
                Some(old),
                Some(new),
            )
            .shows(shown.0, shown.1);
        }
        let mut compared: (BTreeSet<NodeId>, BTreeSet<NodeId>) = Default::default();
        for unit in self
            .units
            .iter()
            .filter(|unit| matches!(unit.part, Part::Schema(_)))
        {
            compared.0.insert(self.old.written(unit.old));
            compared.1.insert(self.new.written(unit.new));
        }
        compared.0.extend(self.aliases.0.iter());
        compared.1.extend(self.aliases.1.iter());
        let inline = |compared: BTreeSet<NodeId>, other: &HashSet<NodeId>| {
            compared
                .into_iter()
                .filter(|id| !other.contains(id))
                .collect()
        };
        (inline(compared.0, &other.0), inline(compared.1, &other.1))
    }
}
