//! The event of each attempt. The test has its own process, since the enabled events are determined once for all
//! threads.
#![cfg(feature = "tracing")]
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

#[path = "client/support.rs"]
#[allow(dead_code, clippy::panic, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use specmill_client::{Authentication, CallOptions, RetryBudget};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use support::{KEY, Reply, Server, USER_GET, key, midnight, ok, response, settings};

type Fields = BTreeMap<String, String>;

/// Records the fields of the events of this crate, and of all events and spans.
#[derive(Clone, Default)]
struct Log {
    events: Arc<Mutex<Vec<Fields>>>,
    everything: Arc<Mutex<Vec<Fields>>>,
}

struct Reader(Fields);

impl Visit for Reader {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let mut reader = Reader(Fields::new());
        attributes.record(&mut reader);
        self.everything.lock().unwrap().push(reader.0.clone());
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut reader = Reader(Fields::new());
        event.record(&mut reader);
        reader
            .0
            .insert("level".to_owned(), event.metadata().level().to_string());
        self.everything.lock().unwrap().push(reader.0.clone());
        if event.metadata().target().starts_with("specmill_client") {
            self.events.lock().unwrap().push(reader.0);
        }
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn each_attempt_is_an_event_with_the_template_and_no_credential_and_a_retry_is_a_warning() {
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let server = Server::start(|number, _| {
        if number == 0 {
            Reply::Bytes(response(
                "503 No",
                "retry-after: 3\r\n",
                &format!(r#"{{"message":"bad {KEY}"}}"#),
            ))
        } else {
            ok("{}")
        }
    })
    .await;
    for authentication in [key(), Authentication::api_key_query("key", KEY)] {
        let clock = specmill_client::ManualClock::new(midnight());
        let client = settings()
            .clock(clock)
            .build(&server.url(), authentication)
            .unwrap();
        client
            .call(&USER_GET, CallOptions::default())
            .parameter("id", Ok("id-of-a-person"))
            .send_empty()
            .await
            .unwrap();
    }
    let events = log.events.lock().unwrap().clone();
    // Two calls: the first of them is retried.
    assert_eq!(events.len(), 3);
    let of = |number: usize, name: &str| events[number].get(name).map(String::as_str);
    assert_eq!(of(0, "http.request.method"), Some("\"GET\""));
    assert_eq!(of(0, "url.template"), Some("\"/users/{id}\""));
    assert_eq!(of(0, "http.response.status_code"), Some("503"));
    assert_eq!(
        (of(0, "attempt"), of(0, "delay_ms")),
        (Some("1"), Some("3600"))
    );
    assert_eq!(
        (of(0, "api"), of(0, "operation")),
        (Some("\"demo\""), Some("\"user_get\""))
    );
    assert!(
        of(0, "error")
            .unwrap()
            .contains("503 Service Unavailable: bad [redacted]")
    );
    assert_eq!(
        (
            of(1, "attempt"),
            of(1, "delay_ms"),
            of(1, "http.response.status_code")
        ),
        (Some("2"), None, Some("200"))
    );
    let levels = [0, 1, 2].map(|number| of(number, "level"));
    assert_eq!(levels, [Some("WARN"), Some("DEBUG"), Some("DEBUG")]);
    // The clock advances only by the delay.
    let elapsed = [0, 1, 2].map(|number| of(number, "elapsed_ms"));
    assert_eq!(elapsed, [Some("0"), Some("3600"), Some("0")]);

    let failing = Server::always(|| Reply::Bytes(response("503 No", "", ""))).await;
    let client = settings()
        .retry_budget(RetryBudget::new(0, 0.0))
        .build(&failing.url(), key())
        .unwrap();
    let call = client.call(&USER_GET, CallOptions::default());
    call.parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    let last = log.events.lock().unwrap().last().unwrap().clone();
    assert_eq!(last["level"], "DEBUG");
    assert_eq!(last["retry_budget_exhausted"], "true");
    assert!(last["error"].contains("the retry budget is used up"));

    let everything = format!("{:?}", log.everything.lock().unwrap());
    assert!(!everything.contains(KEY), "{everything}");
    let ours = format!("{events:?}");
    assert!(!ours.contains("id-of-a-person"), "{ours}");
}
