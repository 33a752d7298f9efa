//! What a mock server was told to expect, and what came.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use wiremock::ResponseTemplate;

use super::operation::{MockApi, MockOperation};
use super::received::{ReceivedRequest, value};
use crate::operation::ParameterLocation;

/// What a mock server was told, and what came.
pub(super) struct State {
    pub(super) api: &'static MockApi,
    seen: Mutex<Seen>,
}

#[derive(Default)]
pub(super) struct Seen {
    pub(super) expected: Vec<Expected>,
    pub(super) requests: Vec<ReceivedRequest>,
    pub(super) problems: Vec<String>,
    pub(super) verified: bool,
}

impl State {
    pub(super) fn new(api: &'static MockApi) -> Self {
        Self {
            api,
            seen: Mutex::default(),
        }
    }

    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An expectation that was made.
pub(super) struct Expected {
    pub(super) mock: &'static MockOperation,
    pub(super) conditions: Vec<Condition>,
    pub(super) times: u64,
    pub(super) came: u64,
    pub(super) template: ResponseTemplate,
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

/// What a request must have to meet an expectation.
pub(super) enum Condition {
    Parameter(ParameterLocation, &'static str, String),
    Body(Value),
    /// The document has no such parameter.
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
            Self::Unknown(_) => false,
        }
    }
}
