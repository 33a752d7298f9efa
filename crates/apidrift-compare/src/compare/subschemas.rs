//! Compares schemas inside schemas.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::branches::Group;
use super::schema::is_anything;
use super::view::{self, Choice, View};
use super::{Children, Context, Engine, Part, Shown};
use crate::rules::Finding;
use crate::{Side, Verdict};
use apidrift_document::{Cursor, Document, NodeId};

/// Keywords with one schema, and the findings when it is added or removed.
const SINGLE: &[(&str, Finding, Finding)] = &[
    ("if", Finding::IfAdded, Finding::IfRemoved),
    ("then", Finding::ThenAdded, Finding::ThenRemoved),
    ("else", Finding::ElseAdded, Finding::ElseRemoved),
    ("contains", Finding::ContainsAdded, Finding::ContainsRemoved),
    (
        "propertyNames",
        Finding::PropertyNamesAdded,
        Finding::PropertyNamesRemoved,
    ),
    ("items", Finding::ItemsAdded, Finding::ItemsRemoved),
    (
        "contentSchema",
        Finding::ContentSchemaAdded,
        Finding::ContentSchemaRemoved,
    ),
    (
        "unevaluatedItems",
        Finding::UnevaluatedItemsAdded,
        Finding::UnevaluatedItemsRemoved,
    ),
    (
        "unevaluatedProperties",
        Finding::UnevaluatedPropertiesAdded,
        Finding::UnevaluatedPropertiesRemoved,
    ),
];

/// Keywords with a schema for each name.
const NAMED: &[(&str, Finding, Finding)] = &[
    (
        "patternProperties",
        Finding::PatternPropertyAdded,
        Finding::PatternPropertyRemoved,
    ),
    (
        "dependentSchemas",
        Finding::DependentSchemaAdded,
        Finding::DependentSchemaRemoved,
    ),
];

impl<'a> Engine<'a> {
    pub(super) fn subschemas(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let (old, new) = (was.node, is.node);
        for &(keyword, added, removed) in SINGLE {
            let (from, to) = (old.get(keyword), new.get(keyword));
            let (was, is) = (constraint(self.old, from), constraint(self.new, to));
            match (from, to) {
                (Some(from), Some(to)) if was.is_some() == is.is_some() => {
                    self.schema(from, to, within(context, keyword));
                }
                _ => self.keyword(
                    was,
                    is,
                    (old, new),
                    context.place,
                    [added, removed, removed],
                ),
            }
        }
        for &(keyword, added, removed) in NAMED {
            self.named(old, new, keyword, (added, removed), context);
        }
        self.prefix_items(old, new, context);
        self.additional_properties(old, new, context);
        self.negation(old, new, context);
        self.discriminator(old, new, context);
        self.group(Group::AllOf, (was, &was.all_of), (is, &is.all_of), context);
        self.choices(was, is, context);
        self.unknown_keywords(old, new, context);
    }

    fn named(
        &mut self,
        old: Cursor<'a>,
        new: Cursor<'a>,
        keyword: &str,
        (added, removed): (Finding, Finding),
        context: Context,
    ) {
        let (from, to) = (old.get(keyword), new.get(keyword));
        let maps = from.into_iter().chain(to);
        let names: BTreeSet<&str> = maps
            .flat_map(Cursor::members)
            .map(|(name, _)| name)
            .collect();
        for name in names {
            let entry = |map: Option<Cursor<'a>>| map.and_then(|map| map.get_any(name));
            match (entry(from), entry(to)) {
                (Some(from), Some(to)) => self.schema(from, to, within(context, keyword)),
                (from, to) => self.keyword(
                    from,
                    to,
                    (old, new),
                    context.place,
                    [added, removed, removed],
                ),
            }
        }
    }

