//! Conversions of values that are passed to builders.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

/// A value that is missing, or that cannot be converted to the type of the API.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversionError(Box<str>);

impl ConversionError {
    /// An error with a message.
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

/// The first thing that went wrong in a builder.
#[doc(hidden)]
pub type Problem = Option<ConversionError>;

/// Keeps a value for a field, or the reason why it does not convert.
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

/// Keeps a value for a field that is in a box.
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

/// Keeps a value for a field that may also be `null`.
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

/// Keeps a value for a field that is in a box and may also be `null`.
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

/// Keeps the items of a list for a field.
#[doc(hidden)]
pub fn store_items<T, I: Into<T>>(field: &mut Option<Vec<T>>, values: impl IntoIterator<Item = I>) {
    *field = Some(values.into_iter().map(Into::into).collect());
}

/// What a builder keeps for a field of type `T`.
#[doc(hidden)]
pub trait Stored<T>: Sized {
    /// What is kept for a value that there is.
    fn of(value: T) -> Self;

    /// The value of the field, or the error that it is missing.
    fn into_field(self, name: &str) -> Result<T, ConversionError>;
}

/// A field that an object must have.
impl<T> Stored<T> for Option<T> {
    fn of(value: T) -> Self {
        Some(value)
    }

    fn into_field(self, name: &str) -> Result<T, ConversionError> {
        self.ok_or_else(|| ConversionError::new(format!("missing field `{name}`")))
    }
}

/// A field that an object may be without.
impl<T> Stored<Option<T>> for Option<T> {
    fn of(value: Option<T>) -> Self {
        value
    }

    fn into_field(self, _: &str) -> Result<Option<T>, ConversionError> {
        Ok(self)
    }
}

/// The properties that a document does not name.
impl<T> Stored<BTreeMap<String, T>> for BTreeMap<String, T> {
    fn of(value: Self) -> Self {
        value
    }

    fn into_field(self, _: &str) -> Result<Self, ConversionError> {
        Ok(self)
    }
}

/// The fields of a builder, once nothing went wrong in it.
///
/// # Errors
/// A setter failed to convert its argument.
#[doc(hidden)]
pub fn present(problem: Problem) -> Result<(), ConversionError> {
    problem.map_or(Ok(()), Err)
}
