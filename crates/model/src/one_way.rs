//! Properties that occur only in requests or only in responses.
//!
//! A required `readOnly` property is in every response and in no request, and a required `writeOnly` property the reverse. A
//! type that requests and responses share cannot require them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::{Operation, Success, TypeDefinition, Webhook};
use crate::schema_kind::nullable;

/// The properties of a type that occur only in one direction, by their names on the wire.
#[derive(Debug, Default)]
pub(super) struct OneWay {
    pub(super) read_only: BTreeSet<String>,
    pub(super) write_only: BTreeSet<String>,
}

impl OneWay {
    pub(super) fn is_empty(&self) -> bool {
        self.read_only.is_empty() && self.write_only.is_empty()
    }
}

/// Makes `readOnly` properties optional in types that requests contain, and `writeOnly` properties in types that responses
/// contain.
pub(super) fn relax(
    operations: &[Operation],
    webhooks: &[Webhook],
    types: &mut [TypeDefinition],
    one_way: &BTreeMap<String, OneWay>,
) {
    if one_way.is_empty() {
        return;
    }
    let (mut sent, mut received) = (Vec::new(), Vec::new());
    for operation in operations {
        if let Some(body) = &operation.body {
            references(&body.lowered, &mut sent);
            for part in &body.form {
                references(&part.lowered, &mut sent);
            }
        }
        if let Success::Json(body) | Success::OptionalJson(body) = &operation.success {
            references(body, &mut received);
        }
        if let Some(stream) = &operation.stream {
            references(&stream.item, &mut received);
        }
        for error in &operation.errors {
            references(error, &mut received);
        }
    }
    for webhook in webhooks {
        references(&webhook.lowered, &mut received);
    }
    let (sent, received) = (reached(sent, types), reached(received, types));
    for definition in types {
        let Some(one_way) = one_way.get(&definition.name) else {
            continue;
        };
        for (names, reached) in [
            (&one_way.read_only, &sent),
            (&one_way.write_only, &received),
        ] {
            if reached.contains(&definition.name) {
                for name in names {
                    make_optional(&mut definition.lowered, name);
                }
            }
        }
    }
}

fn make_optional(lowered: &mut Value, name: &str) {
    let Some(required) = lowered.get_mut("required").and_then(Value::as_array_mut) else {
        return;
    };
    let before = required.len();
    required.retain(|required| required != name);
    if required.len() == before {
        return;
    }
    let property = lowered.pointer_mut("/properties");
    if let Some(property) = property.and_then(|properties| properties.get_mut(name))
        && matches!(
            property.get("type").and_then(Value::as_str),
            Some("array" | "object")
        )
    {
        // An absent list differs from an empty one, as for any optional list.
        *property = nullable(property.take());
    }
}

/// The names of the types that a lowered schema refers to.
fn references(lowered: &Value, found: &mut Vec<String>) {
    match lowered {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                found.extend(reference.rsplit('/').next().map(str::to_owned));
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The given types, and the types that they refer to, directly or indirectly.
fn reached(mut waiting: Vec<String>, types: &[TypeDefinition]) -> BTreeSet<String> {
    let by_name: BTreeMap<&str, &TypeDefinition> = types
        .iter()
        .map(|definition| (definition.name.as_str(), definition))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(definition) = by_name.get(name.as_str())
            && reached.insert(name)
        {
            references(&definition.lowered, &mut waiting);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Options, lower};

    /// The required properties of a component's type, if an operation sends or receives it.
    fn required(sent: bool, received: bool) -> Vec<String> {
        let schema = json!({"$ref": "#/components/schemas/Account"});
        let content = json!({"application/json": {"schema": schema}});
        let mut operation =
            json!({"operationId": "call", "responses": {"200": {"description": "OK"}}});
        if sent {
            operation["requestBody"] = json!({"content": content});
        }
        if received {
            operation["responses"]["200"]["content"] = content;
        }
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "Accounts", "version": "1"},
            "paths": {"/accounts": {"post": operation}},
            "components": {"schemas": {"Account": {
                "type": "object",
                "required": ["id", "name", "password", "groups"],
                "properties": {
                    "id": {"type": "string", "readOnly": true},
                    "name": {"type": "string"},
                    "password": {"type": "string", "writeOnly": true},
                    "groups": {"type": "array", "items": {"type": "string"}, "readOnly": true}
                }
            }}}
        });
        let model = lower(&Options::new("Accounts"), &document).unwrap();
        let lowered = &model.types[0].lowered;
        let groups = &lowered["properties"]["groups"];
        assert_eq!(groups["nullable"] == true, sent, "{groups}");
        let required = lowered["required"].as_array().unwrap().iter();
        required
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_type_requires_only_the_properties_that_every_use_requires() {
        assert_eq!(required(false, true), ["id", "name", "groups"]);
        assert_eq!(required(true, false), ["name", "password"]);
        assert_eq!(required(true, true), ["name"]);
    }
}
