//! Credentials from providers.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use specmill_client::credentials::{ProvidedSecret, SecretProvider};
use specmill_client::{Authentication, CallOptions, ManualClock, Secret, Transport};
use tokio::sync::Semaphore;

use crate::support::{
    Server, USER_CREATE, USER_GET, User, eventually, midnight, ok, settings, status,
};

/// A provider that returns `secret-1`, `secret-2` and so on, each after acquiring a permit of the gate.
struct Numbered {
    provider_calls: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
    lifetime: Option<Duration>,
    fails: bool,
}

impl SecretProvider for Numbered {
    async fn secret(&self) -> Result<ProvidedSecret, Box<dyn StdError + Send + Sync>> {
        let number = self.provider_calls.fetch_add(1, Ordering::SeqCst) + 1;
        self.gate.acquire().await?.forget();
        if self.fails {
            return Err("the vault\nis sealed".into());
        }
        let secret = ProvidedSecret::new(format!("secret-{number}"));
        Ok(match self.lifetime {
            Some(lifetime) => secret.expires_in(lifetime),
            None => secret,
        })
    }
}

struct Setup {
    client: Transport,
    provider_calls: Arc<AtomicUsize>,
    gate: Arc<Semaphore>,
    clock: ManualClock,
}

fn setup(server: &Server, permits: usize, lifetime: Option<Duration>, fails: bool) -> Setup {
    let provider_calls = Arc::new(AtomicUsize::new(0));
    let gate = Arc::new(Semaphore::new(permits));
    let clock = ManualClock::new(midnight());
    let provider = Numbered {
        provider_calls: Arc::clone(&provider_calls),
        gate: Arc::clone(&gate),
        lifetime,
        fails,
    };
    let client = settings()
        .clock(clock.clone())
        .build(
            &server.url(),
            Authentication::bearer(Secret::provided(provider)),
        )
        .unwrap();
    Setup {
        client,
        provider_calls,
        gate,
        clock,
    }
}

async fn get(client: &Transport) -> Result<User, specmill_client::Error> {
    let call = client.call(&USER_GET, CallOptions::default());
    call.parameter("id", Ok("u")).send().await
}

async fn server() -> Server {
    Server::always(|| ok(r#"{"id":"u"}"#)).await
}

fn sent(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let headers = requests.iter().map(|one| one.header("authorization"));
    headers
        .map(|one| one.unwrap_or("none").to_owned())
        .collect()
}

#[tokio::test]
async fn a_provider_is_called_once_for_all_waiting_calls() {
    let server = server().await;
    let Setup {
        client,
        provider_calls,
        gate,
        ..
    } = setup(&server, 0, None, false);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await })
        })
        .collect();
    assert!(eventually(|| provider_calls.load(Ordering::SeqCst) == 1).await);
    gate.add_permits(8);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(provider_calls.load(Ordering::SeqCst), 1);
    assert_eq!(sent(&server), ["Bearer secret-1"; 8]);
}

