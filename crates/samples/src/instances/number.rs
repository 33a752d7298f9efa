//! Numbers within the bounds of a schema.

use serde_json::{Map, Value};

/// An integer; `None` if the bounds allow none.
pub(super) fn whole(schema: &Map<String, Value>) -> Option<i64> {
    let number = within(schema, 1.0, 1.0)?.ceil();
    #[expect(clippy::cast_possible_truncation, reason = "checked in the same line")]
    (number.abs() < 9.0e15).then_some(number as i64)
}

/// A number; `None` if the bounds allow none.
pub(super) fn real(schema: &Map<String, Value>) -> Option<f64> {
    within(schema, 1.5, 0.0)
}

/// The default number, or the nearest one within the bounds. Numbers are multiples of `step` by default.
fn within(schema: &Map<String, Value>, usual: f64, step: f64) -> Option<f64> {
    let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
    let exclusive = |name: &str| schema.get(name) == Some(&Value::Bool(true));
    let step = bound("multipleOf")
        .filter(|step| *step > 0.0)
        .unwrap_or(step);
    // The minimum distance between a number and an exclusive bound.
    let apart = if step > 0.0 { step } else { 0.5 };
    let (least, most) = (bound("minimum"), bound("maximum"));
    let least_allowed = |number: f64| {
        least.is_none_or(|least| {
            number > least || (number >= least && !exclusive("exclusiveMinimum"))
        })
    };
    let most_allowed = |number: f64| {
        most.is_none_or(|most| number < most || (number <= most && !exclusive("exclusiveMaximum")))
    };
    let up = |number: f64| {
        if step > 0.0 {
            (number / step).ceil() * step
        } else {
            number
        }
    };
    let down = |number: f64| {
        if step > 0.0 {
            (number / step).floor() * step
        } else {
            number
        }
    };
    let mut candidates = vec![up(usual)];
    candidates.extend(least.map(up));
    candidates.extend(least.map(|least| up(least) + apart));
    candidates.extend(most.map(down));
    candidates.extend(most.map(|most| down(most) - apart));
    if let (Some(least), Some(most), 0.0) = (least, most, step) {
        candidates.push(f64::midpoint(least, most));
    }
    candidates
        .into_iter()
        .find(|number| least_allowed(*number) && most_allowed(*number))
}
