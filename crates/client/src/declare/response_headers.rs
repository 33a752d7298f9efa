use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ConversionError;

/// Declares the headers of an operation's responses: a type with a method for each. The word before the type of a
/// header determines its encoding: a `value`, a `list` of values separated by commas, or `json`.
///
/// ```
/// specmill_client::response_headers! {
///     /// The headers of a list.
///     pub struct ListHeaders {
///         /// How many there are.
///         total: value i64, in "X-Total";
///         tags: list Vec<String>, in "X-Tags";
///     }
/// }
///
/// let mut headers = specmill_client::http::HeaderMap::new();
/// headers.insert("X-Total", "12".parse()?);
/// headers.insert("X-Tags", "a, b".parse()?);
/// let declared = ListHeaders::new(&headers);
/// assert_eq!(declared.total()?, Some(12));
/// assert_eq!(declared.tags()?, Some(vec!["a".to_owned(), "b".to_owned()]));
/// headers.remove("X-Tags");
/// assert_eq!(ListHeaders::new(&headers).tags()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[macro_export]
macro_rules! response_headers {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:expr])*
                $header:ident: $kind:ident $type:ty, in $wire:literal;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy)]
        pub struct $name<'a>(&'a $crate::http::HeaderMap);

        impl<'a> $name<'a> {
            /// Wraps the headers of a response: `headers()` of [`Response`](specmill_client::Response) or of
            /// [`Error`](specmill_client::Error).
            pub fn new(headers: &'a $crate::http::HeaderMap) -> Self {
                Self(headers)
            }

            $(
                $(#[doc = $doc])*
                ///
                /// `None` if the response does not have this header.
                ///
                /// # Errors
                /// The value of the header does not have this type.
                pub fn $header(&self) -> Result<Option<$type>, $crate::declare::ConversionError> {
                    $crate::declare::response_headers::$kind::<$type>(self.0, $wire)
                }
            )*
        }

        /// Shows the names of the headers, but not their values.
        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let names = self.0.keys();
                write!(formatter, concat!(stringify!($name), " "))?;
                formatter.debug_list().entries(names).finish()
            }
        }
    };
}

/// Decodes a header with one value. Several headers with the same name are joined with commas.
#[doc(hidden)]
pub fn value<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<Option<T>, ConversionError> {
    let read = |text: String| {
        let scalar = scalar(&text);
        T::deserialize(&Value::String(text))
            .or_else(|error| scalar.map_or(Err(error), |scalar| T::deserialize(&scalar)))
    };
    text(headers, name)?
        .map(|text| read(text).map_err(|_| invalid(name)))
        .transpose()
}

/// Decodes a header whose values are separated by commas.
#[doc(hidden)]
pub fn list<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<Option<T>, ConversionError> {
    let read = |text: String| {
        let items = || text.split(',').map(str::trim);
        let items = || items().filter(|item| !item.is_empty());
        let strings: Vec<Value> = items().map(Value::from).collect();
        T::deserialize(&Value::Array(strings)).or_else(|error| {
            let scalars: Option<Vec<Value>> = items().map(scalar).collect();
            scalars.map_or(Err(error), |scalars| T::deserialize(&Value::Array(scalars)))
        })
    };
    text(headers, name)?
        .map(|text| read(text).map_err(|_| invalid(name)))
        .transpose()
}

/// Decodes a header that contains a JSON document.
#[doc(hidden)]
pub fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    name: &str,
) -> Result<Option<T>, ConversionError> {
    text(headers, name)?
        .map(|text| serde_json::from_str(&text).map_err(|_| invalid(name)))
        .transpose()
}

/// A number or boolean in a header.
fn scalar(text: &str) -> Option<Value> {
    let scalar: Value = serde_json::from_str(&text.trim().to_ascii_lowercase()).ok()?;
    (scalar.is_number() || scalar.is_boolean()).then_some(scalar)
}

fn text(headers: &HeaderMap, name: &str) -> Result<Option<String>, ConversionError> {
    let mut text: Option<String> = None;
    for value in headers.get_all(name) {
        let value = std::str::from_utf8(value.as_bytes()).map_err(|_| invalid(name))?;
        text = Some(match text {
            None => value.to_owned(),
            Some(before) => format!("{before}, {value}"),
        });
    }
    Ok(text)
}

/// The error of an invalid value. It does not contain the value, since headers may be secret.
fn invalid(name: &str) -> ConversionError {
    ConversionError::new(format!(
        "the value of the header `{name}` is not of its declared type"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = values.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, http::HeaderValue::from_str(value).unwrap())
        });
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn a_value_is_read_as_its_type() {
        let headers = headers(&[("n", " 7"), ("s", "7"), ("b", "True"), ("f", "0.5")]);
        assert_eq!(value::<i64>(&headers, "n").unwrap(), Some(7));
        assert_eq!(value::<String>(&headers, "s").unwrap(), Some("7".into()));
        assert_eq!(value::<bool>(&headers, "b").unwrap(), Some(true));
        assert_eq!(value::<f64>(&headers, "f").unwrap(), Some(0.5));
        assert_eq!(value::<f64>(&headers, "none").unwrap(), None);
    }

    #[test]
    fn a_value_of_another_type_is_an_error_that_does_not_show_it() {
        let headers = headers(&[("n", "secret")]);
        let message = value::<i64>(&headers, "n").unwrap_err().to_string();
        assert_eq!(
            message,
            "the value of the header `n` is not of its declared type"
        );
    }

    #[test]
    fn the_items_of_several_headers_are_one_list() {
        let headers = headers(&[("n", "1, 2"), ("n", "3"), ("j", r#"{"a":[1]}"#)]);
        assert_eq!(
            list::<Vec<i64>>(&headers, "n").unwrap(),
            Some(vec![1, 2, 3])
        );
        let strings = list::<Vec<String>>(&headers, "n").unwrap().unwrap();
        assert_eq!(strings, ["1", "2", "3"]);
        let json = json::<Value>(&headers, "j").unwrap();
        assert_eq!(json, Some(serde_json::json!({"a": [1]})));
    }
}
