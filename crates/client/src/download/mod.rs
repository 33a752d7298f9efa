//! Saves a response to a file.

mod part;

use std::fmt;
use std::future::IntoFuture;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use specmill_http::body::ByteStream;
use specmill_http::error::{Error, Kind};
use specmill_http::platform::ResponseBody;
use specmill_http::request::Prepared;
use specmill_http::response::Response;
use specmill_transport::execute::RawResponse;
use tokio::io::AsyncWriteExt as _;

use self::part::{Part, problem};
use crate::call::Call;

/// The progress of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    bytes: u64,
    total: Option<u64>,
}

impl Progress {
    /// The number of bytes in the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The total number of bytes, if the service states it.
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

type OnProgress = Box<dyn FnMut(Progress) + Send>;

/// A call that saves its response to a file. `await` it to send the request.
///
/// The response is written to a temporary file in the same folder, which is renamed at the end: the file has either
/// its old or its complete new content, and a failed download leaves nothing behind, unless it is
/// [`resumable`](Self::resumable).
///
/// An interrupted download is resumed if the operation is a GET and the service supports `Range` and names the version
/// of the content (`ETag` or `Last-Modified`); otherwise it starts again, if the call can be retried. It fails after
/// as many consecutive attempts without new data as the retry policy allows.
///
/// The size is not limited. The attempt timeout applies up to the head of the response, then the idle timeout.
///
/// ```
/// # async fn example(download: specmill_client::FileDownload) -> Result<(), specmill_client::Error> {
/// let saved = download.progress(|so_far| eprint!("\r{} bytes", so_far.bytes())).await?;
/// println!("{} bytes", saved.body());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before it is awaited"]
pub struct FileDownload {
    call: Call,
    path: PathBuf,
    resumable: bool,
    /// The mutex is never locked: it makes the download `Sync`, since its future must hold it.
    progress: Option<Mutex<OnProgress>>,
}

impl Call {
    /// Saves the response to a file, regardless of its type.
    pub fn send_to_file(self, path: impl Into<PathBuf>) -> FileDownload {
        FileDownload::new(self, path.into())
    }
}

impl FileDownload {
    fn new(call: Call, path: PathBuf) -> Self {
        Self {
            call,
            path,
            resumable: false,
            progress: None,
        }
    }

    /// Keeps the received part if the download fails or the program ends. A later run that saves the same request to
    /// the same path resumes it.
    ///
    /// The received part is in `.NAME.part` beside the file, and its version is in `.NAME.part.json`. If this is still
    /// the version of the service, the later run requests the rest; otherwise it starts again, so that two versions
    /// are never mixed. Nothing is kept if the service does not name a version, or if the operation is not a GET. Only
    /// one download at a time may save to a path.
    pub fn resumable(mut self) -> Self {
        self.resumable = true;
        self
    }

    /// Sets a function that is called after each piece is written.
    pub fn progress(mut self, progress: impl FnMut(Progress) + Send + 'static) -> Self {
        self.progress = Some(Mutex::new(Box::new(progress)));
        self
    }

