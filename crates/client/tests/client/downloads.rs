//! Responses as streams of bytes, and as files.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmill_client::http::StatusCode;
use specmill_client::operation::Operation;
use specmill_client::{CallOptions, RetryPolicy, Transport};

use crate::support::{
    GET, Reply, Server, UPLOAD, VERSIONS, client, key, patient_client, response, settings, status,
};

static FILE_GET: Operation = Operation {
    id: "file_get",
    path: "/file",
    parameters: &[],
    ..GET
};

/// A string of `length` bytes, in which no sequence of 8 bytes occurs twice.
fn content(length: usize) -> String {
    let numbers = (0..).map(|number| format!("{number:07},"));
    let mut text: String = numbers.take(length / 8 + 1).collect();
    text.truncate(length);
    text
}

/// A response with the content from `start` on, like that of a service that supports ranges, truncated after `sent`
/// bytes.
fn part(whole: &str, start: usize, etag: &str, sent: usize) -> Vec<u8> {
    let (line, range) = if start == 0 {
        ("200 OK", String::new())
    } else {
        let last = whole.len() - 1;
        let range = format!("content-range: bytes {start}-{last}/{}\r\n", whole.len());
        ("206 Partial Content", range)
    };
    let headers = format!("etag: {etag}\r\naccept-ranges: bytes\r\n{range}");
    let mut bytes = response(line, &headers, &whole[start..]);
    let cut = whole.len() - start - sent.min(whole.len() - start);
    bytes.truncate(bytes.len() - cut);
    bytes
}

/// The start of the range that a request asks for.
fn start_of(request: &crate::support::Request) -> usize {
    request.header("range").map_or(0, |range| {
        let start = range.strip_prefix("bytes=").unwrap();
        start.strip_suffix('-').unwrap().parse().unwrap()
    })
}

fn left_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn download(client: &Transport, path: &Path) -> specmill_client::FileDownload {
    client
        .call(&FILE_GET, CallOptions::new())
        .send_to_file(path)
}

#[tokio::test]
async fn a_body_over_the_memory_limit_is_a_stream_of_pieces() {
    let whole = content(300_000);
    let sent = whole.clone();
    let server =
        Server::start(move |_, _| Reply::Bytes(response("200 OK", "x-kind: a\r\n", &sent))).await;
    let client = settings()
        .max_response_bytes(1000)
        .build(&server.url(), key())
        .unwrap();
    let call = client.call(&FILE_GET, CallOptions::new());
    let response = call.send_byte_stream_response().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-kind"], "a");
    let mut stream = response.into_body();
    assert_eq!(stream.content_length(), Some(300_000));
    let mut came = Vec::new();
    while let Some(piece) = stream.try_next().await.unwrap() {
        assert!(!piece.is_empty() && piece.len() <= 64 * 1024);
        came.extend_from_slice(&piece);
    }
    assert!(came == whole.as_bytes());
}

#[tokio::test]
async fn a_stream_is_collected_up_to_the_limit_of_the_client() {
    let server = Server::always(|| Reply::Bytes(response("200 OK", "", &content(2000)))).await;
    let client = |limit| {
        let settings = settings().max_response_bytes(limit);
        settings.build(&server.url(), key()).unwrap()
    };
    let get = async |limit| {
        let call = client(limit).call(&FILE_GET, CallOptions::new());
        call.send_byte_stream().await.unwrap().collect().await
    };
    assert_eq!(get(2000).await.unwrap(), content(2000));
    assert!(get(1999).await.unwrap_err().is_too_large());
}

#[tokio::test]
async fn a_stream_is_copied_to_a_writer() {
    let server = Server::always(|| Reply::Bytes(response("200 OK", "", "abc"))).await;
    let call = client(&server).call(&FILE_GET, CallOptions::new());
    let stream = call.send_byte_stream().await.unwrap();
    let mut written = Vec::new();
    assert_eq!(stream.copy_to(&mut written).await.unwrap(), 3);
    assert_eq!(written, b"abc");
}

