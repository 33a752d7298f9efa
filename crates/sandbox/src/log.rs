//! What came in, for tests to assert on.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use tokio::sync::watch;

use crate::operation::{Api, Operation};

/// Header names whose values are secrets, or make one.
const CREDENTIALS: [&str; 5] = [
    "x-api-key",
    "scp-accesskey",
    "scp-signature",
    "authorization",
    "cookie",
];

/// Bytes of heads and bodies that a log keeps at most, whatever the number of requests.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A request as it reached the sandbox, and the status it was responded to with.
///
/// `Debug` shows no credentials; [`headers`](Self::headers) does.
#[derive(Clone)]
pub struct RecordedRequest(Arc<Inner>);

struct Inner {
    api: Api,
    operation: Option<Operation>,
    method: Method,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Bytes,
    status: OnceLock<u16>,
}

impl RecordedRequest {
    /// The API that was addressed.
    pub fn api(&self) -> Api {
        self.0.api
    }

    /// The operation; `None` where no operation has this method and path.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.0.method.as_str()
    }

    /// The path as sent, percent-encoding untouched.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The query as sent, without the question mark; `None` where there was none.
    pub fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// The decoded values of a query parameter, in the order sent.
    pub fn query_values(&self, name: &str) -> Vec<String> {
        let query = self.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// All headers, credentials included.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The value of a header, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body as JSON; `None` where it is not.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.0.body).ok()
    }

    /// The status of the response; `None` while there is no response, and where the connection was closed
    /// or reset in its place.
    pub fn status(&self) -> Option<u16> {
        self.0.status.get().copied()
    }

    /// Whether any header that holds credentials came along.
    pub fn has_credentials(&self) -> bool {
        CREDENTIALS
            .iter()
            .any(|name| self.0.headers.contains_key(*name))
    }

    pub(crate) fn answered(&self, status: u16) {
        // Each request has one response; a second value would be a mistake here, not the caller's.
        let _ = self.0.status.set(status);
    }

    fn weight(&self) -> usize {
        let headers = self.0.headers.iter();
        let headers: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        headers + self.0.body.len() + self.path().len() + self.query().unwrap_or_default().len()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Masked<'a>(&'a HeaderMap);
        impl fmt::Debug for Masked<'_> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let masked = |name: &HeaderName| CREDENTIALS.contains(&name.as_str());
                let entries = self.0.iter().map(|(name, value)| {
                    (
                        name.as_str(),
                        if masked(name) {
                            "[redacted]".as_bytes()
                        } else {
                            value.as_bytes()
                        },
                    )
                });
                formatter
                    .debug_map()
                    .entries(entries.map(|(name, value)| (name, String::from_utf8_lossy(value))))
                    .finish()
            }
        }
        formatter
            .debug_struct("RecordedRequest")
            .field("api", &self.0.api)
            .field("operation", &self.0.operation)
            .field("method", &self.0.method)
            .field("path", &self.path())
            .field("query", &self.query())
            .field("headers", &Masked(&self.0.headers))
            .field("body", &String::from_utf8_lossy(&self.0.body))
            .field("status", &self.status())
            .finish()
    }
}

/// The requests that came in, oldest first. Cheap to clone: clones are the same log.
///
/// Counts go on after requests were dropped for want of room, and where the log is off.
#[derive(Clone)]
pub struct RequestLog(Arc<Shared>);

struct Shared {
    capacity: usize,
    state: Mutex<State>,
    arrivals: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    kept: VecDeque<RecordedRequest>,
    bytes: usize,
    total: u64,
    by_operation: [u64; Operation::ALL.len()],
    in_flight: u64,
    peak_in_flight: u64,
}

/// A request in flight, until dropped.
pub(crate) struct InFlight(RequestLog);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.state().in_flight -= 1;
    }
}

impl RequestLog {
    pub(crate) fn new(capacity: usize) -> Self {
        let arrivals = watch::Sender::new(());
        Self(Arc::new(Shared {
            capacity,
            state: Mutex::default(),
            arrivals,
        }))
    }

