//! Where the settings of a client come from: the sandbox, or the environment and then a profile.

mod file;
mod missing;
mod origin;
mod profile;

use std::env::VarError;
use std::io::{self, Write as _};

use specmill::dynamic::{Api, Client, Role, Variable, Variables};
use specmill::middleware::DebugLog;
use specmill_sandbox::Sandbox;

use self::profile::Profile;
use crate::command::Options;
use crate::failure::{Failure, Kind};

/// The settings of one run.
#[derive(Debug)]
pub(crate) struct Settings {
    source: Source,
    verbose: bool,
}

#[derive(Debug)]
enum Source {
    /// Nothing but the sandbox, so that nothing of the environment leads elsewhere.
    Sandbox(Sandbox),
    User {
        profile: Profile,
        /// Whether the command line names the profile or its file.
        asked_for: bool,
    },
}

impl Settings {
    pub(crate) async fn of(options: &Options, apis: &[&'static Api]) -> Result<Self, Failure> {
        if options.sandbox {
            let sandbox = Sandbox::start().await;
            let sandbox = sandbox.map_err(|error| Failure::new(Kind::Local, error.to_string()))?;
            return Ok(Self {
                source: Source::Sandbox(sandbox),
                verbose: options.verbose,
            });
        }
        let profile = Profile::of(
            options.profile_file.as_deref(),
            options.profile.as_deref(),
            apis,
        )?;
        let asked_for = options.profile_file.is_some() || options.profile.is_some();
        Ok(Self {
            source: Source::User { profile, asked_for },
            verbose: options.verbose,
        })
    }

    /// A client of the API.
    pub(crate) fn connect(&self, api: &'static Api) -> Result<Client, Failure> {
        // One that cannot be read is reported below.
        let missing_itself = |one: &Variable| matches!(self.value(api, one), Ok(None));
        let is_missing = |one: &Variable| {
            let mut instead = api
                .variables
                .iter()
                .filter(|other| one.instead.contains(&other.name));
            missing_itself(one) && instead.all(missing_itself)
        };
        let missing = missing::of(api, is_missing);
        match &self.source {
            Source::Sandbox(_) if !missing.is_empty() => {
                let problem = format!("the sandbox does not serve {}", api.api.title);
                return Err(Failure::usage(problem).hint("leave out --sandbox"));
            }
            Source::User { profile, .. } if !missing.is_empty() => {
                return Err(missing::failure(api, &missing, profile));
            }
            Source::Sandbox(_) => {}
            Source::User { profile, asked_for } => {
                let in_environment = |one: &Variable| {
                    let mut names = one.names();
                    names.find(|name| !matches!(of_environment(name), Ok(None)))
                };
                if *asked_for {
                    origin::check_asked_for(api, profile, in_environment)?;
                }
                origin::check(api, profile, in_environment)?;
            }
        }
        let mut given = Vec::new();
        for variable in api.variables {
            let value = self.value(api, variable);
            let value = value.map_err(|problem| Failure::new(Kind::Configuration, problem))?;
            given.extend(value);
        }
        let mut variables = Variables::given(given);
        if self.verbose {
            variables = variables.middleware(DebugLog::new(say));
        }
        let connected = api.connect(&variables);
        connected.map_err(|error| match &self.source {
            Source::Sandbox(_) => error.into(),
            Source::User { profile, .. } => Failure::from(error).hint(format!(
                "settings come from the environment, then from [{}.{}] of {}; `specmill {} --help` lists them",
                profile.name(),
                profile_table(api),
                profile.shown_file(),
                api.feature
            )),
        })
    }

    /// The value of a variable, with the one of its names that it is set by.
    fn value(
        &self,
        api: &Api,
        variable: &Variable,
    ) -> Result<Option<(&'static str, String)>, String> {
        match &self.source {
            Source::Sandbox(sandbox) => {
                let mut variables = sandbox.environment().into_iter();
                Ok(variables
                    .find(|(known, _)| *known == variable.name)
                    .map(|(_, value)| (variable.name, value)))
            }
            Source::User { profile, .. } => {
                for name in variable.names() {
                    if let Some(value) = of_environment(name)? {
                        return Ok(Some((name, value)));
                    }
                }
                let found = profile.value(api, variable);
                Ok(found.map(|(name, value)| (name, value.to_owned())))
            }
        }
    }
}

/// The value of a variable of the environment; `None` where it is not set or empty.
fn of_environment(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!(
            "the environment variable {name} is not valid Unicode"
        )),
    }
}

/// Writes a line beside the output. Where nobody reads it any more, nothing is written.
fn say(line: &str) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// The variable that holds the whole address of an API.
pub(crate) fn address(api: &'static Api) -> Option<&'static Variable> {
    let mut variables = api.variables.iter();
    variables.find(|one| one.role == Role::Address)
}

/// Words as one enumeration: `a, b and c`.
fn conjunction(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &words[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name of an API's table in a profile: `panther`.
pub(crate) fn profile_table(api: &Api) -> String {
    api.environment.to_lowercase().replace('_', "-")
}

/// The name of a variable in that table: `api-key`.
pub(crate) fn profile_key(api: &Api, name: &str) -> String {
    let own = name
        .strip_prefix(api.environment)
        .and_then(|rest| rest.strip_prefix('_'));
    own.unwrap_or(name).to_lowercase().replace('_', "-")
}
