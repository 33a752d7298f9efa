//! Which values a schema lists, and the limits it sets.

use std::collections::{HashMap, HashSet};

use super::view::{Types, View};
use super::{Context, Engine, Shown};
use crate::Verdict;
use crate::document::{Cursor, NodeId, Number};
use crate::rules::{Bound, Finding, Move};

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
            // Every whole number is a multiple of one.
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
            // All multiples of before are multiples still, or the other way.
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
                let found = self.finding(finding, context.place, old, new);
                found.shows(Shown::Nothing, show(is));
                if beyond {
                    found.wire_at(context.place, Verdict::Breaking);
                }
            }
            (Some(from), None) => {
                let finding = if was.constant {
                    Finding::ConstRemoved
                } else {
                    Finding::BecameNotEnum
                };
                let beyond = !fit(from, is.node);
                let found = self.finding(finding, context.place, old, new);
                found.shows(show(was), Shown::Nothing);
                if beyond {
                    found.wire_at(context.place, Verdict::Breaking);
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

    fn bounds(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        for (open, closed) in [
            (Bound::Max, Bound::ExclusiveMax),
            (Bound::Min, Bound::ExclusiveMin),
        ] {
            let from = range_end(was.node, open, closed);
            let to = range_end(is.node, open, closed);
            self.bound(from, to, (was, is), context);
        }
        for bound in Bound::ALL {
            if !matches!(
                bound,
                Bound::Max | Bound::ExclusiveMax | Bound::Min | Bound::ExclusiveMin
            ) {
                let (from, to) = (limit(was.node, bound), limit(is.node, bound));
                // Without a number, one item must be contained.
                let usual =
                    |end: Option<End>| end.is_none_or(|end| (end.value - 1.0).abs() < f64::EPSILON);
                if bound != Bound::MinContains || !(usual(from) && usual(to)) {
                    self.bound(from, to, (was, is), context);
                }
            }
        }
    }

    fn bound(
        &mut self,
        from: Option<End>,
        to: Option<End>,
        (was, is): (&View<'a>, &View<'a>),
        context: Context,
    ) {
        let (bound, step) = match (from, to) {
            (None, Some(to)) => (to.bound, Move::Set),
            (Some(from), None) => (from.bound, Move::Unset),
            (Some(from), Some(to)) => match from.than(&to, was.types == Types::INTEGER) {
                Some(std::cmp::Ordering::Less) => (to.bound, tighter(to.bound)),
                Some(std::cmp::Ordering::Greater) => (to.bound, tighter(to.bound).mirror()),
                _ => return,
            },
            (None, None) => return,
        };
        let show = |end: Option<End>, side: fn(NodeId) -> Shown| {
            end.map_or(Shown::Nothing, |end| side(end.written))
        };
        self.finding(
            Finding::Bound(bound, step),
            context.place,
            Some(was.node),
            Some(is.node),
        )
        .shows(show(from, Shown::Old), show(to, Shown::New));
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
        // A pattern that takes any text is as good as none.
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

    /// Values a schema may no longer take because it says what is unknown here.
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

/// Whether values stay within the limits of a schema, as far as they can be told.
fn fit(values: &[Cursor<'_>], schema: Cursor<'_>) -> bool {
    let within = |value: f64, bound: Bound, end: Option<End>| {
        end.is_none_or(|end| {
            let exclusive = matches!(end.bound, Bound::ExclusiveMax | Bound::ExclusiveMin);
            let apart = if bound.is_upper() {
                end.value - value
            } else {
                value - end.value
            };
            apart > 0.0 || (!exclusive && apart >= 0.0)
        })
    };
    values.iter().all(|value| {
        if let Some(number) = value.as_number() {
            let number = number.as_f64();
            within(
                number,
                Bound::Max,
                range_end(schema, Bound::Max, Bound::ExclusiveMax),
            ) && within(
                number,
                Bound::Min,
                range_end(schema, Bound::Min, Bound::ExclusiveMin),
            )
        } else if let Some(text) = value.as_str() {
            // No text is longer than a double can tell.
            let length = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
            within(length, Bound::MaxLength, limit(schema, Bound::MaxLength))
                && within(length, Bound::MinLength, limit(schema, Bound::MinLength))
        } else {
            true
        }
    })
}

fn texts(values: &[Cursor<'_>]) -> String {
    let text = |value: &Cursor<'_>| {
        let json = value.to_json(&mut 1000);
        json.map_or_else(|| "…".to_owned(), |json| json.to_string())
    };
    values.iter().map(text).collect::<Vec<_>>().join(" | ")
}

#[derive(Debug, Clone, Copy)]
struct End {
    bound: Bound,
    value: f64,
    written: NodeId,
}

impl End {
    /// `None` where no number is written.
    fn of(bound: Bound, written: Cursor<'_>) -> Option<Self> {
        let value = written.as_number()?.as_f64();
        Some(Self {
            bound,
            value,
            written: written.id,
        })
    }

    /// Whether it is tighter than another. Whole numbers above 0 are those from 1.
    fn than(self, other: &Self, whole: bool) -> Option<std::cmp::Ordering> {
        let level = |end: Self| {
            let (level, exclusive) = end.tightness();
            if whole && exclusive && level.fract() == 0.0 {
                (level + 1.0, false)
            } else {
                (level, exclusive)
            }
        };
        level(self).partial_cmp(&level(*other))
    }

    /// Greater is tighter; of equal values the exclusive one is.
    fn tightness(self) -> (f64, bool) {
        let exclusive = matches!(self.bound, Bound::ExclusiveMax | Bound::ExclusiveMin);
        (
            if self.bound.is_upper() {
                -self.value
            } else {
                self.value
            },
            exclusive,
        )
    }
}

fn tighter(bound: Bound) -> Move {
    if bound.is_upper() {
        Move::Decreased
    } else {
        Move::Increased
    }
}

/// The end of the range, from either spelling of exclusive ends: a number in 3.1, a switch in 3.0.
fn range_end(schema: Cursor<'_>, open: Bound, closed: Bound) -> Option<End> {
    let exclusive = schema.get(closed.keyword());
    let bound = if exclusive.is_some_and(Cursor::is_true) {
        closed
    } else {
        open
    };
    let number = schema.get(open.keyword());
    let open_end = number.and_then(|number| End::of(bound, number));
    let closed_end = exclusive.and_then(|number| End::of(closed, number));
    match (open_end, closed_end) {
        (Some(one), Some(other)) => Some(if one.tightness() > other.tightness() {
            one
        } else {
            other
        }),
        (one, other) => one.or(other),
    }
}

/// A limit on a count; one that excludes nothing is none.
fn limit(schema: Cursor<'_>, bound: Bound) -> Option<End> {
    let end = End::of(bound, schema.get(bound.keyword())?)?;
    (bound.is_upper() || bound == Bound::MinContains || end.value > 0.0).then_some(end)
}

fn takes_any_text(pattern: &str) -> bool {
    matches!(
        pattern,
        "^" | "$" | ".*" | "^.*" | ".*$" | "^.*$" | "(.*)" | "^(.*)$" | "[\\s\\S]*" | "^[\\s\\S]*$"
    )
}

/// Keywords compared somewhere, and those that decide nothing.
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
