//! Compares the properties of objects.

use std::collections::BTreeSet;

use super::view::{self, Use, View};
use super::{Context, Engine, Shown};
use crate::Verdict;
use crate::rules::{Finding, Place};
use apidrift_document::{Cursor, Document};

/// A property seen from a message.
#[derive(Clone, Copy)]
struct Member<'a> {
    node: Cursor<'a>,
    required: bool,
    usage: Use<'a>,
}

impl<'a> Engine<'a> {
    pub(super) fn members(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let (old_required, new_required) = (required(was.node), required(is.node));
        let old_properties = was.node.get("properties").filter(|map| map.is_object());
        let new_properties = is.node.get("properties").filter(|map| map.is_object());
        let member = |document: &'a Document, node: Cursor<'a>, required: &BTreeSet<&str>| Member {
            node,
            required: required.contains(node.name()),
            usage: view::meant(document, node).effective(),
        };
        for (_, node) in old_properties.into_iter().flat_map(Cursor::members) {
            let before = member(self.old, node, &old_required);
            match new_properties.and_then(|map| map.get_any(node.name())) {
                Some(now) => {
                    let after = member(self.new, now, &new_required);
                    self.member(before, after, context);
                }
                None => self.member_removed(before, is, context),
            }
        }
        for (name, node) in new_properties.into_iter().flat_map(Cursor::members) {
            if old_properties.is_none_or(|map| map.get_any(name).is_none()) {
                self.member_added(member(self.new, node, &new_required), context);
            }
        }
        self.undeclared(was, is, (&old_required, &new_required), context);
        self.dependent_required(was.node, is.node, context);
    }

    /// Continues with the targets of references in properties with equal text.
    pub(super) fn same_members(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let (Some(from), Some(to)) = (old.get("properties"), new.get("properties")) else {
            return;
        };
        let needed = required(old);
        for ((name, was), (_, is)) in from
            .members()
            .zip(to.members())
            .filter(|((_, was), (_, is))| was.refers() || is.refers())
        {
            let member = |document: &'a Document, node: Cursor<'a>| Member {
                node,
                required: needed.contains(name),
                usage: view::meant(document, node).effective(),
            };
            self.member(member(self.old, was), member(self.new, is), context);
        }
    }

    fn member(&mut self, was: Member<'a>, is: Member<'a>, context: Context) {
        let inner = inside(context, is.usage);
        if was.required != is.required {
            let default = is.usage.default.is_some();
            let finding = match (is.required, default) {
                (true, false) => Finding::BecameRequired,
                (true, true) => Finding::BecameRequiredWithDefault,
                (false, true) if was.usage.default.is_some() => Finding::BecameOptionalWithDefault,
                (false, _) => Finding::BecameOptional,
            };
            let word = |required: bool| {
                Shown::Text(if required { "required" } else { "optional" }.to_owned())
            };
            let nullable = was.usage.nullable && is.usage.nullable;
            let found = self.finding(finding, inner.place, Some(was.node), Some(is.node));
            found.shows(word(was.required), word(is.required));
            if nullable {
                // The field is an `Option` in both versions; only builders change.
                found.rust(Verdict::Compatible);
            }
        }
        self.mutability(was, is, context);
        self.schema(was.node, is.node, inner);
    }

    fn mutability(&mut self, was: Member<'a>, is: Member<'a>, context: Context) {
        let flips = [
            (
                was.usage.read_only,
                is.usage.read_only,
                read_only_findings(is.required),
            ),
            (
                was.usage.write_only,
                is.usage.write_only,
                write_only_findings(is.required),
            ),
        ];
        for (before, now, [set, unset]) in flips {
            if before != now {
                let finding = if now { set } else { unset };
                let word = |on: bool| Shown::Text(if on { "true" } else { "false" }.to_owned());
                let found =
                    self.finding(finding, plain(context).place, Some(was.node), Some(is.node));
                found.shows(word(before), word(now));
                let with_default = is.required && !now && is.usage.default.is_some();
                if context.place.is_silent() || with_default {
                    // The parent is optional in this direction, or the default applies.
                    found.wire(Verdict::Compatible);
                }
            }
        }
    }

    fn member_added(&mut self, is: Member<'a>, context: Context) {
        let finding = match (is.required, is.usage.default.is_some()) {
            (true, true) => Finding::RequiredAddedWithDefault,
            (true, false) => Finding::RequiredAdded,
            (false, _) => Finding::OptionalAdded,
        };
        self.finding(
            finding,
            inside(context, is.usage).place,
            None,
            Some(is.node),
        );
    }

