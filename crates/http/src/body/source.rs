use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::io::{AsyncRead, ReadBuf};

use super::PIECE;
use crate::platform;

/// The source of a request body: bytes, a file, a reader or a stream.
///
/// Bytes and strings convert to it. Any other source is read in pieces of 64 KiB.
///
/// A call is retried only if its source can be opened again: bytes, a [`file`](Self::file), or a source with
/// [`reopen`](Self::reopen). Any other source is read once, and the call is retried only if it failed before anything
/// was read, such as when no connection could be made.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// use specmill_client::BodySource;
///
/// let bytes = BodySource::from("a string is its UTF-8");
/// assert_eq!(bytes.length(), Some(21));
/// let file = BodySource::file("report.pdf");
/// let reader = BodySource::reader(&b"anything that reads"[..], 19);
/// assert!(file.can_be_reopened() && !reader.can_be_reopened());
/// ```
#[derive(Clone)]
pub struct BodySource {
    kind: Kind,
    length: Option<u64>,
    pub(super) gzip: bool,
}

#[derive(Clone)]
enum Kind {
    Bytes(Bytes),
    File(PathBuf),
    /// Empty once reading has started.
    Once(Slot),
    Reopen(Arc<dyn Fn() -> io::Result<Pieces> + Send + Sync>),
    /// Sources that are sent one after the other; none of them is `Parts`.
    Parts(Arc<[BodySource]>),
}

/// A source that can be read only once; the first reader takes it.
pub(super) type Slot = Arc<Mutex<Option<Pieces>>>;

/// The pieces of a body.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// An opened source.
pub(super) struct Opened {
    pub(super) pieces: Pieces,
    /// The length of the body in bytes, if it is known.
    pub(super) length: Option<u64>,
    /// The slot to which the pieces are returned if none of them was read.
    pub(super) slot: Option<Slot>,
}

impl BodySource {
    /// An in-memory body.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = Some(bytes.len() as u64);
        Self::of(Kind::Bytes(bytes), length)
    }

    /// A file, which is opened for each attempt; its length is determined then.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Kind::File(path.into()), None)
    }

    /// A reader. The call fails if the reader is shorter or longer than its length. With `None`, the body is sent in
    /// chunks, which not every service accepts.
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: impl Into<Option<u64>>) -> Self {
        Self::once(Box::pin(Reading::new(reader)), length.into())
    }

    /// A stream of pieces. Its length is checked like that of a [`reader`](Self::reader).
    pub fn stream(
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: impl Into<Option<u64>>,
    ) -> Self {
        Self::once(Box::pin(stream), length.into())
    }

    /// A reader that is opened again for each attempt, so that the call can be retried.
    ///
    /// ```
    /// # extern crate specmill_http as specmill_client;
    /// use specmill_client::BodySource;
    ///
    /// let rows = BodySource::reopen(|| Ok(&b"id,name\n1,ann\n"[..]), 14);
    /// assert!(rows.can_be_reopened());
    /// ```
    pub fn reopen<R: AsyncRead + Send + 'static>(
        open: impl Fn() -> io::Result<R> + Send + Sync + 'static,
        length: impl Into<Option<u64>>,
    ) -> Self {
        let open = move || open().map(|reader| Box::pin(Reading::new(reader)) as Pieces);
        Self::of(Kind::Reopen(Arc::new(open)), length.into())
    }

    /// Concatenates sources.
    pub(crate) fn parts(parts: Vec<Self>) -> Self {
        let length = parts.iter().map(|part| part.length).sum();
        Self::of(Kind::Parts(parts.into()), length)
    }

    /// The path, if the source is a file.
    pub(crate) fn path(&self) -> Option<&std::path::Path> {
        match &self.kind {
            Kind::File(path) => Some(path),
            _ => None,
        }
    }

    /// The number of bytes, if it is known before the source is opened; `None` for a file.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether the source can be read more than once.
    pub fn can_be_reopened(&self) -> bool {
        match &self.kind {
            Kind::Once(_) => false,
            Kind::Parts(parts) => parts.iter().all(Self::can_be_reopened),
            _ => true,
        }
    }

    fn of(kind: Kind, length: Option<u64>) -> Self {
        Self {
            kind,
            length,
            gzip: false,
        }
    }

    fn once(pieces: Pieces, length: Option<u64>) -> Self {
        Self::of(Kind::Once(Arc::new(Mutex::new(Some(pieces)))), length)
    }

    #[doc(hidden)]
    /// The bytes of an in-memory body.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.kind {
            Kind::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    #[doc(hidden)]
    /// The bytes or a placeholder, for the display of a request.
    pub fn shown(&self) -> Bytes {
        match (&self.kind, self.length) {
            (Kind::Bytes(bytes), _) => bytes.clone(),
            (Kind::File(path), _) => format!("[the file {}]", path.display()).into(),
            (_, Some(length)) => format!("[{length} bytes]").into(),
            (_, None) => Bytes::from_static(b"[a stream]"),
        }
    }

    #[doc(hidden)]
    /// Whether the source can be opened now: it can be reopened, or it has not been read yet.
    pub fn can_be_opened(&self) -> bool {
        match &self.kind {
            Kind::Once(slot) => lock(slot).is_some(),
            Kind::Parts(parts) => parts.iter().all(Self::can_be_opened),
            _ => true,
        }
    }

    #[doc(hidden)]
    /// Compresses the source: bytes now, other sources when they are read.
    #[cfg(feature = "gzip")]
    pub fn gzipped(mut self) -> Result<Self, String> {
        if let Kind::Bytes(bytes) = &self.kind {
            let compressed = super::gzip::compressed(bytes);
            return compressed
                .map(Self::bytes)
                .map_err(|error| format!("the body cannot be compressed: {error}"));
        }
        self.length = None;
        self.gzip = true;
        Ok(self)
    }

    /// Opens the source. The error is a message of one line.
    pub(super) async fn open(&self) -> Result<Opened, String> {
        let Kind::Parts(parts) = &self.kind else {
            return self.open_one().await;
        };
        let mut pieces = VecDeque::with_capacity(parts.len());
        let mut length = Some(0_u64);
        for part in parts.iter() {
            let opened = part.open_one().await?;
            length = length
                .zip(opened.length)
                .map(|(one, other)| one.saturating_add(other));
            pieces.push_back(opened.pieces);
        }
        Ok(Opened {
            pieces: Box::pin(Chained(pieces)),
            length,
            slot: None,
        })
    }

    async fn open_one(&self) -> Result<Opened, String> {
        let opened = match &self.kind {
            Kind::Bytes(bytes) => Opened {
                pieces: Box::pin(Whole(bytes.clone())),
                length: self.length,
                slot: None,
            },
            Kind::File(path) => {
                let problem =
                    |error: io::Error| format!("could not read {}: {error}", path.display());
                let (file, length) = platform::open_file(path).await.map_err(problem)?;
                Opened {
                    pieces: Box::pin(Reading::new(file)),
                    length,
                    slot: None,
                }
            }
            Kind::Once(slot) => {
                let pieces = lock(slot).take();
                Opened {
                    pieces: pieces.ok_or("the source of the body was read before")?,
                    length: self.length,
                    slot: Some(Arc::clone(slot)),
                }
            }
            Kind::Parts(_) => return Err("a part of the body has parts of its own".to_owned()),
            Kind::Reopen(open) => Opened {
                pieces: open().map_err(|error| {
                    format!("the source of the body could not be opened: {error}")
                })?,
                length: self.length,
                slot: None,
            },
        };
        Ok(opened)
    }
}

