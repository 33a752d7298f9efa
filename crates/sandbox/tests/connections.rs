//! Faults of the connection, observed by a client with a raw socket.
#![allow(clippy::unwrap_used, reason = "a step that fails fails the test")]

mod common;

use std::{io::ErrorKind, time::Duration};

use specmill_sandbox::{Fault, Operation, Sandbox};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

/// Sends Panther's `GET /users` on a separate connection.
async fn call(sandbox: &Sandbox) -> TcpStream {
    send(sandbox, "GET /users?limit=2").await
}

async fn send(sandbox: &Sandbox, method_and_target: &str) -> TcpStream {
    let address = sandbox.panther_url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    write(&mut stream, sandbox, method_and_target).await;
    stream
}

async fn write(stream: &mut TcpStream, sandbox: &Sandbox, method_and_target: &str) {
    let key = sandbox.panther_api_key();
    let request =
        format!("{method_and_target} HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// The head and body of a response that ends with the connection, and the result of the last read.
async fn read_to_end(stream: &mut TcpStream) -> (String, String, std::io::Result<()>) {
    let mut bytes = Vec::new();
    let ended = timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes))
        .await
        .unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    (head.to_lowercase(), body.to_owned(), ended.map(|_| ()))
}

fn content_length(head: &str) -> Option<usize> {
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))?;
    Some(line.parse().unwrap())
}

#[tokio::test]
async fn close_ends_the_connection_without_a_byte() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::close());
    let (head, _, ended) = read_to_end(&mut call(&sandbox).await).await;
    assert!(head.is_empty() && ended.is_ok(), "{head} {ended:?}");
    assert_eq!(sandbox.requests().last().unwrap().status(), None);
}

#[tokio::test]
async fn reset_ends_the_connection_with_a_reset() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::reset());
    let (head, _, ended) = read_to_end(&mut call(&sandbox).await).await;
    assert_eq!(head, "");
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_fault_ends_one_connection_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut kept = call(&sandbox).await;
    let mut bytes = [0; 12];
    kept.read_exact(&mut bytes).await.unwrap();
    sandbox.fail_next(Fault::reset());
    read_to_end(&mut call(&sandbox).await).await.2.unwrap_err();
    write(&mut kept, &sandbox, "DELETE /users/unknown").await;
    let arrived = sandbox
        .requests()
        .wait_for(Operation::UserDelete, 1, Duration::from_secs(5));
    arrived.await.unwrap();
}

#[tokio::test]
async fn truncated_sends_less_than_it_declares() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::response().truncated());
    let (head, body, ended) = read_to_end(&mut call(&sandbox).await).await;
    assert!(head.starts_with("http/1.1 200") && ended.is_ok());
    assert_eq!(body.len(), content_length(&head).unwrap() / 2);
    assert!(body.starts_with("{\"results\":[{"));
}

#[tokio::test]
async fn truncated_declares_a_byte_even_for_an_empty_body() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::empty(503).truncated());
    let (head, body, _) = read_to_end(&mut call(&sandbox).await).await;
    assert_eq!((content_length(&head), body.as_str()), (Some(1), ""));
}

#[tokio::test]
async fn truncated_chunked_lacks_the_last_chunk() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::response().truncated_chunked());
    let (head, body, ended) = read_to_end(&mut call(&sandbox).await).await;
    assert!(head.contains("transfer-encoding: chunked") && ended.is_ok());
    assert_eq!(content_length(&head), None);
    assert!(
        body.contains("\"results\"") && !body.ends_with("0\r\n\r\n"),
        "{body}"
    );
}

#[tokio::test]
async fn drip_sends_the_complete_body_in_pieces() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::custom(503, "text/plain", "slow").drip(1, Duration::from_millis(20)));
    let response = common::panther_get(&sandbox, "/users").await;
    // The head arrives before the first piece, or together with it.
    let started = Instant::now();
    assert_eq!(response.text().await.unwrap(), "slow");
    assert!(
        started.elapsed() >= Duration::from_millis(40),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn endless_sends_as_long_as_it_is_read() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(500).endless());
    let mut response = common::panther_get(&sandbox, "/users").await;
    assert_eq!(response.status(), 500);
    let first = response.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"{\"message\""));
    let mut read = 0;
    while read < 20_000_000 {
        read += response.chunk().await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn huge_declares_its_length_and_stays_valid_json() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::response().huge(3_000_000));
    let response = common::panther_get(&sandbox, "/users").await;
    assert_eq!(response.content_length(), Some(3_000_000));
    let body = response.bytes().await.unwrap();
    assert_eq!(body.len(), 3_000_000);
    assert!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["results"].is_array());
}

#[tokio::test]
async fn huge_may_exceed_any_limit_of_a_client() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::html(502).huge(2 << 30));
    let mut response = common::panther_get(&sandbox, "/users").await;
    assert_eq!(
        (response.status().as_u16(), response.content_length()),
        (502, Some(2 << 30))
    );
    assert!(
        response
            .chunk()
            .await
            .unwrap()
            .unwrap()
            .starts_with(b"<html>")
    );
}

#[tokio::test]
async fn hang_keeps_the_connection_open_without_a_response() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::hang());
    let mut stream = call(&sandbox).await;
    let read = timeout(Duration::from_millis(100), stream.read_u8()).await;
    assert!(read.is_err(), "still waiting");
    assert_eq!(sandbox.requests().count_of(Operation::UserList), 1);
}

#[tokio::test]
async fn a_delay_comes_before_the_response() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::status(503).delayed(Duration::from_millis(60)));
    let started = Instant::now();
    common::answered(common::panther_get(&sandbox, "/users").await, 503).await;
    assert!(started.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn latency_delays_every_response_until_it_is_changed() {
    let hour = Duration::from_secs(3600);
    let sandbox = Sandbox::builder().latency(hour).start().await.unwrap();
    let call = common::panther(&sandbox, reqwest::Method::GET, "/users");
    let error = call
        .timeout(Duration::from_millis(50))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout());
    sandbox.set_latency(Duration::from_millis(60));
    let started = Instant::now();
    common::answered(common::panther_get(&sandbox, "/users").await, 200).await;
    assert!(started.elapsed() >= Duration::from_millis(60) && started.elapsed() < hour);
}

#[tokio::test]
async fn stop_closes_ports_and_connections() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut idle = call(&sandbox).await;
    let mut response = [0; 12];
    idle.read_exact(&mut response).await.unwrap();
    assert_eq!(&response, b"HTTP/1.1 200");
    sandbox.fail_next(Fault::hang());
    let mut hanging = call(&sandbox).await;
    sandbox
        .requests()
        .wait_for(Operation::UserList, 2, Duration::from_secs(5))
        .await
        .unwrap();
    let address = sandbox
        .panther_url()
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    sandbox.stop().await;
    read_to_end(&mut idle).await.2.unwrap();
    assert_eq!(read_to_end(&mut hanging).await.0, "");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_response_in_flight_is_finished_when_the_sandbox_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::response().delayed(Duration::from_millis(50)));
    let mut stream = call(&sandbox).await;
    sandbox
        .requests()
        .wait_for(Operation::UserList, 1, Duration::from_secs(5))
        .await
        .unwrap();
    drop(sandbox);
    let (head, body, _) = read_to_end(&mut stream).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(body.ends_with('}'));
}

#[tokio::test]
async fn the_error_names_a_port_in_use() {
    let sandbox = Sandbox::start().await.unwrap();
    let port: u16 = sandbox
        .panther_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = Sandbox::builder()
        .port(port)
        .start()
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains(&format!("127.0.0.1:{port}")) && error.contains("choose another"));
}
