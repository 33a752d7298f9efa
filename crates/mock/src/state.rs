//! The expectations of a mock server, and the requests that it received.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use specmill_http::multipart::PartKind;
use specmill_http::operation::ParameterLocation;
use wiremock::ResponseTemplate;

use crate::operation::{MockApi, MockOperation};
use crate::received::{ReceivedRequest, value};

/// The expectations and the requests of a mock server.
pub(crate) struct State {
    pub(crate) api: &'static MockApi,
    seen: Mutex<Seen>,
}

#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) expected: Vec<Expected>,
    pub(crate) requests: Vec<ReceivedRequest>,
    pub(crate) problems: Vec<String>,
    pub(crate) verified: bool,
}

impl State {
    pub(crate) fn new(api: &'static MockApi) -> Self {
        Self {
            api,
            seen: Mutex::default(),
        }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An expectation and the number of requests that it has matched.
pub(crate) struct Expected {
    pub(crate) mock: &'static MockOperation,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) times: u64,
    pub(crate) came: u64,
    pub(crate) template: ResponseTemplate,
}

impl Expected {
    pub(crate) fn matches(&self, mock: &MockOperation, request: &ReceivedRequest) -> bool {
        // An expectation of 0 requests matches nothing here; `unmet` reports it.
        let open = self.came < self.times.max(1);
        open && std::ptr::eq(self.mock, mock)
            && self.conditions.iter().all(|one| one.holds(request))
    }

    pub(crate) fn respond(&mut self) -> ResponseTemplate {
        self.came += 1;
        self.template.clone()
    }

    /// The reason why the expectation is not met.
    pub(crate) fn unmet(&self) -> Option<String> {
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

/// A condition on the requests that an expectation matches.
pub(crate) enum Condition {
    Parameter(ParameterLocation, &'static str, String),
    Body(Value),
    /// A part of a form, by its name, and its content.
    Part(String, PartKind, Vec<u8>),
    /// A parameter or part that the document does not have.
    Unknown(String),
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

/// Whether a part has the expected content.
fn is_content(kind: PartKind, content: &[u8], wanted: &[u8]) -> bool {
    let json = |bytes| serde_json::from_slice::<Value>(bytes).ok();
    content == wanted
        || kind == PartKind::Json && json(wanted).is_some_and(|value| json(content) == Some(value))
}