    /// A position described by `prefixItems` is a restriction if additional items were allowed, and a relaxation if they were
    /// forbidden.
    fn prefix_items(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let list = |schema: Cursor<'a>| {
            schema
                .get("prefixItems")
                .map(|list| list.items().collect::<Vec<_>>())
        };
        let (from, to) = (list(old).unwrap_or_default(), list(new).unwrap_or_default());
        for (&from, &to) in from.iter().zip(&to) {
            self.schema(from, to, within(context, "prefixItems"));
        }
        let closed = |schema: Cursor<'a>| {
            ["items", "unevaluatedItems"]
                .iter()
                .any(|keyword| schema.get(keyword).and_then(Cursor::as_bool) == Some(false))
        };
        let widens = |added: bool, schema: Cursor<'a>| added == closed(schema);
        let request = context.place.side() == Side::Request;
        let verdict = |widens: bool| {
            if widens == request {
                Verdict::Compatible
            } else {
                Verdict::Breaking
            }
        };
        for &item in from.iter().skip(to.len()) {
            let wire = verdict(widens(false, new));
            self.finding(
                Finding::PrefixItemsRemoved,
                context.place,
                Some(item),
                Some(new),
            )
            .shows(Shown::Old(item.id), Shown::Nothing)
            .wire_at(context.place, wire);
        }
        for &item in to.iter().skip(from.len()) {
            let wire = verdict(widens(true, old));
            self.finding(
                Finding::PrefixItemsAdded,
                context.place,
                Some(old),
                Some(item),
            )
            .shows(Shown::Nothing, Shown::New(item.id))
            .wire_at(context.place, wire);
        }
    }

    fn additional_properties(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let (from, to) = (
            old.get("additionalProperties"),
            new.get("additionalProperties"),
        );
        let forbids =
            |value: Option<Cursor<'a>>| value.is_some_and(|value| value.as_bool() == Some(false));
        let finding = match (forbids(from), forbids(to)) {
            (true, true) => return,
            (false, true) => Finding::AdditionalPropertiesForbidden,
            (true, false) => Finding::AdditionalPropertiesAllowed,
            (false, false) => match (constraint(self.old, from), constraint(self.new, to)) {
                (Some(from), Some(to)) => {
                    return self.schema(from, to, within(context, "additionalProperties"));
                }
                (None, Some(_)) => Finding::AdditionalPropertiesSchemaAdded,
                (Some(_), None) => Finding::AdditionalPropertiesSchemaRemoved,
                (None, None) => return,
            },
        };
        let shown_old = from.map_or(Shown::Nothing, |value| Shown::Old(value.id));
        let shown_new = to.map_or(Shown::Nothing, |value| Shown::New(value.id));
        self.finding(finding, context.place, Some(old), Some(new))
            .shows(shown_old, shown_new);
    }

    /// Inside `not` the directions are reversed; only whether it changed is reported.
    fn negation(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let (from, to) = (old.get("not"), new.get("not"));
        if let (Some(from), Some(to)) = (from, to)
            && self.same(from, to, Context::at(context.place))
        {
            return;
        }
        let findings = [Finding::NotAdded, Finding::NotRemoved, Finding::NotChanged];
        match (from, to) {
            (Some(from), Some(to)) => {
                self.finding(Finding::NotChanged, context.place, Some(from), Some(to));
            }
            _ => self.keyword(from, to, (old, new), context.place, findings),
        }
    }

    fn choices(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let of = |view: &View<'a>, choice: Choice| {
            let found = view.choices.iter().find(|entry| entry.0 == choice);
            found.map(|entry| entry.1.clone()).unwrap_or_default()
        };
        match (was.choices.as_slice(), is.choices.as_slice()) {
            // The same branches under the other keyword.
            ([(from, old)], [(to, new)]) if from != to => {
                self.group(Group::Choice(*from, *to), (was, old), (is, new), context);
            }
            _ => {
                for choice in [Choice::OneOf, Choice::AnyOf] {
                    let (old, new) = (of(was, choice), of(is, choice));
                    self.group(
                        Group::Choice(choice, choice),
                        (was, &old),
                        (is, &new),
                        context,
                    );
                }
            }
        }
    }

    fn discriminator(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let (from, to) = (old.get("discriminator"), new.get("discriminator"));
        let (Some(from), Some(to)) = (from, to) else {
            let findings = [
                Finding::DiscriminatorAdded,
                Finding::DiscriminatorRemoved,
                Finding::DiscriminatorRemoved,
            ];
            return self.keyword(from, to, (old, new), context.place, findings);
        };
        let name = |discriminator: Cursor<'a>| discriminator.get("propertyName");
        self.keyword(
            name(from),
            name(to),
            (old, new),
            context.place,
            [Finding::DiscriminatorPropertyChanged; 3],
        );
        let mapping = |discriminator: Cursor<'a>| discriminator.get("mapping");
        let maps = mapping(from).into_iter().chain(mapping(to));
        let values: BTreeSet<&str> = maps
            .flat_map(Cursor::members)
            .map(|(value, _)| value)
            .collect();
        let (before, now) = (form_names(self.old, old), form_names(self.new, new));
        if before.is_empty() && now.is_empty() {
            self.implied_subtypes(old, new, context);
        }
        for value in values {
            let entry = |discriminator| mapping(discriminator).and_then(|map| map.get(value));
            let (was, is) = (entry(from), entry(to));
            // Without a mapping, the name of the component selects the branch.
            let implied = |forms: &BTreeSet<&str>| forms.contains(value).then_some(value);
            let (name, other) = (
                was.map(schema_name).or_else(|| implied(&before)),
                is.map(schema_name).or_else(|| implied(&now)),
            );
            if let (Some(name), Some(other)) = (name, other)
                && name == other
            {
                if before.is_empty() && now.is_empty() {
                    self.subtype(name, context);
                }
                continue;
            }
            // The added or removed branch is reported by its name.
            let told = |name: Option<&str>, here: &BTreeSet<&str>, there: &BTreeSet<&str>| {
                name.is_some_and(|name| here.contains(name) && !there.contains(name))
            };
            match (was, is) {
                (None, Some(_)) if told(other, &now, &before) && !before.is_empty() => continue,
                (Some(_), None) if told(name, &before, &now) && !now.is_empty() => continue,
                (Some(_), Some(_))
                    if told(name, &before, &now)
                        && told(other, &now, &before)
                        && self.is_renamed(name, other) =>
                {
                    continue;
                }
                _ => {}
            }
            let findings = [
                Finding::DiscriminatorMappingAdded,
                Finding::DiscriminatorMappingDeleted,
                Finding::DiscriminatorMappingChanged,
            ];
            let verdict = was
                .zip(is)
                .and_then(|(was, is)| self.mapped_elsewhere(was, is, context));
            self.keyword(was, is, (old, new), context.place, findings);
            if let Some(found) = self.found.last_mut() {
                found.about(Some(value.to_owned()));
                if let Some(verdict) = verdict {
                    found.wire_at(context.place, verdict);
                }
            }
        }
    }

    /// Compares the schemas that extend one with a discriminator: the name of each is an implied discriminator value.
    fn implied_subtypes(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let children = Rc::clone(&self.children);
        let (from, to) = children.get_or_init(|| (children_of(self.old), children_of(self.new)));
        let (Some(from), Some(to)) = (from.get(&old.id), to.get(&new.id)) else {
            return;
        };
        let to: HashSet<&str> = to.iter().copied().collect();
        for name in from.iter().filter(|name| to.contains(*name)) {
            self.subtype(name, context);
        }
    }

    /// Compares the schemas that a discriminator value selects. Without a union, no other part refers to them.
    fn subtype(&mut self, name: &str, context: Context) {
        let schema = |document: &'a Document| {
            let components = document.root().get("components")?;
            components.get("schemas")?.get(name)
        };
        if let (Some(from), Some(to)) = (schema(self.old), schema(self.new)) {
            let (was, is) = (view::meant(self.old, from), view::meant(self.new, to));
            if was.dangling.is_none() && is.dangling.is_none() {
                self.enter(Part::Schema(context), was.target, is.target);
            }
        }
    }

    /// Whether neither document has both names.
    fn is_renamed(&self, was: Option<&str>, is: Option<&str>) -> bool {
        was.zip(is)
            .is_some_and(|(was, is)| !self.has_schema(false, was) && !self.has_schema(true, is))
    }

    /// The verdict for a value that maps to a schema with another name, if it differs from that of the rule.
    fn mapped_elsewhere(
        &self,
        was: Cursor<'a>,
        is: Cursor<'a>,
        context: Context,
    ) -> Option<Verdict> {
        let (was, is) = (schema_name(was), schema_name(is));
        if self.is_renamed(Some(was), Some(is)) {
            // A rename: the content of the schemas is compared as such.
            return Some(Verdict::Compatible);
        }
        let schema = |document: &'a Document, name: &str| {
            let components = document.root().get("components")?;
            components.get("schemas")?.get(name)
        };
        let (from, to) = (schema(self.old, was)?, schema(self.new, is)?);
        self.same(from, to, context).then_some(Verdict::Warning)
    }

    /// Continues with the targets of references in equal values, since the targets may have changed.
    pub(super) fn same_text(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        for ((keyword, from), (_, to)) in old.members().zip(new.members()) {
            // A discriminator refers to schemas by their names as well.
            if keyword != "discriminator" && !from.refers() && !to.refers() {
                continue;
            }
            match keyword {
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    for (from, to) in from.items().zip(to.items()) {
                        self.schema(from, to, within(context, keyword));
                    }
                }
                "properties" => self.same_members(old, new, context),
                "patternProperties" | "dependentSchemas" => {
                    for ((_, from), (_, to)) in from.members().zip(to.members()) {
                        self.schema(from, to, within(context, keyword));
                    }
                }
                "not" => self.negation(old, new, context),
                "discriminator" => self.discriminator(old, new, context),
                "additionalProperties" => self.schema(from, to, within(context, keyword)),
                keyword if SINGLE.iter().any(|entry| entry.0 == keyword) => {
                    self.schema(from, to, within(context, keyword));
                }
                _ => {}
            }
        }
    }
}

