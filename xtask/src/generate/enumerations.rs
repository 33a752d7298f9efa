//! Enumerations that stay open: a value that the documents do not name is kept, not refused.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Result;
use crate::names;

use super::documentation;
use super::source::identifier;

/// An enumeration: its name, what it is, and its values with the names they have in Rust.
pub(super) struct Enumeration<'a> {
    pub(super) name: &'a str,
    pub(super) description: String,
    pub(super) values: Vec<(String, String)>,
}

/// The values of an enumeration with their names in Rust.
///
/// A name follows from the value alone: its words in Pascal case. Where two values fall on one name,
/// the later one gets the number of its place in the list, or the next that is free; an empty value is `Empty`, and
/// one of signs alone is spelled by their Unicode numbers.
pub(super) fn named_values(values: &[String]) -> Vec<(String, String)> {
    let mut taken: BTreeSet<String> = BTreeSet::from(["Unknown".to_owned()]);
    let mut named: Vec<(String, String)> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if named.iter().any(|(known, _)| known == value) {
            continue;
        }
        let spelled: String = value
            .chars()
            .map(|c| format!("U{:04x}", u32::from(c)))
            .collect();
        let words = if value.chars().any(char::is_alphanumeric) || value.is_empty() {
            value
        } else {
            &spelled
        };
        let base = names::type_identifier(words);
        let mut name = base.clone();
        let mut number = index + 1;
        while !taken.insert(name.clone()) {
            name = format!("{base}{number}");
            number += 1;
        }
        named.push((value.clone(), name));
    }
    named
}

/// The items of an open enumeration.
pub(super) fn items(enumeration: &Enumeration<'_>) -> Result<TokenStream> {
    let name = identifier(enumeration.name)?;
    let docs = documentation::attributes(&format!(
        "{}\n\nA value that this version of the crate does not know is [`{name}::Unknown`].",
        enumeration.description
    ));
    let values: Vec<&str> = enumeration
        .values
        .iter()
        .map(|(value, _)| value.as_str())
        .collect();
    let variants = enumeration
        .values
        .iter()
        .map(|(_, name)| identifier(name))
        .collect::<Result<Vec<_>>>()?;
    let variant_docs = values
        .iter()
        .map(|value| format!(" `{}`", value.replace('`', "'").escape_debug()));
    let unknown_example = "any other value, as it is on the wire";
    let unknown_docs = format!(" {}.", unknown_example.replacen('a', "A", 1));
    Ok(quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #variants,)*
            #[doc = #unknown_docs]
            Unknown(String),
        }

        impl #name {
            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl From<String> for #name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl std::str::FromStr for #name {
            type Err = std::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(value))
            }
        }

        impl std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    })
}

/// The `JsonSchema` of an open enumeration: any text, with the known values as examples.
pub(super) fn json_schema(enumeration: &Enumeration<'_>) -> Result<TokenStream> {
    let name = identifier(enumeration.name)?;
    let title = enumeration.name;
    let values: Vec<&str> = enumeration
        .values
        .iter()
        .map(|(value, _)| value.as_str())
        .collect();
    Ok(quote! {
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for #name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #title.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "examples": [#(#values),*] })
            }
        }
    })
}
