//! The sources of a client's settings: the sandbox, or the environment and then a profile.

mod file;
mod missing;
mod origin;
mod profile;
mod waiting;

use std::env::VarError;
use std::io::{self, IsTerminal as _, Write as _};

use specmill::dynamic::{Api, Client, Variable, Variables};
use specmill::middleware::DebugLog;
use specmill_sandbox::Sandbox;

use self::profile::Profile;
use self::waiting::Waiting;
use crate::failure::{Failure, Kind};
use crate::options::Options;
use crate::output::say;
use crate::variables::profile_table;

pub(crate) use self::file::{read as read_file, usual as usual_file};
pub(crate) use self::profile::{DEFAULT, known_tables};

/// The settings of a run.
#[derive(Debug)]
pub(crate) struct Settings {
    source: Source,
    verbose: bool,
}

#[derive(Debug)]
enum Source {
    /// Only the settings of the sandbox, so that the environment cannot redirect the calls.
    Sandbox(Sandbox),
    User {
        profile: Profile,
        /// Whether the command line selects the profile or its file.
        asked_for: bool,
    },
}

impl Settings {
    /// The settings for an API.
    pub(crate) async fn of(options: &Options, api: &'static Api) -> Result<Self, Failure> {
        let verbose = options.verbose;
        if options.sandbox {
            let sandbox = Sandbox::start().await;
            let sandbox = sandbox.map_err(|error| Failure::new(Kind::Local, error.to_string()))?;
            let source = Source::Sandbox(sandbox);
            return Ok(Self { source, verbose });
        }
        let profile = Profile::named(
            options,
            options.profile.as_deref(),
            api,
            specmill::dynamic::apis(),
        )?;
        let asked_for = options.profile_file.is_some() || options.profile.is_some();
        let source = Source::User { profile, asked_for };
        Ok(Self { source, verbose })
    }

    /// The settings of a profile, for commands about profiles.
    pub(crate) fn of_profile(
        options: &Options,
        name: &str,
        api: &'static Api,
    ) -> Result<Self, Failure> {
        let profile = Profile::named(options, Some(name), api, specmill::dynamic::apis())?;
        let source = Source::User {
            profile,
            asked_for: true,
        };
        Ok(Self {
            source,
            verbose: options.verbose,
        })
    }

    /// A client of the API.
    pub(crate) fn connect(&mut self, api: &'static Api) -> Result<Client, Failure> {
        // A variable that cannot be read is reported below.
        let missing_itself = |one: &Variable| matches!(self.value(api, one), Ok(None));
        let is_missing = |one: &Variable| {
            let mut instead = api
                .variables
                .iter()
                .filter(|other| one.instead.contains(&other.name));
            missing_itself(one) && instead.all(missing_itself)
        };
        let missing = missing::of(api, is_missing);
        match &mut self.source {
            Source::Sandbox(_) if !missing.is_empty() => {
                let problem = format!("the sandbox does not serve {}", api.api.title);
                return Err(Failure::usage(problem).hint("omit --sandbox"));
            }
            Source::Sandbox(_) => {}
            Source::User { profile, asked_for } => {
                for warning in profile.take_warnings() {
                    say(&format!("warning: {warning}"));
                }
                match profile.take_problem() {
                    Some(problem) if !missing.is_empty() => return Err(problem),
                    Some(problem) => {
                        say(&format!("warning: {}; it is not used", problem.problem()));
                    }
                    None => {}
                }
                if !missing.is_empty() {
                    return Err(missing::failure(api, &missing, profile));
                }
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
            variables = variables.middleware(DebugLog::new(log));
        }
        if self.verbose || io::stderr().is_terminal() {
            variables = variables.middleware(Waiting);
        }
        let connected = api.connect(&variables);
        connected.map_err(|error| match &self.source {
            Source::Sandbox(_) => error.into(),
            Source::User { profile, .. } => self.with_values(api, error.into()).hint(format!(
                "settings come from the environment, then from [{}.{}] of {}; `specmill {} --help` lists them",
                profile.name(),
                profile_table(api),
                profile.shown_file(),
                api.feature
            )),
        })
    }

    /// Adds the known values of each variable that has another value.
    fn with_values(&self, api: &Api, failure: Failure) -> Failure {
        let variables = api.variables.iter().filter(|one| !one.values.is_empty());
        let others = variables.filter(|one| {
            let value = self.value(api, one).ok().flatten();
            value.is_some_and(|(_, value)| !one.values.contains(&value.trim()))
        });
        others.fold(failure, |failure, one| {
            failure.hint(format!("{} is one of {}", one.name, one.values.join(", ")))
        })
    }

    /// The value of a variable, and the name under which it is set.
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

/// The value of an environment variable; `None` if it is not set or empty.
fn of_environment(name: &str) -> Result<Option<String>, String> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.trim().is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!(
            "the environment variable {name} is not valid Unicode"
        )),
    }
}

/// Writes a log record, which may have several lines and is safe to show. If standard error is closed, the record is
/// dropped.
fn log(record: &str) {
    let _ = io::stderr().write_all(format!("{record}\n").as_bytes());
}
