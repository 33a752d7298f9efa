//! The span of each call and the event of each attempt.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Once;
use std::time::Duration;

use specmill_sandbox::Fault;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::{clock, panther_builder, sandbox};

type Fields = BTreeMap<String, String>;

thread_local! {
    /// Target and fields of every event and span of this thread, which belongs to a single
    /// test.
    static SEEN: RefCell<Vec<(String, Fields)>> = const { RefCell::new(Vec::new()) };
}

/// Collects the events and spans of this thread from now on, of all crates and levels.
pub(crate) fn listen() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        tracing::subscriber::set_global_default(Keeper).unwrap();
        // Other tests may have registered callsites while there was no subscriber.
        tracing::callsite::rebuild_interest_cache();
    });
    SEEN.with_borrow_mut(Vec::clear);
}

/// Everything that was collected, as one string.
pub(crate) fn everything() -> String {
    SEEN.with_borrow(|seen| format!("{seen:?}"))
}

/// The events of the runtime.
fn attempts() -> Vec<Fields> {
    SEEN.with_borrow(|seen| {
        let ours = seen
            .iter()
            .filter(|(target, _)| target.starts_with("specmill_client"))
            .filter(|(_, fields)| fields.contains_key("level"));
        ours.map(|(_, fields)| fields.clone()).collect()
    })
}

/// The spans of calls, with the fields that were recorded later.
fn calls() -> Vec<Fields> {
    SEEN.with_borrow(|seen| {
        let mut calls: Vec<Fields> = Vec::new();
        for (target, fields) in seen {
            if fields.contains_key("otel.name") {
                calls.push(fields.clone());
            } else if let (RECORDED, Some(call)) = (target.as_str(), calls.last_mut()) {
                call.extend(fields.clone());
            }
        }
        calls
    })
}

/// The target of fields that were recorded after the start of a span.
const RECORDED: &str = "recorded";

struct Keeper;

impl Keeper {
    fn keep(target: &str, fields: Reader) {
        SEEN.with_borrow_mut(|seen| seen.push((target.to_owned(), fields.0)));
    }
}

#[derive(Default)]
struct Reader(Fields);

impl Visit for Reader {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Keeper {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut reader = Reader::default();
        attributes.record(&mut reader);
        Self::keep(attributes.metadata().target(), reader);
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, record: &Record<'_>) {
        let mut reader = Reader::default();
        record.record(&mut reader);
        Self::keep(RECORDED, reader);
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut reader = Reader::default();
        event.record(&mut reader);
        reader
            .0
            .insert("level".to_owned(), event.metadata().level().to_string());
        Self::keep(event.metadata().target(), reader);
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_attempt_is_an_event_with_method_template_status_attempt_time_and_delay() {
    listen();
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox).clock(clock()).build().unwrap();
    let id = &sandbox.panther_user_ids()[0];
    sandbox.fail_next(Fault::status(503).retry_after(Duration::from_secs(3)));
    panther.user_get(id).send().await.unwrap();

    let attempts = attempts();
    let of = |number: usize, name: &str| attempts[number].get(name).map(String::as_str);
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    for number in 0..2 {
        assert_eq!(of(number, "api"), Some("\"panther\""));
        assert_eq!(of(number, "operation"), Some("\"user_get\""));
        assert_eq!(of(number, "http.request.method"), Some("\"GET\""));
        assert_eq!(of(number, "url.template"), Some("\"/users/{id}\""));
    }
    assert_eq!(of(0, "http.response.status_code"), Some("503"));
    assert_eq!(of(0, "attempt"), Some("1"));
    assert_eq!(of(0, "delay_ms"), Some("3600"));
    assert_eq!(of(1, "http.response.status_code"), Some("200"));
    assert_eq!(of(1, "attempt"), Some("2"));
    assert_eq!(of(1, "delay_ms"), None);
    assert_eq!(
        (of(0, "level"), of(1, "level")),
        (Some("WARN"), Some("DEBUG"))
    );
    assert!(of(0, "elapsed_ms").is_some());
    let elapsed: u64 = of(1, "elapsed_ms").unwrap().parse().unwrap();
    assert!(elapsed >= 3_600);
    // Ids may be personal data, so they are not logged.
    assert!(!format!("{attempts:?}").contains(id.as_str()));
}

#[tokio::test]
async fn each_call_is_a_span_with_the_names_of_opentelemetrys_conventions() {
    listen();
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox).clock(clock()).build().unwrap();
    let id = &sandbox.panther_user_ids()[0];
    sandbox.fail_next_n(2, Fault::status(503));
    panther.user_get(id).send().await.unwrap();
    panther.user_get("u-404").send().await.unwrap_err();

    let calls = calls();
    let of = |number: usize, name: &str| calls[number].get(name).map(String::as_str);
    assert_eq!(calls.len(), 2, "{calls:?}");
    let port = sandbox.panther_url().rsplit(':').next();
    for number in 0..2 {
        assert_eq!(of(number, "otel.name"), Some("GET /users/{id}"));
        assert_eq!(of(number, "otel.kind"), Some("\"client\""));
        assert_eq!(of(number, "http.request.method"), Some("\"GET\""));
        assert_eq!(of(number, "url.template"), Some("\"/users/{id}\""));
        assert_eq!(of(number, "server.address"), Some("\"127.0.0.1\""));
        assert_eq!(of(number, "server.port"), port);
    }
    assert_eq!(of(0, "http.response.status_code"), Some("200"));
    assert_eq!(of(0, "http.request.resend_count"), Some("2"));
    assert_eq!(
        (of(0, "error.type"), of(0, "otel.status_code")),
        (None, None)
    );
    assert_eq!(of(1, "http.response.status_code"), Some("404"));
    assert_eq!(of(1, "http.request.resend_count"), None);
    assert_eq!(of(1, "error.type"), Some("\"404\""));
    assert_eq!(of(1, "otel.status_code"), Some("\"ERROR\""));
    assert!(!format!("{calls:?}").contains(id.as_str()));
    let attempts = attempts();
    assert_eq!(attempts[0]["error.type"], "\"503\"");
    assert_eq!(attempts[1]["http.request.resend_count"], "1");
}
