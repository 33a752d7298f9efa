//! Compares enumerated values and the other constraints on a value.

use std::collections::{HashMap, HashSet};

use super::bounds::{fit, has_all};
use super::view::{Types, View};
use super::{Context, Engine, Shown};
use crate::Verdict;
use crate::rules::Finding;
use apidrift_document::{Cursor, Number};

impl<'a> Engine<'a> {
    pub(super) fn values(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        self.lists(was, is, context);
        self.extensible_lists(was, is, context);
        if was.listed.is_some() == is.listed.is_some() {
            self.bounds(was, is, context);
            self.pattern(was, is, context);
        }
        let places = (was.node, is.node);
        let pair = |name: &str| (was.node.get(name), is.node.get(name));
        self.multiples(was, is, context);
        let (from, to) = pair("uniqueItems");
        let unique = [
            Finding::UniqueItemsAdded,
            Finding::UniqueItemsRemoved,
            Finding::NotComparable,
        ];
        let truth = |value: Option<Cursor<'a>>| value.filter(|value| value.is_true());
        self.keyword(truth(from), truth(to), places, context.place, unique);
        if !was.reworded {
            self.contents(was.node, is.node, context);
        }
    }

    fn multiples(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let multiple = |view: &View<'a>| {
            let written = view.node.get("multipleOf")?;
            // Every integer is a multiple of one.
            let one = view.types == Types::INTEGER
                && written.as_number().map(Number::as_f64) == Some(1.0);
            (!one).then_some(written)
        };
        let (from, to) = (multiple(was), multiple(is));
        let findings = [
            Finding::MultipleOfAdded,
            Finding::MultipleOfRemoved,
            Finding::MultipleOfChanged,
        ];
        let first = self.found.len();
        let places = (was.node, is.node);
        self.keyword(from, to, places, context.place, findings);
        let number = |written: Option<Cursor<'a>>| {
            let number = written?.as_number()?.as_f64();
            (number > 0.0).then_some(number)
        };
        let (Some(from), Some(to), Some(found)) =
            (number(from), number(to), self.found.get_mut(first))
        else {
            return;
        };
        let divides = |one: f64, other: f64| (other / one).fract() == 0.0;
        let request = context.place.side() == crate::Side::Request;
        let wire = match (divides(to, from), divides(from, to)) {
            // All multiples of the old value are still multiples, or the reverse.
            (true, _) => request,
            (_, true) => !request,
            _ => return,
        };
        let wire = if wire {
            Verdict::Compatible
        } else {
            Verdict::Breaking
        };
        found.wire_at(context.place, wire);
    }

    fn lists(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let (old, new) = (Some(was.node), Some(is.node));
        let show =
            |view: &View<'a>| match view.node.get("enum").or_else(|| view.node.get_any("const")) {
                Some(list) => Shown::Text(texts(&[list])),
                None => Shown::Text(texts(view.listed.as_deref().unwrap_or_default())),
            };
        match (&was.listed, &is.listed) {
            (None, None) => {}
            (None, Some(to)) => {
                let finding = if is.constant {
                    Finding::ConstAdded
                } else {
                    Finding::BecameEnum
                };
                let beyond = !fit(to, was.node);
                let all = was.types == Types::INTEGER && has_all(to, was.node);
                let found = self.finding(finding, context.place, old, new);
                found.shows(Shown::Nothing, show(is));
                if beyond {
                    found.wire_at(context.place, Verdict::Breaking);
                } else if all {
                    found.wire_at(context.place, Verdict::Compatible);
                }
            }
            (Some(from), None) => {
                let finding = if was.constant {
                    Finding::ConstRemoved
                } else {
                    Finding::BecameNotEnum
                };
                let beyond = !fit(from, is.node);
                let all = is.types == Types::INTEGER && has_all(from, is.node);
                let found = self.finding(finding, context.place, old, new);
                found.shows(show(was), Shown::Nothing);
                if beyond {
                    found.wire_at(context.place, Verdict::Breaking);
                } else if all {
                    found.wire_at(context.place, Verdict::Compatible);
                }
            }
            (Some(from), Some(to)) if was.constant && is.constant => {
                if let ([from], [to]) = (from.as_slice(), to.as_slice())
                    && from.digest() != to.digest()
                {
                    self.finding(Finding::ConstChanged, context.place, old, new)
                        .shows(Shown::Old(from.id), Shown::New(to.id));
                }
            }
            (Some(from), Some(to)) => self.listed(from, to, (was, is), context),
        }
    }

    fn listed(
        &mut self,
        from: &[Cursor<'a>],
        to: &[Cursor<'a>],
        (was, is): (&View<'a>, &View<'a>),
        context: Context,
    ) {
        let (old, new) = (Some(was.node), Some(is.node));
        let known: HashSet<u64> = from.iter().map(|value| value.digest()).collect();
        let kept: HashSet<u64> = to.iter().map(|value| value.digest()).collect();
        for value in from.iter().filter(|value| !kept.contains(&value.digest())) {
            self.finding(Finding::EnumValueRemoved, context.place, old, new)
                .shows(Shown::Old(value.id), Shown::Nothing);
        }
        for value in to.iter().filter(|value| !known.contains(&value.digest())) {
            self.finding(Finding::EnumValueAdded, context.place, old, new)
                .shows(Shown::Nothing, Shown::New(value.id));
        }
    }

    fn extensible_lists(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let list = |view: &View<'a>| view.node.get("x-extensible-enum");
        let (Some(from), Some(to)) = (list(was), list(is)) else {
            return;
        };
        let digests = |list: Cursor<'a>| list.items().map(Cursor::digest).collect::<HashSet<_>>();
        let (known, kept) = (digests(from), digests(to));
        for value in from.items().filter(|value| !kept.contains(&value.digest())) {
            self.finding(
                Finding::ExtensibleEnumValueRemoved,
                context.place,
                Some(was.node),
                Some(is.node),
            )
            .shows(Shown::Old(value.id), Shown::Nothing);
        }
        for value in to.items().filter(|value| !known.contains(&value.digest())) {
            self.finding(
                Finding::ExtensibleEnumValueAdded,
                context.place,
                Some(was.node),
                Some(is.node),
            )
            .shows(Shown::Nothing, Shown::New(value.id));
        }
    }

    fn pattern(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        let pattern = |view: &View<'a>| {
            view.node
                .get("pattern")
                .filter(|text| text.as_str() != Some(""))
        };
        let (from, to) = (pattern(was), pattern(is));
        let any = |pattern: Option<Cursor<'a>>| {
            pattern.and_then(Cursor::as_str).is_some_and(takes_any_text)
        };
        let findings = [
            Finding::PatternAdded,
            Finding::PatternRemoved,
            match (any(from), any(to)) {
                (true, true) => return,
                (false, true) => Finding::PatternGeneralized,
                (true, false) => Finding::PatternSpecialized,
                (false, false) => Finding::PatternChanged,
            },
        ];
        // A pattern that accepts any string is no restriction.
        if (from.is_none() && any(to)) || (to.is_none() && any(from)) {
            return;
        }
        self.keyword(from, to, (was.node, is.node), context.place, findings);
    }

    fn contents(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        for (keyword, finding) in [
            ("contentEncoding", Finding::ContentEncodingChanged),
            ("contentMediaType", Finding::ContentMediaTypeChanged),
        ] {
            let (from, to) = (old.get(keyword), new.get(keyword));
            self.keyword(from, to, (old, new), context.place, [finding; 3]);
        }
    }

    /// Values that a schema may no longer accept because of an unknown constraint.
    pub(super) fn unknown_keywords(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        let names: HashMap<&str, Cursor<'a>> = old.members().collect();
        for (name, to) in new.members() {
            if !is_known(name)
                && names
                    .get(name)
                    .is_none_or(|from| from.digest() != to.digest())
            {
                let from = names.get(name).copied();
                self.finding(Finding::NotComparable, context.place, from, Some(to));
            }
        }
        for (name, from) in old.members() {
            if !is_known(name) && new.get_any(name).is_none() {
                self.finding(Finding::NotComparable, context.place, Some(from), None);
            }
        }
    }
}

