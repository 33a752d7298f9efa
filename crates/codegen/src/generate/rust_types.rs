//! Rust types, as data.

use serde_json::Value;

/// The Rust type of a value of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RustType {
    String,
    Bool,
    I64,
    U64,
    F64,
    /// `serde_json::Value`
    Json,
    /// A type of the API.
    Named(String),
    List(Box<RustType>),
    /// A map from strings.
    Map(Box<RustType>),
    Optional(Box<RustType>),
    Boxed(Box<RustType>),
}

impl RustType {
    /// The type of a lowered schema.
    pub(super) fn of(lowered: &Value) -> Self {
        // An `allOf` here only adds a description or `null` to one schema.
        let (mut schema, mut nullable) = (lowered, lowered["nullable"] == true);
        while let Some(inner) = specmill_openapi::document::at(schema, "/allOf/0") {
            schema = inner;
            nullable |= schema["nullable"] == true;
        }
        let inner = if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            Self::Named(reference.rsplit('/').next().unwrap_or_default().to_owned())
        } else {
            match schema.get("type").and_then(Value::as_str) {
                Some("string") => Self::String,
                Some("boolean") => Self::Bool,
                Some("number") => Self::F64,
                Some("integer") if schema["format"] == "uint64" => Self::U64,
                Some("integer") => Self::I64,
                // Lowering limits the nesting of these.
                Some("array") => Self::List(Box::new(Self::of(&schema["items"]))),
                Some("object") => Self::Map(Box::new(Self::of(&schema["additionalProperties"]))),
                _ => return Self::Json,
            }
        };
        if nullable {
            Self::Optional(Box::new(inner))
        } else {
            inner
        }
    }

    /// The type of a present value: without the `Option` around it.
    pub(super) fn value(self) -> Self {
        match self {
            Self::Optional(inner) => *inner,
            other => other,
        }
    }

    /// The Rust syntax of the type, where `prefix` is the path of the API's types.
    pub(super) fn written(&self, prefix: &str) -> String {
        match self {
            Self::String => "String".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::I64 => "i64".to_owned(),
            Self::U64 => "u64".to_owned(),
            Self::F64 => "f64".to_owned(),
            Self::Json => "serde_json::Value".to_owned(),
            Self::Named(name) => format!("{prefix}{name}"),
            Self::List(item) => format!("Vec<{}>", item.written(prefix)),
            Self::Map(value) => {
                let value = value.written(prefix);
                format!("std::collections::BTreeMap<String, {value}>")
            }
            Self::Optional(inner) => format!("Option<{}>", inner.written(prefix)),
            Self::Boxed(inner) => format!("Box<{}>", inner.written(prefix)),
        }
    }

    /// The type of a field or parameter, and the type of the values that its setter accepts.
    pub(super) fn held(self, required: bool) -> Held {
        let (value, boxed) = if required {
            match self {
                Self::Boxed(inner) => (*inner, true),
                other => (other, false),
            }
        } else {
            self.unwrapped()
        };
        let (kind, value) = match value {
            value if boxed => (Kind::Boxed, value),
            Self::List(item) => (Kind::List, *item),
            Self::Bool => (Kind::Flag, Self::Bool),
            value => (Kind::Plain, value),
        };
        Held {
            kind,
            required,
            value,
        }
    }

    /// The type inside `Option` and `Box`, in any order, and whether there was a `Box`.
    fn unwrapped(self) -> (Self, bool) {
        let (mut value, mut boxed) = (self, false);
        loop {
            value = match value {
                Self::Optional(inner) => *inner,
                Self::Boxed(inner) => {
                    boxed = true;
                    *inner
                }
                other => return (other, boxed),
            };
        }
    }
}

/// The type of a field or parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    kind: Kind,
    pub(super) required: bool,
    /// The type of one value that the setter accepts.
    pub(super) value: RustType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Flag,
    List,
    Boxed,
}

impl Held {
    /// Whether the setter accepts several values.
    pub(super) fn is_list(&self) -> bool {
        self.kind == Kind::List
    }

    /// The word before the type in a declaration that distinguishes `null` and absence.
    pub(super) fn nullable_word(&self) -> &'static str {
        match self.kind {
            Kind::Plain | Kind::Flag => "nullable",
            Kind::List => "nullable_list",
            Kind::Boxed => "nullable_boxed",
        }
    }

    /// The word before its type in a declaration.
    pub(super) fn word(&self) -> &'static str {
        match (self.kind, self.required) {
            (Kind::Plain, true) => "required",
            (Kind::Plain, false) => "optional",
            (Kind::Flag, true) => "flag",
            (Kind::Flag, false) => "optional_flag",
            (Kind::List, true) => "list",
            (Kind::List, false) => "optional_list",
            (Kind::Boxed, true) => "boxed",
            (Kind::Boxed, false) => "optional_boxed",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_optional_field_contains_the_type_inside_its_wrappers() {
        let boxed = RustType::Boxed(Box::new(RustType::Optional(Box::new(RustType::Named(
            "Node".to_owned(),
        )))));
        let held = boxed.held(false);
        assert_eq!(
            (held.word(), held.value.written("types::")),
            ("optional_boxed", "types::Node".to_owned())
        );
        let list =
            RustType::of(&json!({"type": "array", "items": {"type": "string"}, "nullable": true}));
        let held = list.held(false);
        assert_eq!(
            (held.word(), held.value),
            ("optional_list", RustType::String)
        );
    }

    #[test]
    fn a_reference_with_a_description_has_the_type_of_its_target() {
        let lowered = json!({"allOf": [{"$ref": "#/components/schemas/User"}], "description": "Who", "nullable": true});
        assert_eq!(RustType::of(&lowered).written(""), "Option<User>");
    }
}
