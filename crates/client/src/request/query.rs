//! The query of a request.

use serde_json::Value;

use super::path::encode;
use super::{Arguments, value};
use crate::operation::{Operation, Parameter, ParameterLocation, Style};

/// The query, in the order of the operation's table, without `?`.
///
/// Everything but unreserved characters is percent-encoded, spaces as `%20`: every server reads that alike, and no
/// URL parser on the way changes it, which a signature over the address depends on.
pub(super) fn render(
    operation: &'static Operation,
    arguments: &Arguments,
) -> Result<String, String> {
    let mut pairs = Vec::new();
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
    Ok(pairs.join("&"))
}

fn write(parameter: &Parameter, value: &Value, pairs: &mut Vec<String>) -> Option<()> {
    let name = encode(parameter.name);
    let mut joined = |separator: &str| {
        let items: Vec<String> = value::items(value)?
            .iter()
            .map(|item| encode(item))
            .collect();
        pairs.push(format!("{name}={}", items.join(separator)));
        Some(())
    };
    match (parameter.style, value) {
        (Style::Json, _) => pairs.push(format!("{name}={}", encode(&value.to_string()))),
        (Style::DeepObject, Value::Object(members)) => {
            for (member, value) in members {
                for item in value::items(value)? {
                    pairs.push(format!(
                        "{name}{}={}",
                        encode(&format!("[{member}]")),
                        encode(&item)
                    ));
                }
            }
        }
        (Style::Form, Value::Object(members)) => {
            for (member, value) in members {
                for item in value::items(value)? {
                    pairs.push(format!("{}={}", encode(member), encode(&item)));
                }
            }
        }
        // An object's members in one list: name, value, name, value.
        (Style::FormJoined, Value::Object(members)) => {
            let mut parts = Vec::new();
            for (member, value) in members {
                parts.extend([encode(member), encode(&value::scalar(value)?)]);
            }
            pairs.push(format!("{name}={}", parts.join(",")));
        }
        (Style::FormJoined | Style::Simple, _) => joined(",")?,
        (Style::SpaceDelimited, _) => joined("%20")?,
        (Style::PipeDelimited, _) => joined("%7C")?,
        (Style::Form | Style::DeepObject, _) => {
            pairs.extend(
                value::items(value)?
                    .iter()
                    .map(|item| format!("{name}={}", encode(item))),
            );
        }
    }
    Some(())
}

/// The query with one more pair.
pub(crate) fn with_pair(query: Option<&str>, name: &str, value: &str) -> String {
    let pair = format!("{}={}", encode(name), encode(value));
    match query {
        Some(query) if !query.is_empty() => format!("{query}&{pair}"),
        _ => pair,
    }
}