#[tokio::test]
async fn a_failure_of_the_provider_fails_all_waiting_calls_and_nothing_is_sent() {
    let server = server().await;
    let Setup {
        client,
        provider_calls,
        gate,
        ..
    } = setup(&server, 0, None, true);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client).await })
        })
        .collect();
    assert!(eventually(|| provider_calls.load(Ordering::SeqCst) == 1).await);
    tokio::time::sleep(Duration::from_millis(20)).await;
    gate.add_permits(8);
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_credentials() && error.was_not_sent() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "demo user_get: no credentials: the vault is sealed"
        );
    }
    assert_eq!(provider_calls.load(Ordering::SeqCst), 1);
    assert_eq!(server.count(), 0);
    // The next call requests a new one.
    get(&client).await.unwrap_err();
    assert_eq!(provider_calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_credential_is_renewed_before_it_expires_while_calls_use_it() {
    let server = server().await;
    let Setup {
        client,
        provider_calls,
        gate,
        clock,
    } = setup(&server, 1, Some(Duration::from_secs(100)), false);
    get(&client).await.unwrap();
    clock.advance(Duration::from_secs(79));
    get(&client).await.unwrap();
    clock.advance(Duration::from_secs(2));
    // One call renews it and waits; the others use the one that is still valid.
    let renewing = {
        let client = client.clone();
        tokio::spawn(async move { get(&client).await })
    };
    assert!(eventually(|| provider_calls.load(Ordering::SeqCst) == 2).await);
    get(&client).await.unwrap();
    gate.add_permits(1);
    renewing.await.unwrap().unwrap();
    get(&client).await.unwrap();
    let [one, two] = ["Bearer secret-1", "Bearer secret-2"];
    assert_eq!(sent(&server), [one, one, one, two, two]);
}

#[tokio::test]
async fn an_expired_credential_is_not_sent() {
    let server = server().await;
    let setup = setup(&server, 9, Some(Duration::from_secs(100)), false);
    get(&setup.client).await.unwrap();
    setup.clock.advance(Duration::from_secs(100));
    get(&setup.client).await.unwrap();
    assert_eq!(sent(&server), ["Bearer secret-1", "Bearer secret-2"]);
}

#[tokio::test]
async fn a_401_renews_the_credential_once_and_the_request_is_retried_with_any_method() {
    let server = Server::start(|_, request| match request.header("authorization") {
        Some("Bearer secret-2") => ok(r#"{"id":"u"}"#),
        _ => status("401 Unauthorized"),
    })
    .await;
    let setup = setup(&server, 9, None, false);
    let call = setup.client.call(&USER_CREATE, CallOptions::default());
    let call = call.body(Ok(serde_json::json!({"name": "Ann"})));
    call.send_empty().await.unwrap();
    assert_eq!(sent(&server), ["Bearer secret-1", "Bearer secret-2"]);
    assert!(setup.clock.delays().is_empty());

    let refusing = Server::always(|| status("401 Unauthorized")).await;
    let setup = self::setup(&refusing, 9, None, false);
    let error = get(&setup.client).await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!((error.attempts(), refusing.count()), (2, 2));
}

#[tokio::test]
async fn a_401_is_reported_if_the_provider_has_no_new_credential() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    std::fs::write(&path, "from-the-file\n").unwrap();
    let refusing = Server::always(|| status("401 Unauthorized")).await;
    let client = settings()
        .build(
            &refusing.url(),
            Authentication::api_key("X-API-Key", Secret::file(&path)),
        )
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(refusing.count(), 1);
}

#[tokio::test]
async fn a_file_is_read_when_it_is_needed_and_again_when_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let server = server().await;
    let clock = ManualClock::new(midnight());
    let client = settings()
        .clock(clock.clone())
        .build(
            &server.url(),
            Authentication::api_key_query("key", Secret::file(&path)),
        )
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.is_credentials(), "{error}");
    assert!(error.to_string().contains("key: "), "{error}");

    std::fs::write(&path, "one\n").unwrap();
    get(&client).await.unwrap();
    std::fs::write(&path, "two\n").unwrap();
    get(&client).await.unwrap();
    clock.advance(Duration::from_secs(60));
    get(&client).await.unwrap();
    assert_eq!(
        server.targets(),
        ["/users/u?key=one", "/users/u?key=one", "/users/u?key=two"]
    );

    std::fs::write(&path, "x".repeat(70_000)).unwrap();
    clock.advance(Duration::from_secs(60));
    let error = get(&client).await.unwrap_err();
    assert!(error.to_string().contains("larger than"), "{error}");
    std::fs::write(&path, " \n").unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(error.to_string().contains("empty"), "{error}");
}

#[tokio::test]
async fn a_provided_credential_is_redacted_wherever_a_service_sends_it_back() {
    let server =
        Server::always(|| crate::support::json("400 Bad Request", r#"{"message":"bad secret-1"}"#))
            .await;
    let setup = setup(&server, 9, None, false);
    let error = get(&setup.client).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?} {:?}", error.body(), setup.client);
    assert!(!shown.contains("secret-1"), "{shown}");
    assert!(shown.contains("bad [redacted]"), "{shown}");
}

#[tokio::test]
async fn the_wait_for_a_provider_ends_at_the_deadline_of_the_call() {
    let server = server().await;
    let setup = setup(&server, 0, None, false);
    let options = CallOptions::default().timeout(Duration::from_millis(20));
    let call = setup.client.call(&USER_GET, options);
    let error = call
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.was_not_sent(), "{error}");
    assert_eq!(server.count(), 0);
}
