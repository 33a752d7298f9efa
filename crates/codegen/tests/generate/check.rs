//! Checks values against schemas, with the part of JSON Schema that the test documents use.

use serde_json::Value;

/// Checks a value. The error contains the location and the problem.
pub(crate) fn check(document: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    at(document, schema, value, "$")
}

fn at(document: &Value, schema: &Value, value: &Value, place: &str) -> Result<(), String> {
    let refuse = |what: &str| Err(format!("{place}: {what}: {value}"));
    match schema {
        Value::Bool(true) => return Ok(()),
        Value::Bool(false) => return refuse("nothing is valid here"),
        _ => {}
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document
            .pointer(&reference[1..])
            .ok_or_else(|| format!("{reference} has no target"))?;
        return at(document, target, value, place);
    }
    if value.is_null() && schema["nullable"] == true {
        return Ok(());
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return refuse("not in the list");
    }
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds
            .iter()
            .any(|kind| is(kind.as_str().unwrap_or_default())),
        _ => true,
    };
    if !fits {
        return refuse("of another type");
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        at(document, part, value, place)?;
    }
    for (keyword, most) in [("anyOf", usize::MAX), ("oneOf", 1)] {
        if let Some(branches) = schema[keyword].as_array() {
            let fitting = branches
                .iter()
                .filter(|branch| at(document, branch, value, place).is_ok())
                .count();
            // Without the discriminator, several branches may match.
            let has_discriminator = schema.get("discriminator").is_some();
            if fitting == 0 || (fitting > most && !has_discriminator) {
                return refuse(keyword);
            }
        }
    }
    if let Some(not) = schema.get("not")
        && at(document, not, value, place).is_ok()
    {
        return refuse("not");
    }
    if let (Some(length), Some(text)) = (schema["minLength"].as_u64(), value.as_str())
        && (text.chars().count() as u64) < length
    {
        return refuse("too short");
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(items) = schema.get("items") {
            at(document, items, item, &format!("{place}[{index}]"))?;
        }
    }
    let Some(members) = value.as_object() else {
        return Ok(());
    };
    for name in schema["required"].as_array().into_iter().flatten() {
        if !members.contains_key(name.as_str().unwrap()) {
            return refuse(&format!("{name} is missing"));
        }
    }
    for (name, member) in members {
        let place = format!("{place}.{name}");
        match (
            schema["properties"].get(name),
            &schema["additionalProperties"],
        ) {
            (Some(property), _) => at(document, property, member, &place)?,
            (None, Value::Bool(false)) => return Err(format!("{place}: not among the properties")),
            (None, more @ Value::Object(_)) => at(document, more, member, &place)?,
            _ => {}
        }
    }
    Ok(())
}

#[test]
fn a_value_is_checked_against_its_schema() {
    let document = serde_json::json!({"components": {"schemas": {"A": {
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {"a": {"type": "string", "nullable": true, "minLength": 2}, "b": {"enum": [1]}}
    }}}});
    let schema = serde_json::json!({"$ref": "#/components/schemas/A"});
    let fits =
        |value: &str| check(&document, &schema, &serde_json::from_str(value).unwrap()).is_ok();
    assert!(fits(r#"{"a": null}"#) && fits(r#"{"a": "xy", "b": 1}"#));
    assert!(
        !fits(r#"{"b": 1}"#)
            && !fits(r#"{"a": "x"}"#)
            && !fits(r#"{"a": null, "c": 1}"#)
            && !fits("[]")
    );
}
