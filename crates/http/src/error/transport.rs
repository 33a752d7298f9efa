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
pub struct TransportError(Content);

enum Content {
    /// An error without its URL.
    Original(reqwest::Error),
    Redacted(String),
}

impl TransportError {
    /// `redact` replaces credentials in a string.
    pub(crate) fn new(error: reqwest::Error, redact: impl Fn(&str) -> String) -> Self {
        let error = error.without_url();
        let is_safe = causes(&error).all(|cause| {
            let shown = format!("{cause} {cause:?}");
            redact(&shown) == shown
        });
        Self(if is_safe {
            Content::Original(error)
        } else {
            Content::Redacted(redact(&chain(&error)))
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
            Content::Original(error) => fmt::Display::fmt(error, formatter),
            Content::Redacted(text) => formatter.write_str(text),
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
            Content::Original(error) => error.source(),
            Content::Redacted(_) => None,
        }
    }
}

/// An error and the chain of its sources. An `io::Error` may contain an error that is not its source.
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

/// The messages of an error and its causes, as one line.
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
