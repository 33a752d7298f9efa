//! The query of a request.

use serde_json::Value;

use super::path::{encode, encode_into};
use super::value::{add_pair, begin_pair};
use super::{Arguments, value};
use crate::operation::{Operation, Parameter, ParameterLocation, Style};

/// The query, in the order of the operation's table, without `?`.
///
/// Everything but unreserved characters is percent-encoded, spaces as `%20`: every server reads that alike, and no
/// URL parser on the way changes it, which a signature over the URL depends on.
pub(super) fn render(
    operation: &'static Operation,
    arguments: &Arguments,
) -> Result<String, String> {
    let mut pairs = String::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterLocation::Query)
    {
        if let Some((_, value)) = arguments
            .iter()
            .find(|(given, _)| std::ptr::eq(*given, parameter))
        {
            write(parameter, value, &mut pairs).ok_or_else(|| {
                format!(
                    "the query parameter {} cannot be sent in its style",
                    parameter.name
                )
            })?;
        }
    }
    Ok(pairs)
}

fn write(parameter: &Parameter, value: &Value, pairs: &mut String) -> Option<()> {
    let name = parameter.name;
    match (parameter.style, value) {
        (Style::Json, _) => add_pair(pairs, name, &value.to_string()),
        (Style::DeepObject, Value::Object(fields)) => {
            for (field, value) in fields {
                let name = format!("{name}[{field}]");
                for item in value::items(value)? {
                    add_pair(pairs, &name, &item);
                }
            }
        }
        (Style::Form, Value::Object(fields)) => {
            for (field, value) in fields {
                for item in value::items(value)? {
                    add_pair(pairs, field, &item);
                }
            }
        }
        // An object's fields in one list: name, value, name, value.
        (Style::FormJoined, Value::Object(fields)) => {
            let mut parts = Vec::new();
            for (field, value) in fields {
                parts.extend([encode(field), encode(&value::scalar(value)?)]);
            }
            begin_pair(pairs, name);
            pairs.push_str(&parts.join(","));
        }
        (Style::Form | Style::DeepObject, Value::Array(_)) => {
            for item in value::items(value)? {
                add_pair(pairs, name, &item);
            }
        }
        (style, Value::Array(_)) => {
            let items = value::items(value)?;
            begin_pair(pairs, name);
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    pairs.push_str(separator(style));
                }
                encode_into(pairs, item);
            }
        }
        (_, lone) => add_pair(pairs, name, &value::scalar(lone)?),
    }
    Some(())
}

/// What stands between the items of a list that are sent as one parameter.
fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::Form | Style::FormJoined | Style::DeepObject | Style::Simple | Style::Json => ",",
    }
}

/// The query with one more pair.
pub(crate) fn with_pair(query: Option<&str>, name: &str, value: &str) -> String {
    let mut pairs = query.unwrap_or_default().to_owned();
    add_pair(&mut pairs, name, value);
    pairs
}
