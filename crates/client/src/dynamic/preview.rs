use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method};
use specmill_http::error::Error;
use specmill_http::operation::Operation;
use specmill_http::redact::{MASK, Redactor};
use specmill_http::request::Prepared;
use specmill_transport::Transport;

use crate::call::Call;

/// A request as it would be sent, with credentials redacted in the URL, the headers and the body. Values of headers
/// that the caller set are redacted too, since they may be credentials of another system.
///
/// `Display` prints it like HTTP: method and URL, headers, an empty line, the body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Preview {
    /// The HTTP method.
    pub method: Method,
    /// The URL.
    pub url: String,
    /// The headers, in the order in which they are set, without those that the connection sets.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Bytes>,
}

impl Call {
    /// The request that would be sent, with redacted credentials.
    pub(super) fn preview(&self, accept: &'static str) -> Result<Preview, Error> {
        Preview::of(
            self.transport(),
            self.operation(),
            self.prepared_for(accept)?,
        )
    }
}

impl Preview {
    fn of(
        transport: &Transport,
        operation: &'static Operation,
        prepared: Prepared,
    ) -> Result<Self, Error> {
        let authentication = transport.authentication().of(operation)?;
        let redactor = Redactor::new(Arc::clone(&authentication), &HeaderMap::new());
        let Prepared { url, headers, body } = prepared;
        let mut headers = headers.to_map();
        let mut address = redactor.text(url.as_str());
        if operation.authenticated {
            let now = transport.shared().clock.now();
            // The signature covers the URL as it is sent; its values are redacted below.
            authentication.add_headers(&operation.method, url.as_str(), now, &mut headers)?;
            for (name, _) in authentication.query() {
                let separator = if address.contains('?') { '&' } else { '?' };
                address.push_str(&format!("{separator}{name}={MASK}"));
            }
        }
        let headers = headers.iter().map(|(name, value)| {
            let shown = match value.to_str() {
                Ok(text) if !value.is_sensitive() => redactor.text(text),
                _ => MASK.to_owned(),
            };
            (name.to_string(), shown)
        });
        Ok(Self {
            method: operation.method.clone(),
            url: address,
            headers: headers.collect(),
            body: body.map(|body| redactor.bytes(body.shown())),
        })
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(formatter, "{name}: {value}")?;
        }
        match &self.body {
            None => Ok(()),
            Some(body) => match std::str::from_utf8(body) {
                Ok(text) => write!(formatter, "\n{text}"),
                Err(_) => write!(formatter, "\n[{} bytes]", body.len()),
            },
        }
    }
}
