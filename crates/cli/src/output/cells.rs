//! Converts JSON values to the cells of a row.

use serde_json::Value;

use super::selection::column;

/// The maximum depth to which objects are split into columns.
const DEEPEST: usize = 4;
/// The maximum length of a path of names, in bytes, below which an object is split. Each of its properties repeats the path:
/// without a limit, a small response with a long name would become a huge table.
const LONGEST: usize = 256;
/// The maximum number of columns that are derived from an item. Every item has a cell in each column: without a limit, a
/// small response with one wide item would become a huge table.
const MOST: usize = 256;

/// The shown part of an item.
pub(super) struct Columns(Kind);

enum Kind {
    /// The paths of the columns; `None` until the first item determines them.
    Found(Option<Vec<Vec<String>>>),
    /// Columns that the user selected.
    Named(Vec<String>),
}

impl Columns {
    /// Columns by their paths. Without known columns, the first item determines them.
    pub(super) fn of(paths: &[&[&str]]) -> Self {
        let owned = paths
            .iter()
            .map(|path| path.iter().map(|name| (*name).to_owned()).collect());
        Self(Kind::Found(
            Some(owned.collect()).filter(|paths: &Vec<_>| !paths.is_empty()),
        ))
    }

    /// Columns that the user selected.
    pub(super) fn named(names: &[String]) -> Self {
        Self(Kind::Named(names.to_vec()))
    }

    /// Derives the columns from an item, unless they are known. If it has too many, all items are shown as JSON in one
    /// column.
    pub(super) fn or_of(&mut self, item: &Value) {
        let Kind::Found(found) = &mut self.0 else {
            return;
        };
        found.get_or_insert_with(|| {
            let mut paths = Vec::new();
            if item.is_object() {
                leaves(item, &mut Vec::new(), &mut |path, _| {
                    paths.push(path.to_vec());
                });
            }
            if paths.len() > MOST {
                paths.clear();
            }
            paths
        });
    }

    /// The names of the columns; a single `value` if items are not objects or are shown whole.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.0 {
            Kind::Found(None) => Vec::new(),
            Kind::Found(Some(paths)) if paths.is_empty() => vec!["value".to_owned()],
            Kind::Found(Some(paths)) => paths.iter().map(|path| path.join(".")).collect(),
            Kind::Named(names) => names.clone(),
        }
    }

    /// The cells of an item; empty if it has no such value.
    pub(super) fn cells(&self, item: &Value) -> Vec<String> {
        let of_path = |path: &Vec<String>| {
            let value = path.iter().try_fold(item, |value, name| value.get(name));
            value.map(text).unwrap_or_default()
        };
        let of_name = |name: &String| column(item, name).map(text).unwrap_or_default();
        match &self.0 {
            Kind::Found(None) => vec![text(item)],
            Kind::Found(Some(paths)) if paths.is_empty() => vec![text(item)],
            Kind::Found(Some(paths)) => paths.iter().map(of_path).collect(),
            Kind::Named(names) => names.iter().map(of_name).collect(),
        }
    }
}

/// Every scalar in an object, with its path.
pub(super) fn listing(object: &Value) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    leaves(object, &mut Vec::new(), &mut |path, value| {
        lines.push((path.join("."), text(value)));
    });
    lines
}

fn leaves(value: &Value, path: &mut Vec<String>, found: &mut impl FnMut(&[String], &Value)) {
    match value {
        Value::Object(members) if !members.is_empty() && is_short(path) => {
            for (name, value) in members {
                path.push(name.clone());
                leaves(value, path, found);
                path.pop();
            }
        }
        _ => found(path, value),
    }
}

/// Whether the properties of the object at a path are shown as columns.
fn is_short(path: &[String]) -> bool {
    path.len() < DEEPEST && path.iter().map(String::len).sum::<usize>() <= LONGEST
}

/// A value as a string: scalars unchanged, lists of scalars separated by commas, anything else as JSON.
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
    fn a_column_is_a_path_and_a_missing_value_is_empty() {
        let columns = Columns::of(&[&["id"], &["role", "name"], &["tags"], &["on"]]);
        assert_eq!(columns.names(), ["id", "role.name", "tags", "on"]);
        assert_eq!(
            columns.cells(&json!({"id": 7, "role": {"name": "A"}, "tags": ["x", "y"], "on": true})),
            ["7", "A", "x, y", "true"]
        );
        assert_eq!(columns.cells(&json!({"role": null})), ["", "", "", ""]);
    }

    #[test]
    fn without_known_columns_the_first_item_determines_them() {
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
    fn an_item_with_too_many_properties_is_one_column_of_json() {
        let item = |members: usize| {
            let members = (0..members).map(|number| (number.to_string(), json!(number)));
            Value::Object(members.collect())
        };
        let mut columns = Columns::of(&[]);
        columns.or_of(&item(MOST));
        assert_eq!(columns.names().len(), MOST);
        let mut columns = Columns::of(&[]);
        columns.or_of(&item(MOST + 1));
        assert_eq!(columns.names(), ["value"]);
        assert_eq!(columns.cells(&json!({"a": 1})), [r#"{"a":1}"#]);
    }

    #[test]
    fn a_long_name_is_not_repeated_for_each_nested_property() {
        let long = "n".repeat(LONGEST + 1);
        let members: Value = (0..100)
            .map(|number| (number.to_string(), json!(1)))
            .collect();
        let lines = listing(&json!({long.as_str(): &members, "short": &members}));
        assert_eq!(lines.len(), 101);
        assert_eq!(lines[0], (long, members.to_string()));
    }

    #[test]
    fn an_object_is_listed_with_a_row_for_each_value() {
        let lines = listing(&json!({"id": "u", "role": {"name": "A"}, "none": null, "empty": {}}));
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(path, text)| format!("{path}={text}"))
            .collect();
        assert_eq!(lines, ["id=u", "role.name=A", "none=", "empty={}"]);
    }
}
