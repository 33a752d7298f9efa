//! One call of an operation, as generated code writes it.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::declare::ByStatus;
use crate::decode;
#[cfg(feature = "dynamic")]
use crate::dynamic::Preview;
use crate::error::{Error, Kind, TEXT_LIMIT, one_line};
use crate::execute::{self, Answer};
use crate::operation::{Operation, Parameter, ParameterLocation, Style};
use crate::options::CallOptions;
use crate::paging::{Contents, Page};
use crate::request::{self, Argument, Arguments, Headers, Prepared};
use crate::response::Response;
use crate::retry;
use crate::transport::Transport;

/// A call that is being put together.
///
/// The first argument that cannot be sent fails the call when it is sent; nothing goes out then.
#[derive(Clone)]
pub struct Call {
    transport: Transport,
    operation: &'static Operation,
    options: CallOptions,
    arguments: Arguments,
    body: Option<Bytes>,
    content_type: Option<HeaderValue>,
    /// The link to the page that is requested.
    link: Option<String>,
    problem: Option<String>,
}

impl Call {
    pub(crate) fn new(
        transport: Transport,
        operation: &'static Operation,
        options: CallOptions,
    ) -> Self {
        Self {
            transport,
            operation,
            options,
            arguments: Arguments::new(),
            body: None,
            content_type: None,
            link: None,
            problem: None,
        }
    }

    /// Sets a parameter that is in the operation's table. `None` is not sent; an empty string is. An empty list, which
    /// no query or header can hold, fails the call: left out, it would be taken for no filter at all.
    pub fn parameter<T: Serialize>(mut self, name: &str, value: Result<T, String>) -> Self {
        if let Err(problem) = self.set_parameter(self.operation.parameter(name), name, value) {
            self.fail(problem);
        }
        self
    }

    /// As [`parameter`](Self::parameter), where parameters in several locations have the name.
    pub fn parameter_in<T: Serialize>(
        mut self,
        location: ParameterLocation,
        name: &str,
        value: Result<T, String>,
    ) -> Self {
        let mut all = self.operation.parameters.iter();
        let parameter = all.find(|known| known.location == location && known.name == name);
        if let Err(problem) = self.set_parameter(parameter, name, value) {
            self.fail(problem);
        }
        self
    }

    /// Sets the body, in the encoding of the operation's table. `None` is not sent.
    pub fn body<B: Serialize>(mut self, value: Result<B, String>) -> Self {
        let encoded = match (value, &self.operation.body) {
            (Ok(value), Some(table)) => request::encode_body(table, &value),
            (Ok(_), None) => Err("the operation takes no body".to_owned()),
            (Err(problem), _) => Err(given("the body", &problem)),
        };
        match encoded {
            Ok(bytes) => self.body = bytes,
            Err(problem) => self.fail(problem),
        }
        self
    }

    /// Sets the body as bytes, whatever the encoding of the operation's table.
    pub fn body_bytes(mut self, value: Result<impl Into<Bytes>, String>) -> Self {
        match value {
            Ok(bytes) => self.body = Some(bytes.into()),
            Err(problem) => self.fail(given("the body", &problem)),
        }
        self
    }

    /// As [`body_bytes`](Self::body_bytes), where the body may be left out.
    pub fn optional_body_bytes(self, value: Result<Option<impl Into<Bytes>>, String>) -> Self {
        match value {
            Ok(None) => self,
            Ok(Some(bytes)) => self.body_bytes(Ok(bytes)),
            Err(problem) => self.body_bytes(Err::<Bytes, _>(problem)),
        }
    }

    /// As [`optional_body_bytes`](Self::optional_body_bytes), with the content type that the bytes are of:
    /// that of a `multipart` body holds the boundary of its parts.
    pub fn body_of_type(mut self, value: Result<Option<(String, Bytes)>, String>) -> Self {
        let (content_type, bytes) = match value {
            Ok(None) => return self,
            Ok(Some(given)) => given,
            Err(problem) => return self.body_bytes(Err::<Bytes, _>(problem)),
        };
        let table = self.operation.body.map_or("", |body| body.content_type);
        match HeaderValue::from_str(&content_type) {
            Ok(header) if is_of_type(&content_type, table) => self.content_type = Some(header),
            _ => self.fail(format!("the content type of the body must be {table}")),
        }
        self.body_bytes(Ok(bytes))
    }

