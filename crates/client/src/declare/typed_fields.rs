//! Typed values of strings with a format.

use std::error::Error;
use std::fmt;

/// The error of a string that does not have the format in its document.
#[derive(Debug)]
pub struct FormatError {
    field: &'static str,
    format: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl FormatError {
    /// The name of the field.
    pub fn field(&self) -> &str {
        self.field
    }
}

// The value is not part of the message: it may be personal.
impl fmt::Display for FormatError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the string in field `{}` is not a valid {}",
            self.field, self.format
        )
    }
}

impl Error for FormatError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// A type for the values of a format.
#[doc(hidden)]
pub trait Formatted: Sized {
    /// The name of the format in errors.
    const FORMAT: &'static str;

    /// Parses a string.
    ///
    /// # Errors
    /// The string does not have the format.
    fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>>;

    /// Formats the value as a string for requests.
    fn print(&self) -> String;
}

/// Parses the value of a required field.
#[doc(hidden)]
pub fn typed<T: Formatted>(field: &'static str, text: &str) -> Result<T, FormatError> {
    T::parse(text).map_err(|source| FormatError {
        field,
        format: T::FORMAT,
        source,
    })
}

/// Parses the value of a field that may be absent.
#[doc(hidden)]
pub fn typed_optional<T: Formatted>(
    field: &'static str,
    text: Option<&str>,
) -> Result<Option<T>, FormatError> {
    text.map(|text| typed(field, text)).transpose()
}

/// Converts a value to its string.
#[doc(hidden)]
pub fn printed<T: Formatted>(value: impl Into<T>) -> String {
    value.into().print()
}

