use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{Extensions, HeaderMap, HeaderName, Method};
use reqwest::Url;
use specmill_http::body::BodySource;
use specmill_http::error::Error;
use specmill_http::operation::Operation;
use specmill_http::redact::MASK;
use specmill_http::request::{Headers, Prepared};

/// The request of an attempt, before the client's credentials are added.
///
/// `Debug` shows method, URL and headers. The values of sensitive headers are redacted: those that the caller set, and
/// those that the document declares as parameters. The client's own credentials are not part of the request yet.
#[derive(Clone)]
pub struct Request {
    operation: &'static Operation,
    attempt: u32,
    elapsed: Duration,
    remaining: Duration,
    url: Url,
    headers: HeaderMap,
    body: Option<BodySource>,
    extensions: Extensions,
    /// The headers that contain credentials when the request is sent.
    credentials: Vec<&'static str>,
}

impl Request {
    pub(crate) fn new(
        operation: &'static Operation,
        prepared: &Prepared,
        attempt: u32,
        elapsed: Duration,
        remaining: Duration,
        credentials: Vec<&'static str>,
    ) -> Self {
        Self {
            operation,
            attempt,
            elapsed,
            remaining,
            url: prepared.url.clone(),
            headers: prepared.headers.to_map(),
            body: prepared.body.clone(),
            extensions: Extensions::new(),
            credentials,
        }
    }

    /// The name of the API: `panther`.
    pub fn api(&self) -> &'static str {
        self.operation.api
    }

    /// The name of the operation: `user_get`.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The HTTP method.
    pub fn method(&self) -> &'static Method {
        &self.operation.method
    }

    /// The path template of the operation, relative to the base URL: `/users/{id}`.
    pub fn url_template(&self) -> &'static str {
        self.operation.path
    }

    /// The number of the attempt within its call, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The time from the start of the call to this attempt.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The time from the start of this attempt to the end of the call's total timeout.
    pub fn remaining(&self) -> Duration {
        self.remaining
    }

    /// The URL, without a key that the client sends in the query.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Replaces the URL.
    ///
    /// # Errors
    /// The string is not a URL, or its origin is not that of the client's base URL, which is the only one that may
    /// receive the credentials.
    pub fn set_url(&mut self, url: &str) -> Result<(), Error> {
        let url = Url::parse(url).map_err(|_| Error::middleware("it set a URL that is not one"))?;
        if url.origin() != self.url.origin() {
            return Err(Error::middleware(
                "it set a URL of another origin than the client's base URL",
            ));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Error::middleware(
                "it set a URL with a user, a password or a fragment",
            ));
        }
        self.url = url;
        Ok(())
    }

    /// The headers, without the client's credentials.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers, for changes. The client's credentials replace headers with the same names. Headers that the
    /// connection sets (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection`) cause the attempt to fail. If a
    /// name has several values, only the last one is sent. Mark secret values with
    /// [`http::HeaderValue::set_sensitive`].
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The names of the headers in which the client's credentials are sent. Names from the API's document are written
    /// as they are there, all others in lower case.
    pub fn credential_headers(&self) -> &[&'static str] {
        &self.credentials
    }

    /// The body, if there is one and it is in memory.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref().and_then(BodySource::as_bytes)
    }

    /// Replaces the body. The headers do not change.
    pub fn set_body(&mut self, body: impl Into<Bytes>) {
        self.body = Some(BodySource::bytes(body));
    }

    /// Values for inner middleware.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Values for inner middleware, for changes.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// Converts the request to its form in the runtime.
    pub(crate) fn into_prepared(self) -> Result<Prepared, Error> {
        const CONNECTION_HEADERS: [HeaderName; 4] =
            [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION];
        if let Some(name) = CONNECTION_HEADERS
            .iter()
            .find(|name| self.headers.contains_key(*name))
        {
            return Err(Error::middleware(format!(
                "it set the header {name}, which the connection sets itself"
            )));
        }
        Ok(Prepared {
            url: self.url,
            headers: Headers::of(&self.headers),
            body: self.body,
        })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("api", &self.operation.api)
            .field("operation", &self.operation.id)
            .field("attempt", &self.attempt)
            .field("method", &self.operation.method)
            .field("url", &self.url.as_str())
            .field("headers", &RedactedHeaders(&self.headers))
            .field(
                "body_bytes",
                &self.body.as_ref().and_then(BodySource::length),
            )
            .finish_non_exhaustive()
    }
}

/// The headers of a request, with sensitive values redacted in `Debug`.
struct RedactedHeaders<'a>(&'a HeaderMap);

impl fmt::Debug for RedactedHeaders<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs = self.0.iter().map(|(name, value)| {
            let shown = match value.to_str() {
                Ok(text) if !value.is_sensitive() => text,
                _ => MASK,
            };
            (name.as_str(), shown)
        });
        formatter.debug_map().entries(pairs).finish()
    }
}
