//! Compares the bounds of schemas.

use std::collections::HashSet;

use super::view::{Types, View};
use super::{Context, Engine, Shown};
use crate::rules::{Bound, Finding, Move};
use apidrift_document::{Cursor, NodeId};

impl<'a> Engine<'a> {
    /// Compares the limits of numbers, strings, arrays and objects.
    pub(super) fn bounds(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
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
                // Without `minContains`, at least one item must match.
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
}

/// Whether all values are within the limits of a schema, as far as this can be determined.
pub(super) fn fit(values: &[Cursor<'_>], schema: Cursor<'_>) -> bool {
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
            // Lengths are below 2^32, so a double represents them exactly.
            let length = f64::from(u32::try_from(text.chars().count()).unwrap_or(u32::MAX));
            within(length, Bound::MaxLength, limit(schema, Bound::MaxLength))
                && within(length, Bound::MinLength, limit(schema, Bound::MinLength))
        } else {
            true
        }
    })
}

/// Whether the list contains every integer within the limits of the schema.
pub(super) fn has_all(values: &[Cursor<'_>], schema: Cursor<'_>) -> bool {
    let whole = |open: Bound, closed: Bound| {
        let end = range_end(schema, open, closed)?;
        let inward = if end.bound.is_upper() { -1 } else { 1 };
        let exclusive = matches!(end.bound, Bound::ExclusiveMax | Bound::ExclusiveMin);
        Some(end.whole? + if exclusive { inward } else { 0 })
    };
    let (Some(least), Some(most)) = (
        whole(Bound::Min, Bound::ExclusiveMin),
        whole(Bound::Max, Bound::ExclusiveMax),
    ) else {
        return false;
    };
    let listed: HashSet<i128> = values
        .iter()
        .filter_map(|value| value.as_number()?.as_integer())
        .filter(|value| (least..=most).contains(value))
        .collect();
    i128::try_from(listed.len()).is_ok_and(|count| count == most - least + 1)
}

/// A limit of a schema.
#[derive(Debug, Clone, Copy)]
struct End {
    bound: Bound,
    value: f64,
    /// The value, if it is written as a 64-bit integer.
    whole: Option<i128>,
    written: NodeId,
}

impl End {
    /// `None` if no number is written.
    fn of(bound: Bound, written: Cursor<'_>) -> Option<Self> {
        let number = written.as_number()?;
        Some(Self {
            bound,
            value: number.as_f64(),
            whole: number.as_integer(),
            written: written.id,
        })
    }

    /// Whether it is tighter than another. For integers, an exclusive 0 equals an inclusive 1.
    fn than(self, other: &Self, whole: bool) -> Option<std::cmp::Ordering> {
        let level = |end: Self| {
            let (level, exclusive) = end.tightness();
            if whole && exclusive && level.fract() == 0.0 {
                (level + 1.0, false)
            } else {
                (level, exclusive)
            }
        };
        let order = level(self).partial_cmp(&level(*other));
        match (self.whole, other.whole) {
            // Integers with the same double are distinguished by all of their digits.
            (Some(one), Some(another))
                if order == Some(std::cmp::Ordering::Equal) && self.bound == other.bound =>
            {
                Some(if self.bound.is_upper() {
                    another.cmp(&one)
                } else {
                    one.cmp(&another)
                })
            }
            _ => order,
        }
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

/// A limit of a count; `None` if it excludes nothing.
fn limit(schema: Cursor<'_>, bound: Bound) -> Option<End> {
    let end = End::of(bound, schema.get(bound.keyword())?)?;
    (bound.is_upper() || bound == Bound::MinContains || end.value > 0.0).then_some(end)
}