/// A schema that restricts values: it is present and does not accept everything.
fn constraint<'a>(document: &'a Document, schema: Option<Cursor<'a>>) -> Option<Cursor<'a>> {
    schema.filter(|schema| !is_anything(view::meant(document, *schema).target))
}

/// The context of a schema under a keyword: items and additional properties are parts of the value, other keywords concern the
/// same value.
fn within(context: Context, keyword: &str) -> Context {
    match keyword {
        "items"
        | "prefixItems"
        | "contains"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "contentSchema" => context.of_members(),
        _ => context,
    }
}

/// The schema name of a mapping: `Cat` and `#/components/schemas/Cat` refer to the same schema.
fn schema_name(reference: Cursor<'_>) -> &str {
    let text = reference.as_str().unwrap_or_default();
    text.rsplit('/').next().unwrap_or(text)
}

/// The names of the components that are branches of a union.
fn form_names<'a>(document: &'a Document, schema: Cursor<'a>) -> BTreeSet<&'a str> {
    let lists = ["oneOf", "anyOf"].into_iter();
    lists
        .filter_map(|keyword| schema.get(keyword))
        .flat_map(Cursor::items)
        .filter_map(|form| view::meant(document, form).component.map(Cursor::name))
        .collect()
}

/// The components that extend each schema by `allOf`.
fn children_of(document: &Document) -> Children<'_> {
    let mut children = Children::new();
    let components = document.root().get("components");
    let schemas = components.and_then(|components| components.get("schemas"));
    for (name, child) in schemas.into_iter().flat_map(Cursor::members) {
        let parts = child.get("allOf").into_iter().flat_map(Cursor::items);
        let bases = parts.map(|part| view::meant(document, part));
        let bases: BTreeSet<NodeId> = bases
            .filter(|base| base.dangling.is_none())
            .map(|base| base.target.id)
            .collect();
        for base in bases {
            children.entry(base).or_default().push(name);
        }
    }
    children
}
