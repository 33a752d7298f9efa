//! A call of an operation, for generated code.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
#[cfg(feature = "gzip")]
use http::header::CONTENT_ENCODING;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use specmill_http::body::{BodySource, ByteStream, Head, Incoming};
use specmill_http::decode;
use specmill_http::error::{Error, Kind};
use specmill_http::operation::{Operation, Parameter, ParameterLocation, StreamFlag, Style};
use specmill_http::platform::ResponseBody;
use specmill_http::request::accept::{ANY, JSON, TEXT};
use specmill_http::request::{self, Argument, Arguments, Headers, Prepared};
use specmill_http::response::Response;
use specmill_http::text::{LIMIT as TEXT_LIMIT, one_line};
use specmill_transport::execute::{self, RawResponse};
use specmill_transport::options::{self, CallOptions};

use crate::transport::Transport;

/// A call that is being built.
///
/// If an argument is invalid, sending the call fails with the first such error, and nothing is sent.
#[derive(Clone)]
pub struct Call {
    /// In a box, since a call is moved through every setter of a request and through the futures that send it.
    parts: Box<Parts>,
}

#[derive(Clone)]
struct Parts {
    transport: specmill_transport::Transport,
    operation: &'static Operation,
    options: CallOptions,
    arguments: Arguments,
    body: Option<BodySource>,
    content_type: Option<HeaderValue>,
    /// The link to the requested page.
    link: Option<String>,
    problem: Option<String>,
}

/// Selects a page of a list in a request.
pub(crate) enum PageSelector {
    /// The value of the parameter with this name.
    Argument(&'static str, Argument),
    /// The value of the field of the JSON body at this path.
    BodyField(Vec<String>, String),
    /// The link to the page.
    Link(String),
}

impl Transport {
    /// Starts a call. For generated code.
    pub fn call(&self, operation: &'static Operation, options: CallOptions) -> Call {
        Call::new(self.inner().clone(), operation, options)
    }
}

impl Call {
    pub(crate) fn new(
        transport: specmill_transport::Transport,
        operation: &'static Operation,
        options: CallOptions,
    ) -> Self {
        Self {
            parts: Box::new(Parts {
                transport,
                operation,
                options,
                arguments: Arguments::new(),
                body: None,
                content_type: None,
                link: None,
                problem: None,
            }),
        }
    }

    /// Sets a parameter of the operation's table. `None` is not sent; an empty string is. An empty list, which no
    /// query or header can express, fails the call: without the parameter, the service would not filter at all.
    pub fn parameter<T: Serialize>(mut self, name: &str, value: Result<T, String>) -> Self {
        if let Err(problem) = self.set_parameter(self.parts.operation.parameter(name), name, value)
        {
            self.fail(problem);
        }
        self
    }

    /// Like [`parameter`](Self::parameter), for a name that occurs in several locations.
    pub fn parameter_in<T: Serialize>(
        mut self,
        location: ParameterLocation,
        name: &str,
        value: Result<T, String>,
    ) -> Self {
        let mut all = self.parts.operation.parameters.iter();
        let parameter = all.find(|known| known.location == location && known.name == name);
        if let Err(problem) = self.set_parameter(parameter, name, value) {
            self.fail(problem);
        }
        self
    }

    /// Sets the body, in the encoding of the operation's table. `None` is not sent.
    pub fn body<B: Serialize>(mut self, value: Result<B, String>) -> Self {
        let encoded = match (value, &self.parts.operation.body) {
            (Ok(value), Some(table)) => request::encode_body(table, &value),
            (Ok(_), None) => Err("the operation takes no body".to_owned()),
            (Err(problem), _) => Err(given("the body", &problem)),
        };
        match encoded {
            Ok(bytes) => self.parts.body = bytes.map(BodySource::bytes),
            Err(problem) => self.fail(problem),
        }
        self
    }

    /// Sets the body as bytes, regardless of the encoding of the operation's table.
    pub fn body_bytes(self, value: Result<impl Into<Bytes>, String>) -> Self {
        self.body_source(value.map(BodySource::bytes))
    }

