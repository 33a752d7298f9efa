//! Request bodies that are read while they are sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use specmill_client::operation::{Method, Operation};
use specmill_client::{BodySource, CallOptions, Error, Transport};
use tokio::io::{AsyncRead, ReadBuf};

use crate::support::{
    Reply, Server, UPLOAD_TABLE, client, closed_port, key, patient_client, settings, status,
};

static PUT_FILE: Operation = Operation {
    id: "put_file",
    method: Method::PUT,
    ..UPLOAD_TABLE
};

async fn put(client: &Transport, source: impl Into<BodySource>) -> Result<(), Error> {
    put_with(client, source, CallOptions::new()).await
}

async fn put_with(
    client: &Transport,
    source: impl Into<BodySource>,
    options: CallOptions,
) -> Result<(), Error> {
    let call = client.call(&PUT_FILE, options);
    call.body_source(Ok(source)).send_empty().await
}

async fn taking() -> Server {
    Server::always(|| status("200 OK")).await
}

/// Creates a file in a temporary folder.
fn file(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.bin");
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

#[tokio::test]
async fn bytes_files_readers_and_streams_arrive_with_their_length() {
    let server = taking().await;
    let client = client(&server);
    let content = "0123456789".repeat(20_000);
    let (_folder, path) = file(&content);
    put(&client, content.clone()).await.unwrap();
    put(&client, BodySource::file(path)).await.unwrap();
    let reader = io::Cursor::new(content.clone().into_bytes());
    put(&client, BodySource::reader(reader, 200_000))
        .await
        .unwrap();
    let pieces: Vec<io::Result<bytes::Bytes>> = content
        .as_bytes()
        .chunks(7777)
        .map(|piece| Ok(piece.to_vec().into()))
        .collect();
    let stream = futures_util::stream::iter(pieces);
    put(&client, BodySource::stream(stream, 200_000))
        .await
        .unwrap();
    put(&client, BodySource::reader(tokio::io::empty(), 0))
        .await
        .unwrap();
    let requests = server.requests();
    for request in &requests[..4] {
        assert_eq!(request.header("content-length"), Some("200000"));
        assert_eq!(
            request.header("content-type"),
            Some("application/octet-stream")
        );
        assert!(request.body == content);
    }
    assert_eq!(requests[4].header("content-length"), Some("0"));
}

#[tokio::test]
async fn a_source_without_a_length_is_sent_in_chunks() {
    let server = taking().await;
    let reader = io::Cursor::new(b"abc".to_vec());
    put(&client(&server), BodySource::reader(reader, None))
        .await
        .unwrap();
    let request = server.requests().remove(0);
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    assert_eq!(
        (request.header("content-length"), &*request.body),
        (None, "abc")
    );
}

#[tokio::test]
async fn a_source_that_can_be_opened_again_is_sent_again() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Close(Vec::new()),
        1 => status("503 Service Unavailable"),
        _ => status("200 OK"),
    })
    .await;
    let (client, _) = patient_client(&server);
    let (_folder, path) = file("file");
    put(&client, BodySource::file(path)).await.unwrap();
    assert_eq!(
        server
            .requests()
            .iter()
            .map(|one| one.body.as_str())
            .collect::<Vec<_>>(),
        ["file"; 3]
    );

    let server = Server::start(|number, _| match number {
        0 => status("503 Service Unavailable"),
        _ => status("200 OK"),
    })
    .await;
    let (client, _) = patient_client(&server);
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open = move || {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(io::Cursor::new(b"made".to_vec()))
    };
    put(&client, BodySource::reopen(open, 4)).await.unwrap();
    assert_eq!((server.count(), opened.load(Ordering::Relaxed)), (2, 2));
}

#[tokio::test]
async fn a_source_that_was_read_is_not_sent_again() {
    let server = Server::always(|| status("503 Service Unavailable")).await;
    let (client, _) = patient_client(&server);
    let source = BodySource::reader(io::Cursor::new(b"once".to_vec()), 4);
    let error = put(&client, source.clone()).await.unwrap_err();
    assert!(error.is_server_error() && error.attempts() == 1, "{error}");
    assert_eq!(server.count(), 1);
    let error = put(&client, source).await.unwrap_err();
    assert!(error.is_io() && error.was_not_sent());
    assert_eq!(
        error.to_string(),
        "demo put_file: the source of the body was read before"
    );
}

#[tokio::test]
async fn an_unread_source_is_kept_for_the_next_attempt() {
    let (client, clock) = {
        let clock = specmill_client::ManualClock::new(crate::support::midnight());
        let settings = settings().clock(clock.clone());
        (settings.build(&closed_port().await, key()).unwrap(), clock)
    };
    let source = BodySource::reader(io::Cursor::new(b"once".to_vec()), 4);
    let error = put(&client, source.clone()).await.unwrap_err();
    assert!(error.is_connect() && error.attempts() == 5, "{error}");
    assert_eq!(clock.delays().len(), 4);
    let server = taking().await;
    let other = crate::support::client(&server);
    put(&other, source).await.unwrap();
    assert_eq!(server.requests()[0].body, "once");
}

