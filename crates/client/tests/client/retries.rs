//! Retries and their delays.

use std::time::Duration;

use specmill_client::operation::Operation;
use specmill_client::{Call, CallOptions, ManualClock, RetryBudget, RetryPolicy, Transport};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::support::{
    PAY, Reply, SEARCH_BY_POST, Server, USER_CREATE, USER_DELETE, USER_GET, USER_PATCH, USER_PUT,
    User, closed_port, json, key, midnight, ok, patient_client, response, settings, status,
};

fn call(client: &Transport, operation: &'static Operation) -> Call {
    let call = client.call(operation, CallOptions::default());
    let call = if operation.body.is_some() {
        call.body(Ok("b"))
    } else {
        call
    };
    if operation.parameters.is_empty() {
        call
    } else {
        call.parameter("id", Ok("u"))
    }
}

/// Starts a server that sends `reply` for the first `failures` requests, and then succeeds.
async fn recovering(failures: usize, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |number, _| {
        if number < failures {
            reply()
        } else {
            ok(r#"{"id":"u"}"#)
        }
    })
    .await
}

fn milliseconds(clock: &ManualClock) -> Vec<u128> {
    clock.delays().iter().map(Duration::as_millis).collect()
}

#[tokio::test]
async fn transient_failures_are_retried_with_delays_that_double() {
    for line in [
        "408 Request Timeout",
        "429 Too Many Requests",
        "502 Bad Gateway",
        "503 Service Unavailable",
        "504 Gateway Timeout",
    ] {
        let server = recovering(3, move || status(line)).await;
        let (client, clock) = patient_client(&server);
        let response = call(&client, &USER_GET)
            .send_response::<User>()
            .await
            .unwrap();
        assert_eq!((response.attempts(), server.count()), (4, 4), "{line}");
        assert_eq!(milliseconds(&clock), [200, 400, 800]);
    }
}

#[tokio::test]
async fn the_delay_is_a_random_part_of_the_maximum() {
    let server = recovering(2, || status("503 No")).await;
    let (client, clock) = patient_client(&server);
    clock.set_random(0.25);
    call(&client, &USER_GET).send::<User>().await.unwrap();
    assert_eq!(milliseconds(&clock), [50, 100]);
}

#[tokio::test]
async fn broken_connections_and_responses_are_retried() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
        b"HTTP/1.1 2",
    ] {
        let server = recovering(1, move || Reply::Close(bytes.to_vec())).await;
        let (client, _) = patient_client(&server);
        call(&client, &USER_GET).send::<User>().await.unwrap();
        assert_eq!(server.count(), 2);
    }
}

#[tokio::test]
async fn attempts_end_and_the_last_failure_is_reported() {
    let server =
        Server::start(|number, _| status(if number < 4 { "503 No" } else { "502 No" })).await;
    let (client, clock) = patient_client(&server);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!(
        (
            server.count(),
            error.attempts(),
            error.status().unwrap().as_u16()
        ),
        (5, 5, 502)
    );
    assert_eq!(
        error.to_string(),
        "demo user_get: 502 Bad Gateway: an empty response (5 attempts)"
    );
    assert_eq!(error.elapsed(), clock.delays().iter().sum());
}

#[tokio::test]
async fn other_failures_are_not_retried() {
    for line in [
        "400 No", "401 No", "403 No", "404 No", "409 No", "422 No", "500 No", "501 No", "302 No",
    ] {
        let server = Server::always(move || status(line)).await;
        let (client, _) = patient_client(&server);
        call(&client, &USER_GET).send_empty().await.unwrap_err();
        assert_eq!(server.count(), 1, "{line}");
    }
}

#[tokio::test]
async fn post_and_patch_are_never_sent_twice() {
    for operation in [&USER_CREATE, &USER_PATCH] {
        for reply in [
            || status("429 No"),
            || status("503 No"),
            || Reply::Close(Vec::new()),
            || Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()),
            || Reply::Bytes(response("503 No", "retry-after: 0\r\n", "")),
        ] {
            let server = Server::always(reply).await;
            let (client, clock) = patient_client(&server);
            let error = call(&client, operation).send_empty().await.unwrap_err();
            assert_eq!((server.count(), error.attempts()), (1, 1), "{error}");
            assert!(clock.delays().is_empty() && !error.was_not_sent());
        }
    }
}

#[tokio::test]
async fn a_post_that_was_not_sent_is_retried() {
    let clock = ManualClock::new(midnight());
    let client = settings()
        .clock(clock.clone())
        .build(&closed_port().await, key())
        .unwrap();
    let error = call(&client, &USER_CREATE).send_empty().await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!((error.attempts(), clock.delays().len()), (5, 4));
}

