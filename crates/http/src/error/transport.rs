use std::error::Error as StdError;
use std::{fmt, io};

use crate::text::{LIMIT, one_line};

/// The HTTP client's error for an attempt without a response: the [`source`](StdError::source) of an
/// [`Error`](super::Error).
///
/// Its own source is the error of the layer below, and so on: [`std::io::Error`], and errors of hyper and rustls, can
/// be found among them by downcasting. The types and versions of hyper's and rustls's errors may change in any
/// release; [`io_error`](Self::io_error) will not. None of them contains a URL. If one of them contains a credential,
/// they are replaced by the redacted message of this error.
pub struct TransportError(Said);

enum Said {
    /// By an error that has no URL.
    Here(reqwest::Error),
    Redacted(String),
}

impl TransportError {
    /// `redact` replaces credentials in a text.
    pub(crate) fn new(error: reqwest::Error, redact: impl Fn(&str) -> String) -> Self {
        let error = error.without_url();
        let shows_nothing = causes(&error).all(|cause| {
            let shown = format!("{cause} {cause:?}");
            redact(&shown) == shown
        });
        Self(if shows_nothing {
            Said::Here(error)
        } else {
            Said::Redacted(redact(&chain(&error)))
        })
    }

    /// The underlying error of the operating system, if there is one.
    pub fn io_error(&self) -> Option<&io::Error> {
        causes(self).find_map(<dyn StdError>::downcast_ref)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Here(error) => fmt::Display::fmt(error, formatter),
            Said::Redacted(text) => formatter.write_str(text),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TransportError({:?})", chain(self))
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Said::Here(error) => error.source(),
            Said::Redacted(_) => None,
        }
    }
}

/// An error, its source, the source of that, and so on. An `io::Error` may hide one that is not its source.
pub(crate) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// What an error and its causes say, as one line.
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in causes(error) {
        let part = cause.to_string();
        // Some errors repeat the message of their source.
        if !parts.iter().any(|known| known.contains(&part)) {
            parts.push(part);
        }
    }
    one_line(&parts.join(": "), LIMIT).unwrap_or_default()
}