fn texts(values: &[Cursor<'_>]) -> String {
    let text = |value: &Cursor<'_>| {
        let json = value.to_json(&mut 1000);
        json.map_or_else(|| "…".to_owned(), |json| json.to_string())
    };
    values.iter().map(text).collect::<Vec<_>>().join(" | ")
}

fn takes_any_text(pattern: &str) -> bool {
    matches!(
        pattern,
        "^" | "$" | ".*" | "^.*" | ".*$" | "^.*$" | "(.*)" | "^(.*)$" | "[\\s\\S]*" | "^[\\s\\S]*$"
    )
}

/// Whether a keyword is compared elsewhere, or does not affect which values are valid.
fn is_known(keyword: &str) -> bool {
    super::view::is_annotation(keyword)
        || matches!(
            keyword,
            "$ref"
                | "type"
                | "format"
                | "enum"
                | "const"
                | "allOf"
                | "anyOf"
                | "oneOf"
                | "not"
                | "if"
                | "then"
                | "else"
                | "properties"
                | "required"
                | "additionalProperties"
                | "patternProperties"
                | "propertyNames"
                | "minProperties"
                | "maxProperties"
                | "dependentRequired"
                | "dependentSchemas"
                | "items"
                | "prefixItems"
                | "contains"
                | "minContains"
                | "maxContains"
                | "minItems"
                | "maxItems"
                | "uniqueItems"
                | "unevaluatedItems"
                | "unevaluatedProperties"
                | "minimum"
                | "maximum"
                | "exclusiveMinimum"
                | "exclusiveMaximum"
                | "multipleOf"
                | "minLength"
                | "maxLength"
                | "pattern"
                | "contentEncoding"
                | "contentMediaType"
                | "contentSchema"
                | "discriminator"
        )
}
