//! Running what waits for the network.

use std::future::Future;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::failure::{Failure, Kind, local};

/// Runs until the end, or until the user interrupts.
pub(crate) fn interruptible(run: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
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
    // What is still on its way is not waited for.
    runtime.shutdown_background();
    result
}

/// Comes when the user interrupts the run.
fn interruption() -> oneshot::Receiver<()> {
    let (interrupted, interruption) = oneshot::channel();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = interrupted.send(());
            // A run that is held up by standard input or output does not hear it.
            tokio::time::sleep(Duration::from_secs(1)).await;
            std::process::exit(Kind::Interrupted.exit_code().into());
        }
    });
    interruption
}
