//! Converts values of the documents' schemas to the generated types and back.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[path = "check.rs"]
mod check;

/// The value after the round trip, and the schema of the type.
fn round<T: Serialize + DeserializeOwned + JsonSchema>(value: &Value) -> Result<(Value, Value), String> {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let back = serde_json::to_value(read).map_err(|error| error.to_string())?;
    Ok((back, schemars::schema_for!(T).to_value()))
}

fn convert(client: &str, name: &str, value: &Value) -> Result<(Value, Value), String> {
    match (client, name) {
        // The types.
        _ => Err("there is no such type".to_owned()),
    }
}

/// Whether two values are the same on the wire. `null` is equivalent to an absent property, and an absent required
/// list to an empty one.
fn same(sent: &Value, back: &Value) -> bool {
    match (sent, back) {
        (Value::Object(sent), Value::Object(back)) => {
            let absent = |value: Option<&Value>| match value {
                None | Some(Value::Null) => true,
                Some(value) => value.as_array().is_some_and(Vec::is_empty),
            };
            sent.iter().all(|(name, value)| match back.get(name) {
                Some(there) => same(value, there) || (value.is_null() && absent(Some(there))),
                None => value.is_null(),
            }) && back.iter().all(|(name, value)| sent.contains_key(name) || absent(Some(value)))
        }
        (Value::Array(sent), Value::Array(back)) => {
            sent.len() == back.len() && sent.iter().zip(back).all(|(sent, back)| same(sent, back))
        }
        (Value::Number(sent), Value::Number(back)) => sent == back || sent.as_f64() == back.as_f64(),
        _ => sent == back,
    }
}

fn each(mut visit: impl FnMut(&str, &Value, Value, Value)) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/values.json");
    let all: Vec<(String, String, Value)> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert!(all.len() > 500, "{} values", all.len());
    for (client, name, value) in all {
        let (back, schema) = convert(&client, &name, &value)
            .unwrap_or_else(|problem| panic!("{client} {name}: {problem}: {value}"));
        visit(&format!("{client} {name}"), &value, back, schema);
    }
}

#[test]
fn every_value_goes_through_its_type_and_back_unchanged() {
    each(|name, value, back, _| assert!(same(value, &back), "{name}\n{value}\n{back}"));
}

#[test]
fn the_derived_schema_accepts_every_value() {
    each(|name, value, _, schema| {
        if let Err(problem) = check::check(&schema, &schema, value) {
            panic!("{name}: {problem}\n{value}\n{schema}");
        }
    });
}
