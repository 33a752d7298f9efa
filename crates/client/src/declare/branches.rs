//! Selects the variant of a union for a value.

use std::cell::Cell;

use serde::Serialize;
use serde_json::{Error, Value};

/// A variant of a union of type `T`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Branch<T> {
    /// Whether a value has the structure of the variant.
    pub fits: fn(&Value) -> bool,
    /// Decodes a value as the variant.
    pub read: fn(&Value) -> Result<T, Error>,
}

/// Whether a property of an object has an allowed value. An absent property is accepted unless it is required.
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
        if preserves(value, &written, value) {
            return Some(variant);
        }
        read.push((variant, written));
    }
    let best = read.iter().position(|(_, one)| {
        let mut others = read.iter();
        others.all(|(_, other)| preserves(value, one, other))
    })?;
    Some(read.swap_remove(best).0)
}

/// Whether `one` preserves everything that `other` preserves of a value. `null` is equivalent to an absent property.
fn preserves(value: &Value, one: &Value, other: &Value) -> bool {
    match (value, other) {
        (Value::Object(properties), Value::Object(other)) => {
            properties.iter().all(|(name, property)| {
                let Some(other) = other.get(name) else {
                    return true;
                };
                match one.get(name) {
                    Some(one) => preserves(property, one, other),
                    None => property.is_null(),
                }
            })
        }
        (Value::Array(items), Value::Array(other)) if items.len() == other.len() => {
            let one = one.as_array().filter(|one| one.len() == items.len());
            one.is_some_and(|one| {
                let mut all = items.iter().zip(one).zip(other);
                all.all(|((item, one), other)| preserves(item, one, other))
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

/// The number of times that each part of a value may be read before the value is kept undecoded.
const READS: usize = 64;

/// The additional number of parts that may be read, for small values.
const BASE_WORK: usize = 4096;

thread_local! {
    /// The remaining work of the outermost union, while it is decoded.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Limits the work of decoding a value as several variants, since nested unions would take time exponential in their
/// depth.
struct Work {
    outermost: bool,
}

impl Work {
    fn begin(value: &Value) -> Self {
        let outermost = LEFT.get().is_none();
        if outermost {
            LEFT.set(Some(
                size(value).saturating_mul(READS).saturating_add(BASE_WORK),
            ));
        }
        Self { outermost }
    }

    /// Takes the work of decoding a value once; `None` if not enough is left.
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

/// The number of parts of a value.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(properties) => 1 + properties.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