    /// Like [`body_bytes`](Self::body_bytes), from any source.
    pub fn body_source(mut self, value: Result<impl Into<BodySource>, String>) -> Self {
        match value {
            Ok(source) => self.parts.body = Some(source.into()),
            Err(problem) => self.fail(given("the body", &problem)),
        }
        self
    }

    /// Like [`body_bytes`](Self::body_bytes), for an optional body.
    pub fn optional_body_bytes(self, value: Result<Option<impl Into<Bytes>>, String>) -> Self {
        match value {
            Ok(None) => self,
            Ok(Some(bytes)) => self.body_bytes(Ok(bytes)),
            Err(problem) => self.body_bytes(Err::<Bytes, _>(problem)),
        }
    }

    /// Like [`optional_body_bytes`](Self::optional_body_bytes), with the content type of the bytes: that of a
    /// `multipart` body contains the boundary of its parts.
    pub fn body_of_type(
        mut self,
        value: Result<Option<(String, impl Into<BodySource>)>, String>,
    ) -> Self {
        let (content_type, source) = match value {
            Ok(None) => return self,
            Ok(Some(given)) => given,
            Err(problem) => return self.body_bytes(Err::<Bytes, _>(problem)),
        };
        let table = self
            .parts
            .operation
            .body
            .map_or("", |body| body.content_type);
        match HeaderValue::from_str(&content_type) {
            Ok(header) if is_of_type(&content_type, table) => {
                self.parts.content_type = Some(header);
            }
            _ => self.fail(format!("the content type of the body must be {table}")),
        }
        self.body_source(Ok(source))
    }

    /// Sets timeouts, retries and headers of this call.
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.parts.options = options;
        self
    }

    /// The client of the call.
    #[cfg(feature = "dynamic")]
    pub(crate) fn transport(&self) -> &specmill_transport::Transport {
        &self.parts.transport
    }