    async fn run(mut self) -> Result<Response<u64>, Error> {
        let mut prepared = self.call.prepared()?;
        // Ranges count the bytes that are sent, so these must be the bytes that are written.
        prepared
            .headers
            .insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let created = if self.resumable {
            Part::resume(
                &self.path,
                identity(&prepared, self.call.operation().method.as_str()),
            )
            .await
        } else {
            Part::create(&self.path).await.map(|part| (part, None))
        };
        let (mut part, earlier) = created.map_err(|problem| self.failed(problem, false))?;
        let mut is_resumed = earlier.is_some();
        let (mut written, mut version) = match earlier {
            Some(earlier) => (earlier.written, Some(earlier.version)),
            None => (0, None),
        };
        let mut failures = 0;
        loop {
            let (stream, head) = match self.open(&prepared, written, version.as_ref()).await {
                Ok(opened) => opened,
                // The file on the service is shorter than before.
                Err(error) if written > 0 && is_beyond_the_end(&error) => {
                    version = None;
                    written = 0;
                    if std::mem::take(&mut is_resumed) {
                        continue;
                    }
                    failures += 1;
                    match self.call.delay_before(failures, Some(&error)) {
                        Some(_) => continue,
                        None => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            };
            if written == 0 || !continues_at(&head, written) {
                if head.status() == StatusCode::PARTIAL_CONTENT && written > 0 {
                    // The service sent another range than requested, so the whole file is requested.
                    version = None;
                    written = 0;
                    failures += 1;
                    if self.call.delay_before(failures, None).is_some() {
                        continue;
                    }
                }
                written = 0;
                version = version_of(&prepared, &self.call.operation().method, head.headers());
                part.restart(version.as_ref())
                    .await
                    .map_err(|problem| self.failed(problem, true))?;
            }
            is_resumed = false;
            let before = written;
            let error = match self.copy(stream, &mut part, &mut written).await {
                Ok(()) => {
                    part.finish(&self.path)
                        .await
                        .map_err(|problem| self.failed(problem, true))?;
                    return Ok(head.map(|()| written));
                }
                Err(error) => error,
            };
            // Flushed even on failure, so that the received bytes are in the file.
            let _ = part.file.flush().await;
            if written > before && before > 0 {
                failures = 0;
            }
            failures += 1;
            let Some(delay) = self.call.delay_before_repeating(failures, &error) else {
                return Err(error);
            };
            if version.is_none() {
                written = 0;
            }
            self.call.sleep(delay).await;
        }
    }

    /// Requests the response, or the part of it after `written` bytes.
    async fn open(
        &self,
        prepared: &Prepared,
        written: u64,
        version: Option<&HeaderValue>,
    ) -> Result<(ByteStream, Response<()>), Error> {
        let mut prepared = prepared.clone();
        if let (Some(version), true) = (version, written > 0)
            && let Ok(range) = HeaderValue::from_str(&format!("bytes={written}-"))
        {
            prepared.headers.insert(RANGE, range);
            prepared.headers.insert(IF_RANGE, version.clone());
        }
        let response: RawResponse<ResponseBody> = self.call.open(&prepared).await?;
        if matches!(
            response.status,
            StatusCode::ACCEPTED | StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT
        ) {
            let incoming = self.call.incoming(response);
            let problem = "the response contains nothing to save".to_owned();
            return Err(incoming.head().tell(Error::new(Kind::Decode(problem))));
        }
        let head = Response::new(
            response.status,
            response.headers.clone(),
            response.attempts,
            (),
        );
        Ok((self.call.byte_stream(response), head))
    }

    async fn copy(
        &mut self,
        mut stream: ByteStream,
        part: &mut Part,
        written: &mut u64,
    ) -> Result<(), Error> {
        let total = stream.content_length().map(|rest| *written + rest);
        while let Some(piece) = stream.try_next().await? {
            let result = part.file.write_all(&piece).await;
            result.map_err(|error| self.failed(problem("write", &part.path, &error), true))?;
            *written += piece.len() as u64;
            if let Some(progress) = &mut self.progress {
                let progress = progress.get_mut().unwrap_or_else(PoisonError::into_inner);
                progress(Progress {
                    bytes: *written,
                    total,
                });
            }
        }
        Ok(())
    }

    fn failed(&self, problem: String, sent: bool) -> Error {
        Error::new(Kind::Io { problem, sent }).on(self.call.operation())
    }
}

impl IntoFuture for FileDownload {
    /// The head of the response, with the number of bytes in the file.
    type Output = Result<Response<u64>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for FileDownload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FileDownload")
            .field("call", &self.call)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The identity of a request, by which a later run recognises it. The query is hashed instead of stored, since it may
/// be confidential.
fn identity(prepared: &Prepared, method: &str) -> String {
    let mut url = prepared.url.clone();
    let mut hasher = DefaultHasher::new();
    url.query().hash(&mut hasher);
    url.set_query(None);
    format!("{method} {url} {:016x}", hasher.finish())
}

/// The version of the content, with which the rest of a download is requested: a strong `ETag`, or else the time of
/// the last change. `None` if ranges cannot be requested.
fn version_of(prepared: &Prepared, method: &Method, headers: &HeaderMap) -> Option<HeaderValue> {
    let refused = headers
        .get(ACCEPT_RANGES)
        .is_some_and(|ranges| ranges.as_bytes().eq_ignore_ascii_case(b"none"));
    if *method != Method::GET || refused || prepared.headers.contains(&RANGE) {
        return None;
    }
    headers
        .get(ETAG)
        .filter(|tag| !tag.as_bytes().starts_with(b"W/"))
        .or_else(|| headers.get(LAST_MODIFIED))
        .cloned()
}

/// Whether a response is the rest after a number of bytes.
fn continues_at(head: &Response<()>, written: u64) -> bool {
    let range = head.headers().get(CONTENT_RANGE);
    let start = range
        .and_then(|range| range.to_str().ok())
        .and_then(|range| range.trim().strip_prefix("bytes "))
        .and_then(|range| range.split('-').next()?.trim().parse().ok());
    head.status() == StatusCode::PARTIAL_CONTENT && start == Some(written)
}

fn is_beyond_the_end(error: &Error) -> bool {
    error.status() == Some(StatusCode::RANGE_NOT_SATISFIABLE)
}
