/// Declares a union: an enum of the types of a value.
///
/// After each variant comes the structure of its values: their JSON type, and for objects the properties that
/// distinguish them. A property without values must be present; a property with values must have one of them; a
/// property that is `optional` may also be absent.
///
/// | JSON type | values |
/// |---|---|
/// | `boolean`, `number`, `array`, `object`, `any` | those of JSON |
/// | `integer`, `unsigned` | numbers that are stored as `i64`, `u64` |
/// | `string`, `enumeration` | strings that are stored as `String`, or as an [`open_enum!`](crate::open_enum) |
///
/// A value is decoded as the variant with its structure. If several variants match, the one that preserves everything
/// that any of the others preserves is selected; of equivalent ones, the first. A value that matches no variant, or of
/// which each variant would lose something that another one preserves, is `Unknown`.
///
/// ```
/// # use serde_json::json;
/// # specmill_client::object! {
/// #     /// A paragraph.
/// #     pub struct Paragraph { pub text: required String, }
/// #     builder ParagraphBuilder;
/// # }
/// specmill_client::union! {
///     /// What a page holds.
///     pub enum Content {
///         /// Several lines.
///         Array(Vec<String>): array,
///         /// One line.
///         String(String): string,
///         Paragraph(Paragraph): object { "text", "kind" optional: "p" | "paragraph" },
///     }
/// }
///
/// let lines: Content = serde_json::from_value(json!(["a"]))?;
/// assert_eq!(lines, Content::Array(vec!["a".to_owned()]));
/// assert_eq!(Content::from("a"), Content::String("a".to_owned()));
/// let paragraph: Content = serde_json::from_value(json!({"text": "a"}))?;
/// assert!(matches!(paragraph, Content::Paragraph(_)));
/// let image = json!({"text": "a", "kind": "image"});
/// assert_eq!(serde_json::from_value::<Content>(image.clone())?, Content::Unknown(image));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! union {
    (@from $name:ident $variant:ident ($type:ty) string) => {
        $crate::union!(@from $name $variant ($type));

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::$variant(value.into())
            }
        }
    };
    (@from $name:ident $variant:ident ($type:ty) enumeration) => {
        $crate::union!(@from $name $variant ($type) string);

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::$variant(value.into())
            }
        }
    };
    (@from $name:ident $variant:ident ($type:ty) integer) => {
        $crate::union!(@from $name $variant ($type));

        impl From<i32> for $name {
            fn from(value: i32) -> Self {
                Self::$variant(value.into())
            }
        }
    };
    (@from $name:ident $variant:ident ($type:ty) unsigned) => {
        $crate::union!(@from $name $variant ($type));

        impl From<u32> for $name {
            fn from(value: u32) -> Self {
                Self::$variant(value.into())
            }
        }
    };
    (@from $name:ident $variant:ident ($type:ty) $($kind:ident)*) => {
        impl From<$type> for $name {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }
    };

    (@is boolean $value:ident) => { $value.is_boolean() };
    (@is integer $value:ident) => { $value.is_number() };
    (@is unsigned $value:ident) => { $value.is_number() };
    (@is number $value:ident) => { $value.is_number() };
    (@is string $value:ident) => { $value.is_string() };
    (@is enumeration $value:ident) => { $value.is_string() };
    (@is array $value:ident) => { $value.is_array() };
    (@is object $value:ident) => { $value.is_object() };
    (@is any $value:ident) => {{ let _ = $value; true }};

    (@required) => { true };
    (@required optional) => { false };

    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_meta:meta])*
                $variant:ident($type:ty): $(
                    $kind:ident $({
                        $($property:literal $($optional:ident)? $(: $($value:literal)|+)?),* $(,)?
                    })?
                )|+
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        #[doc = concat!(
            "A value that matches no variant is [`", stringify!($name), "::Unknown`], and is serialized unchanged."
        )]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($type),)*
            /// Any other value, unchanged.
            Unknown(serde_json::Value),
        }

        $($crate::union!(@from $name $variant ($type) $($kind)+);)*

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
                let branches = [$(
                    $crate::declare::Branch {
                        fits: |value: &serde_json::Value| $(
                            ($crate::union!(@is $kind value) $($(
                                && $crate::declare::holds(
                                    value, $property, $crate::union!(@required $($optional)?), |_value| true $(&& ($(*_value == $value)||+))?,
                                )
                            )*)?)
                        )||+,
                        read: |value: &serde_json::Value| {
                            <$type as serde::Deserialize>::deserialize(value).map(Self::$variant)
                        },
                    },
                )*];
                Ok($crate::declare::read_union(&value, &branches).unwrap_or(Self::Unknown(value)))
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                // A value that fits no variant is kept.
                schemars::json_schema!({ "anyOf": [$(generator.subschema_for::<$type>(),)* true] })
            }
        }
    };
}

/// Declares a union of objects that a property distinguishes. A value with an unlisted property value is kept as
/// `Unknown`.
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
            "The property `", $tag, "` selects the variant. A value that this version of the crate does not know is [`",
            stringify!($name), "::Unknown`]."
        )]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!($("`", $value, "` "),+)]
                $variant($type),
            )*
            /// Any other value, unchanged.
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