    /// The operation of the call.
    pub fn operation(&self) -> &'static Operation {
        self.parts.operation
    }

    fn set_parameter<T: Serialize>(
        &mut self,
        parameter: Option<&'static Parameter>,
        name: &str,
        value: Result<T, String>,
    ) -> Result<(), String> {
        let parameter =
            parameter.ok_or_else(|| format!("the operation has no parameter {name}"))?;
        let what = || format!("the {} parameter {name}", parameter.location);
        let value = value.map_err(|problem| given(&what(), &problem))?;
        let value = match parameter.style {
            Style::Json => Argument::of_json(&value),
            _ => Argument::of(&value),
        };
        let value = value.map_err(|_| format!("{} cannot be written", what()))?;
        self.parts
            .arguments
            .retain(|(known, _)| !std::ptr::eq(*known, parameter));
        if value == Argument::Null {
            return Ok(());
        }
        request::check_bounds(parameter, &value)?;
        if let Some(problem) = request::lost(parameter, &value) {
            return Err(format!(
                "{} {problem}, which cannot be sent: do not set it to send none",
                what()
            ));
        }
        self.parts.arguments.push((parameter, value));
        Ok(())
    }

    /// Changes the page that the call requests. A call that is already invalid is unchanged.
    ///
    /// # Errors
    /// The page cannot be requested.
    pub(crate) fn select_page(&mut self, page: PageSelector) -> Result<(), String> {
        if self.parts.problem.is_some() {
            return Ok(());
        }
        match page {
            PageSelector::Argument(name, value) => {
                let parameter = self.parts.operation.parameter(name);
                let parameter =
                    parameter.ok_or_else(|| format!("the operation has no parameter {name}"))?;
                request::check_bounds(parameter, &value)?;
                let arguments = &mut self.parts.arguments;
                arguments.retain(|(known, _)| known.name != name);
                arguments.push((parameter, value));
            }
            PageSelector::BodyField(path, value) => {
                let object = match (&self.parts.body, self.json_body()) {
                    (Some(_), None) => return Err("the body is a stream".to_owned()),
                    (_, body) => body.map_or(&b"{}"[..], |body| &body[..]),
                };
                let changed = request::with_field(object, &path, value)?;
                self.parts.body = Some(BodySource::bytes(changed));
            }
            PageSelector::Link(link) => self.parts.link = Some(link),
        }
        Ok(())
    }

    /// The body, unless it is a stream.
    pub(crate) fn json_body(&self) -> Option<&Bytes> {
        self.parts.body.as_ref().and_then(BodySource::as_bytes)
    }

    pub(crate) fn fail(&mut self, problem: String) {
        self.parts.problem.get_or_insert(problem);
    }

    /// The value of a parameter.
    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        self.parts
            .arguments
            .iter()
            .find(|(parameter, _)| parameter.name == name)
            .map(|(_, value)| value)
    }

    /// Sends the call and returns the JSON body of a 2xx response.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        let operation = self.parts.operation;
        let response = self.execute(JSON).await?;
        match decode::json_or_empty(&response.body) {
            Ok(value) => Ok(value),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }

    /// Sends the call and ignores the body of a 2xx response.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_empty(self) -> Result<(), Error> {
        self.execute(ANY).await.map(drop)
    }

    /// Like [`send_empty`](Self::send_empty), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_empty_response(self) -> Result<Response<()>, Error> {
        Ok(with_body(self.execute(ANY).await?, |_| ()))
    }

    /// Like [`send_bytes`](Self::send_bytes), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_bytes_response(self) -> Result<Response<Bytes>, Error> {
        Ok(with_body(self.execute(ANY).await?, |bytes| bytes))
    }

    /// Sends the call and returns the body of a 2xx response as a stream of bytes.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_byte_stream(self) -> Result<ByteStream, Error> {
        self.send_byte_stream_response()
            .await
            .map(Response::into_body)
    }

    /// Like [`send_byte_stream`](Self::send_byte_stream), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_byte_stream_response(self) -> Result<Response<ByteStream>, Error> {
        let prepared = self.prepared()?;
        let response = self.open(&prepared).await?;
        let head = Response::new(
            response.status,
            response.headers.clone(),
            response.attempts,
            (),
        );
        Ok(head.map(|()| self.byte_stream(response)))
    }

    /// The request of the call, for a response of any type.
    pub(crate) fn prepared(&self) -> Result<Prepared, Error> {
        self.prepared_for(ANY)
    }

    /// The request of the call, for a response with certain media types.
    pub(crate) fn prepared_for(&self, accept: &'static str) -> Result<Prepared, Error> {
        self.prepare(accept)
            .map_err(|problem| Error::invalid_request(self.parts.operation, problem))
    }

    /// Sends a request of the call, and returns when the head of the response has arrived.
    pub(crate) async fn open(
        &self,
        prepared: &Prepared,
    ) -> Result<RawResponse<ResponseBody>, Error> {
        execute::run::<execute::Head>(
            &self.parts.transport,
            self.parts.operation,
            prepared,
            &self.parts.options,
        )
        .await
    }

    /// The body of a response to the call.
    pub(crate) fn incoming(&self, response: RawResponse<ResponseBody>) -> Incoming {
        let shared = self.parts.transport.shared();
        let head = Head {
            operation: self.parts.operation,
            status: response.status,
            headers: response.headers,
            redactor: response.redactor,
            attempts: response.attempts,
            start: response.start,
            clock: shared.clock.clone(),
        };
        let idle = self
            .parts
            .options
            .idle_timeout
            .unwrap_or(shared.idle_timeout);
        Incoming::new(response.body, head, idle)
    }

    /// The body of a response to the call, as a stream for the caller.
    pub(crate) fn byte_stream(&self, response: RawResponse<ResponseBody>) -> ByteStream {
        ByteStream::new(self.incoming(response), self.max_response_bytes())
    }

    /// The maximum size of a body that is read into memory, in bytes.
    pub(crate) fn max_response_bytes(&self) -> u64 {
        self.parts.transport.shared().max_response_bytes
    }

    /// The delay after a number of consecutive failures, if the retry policy has attempts left and the error is
    /// transient.
    pub(crate) fn delay_before(&self, failures: u32, error: Option<&Error>) -> Option<Duration> {
        let shared = self.parts.transport.shared();
        let policy = self.parts.options.retry.as_ref().unwrap_or(&shared.retry);
        let may_help = error.is_none_or(|error| {
            !error.is_permanent() && (error.is_retryable() || policy.is_transient(error))
        });
        let wait = error.and_then(Error::retry_after);
        (may_help && policy.has_attempts_after(failures))
            .then(|| policy.delay(failures, shared.clock.random(), wait))
    }

    /// Like [`delay_before`](Self::delay_before), if the operation may be sent twice.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn delay_before_repeating(&self, failures: u32, error: &Error) -> Option<Duration> {
        let shared = self.parts.transport.shared();
        let policy = self.parts.options.retry.as_ref().unwrap_or(&shared.retry);
        let idempotent = options::is_idempotent(self.parts.operation, &self.parts.options);
        let allowed = policy.allows(&self.parts.operation.method, idempotent, error, failures)
            && self
                .parts
                .body
                .as_ref()
                .is_none_or(BodySource::can_be_opened);
        allowed.then(|| self.delay_before(failures, Some(error)))?
    }

    pub(crate) async fn sleep(&self, delay: Duration) {
        self.parts.transport.shared().clock.sleep(delay).await;
    }

    /// Sends the call and returns the JSON body of a 2xx response, or `None` if it has none.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_optional<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        let operation = self.parts.operation;
        let response = self.execute(JSON).await?;
        if decode::is_blank(&response.body) {
            Ok(None)
        } else {
            decoded(operation, response).map(|response| Some(response.into_body()))
        }
    }

    /// Sends the call and returns the body of any 2xx response unchanged.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_bytes(self) -> Result<Bytes, Error> {
        self.execute(ANY).await.map(|response| response.body)
    }

    /// Sends the call and returns the body of a 2xx response as a string.
    ///
    /// # Errors
    /// In addition to those of every call: the body is not UTF-8.
    pub async fn send_text(self) -> Result<String, Error> {
        self.send_text_response().await.map(Response::into_body)
    }

    /// Like [`send_text`](Self::send_text), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_text_response(self) -> Result<Response<String>, Error> {
        let operation = self.parts.operation;
        let response = self.execute(TEXT).await?;
        match decode::text(&response.body).map(str::to_owned) {
            Ok(text) => Ok(with_body(response, |_| text)),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }

    /// Sends the call and returns the decoded body with the status and the headers.
    ///
    /// If the operation may succeed without a body, `T` is an `Option`.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_response<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let operation = self.parts.operation;
        let response = self.execute(JSON).await?;
        decoded(operation, response)
    }

    /// Sends the call and reads the whole response.
    pub(crate) async fn execute(&self, accept: &'static str) -> Result<RawResponse, Error> {
        let prepared = self.prepared_for(accept)?;
        let mut response = execute::run::<execute::Whole>(
            &self.parts.transport,
            self.parts.operation,
            &prepared,
            &self.parts.options,
        )
        .await?;
        if accept != ANY {
            response.body = decode::to_utf8(&response.headers, response.body);
        }
        Ok(response)
    }

    /// The arguments and the body, with the flag that selects a stream or JSON.
    fn for_stream(
        &self,
        accept: &'static str,
    ) -> Result<(Cow<'_, Arguments>, Option<BodySource>), String> {
        let flag = self.parts.operation.stream_flag.filter(|_| accept != ANY);
        let wanted = !matches!(accept, JSON | TEXT);
        let mut arguments = Cow::Borrowed(&self.parts.arguments);
        let mut body = self.parts.body.clone();
        match flag {
            None => {}
            Some(StreamFlag::Query(name)) => {
                if let Some(parameter) = self.parts.operation.parameter(name) {
                    let arguments = arguments.to_mut();
                    arguments.retain(|(known, _)| !std::ptr::eq(*known, parameter));
                    arguments.push((parameter, Argument::Bool(wanted)));
                }
            }
            Some(StreamFlag::Body(name)) => {
                let bytes = body.as_ref().and_then(BodySource::as_bytes);
                // Only a response that has no body can be decoded without one.
                if wanted || bytes.is_some() {
                    let object = bytes.map_or(&b"{}"[..], |bytes| &bytes[..]);
                    let changed = request::with_field(object, &[name], wanted)?;
                    body = Some(BodySource::bytes(changed));
                }
            }
        }
        Ok((arguments, body))
    }

    fn prepare(&self, accept: &'static str) -> Result<Prepared, String> {
        if let Some(problem) = &self.parts.problem {
            return Err(problem.clone());
        }
        let (arguments, body) = self.for_stream(accept)?;
        let shared = self.parts.transport.shared();
        // Each overrides those before it: the client's headers, the operation's, the call's options.
        let mut headers = Headers::of(&shared.headers);
        if self.parts.operation.authenticated {
            headers.extend(&shared.fixed_headers);
        }
        // The media type that the operation declares, unless the call requests another kind of response.
        let accept = match self.parts.operation.accept {
            Some(declared) if [JSON, TEXT, ANY].contains(&accept) => declared,
            _ => accept,
        };
        let mut prepared = request::prepare(
            self.parts.operation,
            self.parts.transport.base_of(self.parts.operation)?,
            headers,
            &arguments,
            body,
            accept,
        )?;
        #[cfg(feature = "gzip")]
        if self.parts.options.gzip_body
            && let Some(body) = prepared.body.take()
        {
            let coding = HeaderValue::from_static("gzip");
            prepared.headers.insert(CONTENT_ENCODING, coding);
            prepared.body = Some(body.gzipped()?);
        }
        if let Some(link) = &self.parts.link {
            // Credentials in the query are added to every request again.
            let authentication = self.parts.transport.authentication();
            let credentials: Vec<&str> = authentication
                .query()
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            let base = self.parts.transport.base_of(self.parts.operation)?;
            request::follow(&mut prepared.url, base, link, &credentials)?;
        }
        if let Some(content_type) = &self.parts.content_type {
            prepared.headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if !self.parts.options.headers.is_empty() {
            let mut own = self.parts.transport.authentication().header_names();
            own.extend(shared.fixed_headers.keys().map(HeaderName::as_str));
            let mut headers = HeaderMap::new();
            self.parts.options.headers.add_to(&mut headers, &own)?;
            prepared.headers.extend(&headers);
        }
        options::add_key(
            self.parts.operation,
            &self.parts.options,
            &mut prepared.headers,
        )?;
        Ok(prepared)
    }
}

