/// Declares a JSON object: a struct with serde's traits, and its builder.
///
/// The word before the type of a field determines the field's Rust type and the argument of its setter:
///
/// | word | field | setter takes |
/// |---|---|---|
/// | `required` | `T` | a value that converts to `T` |
/// | `optional` | `Option<T>` | a value that converts to `T` |
/// | `flag`, `optional_flag` | `bool`, `Option<bool>` | `bool` |
/// | `list`, `optional_list` | `Vec<T>`, `Option<Vec<T>>` | an iterator of values that convert to `T` |
/// | `boxed`, `optional_boxed` | `Box<T>`, `Option<Box<T>>` | a value that converts to `T` |
/// | `nullable`, `nullable_list`, `nullable_boxed` | `Option<Option<…>>`: absent, `null`, a value | the same; a second setter, whose name ends in `null`, takes no argument and sets `null` |
/// | `additional` | `BTreeMap<String, T>` | the properties that the document does not name |
///
/// Attributes before `builder`, such as `#[cfg(feature = "builders")]`, apply to the builder only.
///
/// ```
/// specmill_client::object! {
///     /// A user.
///     pub struct User {
///         /// The email address.
///         pub email: required String,
///         /// The name to show.
///         #[serde(rename = "displayName", skip_serializing_if = "Option::is_none")]
///         pub display_name: optional String,
///     }
///     builder UserBuilder;
/// }
///
/// let user = User::builder().email("ann@acme.test").build()?;
/// assert_eq!(user.display_name, None);
/// assert_eq!(User::builder().build().unwrap_err().to_string(), "missing field `email`");
/// # Ok::<(), specmill_client::declare::ConversionError>(())
/// ```
#[macro_export]
macro_rules! object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:expr])*
                $(#[serde($($serde:tt)*)])?
                pub $field:ident: $(required $required_type:ty,)?
                $(optional $optional_type:ty,)?
                $(flag $flag_type:ty,)?
                $(optional_flag $optional_flag_type:ty,)?
                $(list $list_type:ty,)?
                $(optional_list $optional_list_type:ty,)?
                $(boxed $boxed_type:ty,)?
                $(optional_boxed $optional_boxed_type:ty,)?
                $(nullable $nullable_type:ty, null $nullable_null:ident,)?
                $(nullable_list $nullable_list_type:ty, null $nullable_list_null:ident,)?
                $(nullable_boxed $nullable_boxed_type:ty, null $nullable_boxed_null:ident,)?
                $(additional $additional_type:ty,)?
            )*
        }
        $(#[$when:meta])*
        builder $builder:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                $(#[serde($($serde)*)])?
                $(pub $field: $required_type)?
                $(pub $field: Option<$optional_type>)?
                $(pub $field: $flag_type)?
                $(pub $field: Option<$optional_flag_type>)?
                $(pub $field: Vec<$list_type>)?
                $(pub $field: Option<Vec<$optional_list_type>>)?
                $(pub $field: Box<$boxed_type>)?
                $(pub $field: Option<Box<$optional_boxed_type>>)?
                $(pub $field: Option<Option<$nullable_type>>)?
                $(pub $field: Option<Option<Vec<$nullable_list_type>>>)?
                $(pub $field: Option<Option<Box<$nullable_boxed_type>>>)?
                $(pub $field: std::collections::BTreeMap<String, $additional_type>)?
                ,
            )*
        }

        $(#[$when])*
        impl $name {
            /// Creates a builder. The required fields must be set.
            pub fn builder() -> $builder {
                <$builder as Default>::default()
            }
        }

        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        $(#[$when])*
        #[derive(Clone, Debug, Default)]
        #[must_use = "a builder does nothing before `build`"]
        pub struct $builder {
            __problem: $crate::declare::Problem,
            $(
                $($field: Option<$required_type>)?
                $($field: Option<$optional_type>)?
                $($field: Option<$flag_type>)?
                $($field: Option<$optional_flag_type>)?
                $($field: Option<Vec<$list_type>>)?
                $($field: Option<Vec<$optional_list_type>>)?
                $($field: Option<Box<$boxed_type>>)?
                $($field: Option<Box<$optional_boxed_type>>)?
                $($field: Option<Option<$nullable_type>>)?
                $($field: Option<Option<Vec<$nullable_list_type>>>)?
                $($field: Option<Option<Box<$nullable_boxed_type>>>)?
                $($field: std::collections::BTreeMap<String, $additional_type>)?
                ,
            )*
        }

        $(#[$when])*
        impl $builder {
            $(
                $(#[doc = $doc])*
                $(
                    pub fn $field(mut self, value: impl TryInto<$required_type, Error: std::fmt::Display>) -> Self {
                        $crate::declare::store(
                            &mut self.$field, &mut self.__problem, stringify!($field), value,
                        );
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, value: impl TryInto<$optional_type, Error: std::fmt::Display>) -> Self {
                        $crate::declare::store(
                            &mut self.$field, &mut self.__problem, stringify!($field), value,
                        );
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, value: $flag_type) -> Self {
                        self.$field = Some(value);
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, value: $optional_flag_type) -> Self {
                        self.$field = Some(value);
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, values: impl IntoIterator<Item = impl Into<$list_type>>) -> Self {
                        $crate::declare::store_items(&mut self.$field, values);
                        self
                    }
                )?
                $(
                    pub fn $field(
                        mut self,
                        values: impl IntoIterator<Item = impl Into<$optional_list_type>>,
                    ) -> Self {
                        $crate::declare::store_items(&mut self.$field, values);
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, value: impl TryInto<$boxed_type, Error: std::fmt::Display>) -> Self {
                        $crate::declare::store_boxed(
                            &mut self.$field, &mut self.__problem, stringify!($field), value,
                        );
                        self
                    }
                )?
                $(
                    pub fn $field(
                        mut self,
                        value: impl TryInto<$optional_boxed_type, Error: std::fmt::Display>,
                    ) -> Self {
                        $crate::declare::store_boxed(
                            &mut self.$field,
                            &mut self.__problem,
                            stringify!($field),
                            value,
                        );
                        self
                    }
                )?
                $(
                    pub fn $field(mut self, value: impl TryInto<$nullable_type, Error: std::fmt::Display>) -> Self {
                        $crate::declare::store_nullable(
                            &mut self.$field, &mut self.__problem, stringify!($field), value,
                        );
                        self
                    }

                    #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") to `null`.")]
                    pub fn $nullable_null(mut self) -> Self {
                        self.$field = Some(None);
                        self
                    }
                )?
                $(
                    pub fn $field(
                        mut self,
                        values: impl IntoIterator<Item = impl Into<$nullable_list_type>>,
                    ) -> Self {
                        self.$field = Some(Some(values.into_iter().map(Into::into).collect()));
                        self
                    }

                    #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") to `null`.")]
                    pub fn $nullable_list_null(mut self) -> Self {
                        self.$field = Some(None);
                        self
                    }
                )?
                $(
                    pub fn $field(
                        mut self,
                        value: impl TryInto<$nullable_boxed_type, Error: std::fmt::Display>,
                    ) -> Self {
                        $crate::declare::store_nullable_boxed(
                            &mut self.$field, &mut self.__problem, stringify!($field), value,
                        );
                        self
                    }

                    #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") to `null`.")]
                    pub fn $nullable_boxed_null(mut self) -> Self {
                        self.$field = Some(None);
                        self
                    }
                )?
                $(
                    pub fn $field(
                        mut self,
                        values: impl IntoIterator<Item = (impl Into<String>, impl Into<$additional_type>)>,
                    ) -> Self {
                        self.$field =
                            values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
                        self
                    }
                )?
            )*

            /// Builds the value.
            ///
            /// # Errors
            /// A required field is not set, or a value could not be converted to the type of its field.
            pub fn build(self) -> Result<$name, $crate::declare::ConversionError> {
                <$name as TryFrom<$builder>>::try_from(self)
            }
        }

        $(#[$when])*
        impl TryFrom<$builder> for $name {
            type Error = $crate::declare::ConversionError;

            fn try_from(builder: $builder) -> Result<Self, Self::Error> {
                $crate::declare::present(builder.__problem)?;
                Ok(Self {
                    $($field: $crate::declare::Stored::into_field(builder.$field, stringify!($field))?,)*
                })
            }
        }

        $(#[$when])*
        impl From<$name> for $builder {
            fn from(value: $name) -> Self {
                Self {
                    __problem: None,
                    $($field: $crate::declare::Stored::of(value.$field),)*
                }
            }
        }
    };
}