    /// Timeouts, retries and headers of this call alone.
    pub fn with_options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
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
        self.arguments
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
        self.arguments.push((parameter, value));
        Ok(())
    }

    /// The same call with one more argument, or another one.
    pub(crate) fn with_argument(&self, name: &str, value: Argument) -> Self {
        let mut arguments = Arguments::with_capacity(self.arguments.len() + 1);
        let others = self
            .arguments
            .iter()
            .filter(|(known, _)| known.name != name);
        arguments.extend(others.cloned());
        let mut call = Self {
            transport: self.transport.clone(),
            operation: self.operation,
            options: self.options.clone(),
            arguments,
            body: self.body.clone(),
            content_type: self.content_type.clone(),
            link: self.link.clone(),
            problem: self.problem.clone(),
        };
        match self.operation.parameter(name) {
            Some(parameter) => match request::check_bounds(parameter, &value) {
                Ok(()) => call.arguments.push((parameter, value)),
                Err(problem) => call.fail(problem),
            },
            None => call.fail(format!("the operation has no parameter {name}")),
        }
        call
    }

    /// The same call for the page that a link of the service leads to.
    pub(crate) fn with_link(&self, link: String) -> Self {
        Self {
            link: Some(link),
            ..self.clone()
        }
    }

    pub(crate) fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    /// The value of a parameter as it stands.
    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments
            .iter()
            .find(|(parameter, _)| parameter.name == name)
            .map(|(_, value)| value)
    }

    /// Sends the call; any 2xx with a JSON body of this form is a success.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send_response().await.map(Response::into_body)
    }

    /// Sends the call; any 2xx is a success, and its body is not looked at.
    pub async fn send_empty(self) -> Result<(), Error> {
        self.execute(ANY).await.map(drop)
    }

    /// As [`send_empty`](Self::send_empty), with the status and headers that came.
    pub async fn send_empty_response(self) -> Result<Response<()>, Error> {
        Ok(with_body(self.execute(ANY).await?, |_| ()))
    }

    /// As [`send_bytes`](Self::send_bytes), with the status and headers that came.
    pub async fn send_bytes_response(self) -> Result<Response<Bytes>, Error> {
        Ok(with_body(self.execute(ANY).await?, |bytes| bytes))
    }

    /// Sends the call; a 2xx without a body is `None`.
    pub async fn send_optional<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        let operation = self.operation;
        let answer = self.execute(JSON).await?;
        if is_blank(&answer.body) {
            Ok(None)
        } else {
            decoded(operation, answer).map(|answer| Some(answer.into_body()))
        }
    }

    /// Sends the call; the body of any 2xx as it came.
    pub async fn send_bytes(self) -> Result<Bytes, Error> {
        self.execute(ANY).await.map(|answer| answer.body)
    }

    /// Sends the call; the body of any 2xx as text.
    ///
    /// # Errors
    /// Besides those of every call: the body is not UTF-8.
    pub async fn send_text(self) -> Result<String, Error> {
        self.send_text_response().await.map(Response::into_body)
    }

    /// As [`send_text`](Self::send_text), with the status and headers that came.
    pub async fn send_text_response(self) -> Result<Response<String>, Error> {
        let operation = self.operation;
        let answer = self.execute(TEXT).await?;
        match decode::text(&answer.body).map(str::to_owned) {
            Ok(text) => Ok(with_body(answer, |_| text)),
            Err(problem) => Err(undecoded(operation, answer, problem)),
        }
    }

    /// Sends the call; the decoded body with the status and headers it came with.
    ///
    /// Where an operation may succeed without a body, `T` is an `Option`.
    pub async fn send_response<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let operation = self.operation;
        let answer = self.execute(JSON).await?;
        decoded(operation, answer)
    }

    /// Sends the call; the status of a 2xx says what its body is.
    pub async fn send_by_status<T: ByStatus>(self) -> Result<T, Error> {
        self.send_by_status_response()
            .await
            .map(Response::into_body)
    }

    /// As [`send_by_status`](Self::send_by_status), with the status and headers that came.
    pub async fn send_by_status_response<T: ByStatus>(self) -> Result<Response<T>, Error> {
        let operation = self.operation;
        let answer = self.execute(JSON).await?;
        match T::read(answer.status.as_u16(), &answer.body) {
            Ok(value) => Ok(with_body(answer, |_| value)),
            Err(problem) => Err(undecoded(operation, answer, problem)),
        }
    }

    /// A page of a listing.
    #[cfg(feature = "dynamic")]
    pub(crate) async fn send_page<P: Page>(self) -> Result<P, Error> {
        let operation = self.operation;
        let answer = self.execute(JSON).await?;
        match read::<P>(&answer.body).and_then(|page| page.of(operation)) {
            Ok(page) => Ok(page),
            Err(problem) => Err(undecoded(operation, answer, problem)),
        }
    }

    /// As [`send_page`](Self::send_page), with what the answer holds whatever its type.
    pub(crate) async fn send_page_with_contents<P: Page>(self) -> Result<(P, Contents), Error> {
        let operation = self.operation;
        let answer = self.execute(JSON).await?;
        let page = Contents::with_page::<P>(&answer.body).map_or_else(
            || read::<P>(&answer.body).map(|page| (page, Contents::of(&answer.body))),
            Ok,
        );
        match page.and_then(|(page, contents)| Ok((page.of(operation)?, contents))) {
            Ok((page, contents)) => Ok((page, contents.with_headers(&answer.headers))),
            Err(problem) => Err(undecoded(operation, answer, problem)),
        }
    }

    /// What would be sent now, credentials masked.
    #[cfg(feature = "dynamic")]
    pub(crate) fn preview(&self, accept: &'static str) -> Result<Preview, Error> {
        let prepared = self
            .prepare(accept)
            .map_err(|problem| Error::invalid_request(self.operation, problem))?;
        Preview::of(&self.transport, self.operation, prepared)
    }

    async fn execute(self, accept: &'static str) -> Result<Answer, Error> {
        let prepared = self
            .prepare(accept)
            .map_err(|problem| Error::invalid_request(self.operation, problem))?;
        let mut answer =
            execute::run(&self.transport, self.operation, &prepared, &self.options).await?;
        if accept != ANY {
            answer.body = decode::to_utf8(&answer.headers, answer.body);
        }
        Ok(answer)
    }

    fn prepare(&self, accept: &'static str) -> Result<Prepared, String> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let shared = self.transport.shared();
        // Set later, and so stronger: the client's own, what the operation's table says, the call's options.
        let mut headers = Headers::of(&shared.headers);
        if self.operation.authenticated {
            headers.extend(&shared.fixed_headers);
        }
        // What the operation declares, unless a kind of response of its own is asked for.
        let accept = match self.operation.accept {
            Some(declared) if [JSON, TEXT, ANY].contains(&accept) => declared,
            _ => accept,
        };
        let mut prepared = request::prepare(
            self.operation,
            self.transport.base_of(self.operation)?,
            headers,
            &self.arguments,
            self.body.clone(),
            accept,
        )?;
        if let Some(link) = &self.link {
            // The credentials that a query holds are added to every request anew.
            let authentication = self.transport.authentication();
            let credentials: Vec<&str> = authentication
                .query()
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            let base = self.transport.base_of(self.operation)?;
            request::follow(&mut prepared.url, base, link, &credentials)?;
        }
        if let Some(content_type) = &self.content_type {
            prepared.headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if !self.options.headers.is_empty() {
            let mut own = self.transport.authentication().header_names();
            own.extend(shared.fixed_headers.keys().map(HeaderName::as_str));
            let mut headers = HeaderMap::new();
            self.options.headers.add_to(&mut headers, &own)?;
            prepared.headers.extend(&headers);
        }
        retry::add_key(self.operation, &self.options, &mut prepared.headers)?;
        Ok(prepared)
    }
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const TEXT: &str = "text/plain, */*;q=0.5";
pub(crate) const ANY: &str = "*/*";

/// A generated builder's complaint about an argument.
fn given(what: &str, problem: &str) -> String {
    format!(
        "{what}: {}",
        one_line(problem, TEXT_LIMIT).unwrap_or_else(|| "not given".to_owned())
    )
}

fn with_body<T>(answer: Answer, body: impl FnOnce(Bytes) -> T) -> Response<T> {
    Response::new(
        answer.status,
        answer.headers,
        answer.attempts,
        body(answer.body),
    )
}

/// Whether a content type is of the media type, or of the range of media types, that the table gives.
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

fn is_blank(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_whitespace)
}

/// A success without a body is read as `null`, which types that allow for it take.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    match decode::json(body) {
        Err(problem) if is_blank(body) => decode::json(b"null").map_err(|_| problem),
        value => value,
    }
}

fn decoded<T: DeserializeOwned>(
    operation: &'static Operation,
    answer: Answer,
) -> Result<Response<T>, Error> {
    match read(&answer.body) {
        Ok(value) => Ok(Response::new(
            answer.status,
            answer.headers,
            answer.attempts,
            value,
        )),
        Err(problem) => Err(undecoded(operation, answer, problem)),
    }
}

fn undecoded(operation: &'static Operation, answer: Answer, problem: String) -> Error {
    answer.into_error(operation, Kind::Decode(problem))
}

impl std::fmt::Debug for Call {
    // Arguments can be anybody's data.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Call")
            .field("operation", &format_args!("{}", self.operation))
            .field(
                "parameters",
                &self
                    .arguments
                    .iter()
                    .map(|(parameter, _)| parameter.name)
                    .collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
