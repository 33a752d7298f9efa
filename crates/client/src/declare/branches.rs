//! Selects the variant of a union for a value.

use std::cell::Cell;

use serde::Serialize;
use serde_json::{Error, Value};

/// A variant of a union of type `T`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Branch<T> {
    /// Whether a value looks like one of the variant.
    pub fits: fn(&Value) -> bool,
    /// Reads a value as the variant.
    pub read: fn(&Value) -> Result<T, Error>,
}

/// Whether an object has a property with an allowed value, or does not need it.
#[doc(hidden)]
pub fn holds(value: &Value, property: &str, required: bool, allowed: fn(&Value) -> bool) -> bool {
    value.get(property).map_or(!required, allowed)
}

/// Decodes a value as the matching variant. `None` if no variant matches.
///
/// If several match, the first one that preserves everything that any other preserves is selected.
#[doc(hidden)]
pub fn read_union<T: Serialize>(value: &Value, branches: &[Branch<T>]) -> Option<T> {
    let mut fitting = branches.iter().filter(|branch| (branch.fits)(value));
    let first = fitting.next()?;
    let Some(second) = fitting.next() else {
        return (first.read)(value).ok();
    };
    let _work = Work::begin(value);
    let mut read: Vec<(T, Value)> = Vec::new();
    for branch in [first, second].into_iter().chain(fitting) {
        Work::spend(value)?;
        let Ok(variant) = (branch.read)(value) else {
            continue;
        };
        let Ok(written) = serde_json::to_value(&variant) else {
            continue;
        };
        if keeps(value, &written, value) {
            return Some(variant);
        }
        read.push((variant, written));
    }
    let best = read.iter().position(|(_, one)| {
        let mut others = read.iter();
        others.all(|(_, other)| keeps(value, one, other))
    })?;
    Some(read.swap_remove(best).0)
}

/// Whether `one` keeps all that `other` keeps of a value. `null` may stand for an absent property.
fn keeps(value: &Value, one: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Object(members), Value::Object(other)) => members.iter().all(|(name, member)| {
            let Some(other) = other.get(name) else {
                return true;
            };
            match one.get(name) {
                Some(one) => keeps(member, one, other),
                None => member.is_null(),
            }
        }),
        (Value::Array(items), Value::Array(other)) if items.len() == other.len() => {
            let one = one.as_array().filter(|one| one.len() == items.len());
            one.is_some_and(|one| {
                let mut all = items.iter().zip(one).zip(other);
                all.all(|((item, one), other)| keeps(item, one, other))
            })
        }
        _ => !is_same(value, other) || is_same(value, one),
    }
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

/// How often each part of a value may be read before the rest of it is kept unread.
const READS: usize = 64;

/// What is added to that for small values, in parts.
const LEAST: usize = 4096;

thread_local! {
    /// What is left of the work that the outermost union may do, while one is read.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The work of reading a value as several variants. Unions within unions would take time exponential in their depth.
struct Work {
    outermost: bool,
}

impl Work {
    fn begin(value: &Value) -> Self {
        let outermost = LEFT.get().is_none();
        if outermost {
            LEFT.set(Some(
                size(value).saturating_mul(READS).saturating_add(LEAST),
            ));
        }
        Self { outermost }
    }

    /// Takes the work of one reading; `None` where too little is left.
    fn spend(value: &Value) -> Option<()> {
        let left = LEFT.get()?.checked_sub(size(value))?;
        LEFT.set(Some(left));
        Some(())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.outermost {
            LEFT.set(None);
        }
    }
}

/// How many parts a value has.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
