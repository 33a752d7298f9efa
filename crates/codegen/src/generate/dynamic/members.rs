//! The fields of a body that a command takes as separate arguments.

use serde_json::{Value, json};

use super::super::descriptions;
use super::shape::Types;
use super::{value, words};

/// The maximum depth to which nested objects in a body are split.
const DEEPEST: usize = 3;
/// The maximum number of fields of a body. If there would be more, nested objects are split less deeply.
const MOST: usize = 120;

struct Member<'a> {
    path: Vec<&'a str>,
    lowered: &'a Value,
    required: bool,
    example: Option<&'a Value>,
}

/// The descriptions of the fields; empty if the body is not an object.
pub(super) fn of(lowered: &Value, body_required: bool, types: &Types<'_>) -> Vec<Value> {
    let depths = (0..DEEPEST).rev();
    let mut found = Vec::new();
    for depth in depths {
        found.clear();
        let mut open = Vec::new();
        let complete = collect(lowered, body_required, depth, types, &mut open, &mut found);
        if complete {
            break;
        }
    }
    found.iter().map(|member| table(member, types)).collect()
}

/// Splits an object into fields, `depth` levels deep. Returns whether the limit allowed it; the outermost properties are always
/// included.
fn collect<'a>(
    lowered: &'a Value,
    required: bool,
    depth: usize,
    types: &Types<'a>,
    open: &mut Vec<(&'a str, *const Value)>,
    found: &mut Vec<Member<'a>>,
) -> bool {
    let schema: *const Value = types.resolved(lowered);
    let outermost = open.is_empty();
    for member in types.object(lowered).unwrap_or_default() {
        let inner: *const Value = types.resolved(member.lowered);
        let recursive = inner == schema || open.iter().any(|(_, known)| *known == inner);
        let required = required && member.required;
        let apart = depth > 0 && !recursive && has_members(member.lowered, types);
        if apart {
            open.push((member.name, schema));
            let complete = collect(member.lowered, required, depth - 1, types, open, found);
            open.pop();
            if !complete {
                return false;
            }
            continue;
        }
        let path = open.iter().map(|(name, _)| *name).chain([member.name]);
        found.push(Member {
            path: path.collect(),
            lowered: member.lowered,
            required,
            example: types.example(lowered, member.name),
        });
        if found.len() > MOST && !(outermost && depth == 0) {
            return false;
        }
    }
    true
}

/// Whether a value is an object without additional properties.
fn has_members(lowered: &Value, types: &Types<'_>) -> bool {
    let open = types
        .resolved(lowered)
        .get("additionalProperties")
        .is_some();
    let members = types.object(lowered).map_or(0, |members| members.len());
    members > 0 && !open
}

fn table(member: &Member<'_>, types: &Types<'_>) -> Value {
    let path = &member.path;
    let joined: Vec<String> = path
        .iter()
        .map(|name| words::kebab(name, "value"))
        .collect();
    let name = path.last().copied().unwrap_or_default();
    let described = member.lowered.get("description").and_then(Value::as_str);
    let described = described.filter(|text| !descriptions::repeats(text, name));
    let shape = types.shape(member.lowered);
    let mut told = value(&joined.join("-"), &shape, member.example, described);
    told.insert("path".to_owned(), json!(path));
    if member.required {
        told.insert("required".to_owned(), json!(true));
    }
    Value::Object(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use specmill_model::TypeDefinition;

    fn definition(name: &str, lowered: Value) -> TypeDefinition {
        TypeDefinition {
            name: name.to_owned(),
            component: true,
            tag_of_place: None,
            published: None,
            description: None,
            lowered,
            values: Vec::new(),
            properties: std::collections::BTreeMap::new(),
            tag: None,
            variants: Vec::new(),
            statuses: Vec::new(),
            additional: None,
            nullable: std::collections::BTreeSet::new(),
            formats: std::collections::BTreeMap::new(),
            example: None,
            property_examples: std::collections::BTreeMap::new(),
        }
    }

    fn reference(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// The paths of a body's properties, with a mark for required ones.
    fn paths(definitions: &[TypeDefinition], body: &Value) -> Vec<String> {
        let types = Types::from_definitions(definitions);
        let mut found = Vec::new();
        for depth in (0..DEEPEST).rev() {
            found.clear();
            if collect(body, true, depth, &types, &mut Vec::new(), &mut found) {
                break;
            }
        }
        let mark = |member: &Member<'_>| if member.required { "!" } else { "" };
        let paths = found.iter();
        paths
            .map(|member| member.path.join(".") + mark(member))
            .collect()
    }

    #[test]
    fn an_object_in_a_body_is_split() {
        let user = json!({
            "type": "object", "required": ["email", "role"],
            "properties": {"email": {"type": "string"}, "role": reference("Role"), "tags": {"type": "object", "additionalProperties": {}}}
        });
        let role = json!({
            "type": "object", "required": ["name"],
            "properties": {"id": {"type": "string"}, "name": {"type": "string"}}
        });
        let definitions = [definition("User", user), definition("Role", role)];
        assert_eq!(
            paths(&definitions, &reference("User")),
            ["email!", "role.id", "role.name!", "tags"]
        );
    }

    #[test]
    fn a_recursive_object_is_split_up_to_its_recursion() {
        let node = json!({
            "type": "object", "required": [],
            "properties": {"name": {"type": "string"}, "parent": reference("Node"), "other": reference("Other")}
        });
        let other = json!({ "type": "object", "properties": {"node": reference("Node")} });
        let definitions = [definition("Node", node), definition("Other", other)];
        assert_eq!(
            paths(&definitions, &reference("Node")),
            ["name", "parent", "other.node"]
        );
    }

    #[test]
    fn a_body_with_very_many_properties_is_split_less_deeply() {
        let wide = |of: &str| -> Value {
            let members = (0..100).map(|index| (format!("m{index}"), reference(of)));
            json!({ "type": "object", "properties": members.collect::<serde_json::Map<_, _>>() })
        };
        let leaf = json!({ "type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "string"}} });
        let definitions = [
            definition("Leaf", leaf),
            definition("Inner", wide("Leaf")),
            definition("Outer", wide("Inner")),
        ];
        assert_eq!(paths(&definitions, &reference("Outer")).len(), 100);
    }
}
