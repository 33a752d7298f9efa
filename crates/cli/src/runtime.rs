//! The async runtime.

use std::future::Future;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::failure::{Failure, Kind, local};

/// Runs to completion, or until the user interrupts.
pub(crate) fn interruptible<T>(
    run: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| local("cannot start", error))?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = run => result,
            Ok(()) = interruption() => Err(Failure::new(Kind::Interrupted, "interrupted")),
        }
    });
    // Tasks in flight are not awaited.
    runtime.shutdown_background();
    result
}

/// Completes when the user interrupts the run.
fn interruption() -> oneshot::Receiver<()> {
    let (interrupted, interruption) = oneshot::channel();
    let signal = signal();
    tokio::spawn(async move {
        if signal.await.is_some() {
            let _ = interrupted.send(());
            // A run that is blocked on standard input or output does not receive the interruption.
            tokio::time::sleep(Duration::from_secs(1)).await;
            std::process::exit(Kind::Interrupted.exit_code().into());
        }
    });
    interruption
}

/// A future that completes on Ctrl+C, which is handled as soon as this function returns; `None` if it cannot be
/// handled.
#[cfg(unix)]
fn signal() -> impl Future<Output = Option<()>> + Send + 'static {
    let signal = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    async move { signal.ok()?.recv().await }
}

/// Completes on Ctrl+C; `None` if the signal cannot be handled.
#[cfg(not(unix))]
fn signal() -> impl Future<Output = Option<()>> + Send + 'static {
    async { tokio::signal::ctrl_c().await.ok() }
}
