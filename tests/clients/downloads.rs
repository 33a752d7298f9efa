//! Responses of any operation as byte streams and as files.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use specmill::serde_json::{Value, from_slice};
use specmill_sandbox::Fault;

use crate::support::{PATIENCE, panther, panther_builder, sandbox};

const MIB: u64 = 1024 * 1024;

fn left_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[tokio::test]
async fn a_response_larger_than_the_client_takes_into_memory_comes_in_pieces() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .max_response_bytes(1000)
        .build()
        .unwrap();
    sandbox.fail_next_n(2, Fault::response().huge(3 * MIB));
    assert!(panther.user_list().send().await.unwrap_err().is_too_large());
    let response = panther.user_list().send_byte_stream().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let mut stream = response.into_body();
    assert_eq!(stream.content_length(), Some(3 * MIB));
    let mut count = 0;
    while let Some(piece) = stream.try_next().await.unwrap() {
        assert!(!piece.is_empty() && piece.len() <= 64 * 1024);
        count += piece.len() as u64;
    }
    assert_eq!(count, 3 * MIB);
}

#[tokio::test]
async fn a_stream_outlives_the_timeout_of_an_attempt_and_ends_by_the_idle_timeout() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .attempt_timeout(Duration::from_secs(2))
        .idle_timeout(PATIENCE)
        .build()
        .unwrap();
    // The body takes at least 2.4 s.
    let slow = Fault::custom(200, "text/plain", vec![b'a'; 12]);
    sandbox.fail_next(slow.drip(1, Duration::from_millis(200)));
    let response = panther.user_list().send_byte_stream().await.unwrap();
    assert_eq!(response.into_body().collect().await.unwrap().len(), 12);

    let panther = panther_builder(&sandbox)
        .idle_timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    sandbox.fail_next(Fault::response().drip(10, PATIENCE));
    let response = panther.user_list().send_byte_stream().await.unwrap();
    let collected = tokio::time::timeout(PATIENCE, response.into_body().collect()).await;
    let error = collected.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_an_interruption_and_not_retried() {
    let sandbox = sandbox().await;
    sandbox.fail_next(Fault::response().truncated());
    let response = panther(&sandbox).user_list().send_byte_stream().await;
    let error = response.unwrap().into_body().collect().await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(sandbox.requests().count(), 1);
}

#[tokio::test]
async fn a_file_takes_its_place_when_it_is_whole_and_tells_its_progress() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.json");
    std::fs::write(&path, "old").unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&seen);
    // The first response is truncated, and the sandbox does not support ranges.
    sandbox.fail_next(Fault::response().truncated());
    let saved = panther(&sandbox)
        .user_list()
        .send_to_file(&path)
        .progress(move |progress_so_far| progress.lock().unwrap().push(progress_so_far.bytes()))
        .await
        .unwrap();
    let written = std::fs::read(&path).unwrap();
    assert_eq!(*saved.body(), written.len() as u64);
    let page: Value = from_slice(&written).unwrap();
    assert_eq!(page["results"].as_array().unwrap().len(), 10);
    assert_eq!(seen.lock().unwrap().last(), Some(saved.body()));
    assert_eq!(left_in(folder.path()), ["users.json"]);
    assert_eq!(sandbox.requests().count(), 2);
}

#[tokio::test]
async fn a_download_that_fails_leaves_the_old_file_and_nothing_else() {
    let sandbox = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.json");
    std::fs::write(&path, "old").unwrap();
    sandbox.fail_next_n(9, Fault::response().truncated_chunked());
    let error = panther(&sandbox).user_list().send_to_file(&path).await;
    assert!(error.unwrap_err().is_interrupted());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(left_in(folder.path()), ["users.json"]);
}
