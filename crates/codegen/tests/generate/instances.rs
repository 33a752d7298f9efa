//! proptest strategies for values of schemas.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The maximum nesting of values.
const DEEPEST: usize = 5;

/// The maximum nesting of required values of recursive schemas. Deeper values are missing, and the result is
/// invalid.
const DEEPEST_REQUIRED: usize = 20;

/// Values that are valid for a schema.
pub(crate) fn instance(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    at(document, schema, 0)
}

fn at(document: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if depth > DEEPEST_REQUIRED {
        return Just(Value::Null).boxed();
    }
    if let Some(reference) = schema["$ref"].as_str() {
        return at(
            document,
            document.pointer(&reference[1..]).unwrap_or(&Value::Null),
            depth + 1,
        );
    }
    let some = described(document, schema, depth);
    if schema["nullable"] == true {
        return prop_oneof![3 => some, 1 => Just(Value::Null)].boxed();
    }
    some
}

fn described(document: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    if let Some(values) = schema["enum"].as_array() {
        return prop::sample::select(values.clone()).boxed();
    }
    // A part without these keywords does not restrict the shape of values.
    let shaping = [
        "$ref",
        "type",
        "properties",
        "allOf",
        "oneOf",
        "anyOf",
        "enum",
    ];
    let shapes = |part: &Value| shaping.iter().any(|keyword| part.get(*keyword).is_some());
    let mut parts: Vec<BoxedStrategy<Value>> = Vec::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if shapes(part) {
            parts.push(at(document, part, depth + 1));
        }
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = schema[keyword].as_array()
            && branches.iter().any(shapes)
        {
            // Non-object branches end the recursion at the maximum depth.
            let plain = |branch: &&Value| {
                let kind = branch["type"].as_str();
                branch.get("enum").is_some() || kind.is_some_and(|kind| kind != "object")
            };
            let ends = depth > DEEPEST && branches.iter().any(|branch| plain(&branch));
            let branches: Vec<_> = branches
                .iter()
                .filter(|branch| !ends || plain(branch))
                .map(|branch| tagged(document, schema, branch, depth))
                .collect();
            parts.push(proptest::strategy::Union::new(branches).boxed());
        }
    }
    if !parts.is_empty() {
        if schema.get("properties").is_some() {
            // The values of the branch take precedence over those of the other parts.
            parts.insert(0, object(document, schema, depth));
        }
        return parts.prop_map(merged).boxed();
    }
    match schema["type"].as_str() {
        Some("string") => {
            let least = schema["minLength"].as_u64().unwrap_or_default();
            "[ -~가-힣]{0,12}"
                .prop_map(move |text| json!(text + &"x".repeat(usize::try_from(least).unwrap())))
                .boxed()
        }
        Some("integer")
            if schema["format"] == "uint64"
                || (schema["maximum"].as_f64() > Some(9_223_372_036_854_775_807.0)
                    && schema["minimum"].as_f64() >= Some(0.0)) =>
        {
            any::<u64>().prop_map(|number| json!(number)).boxed()
        }
        Some("integer") => any::<i64>().prop_map(|number| json!(number)).boxed(),
        Some("number") => any::<i32>()
            .prop_map(|number| json!(f64::from(number) / 8.0))
            .boxed(),
        Some("boolean") => any::<bool>().prop_map(|flag| json!(flag)).boxed(),
        Some("array") if depth > DEEPEST => Just(json!([])).boxed(),
        Some("array") => prop::collection::vec(at(document, &schema["items"], depth + 1), 0..3)
            .prop_map(Value::Array)
            .boxed(),
        Some("object") => object(document, schema, depth),
        None if schema.get("properties").is_some() => object(document, schema, depth),
        _ => prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(|flag| json!(flag)),
            // Objects are excluded: next to a schema with properties, they would merge with its values.
            Just(json!([1, {"a": "b"}]))
        ]
        .boxed(),
    }
}

/// A value of a branch, with the discriminator value that selects it.
fn tagged(document: &Value, union: &Value, branch: &Value, depth: usize) -> BoxedStrategy<Value> {
    let made = at(document, branch, depth + 1);
    let Some(member) = union["discriminator"]["propertyName"]
        .as_str()
        .map(str::to_owned)
    else {
        return made;
    };
    let reference = branch["$ref"].as_str().unwrap_or_default().to_owned();
    let target = document.pointer(reference.get(1..).unwrap_or_default());
    let lists_values = |schema: &Value| schema["properties"][&member].get("enum").is_some();
    if union["discriminator"].get("mapping").is_none() && target.is_some_and(lists_values) {
        return made;
    }
    let name = reference.rsplit('/').next().unwrap().to_owned();
    let mapping = union["discriminator"]["mapping"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let mut values = mapping
        .into_iter()
        .filter(|(_, to)| *to == reference.as_str() || *to == name.as_str());
    let value = values.next().map_or(name.clone(), |(value, _)| value);
    made.prop_map(move |mut made| {
        made[&member] = json!(value);
        made
    })
    .boxed()
}

fn merged(parts: Vec<Value>) -> Value {
    parts
        .into_iter()
        .reduce(|mut one, other| {
            if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
                one.extend(other);
            }
            one
        })
        .unwrap_or_default()
}

fn object(document: &Value, schema: &Value, depth: usize) -> BoxedStrategy<Value> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let members: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, property)| {
            let name = name.clone();
            let needed = required.iter().any(|one| *one == name.as_str());
            let value = if needed || depth <= DEEPEST {
                at(document, property, depth + 1)
            } else {
                Just(Value::Null).boxed()
            };
            let kept = if needed {
                Just(true).boxed()
            } else if depth > DEEPEST {
                Just(false).boxed()
            } else {
                any::<bool>().boxed()
            };
            (Just(name), value, kept)
        })
        .collect();
    let more = match &schema["additionalProperties"] {
        values @ Value::Object(_) if depth <= DEEPEST => {
            prop::collection::btree_map("more[a-z]{1,3}", at(document, values, depth + 1), 0..3)
                .boxed()
        }
        _ => Just(std::collections::BTreeMap::new()).boxed(),
    };
    (members, more)
        .prop_map(|(members, more)| {
            let kept = members
                .into_iter()
                .filter(|(_, _, kept)| *kept)
                .map(|(name, value, _)| (name, value));
            Value::Object(kept.chain(more).collect::<Map<_, _>>())
        })
        .boxed()
}
