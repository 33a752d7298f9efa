use std::fmt;
use std::sync::Arc;

use serde_json::json;
use specmill_http::operation::Operation;
use wiremock::matchers::any;
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use crate::check;
use crate::expectation::Expectation;
use crate::operation::{MockApi, MockOperation};
use crate::received::ReceivedRequest;
use crate::state::{Expected, Seen, State};

/// A mock server of an API.
///
/// It responds to each operation of the document with a sample that is generated from the document, unless an
/// [`Expectation`] sets another response. A request that the document does not allow (an unknown operation or query
/// parameter, a body with another type) gets status 400 and fails the test: [`verify`](Self::verify) reports it, as
/// well as expectations that are not met. A server that is dropped without `verify` panics instead.
pub struct MockServer {
    server: wiremock::MockServer,
    url: String,
    state: Arc<State>,
}

impl MockServer {
    /// Starts a server on a free loopback port. Called by generated code.
    pub async fn start(api: &'static MockApi) -> Self {
        let server = wiremock::MockServer::start().await;
        let state = Arc::new(State::new(api));
        let responder = Responder(Arc::clone(&state));
        Mock::given(any())
            .respond_with(responder)
            .mount(&server)
            .await;
        Self {
            url: server.uri(),
            server,
            state,
        }
    }

    /// The base URL for a client.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts an expectation for an operation whose responses have the type `T`. Called by generated code.
    ///
    /// # Panics
    /// The server was started without the operation.
    pub fn expect<T, S>(&self, operation: &'static Operation) -> Expectation<'_, T, S> {
        let mut operations = self.state.api.operations.iter();
        let mock = operations.find(|mock| std::ptr::eq((mock.operation)(), operation));
        #[expect(
            clippy::expect_used,
            reason = "one macro writes the list and the methods that name its operations"
        )]
        let mock = mock.expect("the server was started with the operation");
        Expectation::new(&self.state, mock)
    }

    /// The requests of all operations of the document, in the order of arrival.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.state.seen().requests.clone()
    }

    /// Checks that the document allows every request, and that every expectation is met.
    ///
    /// # Errors
    /// A request is not allowed, or an expectation is not met; the error lists all of them.
    pub fn verify(&self) -> Result<(), MockError> {
        let mut seen = self.state.seen();
        seen.verified = true;
        let unmet = seen.expected.iter().filter_map(Expected::unmet);
        let problems: Vec<String> = seen.problems.iter().cloned().chain(unmet).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(MockError(problems))
        }
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if std::thread::panicking() || self.state.seen().verified {
            return;
        }
        if let Err(error) = self.verify() {
            #[expect(clippy::panic, reason = "it fails the test that forgot to verify")]
            {
                panic!("{error}");
            }
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockServer")
            .field("url", &self.url)
            .field("address", self.server.address())
            .finish_non_exhaustive()
    }
}

/// The requests that are not allowed, and the expectations that are not met: see [`MockServer::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MockError(Vec<String>);

impl MockError {
    /// The problems, one per line.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for MockError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the mock server saw: {}", self.0.join("; "))
    }
}

impl std::error::Error for MockError {}

struct Responder(Arc<State>);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let state = &self.0;
        if let Some(response) = token(state.api, request) {
            return response;
        }
        let mut seen = state.seen();
        let found = check::received(state.api.operations, request);
        let expected = found.iter().find(|(mock, received)| {
            let mut expected = seen.expected.iter();
            expected.any(|expected| expected.matches(mock, received))
        });
        let Some((mock, received)) = expected.or(found.first()) else {
            let (method, path) = (&request.method, request.url.path());
            let problem = format!("the document has no operation {method} {path}");
            return refuse(&mut seen, problem);
        };
        let problem = check::problem(mock, received, state.api.credentials);
        seen.requests.push(received.clone());
        if let Some(problem) = problem {
            let problem = format!("{}: {problem}", received.operation);
            return refuse(&mut seen, problem);
        }
        let expected = seen.expected.iter_mut();
        let mut matching = expected.filter(|expected| expected.matches(mock, received));
        match matching.next() {
            Some(expected) => expected.respond(),
            None => default(mock, received),
        }
    }
}

fn refuse(seen: &mut Seen, problem: String) -> ResponseTemplate {
    let body = json!({ "message": problem });
    seen.problems.push(problem);
    ResponseTemplate::new(400).set_body_json(body)
}

/// The response of a token endpoint, if the request is a token request.
fn token(api: &MockApi, request: &Request) -> Option<ResponseTemplate> {
    let is_token = api.token_paths.contains(&request.url.path());
    if !is_token || request.method != http::Method::POST {
        return None;
    }
    let form = String::from_utf8_lossy(&request.body);
    let has_grant = form.split('&').any(|pair| pair.starts_with("grant_type="));
    Some(if has_grant {
        ResponseTemplate::new(200).set_body_json(json!({
            "access_token": "mock-access-token",
            "token_type": "Bearer",
            "expires_in": 3600,
        }))
    } else {
        ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_request" }))
    })
}

fn default(mock: &MockOperation, received: &ReceivedRequest) -> ResponseTemplate {
    let response = ResponseTemplate::new(mock.status);
    if let Some(stream) = mock.stream
        && (mock.content_type.is_empty() || stream.is_asked_for((mock.operation)(), received))
    {
        return response.set_body_raw(stream.sample().to_vec(), stream.content_type);
    }
    if mock.content_type.is_empty() {
        response
    } else {
        response.set_body_raw(mock.body, mock.content_type)
    }
}
