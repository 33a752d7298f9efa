//! Metrics of calls and requests with the crate `metrics`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use specmill_sandbox::Fault;

use crate::support::{clock, panther_builder, sandbox};

/// The values of each metric, by its name and labels.
#[derive(Clone, Default)]
struct Values(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

impl Values {
    fn of(&self, metric: &str) -> Vec<f64> {
        let values = self.0.lock().unwrap();
        let found = values.get(metric).cloned();
        found.unwrap_or_else(|| panic!("no {metric} in {values:#?}"))
    }

    fn text(&self) -> String {
        format!("{:?}", self.0.lock().unwrap())
    }

    fn metric(&self, key: &Key) -> Arc<Metric> {
        let labels = key.labels().filter(|label| label.key() != "server.port");
        let mut words: Vec<String> = labels
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        words.sort();
        words.insert(0, key.name().to_owned());
        Arc::new(Metric(words.join(" "), self.clone()))
    }
}

struct Metric(String, Values);

impl Metric {
    fn keep(&self, value: f64) {
        let mut values = self.1.0.lock().unwrap();
        values.entry(self.0.clone()).or_default().push(value);
    }
}

impl CounterFn for Metric {
    fn increment(&self, value: u64) {
        self.keep(f64::from(u32::try_from(value).unwrap()));
    }
    fn absolute(&self, _: u64) {}
}

impl GaugeFn for Metric {
    fn increment(&self, value: f64) {
        self.keep(value);
    }
    fn decrement(&self, value: f64) {
        self.keep(-value);
    }
    fn set(&self, _: f64) {}
}

impl HistogramFn for Metric {
    fn record(&self, value: f64) {
        self.keep(value);
    }
}

impl Recorder for Values {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.metric(key))
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.metric(key))
    }
}

#[test]
fn calls_attempts_requests_in_flight_and_retries_by_reason_are_measured() {
    let values = Values::default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // The recorder is local to this thread, so that it does not record other tests.
    metrics::with_local_recorder(&values, || {
        runtime.block_on(async {
            let sandbox = sandbox().await;
            let panther = panther_builder(&sandbox).clock(clock()).build().unwrap();
            let id = sandbox.panther_user_ids()[0].clone();
            sandbox.fail_next(Fault::status(503));
            sandbox.fail_next(Fault::close());
            panther.user_get(&id).send().await.unwrap();
            panther.user_get("u-404").send().await.unwrap_err();
            let all = values.text();
            assert!(!all.contains(&id) && !all.contains("u-404"), "{all}");
            assert!(!all.contains(sandbox.panther_api_key()), "{all}");
        });
    });

    let request = |labels: &str| {
        let (error, status) = labels.split_once(", ").unwrap();
        let metric = format!(
            "http.client.request.duration {error}http.request.method=GET {status}\
             server.address=127.0.0.1 url.template=/users/{{id}}"
        );
        values.of(&metric).len()
    };
    assert_eq!(request(", http.response.status_code=200 "), 1);
    assert_eq!(
        request("error.type=503 , http.response.status_code=503 "),
        1
    );
    assert_eq!(
        request("error.type=404 , http.response.status_code=404 "),
        1
    );
    assert_eq!(request("error.type=interrupted , "), 1);
    let active = "http.client.active_requests http.request.method=GET server.address=127.0.0.1";
    assert_eq!(values.of(active), [1.0, -1.0].repeat(4));
    for reason in ["503", "interrupted"] {
        let metric =
            format!("specmill.client.retries api=panther error.type={reason} operation=user_get");
        assert_eq!(values.of(&metric), [1.0]);
    }
    for (error, attempts) in [("", 3.0), ("error.type=404 ", 1.0)] {
        let labels = format!("api=panther {error}operation=user_get");
        let metric = format!("specmill.client.call.attempts {labels}");
        assert_eq!(values.of(&metric), [attempts]);
        let metric = format!("specmill.client.call.duration {labels}");
        assert_eq!(values.of(&metric).len(), 1);
    }
}
