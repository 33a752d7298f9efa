//! Bodies that are truncated, slow, or endless.

use std::{convert::Infallible, io, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::{
    StreamExt,
    stream::{self, Stream},
};
use http::header::CONTENT_LENGTH;

use super::Delivery;

static BLANKS: [u8; 64 * 1024] = [b' '; 64 * 1024];

impl Delivery {
    /// Sends the body in this way. All headers stay except `Content-Length`.
    pub(super) fn deliver(self, mut response: Response, body: Bytes) -> Response {
        let half = body.slice(..body.len() / 2);
        let declared = match self {
            // Declares a length even for an empty body, so that bytes are missing.
            Self::Truncated => Some(body.len().max(1) as u64),
            Self::Huge { bytes } => Some(bytes.max(body.len() as u64)),
            _ => None,
        };
        if let Some(length) = declared {
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        *response.body_mut() = match self {
            Self::Whole => Body::from(body),
            Self::Truncated | Self::TruncatedChunked => Body::from_stream(broken(half)),
            Self::Drip { bytes, pause } => Body::from_stream(dripping(body, bytes, pause)),
            Self::Endless => Body::from_stream(padded(body, u64::MAX)),
            Self::Huge { bytes } => {
                let blanks = bytes.saturating_sub(body.len() as u64);
                Body::from_stream(padded(body, blanks))
            }
        };
        response
    }
}

/// Sends the bytes and then fails, so that the server closes the connection.
fn broken(bytes: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    let failure = async {
        // While the body is pending, the server flushes its buffer.
        tokio::task::yield_now().await;
        Err(io::Error::other("the fault truncates the body"))
    };
    stream::iter([Ok(bytes)]).chain(stream::once(failure))
}

fn dripping(
    body: Bytes,
    size: usize,
    pause: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold(body, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = left.split_to(size.min(left.len()));
        Some((Ok(piece), left))
    })
}

fn padded(body: Bytes, blanks: u64) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let padding = stream::unfold(blanks, |left| async move {
        let size = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(BLANKS.len());
        (size > 0).then(|| (Ok(Bytes::from_static(&BLANKS[..size])), left - size as u64))
    });
    stream::iter([Ok(body)]).chain(padding)
}
