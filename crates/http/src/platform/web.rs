//! A JavaScript host, such as a browser: `fetch`, and the timers and tasks of its event loop. It has a single thread;
//! [`SendWrapper`] checks that no other thread uses JavaScript values.

use std::io;
use std::path::Path;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use http_body::{Frame, SizeHint};
use reqwest::Url;
use send_wrapper::SendWrapper;
use tokio::io::AsyncRead;
use tokio::sync::oneshot;
use web_time::web::SystemTimeExt as _;

pub use wasmtimer::std::Instant;
pub use wasmtimer::tokio::{Sleep, sleep, sleep_until};

/// The maximum delay of a timer of the host. A longer one overflows its 32-bit milliseconds.
const MAX_DELAY: Duration = Duration::from_millis(i32::MAX as u64);

/// The error of a future that timed out.
pub struct Elapsed;

/// Runs a future with a timeout.
pub async fn timeout<F: Future>(time: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    let mut timer = pin!((time <= MAX_DELAY).then(|| sleep(time)));
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        match timer.as_mut().as_pin_mut() {
            Some(timer) => timer.poll(context).map(|()| Err(Elapsed)),
            None => Poll::Pending,
        }
    })
    .await
}

/// The current time of day.
pub fn system_time() -> SystemTime {
    web_time::SystemTime::now().to_std()
}

/// Returns 128 random bits, from a generator that is seeded with the host's randomness.
pub fn random_bits() -> u128 {
    fastrand::u128(..)
}

/// A future that runs in a task of its own. Dropping the value stops the task.
pub struct Task<T>(oneshot::Receiver<T>);

impl<T: Send + 'static> Task<T> {
    pub fn spawn(future: impl Future<Output = T> + Send + 'static) -> Self {
        let (mut sender, receiver) = oneshot::channel();
        wasm_bindgen_futures::spawn_local(async move {
            let mut future = pin!(future);
            let output = std::future::poll_fn(|context| {
                if sender.poll_closed(context).is_ready() {
                    return Poll::Ready(None);
                }
                future.as_mut().poll(context).map(Some)
            })
            .await;
            if let Some(output) = output {
                // Sending fails only if the receiver was dropped.
                let _ = sender.send(output);
            }
        });
        Self(receiver)
    }

    /// Polls for the output; `None` if the host stopped the task.
    pub fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.0).poll(context).map(Result::ok)
    }
}

/// Runs a future to completion in a task of its own.
pub fn detach<T: 'static>(future: impl Future<Output = T> + 'static) {
    wasm_bindgen_futures::spawn_local(async move {
        future.await;
    });
}

/// Runs a function on the only thread.
#[expect(clippy::unused_async, reason = "a thread runs it elsewhere")]
pub async fn blocking<T>(function: impl FnOnce() -> T) -> io::Result<T> {
    Ok(function())
}

/// Fails, since there are no files.
#[expect(clippy::unused_async, reason = "a thread opens it elsewhere")]
pub async fn open_file(_: &Path) -> io::Result<(impl AsyncRead + Send + 'static, Option<u64>)> {
    Err::<(tokio::io::Empty, _), _>(io::Error::new(
        io::ErrorKind::Unsupported,
        "there are no files on wasm32-unknown-unknown",
    ))
}

/// Refuses credentials that could reach another origin: `fetch` follows redirects, and removes only `Authorization`.
pub fn check_credentials(headers: &HeaderMap) -> Result<(), crate::error::Error> {
    let mut exposed = headers
        .iter()
        .filter(|(name, value)| value.is_sensitive() && *name != http::header::AUTHORIZATION);
    match exposed.next() {
        None => Ok(()),
        Some((name, _)) => Err(crate::error::Error::configuration(format!(
            "credentials in the header `{name}` are not sent on wasm32-unknown-unknown, where the JavaScript host could \
             redirect them to another origin: call the service through a server of your own"
        ))),
    }
}

/// Sends a request. Dropping the future aborts it.
pub fn execute(
    client: &reqwest::Client,
    request: reqwest::Request,
) -> impl Future<Output = Result<Response, reqwest::Error>> + Send + use<> {
    let client = client.clone();
    SendWrapper::new(async move { client.execute(request).await.map(Response::new) })
}

/// Returns `false`, since the host does not report why a request failed.
pub fn is_connect(_: &reqwest::Error) -> bool {
    false
}

/// A response whose body has not been read yet.
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    url: Url,
    body: ResponseBody,
}

impl Response {
    fn new(mut response: reqwest::Response) -> Self {
        Self {
            status: response.status(),
            url: response.url().clone(),
            headers: std::mem::take(response.headers_mut()),
            body: ResponseBody::Pieces(SendWrapper::new(Box::pin(response.bytes_stream()))),
        }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns `None`, since the host decompresses bodies without reporting it.
    pub fn content_length(&self) -> Option<u64> {
        None
    }

    /// Returns the next piece of the body.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, reqwest::Error> {
        let next = std::future::poll_fn(|context| self.body.poll_piece(context)).await;
        next.transpose()
    }
}

/// The body of a response.
pub enum ResponseBody {
    Bytes(Bytes),
    Pieces(SendWrapper<Pieces>),
}

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, reqwest::Error>>>>;

impl ResponseBody {
    fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, reqwest::Error>>> {
        match self {
            Self::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
            }
            Self::Pieces(pieces) => pieces.as_mut().poll_next(context),
        }
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl http_body::Body for ResponseBody {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        let next = ready!(self.poll_piece(context));
        Poll::Ready(next.map(|piece| piece.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Pieces(_) => SizeHint::default(),
        }
    }
}

/// The body of a response, which is read as it arrives.
pub fn response_body(response: Response) -> ResponseBody {
    response.body
}

/// A body for a request, which is read into memory first, since reqwest's `fetch` does not accept streams.
pub async fn request_body(
    body: impl http_body::Body<Data = Bytes, Error = io::Error> + Send + Sync + 'static,
) -> io::Result<reqwest::Body> {
    let mut body = pin!(body);
    let mut all = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        // A request has no trailers.
        if let Ok(piece) = frame?.into_data() {
            all.extend_from_slice(&piece);
        }
    }
    Ok(all.freeze().into())
}
