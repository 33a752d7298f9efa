//! Selects and sorts the items and columns of a response.

use std::cmp::Ordering;
use std::str::FromStr;

use serde_json::Value;
use serde_json_path::JsonPath;

/// The shown part of a response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// The selected columns; empty if none are selected.
    pub(crate) columns: Vec<String>,
    pub(crate) filter: Option<Filter>,
    pub(crate) sort: Vec<SortKey>,
    /// The maximum number of items that are shown.
    pub(crate) most: Option<u64>,
}

impl Selection {
    /// Whether everything is shown unchanged.
    pub(crate) fn is_all(&self) -> bool {
        self.columns.is_empty()
            && self.filter.is_none()
            && self.sort.is_empty()
            && self.most.is_none()
    }

    /// Whether nothing can be shown before all items have arrived.
    pub(super) fn needs_all(&self) -> bool {
        !self.sort.is_empty() || matches!(self.filter, Some(Filter::Whole(_)))
    }

    /// Whether an item meets the condition, if there is one.
    pub(super) fn takes(&self, item: &Value) -> bool {
        match &self.filter {
            // The query selects items of a list, so the item is wrapped in one.
            Some(Filter::Each(condition)) => {
                let list = Value::Array(vec![item.clone()]);
                !condition.query(&list).is_empty()
            }
            Some(Filter::Whole(_)) | None => true,
        }
    }
}

/// The condition for shown values.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    /// Items that meet a condition.
    Each(JsonPath),
    /// The result of a query of the whole response.
    Whole(JsonPath),
}

impl FromStr for Filter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let query = text.trim();
        let parsed = if query.starts_with('$') {
            JsonPath::parse(query).map(Self::Whole)
        } else {
            JsonPath::parse(&format!("$[?{query}]")).map(Self::Each)
        };
        parsed.map_err(|error| {
            let at = if query.starts_with('$') { error.position() } else { error.position().saturating_sub(3) };
            format!(
                "invalid JSONPath at character {}: use a condition such as '@.enabled == true', or a query such as '$[0].id'",
                at + 1
            )
        })
    }
}

/// A column by which items are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SortKey {
    pub(super) column: String,
    pub(super) descending: bool,
}

impl FromStr for SortKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (column, descending) = match text.strip_prefix('-') {
            Some(column) => (column, true),
            None => (text, false),
        };
        if column.is_empty() {
            return Err("name a column".to_owned());
        }
        Ok(Self {
            column: column.to_owned(),
            descending,
        })
    }
}

/// The value of a column. Its name consists of the names of nested properties, joined by periods.
pub(super) fn column<'v>(item: &'v Value, name: &str) -> Option<&'v Value> {
    if let Some(value) = item.get(name) {
        return Some(value);
    }
    // A name may contain a period.
    name.match_indices('.')
        .find_map(|(at, _)| column(item.get(&name[..at])?, &name[at + 1..]))
}

/// The order of two items.
pub(super) fn order(keys: &[SortKey], one: &Value, other: &Value) -> Ordering {
    let mut compared = keys.iter().map(|key| {
        let (one, other) = (column(one, &key.column), column(other, &key.column));
        let (one, other) = (
            one.filter(|value| !value.is_null()),
            other.filter(|value| !value.is_null()),
        );
        match (one, other) {
            (Some(one), Some(other)) if key.descending => compare(other, one),
            (Some(one), Some(other)) => compare(one, other),
            // Missing values come last in either direction.
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
    });
    compared
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let exact = one
                .as_i64()
                .zip(other.as_i64())
                .map(|(one, other)| one.cmp(&other));
            let close = one
                .as_f64()
                .zip(other.as_f64())
                .map(|(one, other)| one.total_cmp(&other));
            exact.or(close).unwrap_or(Ordering::Equal)
        }
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (one, other) => rank(one).cmp(&rank(other)),
    }
}

/// The rank of a type among the others.
fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        Value::Array(_) => 3,
        Value::Object(_) => 4,
        Value::Null => 5,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sorted(keys: &[&str], mut items: Vec<Value>) -> Vec<Value> {
        let keys: Vec<SortKey> = keys.iter().map(|key| key.parse().unwrap()).collect();
        items.sort_by(|one, other| order(&keys, one, other));
        items
    }

    #[test]
    fn numbers_are_sorted_by_value_and_missing_ones_come_last() {
        let items = vec![
            json!({"n": 10}),
            json!({}),
            json!({"n": 9}),
            json!({"n": null}),
            json!({"n": -0.5}),
        ];
        assert_eq!(
            sorted(&["n"], items.clone()),
            [
                json!({"n": -0.5}),
                json!({"n": 9}),
                json!({"n": 10}),
                json!({}),
                json!({"n": null})
            ]
        );
        assert_eq!(sorted(&["-n"], items)[0], json!({"n": 10}));
    }

    #[test]
    fn equal_items_are_sorted_by_the_next_column() {
        let items = vec![
            json!({"a": {"b": "x"}, "c": 2}),
            json!({"a": {"b": "x"}, "c": 1}),
            json!({"a": {"b": "w"}, "c": 3}),
        ];
        assert_eq!(
            sorted(&["a.b", "c"], items)
                .iter()
                .map(|item| item["c"].clone())
                .collect::<Vec<_>>(),
            [3, 1, 2]
        );
    }

    #[test]
    fn a_name_with_a_period_is_found_too() {
        assert_eq!(column(&json!({"a.b": {"c": 1}}), "a.b.c"), Some(&json!(1)));
        assert_eq!(column(&json!({"a": {"b": 2}}), "a.b"), Some(&json!(2)));
        assert_eq!(column(&json!([1]), "a"), None);
    }

    #[test]
    fn a_condition_applies_to_each_item_and_a_query_to_the_response() {
        let each = Selection {
            filter: Some("@.n > 1 && @.on == true".parse().unwrap()),
            ..Selection::default()
        };
        assert!(each.takes(&json!({"n": 2, "on": true})) && !each.takes(&json!({"n": 2})));
        assert!(!each.needs_all());
        assert!(matches!("$[0].id".parse(), Ok(Filter::Whole(_))));
        let error = "@.n >".parse::<Filter>().unwrap_err();
        assert!(
            error.starts_with("invalid JSONPath at character "),
            "{error}"
        );
    }
}