pub(super) fn lock(slot: &Slot) -> std::sync::MutexGuard<'_, Option<Pieces>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

macro_rules! from_bytes {
    ($($type:ty),*) => {
        $(
            impl From<$type> for BodySource {
                fn from(bytes: $type) -> Self {
                    Self::bytes(bytes)
                }
            }
        )*
    };
}

from_bytes!(
    Bytes,
    BytesMut,
    Vec<u8>,
    String,
    &'static [u8],
    &'static str
);

impl<const LENGTH: usize> From<&'static [u8; LENGTH]> for BodySource {
    fn from(bytes: &'static [u8; LENGTH]) -> Self {
        Self::bytes(&bytes[..])
    }
}

/// Creates a [`BodySource::file`].
impl From<PathBuf> for BodySource {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

/// Creates a [`BodySource::file`].
impl From<&std::path::Path> for BodySource {
    fn from(path: &std::path::Path) -> Self {
        Self::file(path)
    }
}

impl fmt::Debug for BodySource {
    // The contents may be personal data.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.kind {
            Kind::Bytes(_) => "bytes",
            Kind::File(_) => "file",
            Kind::Once(_) => "reader",
            Kind::Reopen(_) => "reopen",
            Kind::Parts(_) => "parts",
        };
        formatter
            .debug_struct("BodySource")
            .field("kind", &kind)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// A concatenation of streams.
struct Chained(VecDeque<Pieces>);

impl Stream for Chained {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while let Some(first) = self.0.front_mut() {
            match ready!(first.as_mut().poll_next(context)) {
                Some(piece) => return Poll::Ready(Some(piece)),
                None => self.0.pop_front(),
            };
        }
        Poll::Ready(None)
    }
}

/// Bytes as a stream of one piece.
struct Whole(Bytes);

impl Stream for Whole {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
    }
}

/// A reader as a stream of pieces.
struct Reading {
    reader: Pin<Box<dyn AsyncRead + Send>>,
    buffer: BytesMut,
}

impl Reading {
    fn new(reader: impl AsyncRead + Send + 'static) -> Self {
        Self {
            reader: Box::pin(reader),
            buffer: BytesMut::new(),
        }
    }
}

impl Stream for Reading {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        // The buffer is reused once all of its pieces are dropped.
        if !this.buffer.try_reclaim(PIECE) {
            this.buffer = BytesMut::with_capacity(PIECE);
        }
        this.buffer.resize(PIECE, 0);
        let mut read = ReadBuf::new(&mut this.buffer);
        let result = ready!(this.reader.as_mut().poll_read(context, &mut read));
        let count = read.filled().len();
        this.buffer.truncate(count);
        Poll::Ready(match result {
            Err(error) => Some(Err(error)),
            Ok(()) if count == 0 => None,
            Ok(()) => Some(Ok(this.buffer.split().freeze())),
        })
    }
}