    fn member_removed(&mut self, was: Member<'a>, is: &View<'a>, context: Context) {
        let finding = if was.required {
            Finding::RequiredRemoved
        } else {
            Finding::OptionalRemoved
        };
        let inner = inside(context, was.usage);
        let refused = is
            .node
            .get("additionalProperties")
            .and_then(Cursor::as_bool)
            == Some(false);
        let found = self.finding(finding, inner.place, Some(was.node), None);
        if refused && inner.place.side() == crate::Side::Request {
            // Additional properties are forbidden, so requests with the removed property are rejected.
            found.wire_at(inner.place, Verdict::Breaking);
        }
    }

    /// Compares names that are required without being declared in `properties`.
    fn undeclared(
        &mut self,
        was: &View<'a>,
        is: &View<'a>,
        (from, to): (&BTreeSet<&'a str>, &BTreeSet<&'a str>),
        context: Context,
    ) {
        let declared = |name: &str| {
            let has = |view: &View<'a>| {
                let properties = view.node.get("properties");
                properties.is_some_and(|properties| properties.get_any(name).is_some())
            };
            name.is_empty() || has(was) || has(is)
        };
        let place = plain(context).of_members().place;
        let changes = [
            (to.difference(from), Finding::BecameRequired),
            (from.difference(to), Finding::BecameOptional),
        ];
        for (names, finding) in changes {
            for name in names.filter(|name| !declared(name)) {
                let text = Shown::Text((*name).to_owned());
                let found = self.finding(finding, place, Some(was.node), Some(is.node));
                match finding {
                    Finding::BecameRequired => found.shows(Shown::Nothing, text),
                    _ => found.shows(text, Shown::Nothing),
                };
            }
        }
    }

    fn dependent_required(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let map = |schema: Cursor<'a>| schema.get("dependentRequired");
        let entry = |map: Option<Cursor<'a>>, name: &str| map.and_then(|map| map.get(name));
        let (from, to) = (map(old), map(new));
        let names: BTreeSet<&str> = from
            .into_iter()
            .chain(to)
            .flat_map(Cursor::members)
            .map(|(name, _)| name)
            .collect();
        for name in names {
            let (was, is) = (entry(from, name), entry(to, name));
            let names = |list: Option<Cursor<'a>>| -> BTreeSet<u64> {
                list.into_iter()
                    .flat_map(Cursor::items)
                    .map(Cursor::digest)
                    .collect()
            };
            if names(was) != names(is) {
                let findings = [
                    Finding::DependentRequiredAdded,
                    Finding::DependentRequiredRemoved,
                    Finding::DependentRequiredChanged,
                ];
                let (from, to) = (names(was), names(is));
                self.keyword(was, is, (old, new), context.place, findings);
                let request = context.place.side() == crate::Side::Request;
                let wire = if from.is_subset(&to) == request {
                    Verdict::Breaking
                } else {
                    Verdict::Compatible
                };
                // Properties that both lists contain, without `readOnly` or `writeOnly`, keep the verdict of the rule.
                let one_way = from.is_subset(&to) || to.is_subset(&from);
                if was.is_some()
                    && is.is_some()
                    && one_way
                    && let Some(found) = self.found.last_mut()
                {
                    found.wire_at(context.place, wire);
                }
            }
        }
    }
}

pub(super) fn required(schema: Cursor<'_>) -> BTreeSet<&str> {
    let names = schema.get("required").into_iter().flat_map(Cursor::items);
    names.filter_map(Cursor::as_str).collect()
}

/// The context of a property. A property that the message does not carry has a separate context.
fn inside(context: Context, usage: Use<'_>) -> Context {
    let inner = context.of_members();
    let place = match inner.place {
        Place::RequestProperty if usage.read_only => Place::RequestReadOnlyProperty,
        Place::ResponseProperty if usage.write_only => Place::ResponseWriteOnlyProperty,
        place => place,
    };
    Context { place, ..inner }
}

/// The context as if the message carried everything.
fn plain(context: Context) -> Context {
    let place = match context.place {
        Place::RequestReadOnlyProperty => Place::RequestProperty,
        Place::ResponseWriteOnlyProperty => Place::ResponseProperty,
        place => place.of_members(),
    };
    Context { place, ..context }
}

fn read_only_findings(required: bool) -> [Finding; 2] {
    if required {
        [
            Finding::RequiredBecameReadOnly,
            Finding::RequiredBecameNotReadOnly,
        ]
    } else {
        [
            Finding::OptionalBecameReadOnly,
            Finding::OptionalBecameNotReadOnly,
        ]
    }
}

fn write_only_findings(required: bool) -> [Finding; 2] {
    if required {
        [
            Finding::RequiredBecameWriteOnly,
            Finding::RequiredBecameNotWriteOnly,
        ]
    } else {
        [
            Finding::OptionalBecameWriteOnly,
            Finding::OptionalBecameNotWriteOnly,
        ]
    }
}
