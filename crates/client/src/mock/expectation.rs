use std::fmt::Display;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wiremock::ResponseTemplate;

use super::operation::MockOperation;
use super::parts;
use super::received::{ReceivedRequest, value};
use super::server::State;
use crate::error::Error;
use crate::multipart::PartKind;
use crate::operation::ParameterLocation;

/// What a test expects of one operation, and the response that it is given: a `T`, a stream of `S`, or a failure.
///
/// Without conditions it is of any request of the operation. It holds for one request unless
/// [`times`](Self::times) says otherwise; of several that match, the one that was made first comes first.
#[must_use = "nothing is expected before `respond`"]
pub struct Expectation<'a, T, S = NotStreamed> {
    state: &'a State,
    mock: &'static MockOperation,
    conditions: Vec<Condition>,
    times: u64,
    delay: Option<Duration>,
    headers: Vec<(String, String)>,
    response: PhantomData<fn() -> (T, S)>,
}

enum Condition {
    Parameter(ParameterLocation, &'static str, String),
    Body(Value),
    Part(String, PartKind, Vec<u8>),
    /// The document has no such parameter or part.
    Unknown(String),
}

impl<'a, T, S> Expectation<'a, T, S> {
    pub(super) fn new(state: &'a State, mock: &'static MockOperation) -> Self {
        Self {
            state,
            mock,
            conditions: Vec::new(),
            times: 1,
            delay: None,
            headers: Vec::new(),
            response: PhantomData,
        }
    }

    /// Only of requests that carry this value in a parameter, by its name in the document.
    pub fn parameter(mut self, name: &str, value: impl Display) -> Self {
        let mut parameters = (self.mock.operation)().parameters.iter();
        let condition = match parameters.find(|known| known.name == name) {
            Some(known) => Condition::Parameter(known.location, known.name, value.to_string()),
            None => Condition::Unknown(format!("parameter `{name}`")),
        };
        self.conditions.push(condition);
        self
    }

    /// Only of requests whose multipart form has a part of this name, by its name in the document, with this content. JSON
    /// is compared by its value.
    pub fn part(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let declared = self.mock.form.unwrap_or_default();
        let condition = match parts::declaration(declared, name) {
            Some(known) => {
                let content = content.as_ref().to_vec();
                Condition::Part(name.to_owned(), known.kind, content)
            }
            None => Condition::Unknown(format!("part `{name}`")),
        };
        self.conditions.push(condition);
        self
    }

    /// Only of requests whose body is this JSON.
    ///
    /// # Panics
    /// The value is not JSON.
    pub fn body(mut self, value: &impl Serialize) -> Self {
        self.conditions.push(Condition::Body(json(value)));
        self
    }

    /// How many requests are expected: 1. No request at all with 0.
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// Responds after this time.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// A header of the response.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The response that is made from the document, to be changed and given to [`respond`](Self::respond).
    ///
    /// # Errors
    /// The type holds more than a sample can be made of.
    pub fn sample(&self) -> Result<T, Error>
    where
        T: DeserializeOwned,
    {
        crate::decode::json(self.mock.body.as_bytes())
            .map_err(|problem| Error::configuration(format!("the sample response: {problem}")))
    }

    /// The requests of the operation that came, in their order.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        let id = (self.mock.operation)().id;
        let mut requests = self.state.seen().requests.clone();
        requests.retain(|request| request.operation == id);
        requests
    }

    /// Responds with a value, and the status that the document gives a success.
    ///
    /// # Panics
    /// The value is not JSON.
    pub fn respond(self, value: &T)
    where
        T: Serialize,
    {
        let template = ResponseTemplate::new(self.mock.status).set_body_json(json(value));
        self.register(template);
    }

    /// A value of the stream that is made from the document, to be changed and given to
    /// [`respond_stream`](Self::respond_stream).
    ///
    /// # Errors
    /// The operation has no stream, or its type holds more than a sample can be made of.
    pub fn stream_sample(&self) -> Result<S, Error>
    where
        S: DeserializeOwned,
    {
        let item = self.mock.stream.map_or("", |stream| stream.item);
        crate::decode::json(item.as_bytes())
            .map_err(|problem| Error::configuration(format!("the sample of the stream: {problem}")))
    }

    /// Responds with a stream of values, which ends after the last.
    ///
    /// # Panics
    /// A value is not JSON.
    pub fn respond_stream(self, values: &[S])
    where
        S: Serialize,
    {
        let Some(stream) = self.mock.stream else {
            let id = (self.mock.operation)().id;
            let problem = format!("{id}: the document has no stream");
            self.state.seen().problems.push(problem);
            return;
        };
        let values: Vec<Value> = values.iter().map(json).collect();
        let template = ResponseTemplate::new(200)
            .set_body_raw(stream.written(&values).to_vec(), stream.content_type);
        self.register(template);
    }

