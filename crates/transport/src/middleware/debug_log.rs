use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use specmill_http::error::Error;
use specmill_http::redact::MASK;
use specmill_http::redact::names::{is_public_header, redacted_text, redacted_url};
use specmill_http::text::is_unprintable;

use super::{Middleware, Next, Request, Response};

/// A log of requests and responses, for debugging.
///
/// A client logs nothing unless this middleware is added. The log contains no credential of the client. Other possible
/// secrets are redacted: values of headers that the caller set, values of response headers that are not known to be
/// harmless, and strings in JSON, forms and queries whose names suggest a password, a token or a key. Bodies are
/// truncated, and are shown only if they are text. They may still contain personal data: protect the log like that
/// data.
///
/// Add it last: it is then the innermost middleware and shows the requests as they are sent.
///
/// ```
/// # extern crate specmill_transport as specmill_client;
/// use specmill_client::middleware::DebugLog;
///
/// # struct Settings;
/// # impl Settings {
/// #     fn middleware(self, _: impl specmill_client::middleware::Middleware) -> Self { self }
/// # }
/// # fn settings(settings: Settings) -> Settings {
/// settings.middleware(DebugLog::new(|line| eprintln!("{line}")).max_body_bytes(1024))
/// # }
/// ```
#[derive(Clone)]
pub struct DebugLog {
    write: Arc<dyn Fn(&str) + Send + Sync>,
    bodies: bool,
    max_body_bytes: usize,
}

impl DebugLog {
    /// Creates a log that passes its lines to `write`; the lines of a request or response are passed one after the
    /// other.
    pub fn new(write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self {
            write: Arc::new(write),
            bodies: true,
            max_body_bytes: 4096,
        }
    }

    /// Creates a log that emits its lines as `tracing` events of the level TRACE with the target
    /// `specmill_client::debug`.
    #[cfg(feature = "tracing")]
    pub fn tracing() -> Self {
        Self::new(|line| tracing::trace!(target: "specmill_client::debug", "{line}"))
    }

    /// Whether bodies are logged. The default is `true`.
    pub fn bodies(mut self, log: bool) -> Self {
        self.bodies = log;
        self
    }

    /// The maximum number of bytes of a body that are logged. The default is 4096.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    fn write(&self, sign: char, text: &str) {
        for line in text.lines() {
            let mut shown = String::with_capacity(line.len() + 2);
            shown.push(sign);
            if !line.is_empty() {
                shown.push(' ');
            }
            shown.extend(line.chars().map(|character| match character {
                '\t' => ' ',
                other if is_unprintable(other) => ' ',
                other => other,
            }));
            (self.write)(&shown);
        }
    }

    fn body(&self, headers: &HeaderMap, body: &[u8]) -> String {
        if !self.bodies || body.is_empty() {
            return String::new();
        }
        let content_type = headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        match redacted_text(content_type, body) {
            Some(text) => format!("\n{}", self.cut(&text)),
            None => format!("\n[{} bytes]", body.len()),
        }
    }

    fn cut(&self, text: &str) -> String {
        if text.len() <= self.max_body_bytes {
            return text.to_owned();
        }
        let mut end = self.max_body_bytes;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}… [{} bytes in all]", &text[..end], text.len())
    }

    fn request(&self, request: &Request) -> String {
        let mut text = format!(
            "{} {} ({} {}, attempt {})\n",
            request.method(),
            redacted_url(request.url()),
            request.api(),
            request.operation(),
            request.attempt()
        );
        let credentials = request.credential_headers();
        for (name, value) in request.headers() {
            if credentials
                .iter()
                .any(|own| name.as_str().eq_ignore_ascii_case(own))
            {
                continue;
            }
            let shown = value.to_str().ok().filter(|_| !value.is_sensitive());
            text += &format!("{name}: {}\n", shown.unwrap_or(MASK));
        }
        for name in credentials {
            text += &format!("{}: {MASK}\n", name.to_ascii_lowercase());
        }
        if let Some(body) = request.body() {
            text += &self.body(request.headers(), body);
        }
        text
    }

    fn response(&self, response: &Response) -> String {
        let mut text = format!("{} in {:?}\n", response.status(), response.elapsed());
        for (name, value) in response.headers() {
            let shown = value.to_str().ok().filter(|_| is_public_header(name));
            text += &format!("{name}: {}\n", shown.unwrap_or(MASK));
        }
        text += &self.body(response.headers(), &response.redacted_body());
        text
    }
}

impl fmt::Debug for DebugLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DebugLog")
            .field("bodies", &self.bodies)
            .field("max_body_bytes", &self.max_body_bytes)
            .finish_non_exhaustive()
    }
}

impl Middleware for DebugLog {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        self.write('>', &self.request(&request));
        let result = next.run(request).await;
        match &result {
            Ok(response) => self.write('<', &self.response(response)),
            Err(error) => self.write('!', &error.with_causes().to_string()),
        }
        result
    }
}