#[tokio::test]
async fn a_stream_that_is_interrupted_or_idle_is_an_error_and_is_not_retried() {
    let server = Server::start(|_, request| {
        let mut bytes = response("200 OK", "x-request-id: r-1\r\n", "abcdef");
        bytes.truncate(bytes.len() - 3);
        if request.target == "/" {
            Reply::Close(bytes)
        } else {
            Reply::Stall(bytes)
        }
    })
    .await;
    let client = client(&server);
    let times = CallOptions::new().idle_timeout(Duration::from_millis(20));
    let mut broken = client
        .call(&VERSIONS, times.clone())
        .send_byte_stream()
        .await
        .unwrap();
    assert_eq!(broken.try_next().await.unwrap().unwrap(), "abc");
    let error = broken.try_next().await.unwrap_err();
    assert!(error.is_interrupted());
    assert_eq!(error.request_id(), Some("r-1"));
    assert!(broken.try_next().await.unwrap().is_none());
    let mut silent = client
        .call(&FILE_GET, times)
        .send_byte_stream()
        .await
        .unwrap();
    assert_eq!(silent.try_next().await.unwrap().unwrap(), "abc");
    assert!(silent.try_next().await.unwrap_err().is_timeout());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_unsuccessful_response_is_the_same_error_as_without_a_stream() {
    let server = Server::always(|| status("404 Not Found")).await;
    let call = client(&server).call(&FILE_GET, CallOptions::new());
    assert!(call.send_byte_stream().await.unwrap_err().is_not_found());
    let folder = tempfile::tempdir().unwrap();
    let error = download(&client(&server), &folder.path().join("f"))
        .await
        .unwrap_err();
    assert!(error.is_not_found());
    assert!(left_in(folder.path()).is_empty());
}

#[tokio::test]
async fn a_complete_file_replaces_the_old_one_and_its_progress_is_reported() {
    let whole = content(200_000);
    let sent = whole.clone();
    let server = Server::start(move |_, _| Reply::Bytes(response("200 OK", "", &sent))).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    std::fs::write(&path, "old").unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (told, watched) = (Arc::clone(&seen), path.clone());
    let saved = download(&client(&server), &path)
        .progress(move |progress| {
            assert_eq!(std::fs::read(&watched).unwrap(), b"old");
            told.lock()
                .unwrap()
                .push((progress.bytes(), progress.total()));
        })
        .await
        .unwrap();
    assert_eq!((*saved.body(), saved.status()), (200_000, StatusCode::OK));
    assert!(std::fs::read_to_string(&path).unwrap() == whole);
    assert_eq!(left_in(folder.path()), ["report.csv"]);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.last(), Some(&(200_000, Some(200_000))));
    assert!(seen.windows(2).all(|two| two[0].0 < two[1].0));
    // Ranges count the bytes that are sent.
    assert_eq!(
        server.requests()[0].header("accept-encoding"),
        Some("identity")
    );
}

