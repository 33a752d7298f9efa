use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use http::HeaderValue;
use serde::de::DeserializeOwned;
use specmill_http::body::Incoming;
use specmill_http::decode;
use specmill_http::error::Error;
use specmill_http::operation::EventData;
use specmill_http::platform;
use specmill_http::text::{LIMIT as TEXT_LIMIT, one_line};

use super::parser::{Parser, RawEvent};
use super::{in_place_of_stream, too_large, undecoded};
use crate::call::Call;

/// The maximum delay before a reconnection that a service can request.
const MAX_RECONNECT_DELAY: Duration = Duration::from_secs(300);

/// The maximum time to wait for the end of a body after the last event, so that its connection can be reused.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// A server-sent event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<T> {
    name: String,
    id: Option<String>,
    retry: Option<Duration>,
    data: T,
}

impl<T> Event<T> {
    /// The name of the event; `message` if the service sent none.
    pub fn event(&self) -> &str {
        if self.name.is_empty() {
            "message"
        } else {
            &self.name
        }
    }

    /// The id of this event, or of the last one before it that had one.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The reconnection delay that the service requested, with this event or an earlier one.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The data.
    pub fn data(&self) -> &T {
        &self.data
    }

    /// The data.
    pub fn into_data(self) -> T {
        self.data
    }
}

/// The events of a response of the type `text/event-stream`, as they arrive.
///
/// Comments are skipped. If the data is JSON, an event whose data is a single word in capitals in brackets, such as
/// `[DONE]`, ends the stream and is not yielded. Otherwise the stream ends when the service closes it.
///
/// An event whose data is not of the type is an error ([`Error::is_decode`]) with the data as its
/// [`body`](Error::body); the next event can be read after it. The stream ends after any other error: an interrupted
/// connection, no data within the idle timeout, an event larger than the client's `max_response_bytes`. Nothing is
/// retried after the stream was returned, unless [`reconnect`](Self::reconnect) is used. The total duration is not
/// limited.
///
/// ```
/// # async fn example(events: specmill_client::EventStream<String>) -> Result<(), specmill_client::Error> {
/// let mut events = events;
/// while let Some(event) = events.try_next().await? {
///     println!("{}: {}", event.event(), event.data());
/// }
/// # Ok(())
/// # }
/// ```
pub struct EventStream<T> {
    /// The call, for reconnections.
    call: Call,
    kind: EventData,
    parser: Parser,
    state: State,
    limit: u64,
    reconnect: bool,
    /// The number of consecutive connections without an event.
    failed_connections: u32,
    decode: fn(&[u8]) -> Result<T, String>,
}

enum State {
    Open(Incoming),
    Opening(Opening),
    /// The body has ended, which may complete the last event.
    Ended(Incoming),
    Done,
}

type Opening = Pin<Box<dyn Future<Output = Result<Incoming, Error>> + Send>>;

impl<T: DeserializeOwned> EventStream<T> {
    pub(crate) fn new(
        call: Call,
        incoming: Incoming,
        kind: EventData,
        limit: u64,
    ) -> Result<Self, Error> {
        if let Some(error) = in_place_of_stream(incoming.head(), "a stream of events") {
            return Err(error);
        }
        Ok(Self {
            call,
            kind,
            parser: Parser::new(usize::try_from(limit).unwrap_or(usize::MAX)),
            state: State::Open(incoming),
            limit,
            reconnect: false,
            failed_connections: 0,
            decode: decode::json::<T>,
        })
    }
}

impl<T> EventStream<T> {
    /// Reconnects when the connection breaks or the service closes it, and continues after the last event, whose id is
    /// sent in `Last-Event-ID`.
    ///
    /// The client waits for the delay that the service requested (`retry`, at most 5 minutes), or for the delay of the
    /// retry policy. If no event had an id, the position is unknown, and the stream ends as without this setting. It
    /// also ends after a 204, after a failure that is not retryable, and after as many consecutive connections without
    /// an event as the retry policy has attempts.
    pub fn reconnect(mut self) -> Self {
        self.reconnect = true;
        self
    }

