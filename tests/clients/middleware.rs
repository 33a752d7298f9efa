//! Custom middleware around each attempt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmill::Error;
use specmill::http::{HeaderMap, HeaderValue, StatusCode};
use specmill::middleware::{Middleware, Next, Request, Response};
use specmill_sandbox::{Fault, Operation, Sandbox};

use crate::support::{clock, panther_builder, sandbox};

/// The observations of a middleware, line by line.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn push(&self, line: impl Into<String>) {
        self.0.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Records each attempt.
struct Notes(Seen);

impl Middleware for Notes {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        let line = format!(
            "{} {} {} attempt {}",
            request.operation(),
            request.method(),
            request.url_template(),
            request.attempt()
        );
        let result = next.run(request).await;
        match &result {
            Ok(response) => self.0.push(format!("{line}: {}", response.status())),
            Err(error) => self.0.push(format!("{line}: {:?}", error.kind())),
        }
        result
    }
}

/// Records everything printable of a request.
struct Printer(Seen);

impl Middleware for Printer {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        self.0.push(format!("{request:?}"));
        self.0
            .push(format!("{:?} {}", request.headers(), request.url()));
        self.0.push(request.credential_headers().join(" "));
        let response = next.run(request).await?;
        self.0.push(format!("{response:?}"));
        Ok(response)
    }
}

/// Changes the request with a function.
struct Change<F>(F);

fn change<F>(change: F) -> Change<F>
where
    F: Fn(&mut Request) -> Result<(), Error> + Send + Sync + 'static,
{
    Change(change)
}

impl<F> Middleware for Change<F>
where
    F: Fn(&mut Request) -> Result<(), Error> + Send + Sync + 'static,
{
    async fn handle(&self, mut request: Request, next: Next<'_>) -> Result<Response, Error> {
        (self.0)(&mut request)?;
        next.run(request).await
    }
}