#[tokio::test]
async fn was_not_sent_is_false_if_an_earlier_attempt_may_have_arrived() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // Reads one request, sends no response, and closes.
    let service = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        drop(listener);
        socket.read(&mut [0; 1024]).await.unwrap()
    });
    let settings = settings().clock(ManualClock::new(midnight()));
    let client = settings.build(&address, key()).unwrap();
    let error = call(&client, &USER_DELETE).send_empty().await.unwrap_err();
    assert!(service.await.unwrap() > 0);
    assert!(error.is_connect() && !error.was_not_sent(), "{error}");
}

#[tokio::test]
async fn put_and_delete_are_retried_unless_the_policy_forbids() {
    for operation in [&USER_PUT, &USER_DELETE] {
        let server = recovering(1, || status("503 No")).await;
        let (client, _) = patient_client(&server);
        call(&client, operation).send_empty().await.unwrap();
        assert_eq!(server.count(), 2);
        assert_eq!(server.requests()[0].body, server.requests()[1].body);

        let server = recovering(1, || status("503 No")).await;
        let policy = RetryPolicy::default().retry_put(false).retry_delete(false);
        let client = settings()
            .clock(ManualClock::new(midnight()))
            .retry(policy)
            .build(&server.url(), key())
            .unwrap();
        call(&client, operation).send_empty().await.unwrap_err();
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn retry_after_is_respected_in_seconds_and_as_a_date() {
    // The clock begins at 2025-11-21 00:00:00.
    for value in ["7", "Fri, 21 Nov 2025 00:00:07 GMT"] {
        let server = recovering(1, move || {
            Reply::Bytes(response("429 No", &format!("retry-after: {value}\r\n"), ""))
        })
        .await;
        let (client, clock) = patient_client(&server);
        call(&client, &USER_GET).send_empty().await.unwrap();
        // The longest jitter is 20 %.
        assert_eq!(clock.delays(), [Duration::from_millis(8_400)], "{value}");
    }
}

#[tokio::test]
async fn retry_after_past_the_deadline_fails_immediately() {
    for value in [
        "121",
        "Fri, 21 Nov 2025 01:00:00 GMT",
        "99999999999999999999",
    ] {
        let server = Server::always(move || {
            Reply::Bytes(response("429 No", &format!("retry-after: {value}\r\n"), ""))
        })
        .await;
        let (client, clock) = patient_client(&server);
        let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
        assert!(error.is_throttled() && error.retry_after().unwrap() > Duration::from_secs(120));
        assert_eq!((server.count(), clock.delays().len()), (1, 0), "{value}");
    }
}

#[tokio::test]
async fn no_delay_exceeds_the_deadline() {
    let server =
        Server::always(|| Reply::Bytes(response("503 No", "retry-after: 50\r\n", ""))).await;
    let (client, clock) = patient_client(&server);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!(clock.delays(), [Duration::from_secs(60)]);
    assert_eq!((server.count(), error.attempts()), (2, 2));
}

#[tokio::test]
async fn the_policy_of_a_call_overrides_that_of_the_client() {
    let server = Server::always(|| status("503 No")).await;
    let (client, _) = patient_client(&server);
    let options = CallOptions::new().retry(RetryPolicy::none());
    client
        .call(&USER_GET, options)
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(server.count(), 1);
    let options = CallOptions::new().retry(RetryPolicy::default().max_attempts(2));
    client
        .call(&USER_GET, options)
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn an_outage_is_not_amplified_beyond_the_budget() {
    let server = Server::always(|| status("503 No")).await;
    let client = settings()
        .clock(ManualClock::new(midnight()))
        .retry_budget(RetryBudget::new(10, 0.1))
        .build(&server.url(), key())
        .unwrap();
    for _ in 0..100 {
        call(&client, &USER_GET).send_empty().await.unwrap_err();
    }
    // A hundred calls, the ten retries of the budget, and one for every ten calls.
    assert!((119..=120).contains(&server.count()), "{}", server.count());
}

#[tokio::test]
async fn clones_share_one_budget() {
    let server = Server::always(|| status("503 No")).await;
    let client = settings()
        .clock(ManualClock::new(midnight()))
        .retry_budget(RetryBudget::new(4, 0.0))
        .build(&server.url(), key())
        .unwrap();
    call(&client.clone(), &USER_GET)
        .send_empty()
        .await
        .unwrap_err();
    assert_eq!(server.count(), 5);
    call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!(server.count(), 6);
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_fails_no_call() {
    let server = Server::always(|| Reply::Close(response("200 OK", "", "{}"))).await;
    let client = settings()
        .retry(RetryPolicy::none())
        .build(&server.url(), key())
        .unwrap();
    for _ in 0..5 {
        call(&client, &USER_CREATE).send_empty().await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.count(), 5);
}

/// A client with this policy, whose delays end immediately.
fn client_with(server: &Server, policy: RetryPolicy) -> (Transport, ManualClock) {
    let clock = ManualClock::new(midnight());
    let settings = settings().clock(clock.clone()).retry(policy);
    (settings.build(&server.url(), key()).unwrap(), clock)
}

#[tokio::test]
async fn statuses_that_the_policy_names_are_retried() {
    let policy = RetryPolicy::default()
        .statuses([409, 423, 425, 500])
        .statuses(520..=530);
    for line in ["409 No", "423 No", "425 No", "500 No", "520 No", "530 No"] {
        let server = recovering(1, move || status(line)).await;
        let (client, _) = client_with(&server, policy.clone());
        call(&client, &USER_GET).send::<User>().await.unwrap();
        assert_eq!(server.count(), 2, "{line}");

        let server = Server::always(move || status(line)).await;
        let (client, _) = client_with(&server, policy.clone());
        let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
        assert_eq!(
            (error.attempts(), error.is_retryable()),
            (5, true),
            "{line}"
        );
        // A status in the policy does not make an operation idempotent.
        let error = call(&client, &USER_CREATE).send_empty().await.unwrap_err();
        assert_eq!(
            (error.attempts(), error.is_retryable()),
            (1, true),
            "{line}"
        );
    }
    let server = Server::always(|| status("501 No")).await;
    let (client, _) = client_with(&server, policy);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!((error.attempts(), error.is_retryable()), (1, false));
}

#[tokio::test]
async fn failures_that_the_callers_predicate_accepts_are_retried() {
    let server = recovering(2, || json("400 No", r#"{"code":"Busy"}"#)).await;
    let policy = RetryPolicy::default().retry_if(|error| error.code() == Some("Busy"));
    let (client, _) = client_with(&server, policy.clone());
    call(&client, &USER_GET).send::<User>().await.unwrap();
    assert_eq!(server.count(), 3);

    let server = Server::always(|| json("400 No", r#"{"code":"Wrong"}"#)).await;
    let (client, _) = client_with(&server, policy);
    call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_response_over_the_size_limit_is_never_retried() {
    let server = Server::always(|| ok(r#"{"id":"u"}"#)).await;
    let client = settings()
        .max_response_bytes(3)
        .retry(RetryPolicy::default().retry_if(|_| true))
        .build(&server.url(), key())
        .unwrap();
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert!(error.is_too_large() && server.count() == 1, "{error}");
}

#[tokio::test]
async fn a_407_is_never_retried() {
    let server = Server::always(|| status("407 Proxy Authentication Required")).await;
    let policy = RetryPolicy::default().statuses([407]).retry_if(|_| true);
    let (client, _) = client_with(&server, policy);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert!(!error.is_retryable() && error.is_client_error());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_403_with_a_delay_is_retried() {
    for headers in [
        "retry-after: 5\r\n",
        "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1763683205\r\n",
    ] {
        let server = recovering(1, move || Reply::Bytes(response("403 No", headers, ""))).await;
        let (client, clock) = patient_client(&server);
        call(&client, &USER_GET).send::<User>().await.unwrap();
        assert_eq!((server.count(), milliseconds(&clock)), (2, vec![6_000]));
    }
    let server =
        Server::always(|| Reply::Bytes(response("403 No", "retry-after: 500\r\n", ""))).await;
    let (client, _) = patient_client(&server);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert!(error.is_throttled() && error.is_forbidden() && error.is_retryable());
    assert_eq!(server.count(), 1, "it is beyond the deadline");
}

#[tokio::test]
async fn every_header_with_a_delay_is_read() {
    for (headers, wait) in [
        ("retry-after: 1.5\r\n", 1_500),
        ("retry-after-ms: 250\r\nretry-after: 1\r\n", 250),
        ("x-ratelimit-reset: 4\r\n", 4_000),
        ("x-ratelimit-reset: 1763683204\r\n", 4_000),
        ("ratelimit-reset: 4\r\n", 4_000),
        ("ratelimit: \"default\";r=0;t=4\r\n", 4_000),
        ("ratelimit: limit=9, remaining=0, reset=4\r\n", 4_000),
    ] {
        let server = recovering(1, move || Reply::Bytes(response("429 No", headers, ""))).await;
        let (client, clock) = patient_client(&server);
        call(&client, &USER_GET).send::<User>().await.unwrap();
        // The clock's random number is the greatest, which adds 20 %.
        let wanted = Duration::from_millis(wait).mul_f64(1.2);
        let delay = clock.delays()[0];
        assert!(
            delay.abs_diff(wanted) < Duration::from_micros(1),
            "{headers}: {delay:?}"
        );
    }
}

#[tokio::test]
async fn a_requested_delay_over_the_maximum_of_the_policy_fails_immediately() {
    let server =
        Server::always(|| Reply::Bytes(response("429 No", "retry-after: 31\r\n", ""))).await;
    let policy = RetryPolicy::default().max_retry_after(Duration::from_secs(30));
    let (client, clock) = client_with(&server, policy);
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert_eq!((server.count(), clock.delays().len()), (1, 0));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert!(error.is_throttled() && error.is_retryable());
}

/// Makes a call with these options, which succeeds in the third attempt.
async fn third_attempt(operation: &'static Operation, options: CallOptions) -> Server {
    let server = recovering(2, || status("503 No")).await;
    let (client, _) = patient_client(&server);
    let call = client.call(operation, options).body(Ok("b"));
    call.send::<User>().await.unwrap();
    assert_eq!(server.count(), 3);
    server
}

fn keys(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let keys = requests.iter().map(|request| request.header("x-pay-key"));
    keys.map(|key| key.unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_post_that_is_idempotent_according_to_the_caller_is_retried() {
    let server = third_attempt(&USER_CREATE, CallOptions::new().idempotent(true)).await;
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.header("idempotency-key").is_none())
    );
}

#[tokio::test]
async fn a_post_that_is_idempotent_according_to_the_document_is_retried() {
    third_attempt(&SEARCH_BY_POST, CallOptions::new()).await;
}

#[tokio::test]
async fn all_attempts_of_a_call_send_the_same_idempotency_key() {
    let (first, second) = (
        keys(&third_attempt(&PAY, CallOptions::new()).await),
        keys(&third_attempt(&PAY, CallOptions::new()).await),
    );
    for keys in [&first, &second] {
        assert_eq!(keys[0].len(), 36);
        assert!(keys.iter().all(|key| key == &keys[0]), "{keys:?}");
    }
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_callers_own_idempotency_key_is_sent() {
    let options = CallOptions::new().idempotency_key("order-7");
    assert_eq!(keys(&third_attempt(&PAY, options).await), ["order-7"; 3]);
    let options = CallOptions::new().header("X-Pay-Key", "order-8");
    assert_eq!(keys(&third_attempt(&PAY, options).await), ["order-8"; 3]);
}

#[tokio::test]
async fn an_invalid_idempotency_key_is_refused_and_nothing_is_sent() {
    let server = Server::always(|| ok("{}")).await;
    let (client, _) = patient_client(&server);
    for (operation, key, problem) in [
        (&USER_CREATE, "k", "the operation takes no idempotency key"),
        (
            &PAY,
            "",
            "the idempotency key cannot be sent in the header x-pay-key",
        ),
        (
            &PAY,
            "a\nb",
            "the idempotency key cannot be sent in the header x-pay-key",
        ),
    ] {
        let call = client.call(operation, CallOptions::new().idempotency_key(key));
        let error = call.body(Ok("b")).send_empty().await.unwrap_err();
        assert!(error.is_invalid_request() && error.was_not_sent());
        assert!(error.to_string().contains(problem), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_error_says_that_the_retry_budget_is_used_up() {
    let server = Server::always(|| status("503 No")).await;
    let client = settings()
        .clock(ManualClock::new(midnight()))
        .retry_budget(RetryBudget::new(1, 0.0))
        .build(&server.url(), key())
        .unwrap();
    let error = call(&client, &USER_GET).send_empty().await.unwrap_err();
    assert!(error.is_retry_budget_exhausted() && error.is_retryable());
    assert_eq!(
        error.to_string(),
        "demo user_get: 503 Service Unavailable: an empty response (2 attempts; not retried: the retry budget is used up)"
    );
    // A failure that is never retried does not use the budget.
    let error = call(&client, &USER_CREATE).send_empty().await.unwrap_err();
    assert!(!error.is_retry_budget_exhausted());
}

#[tokio::test]
async fn a_successful_retry_returns_its_token() {
    let server = Server::start(|number, _| {
        if number % 2 == 0 {
            status("503 No")
        } else {
            ok(r#"{"id":"u"}"#)
        }
    })
    .await;
    let client = settings()
        .clock(ManualClock::new(midnight()))
        .retry_budget(RetryBudget::new(1, 0.0))
        .build(&server.url(), key())
        .unwrap();
    for _ in 0..20 {
        call(&client, &USER_GET).send::<User>().await.unwrap();
    }
    assert_eq!(server.count(), 40);
}
