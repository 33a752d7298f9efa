//! Reading a client's settings from environment variables, for generated `from_env` functions.

use std::env;
use std::fmt::Display;
use std::str::FromStr;

use crate::Error;

/// The value of the variable `name`.
///
/// # Errors
/// The variable is not set, is empty, or is not Unicode. The error names the variable, never its value.
pub fn required(name: &str) -> Result<String, Error> {
    optional(name)?.ok_or_else(|| {
        Error::configuration(format!(
            "the environment variable {name} is not set: set it"
        ))
    })
}

/// The value of the variable `name`, or `None` where it is not set or empty.
///
/// # Errors
/// The variable is not Unicode. The error names the variable, never its value.
pub fn optional(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) => Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::configuration(format!(
            "the environment variable {name} is not valid Unicode"
        ))),
    }
}

/// The value of the variable `name` as another type, or `None` where it is not set or empty.
///
/// # Errors
/// The variable is not Unicode, or is none of the type's values. The error names the variable, never its value.
pub fn parsed<T: FromStr<Err: Display>>(name: &str) -> Result<Option<T>, Error> {
    let parse = |value: String| {
        value.parse().map_err(|error| {
            Error::configuration(format!(
                "the environment variable {name} cannot be used: {error}"
            ))
        })
    };
    optional(name)?.map(parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let error = required("SPECMILL_TEST_UNSET_VARIABLE").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the environment variable SPECMILL_TEST_UNSET_VARIABLE is not set: set it"
        );
        assert_eq!(optional("SPECMILL_TEST_UNSET_VARIABLE").unwrap(), None);
    }

    #[test]
    fn a_variable_that_is_set_is_read() {
        assert_eq!(required("PATH").unwrap(), env::var("PATH").unwrap().trim());
    }
}