/// Returns a response without sending the request.
struct Responds(StatusCode, &'static str);

impl Middleware for Responds {
    async fn handle(&self, _: Request, _: Next<'_>) -> Result<Response, Error> {
        Ok(Response::new(self.0, HeaderMap::new(), self.1))
    }
}

fn with(sandbox: &Sandbox, middleware: impl Middleware) -> specmill::panther::Client {
    let builder = panther_builder(sandbox).clock(clock());
    builder.middleware(middleware).build().unwrap()
}

#[tokio::test]
async fn it_sees_each_attempt_with_its_number_and_the_status_or_the_failure() {
    let (sandbox, seen) = (sandbox().await, Seen::default());
    let panther = with(&sandbox, Notes(seen.clone()));
    sandbox.fail_next(Fault::status(503));
    sandbox.fail_next(Fault::close());
    panther.user_list().send().await.unwrap();
    assert_eq!(
        seen.lines(),
        [
            "user_list GET /users attempt 1: 503 Service Unavailable",
            "user_list GET /users attempt 2: Interrupted",
            "user_list GET /users attempt 3: 200 OK",
        ]
    );
}

#[tokio::test]
async fn nothing_that_it_can_print_shows_a_credential() {
    let (sandbox, seen) = (sandbox().await, Seen::default());
    let panther = panther_builder(&sandbox)
        .header("x-proxy-token", "token-of-the-proxy")
        .middleware(Printer(seen.clone()))
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();
    let lines = seen.lines();
    let printed = lines.join("\n");
    assert!(!printed.contains(sandbox.panther_api_key()), "{printed}");
    assert!(!printed.contains("token-of-the-proxy"), "{printed}");
    assert!(lines[0].contains(r#""x-proxy-token": "[redacted]""#));
    assert_eq!(lines[2], "X-API-Key");
}

#[tokio::test]
async fn it_changes_headers_and_query_of_the_request() {
    let sandbox = sandbox().await;
    let panther = with(
        &sandbox,
        change(|request| {
            let trace = HeaderValue::from_static("00-1");
            request.headers_mut().insert("traceparent", trace);
            let url = format!("{}?limit=1", request.url());
            request.set_url(&url)
        }),
    );
    let page = panther.user_list().send().await.unwrap();
    assert_eq!(page.results.len(), 1);
    let sent = sandbox.requests().last().unwrap();
    assert_eq!(sent.header("traceparent"), Some("00-1"));
    assert_eq!(sent.query(), Some("limit=1"));
}

#[tokio::test]
async fn a_credential_that_it_sets_is_replaced_by_the_clients() {
    let sandbox = sandbox().await;
    let panther = with(
        &sandbox,
        change(|request| {
            let forged = HeaderValue::from_static("forged");
            request.headers_mut().insert("x-api-key", forged);
            Ok(())
        }),
    );
    panther.user_list().send().await.unwrap();
}

#[tokio::test]
async fn it_cannot_send_credentials_to_another_origin() {
    let sandbox = sandbox().await;
    let elsewhere = sandbox.other_origin_url().to_owned();
    let panther = with(
        &sandbox,
        change(move |request| request.set_url(&format!("{elsewhere}/users"))),
    );
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_middleware() && error.was_not_sent());
    assert_eq!(
        error.to_string(),
        "panther user_list: middleware failed: it set a URL of another origin than the client's base URL"
    );
    assert_eq!(sandbox.other_origin_requests().count(), 0);

    let panther = with(
        &sandbox,
        change(|request| {
            let host = HeaderValue::from_static("evil.test");
            request.headers_mut().insert("host", host);
            Ok(())
        }),
    );
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_middleware() && error.was_not_sent());
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_response_of_its_own_is_treated_as_the_services() {
    let sandbox = sandbox().await;
    let panther = with(&sandbox, Responds(StatusCode::OK, r#"{"results":[]}"#));
    assert!(panther.user_list().send().await.unwrap().results.is_empty());

    let gone = with(
        &sandbox,
        Responds(StatusCode::NOT_FOUND, r#"{"message":"no such user"}"#),
    );
    let error = gone.user_get("u-1").send().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.message(), Some("no such user"));

    let busy = with(&sandbox, Responds(StatusCode::SERVICE_UNAVAILABLE, ""));
    let error = busy.user_get("u-1").send().await.unwrap_err();
    assert_eq!(error.attempts(), 5);
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn its_own_failure_ends_the_call_and_says_whether_anything_was_sent() {
    struct After;
    impl Middleware for After {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            next.run(request).await?;
            Err(Error::middleware("the disk\nis full"))
        }
    }
    let sandbox = sandbox().await;
    let before = with(&sandbox, change(|_| Err(Error::middleware("not today"))));
    let error = before.user_list().send().await.unwrap_err();
    assert!(error.is_middleware() && error.was_not_sent() && !error.is_retryable());
    assert_eq!((error.attempts(), sandbox.requests().count()), (1, 0));

    let after = with(&sandbox, After);
    let error = after.user_list().send().await.unwrap_err();
    assert!(error.is_middleware() && !error.was_not_sent());
    assert_eq!(
        error.to_string(),
        "panther user_list: middleware failed: the disk is full"
    );
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 1);
}

#[tokio::test]
async fn what_is_added_first_is_outermost() {
    struct Around(&'static str, Seen);
    impl Middleware for Around {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            self.1.push(format!("{} before", self.0));
            let result = next.run(request).await;
            self.1.push(format!("{} after", self.0));
            result
        }
    }
    let (sandbox, seen) = (sandbox().await, Seen::default());
    let panther = panther_builder(&sandbox)
        .middleware(Around("outer", seen.clone()))
        .middleware(Around("inner", seen.clone()))
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();
    assert_eq!(
        seen.lines(),
        ["outer before", "inner before", "inner after", "outer after"]
    );
}

#[tokio::test]
async fn an_attempt_can_be_retried_within_it() {
    struct Twice;
    impl Middleware for Twice {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            let first = next.run(request.clone()).await?;
            if first.status() == StatusCode::CONFLICT {
                return next.run(request).await;
            }
            Ok(first)
        }
    }
    let sandbox = sandbox().await;
    let panther = with(&sandbox, Twice);
    sandbox.fail_next(Fault::status(409));
    panther.user_list().send().await.unwrap();
    assert_eq!(sandbox.requests().count(), 2);
}

#[tokio::test]
async fn waiting_in_it_ends_with_the_calls_time() {
    struct Forever;
    impl Middleware for Forever {
        async fn handle(&self, _: Request, _: Next<'_>) -> Result<Response, Error> {
            std::future::pending().await
        }
    }
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .total_timeout(Duration::from_millis(20))
        .middleware(Forever)
        .build()
        .unwrap();
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_credential_that_the_service_sends_back_is_redacted_in_what_is_recorded() {
    struct Recorder(Seen);
    impl Middleware for Recorder {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            let response = next.run(request).await?;
            let body = response.redacted_body();
            self.0.push(String::from_utf8_lossy(&body).into_owned());
            Ok(response)
        }
    }
    let (sandbox, seen) = (sandbox().await, Seen::default());
    let panther = with(&sandbox, Recorder(seen.clone()));
    let key = sandbox.panther_api_key().to_owned();
    for status in [200, 400] {
        let body = format!(r#"{{"results":[],"message":"you sent {key}"}}"#);
        sandbox.fail_next(Fault::custom(status, "application/json", body));
        let _ = panther.user_list().send().await;
    }
    let lines = seen.lines();
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert!(line.contains("you sent [redacted]"), "{line}");
    }
}
