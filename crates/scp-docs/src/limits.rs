//! Limits of values, as keywords of a schema.

use serde_json::{Value, json};

use scp_pages::{Limit, Schema};

/// The keyword of a limit for values of a type, and its value; none where the page prints no such value.
pub(crate) fn limit(
    limit: Limit,
    printed: &str,
    schema: Option<&Schema>,
) -> Option<(&'static str, Value)> {
    let is_list = matches!(
        schema.map(|schema| schema.without_null().0),
        Some(Schema::Array(_))
    );
    let keyword = match limit {
        Limit::Pattern => "pattern",
        Limit::MinimumLength if is_list => "minItems",
        Limit::MaximumLength if is_list => "maxItems",
        Limit::MinimumLength => "minLength",
        Limit::MaximumLength => "maxLength",
        Limit::Minimum => "minimum",
        Limit::Maximum => "maximum",
    };
    let value = match limit {
        Limit::Pattern => json!(printed.trim_matches('`')),
        Limit::MinimumLength | Limit::MaximumLength => json!(printed.parse::<u64>().ok()?),
        Limit::Minimum | Limit::Maximum => Value::Number(serde_json::from_str(printed).ok()?),
    };
    Some((keyword, value))
}
