//! Changes of the JSON of the API's own response.

use serde_json::{Map, Value, json};

use super::Document;

/// Optional properties, by a property that identifies the object.
const OPTIONAL: [(&str, &[&str]); 2] = [
    (
        "givenName",
        &["id", "createdAt", "lastLoggedInAt", "status"],
    ),
    ("results", &["next"]),
];

/// The properties that contain the lists, in both APIs.
const LISTS: [&str; 3] = ["results", "users", "versions"];

impl Document {
    /// Whether the JSON is changed.
    pub(super) fn changes(self) -> bool {
        let untouched = Self {
            paging: self.paging,
            ..Self::default()
        };
        self != untouched
    }

    pub(super) fn apply(self, document: &mut Value) {
        if let Value::Object(page) = document {
            self.apply_to_page(page);
        }
        self.apply_to_members(document);
    }

    fn apply_to_page(self, page: &mut Map<String, Value>) {
        let Some(list) = LISTS.iter().find(|list| page.contains_key(**list)) else {
            return;
        };
        if self.nulls && *list == "users" {
            page.insert("sort".to_owned(), Value::Null);
        }
        if self.null_list {
            page.insert((*list).to_owned(), Value::Null);
        }
        if self.empty_list {
            page.insert((*list).to_owned(), json!([]));
        }
        if self.empty_cursor && *list == "results" && !page.contains_key("next") {
            page.insert("next".to_owned(), json!(""));
        }
    }

    fn apply_to_members(self, value: &mut Value) {
        match value {
            Value::Array(items) => items
                .iter_mut()
                .for_each(|item| self.apply_to_members(item)),
            Value::Object(object) => {
                object
                    .values_mut()
                    .for_each(|member| self.apply_to_members(member));
                self.apply_to_object(object);
            }
            _ => {}
        }
    }

    fn apply_to_object(self, object: &mut Map<String, Value>) {
        if self.nulls {
            let optional = OPTIONAL
                .iter()
                .filter(|(sign, _)| object.contains_key(*sign));
            let optional: Vec<_> = optional.flat_map(|(_, names)| *names).collect();
            for name in optional {
                object.entry(*name).or_insert(Value::Null);
            }
        }
        if self.unknown_values
            && let Some(status @ Value::String(_)) = object.get_mut("status")
        {
            *status = json!("ADDED_LATER");
        }
        if self.unknown_fields {
            object.insert("addedLater".to_owned(), json!({ "values": [1, null, "x"] }));
        }
    }
}