/// Describes an invalid argument of a generated builder.
fn given(what: &str, problem: &str) -> String {
    format!(
        "{what}: {}",
        one_line(problem, TEXT_LIMIT).unwrap_or_else(|| "not given".to_owned())
    )
}

/// A response with another body.
pub(crate) fn with_body<T>(response: RawResponse, body: impl FnOnce(Bytes) -> T) -> Response<T> {
    Response::new(
        response.status,
        response.headers,
        response.attempts,
        body(response.body),
    )
}

/// Whether a content type matches the media type or media range of the table.
fn is_of_type(content_type: &str, table: &str) -> bool {
    let essence = |text: &str| {
        let text = text.split(';').next().unwrap_or_default().trim();
        text.to_ascii_lowercase()
    };
    let (given, wanted) = (essence(content_type), essence(table));
    match wanted.split_once('*') {
        Some((start, _)) => given.contains('/') && given.starts_with(start),
        None => given == wanted,
    }
}

fn decoded<T: DeserializeOwned>(
    operation: &'static Operation,
    response: RawResponse,
) -> Result<Response<T>, Error> {
    match decode::json_or_empty(&response.body) {
        Ok(value) => Ok(Response::new(
            response.status,
            response.headers,
            response.attempts,
            value,
        )),
        Err(problem) => Err(undecoded(operation, response, problem)),
    }
}

/// The error of a response that does not have the expected type.
pub(crate) fn undecoded(
    operation: &'static Operation,
    response: RawResponse,
    problem: String,
) -> Error {
    response.into_error(operation, Kind::Decode(problem))
}

impl std::fmt::Debug for Call {
    // Arguments may be personal data.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Call")
            .field("operation", &format_args!("{}", self.parts.operation))
            .field(
                "parameters",
                &self
                    .parts
                    .arguments
                    .iter()
                    .map(|(parameter, _)| parameter.name)
                    .collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