    /// The requests kept: the newest 10,000, unless the builder was told another number, and no
    /// more than 64 MiB of them.
    pub fn all(&self) -> Vec<RecordedRequest> {
        self.state().kept.iter().cloned().collect()
    }

    /// The requests kept of one operation.
    pub fn of(&self, operation: Operation) -> Vec<RecordedRequest> {
        let state = self.state();
        state
            .kept
            .iter()
            .filter(|request| request.operation() == Some(operation))
            .cloned()
            .collect()
    }

    /// The newest request.
    pub fn last(&self) -> Option<RecordedRequest> {
        self.state().kept.back().cloned()
    }

    /// The newest request of one operation.
    pub fn last_of(&self, operation: Operation) -> Option<RecordedRequest> {
        let state = self.state();
        state
            .kept
            .iter()
            .rev()
            .find(|request| request.operation() == Some(operation))
            .cloned()
    }

    /// How many requests came in, kept or not.
    pub fn count(&self) -> u64 {
        self.state().total
    }

    /// How many requests of one operation came in, kept or not.
    pub fn count_of(&self, operation: Operation) -> u64 {
        self.state().by_operation[operation as usize]
    }

    /// The most requests that waited for their response at one time. With some latency it tells how
    /// many calls a client makes at once.
    pub fn peak_in_flight(&self) -> u64 {
        self.state().peak_in_flight
    }

    /// Waits until this many requests of an operation arrived, with or without a response.
    ///
    /// # Errors
    /// Fewer requests arrived in time.
    pub async fn wait_for(
        &self,
        operation: Operation,
        count: u64,
        patience: Duration,
    ) -> Result<(), WaitError> {
        let mut arrivals = self.0.arrivals.subscribe();
        let enough = arrivals.wait_for(|()| self.count_of(operation) >= count);
        // The sender is in `self`, so that only the time can run out.
        match tokio::time::timeout(patience, enough).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(WaitError {
                operation,
                count,
                patience,
                seen: self.count_of(operation),
            }),
        }
    }

    /// Forgets all requests and counts from nought again.
    pub fn clear(&self) {
        let mut state = self.state();
        let in_flight = state.in_flight;
        *state = State {
            in_flight,
            peak_in_flight: in_flight,
            ..State::default()
        };
    }

    pub(crate) fn enter(&self) -> InFlight {
        let mut state = self.state();
        state.in_flight += 1;
        state.peak_in_flight = state.peak_in_flight.max(state.in_flight);
        InFlight(self.clone())
    }

    pub(crate) fn record(
        &self,
        api: Api,
        operation: Option<Operation>,
        head: &http::request::Parts,
        body: &Bytes,
    ) -> RecordedRequest {
        let keep = self.0.capacity > 0;
        let request = RecordedRequest(Arc::new(Inner {
            api,
            operation,
            method: head.method.clone(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: if keep {
                copied(&head.headers)
            } else {
                HeaderMap::new()
            },
            body: if keep {
                Bytes::copy_from_slice(body)
            } else {
                Bytes::new()
            },
            status: OnceLock::new(),
        }));
        {
            let mut state = self.state();
            state.total += 1;
            if let Some(operation) = operation {
                state.by_operation[operation as usize] += 1;
            }
            if keep {
                state.bytes += request.weight();
                state.kept.push_back(request.clone());
                while state.kept.len() > self.0.capacity || state.bytes > MOST_BYTES {
                    let Some(oldest) = state.kept.pop_front() else {
                        break;
                    };
                    state.bytes -= oldest.weight();
                }
            }
        }
        self.0.arrivals.send_replace(());
        request
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while holding the lock, and counts stay true if it did.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Headers with values of their own. As they come they are slices of the connection's read buffer,
/// which would live as long as the log.
fn copied(headers: &HeaderMap) -> HeaderMap {
    let copy = |value: &HeaderValue| HeaderValue::from_bytes(value.as_bytes());
    let copies = headers
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), copy(value).ok()?)));
    copies.collect()
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.all()).finish()
    }
}

/// The requests waited for did not come in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("waited {patience:?} for {count} requests of {operation}, saw {seen}")]
pub struct WaitError {
    operation: Operation,
    count: u64,
    patience: Duration,
    seen: u64,
}
