use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use specmill_http::error::Error;
use specmill_http::redact::names::{is_public_header, redacted_json, redacted_text, redacted_url};

use super::{Middleware, Next, Request, Response};

/// The maximum size of a recording, in bytes.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

/// A request and its response, as a line of a recording.
#[derive(Serialize, Deserialize)]
struct Exchange {
    method: String,
    /// Path and query, without the base URL, so that a recording can be replayed for any base URL.
    target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request_body: Option<String>,
    status: u16,
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The body, if it is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

/// Records the requests and responses of a client, for a [`Replayer`].
///
/// Secrets are redacted: the client's credentials, response headers that are not known to be harmless, and strings in
/// JSON, forms and queries whose names suggest a password, a token or a key. Everything else is recorded, including
/// personal data: review the file before you share it. On Unix, only its owner can read and write it. A call whose
/// response is a stream fails, since it cannot be recorded.
///
/// ```no_run
/// # extern crate specmill_transport as specmill_client;
/// use specmill_client::middleware::Recorder;
///
/// # struct Settings;
/// # impl Settings {
/// #     fn middleware(self, _: impl specmill_client::middleware::Middleware) -> Self { self }
/// # }
/// # fn settings(settings: Settings) -> Result<Settings, specmill_client::Error> {
/// Ok(settings.middleware(Recorder::create("tests/recordings/users.jsonl")?))
/// # }
/// ```
pub struct Recorder {
    file: Mutex<File>,
}

impl Recorder {
    /// Creates a file, and records a line of JSON for each attempt with a response.
    ///
    /// # Errors
    /// The file exists already, or cannot be created.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            Error::configuration(format!(
                "the recording {} cannot be made: {error}",
                path.display()
            ))
        })?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    fn write(&self, exchange: &Exchange) -> Result<(), Error> {
        let mut line = serde_json::to_vec(exchange).map_err(Error::middleware)?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&line)
            .map_err(|error| Error::middleware(format!("the recording cannot be written: {error}")))
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recorder(..)")
    }
}

impl Middleware for Recorder {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        let key = RequestKey::of(&request);
        let response = next.run(request).await?;
        let headers = response
            .headers()
            .iter()
            .filter(|(name, _)| is_recorded(name));
        let headers = headers.filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        });
        if response.is_streamed() {
            return Err(Error::middleware(
                "a response that is read as a stream cannot be recorded",
            ));
        }
        let body = response.redacted_body();
        let text = match redacted_json(&body) {
            Some(document) => Some(document.to_string()),
            None => std::str::from_utf8(&body).ok().map(str::to_owned),
        };
        self.write(&Exchange {
            method: key.method,
            target: key.target,
            request_body: key.body,
            status: response.status().as_u16(),
            headers: headers.collect(),
            body_base64: text.is_none().then(|| STANDARD.encode(&body)),
            body: text,
        })?;
        Ok(response)
    }
}

/// Whether a header is recorded: it is public, and does not describe the connection or the encoding of the body.
fn is_recorded(name: &HeaderName) -> bool {
    const CONNECTION_HEADERS: [HeaderName; 4] = [
        CONNECTION,
        CONTENT_ENCODING,
        CONTENT_LENGTH,
        TRANSFER_ENCODING,
    ];
    is_public_header(name) && !CONNECTION_HEADERS.contains(name)
}

/// The parts of a request by which its exchange is found.
#[derive(PartialEq)]
struct RequestKey {
    method: String,
    target: String,
    body: Option<String>,
}

impl RequestKey {
    fn of(request: &Request) -> Self {
        let url = redacted_url(request.url());
        let target = match Url::parse(&url) {
            Ok(url) => match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_owned(),
            },
            Err(_) => url,
        };
        let content_type = request.headers().get(http::header::CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Self {
            method: request.method().to_string(),
            target,
            body: request.body().map(|body| {
                redacted_text(content_type, body).unwrap_or_else(|| STANDARD.encode(body))
            }),
        }
    }
}

/// Responds from the recording of a [`Recorder`], and sends nothing.
///
/// A request gets the response of the first unused exchange with the same method, path, query and body. If there is
/// none, the call fails with an [`Error::middleware`].
pub struct Replayer {
    exchanges: Mutex<Vec<Exchange>>,
}

impl Replayer {
    /// Reads a recording.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 256 MiB, or is not a recording.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let refuse = |problem: String| {
            Error::configuration(format!("the recording {}: {problem}", path.display()))
        };
        let file = File::open(path).map_err(|error| refuse(error.to_string()))?;
        let mut text = String::new();
        let read = file.take(MAX_BYTES + 1).read_to_string(&mut text);
        let read = read.map_err(|error| refuse(error.to_string()))?;
        if u64::try_from(read).unwrap_or(u64::MAX) > MAX_BYTES {
            return Err(refuse(format!("is larger than {MAX_BYTES} bytes")));
        }
        let lines = text.lines().enumerate();
        let exchanges = lines.map(|(index, line)| {
            // serde's message could quote the line.
            serde_json::from_str(line)
                .map_err(|_| refuse(format!("line {} is not an exchange", index + 1)))
        });
        Ok(Self {
            exchanges: Mutex::new(exchanges.collect::<Result<_, _>>()?),
        })
    }

    /// The number of unused exchanges.
    pub fn remaining(&self) -> usize {
        let exchanges = self.exchanges.lock();
        exchanges.unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, key: &RequestKey) -> Option<Exchange> {
        let exchanges = self.exchanges.lock();
        let mut exchanges = exchanges.unwrap_or_else(PoisonError::into_inner);
        let found = exchanges.iter().position(|exchange| {
            exchange.method == key.method
                && exchange.target == key.target
                && exchange.request_body == key.body
        });
        found.map(|index| exchanges.remove(index))
    }
}

impl fmt::Debug for Replayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Replayer")
            .field("remaining", &self.remaining())
            .finish()
    }
}

impl Middleware for Replayer {
    async fn handle(&self, request: Request, _: Next<'_>) -> Result<Response, Error> {
        let key = RequestKey::of(&request);
        let Some(exchange) = self.take(&key) else {
            return Err(Error::middleware(format!(
                "the recording has no response left for {} {}",
                key.method, key.target
            )));
        };
        let wrong = || Error::middleware("the recording contains a response that is not HTTP");
        let status = StatusCode::from_u16(exchange.status)
            .map_err(|_| Error::middleware("the recording contains a status that is not HTTP"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &exchange.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            headers.append(name, HeaderValue::from_str(value).map_err(|_| wrong())?);
        }
        let body = match (exchange.body, exchange.body_base64) {
            (Some(text), _) => Bytes::from(text),
            (None, Some(encoded)) => STANDARD.decode(encoded).map_err(|_| wrong())?.into(),
            (None, None) => Bytes::new(),
        };
        Ok(Response::new(status, headers, body))
    }
}
