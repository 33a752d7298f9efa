//! Reading a client's settings from variables, for generated `from_env` and `from_lookup` functions.

use std::env;
use std::fmt::Display;
use std::str::FromStr;

use crate::Error;

/// Gives the value of a variable by its name; `None` where it is not set.
///
/// # Errors
/// A line that says why the value cannot be had. It must not hold the value.
pub type Lookup<'a> = dyn FnMut(&str) -> Result<Option<String>, String> + 'a;

/// The value of a variable in the environment of the process.
///
/// # Errors
/// The variable is not Unicode. The line names the variable, never its value.
pub fn variable(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(format!(
            "the environment variable {name} is not valid Unicode"
        )),
    }
}

/// The value of the variable `name`.
///
/// # Errors
/// The variable is not set, is empty, or cannot be had. The error names the variable, never its value.
pub fn required(lookup: &mut Lookup<'_>, name: &str) -> Result<String, Error> {
    optional(lookup, name)?.ok_or_else(|| {
        Error::configuration(format!(
            "the environment variable {name} is not set: set it"
        ))
    })
}

/// The value of the variable `name`, or `None` where it is not set or empty.
///
/// # Errors
/// The variable cannot be had. The error names the variable, never its value.
pub fn optional(lookup: &mut Lookup<'_>, name: &str) -> Result<Option<String>, Error> {
    let value = lookup(name).map_err(Error::configuration)?;
    Ok(value
        .map(|value| value.trim().to_owned())
        .filter(|value| !value.is_empty()))
}

/// The value of the variable `name` as another type, or `None` where it is not set or empty.
///
/// # Errors
/// The variable cannot be had, or is none of the type's values. The error names the variable, never its value.
pub fn parsed<T: FromStr<Err: Display>>(
    lookup: &mut Lookup<'_>,
    name: &str,
) -> Result<Option<T>, Error> {
    let parse = |value: String| {
        value.parse().map_err(|error| {
            Error::configuration(format!(
                "the environment variable {name} cannot be used: {error}"
            ))
        })
    };
    optional(lookup, name)?.map(parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let error = required(&mut variable, "SPECMILL_TEST_UNSET_VARIABLE").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the environment variable SPECMILL_TEST_UNSET_VARIABLE is not set: set it"
        );
        assert_eq!(
            optional(&mut variable, "SPECMILL_TEST_UNSET_VARIABLE").unwrap(),
            None
        );
    }

    #[test]
    fn a_variable_that_is_set_is_read() {
        assert_eq!(
            required(&mut variable, "PATH").unwrap(),
            env::var("PATH").unwrap().trim()
        );
    }

    #[test]
    fn values_come_from_wherever_the_lookup_has_them() {
        let mut lookup = |name: &str| match name {
            "A" => Ok(Some(" 7 ".to_owned())),
            "B" => Ok(Some(String::new())),
            _ => Err(format!("{name} is locked")),
        };
        assert_eq!(parsed::<u8>(&mut lookup, "A").unwrap(), Some(7));
        assert_eq!(optional(&mut lookup, "B").unwrap(), None);
        assert_eq!(
            optional(&mut lookup, "C").unwrap_err().to_string(),
            "invalid configuration: C is locked"
        );
    }
}
