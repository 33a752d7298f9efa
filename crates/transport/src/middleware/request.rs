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

/// The request of one attempt, before the client's credentials are added.
///
/// `Debug` shows method, URL and headers. The values of sensitive headers are redacted there: those that the caller set,
/// and those that the document declares as parameters. The client's own credentials are not in it at all.
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
    /// Headers that hold credentials when the request is sent.
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

    /// Name of the API: `panther`.
    pub fn api(&self) -> &'static str {
        self.operation.api
    }

    /// Name of the operation: `user_get`.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The HTTP method.
    pub fn method(&self) -> &'static Method {
        &self.operation.method
    }

    /// The path template of the operation, below the base URL: `/users/{id}`.
    pub fn url_template(&self) -> &'static str {
        self.operation.path
    }

    /// The number of the attempt within its call, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Time from the start of the call to this attempt.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Time from the beginning of this attempt to the end of the call's total timeout.
    pub fn remaining(&self) -> Duration {
        self.remaining
    }

    /// The URL. A key that the client sends in the query is not in it.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Replaces the URL.
    ///
    /// # Errors
    /// It is not a URL, or its origin is not that of the client's base URL, which is the only one that may receive the
    /// credentials.
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

    /// The headers, without those of the client's credentials.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers, to be changed. A header of the client's credentials that is set here is replaced; those that the
    /// connection sets itself (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection`) fail the attempt. Of several
    /// values of a name the last is sent. Mark a value that is a secret with [`http::HeaderValue::set_sensitive`].
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The names of the headers in which the client's credentials are sent, in lower case unless the document writes
    /// them otherwise.
    pub fn credential_headers(&self) -> &[&'static str] {
        &self.credentials
    }

    /// The body, if there is one in memory.
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_ref().and_then(BodySource::as_bytes)
    }

    /// Replaces the body. The headers do not change.
    pub fn set_body(&mut self, body: impl Into<Bytes>) {
        self.body = Some(BodySource::bytes(body));
    }

    /// Values that middleware hands on to the middleware within it.
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Values that middleware hands on to the middleware within it, to be changed.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.extensions
    }

    /// As the runtime sends it.
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
            .field("headers", &MaskedHeaders(&self.headers))
            .field(
                "body_bytes",
                &self.body.as_ref().and_then(BodySource::length),
            )
            .finish_non_exhaustive()
    }
}

/// Headers of a request, values of sensitive ones redacted.
struct MaskedHeaders<'a>(&'a HeaderMap);

impl fmt::Debug for MaskedHeaders<'_> {
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
