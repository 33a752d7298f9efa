//! The value of a field or a parameter, as a declaration writes it.

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, Type};

use crate::item::Takes;
use crate::scope::Scope;

/// A value, preceded by the word that says how it is stored and set.
pub(super) struct Held {
    word: String,
    of: Type,
}

impl Parse for Held {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            word: input.call(Ident::parse_any)?.to_string(),
            of: input.parse()?,
        })
    }
}

impl Held {
    /// The type of the field.
    pub(super) fn field(&self, scope: &Scope<'_>) -> String {
        let of = scope.text(&self.of);
        match self.word.as_str() {
            "required" | "flag" => of,
            "optional" | "optional_flag" => format!("Option<{of}>"),
            "nullable" => format!("Option<Option<{of}>>"),
            "nullable_list" => format!("Option<Option<Vec<{of}>>>"),
            "nullable_boxed" => format!("Option<Option<Box<{of}>>>"),
            "list" => format!("Vec<{of}>"),
            "optional_list" => format!("Option<Vec<{of}>>"),
            "boxed" => format!("Box<{of}>"),
            "optional_boxed" => format!("Option<Box<{of}>>"),
            "additional" => format!("BTreeMap<String, {of}>"),
            other => format!("{other} {of}"),
        }
    }

    /// The argument type of the setter or method.
    pub(super) fn takes(&self, scope: &Scope<'_>) -> Takes {
        let of = scope.text(&self.of);
        match self.word.as_str() {
            "required" | "optional" | "nullable" | "boxed" | "optional_boxed"
            | "nullable_boxed" | "path" | "value" => Takes::TryInto(of),
            "flag" | "optional_flag" | "form" => Takes::Value(of),
            "list" | "optional_list" | "nullable_list" | "path_list" => Takes::Items(of),
            "bytes" => Takes::Into(of),
            "additional" => Takes::Value(format!(
                "impl IntoIterator<Item = (impl Into<String>, impl Into<{of}>)>"
            )),
            other => Takes::Value(format!("{other} {of}")),
        }
    }

    /// Whether the value is required.
    pub(super) fn is_required(&self) -> bool {
        let may_be_absent = ["optional", "nullable", "additional"];
        !may_be_absent.iter().any(|word| self.word.starts_with(word))
    }

    /// Whether the value is an argument of the method.
    pub(super) fn is_path(&self) -> bool {
        self.word.starts_with("path")
    }

    /// Whether the content type is an argument too.
    pub(super) fn has_content_type(&self) -> bool {
        self.word == "typed_bytes"
    }

    /// The type of the value.
    pub(super) fn of(&self, scope: &Scope<'_>) -> String {
        scope.text(&self.of)
    }
}
