use std::fmt::Display;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use specmill_http::error::Error;
use wiremock::ResponseTemplate;

use crate::operation::MockOperation;
use crate::parts;
use crate::received::ReceivedRequest;
use crate::state::{Condition, Expected, State};

/// The requests that a test expects for an operation, and the response to them: a `T`, a stream of `S`, or an error.
///
/// Without conditions, an expectation matches every request of the operation. It applies to one request unless
/// [`times`](Self::times) sets another number. If several match, the oldest applies first.
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

impl<'a, T, S> Expectation<'a, T, S> {
    pub(crate) fn new(state: &'a State, mock: &'static MockOperation) -> Self {
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

    /// Matches only requests with this value of a parameter, by its name in the document.
    pub fn parameter(mut self, name: &str, value: impl Display) -> Self {
        let mut parameters = (self.mock.operation)().parameters.iter();
        let condition = match parameters.find(|known| known.name == name) {
            Some(known) => Condition::Parameter(known.location, known.name, value.to_string()),
            None => Condition::Unknown(format!("parameter `{name}`")),
        };
        self.conditions.push(condition);
        self
    }

    /// Matches only requests whose multipart form has a part with this name in the document and with this content. JSON
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

    /// Matches only requests with this JSON body.
    ///
    /// # Panics
    /// The value cannot be serialized as JSON.
    pub fn body(mut self, value: &impl Serialize) -> Self {
        self.conditions.push(Condition::Body(json(value)));
        self
    }

    /// Sets the number of expected requests. The default is 1. With 0, any request fails the test.
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// Delays the response.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Adds a header to the response.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The sample response that is generated from the document, to change and pass to [`respond`](Self::respond).
    ///
    /// # Errors
    /// The type is too large or too deep for a sample.
    pub fn sample(&self) -> Result<T, Error>
    where
        T: DeserializeOwned,
    {
        specmill_http::decode::json(self.mock.body.as_bytes())
            .map_err(|problem| Error::configuration(format!("the sample response: {problem}")))
    }

    /// The requests of the operation, in the order of arrival.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        let id = (self.mock.operation)().id;
        let mut requests = self.state.seen().requests.clone();
        requests.retain(|request| request.operation == id);
        requests
    }

    /// Responds with a value, and with the success status of the document.
    ///
    /// # Panics
    /// The value cannot be serialized as JSON.
    pub fn respond(self, value: &T)
    where
        T: Serialize,
    {
        let template = ResponseTemplate::new(self.mock.status).set_body_json(json(value));
        self.register(template);
    }

    /// A sample value of the stream, generated from the document, to change and pass to
    /// [`respond_stream`](Self::respond_stream).
    ///
    /// # Errors
    /// The operation has no stream, or its type is too large or too deep for a sample.
    pub fn stream_sample(&self) -> Result<S, Error>
    where
        S: DeserializeOwned,
    {
        let item = self.mock.stream.map_or("", |stream| stream.item);
        specmill_http::decode::json(item.as_bytes())
            .map_err(|problem| Error::configuration(format!("the sample of the stream: {problem}")))
    }

    /// Responds with a stream of values, and closes it after the last.
    ///
    /// # Panics
    /// A value cannot be serialized as JSON.
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

    /// Responds with another status and a JSON body, such as an error of the service.
    ///
    /// # Panics
    /// The body cannot be serialized as JSON.
    pub fn respond_with(self, status: u16, body: &impl Serialize) {
        let template = ResponseTemplate::new(status).set_body_json(json(body));
        self.register(template);
    }

    /// Responds with a status and an empty body.
    pub fn respond_status(self, status: u16) {
        self.register(ResponseTemplate::new(status));
    }

    /// Responds with bytes and a content type.
    pub fn respond_bytes(self, status: u16, content_type: &str, body: impl Into<Bytes>) {
        let template =
            ResponseTemplate::new(status).set_body_raw(body.into().to_vec(), content_type);
        self.register(template);
    }

    /// Responds with the sample that is generated from the document.
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

/// The response type of operations whose response is not JSON: use [`Expectation::respond_bytes`].
#[derive(Debug)]
pub enum NotJson {}

#[expect(
    clippy::expect_used,
    reason = "a test that gives what is no JSON fails at that place"
)]
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("the value is JSON")
}

/// The stream type of operations without a stream.
#[derive(Debug)]
pub enum NotStreamed {}
