//! Converts the arguments of a command to a call.

use clap::ArgMatches;
use serde_json::{Map, Value};
use specmill::CallOptions;
use specmill::dynamic::{Body, BodyEncoding, Call, Client, Operation, StreamFlag};

use crate::body_file::{json, read, source};
use crate::command::{Entry, Flag, Target, body_file, content_type, flags_of, given, path_values};
use crate::exact;
use crate::failure::Failure;
use crate::options::Options;

/// The call of a command, and whether it requests a stream that is optional.
pub(crate) fn call(
    client: &Client,
    entry: Entry,
    matches: &ArgMatches,
    options: &Options,
) -> Result<(Call, bool), Failure> {
    let operation = entry.operation;
    let mut stream = false;
    let mut call_options = CallOptions::default();
    if let Some(timeout) = options.timeout {
        call_options = call_options.timeout(timeout);
    }
    let call = client.call_with(operation.table.id, call_options);
    // The lookup cannot fail, since the operation is from the client's own table.
    let mut call =
        call.ok_or_else(|| Failure::usage(format!("there is no {}", operation.table.id)))?;
    let flags = flags_of(operation);
    let mut positional = path_values(operation, &flags, matches)?;
    for flag in &flags {
        let Target::Parameter(index) = flag.target else {
            continue;
        };
        let values = given(matches, flag).or_else(|| Some(vec![positional.remove(&index)?]));
        if let Some(values) = values {
            let value = value(values, operation.parameters[index].repeats);
            let table = &operation.table.parameters[index];
            let name = table.name;
            table.bounds.check(&value).map_err(|rule| {
                Failure::usage(format!("the value of --{} must {rule}", flag.name))
            })?;
            stream |= operation.table.stream_flag == Some(StreamFlag::Query(name)) && value == true;
            call = call.parameter(&operation.table.parameters[index], &value);
        }
    }
    match &operation.table.body {
        Some(body) => {
            let (call, of_body) = with_body(call, operation, body, &flags, matches)?;
            Ok((call, stream || of_body))
        }
        None => Ok((call, stream)),
    }
}

/// Whether a body requests a stream.
fn asks_for_stream(operation: &Operation, body: &Value) -> bool {
    match operation.table.stream_flag {
        Some(StreamFlag::Body(name)) => body.get(name) == Some(&Value::Bool(true)),
        _ => false,
    }
}

/// A single value, or a list of all values.
fn value(mut values: Vec<Value>, repeats: bool) -> Value {
    if repeats {
        Value::Array(values)
    } else {
        values.pop().unwrap_or_default()
    }
}

fn with_body(
    call: Call,
    operation: &Operation,
    body: &Body,
    flags: &[Flag],
    matches: &ArgMatches,
) -> Result<(Call, bool), Failure> {
    if body.encoding == BodyEncoding::Bytes {
        let Some(path) = body_file(matches) else {
            return Ok((call, false));
        };
        let source = source(path)?;
        let call = match content_type(matches) {
            Some(content_type) => call.body_of_type(content_type, source),
            None => call.body_bytes(source),
        };
        return Ok((call, false));
    }
    let file = body_file(matches).map(read).transpose()?;
    match (body.encoding, file) {
        (BodyEncoding::Text, None) => Ok((call, false)),
        (BodyEncoding::Text, Some(bytes)) => {
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| Failure::usage("the body is not UTF-8"))?;
            Ok((call.body(&Value::String(text)), false))
        }
        (_, file) => {
            let file = file.map(json).transpose()?;
            let members: Vec<_> = flags
                .iter()
                .filter_map(|flag| match flag.target {
                    Target::Member(index) => Some((flag, &operation.body[index])),
                    Target::Parameter(_) => None,
                })
                .filter_map(|(flag, member)| Some((flag, member, given(matches, flag)?)))
                .collect();
            let mut value = match file {
                Some(text) if members.is_empty() && body.encoding == BodyEncoding::Json => {
                    let stream = serde_json::from_str(&text)
                        .is_ok_and(|body| asks_for_stream(operation, &body));
                    return Ok((call.body_bytes(text), stream));
                }
                Some(text) => Some(parsed(&text, body)?),
                None => None,
            };
            for (flag, member, values) in members {
                let whole = value.get_or_insert_with(|| Value::Object(Map::new()));
                set(whole, member.path, self::value(values, member.repeats))
                    .map_err(|problem| problem.hint(format!("omit --{}", flag.name)))?;
            }
            Ok(match value {
                Some(value) => {
                    let stream = asks_for_stream(operation, &value);
                    (call.body(&value), stream)
                }
                None => (call, false),
            })
        }
    }
}

/// The value of a body that flags change.
fn parsed(text: &str, body: &Body) -> Result<Value, Failure> {
    exact::parse(text).map_err(|problem| {
        let failure = Failure::usage(format!("the body cannot be changed: {problem}"));
        match body.encoding {
            BodyEncoding::Json => {
                failure.hint("without flags for its properties, it is sent unchanged")
            }
            _ => failure,
        }
    })
}

/// Sets a property of an object, or of an object nested in it.
fn set(whole: &mut Value, path: &[&str], value: Value) -> Result<(), Failure> {
    let mut place = whole;
    for name in path {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let object = place.as_object_mut().ok_or_else(|| {
            let path = path.join(".");
            Failure::usage(format!(
                "{path} cannot be set in the body of the file: its parent is not an object"
            ))
        })?;
        place = object.entry(*name).or_insert(Value::Null);
    }
    *place = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_flag_sets_a_property_at_any_depth() {
        let mut body = json!({"role": {"id": "r"}, "x": 1});
        set(&mut body, &["role", "name"], json!("Analyst")).unwrap();
        set(&mut body, &["a", "b", "c"], json!([1])).unwrap();
        assert_eq!(
            body,
            json!({"role": {"id": "r", "name": "Analyst"}, "x": 1, "a": {"b": {"c": [1]}}})
        );
        assert!(set(&mut body, &["x", "y"], json!(1)).is_err());
        assert!(set(&mut json!([]), &["y"], json!(1)).is_err());
    }

    #[test]
    fn a_list_keeps_all_values_and_other_parameters_the_last() {
        assert_eq!(value(vec![json!(1), json!(2)], true), json!([1, 2]));
        assert_eq!(value(vec![json!(1)], false), json!(1));
    }
}