    /// The id of the last event that had one.
    pub fn last_event_id(&self) -> Option<&str> {
        self.parser.last_id()
    }

    /// Returns the next event; `None` at the end.
    ///
    /// # Errors
    /// The event is not of the type or too large, the connection breaks, or no data arrived within the idle timeout.
    pub async fn try_next(&mut self) -> Result<Option<Event<T>>, Error> {
        let next = poll_fn(|context| self.poll_one(context)).await;
        next.transpose()
    }

    /// Collects the remaining events.
    ///
    /// # Errors
    /// The first error; everything read before it is lost. Use [`try_next`](Self::try_next) to keep it.
    pub async fn try_collect<C: Default + Extend<Event<T>>>(mut self) -> Result<C, Error> {
        let mut all = C::default();
        while let Some(next) = self.try_next().await? {
            all.extend(std::iter::once(next));
        }
        Ok(all)
    }

    fn poll_one(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Event<T>, Error>>> {
        loop {
            let next = match &mut self.state {
                State::Open(_) => self.parser.next(),
                State::Ended(_) => self.parser.finish(),
                State::Opening(opening) => {
                    let opened = ready!(opening.as_mut().poll(context));
                    self.parser.restart();
                    match opened {
                        Ok(incoming) if incoming.head().status == http::StatusCode::NO_CONTENT => {
                            self.state = State::Done;
                        }
                        Ok(incoming) => self.state = State::Open(incoming),
                        Err(error) => {
                            self.state = State::Done;
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                    continue;
                }
                State::Done => return Poll::Ready(None),
            };
            match next {
                Err(_) => {
                    let error = self.head_error(too_large);
                    self.state = State::Done;
                    return Poll::Ready(error.map(Err));
                }
                Ok(Some(event)) if self.ends(&event) => {
                    let state = std::mem::replace(&mut self.state, State::Done);
                    if let State::Open(incoming) = state {
                        platform::detach(platform::timeout(DRAIN_TIMEOUT, drain(incoming)));
                    }
                    return Poll::Ready(None);
                }
                Ok(Some(event)) => {
                    self.failed_connections = 0;
                    return Poll::Ready(Some(self.decoded(event)));
                }
                Ok(None) => {}
            }
            let State::Open(incoming) = &mut self.state else {
                // The body has ended and all of it was parsed.
                if !self.start_reconnection(None) {
                    self.state = State::Done;
                }
                continue;
            };
            match ready!(incoming.poll_piece(context)) {
                Some(Ok(piece)) => self.parser.push(&piece),
                None => {
                    if let State::Open(incoming) = std::mem::replace(&mut self.state, State::Done) {
                        self.state = State::Ended(incoming);
                    }
                }
                Some(Err(error)) => {
                    if !self.start_reconnection(Some(&error)) {
                        self.state = State::Done;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    /// Starts a reconnection, if it is enabled, an event had an id, and the retry policy allows it.
    fn start_reconnection(&mut self, error: Option<&Error>) -> bool {
        let Some(id) = self.parser.last_id().filter(|_| self.reconnect) else {
            return false;
        };
        let Ok(id) = HeaderValue::from_bytes(id.as_bytes()) else {
            return false;
        };
        self.failed_connections += 1;
        let Some(delay) = self.call.delay_before(self.failed_connections, error) else {
            return false;
        };
        let delay = self
            .parser
            .retry()
            .map_or(delay, |wait| wait.min(MAX_RECONNECT_DELAY));
        self.state = State::Opening(Box::pin(self.call.clone().open_events_again(id, delay)));
        true
    }

    /// Whether an event marks the end of the stream.
    fn ends(&self, event: &RawEvent) -> bool {
        self.kind != EventData::Text && is_sentinel(&event.data)
    }

    fn head_error(
        &self,
        error: impl Fn(&specmill_http::body::Head, u64) -> Error,
    ) -> Option<Error> {
        match &self.state {
            State::Open(incoming) | State::Ended(incoming) => {
                Some(error(incoming.head(), self.limit))
            }
            State::Opening(_) | State::Done => None,
        }
    }

    fn decoded(&self, event: RawEvent) -> Result<Event<T>, Error> {
        match self.read(&event) {
            Ok(data) => Ok(Event {
                name: event.name,
                id: self.parser.last_id().map(str::to_owned),
                retry: self.parser.retry(),
                data,
            }),
            Err(problem) => {
                let problem = match one_line(&event.name, TEXT_LIMIT) {
                    Some(name) => format!("in an event `{name}`: {problem}"),
                    None => format!("in an event: {problem}"),
                };
                let error = self.head_error(|head, _| undecoded(head, &event.data, &problem));
                // An event comes from a body, so there is a head.
                Err(error
                    .unwrap_or_else(|| Error::new(specmill_http::error::Kind::Decode(problem))))
            }
        }
    }

    fn read(&self, event: &RawEvent) -> Result<T, String> {
        match self.kind {
            EventData::Json => (self.decode)(&event.data),
            EventData::Text => (self.decode)(&as_json_string(&event.data)),
            EventData::Envelope => {
                // Data that happens to be valid JSON may still be plain text.
                let as_json = serde_json::from_slice::<&serde_json::value::RawValue>(&event.data)
                    .is_ok()
                    .then(|| (self.decode)(&self.envelope(event, &event.data)));
                match as_json {
                    Some(Ok(data)) => Ok(data),
                    Some(Err(problem)) => {
                        let text = as_json_string(&event.data);
                        (self.decode)(&self.envelope(event, &text)).map_err(|_| problem)
                    }
                    None => (self.decode)(&self.envelope(event, &as_json_string(&event.data))),
                }
            }
        }
    }

    /// The event as the JSON object in the document.
    fn envelope(&self, event: &RawEvent, data: &[u8]) -> Vec<u8> {
        let mut text = b"{\"data\":".to_vec();
        text.extend_from_slice(data);
        let mut add = |name: &str, value: serde_json::Value| {
            text.extend_from_slice(format!(",\"{name}\":{value}").as_bytes());
        };
        if !event.name.is_empty() {
            add("event", event.name.as_str().into());
        }
        if let Some(id) = self.parser.last_id() {
            add("id", id.into());
        }
        if let Some(retry) = self.parser.retry() {
            let milliseconds = u64::try_from(retry.as_millis()).unwrap_or(u64::MAX);
            add("retry", milliseconds.into());
        }
        text.push(b'}');
        text
    }
}

/// Reads the rest of the body after the last event.
async fn drain(mut incoming: Incoming) {
    while let Some(Ok(_)) = poll_fn(|context| incoming.poll_piece(context)).await {}
}

/// Encodes bytes as a JSON string.
fn as_json_string(bytes: &[u8]) -> Vec<u8> {
    serde_json::Value::from(String::from_utf8_lossy(bytes))
        .to_string()
        .into_bytes()
}

/// Whether the data is a word in capitals in brackets, such as `[DONE]`.
fn is_sentinel(data: &[u8]) -> bool {
    let word = data
        .trim_ascii()
        .strip_prefix(b"[")
        .and_then(|rest| rest.strip_suffix(b"]"));
    word.is_some_and(|word| {
        !word.is_empty()
            && word
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
    })
}

impl<T> Stream for EventStream<T> {
    type Item = Result<Event<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_one(context)
    }
}

// No field is structurally pinned.
impl<T> Unpin for EventStream<T> {}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventStream")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_capitals_within_brackets_ends_a_stream_and_no_json_does() {
        for sentinel in ["[DONE]", " [DONE] ", "[END_OF_STREAM]"] {
            assert!(is_sentinel(sentinel.as_bytes()), "{sentinel}");
        }
        for data in [
            "[]",
            "[1]",
            "[\"DONE\"]",
            "[done]",
            "DONE",
            "{}",
            "[null]",
            "",
        ] {
            assert!(!is_sentinel(data.as_bytes()), "{data}");
        }
    }
}