#[tokio::test]
async fn an_interrupted_download_is_resumed() {
    let whole = content(100_000);
    let sent = whole.clone();
    let server = Server::start(move |number, request| {
        let start = start_of(request);
        // Each connection makes progress, so there can be more of them than attempts.
        if number < 8 {
            Reply::Close(part(&sent, start, "\"v1\"", 10_000))
        } else {
            Reply::Bytes(part(&sent, start, "\"v1\"", usize::MAX))
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let (client, _) = patient_client(&server);
    let saved = download(&client, &path).await.unwrap();
    assert_eq!(*saved.body(), 100_000);
    assert!(std::fs::read_to_string(&path).unwrap() == whole);
    let requests = server.requests();
    assert_eq!(requests.len(), 9);
    assert_eq!(requests[0].header("range"), None);
    assert_eq!(
        (requests[1].header("range"), requests[1].header("if-range")),
        (Some("bytes=10000-"), Some("\"v1\""))
    );
}

#[tokio::test]
async fn a_download_of_changed_content_starts_again() {
    let (old, new) = (content(50_000), content(20_000).replace('0', "x"));
    let sent = new.clone();
    let server = Server::start(move |number, _| match number {
        0 => Reply::Close(part(&old, 0, "\"v1\"", 30_000)),
        _ => Reply::Bytes(part(&sent, 0, "\"v2\"", usize::MAX)),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let (client, _) = patient_client(&server);
    download(&client, &path).await.unwrap();
    assert!(std::fs::read_to_string(&path).unwrap() == new);
    assert_eq!(server.requests()[1].header("if-range"), Some("\"v1\""));
}

#[tokio::test]
async fn a_download_starts_again_without_a_version_or_after_another_range() {
    let whole = content(50_000);
    for headers in [
        "",
        "etag: W/\"weak\"\r\n",
        "etag: \"v\"\r\naccept-ranges: none\r\n",
    ] {
        let sent = whole.clone();
        let server = Server::start(move |number, request| {
            assert_eq!(request.header("range"), None);
            let mut bytes = response("200 OK", headers, &sent);
            if number == 0 {
                bytes.truncate(bytes.len() - 20_000);
                return Reply::Close(bytes);
            }
            Reply::Bytes(bytes)
        })
        .await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let (client, _) = patient_client(&server);
        download(&client, &path).await.unwrap();
        assert!(
            std::fs::read_to_string(&path).unwrap() == whole,
            "{headers}"
        );
    }
    let sent = whole.clone();
    let server = Server::start(move |number, request| match number {
        0 => Reply::Close(part(&sent, 0, "\"v\"", 20_000)),
        1 => Reply::Bytes(part(&sent, 10, "\"v\"", usize::MAX)),
        _ => Reply::Bytes(part(&sent, start_of(request), "\"v\"", usize::MAX)),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let (client, _) = patient_client(&server);
    download(&client, &path).await.unwrap();
    assert!(std::fs::read_to_string(&path).unwrap() == whole);
}

#[tokio::test]
async fn a_download_without_new_data_fails_and_leaves_nothing_behind() {
    let whole = content(50_000);
    let server = Server::start(move |number, request| {
        let start = start_of(request);
        let sent = if number == 0 { 20_000 } else { 0 };
        Reply::Close(part(&whole, start, "\"v\"", sent))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    std::fs::write(&path, "old").unwrap();
    let (client, _) = patient_client(&server);
    let error = download(&client, &path).await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(server.count(), 5);
    assert_eq!(left_in(folder.path()), ["f"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
}

#[tokio::test]
async fn a_download_with_a_method_that_is_not_idempotent_is_attempted_once() {
    let server = Server::always(|| {
        let mut bytes = response("200 OK", "etag: \"v\"\r\n", "abcdef");
        bytes.truncate(bytes.len() - 3);
        Reply::Close(bytes)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (client, _) = patient_client(&server);
    let call = client.call(&UPLOAD, CallOptions::new());
    let error = call
        .send_to_file(folder.path().join("f"))
        .await
        .unwrap_err();
    assert!(error.is_interrupted());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_file_that_cannot_be_created_fails_before_anything_is_sent() {
    let server = Server::always(|| status("200 OK")).await;
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none/f"), "/".into()] {
        let error = download(&client(&server), &path).await.unwrap_err();
        assert!(error.is_io() && error.was_not_sent(), "{error}");
        assert!(!error.is_retryable());
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_success_response_without_content_to_save_is_an_error() {
    for line in ["202 Accepted", "204 No Content"] {
        let server = Server::always(move || status(line)).await;
        let folder = tempfile::tempdir().unwrap();
        let error = download(&client(&server), &folder.path().join("f"))
            .await
            .unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert!(left_in(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn dropping_a_download_leaves_nothing_behind() {
    let server = Server::always(|| {
        let mut bytes = response("200 OK", "", &content(1000));
        bytes.truncate(bytes.len() - 1);
        Reply::Stall(bytes)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let came = Arc::new(tokio::sync::Notify::new());
    let told = Arc::clone(&came);
    let saving = download(&client(&server), &folder.path().join("f"))
        .progress(move |_| told.notify_one())
        .into_future();
    tokio::select! {
        result = saving => panic!("{result:?}"),
        () = came.notified() => {}
    }
    assert!(left_in(folder.path()).is_empty());
}

#[tokio::test]
async fn a_policy_without_retries_resumes_nothing() {
    let whole = content(1000);
    let server = Server::start(move |_, _| Reply::Close(part(&whole, 0, "\"v\"", 10))).await;
    let folder = tempfile::tempdir().unwrap();
    let options = CallOptions::new().retry(RetryPolicy::none());
    let call = client(&server).call(&FILE_GET, options);
    let error = call
        .send_to_file(folder.path().join("f"))
        .await
        .unwrap_err();
    assert!(error.is_interrupted());
    assert_eq!(server.count(), 1);
}

/// A client without retries, so that an interrupted download is left to a later run.
fn client_without_retries(server: &Server) -> Transport {
    let settings = settings().retry(RetryPolicy::none());
    settings.build(&server.url(), key()).unwrap()
}

/// Starts a service with a versioned content, whose first response is interrupted after `first` bytes.
async fn interrupted_service(whole: &str, etag: &'static str, first: usize) -> Server {
    let whole = whole.to_owned();
    Server::start(move |number, request| {
        let start = if request.header("if-range") == Some(etag) {
            start_of(request)
        } else {
            0
        };
        if number == 0 {
            Reply::Close(part(&whole, start, etag, first))
        } else {
            Reply::Bytes(part(&whole, start, etag, usize::MAX))
        }
    })
    .await
}

#[tokio::test]
async fn a_resumable_download_is_resumed_in_a_later_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let whole = content(200_000);
    let server = interrupted_service(&whole, "\"v1\"", 120_000).await;
    let error = download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(
        left_in(folder.path()),
        [".report.csv.part", ".report.csv.part.json"]
    );
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
    assert_eq!(left_in(folder.path()), ["report.csv"]);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(start_of(&requests[1]) > 0);
    assert_eq!(requests[1].header("if-range"), Some("\"v1\""));
}

#[cfg(unix)]
#[tokio::test]
async fn a_resumable_download_does_not_follow_links() {
    for link in [".report.csv.part", ".report.csv.part.json"] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        std::fs::write(&target, "kept").unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join(link)).unwrap();
        let server = interrupted_service(&content(80_000), "\"v1\"", usize::MAX).await;
        let path = folder.path().join("report.csv");
        let error = download(&client_without_retries(&server), &path)
            .resumable()
            .await;
        assert!(
            error.unwrap_err().to_string().contains("is not a file"),
            "{link}"
        );
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "kept");
    }
}

#[tokio::test]
async fn a_later_run_starts_again_if_the_version_or_the_request_differs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let old = interrupted_service(&content(100_000), "\"v1\"", 60_000).await;
    download(&client_without_retries(&old), &path)
        .resumable()
        .await
        .unwrap_err();
    // Another host is another resource, even with the same entity tag.
    let whole = content(80_000).replace(',', ";");
    let other = interrupted_service(&whole, "\"v1\"", usize::MAX).await;
    download(&client_without_retries(&other), &path)
        .resumable()
        .await
        .unwrap();
    assert_eq!(other.requests()[0].header("range"), None);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);

    let changed = content(90_000).replace(',', ".");
    let (first, second) = (whole.clone(), changed.clone());
    let server = Server::start(move |number, _| match number {
        0 => Reply::Close(part(&first, 0, "\"v1\"", 50_000)),
        _ => Reply::Bytes(part(&second, 0, "\"v2\"", usize::MAX)),
    })
    .await;
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap_err();
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap();
    assert!(start_of(&server.requests()[1]) > 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), changed);
    assert_eq!(left_in(folder.path()), ["report.csv"]);
}

#[tokio::test]
async fn a_complete_or_too_long_part_is_requested_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let whole = content(50_000);
    let sent = whole.clone();
    let server = Server::start(move |number, request| match number {
        0 => Reply::Close(part(&sent, 0, "\"v1\"", 30_000)),
        1 => {
            assert!(start_of(request) > 0);
            status("416 Range Not Satisfiable")
        }
        _ => Reply::Bytes(part(&sent, 0, "\"v1\"", usize::MAX)),
    })
    .await;
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap_err();
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), whole);
}

#[tokio::test]
async fn nothing_is_kept_without_a_version() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.csv");
    let whole = content(50_000);
    let server = Server::start(move |_, _| {
        let mut bytes = response("200 OK", "", &whole);
        bytes.truncate(bytes.len() - 10_000);
        Reply::Close(bytes)
    })
    .await;
    download(&client_without_retries(&server), &path)
        .resumable()
        .await
        .unwrap_err();
    assert_eq!(left_in(folder.path()), [""; 0]);
}
