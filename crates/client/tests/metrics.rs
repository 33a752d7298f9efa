//! Metrics of calls and requests.
#![cfg(feature = "metrics")]
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]

#[path = "client/support.rs"]
#[allow(dead_code, clippy::panic, reason = "other tests use the rest")]
mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use specmill_client::CallOptions;

use support::{Reply, Server, USER_GET, key, midnight, ok, settings, status};

/// The recorded values by name and labels.
type Recorded = Arc<Mutex<BTreeMap<String, Vec<f64>>>>;

#[derive(Default)]
struct TestRecorder(Recorded);

struct Meter(String, Recorded);

impl Meter {
    fn store(&self, value: f64) {
        let mut recorded = self.1.lock().unwrap();
        recorded.entry(self.0.clone()).or_default().push(value);
    }
}

impl CounterFn for Meter {
    fn increment(&self, value: u64) {
        self.store(f64::from(u32::try_from(value).unwrap()));
    }
    fn absolute(&self, _: u64) {}
}

impl GaugeFn for Meter {
    fn increment(&self, value: f64) {
        self.store(value);
    }
    fn decrement(&self, value: f64) {
        self.store(-value);
    }
    fn set(&self, _: f64) {}
}

impl HistogramFn for Meter {
    fn record(&self, value: f64) {
        self.store(value);
    }
}

impl TestRecorder {
    fn meter(&self, key: &Key) -> Arc<Meter> {
        let mut labels: Vec<String> = key
            .labels()
            .filter(|label| label.key() != "server.port")
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        labels.sort();
        let name = format!("{} {}", key.name(), labels.join(" "));
        Arc::new(Meter(name, Arc::clone(&self.0)))
    }
}

impl Recorder for TestRecorder {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.meter(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.meter(key))
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.meter(key))
    }
}

#[test]
fn calls_attempts_requests_in_flight_and_retries_by_reason_are_measured() {
    let recorder = TestRecorder::default();
    let metrics = Arc::clone(&recorder.0);
    metrics::with_local_recorder(&recorder, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let server = Server::start(|number, _| match number {
                0 => status("503 Service Unavailable"),
                1 => Reply::Close(Vec::new()),
                2 => ok("{}"),
                _ => status("404 Not Found"),
            })
            .await;
            let client = settings()
                .clock(specmill_client::ManualClock::new(midnight()))
                .build(&server.url(), key())
                .unwrap();
            for _ in 0..2 {
                let call = client.call(&USER_GET, CallOptions::default());
                let _ = call.parameter("id", Ok("person-1")).send_empty().await;
            }
        });
    });
    let metrics = metrics.lock().unwrap();
    let all = format!("{metrics:?}");
    assert!(
        !all.contains("person-1") && !all.contains(support::KEY),
        "{all}"
    );
    let request = |rest: &str| {
        let name = format!(
            "http.client.request.duration {rest}http.request.method=GET {}server.address=127.0.0.1 \
             url.template=/users/{{id}}",
            match rest {
                "error.type=503 " => "http.response.status_code=503 ",
                "error.type=404 " => "http.response.status_code=404 ",
                "" => "http.response.status_code=200 ",
                _ => "",
            }
        );
        metrics.get(&name).map(Vec::len)
    };
    for rest in [
        "error.type=503 ",
        "error.type=interrupted ",
        "",
        "error.type=404 ",
    ] {
        assert_eq!(request(rest), Some(1), "{rest} in {all}");
    }
    assert_eq!(
        metrics["http.client.active_requests http.request.method=GET server.address=127.0.0.1"],
        [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0]
    );
    let of_call = "api=demo operation=user_get";
    let retries = |reason: &str| {
        metrics[&format!("specmill.client.retries api=demo error.type={reason} operation=user_get")]
            .clone()
    };
    assert_eq!(retries("503"), [1.0]);
    assert_eq!(retries("interrupted"), [1.0]);
    assert_eq!(
        metrics[&format!("specmill.client.call.attempts {of_call}")],
        [3.0]
    );
    let failed = "specmill.client.call.attempts api=demo error.type=404 operation=user_get";
    assert_eq!(metrics[failed], [1.0]);
    assert_eq!(
        metrics[&format!("specmill.client.call.duration {of_call}")].len(),
        1
    );
}
