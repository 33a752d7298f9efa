//! Settings of individual calls.

mod idempotency;

use std::time::Duration;

use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use specmill_http::credentials::Secret;

pub use self::idempotency::{add_key, is_idempotent};
use crate::retry::RetryPolicy;

/// Settings of one call, which override those of the client.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    #[doc(hidden)]
    pub idle_timeout: Option<Duration>,
    #[doc(hidden)]
    pub retry: Option<RetryPolicy>,
    pub(crate) idempotent: bool,
    pub(crate) idempotency_key: Option<String>,
    #[doc(hidden)]
    pub headers: ExtraHeaders,
    #[doc(hidden)]
    #[cfg(feature = "gzip")]
    pub gzip_body: bool,
}

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The maximum time for the call, including all its attempts.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The maximum time for an attempt.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// The maximum time without progress of a streamed body, in either direction.
    ///
    /// The time in which the program does not read from a stream does not count.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Whether the body is compressed with gzip and sent with `Content-Encoding: gzip`. The default is `false`.
    /// Services that do not document it usually reject it with 400 or 415.
    #[cfg(feature = "gzip")]
    pub fn gzip_body(mut self, compress: bool) -> Self {
        self.gzip_body = compress;
        self
    }

    /// The retry policy for the call.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Whether the operation is idempotent, regardless of its method. The default is that of the API's document. With
    /// `true`, a POST or PATCH is retried like a PUT.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// The idempotency key, sent in the header that the API's document names. By default, such an operation is sent
    /// with a new random key for each call. If the document names no header for the operation, the call fails before
    /// anything is sent.
    ///
    /// Set a key if your program may repeat a call, for example after a restart.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a header to this call. If it cannot be sent, or if the client sets it itself, the call fails.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name.into(), value.into());
        self
    }
}

/// Headers that the caller adds.
#[derive(Debug, Clone, Default)]
pub struct ExtraHeaders(Vec<(String, Secret)>);

impl ExtraHeaders {
    pub fn push(&mut self, name: String, value: String) {
        self.0.push((name, value.into()));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the headers to `headers`. A header whose name is in `own`, or that the connection sets, is an error. The
    /// error is one line without values.
    pub fn add_to(&self, headers: &mut HeaderMap, own: &[&str]) -> Result<(), String> {
        const CONNECTIONS: [HeaderName; 5] = [
            HOST,
            CONTENT_LENGTH,
            TRANSFER_ENCODING,
            CONNECTION,
            CONTENT_TYPE,
        ];
        for (name, value) in &self.0 {
            let parsed = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("{name:?} is not a valid header name"))?;
            if CONNECTIONS.contains(&parsed)
                || own
                    .iter()
                    .any(|own| parsed.as_str().eq_ignore_ascii_case(own))
            {
                return Err(format!("the header {parsed} is set by the client itself"));
            }
            if parsed == ACCEPT_ENCODING {
                check_encodings(value.expose())?;
            }
            let mut value = HeaderValue::from_str(value.expose())
                .map_err(|_| format!("the value for the header {parsed} cannot be sent"))?;
            value.set_sensitive(true);
            headers.insert(parsed, value);
        }
        Ok(())
    }
}

/// The supported content codings, each with the feature that it needs.
const ENCODINGS: [(&str, &str, bool); 4] = [
    ("gzip", "gzip", cfg!(feature = "gzip")),
    ("x-gzip", "gzip", cfg!(feature = "gzip")),
    ("br", "brotli", cfg!(feature = "brotli")),
    ("zstd", "zstd", cfg!(feature = "zstd")),
];

/// Checks that the client can decode all content codings of an `Accept-Encoding` header.
fn check_encodings(value: &str) -> Result<(), String> {
    for item in value.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|weight| {
            let weight = weight.to_ascii_lowercase();
            weight
                .strip_prefix("q=")
                .is_some_and(|weight| weight.parse() == Ok(0.0_f32))
        });
        if refused || coding.is_empty() || coding == "identity" {
            continue;
        }
        match ENCODINGS.iter().find(|(name, ..)| *name == coding) {
            Some((.., true)) => {}
            Some((_, feature, false)) => {
                return Err(format!(
                    "the header accept-encoding asks for {coding}, which is read with the feature `{feature}` of \
                     specmill-client"
                ));
            }
            // The value may be anything: it is not shown.
            None => {
                return Err(
                    "the header accept-encoding asks for a content coding that cannot be read"
                        .to_owned(),
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_supported_content_codings_can_be_requested() {
        for value in [
            "identity",
            "",
            "identity, *;q=0",
            "gzip;q=0, Identity;q=0.5",
            "br; Q=0.0",
        ] {
            assert_eq!(check_encodings(value), Ok(()), "{value}");
        }
        for value in ["deflate", "*", "identity, compress", "secret"] {
            let problem = check_encodings(value).unwrap_err();
            assert!(
                problem.contains("cannot be read") && !problem.contains(value),
                "{problem}"
            );
        }
        for (name, feature, enabled) in ENCODINGS {
            let checked = check_encodings(&format!("identity, {name};q=0.5"));
            assert_eq!(checked.is_ok(), enabled);
            assert!(
                checked
                    .err()
                    .is_none_or(|problem| problem.contains(feature))
            );
        }
    }
}
