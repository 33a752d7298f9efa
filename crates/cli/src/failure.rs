//! Errors of the command, with their exit codes.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use specmill::Error;

use crate::visible::visible;

/// The kinds of failures, each with its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file cannot be read, or a file or the output cannot be written.
    Local,
    Usage,
    Configuration,
    NotAuthorised,
    NotFound,
    Refused,
    Service,
    Network,
    Unreadable,
    /// A list with fewer items than expected.
    Incomplete,
    Interrupted,
}

impl Kind {
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Local => 1,
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::NotAuthorised => 4,
            Self::NotFound => 5,
            Self::Refused => 6,
            Self::Service => 7,
            Self::Network => 8,
            Self::Unreadable => 9,
            Self::Incomplete => 10,
            Self::Interrupted => 130,
        }
    }
}

/// The exit codes, as the help lists them.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  a file cannot be read, or a file or the output cannot be written
    2  invalid arguments; nothing was sent
    3  a missing or invalid setting; nothing was sent
    4  rejected credentials, or a missing permission (401, 403)
    5  not found (404, 410)
    6  the service rejects the request (any other 4xx)
    7  the service fails or is throttling (5xx, 408, 429)
    8  network error: no connection, a timeout, or an incomplete response
    9  a response that does not match the API's documentation
   10  an incomplete list: fewer items than the service's own total, or an error before the end
  130  interrupted";

/// The reason why the command failed, and remedies.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    problem: String,
    hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, problem: impl Into<String>) -> Self {
        Self {
            kind,
            problem: problem.into(),
            hints: Vec::new(),
        }
    }

    pub(crate) fn usage(problem: impl Into<String>) -> Self {
        Self::new(Kind::Usage, problem)
    }

    /// Adds a remedy.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The problem without remedies.
    pub(crate) fn problem(&self) -> &str {
        &self.problem
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        std::iter::once(&self.problem)
            .chain(&self.hints)
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Writes the failure to standard error. If that is closed, the message is dropped.
    pub(crate) fn report(&self) -> ExitCode {
        let mut text = format!("error: {}\n", visible(&self.problem));
        for hint in &self.hints {
            text.push_str(&format!("  {}\n", visible(hint)));
        }
        if self.kind != Kind::Interrupted {
            let _ = io::stderr().write_all(text.as_bytes());
        }
        ExitCode::from(self.kind.exit_code())
    }
}

/// The failure of a call, by its remedy.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let status = error.status().map_or(0, |status| status.as_u16());
        let kind = if error.is_io() {
            Kind::Local
        } else if error.is_configuration() || error.is_credentials() {
            Kind::Configuration
        } else if error.is_invalid_request() {
            Kind::Usage
        } else if error.is_connect() || error.is_timeout() || error.is_interrupted() {
            Kind::Network
        } else if error.is_decode() || error.is_too_large() || error.is_redirect() {
            Kind::Unreadable
        } else if error.is_paging() {
            Kind::Incomplete
        } else if error.is_unauthorized() || error.is_forbidden() {
            Kind::NotAuthorised
        } else if error.is_not_found() {
            Kind::NotFound
        } else if error.is_server_error() || matches!(status, 408 | 429) {
            Kind::Service
        } else if (400..500).contains(&status) {
            Kind::Refused
        } else {
            Kind::Unreadable
        };
        let is_retryable = error.is_retryable();
        let failure = Self::new(kind, error.with_causes().to_string());
        match kind {
            Kind::NotAuthorised if error.is_unauthorized() => {
                failure.hint("check the credentials: `--help` of the API lists their sources")
            }
            Kind::NotAuthorised => failure.hint(
                "the credentials lack a permission: `--help` of the command names the required one",
            ),
            Kind::NotFound => {
                failure.hint("check the arguments and the base URL; `--dry-run` prints the URL")
            }
            Kind::Refused => {
                failure.hint("check the arguments; `--verbose` shows the request and the response")
            }
            Kind::Service if is_retryable => {
                failure.hint("try again later; `--verbose` shows each attempt")
            }
            Kind::Service => failure.hint("`--verbose` shows the request and the response"),
            Kind::Network if error.is_connect() => {
                failure.hint("check the base URL and the network; `--dry-run` prints the URL")
            }
            Kind::Network if error.is_timeout() => {
                failure.hint("set a longer --timeout; `--verbose` shows each attempt")
            }
            Kind::Network => failure.hint("run the command again; `--verbose` shows each attempt"),
            Kind::Unreadable if error.is_redirect() => {
                failure.hint("check the base URL: the service redirects")
            }
            Kind::Unreadable => failure.hint("`--verbose` shows the response"),
            _ => failure,
        }
    }
}

/// The failure of reading or writing a file.
pub(crate) fn local(what: &str, error: impl Display) -> Failure {
    Failure::new(Kind::Local, format!("{what}: {error}"))
}
