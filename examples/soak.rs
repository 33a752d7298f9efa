//! Makes many concurrent calls of both APIs on a sandbox in this process, and reports throughput and memory.
//!
//! ```console
//! $ cargo run --release --example soak                  # 200,000 calls, 64 at a time
//! $ cargo run --release --example soak -- 20000 8
//! ```
//!
//! Faults are injected into some of the calls, which succeed after retries. The program fails if a call fails or if memory
//! grows. Client and sandbox share the process, so neither may grow.

#[macro_use]
mod services;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use specmill::{RetryBudget, RetryPolicy, panther, scp::identity_center};
use specmill_sandbox::{Fault, Faults, Sandbox};

/// The number of reports on speed and memory.
const REPORTS: u64 = 10;
/// The maximum growth of resident memory from the second report to the last, in KiB.
const MOST_GROWTH: u64 = 4 * 1024;

#[tokio::main]
async fn main() -> ExitCode {
    services::finish(run().await)
}

struct Soak {
    panther: panther::Client,
    center: identity_center::Client,
    instance_id: String,
    user_ids: Vec<String>,
    calls: u64,
    begun: AtomicU64,
    done: AtomicU64,
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: u64 = arguments.next().map_or(Ok(200_000), |text| text.parse())?;
    let concurrency: u64 = arguments.next().map_or(Ok(64), |text| text.parse())?;
    let sandbox = Sandbox::builder()
        .panther_users(500)
        .identity_center_users(500)
        .log_capacity(0)
        .faults(
            Faults::seeded(1)
                .rate(0.01, Fault::status(429))
                .rate(0.01, Fault::html(503))
                .rate(0.005, Fault::reset())
                .rate(0.005, Fault::response().truncated()),
        )
        .start()
        .await?;
    let retry = RetryPolicy::default()
        .max_attempts(10)
        .base_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(20));
    let soak = Arc::new(Soak {
        panther: panther::Client::builder()
            .base_url(sandbox.panther_url())
            .api_key(sandbox.panther_api_key())
            .retry(retry.clone())
            .retry_budget(RetryBudget::unlimited())
            .build()?,
        center: identity_center::Client::builder()
            .base_url(sandbox.identity_center_url())
            .credentials(sandbox.access_key(), sandbox.secret_key())
            .retry(retry)
            .retry_budget(RetryBudget::unlimited())
            .build()?,
        instance_id: sandbox.instance_id().to_owned(),
        user_ids: sandbox.panther_user_ids(),
        calls,
        begun: AtomicU64::new(0),
        done: AtomicU64::new(0),
    });

    let start = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..concurrency {
        let soak = Arc::clone(&soak);
        workers.spawn(async move { soak.work().await });
    }
    let watch = tokio::spawn(watch(Arc::clone(&soak), start));
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    let memory = watch.await?;
    println!(
        "{calls} calls, {} requests, {concurrency} at a time, none failed",
        sandbox.requests().count()
    );
    match memory[..] {
        [_, early, .., last] if last > early + MOST_GROWTH => {
            Err(format!("memory grew from {early} to {last} KiB").into())
        }
        _ => Ok(()),
    }
}

impl Soak {
    async fn work(&self) -> Result<(), specmill::Error> {
        loop {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return Ok(());
            }
            self.call(number).await?;
            self.done.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Makes one call. The number selects the operation.
    async fn call(&self, number: u64) -> Result<(), specmill::Error> {
        let place = usize::try_from(number).unwrap_or(0) % self.user_ids.len();
        match number % 4 {
            0 => {
                let list = self.panther.user_list().limit(20);
                list.send().await.map(drop)
            }
            1 => match self.panther.user_get("u-404").send().await {
                Err(error) if error.is_not_found() => Ok(()),
                result => result.map(drop),
            },
            2 => {
                let list = self.center.list_users().instance_id(&self.instance_id);
                list.page(number % 25).send().await.map(drop)
            }
            _ => {
                let get = self.panther.user_get(&self.user_ids[place]);
                get.send().await.map(drop)
            }
        }
    }
}

/// Prints a line at each tenth of the calls. Returns the memory at each of them, in KiB.
async fn watch(soak: Arc<Soak>, start: Instant) -> Vec<u64> {
    let mut memory = Vec::new();
    for report in 1..=REPORTS {
        let goal = soak.calls * report / REPORTS;
        while soak.done.load(Ordering::Relaxed) < goal {
            // The workers have ended early, so a call failed.
            if Arc::strong_count(&soak) == 2 && soak.done.load(Ordering::Relaxed) < goal {
                return memory;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let seconds = start.elapsed().as_secs_f64();
        let resident = resident_kib();
        println!(
            "{goal:>8} calls {:>8.0} calls/s {:>8} KiB",
            rate(goal, seconds),
            resident.map_or_else(|| "?".to_owned(), |kib| kib.to_string()),
        );
        memory.extend(resident);
    }
    memory
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of calls are far below 2^52"
)]
fn rate(calls: u64, seconds: f64) -> f64 {
    calls as f64 / seconds
}

/// The resident memory of this process, if the system reports it.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
