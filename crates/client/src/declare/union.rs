/// Declares a union whose branches differ in their JSON type: an enum that serde reads by trying one branch after the
/// other.
///
/// ```
/// specmill_client::union! {
///     /// One line or several.
///     pub enum Lines {
///         /// Several.
///         Array(Vec<String>),
///         /// One.
///         String(String),
///     }
/// }
///
/// let lines: Lines = serde_json::from_str("[\"a\"]")?;
/// assert_eq!(lines, Lines::Array(vec!["a".to_owned()]));
/// assert_eq!(Lines::from("a".to_owned()), Lines::String("a".to_owned()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident($type:ty)),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($type),)*
        }

        $(
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )*
    };
}

/// Declares a union of objects that a property distinguishes. A value whose property is not listed is kept as `Unknown`.
///
/// ```
/// # use serde_json::json;
/// # specmill_client::object! {
/// #     /// A cat.
/// #     pub struct Cat { pub kind: required String, pub purrs: flag bool, }
/// #     builder CatBuilder;
/// # }
/// specmill_client::tagged_union! {
///     /// An animal.
///     pub enum Animal by "kind" {
///         Cat(Cat) = "cat" | "kitten",
///     }
/// }
///
/// let cat: Animal = serde_json::from_value(json!({"kind": "kitten", "purrs": true}))?;
/// assert!(matches!(cat, Animal::Cat(cat) if cat.purrs));
/// let dog = json!({"kind": "dog"});
/// assert_eq!(serde_json::from_value::<Animal>(dog.clone())?, Animal::Unknown(dog));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! tagged_union {
    (
        $(#[$meta:meta])*
        pub enum $name:ident by $tag:literal {
            $($variant:ident($type:ty) = $($value:literal)|+),* $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        #[doc = concat!(
            "The property `", $tag, "` tells which one it is. A value that this version of the crate does not know is [`",
            stringify!($name), "::Unknown`]."
        )]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!($("`", $value, "` "),+)]
                $variant($type),
            )*
            /// Any other value, as it is on the wire.
            Unknown(serde_json::Value),
        }

        $(
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    Self::$variant(value)
                }
            }
        )*

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => serde::Serialize::serialize(value, serializer),)*
                    Self::Unknown(value) => serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                match value.get($tag).and_then(serde_json::Value::as_str) {
                    $(
                        Some($($value)|+) => serde_json::from_value(value)
                            .map(Self::$variant)
                            .map_err(serde::de::Error::custom),
                    )*
                    _ => Ok(Self::Unknown(value)),
                }
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // A value that is not listed is kept.
                schemars::json_schema!({ "anyOf": [$(generator.subschema_for::<$type>(),)* true] })
            }
        }
    };
}