#[tokio::test]
async fn a_source_with_a_wrong_length_fails_the_call() {
    let server = taking().await;
    let (client, _) = patient_client(&server);
    for (length, problem) in [
        (2, "it is longer than its length"),
        (4, "it is shorter than its length"),
    ] {
        let source = BodySource::reader(io::Cursor::new(b"abc".to_vec()), length);
        let error = put(&client, source).await.unwrap_err();
        assert!(error.is_io() && !error.is_retryable(), "{error}");
        assert_eq!(
            error.to_string(),
            format!("demo put_file: the source of the body could not be read: {problem}")
        );
    }
    assert_eq!(server.count(), 0);
}

/// A reader that fails.
struct Failing;

impl AsyncRead for Failing {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("the disk is gone")))
    }
}

/// A reader that never returns data.
struct Silent;

impl AsyncRead for Silent {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_failing_source_is_an_io_error_and_not_one_of_the_service() {
    let server = taking().await;
    let (client, _) = patient_client(&server);
    let error = put(&client, BodySource::reopen(|| Ok(Failing), 10))
        .await
        .unwrap_err();
    assert!(error.is_io() && error.attempts() == 1);
    assert!(error.to_string().ends_with("the disk is gone"), "{error}");
    let error = put(&client, BodySource::file("/nowhere/at/all"))
        .await
        .unwrap_err();
    assert!(
        error.is_io() && error.was_not_sent() && error.attempts() == 0,
        "{error}"
    );
    assert!(
        error.to_string().contains("could not read /nowhere/at/all"),
        "{error}"
    );
}

#[tokio::test]
async fn a_source_without_data_ends_at_the_idle_timeout() {
    let server = taking().await;
    let (client, _) = patient_client(&server);
    let times = CallOptions::new().idle_timeout(Duration::from_millis(20));
    let error = put_with(&client, BodySource::reader(Silent, 10), times)
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(
        error.to_string(),
        "demo put_file: no data for 20ms: see idle_timeout"
    );
}

/// A reader that returns single bytes after pauses.
struct Slow {
    left: usize,
    pause: Pin<Box<tokio::time::Sleep>>,
}

const PAUSE: Duration = Duration::from_millis(20);

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        std::task::ready!(self.pause.as_mut().poll(context));
        if self.left > 0 {
            self.left -= 1;
            buffer.put_slice(b"x");
            self.pause
                .as_mut()
                .reset(tokio::time::Instant::now() + PAUSE);
        }
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn an_upload_in_progress_is_not_limited_and_the_response_has_the_attempt_timeout() {
    let server = Server::start(|number, _| match number {
        0 => status("200 OK"),
        _ => Reply::Stall(Vec::new()),
    })
    .await;
    let client = client(&server);
    let slow = || Slow {
        left: 60,
        pause: Box::pin(tokio::time::sleep(PAUSE)),
    };
    // Sending alone takes far longer.
    let times = CallOptions::new()
        .attempt_timeout(Duration::from_secs(1))
        .idle_timeout(Duration::from_secs(60));
    put_with(&client, BodySource::reader(slow(), 60), times.clone())
        .await
        .unwrap();
    let error = put_with(&client, BodySource::reader(slow(), 60), times)
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(
        error.to_string().contains("the attempt timed out after 1s"),
        "{error}"
    );
}

#[tokio::test]
async fn the_timeout_of_a_call_limits_an_upload() {
    let server = taking().await;
    let times = CallOptions::new().timeout(Duration::from_millis(50));
    let error = put_with(&client(&server), BodySource::reader(Silent, 10), times)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("the call timed out after 50ms"),
        "{error}"
    );
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn a_body_is_compressed_on_request() {
    use std::io::Read as _;

    let server = taking().await;
    let client = client(&server);
    let content = "0123456789".repeat(20_000);
    let options = || CallOptions::new().gzip_body(true);
    put_with(&client, content.clone(), options()).await.unwrap();
    let (_folder, path) = file(&content);
    put_with(&client, path, options()).await.unwrap();
    for request in server.requests() {
        assert_eq!(request.header("content-encoding"), Some("gzip"));
        assert!(request.bytes.len() < 10_000);
        let mut text = String::new();
        flate2::read::GzDecoder::new(&request.bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        assert!(text == content);
    }
}

#[tokio::test]
async fn no_output_shows_the_content_of_a_source() {
    let shown = format!("{:?}", BodySource::from("hunter2"));
    assert_eq!(shown, "BodySource { kind: \"bytes\", length: Some(7), .. }");
}
