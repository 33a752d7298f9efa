//! Calls Panther's sandbox through nginx with TLS, with 64 calls in flight, while nginx is reloaded five times in 30
//! seconds: over HTTP/1.1, then over HTTP/2.
//!
//! ```console
//! $ cargo bench --features http2 --bench tls_proxy
//! ```
//!
//! It requires nginx (Debian: `nginx-light`) and openssl, and fails if a GET fails or a POST arrives twice.

mod proxy;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use specmill::panther::{Client, types};
use specmill::{Pem, Tls};
use specmill_sandbox::{Operation, Sandbox};
use tokio::task::JoinSet;

use proxy::{Protocol, Proxy};

/// The number of calls in flight.
const CONCURRENCY: u64 = 64;
/// The number of reloads of nginx, and the time that calls continue after each.
const RELOADS: u32 = 5;
const PAUSE: Duration = Duration::from_secs(6);
/// One of this number of calls creates a user.
const CREATE_EVERY: u64 = 50;

#[tokio::main]
async fn main() -> ExitCode {
    println!(
        "| protocol | GET | retried | failed | POST | failed | arrived twice | calls a second |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for protocol in [Protocol::Http1, Protocol::Http2] {
        match run(protocol).await {
            Ok(true) => {}
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Counts {
    gets: AtomicU64,
    retried: AtomicU64,
    failed_gets: AtomicU64,
    posts: AtomicU64,
    failed_posts: AtomicU64,
}

/// Whether no GET failed and no POST arrived twice.
async fn run(protocol: Protocol) -> Result<bool, Box<dyn Error>> {
    let sandbox = Sandbox::builder().log_capacity(0).start().await?;
    let proxy = Proxy::start(protocol, sandbox.panther_url())?;
    let client = Client::builder()
        .base_url(proxy.url())
        .api_key(sandbox.panther_api_key())
        .tls(Tls::new().only_root_certificates(Pem::file(proxy.certificate())))
        .build()?;
    let ids = Arc::new(sandbox.panther_user_ids());
    let counts = Arc::new(Counts::default());
    let begun = Instant::now();
    let end = begun + PAUSE * RELOADS;
    let mut tasks = JoinSet::new();
    for task in 0..CONCURRENCY {
        let (client, ids, counts) = (client.clone(), Arc::clone(&ids), Arc::clone(&counts));
        tasks.spawn(async move {
            let mut number = task;
            while Instant::now() < end {
                if number.is_multiple_of(CREATE_EVERY) {
                    create(&client, number, &counts).await;
                } else {
                    get(&client, &ids, number, &counts).await;
                }
                number += CONCURRENCY;
            }
        });
    }
    for _ in 0..RELOADS {
        tokio::time::sleep(PAUSE / 2).await;
        proxy.reload()?;
        tokio::time::sleep(PAUSE / 2).await;
    }
    while let Some(task) = tasks.join_next().await {
        task?;
    }
    let elapsed = begun.elapsed();
    let arrived = sandbox.requests().count_of(Operation::UserCreate);
    let (gets, posts) = (counts.gets.load(Relaxed), counts.posts.load(Relaxed));
    let (failed, twice) = (
        counts.failed_gets.load(Relaxed),
        arrived.saturating_sub(posts),
    );
    println!(
        "| {protocol} | {gets} | {} | {failed} | {posts} | {} | {twice} | {} |",
        counts.retried.load(Relaxed),
        counts.failed_posts.load(Relaxed),
        u128::from(gets + posts) * 1000 / elapsed.as_millis().max(1)
    );
    Ok(failed == 0 && twice == 0)
}

async fn get(client: &Client, ids: &[String], number: u64, counts: &Counts) {
    let index = usize::try_from(number).unwrap_or_default() % ids.len();
    counts.gets.fetch_add(1, Relaxed);
    match client.user_get(&ids[index]).send_response().await {
        Ok(response) if response.attempts() > 1 => {
            counts.retried.fetch_add(1, Relaxed);
        }
        Ok(_) => {}
        Err(error) => {
            eprintln!("{}", error.with_causes());
            counts.failed_gets.fetch_add(1, Relaxed);
        }
    }
}

/// An interrupted POST may have been carried out, so it fails and is not retried.
async fn create(client: &Client, number: u64, counts: &Counts) {
    let user = types::ModifyUser::builder()
        .email(format!("user.{number}@acme.test"))
        .given_name("Ann")
        .family_name("Lee")
        .role(types::UserRole::builder().name("Analyst"));
    counts.posts.fetch_add(1, Relaxed);
    if client.user_create().body(user).send().await.is_err() {
        counts.failed_posts.fetch_add(1, Relaxed);
    }
}
