//! The blocks of `docs/middleware.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn middleware() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::middleware::{Middleware, Next, Request, Response};
    use specmill::{Error, panther::Client};

    /// Prints a line for each attempt.
    struct PrintAttempts;

    impl Middleware for PrintAttempts {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            let line = format!("{} attempt {}", request.operation(), request.attempt());
            let result = next.run(request).await;
            match &result {
                Ok(response) => {
                    eprintln!("{line}: {} in {:?}", response.status(), response.elapsed())
                }
                Err(error) => eprintln!("{line}: {error}"),
            }
            result
        }
    }

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(PrintAttempts)
        .build()?;
    panther.user_list().send().await?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn a_response_cache_with_etag() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::collections::HashMap;
    use std::sync::Mutex;

    use specmill::bytes::Bytes;
    use specmill::http::header::{ETAG, IF_NONE_MATCH};
    use specmill::http::{HeaderMap, Method, StatusCode};
    use specmill::middleware::{Middleware, Next, Request, Response};
    use specmill::{Error, panther::Client};

    /// Responses by URL. One client has one set of credentials, so nothing is shared between users.
    #[derive(Default)]
    struct Cache(Mutex<HashMap<String, (HeaderMap, Bytes)>>);

    impl Middleware for Cache {
        async fn handle(&self, mut request: Request, next: Next<'_>) -> Result<Response, Error> {
            if *request.method() != Method::GET {
                return next.run(request).await;
            }
            let url = request.url().to_owned();
            let cached = self.0.lock().unwrap().get(&url).cloned();
            if let Some(tag) = cached.as_ref().and_then(|(headers, _)| headers.get(ETAG)) {
                request.headers_mut().insert(IF_NONE_MATCH, tag.clone());
            }
            let response = next.run(request).await?;
            match (response.status(), cached) {
                (StatusCode::NOT_MODIFIED, Some((headers, body))) => {
                    Ok(Response::new(StatusCode::OK, headers, body))
                }
                (StatusCode::OK, _) if response.headers().contains_key(ETAG) => {
                    let value = (response.headers().clone(), response.body().clone());
                    self.0.lock().unwrap().insert(url, value);
                    Ok(response)
                }
                _ => Ok(response),
            }
        }
    }

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(Cache::default())
        .build()?;
    // docs: end
    use specmill_sandbox::Fault;
    let user = serde_json::json!({"id": "u-1", "email": "ann@acme.test", "enabled": true, "givenName": "Ann",
        "familyName": "Lee", "role": {}});
    sandbox.fail_next(Fault::json(200, &user)?.header("etag", "\"v1\""));
    // docs: more

    let first = panther.user_get("u-1").send().await?;
    // docs: end
    sandbox.fail_next(Fault::empty(304));
    // docs: more
    let second = panther.user_get("u-1").send().await?; // 304: the user of the first call.
    assert_eq!(first, second);
    // docs: end
    assert_eq!(
        sandbox.requests().last().unwrap().header("if-none-match"),
        Some("\"v1\"")
    );
    Ok(())
}

#[tokio::test]
async fn a_rate_limiter() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::time::Duration;

    use specmill::middleware::{Middleware, Next, Request, Response};
    use specmill::{Error, panther::Client};
    use tokio::sync::Mutex;
    use tokio::time::{Instant, sleep_until};

    struct RateLimit {
        interval: Duration,
        next: Mutex<Option<Instant>>,
    }

    impl Middleware for RateLimit {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            let turn = {
                let mut at = self.next.lock().await;
                let turn = at.unwrap_or_else(Instant::now).max(Instant::now());
                *at = Some(turn + self.interval);
                turn
            };
            sleep_until(turn).await; // Bounded by the total timeout of the call.
            next.run(request).await
        }
    }

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(RateLimit {
            interval: Duration::from_millis(100),
            next: Mutex::new(None),
        })
        .build()?;
    // docs: end
    let start = Instant::now();

    // docs: more
    panther.user_list().send().await?;
    panther.user_list().send().await?;
    // docs: end
    assert!(start.elapsed() >= Duration::from_millis(100));
    Ok(())
}

#[tokio::test]
async fn a_recorder() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use std::sync::{Arc, Mutex};

    use specmill::middleware::{Middleware, Next, Request, Response};
    use specmill::{Error, panther::Client};

    #[derive(Clone, Default)]
    struct Recorder(Arc<Mutex<Vec<String>>>);

    impl Middleware for Recorder {
        async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
            let sent = format!("{} {}", request.method(), request.url());
            let response = next.run(request).await?;
            let body = response.redacted_body();
            let line = format!(
                "{sent} {} {}",
                response.status(),
                String::from_utf8_lossy(&body)
            );
            self.0.lock().unwrap().push(line);
            Ok(response)
        }
    }

    let recorder = Recorder::default();
    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(recorder.clone())
        .build()?;
    panther.user_list().limit(1).send().await?;
    let lines = recorder.0.lock().unwrap();
    assert!(lines[0].contains("/users?limit=1 200 OK {"));
    assert!(!lines[0].contains(sandbox.panther_api_key()));
    // docs: end
    Ok(())
}

#[cfg(feature = "tower")]
#[tokio::test]
async fn layers_of_tower() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::middleware::TowerLayer;
    use specmill::panther::Client;
    use tower::limit::ConcurrencyLimitLayer;

    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(TowerLayer::new(ConcurrencyLimitLayer::new(8)))
        .build()?;
    panther.user_list().send().await?;
    // docs: end
    Ok(())
}
