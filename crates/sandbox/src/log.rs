//! The log of requests, for assertions in tests.

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

/// Names of headers whose values are secrets, or are derived from secrets.
const CREDENTIALS: [&str; 5] = [
    "x-api-key",
    "scp-accesskey",
    "scp-signature",
    "authorization",
    "cookie",
];

/// The maximum size of all headers and bodies in a log, in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A request that the sandbox received, with the status of its response.
///
/// `Debug` output contains no credentials; [`headers`](Self::headers) does.
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
    /// The API that received the request.
    pub fn api(&self) -> Api {
        self.0.api
    }

    /// The operation. `None` if no operation has this method and path.
    pub fn operation(&self) -> Option<Operation> {
        self.0.operation
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.0.method.as_str()
    }

    /// The path as sent, percent-encoded.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The query as sent, without the question mark. `None` if there was none.
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

    /// All headers, including credentials.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The value of a header, if it is valid text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.0.body
    }

    /// The body as JSON. `None` if it is not valid JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.0.body).ok()
    }

    /// The status of the response. `None` while the request is in flight, and if the connection was closed or reset instead.
    pub fn status(&self) -> Option<u16> {
        self.0.status.get().copied()
    }

    /// Whether the request contained a header for credentials.
    pub fn has_credentials(&self) -> bool {
        CREDENTIALS
            .iter()
            .any(|name| self.0.headers.contains_key(*name))
    }

    pub(crate) fn answered(&self, status: u16) {
        // Each request has one response; a second value would be a defect of the sandbox.
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

/// The requests in order of arrival. Cloning is cheap: clones share the log.
///
/// Counts include requests that were dropped because the log was full or switched off.
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

/// A request in flight, until it is dropped.
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

    /// The stored requests: the newest 10,000 by default, and at most 64 MiB.
    pub fn all(&self) -> Vec<RecordedRequest> {
        self.state().kept.iter().cloned().collect()
    }

    /// The stored requests of one operation.
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

    /// The number of requests, stored or not.
    pub fn count(&self) -> u64 {
        self.state().total
    }

    /// The number of requests of one operation, stored or not.
    pub fn count_of(&self, operation: Operation) -> u64 {
        self.state().by_operation[operation as usize]
    }

    /// The maximum number of requests in flight at the same time. With some latency, it shows how many calls a client makes
    /// concurrently.
    pub fn peak_in_flight(&self) -> u64 {
        self.state().peak_in_flight
    }

    /// Waits until this many requests of an operation have arrived, with or without a response.
    ///
    /// # Errors
    /// Fewer requests arrived within the time.
    pub async fn wait_for(
        &self,
        operation: Operation,
        count: u64,
        patience: Duration,
    ) -> Result<(), WaitError> {
        let mut arrivals = self.0.arrivals.subscribe();
        let enough = arrivals.wait_for(|()| self.count_of(operation) >= count);
        // `self` owns the sender, so that only the timeout can end the wait.
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

    /// Removes all requests and resets the counts.
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
        // The code that holds the lock does not panic, and the counts would stay correct.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copies of the headers. The originals are slices of the connection's read buffer, which would live as long as the log.
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

/// The expected requests did not arrive in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("waited {patience:?} for {count} requests of {operation}, saw {seen}")]
pub struct WaitError {
    operation: Operation,
    count: u64,
    patience: Duration,
    seen: u64,
}
