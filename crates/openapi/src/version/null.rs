//! Converts the type `null` of 3.1 to `nullable`.

use serde_json::{Map, Value, json};

use super::schema::all_of;

/// Keywords that do not restrict values. If a schema is merged into the outer one, those of the outer one take
/// precedence.
const ANNOTATIONS: [&str; 5] = ["default", "deprecated", "description", "example", "title"];

/// Turns `null` among the types, and as a branch of `anyOf` and `oneOf`, into `nullable`.
pub(super) fn null_becomes_nullable(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        let before = types.len();
        types.retain(|kind| kind != "null");
        let nullable = types.len() < before;
        let only = if types.len() == 1 { types.pop() } else { None };
        if let Some(kind) = only {
            members.insert("type".into(), kind);
        } else if members.get("type") == Some(&json!([])) {
            members.insert("type".into(), json!("null"));
        }
        if nullable {
            members.insert("nullable".into(), json!(true));
        }
    }
    if members.get("type") == Some(&json!("null")) {
        members.shift_remove("type");
        only_null(members);
    }
    for keyword in ["anyOf", "oneOf"] {
        branches(members, keyword);
    }
}

fn only_null(members: &mut Map<String, Value>) {
    members.insert("nullable".into(), json!(true));
    members.insert("enum".into(), json!([null]));
}

fn branches(members: &mut Map<String, Value>, keyword: &str) {
    let Some(Value::Array(branches)) = members.get_mut(keyword) else {
        return;
    };
    let before = branches.len();
    branches.retain(|branch| !is_null(branch));
    if branches.len() == before {
        return;
    }
    let (left, only) = (
        branches.len(),
        if branches.len() == 1 {
            branches.pop()
        } else {
            None
        },
    );
    if left == 0 {
        members.shift_remove(keyword);
        only_null(members);
        return;
    }
    let Some(branch) = only else {
        let typed = branches
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .find(|branch| branch.contains_key("type"));
        // 3.0.3 interprets `nullable` only beside a `type`; one nullable branch is enough.
        match typed {
            Some(branch) => branch.insert("nullable".into(), json!(true)),
            None => members.insert("nullable".into(), json!(true)),
        };
        return;
    };
    members.insert("nullable".into(), json!(true));
    members.shift_remove(keyword);
    match branch {
        Value::Object(branch) if can_be_lifted(&branch, members) => {
            for (name, value) in branch {
                members.entry(name).or_insert(value);
            }
        }
        branch => all_of(members, branch),
    }
}

/// Whether a branch and the keywords around it can be combined without losing either.
fn can_be_lifted(branch: &Map<String, Value>, members: &Map<String, Value>) -> bool {
    let clash = |name: &String| members.contains_key(name) && !ANNOTATIONS.contains(&name.as_str());
    !branch.contains_key("$ref") && !branch.keys().any(|name| name != "nullable" && clash(name))
}

/// The form of a branch `{"type": "null"}` after it was visited.
pub(super) fn is_null(branch: &Value) -> bool {
    branch.get("enum") == Some(&json!([null])) && branch.get("type").is_none()
}
