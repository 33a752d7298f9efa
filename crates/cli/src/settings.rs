//! Where the settings of a client come from: the sandbox, or the environment and then a profile.

mod file;
mod profile;

use std::env::VarError;

use specmill::dynamic::{Api, Client, Variable, Variables};
use specmill_sandbox::Sandbox;

use self::profile::Profile;
use crate::command::Options;
use crate::failure::{Failure, Kind};

/// The settings of one run.
#[derive(Debug)]
pub(crate) struct Settings(Source);

#[derive(Debug)]
enum Source {
    /// Nothing but the sandbox, so that nothing of the environment leads elsewhere.
    Sandbox(Sandbox),
    User(Profile),
}

impl Settings {
    pub(crate) async fn of(options: &Options, apis: &[&'static Api]) -> Result<Self, Failure> {
        if options.sandbox {
            let sandbox = Sandbox::start().await;
            let sandbox = sandbox.map_err(|error| Failure::new(Kind::Local, error.to_string()))?;
            return Ok(Self(Source::Sandbox(sandbox)));
        }
        let profile = Profile::of(
            options.profile_file.as_deref(),
            options.profile.as_deref(),
            apis,
        )?;
        Ok(Self(Source::User(profile)))
    }

    /// A client of the API.
    pub(crate) fn connect(&self, api: &'static Api) -> Result<Client, Failure> {
        let missing = api.variables.iter().filter(|variable| variable.required);
        let missing: Vec<&Variable> = missing
            .filter(|variable| self.is_missing(api, variable))
            .collect();
        if !missing.is_empty() {
            return Err(self.missing(api, &missing));
        }
        let mut given = Vec::new();
        for variable in api.variables {
            let value = self.value(api, variable.name);
            let value = value.map_err(|problem| Failure::new(Kind::Configuration, problem))?;
            given.extend(value.map(|value| (variable.name, value)));
        }
        let connected = api.connect(&Variables::given(given));
        connected.map_err(|error| match &self.0 {
            Source::Sandbox(_) => error.into(),
            Source::User(profile) => Failure::from(error).hint(format!(
                "settings come from the environment, then from [{}.{}] of {}; `specmill {} --help` lists them",
                profile.name(),
                profile_table(api),
                profile.shown_file(),
                api.feature
            )),
        })
    }

    fn value(&self, api: &Api, name: &str) -> Result<Option<String>, String> {
        match &self.0 {
            Source::Sandbox(sandbox) => {
                let mut variables = sandbox.environment().into_iter();
                Ok(variables
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value))
            }
            Source::User(profile) => {
                let value = match std::env::var(name) {
                    Ok(value) => Some(value).filter(|value| !value.trim().is_empty()),
                    Err(VarError::NotPresent) => None,
                    Err(VarError::NotUnicode(_)) => {
                        return Err(format!(
                            "the environment variable {name} is not valid Unicode"
                        ));
                    }
                };
                Ok(value.or_else(|| profile.value(api, name).map(str::to_owned)))
            }
        }
    }

    fn is_missing(&self, api: &Api, variable: &Variable) -> bool {
        // One that cannot be read is reported by whoever reads it.
        matches!(self.value(api, variable.name), Ok(None))
    }

    fn missing(&self, api: &Api, missing: &[&Variable]) -> Failure {
        let names: Vec<&str> = missing.iter().map(|variable| variable.name).collect();
        let names = names.join(" and ");
        match &self.0 {
            Source::Sandbox(_) => {
                Failure::usage(format!("the sandbox does not serve {}", api.api.title))
                    .hint("leave out --sandbox")
            }
            Source::User(profile) => {
                let keys: Vec<String> = missing
                    .iter()
                    .map(|variable| profile_key(api, variable))
                    .collect();
                let (is, it) = if missing.len() == 1 {
                    ("is", "the environment variable")
                } else {
                    ("are", "the environment variables")
                };
                Failure::new(Kind::Configuration, format!("{names} {is} not set"))
                    .hint(format!(
                        "set {it}, or {} in the table [{}.{}] of {}",
                        keys.join(" and "),
                        profile.name(),
                        profile_table(api),
                        profile.shown_file()
                    ))
                    .hint("or try the command with --sandbox, which needs no account")
            }
        }
    }
}

/// The name of an API's table in a profile: `panther`.
pub(crate) fn profile_table(api: &Api) -> String {
    api.environment.to_lowercase().replace('_', "-")
}

/// The name of a variable in that table: `api-key`.
pub(crate) fn profile_key(api: &Api, variable: &Variable) -> String {
    let name = variable.name;
    let own = name
        .strip_prefix(api.environment)
        .and_then(|rest| rest.strip_prefix('_'));
    own.unwrap_or(name).to_lowercase().replace('_', "-")
}
