//! Sizes of generated sources, counted by the same rule for each generator.

use std::path::{Path, PathBuf};

use crate::declarations::Declarations;
use crate::typing::Typing;

/// The counts of one crate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sources {
    /// The number of lines of all files, including documentation.
    pub lines: usize,
    /// The number of public fields of structs, except those for additional properties.
    pub fields: usize,
    /// The number of fields that accept any value: `serde_json::Value`, also behind aliases and in containers, and types that
    /// consist only of it.
    pub any_value: usize,
    /// The number of those to which the document gives a type.
    pub untyped: usize,
}

/// Counts all Rust files of a folder, which were generated from a document.
pub(crate) fn count(folder: &Path, typing: &Typing) -> Sources {
    let mut sources = Sources::default();
    let mut declarations = Declarations::default();
    for file in files(folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        sources.lines += text.lines().count();
        declarations.add(file.strip_prefix(folder).unwrap_or(&file), &text);
    }
    for property in declarations.properties() {
        sources.fields += 1;
        if property.any_value {
            sources.any_value += 1;
            sources.untyped += usize::from(typing.gives_type(&property.siblings(), property.name));
        }
    }
    sources
}

/// All Rust files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Counts one file of sources.
    fn counted(text: &str, document: &Value) -> Sources {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("lib.rs"), text).unwrap();
        count(folder.path(), &Typing::of(document))
    }

    /// The document of all sources in these tests.
    fn document() -> Value {
        json!({ "schemas": {
            "Free": { "type": "object" },
            "User": { "properties": {
                "id": { "type": "string" },
                "type": { "oneOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                "data": { "$ref": "#/schemas/Free" },
                "list": { "type": "array", "items": { "type": "object", "properties": { "a": { "type": "string" } } } }
            } }
        } })
    }

    #[test]
    fn declarations_of_specmill_are_counted() {
        let sources = counted(
            r#"
use serde_json::Value;
object! {
    /// pub no: Value,
    pub struct User {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub data: optional Free,
        pub id: required String,
        #[serde(rename = "type", default)]
        pub kind: nullable serde_json::Value, null kind_null,
        #[serde(default)]
        pub list: optional_list std::collections::BTreeMap<String, serde_json::Value>,
        pub extra: additional serde_json::Value,
    }
    builder UserBuilder;
}
pub type Free = std::collections::BTreeMap<String, serde_json::Value>;
operation! { struct ListUsers(first: String) }
"#,
            &document(),
        );
        assert_eq!(
            (sources.fields, sources.any_value, sources.untyped),
            (4, 3, 2)
        );
    }

    #[test]
    fn declarations_of_ploidy_are_counted() {
        let sources = counted(
            r#"
#[derive(Debug, ::ploidy_util::serde::Serialize)]
pub struct User {
    pub id: ::std::string::String,
    #[serde(rename = "type", default, skip_serializing_if = "::ploidy_util::absent::AbsentOr::is_absent")]
    pub type_: ::ploidy_util::absent::AbsentOr<crate::user::types::Type>,
    pub data: ::ploidy_util::absent::AbsentOr<crate::Free>,
    pub list: ::std::vec::Vec<
        ::ploidy_util::serde_json::Value,
    >,
    #[serde(flatten)]
    pub additional_properties: ::std::collections::BTreeMap<::std::string::String, ::ploidy_util::serde_json::Value>,
}
impl<'de> Deserialize<'de> for User {
    type Value = User;
    fn deserialize() {}
}
pub struct Free {
    #[serde(flatten)]
    pub additional_properties: ::std::collections::BTreeMap<::std::string::String, ::ploidy_util::serde_json::Value>,
}
pub mod user {
    pub mod types {
        pub struct Type {
            #[serde(flatten)]
            pub type_1: ::ploidy_util::absent::AbsentOr<String>,
            #[serde(flatten)]
            pub type_2: ::ploidy_util::absent::AbsentOr<::ploidy_util::serde_json::Value>,
        }
    }
}
"#,
            &document(),
        );
        assert_eq!(
            (sources.fields, sources.any_value, sources.untyped),
            (4, 2, 1)
        );
    }

    #[test]
    fn declarations_of_openapi_to_rust_are_counted() {
        let sources = counted(
            r#"
pub struct User {
    pub id: String,
    #[serde(rename = "type")]
    pub r#type: Option<UserType>,
    pub data: Option<Box<Free>>,
    pub list: Option<Vec<UserList>>,
    hidden: serde_json::Value,
}
#[serde(untagged)]
pub enum UserType { String(String), Array(Vec<String>), Any(serde_json::Value) }
pub struct Free {
    #[serde(flatten)]
    pub additional_properties: std::collections::BTreeMap<String, serde_json::Value>,
}
pub type UserList = UserListItem;
pub struct UserListItem(pub serde_json::Value);
pub const fn call(first: String) {}
"#,
            &document(),
        );
        assert_eq!(
            (sources.fields, sources.any_value, sources.untyped),
            (4, 2, 1)
        );
    }

    #[test]
    fn an_enum_of_only_any_values_accepts_any_value() {
        let user = |variants: &str| {
            format!("pub struct User {{ pub id: Id }} pub enum Id {{ {variants} }}")
        };
        let of = |variants: &str| counted(&user(variants), &document()).untyped;
        assert_eq!(
            of("A(serde_json::Value), #[serde(other)] B(Vec<serde_json::Value>)"),
            1
        );
        assert_eq!(of("A(serde_json::Value), B"), 0);
        assert_eq!(of("A(serde_json::Value), B(String)"), 0);
        assert_eq!(of(""), 0);
    }

    #[test]
    fn a_component_named_value_is_not_any_value() {
        let text = "pub struct User { pub id: Option<Value>, pub list: serde_json::Value } pub struct Value { pub a: String }";
        let sources = counted(text, &document());
        assert_eq!(
            (sources.lines, sources.fields, sources.any_value),
            (1, 3, 1)
        );
    }

    #[test]
    fn mutually_recursive_types_terminate() {
        let text = "pub struct User { pub id: A } pub type A = Vec<B>; pub type B = Option<A>;";
        assert_eq!(counted(text, &document()).any_value, 0);
    }
}
