//! JSON values as the cells of a row.

use serde_json::Value;

/// How deep an object is taken apart.
const DEEPEST: usize = 4;

/// What of an item is shown.
pub(super) struct Columns(Option<Vec<Vec<String>>>);

impl Columns {
    /// Columns by their paths; where none are known, the first item tells.
    pub(super) fn of(paths: &[&[&str]]) -> Self {
        let owned = paths
            .iter()
            .map(|path| path.iter().map(|name| (*name).to_owned()).collect());
        Self(Some(owned.collect()).filter(|paths: &Vec<_>| !paths.is_empty()))
    }

    /// Takes the columns of an item, unless they are known.
    pub(super) fn or_of(&mut self, item: &Value) {
        self.0.get_or_insert_with(|| {
            let mut paths = Vec::new();
            if item.is_object() {
                leaves(item, &mut Vec::new(), &mut |path, _| {
                    paths.push(path.to_vec());
                });
            }
            paths
        });
    }

    /// The names of the columns; one, `value`, where items are no objects.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.0 {
            None => Vec::new(),
            Some(paths) if paths.is_empty() => vec!["value".to_owned()],
            Some(paths) => paths.iter().map(|path| path.join(".")).collect(),
        }
    }

    /// The cells of an item; empty where it has no such value.
    pub(super) fn cells(&self, item: &Value) -> Vec<String> {
        match self.0.as_deref() {
            None | Some([]) => vec![text(item)],
            Some(paths) => {
                let found = paths.iter().map(|path| {
                    let value = path.iter().try_fold(item, |value, name| value.get(name));
                    value.map(text).unwrap_or_default()
                });
                found.collect()
            }
        }
    }
}

/// Every plain value in an object, with its path.
pub(super) fn listing(object: &Value) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    leaves(object, &mut Vec::new(), &mut |path, value| {
        lines.push((path.join("."), text(value)));
    });
    lines
}

fn leaves(value: &Value, path: &mut Vec<String>, found: &mut impl FnMut(&[String], &Value)) {
    match value {
        Value::Object(members) if !members.is_empty() && path.len() < DEEPEST => {
            for (name, value) in members {
                path.push(name.clone());
                leaves(value, path, found);
                path.pop();
            }
        }
        _ => found(path, value),
    }
}

/// A value as text: what is plain as it is, a list of plain values with commas between, anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items)
            if items
                .iter()
                .all(|item| !item.is_array() && !item.is_object()) =>
        {
            items.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_is_a_path_and_what_is_not_there_is_empty() {
        let columns = Columns::of(&[&["id"], &["role", "name"], &["tags"], &["on"]]);
        assert_eq!(columns.names(), ["id", "role.name", "tags", "on"]);
        assert_eq!(
            columns.cells(&json!({"id": 7, "role": {"name": "A"}, "tags": ["x", "y"], "on": true})),
            ["7", "A", "x, y", "true"]
        );
        assert_eq!(columns.cells(&json!({"role": null})), ["", "", "", ""]);
    }

    #[test]
    fn where_no_columns_are_known_the_first_item_has_them() {
        let mut columns = Columns::of(&[]);
        columns.or_of(&json!({"a": {"b": 1}, "c": [{"d": 1}]}));
        assert_eq!(columns.names(), ["a.b", "c"]);
        assert_eq!(
            columns.cells(&json!({"a": {"b": 2}, "c": [{"d": 1}]})),
            ["2", r#"[{"d":1}]"#]
        );
        let mut plain = Columns::of(&[]);
        plain.or_of(&json!("x"));
        assert_eq!(
            (plain.names(), plain.cells(&json!("x"))),
            (vec!["value".into()], vec!["x".into()])
        );
    }

    #[test]
    fn an_object_is_listed_value_by_value() {
        let lines = listing(&json!({"id": "u", "role": {"name": "A"}, "none": null, "empty": {}}));
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(path, text)| format!("{path}={text}"))
            .collect();
        assert_eq!(lines, ["id=u", "role.name=A", "none=", "empty={}"]);
    }
}
