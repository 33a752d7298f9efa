//! Settings of a client from variables, for generated `from_env` and `from_variables` functions.

mod credentials;

use std::collections::HashMap;
use std::env;
use std::fmt::Display;
use std::str::FromStr;

use specmill_transport::middleware::{Middleware, Stack};

use crate::Error;

/// Named values from which settings are read: the environment of the process, or values from another source.
///
/// It contains credentials, so it does not implement `Debug`.
pub struct Variables {
    /// `None` for the environment.
    given: Option<HashMap<String, String>>,
    middleware: Stack,
}

impl Variables {
    /// The variables of the process's environment.
    pub fn environment() -> Self {
        Self {
            given: None,
            middleware: Stack::default(),
        }
    }

    /// Only these variables, without those of the environment. If a name occurs twice, the later value is used.
    pub fn given(
        variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let variables = variables.into_iter();
        let pairs = variables.map(|(name, value)| (name.into(), value.into()));
        Self {
            given: Some(pairs.collect()),
            middleware: Stack::default(),
        }
    }

    /// Adds middleware to the client that is built from these variables.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(middleware);
        self
    }

    pub(crate) fn stack(&self) -> &Stack {
        &self.middleware
    }

    /// The value of the variable `name`.
    ///
    /// # Errors
    /// The variable is not set, is empty, or is not Unicode. The error names the variable, never its value.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.optional(name)?.ok_or_else(|| {
            Error::configuration(format!("{} {name} is not set: set it", self.what()))
        })
    }

    /// The value of the variable `name`, or `None` if it is not set or empty.
    ///
    /// # Errors
    /// The variable is not Unicode. The error contains the name of the variable, never its value.
    pub fn optional(&self, name: &str) -> Result<Option<String>, Error> {
        let value = match &self.given {
            Some(given) => given.get(name).cloned(),
            None => match env::var(name) {
                Ok(value) => Some(value),
                Err(env::VarError::NotPresent) => None,
                Err(env::VarError::NotUnicode(_)) => {
                    return Err(Error::configuration(format!(
                        "{} {name} is not valid Unicode",
                        self.what()
                    )));
                }
            },
        };
        let value = value.map(|value| value.trim().to_owned());
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// The value of the variable `name` as another type, or `None` if it is not set or empty.
    ///
    /// # Errors
    /// The variable is not Unicode, or is not a value of the type. The error contains the name of the variable, never
    /// its value.
    pub fn parsed<T: FromStr<Err: Display>>(&self, name: &str) -> Result<Option<T>, Error> {
        let parse = |value: String| {
            value.parse().map_err(|error| {
                Error::configuration(format!("{} {name} cannot be used: {error}", self.what()))
            })
        };
        self.optional(name)?.map(parse).transpose()
    }

    /// The name of the variable for a setting: `own`, which belongs to one service, if it is set; otherwise `shared`,
    /// which the services of a vendor share. For generated code.
    ///
    /// # Errors
    /// `own` is not Unicode. The error names the variable, never its value.
    pub fn own_or_shared<'a>(&self, own: &'a str, shared: &'a str) -> Result<&'a str, Error> {
        Ok(if self.optional(own)?.is_some() {
            own
        } else {
            shared
        })
    }

    /// Like [`own_or_shared`](Self::own_or_shared), for a base URL that replaces its parts. `own_parts` are the
    /// variables of the parts that belong to one service. For generated code.
    ///
    /// # Errors
    /// A variable is not Unicode, or the shared base URL would replace a part that is set for this service alone.
    pub fn own_or_shared_base_url<'a>(
        &self,
        own: &'a str,
        shared: &'a str,
        own_parts: &[&str],
    ) -> Result<&'a str, Error> {
        let name = self.own_or_shared(own, shared)?;
        if name == own || self.optional(shared)?.is_none() {
            return Ok(name);
        }
        for part in own_parts {
            if self.optional(part)?.is_some() {
                return Err(Error::configuration(format!(
                    "{shared} would stand for {part}, which belongs to one service: unset one of them, or set {own}"
                )));
            }
        }
        Ok(name)
    }

    fn what(&self) -> &'static str {
        if self.given.is_some() {
            "the variable"
        } else {
            "the environment variable"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let environment = Variables::environment();
        let error = environment
            .required("SPECMILL_TEST_UNSET_VARIABLE")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the environment variable SPECMILL_TEST_UNSET_VARIABLE is not set: set it"
        );
        let unset = environment.optional("SPECMILL_TEST_UNSET_VARIABLE");
        assert_eq!(unset.unwrap(), None);
    }

    #[test]
    fn a_variable_that_is_set_is_read() {
        assert_eq!(
            Variables::environment().required("PATH").unwrap(),
            env::var("PATH").unwrap().trim()
        );
    }

    #[test]
    fn the_variable_of_one_service_takes_precedence_over_the_shared_one() {
        let given = Variables::given([("A_B_URL", "b"), ("A_URL", "a"), ("A_B_KEY", " ")]);
        let name = |own, shared| given.own_or_shared(own, shared).unwrap();
        assert_eq!(name("A_B_URL", "A_URL"), "A_B_URL");
        assert_eq!(name("A_C_URL", "A_URL"), "A_URL");
        assert_eq!(name("A_B_KEY", "A_KEY"), "A_KEY");
    }

    #[test]
    fn a_shared_base_url_does_not_replace_a_part_of_one_service_silently() {
        let parts = ["A_B_REGION"];
        let of = |pairs: &[(&'static str, &'static str)]| {
            let given = Variables::given(pairs.iter().copied());
            given.own_or_shared_base_url("A_B_URL", "A_URL", &parts)
        };
        let region = ("A_B_REGION", "west");
        assert_eq!(of(&[region]).unwrap(), "A_URL");
        assert_eq!(
            of(&[("A_URL", "a"), ("A_REGION", "west")]).unwrap(),
            "A_URL"
        );
        assert_eq!(
            of(&[("A_B_URL", "b"), ("A_URL", "a"), region]).unwrap(),
            "A_B_URL"
        );
        assert_eq!(
            of(&[("A_URL", "a"), region]).unwrap_err().to_string(),
            "invalid configuration: A_URL would stand for A_B_REGION, which belongs to one service: \
             unset one of them, or set A_B_URL"
        );
    }

    #[test]
    fn given_variables_replace_the_environment() {
        let given = Variables::given([("KEY", " value "), ("EMPTY", " ")]);
        assert_eq!(given.required("KEY").unwrap(), "value");
        assert_eq!(given.optional("EMPTY").unwrap(), None);
        let error = given.required("PATH").unwrap_err().to_string();
        assert_eq!(
            error,
            "invalid configuration: the variable PATH is not set: set it"
        );
    }
}