    /// Responds with another status and a JSON body: an error of the service, say.
    ///
    /// # Panics
    /// The body is not JSON.
    pub fn respond_with(self, status: u16, body: &impl Serialize) {
        let template = ResponseTemplate::new(status).set_body_json(json(body));
        self.register(template);
    }

    /// Responds with a status and no body.
    pub fn respond_status(self, status: u16) {
        self.register(ResponseTemplate::new(status));
    }

    /// Responds with bytes of a content type.
    pub fn respond_bytes(self, status: u16, content_type: &str, body: impl Into<Bytes>) {
        let template =
            ResponseTemplate::new(status).set_body_raw(body.into().to_vec(), content_type);
        self.register(template);
    }

    /// Responds with what is made from the document.
    pub fn respond_sample(self) {
        let mut template = ResponseTemplate::new(self.mock.status);
        if !self.mock.content_type.is_empty() {
            template = template.set_body_raw(self.mock.body, self.mock.content_type);
        }
        self.register(template);
    }

    fn register(self, mut template: ResponseTemplate) {
        for (name, value) in &self.headers {
            template = template.insert_header(name.as_str(), value.as_str());
        }
        if let Some(delay) = self.delay {
            template = template.set_delay(delay);
        }
        let mut seen = self.state.seen();
        for condition in &self.conditions {
            if let Condition::Unknown(what) = condition {
                let id = (self.mock.operation)().id;
                seen.problems
                    .push(format!("{id}: the document has no {what}"));
            }
        }
        seen.expected.push(Expected {
            mock: self.mock,
            conditions: self.conditions,
            times: self.times,
            came: 0,
            template,
        });
    }
}

/// What an operation responds with whose response is not JSON: give it with [`Expectation::respond_bytes`].
#[derive(Debug)]
pub enum NotJson {}

#[expect(
    clippy::expect_used,
    reason = "a test that gives what is no JSON fails at that place"
)]
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("the value is JSON")
}

/// What an operation streams that has no stream.
#[derive(Debug)]
pub enum NotStreamed {}

/// An expectation that was made.
pub(super) struct Expected {
    mock: &'static MockOperation,
    conditions: Vec<Condition>,
    times: u64,
    came: u64,
    template: ResponseTemplate,
}

impl Expected {
    pub(super) fn matches(&self, mock: &MockOperation, request: &ReceivedRequest) -> bool {
        // One that is not to come at all is met by none, and told by `unmet`.
        let open = self.came < self.times.max(1);
        open && std::ptr::eq(self.mock, mock)
            && self.conditions.iter().all(|one| one.holds(request))
    }

    pub(super) fn respond(&mut self) -> ResponseTemplate {
        self.came += 1;
        self.template.clone()
    }

    /// Why it is not met.
    pub(super) fn unmet(&self) -> Option<String> {
        (self.came != self.times).then(|| {
            format!(
                "{}: {} of the {} requests that were expected",
                (self.mock.operation)().id,
                self.came,
                self.times
            )
        })
    }
}

impl Condition {
    fn holds(&self, request: &ReceivedRequest) -> bool {
        match self {
            Self::Parameter(location, name, wanted) => {
                let found = match location {
                    ParameterLocation::Path => value(&request.parameters, name),
                    ParameterLocation::Query => value(&request.query, name),
                    ParameterLocation::Header => {
                        let header = request.headers.get(*name);
                        header.and_then(|value| value.to_str().ok())
                    }
                    ParameterLocation::Cookie => {
                        let cookies = request.headers.get(http::header::COOKIE);
                        let cookies = cookies.and_then(|value| value.to_str().ok());
                        let mut pairs = cookies.into_iter().flat_map(|all| all.split("; "));
                        pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
                    }
                };
                found == Some(wanted)
            }
            Self::Body(wanted) => {
                serde_json::from_slice::<Value>(&request.body).is_ok_and(|body| body == *wanted)
            }
            Self::Part(name, kind, wanted) => request.parts().is_ok_and(|parts| {
                let mut named = parts.iter().filter(|part| part.name() == name);
                named.any(|part| is_content(*kind, part.content(), wanted))
            }),
            Self::Unknown(_) => false,
        }
    }
}

/// Whether a part has the content that is wanted.
fn is_content(kind: PartKind, content: &[u8], wanted: &[u8]) -> bool {
    let json = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    content == wanted
        || kind == PartKind::Json && json(wanted).is_some_and(|value| json(content) == Some(value))
}
