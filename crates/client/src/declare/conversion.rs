//! Conversions of values that are passed to builders.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// A value that is missing, or that cannot be converted to the type of the API.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversionError(Box<str>);

impl ConversionError {
    /// Creates an error with a message.
    pub fn new(message: impl Into<Box<str>>) -> Self {
        Self(message.into())
    }
}

impl Display for ConversionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// `unwrap` prints this form, and the message contains everything.
impl fmt::Debug for ConversionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ConversionError {}

/// The first error in a builder.
#[doc(hidden)]
pub type Problem = Option<ConversionError>;

/// Stores a value in a field, or the reason why it cannot be converted.
#[doc(hidden)]
pub fn store<T, V>(field: &mut Option<T>, problem: &mut Problem, name: &str, value: V)
where
    V: TryInto<T, Error: Display>,
{
    match value.try_into() {
        Ok(value) => *field = Some(value),
        Err(error) => {
            problem.get_or_insert_with(|| ConversionError::new(format!("field `{name}`: {error}")));
        }
    }
}

/// Stores a value in a boxed field.
#[doc(hidden)]
pub fn store_boxed<T, V>(field: &mut Option<Box<T>>, problem: &mut Problem, name: &str, value: V)
where
    V: TryInto<T, Error: Display>,
{
    let mut unboxed = None;
    store(&mut unboxed, problem, name, value);
    if let Some(value) = unboxed {
        *field = Some(Box::new(value));
    }
}

/// Stores a value in a field that may also be `null`.
#[doc(hidden)]
pub fn store_nullable<T, V>(
    field: &mut Option<Option<T>>,
    problem: &mut Problem,
    name: &str,
    value: V,
) where
    V: TryInto<T, Error: Display>,
{
    let mut given = None;
    store(&mut given, problem, name, value);
    if given.is_some() {
        *field = Some(given);
    }
}

/// Stores a value in a boxed field that may also be `null`.
#[doc(hidden)]
pub fn store_nullable_boxed<T, V>(
    field: &mut Option<Option<Box<T>>>,
    problem: &mut Problem,
    name: &str,
    value: V,
) where
    V: TryInto<T, Error: Display>,
{
    let mut given = None;
    store_boxed(&mut given, problem, name, value);
    if given.is_some() {
        *field = Some(given);
    }
}

/// Stores the items of a list in a field.
#[doc(hidden)]
pub fn store_items<T, I: Into<T>>(field: &mut Option<Vec<T>>, values: impl IntoIterator<Item = I>) {
    *field = Some(values.into_iter().map(Into::into).collect());
}

/// The state of a field of type `T` in a builder.
#[doc(hidden)]
pub trait Stored<T>: Sized {
    /// The state of a field with a value.
    fn of(value: T) -> Self;

    /// Returns the value of the field, or an error if a required field is missing.
    fn into_field(self, name: &str) -> Result<T, ConversionError>;
}

/// A required field.
impl<T> Stored<T> for Option<T> {
    fn of(value: T) -> Self {
        Some(value)
    }

    fn into_field(self, name: &str) -> Result<T, ConversionError> {
        self.ok_or_else(|| ConversionError::new(format!("missing field `{name}`")))
    }
}

/// An optional field.
impl<T> Stored<Option<T>> for Option<T> {
    fn of(value: Option<T>) -> Self {
        value
    }

    fn into_field(self, _: &str) -> Result<Option<T>, ConversionError> {
        Ok(self)
    }
}

/// The additional properties, which the document does not name.
impl<T> Stored<BTreeMap<String, T>> for BTreeMap<String, T> {
    fn of(value: Self) -> Self {
        value
    }

    fn into_field(self, _: &str) -> Result<Self, ConversionError> {
        Ok(self)
    }
}

/// Checks that all setters of a builder succeeded.
///
/// # Errors
/// A setter failed to convert its argument.
#[doc(hidden)]
pub fn present(problem: Problem) -> Result<(), ConversionError> {
    problem.map_or(Ok(()), Err)
}
