//! An operating system: tokio's timers and tasks, and hyper's bodies.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::task::JoinHandle;

pub use reqwest::{Body as ResponseBody, Response};
pub use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// The current time of day.
pub fn system_time() -> SystemTime {
    SystemTime::now()
}

/// Returns 128 random bits.
///
/// Each `RandomState` is a `SipHash` with a key from the system's source of randomness, so that machines that start at
/// the same moment do not create the same keys.
pub fn random_bits() -> u128 {
    let bits = || u128::from(RandomState::new().hash_one(std::time::Instant::now()));
    (bits() << 64) | bits()
}

/// A future that runs in a task of its own. Dropping the value stops the task.
pub struct Task<T>(JoinHandle<T>);

impl<T: Send + 'static> Task<T> {
    pub fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        Self(tokio::spawn(future))
    }

    /// Polls for the output; `None` if the runtime stopped the task. A panic of the task is resumed here.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.0).poll(context).map(|result| {
            result.map_or_else(
                |error| match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => None,
                },
                Some,
            )
        })
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs a future to completion in a task of its own.
pub fn detach<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) {
    tokio::spawn(future);
}

/// Runs a function that may block.
pub async fn blocking<T: Send + 'static>(
    function: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    let output = tokio::task::spawn_blocking(function).await;
    output.map_err(io::Error::other)
}

/// Opens a file, limited to its current length. The length is `None` if it is not a regular file, such as a pipe.
pub async fn open_file(path: &Path) -> io::Result<(impl AsyncRead + Send + 'static, Option<u64>)> {
    let file = tokio::fs::File::open(path).await?;
    let metadata = file.metadata().await?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    let length = metadata.is_file().then_some(metadata.len());
    // If the file grows while it is sent, the rest is not sent.
    Ok((file.take(length.unwrap_or(u64::MAX)), length))
}

/// Does nothing: credentials in headers reach only the origin of the request, since redirects are never followed.
pub fn check_credentials(_: &http::HeaderMap) -> Result<(), crate::error::Error> {
    Ok(())
}

/// Sends a request.
pub fn execute(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> impl Future<Output = Result<Response, reqwest::Error>> + Send + use<> {
    client.execute(request)
}

/// Whether no connection could be made.
pub fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// The body of a response, which is read as it arrives.
pub fn response_body(response: Response) -> ResponseBody {
    http::Response::<ResponseBody>::from(response).into_body()
}

/// A body for a request, which is read while it is sent.
#[expect(clippy::unused_async, reason = "a JavaScript host reads it here")]
pub async fn request_body(
    body: impl http_body::Body<Data = Bytes, Error = io::Error> + Send + Sync + 'static,
) -> io::Result<reqwest::Body> {
    Ok(reqwest::Body::wrap(body))
}