/// Implements the trait for types that parse and print the format themselves.
macro_rules! formatted {
    ($($feature:literal $type:ty, $format:literal;)*) => {$(
        #[cfg(feature = $feature)]
        impl Formatted for $type {
            const FORMAT: &'static str = $format;

            fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
                Ok(text.parse()?)
            }

            fn print(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

formatted! {
    "jiff" jiff::Timestamp, "date and time";
    "jiff" jiff::civil::Date, "date";
    "jiff" jiff::Span, "duration";
    "uuid" uuid::Uuid, "UUID";
}

/// Padding is optional when a string is parsed.
#[cfg(feature = "base64")]
impl Formatted for Vec<u8> {
    const FORMAT: &'static str = "base64 string";

    fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD_NO_PAD;

        Ok(STANDARD_NO_PAD.decode(text.trim_end_matches('='))?)
    }

    fn print(&self) -> String {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;

        STANDARD.encode(self)
    }
}

/// Declares methods that return string fields of an object as values of their format, and setters of its builder that
/// accept such values.
///
/// The word before `of` is the format, and the one after it is `required`, `optional` or `nullable`, as in the
/// declaration of the field. The methods exist only with a feature of the crate:
///
/// | word | format | type | feature |
/// |---|---|---|---|
/// | `timestamp` | `date-time` | `jiff::Timestamp` | `jiff` |
/// | `date` | `date` | `jiff::civil::Date` | `jiff` |
/// | `span` | `duration` | `jiff::Span` | `jiff` |
/// | `uuid` | `uuid` | `uuid::Uuid` | `uuid` |
/// | `bytes` | `byte` | `Vec<u8>` | `base64` |
///
/// ```
/// specmill_client::object! {
///     /// A job.
///     pub struct Job {
///         /// When it was created.
///         pub created: required String,
///         /// Its payload.
///         #[serde(skip_serializing_if = "Option::is_none")]
///         pub payload: optional String,
///     }
///     builder JobBuilder;
/// }
///
/// specmill_client::typed_fields! {
///     impl Job {
///         created_timestamp: timestamp of required created;
///         payload_bytes: bytes of optional payload;
///     }
///     builder JobBuilder;
/// }
/// ```
#[macro_export]
macro_rules! typed_fields {
    (
        impl $name:ident {
            $($method:ident: $format:ident of $need:ident $field:ident;)*
        }
        $(#[$when:meta])*
        builder $builder:ident;
    ) => {
        impl $name {
            $($crate::typed_fields!(@format $format get $need $field $method);)*
        }

        $(#[$when])*
        impl $builder {
            $($crate::typed_fields!(@format $format set $need $field $method);)*
        }
    };

    (@format timestamp $what:ident $($rest:tt)*) => {
        $crate::typed_fields!(@$what "jiff" [$crate::jiff::Timestamp] "a date and time" $($rest)*);
    };
    (@format date $what:ident $($rest:tt)*) => {
        $crate::typed_fields!(@$what "jiff" [$crate::jiff::civil::Date] "a date" $($rest)*);
    };
    (@format span $what:ident $($rest:tt)*) => {
        $crate::typed_fields!(@$what "jiff" [$crate::jiff::Span] "a duration" $($rest)*);
    };
    (@format uuid $what:ident $($rest:tt)*) => {
        $crate::typed_fields!(@$what "uuid" [$crate::uuid::Uuid] "a UUID" $($rest)*);
    };
    (@format bytes $what:ident $($rest:tt)*) => {
        $crate::typed_fields!(@$what "base64" [Vec<u8>] "bytes" $($rest)*);
    };

    (@get $feature:tt [$type:ty] $what:literal required $field:ident $method:ident) => {
        #[cfg(feature = $feature)]
        #[doc = concat!("The field [`", stringify!($field), "`](Self::", stringify!($field), ") as ", $what, ".")]
        ///
        /// # Errors
        /// The string does not have this format.
        pub fn $method(&self) -> Result<$type, $crate::declare::FormatError> {
            $crate::declare::typed(stringify!($field), &self.$field)
        }
    };
    (@get $feature:tt [$type:ty] $what:literal optional $field:ident $method:ident) => {
        $crate::typed_fields!(@get_optional $feature [$type] $what $field $method |field| field.as_deref());
    };
    (@get $feature:tt [$type:ty] $what:literal nullable $field:ident $method:ident) => {
        $crate::typed_fields!(
            @get_optional $feature [$type] $what $field $method |field| field.as_ref().and_then(Option::as_deref)
        );
    };
    (@get_optional $feature:tt [$type:ty] $what:literal $field:ident $method:ident |$value:ident| $text:expr) => {
        #[cfg(feature = $feature)]
        #[doc = concat!("The field [`", stringify!($field), "`](Self::", stringify!($field), ") as ", $what, ".")]
        ///
        /// # Errors
        /// The string does not have this format.
        pub fn $method(&self) -> Result<Option<$type>, $crate::declare::FormatError> {
            let $value = &self.$field;
            $crate::declare::typed_optional(stringify!($field), $text)
        }
    };

    (@set $feature:tt [$type:ty] $what:literal $need:ident $field:ident $method:ident) => {
        #[cfg(feature = $feature)]
        #[doc = concat!("Sets [`", stringify!($field), "`](Self::", stringify!($field), ") to ", $what, ".")]
        pub fn $method(self, value: impl Into<$type>) -> Self {
            self.$field($crate::declare::printed::<$type>(value))
        }
    };
}

#[cfg(all(test, feature = "base64", feature = "jiff", feature = "uuid"))]
mod tests {
    use super::*;

    #[test]
    fn a_string_of_another_format_is_an_error_that_names_the_field_and_not_the_value() {
        let error = typed::<jiff::Timestamp>("created_at", "yesterday").unwrap_err();
        assert_eq!(error.field(), "created_at");
        assert_eq!(
            error.to_string(),
            "the string in field `created_at` is not a valid date and time"
        );
        assert!(error.source().is_some());
        let absent = typed_optional::<jiff::civil::Date>("day", None).unwrap();
        assert_eq!(absent, None);
    }

    #[test]
    fn dates_times_and_durations_are_read_and_written_back() {
        fn round<T: Formatted>(text: &str) -> String {
            typed::<T>("field", text).unwrap().print()
        }
        assert_eq!(
            round::<jiff::Timestamp>("2026-01-02T03:04:05.5+09:00"),
            "2026-01-01T18:04:05.5Z"
        );
        assert_eq!(round::<jiff::civil::Date>("2026-02-28"), "2026-02-28");
        assert_eq!(round::<jiff::Span>("P1Y2M3DT4H5M6S"), "P1Y2M3DT4H5M6S");
        assert!(typed::<jiff::civil::Date>("field", "2026-02-30").is_err());
    }

    #[test]
    fn a_uuid_is_written_in_lower_case() {
        let id = typed::<uuid::Uuid>("id", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6").unwrap();
        assert_eq!(
            printed::<uuid::Uuid>(id),
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
        );
    }

    #[test]
    fn base64_is_read_with_and_without_padding_and_written_with_it() {
        for text in ["aGk=", "aGk"] {
            assert_eq!(typed::<Vec<u8>>("content", text).unwrap(), b"hi");
        }
        assert!(typed::<Vec<u8>>("content", "a*").is_err());
        assert_eq!(printed::<Vec<u8>>(&b"hi"[..]), "aGk=");
    }
}
