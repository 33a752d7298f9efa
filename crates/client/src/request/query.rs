//! The query of a request.

use serde_json::Value;

use super::path::{encode, encode_into};
use super::value::Pairs;
use super::{Arguments, value};
use crate::operation::{Operation, Parameter, ParameterLocation, Style};

/// Adds the query, in the order of the operation's table, with the `?` before it.
///
/// Everything but unreserved characters is percent-encoded, spaces as `%20`: every server reads that alike, and no
/// URL parser on the way changes it, which a signature over the URL depends on.
pub(super) fn render(
    url: &mut String,
    operation: &'static Operation,
    arguments: &Arguments,
) -> Result<(), String> {
    let mut pairs = Pairs::after(url, "?");
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
    Ok(())
}

fn write(parameter: &Parameter, value: &Value, pairs: &mut Pairs<'_>) -> Option<()> {
    let name = parameter.name;
    match (parameter.style, value) {
        (Style::Json, _) => pairs.add(name, &value.to_string()),
        (Style::DeepObject, Value::Object(fields)) => {
            for (field, value) in fields {
                let name = format!("{name}[{field}]");
                for item in value::items(value)? {
                    pairs.add(&name, &item);
                }
            }
        }
        (Style::Form, Value::Object(fields)) => {
            for (field, value) in fields {
                for item in value::items(value)? {
                    pairs.add(field, &item);
                }
            }
        }
        // An object's fields in one list: name, value, name, value.
        (Style::FormJoined, Value::Object(fields)) => {
            let mut parts = Vec::new();
            for (field, value) in fields {
                parts.extend([encode(field), encode(&value::scalar(value)?)]);
            }
            pairs.begin(name).push_str(&parts.join(","));
        }
        (Style::Form | Style::DeepObject, Value::Array(_)) => {
            for item in value::items(value)? {
                pairs.add(name, &item);
            }
        }
        (style, Value::Array(_)) => {
            let items = value::items(value)?;
            let text = pairs.begin(name);
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push_str(separator(style));
                }
                encode_into(text, item);
            }
        }
        (_, lone) => pairs.add(name, &value::scalar(lone)?),
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
    let mut text = query.unwrap_or_default().to_owned();
    let separator = if text.is_empty() { "" } else { "&" };
    Pairs::after(&mut text, separator).add(name, value);
    text
}
