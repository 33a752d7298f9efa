//! Streams, downloads and uploads of generated clients. The service uses raw sockets, and delays, truncates and resets
//! responses.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::json;
use specmill_client::{BodySource, CallOptions, ManualClock};
use specmill_streams::{Client, types};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// An action of the service on a connection.
enum Step {
    Send(String),
    /// Waits for a notification before it continues.
    Wait(Arc<Notify>),
    /// Resets the connection, like a crash.
    Reset,
}

/// A service that handles each request with the next script and records the requests.
struct Service {
    address: String,
    client: Client,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, mut scripts) = (Arc::clone(&requests), VecDeque::from(scripts));
        tokio::spawn(async move {
            while let Some(script) = scripts.pop_front() {
                let (mut socket, _) = listener.accept().await.unwrap();
                let request = read(&mut socket).await;
                log.lock().unwrap().push(request);
                tokio::spawn(serve(socket, script));
            }
        });
        let clock = ManualClock::new(std::time::SystemTime::UNIX_EPOCH);
        let client = Client::builder().base_url(&address).clock(clock).build().unwrap();
        Self { address, client, requests }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut socket: TcpStream, script: Vec<Step>) {
    for step in script {
        match step {
            Step::Send(text) => {
                if socket.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Step::Wait(told) => told.notified().await,
            Step::Reset => {
                #[allow(deprecated, reason = "no time, so that the connection is reset")]
                socket.set_linger(Some(std::time::Duration::ZERO)).unwrap();
                return;
            }
        }
    }
}

/// A request as a string, with its chunks as received.
async fn read(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lines = head.lines().map(str::to_ascii_lowercase);
            let length = lines.filter_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).next();
            let is_whole = if head.contains("transfer-encoding: chunked") {
                body.ends_with("0\r\n\r\n")
            } else {
                body.len() >= length.unwrap_or(0)
            };
            if is_whole {
                return text;
            }
        }
        assert!(socket.read_buf(&mut bytes).await.unwrap() > 0, "half a request");
    }
}

fn head(content_type: &str) -> Step {
    Step::Send(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
    ))
}

fn chunk(text: &str) -> Step {
    Step::Send(format!("{:x}\r\n{text}\r\n", text.len()))
}

fn end() -> Step {
    Step::Send("0\r\n\r\n".to_owned())
}

fn body(request: &str) -> serde_json::Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn a_chat_is_json_or_a_stream_of_typed_chunks_by_the_method_that_is_called() {
    let response = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n{\"text\":\"Four\"}"
        .replace("14", "15");
    let told = Arc::new(Notify::new());
    let service = Service::start(vec![
        vec![Step::Send(response)],
        vec![
            head("text/event-stream"),
            chunk(": keep-alive\n\n"),
            chunk("data: {\"delta\":"),
            chunk("\"Fo\"}\n\n"),
            Step::Wait(Arc::clone(&told)),
            chunk("data: {\"delta\":\"ur\"}\n\ndata: [DONE]\n\n"),
            end(),
        ],
    ])
    .await;
    let chat = || types::CreateChat::builder().prompt("2 + 2").model("small");
    let whole = service.client.create_chat().body(chat()).send().await.unwrap();
    assert_eq!(whole.text, "Four");
    let mut chunks = service.client.create_chat().body(chat()).send_events().await.unwrap();
    let first: types::ChatChunk = chunks.try_next().await.unwrap().unwrap().into_data();
    assert_eq!(first.delta, "Fo");
    // The second chunk is not sent before the first has been read.
    told.notify_one();
    assert_eq!(chunks.try_next().await.unwrap().unwrap().data().delta, "ur");
    assert!(chunks.try_next().await.unwrap().is_none());
    let requests = service.requests();
    assert!(requests[0].contains("accept: application/json\r\n"));
    assert_eq!(body(&requests[0]), json!({"model": "small", "prompt": "2 + 2", "stream": false}));
    assert!(requests[1].contains("accept: text/event-stream\r\n"));
    assert_eq!(body(&requests[1]), json!({"model": "small", "prompt": "2 + 2", "stream": true}));
}

#[tokio::test]
async fn events_of_several_types_are_told_apart_by_their_name() {
    let service = Service::start(vec![vec![
        head("text/event-stream"),
        chunk("event: run.started\ndata: {\"number\": 1}\n\n"),
        chunk("event: run.step\ndata: {\"delta\": \"a\"}\n\n"),
        chunk("event: run.paused\ndata: {\"why\": 1}\n\n"),
        chunk("event: done\ndata: [DONE]\n\n"),
        end(),
    ]])
    .await;
    let mut events = service.client.create_run().send().await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = events.try_next().await.unwrap() {
        seen.push(match event.data() {
            types::CreateRunEvent::RunStarted(started) => format!("started {}", started.data.number),
            types::CreateRunEvent::RunStep(step) => format!("step {}", step.data.delta),
            other => format!("{} {}", event.event(), matches!(other, types::CreateRunEvent::Unknown(_))),
        });
    }
    assert_eq!(seen, ["started 1", "step a", "run.paused true"]);
    // The operation only responds with a stream, so the field is always set.
    assert_eq!(body(&service.requests()[0]), json!({"stream": true}));
}

#[tokio::test]
async fn a_feed_that_is_reset_goes_on_after_its_last_event_where_that_is_asked_for() {
    let service = Service::start(vec![
        vec![head("text/event-stream"), chunk("event: added\nid: 1\ndata: {\"number\": 1}\n\n"), Step::Reset],
        vec![head("text/event-stream"), chunk("event: removed\nid: 2\ndata: gone\n\n"), end()],
        vec![Step::Send("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned())],
    ])
    .await;
    let events = service.client.feed().send().await.unwrap().reconnect();
    let all: Vec<_> = events.try_collect().await.unwrap();
    assert!(matches!(all[0].data(), types::FeedEvent::Added(added) if added.data.number == 1));
    assert!(matches!(all[1].data(), types::FeedEvent::Removed(removed) if removed.data == "gone"));
    let requests = service.requests();
    assert!(!requests[0].contains("last-event-id"));
    assert!(requests[1].contains("last-event-id: 1\r\n") && requests[2].contains("last-event-id: 2\r\n"));
}

#[tokio::test]
async fn a_feed_that_is_reset_is_an_error_after_the_events_that_came() {
    let service = Service::start(vec![vec![
        head("text/event-stream"),
        chunk("event: added\nid: 1\ndata: {\"number\": 1}\n\n"),
        Step::Reset,
    ]])
    .await;
    let mut events = service.client.feed().send().await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_interrupted());
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn a_feed_that_falls_silent_or_sends_an_event_without_end_ends_in_an_error() {
    let added = "event: added\ndata: {\"number\": 1}\n\n";
    let service = Service::start(vec![
        vec![head("text/event-stream"), chunk(": keep-alive\n\n"), chunk(added), Step::Wait(Arc::default())],
        vec![head("text/event-stream"), chunk(added), chunk("data: "), chunk(&"a".repeat(2000)), Step::Wait(Arc::default())],
    ])
    .await;
    let builder = || Client::builder().base_url(&service.address);
    let client = builder().idle_timeout(std::time::Duration::from_millis(300)).build().unwrap();
    let mut events = client.feed().send().await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_timeout());
    assert!(events.try_next().await.unwrap().is_none());

    let client = builder().max_response_bytes(1000).build().unwrap();
    let mut events = client.feed().send().await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_too_large());
    assert_eq!(service.requests().len(), 2);
}

#[tokio::test]
async fn text_events_items_and_lines_have_the_types_of_the_document() {
    let service = Service::start(vec![
        vec![head("text/event-stream"), chunk("data: tick\n\ndata: 5\n\n"), end()],
        vec![head("text/event-stream"), chunk("id: a\ndata: {\"number\": 1}\n\n"), end()],
        vec![head("application/x-ndjson"), chunk("{\"number\":1}\n{\"num"), chunk("ber\":2}\n"), end()],
        vec![head("application/jsonl"), chunk("{\"number\":3}"), end()],
        vec![head("application/json-seq"), chunk("\u{1e}{\"number\":4}\n"), end()],
    ])
    .await;
    let client = &service.client;
    let ticks: Vec<_> = client.ticks().send().await.unwrap().try_collect().await.unwrap();
    let ticks: Vec<String> = ticks.into_iter().map(|tick| tick.into_data()).collect();
    assert_eq!(ticks, ["tick", "5"]);
    let items: Vec<_> = client.items().send().await.unwrap().try_collect().await.unwrap();
    assert_eq!(items[0].data().data.number, 1);
    let rows: Vec<types::Row> = client.rows().send().await.unwrap().try_collect().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2]);
    let log: Vec<types::Row> = client.log().limit(5).send_lines().await.unwrap().try_collect().await.unwrap();
    assert_eq!(log[0].number, 3);
    let sequence: Vec<types::Row> = client.sequence().send().await.unwrap().try_collect().await.unwrap();
    assert_eq!(sequence[0].number, 4);
    let requests = service.requests();
    assert!(requests[3].contains("stream=true") && requests[3].contains("limit=5"), "{}", requests[3]);
}

#[tokio::test]
async fn a_binary_response_is_a_stream_and_goes_into_a_file_that_resumes() {
    let part = |start: usize, sent: usize| {
        let content = "0123456789";
        let (line, range) = match start {
            0 => ("200 OK", String::new()),
            _ => ("206 Partial Content", format!("content-range: bytes {start}-9/10\r\n")),
        };
        let length = content.len() - start;
        Step::Send(format!(
            "HTTP/1.1 {line}\r\netag: \"v1\"\r\n{range}content-length: {length}\r\nconnection: close\r\n\r\n{}",
            &content[start..start + sent]
        ))
    };
    let service = Service::start(vec![vec![part(0, 10)], vec![part(0, 4)], vec![part(4, 6)]]).await;
    let stream = service.client.download_file("f-1").send().await.unwrap();
    assert_eq!(stream.content_length(), Some(10));
    assert_eq!(stream.collect().await.unwrap(), "0123456789");

    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("streams-download.bin");
    let saved = service.client.download_file("f-1").send_to_file(&path).await.unwrap();
    assert_eq!(*saved.body(), 10);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "0123456789");
    let requests = service.requests();
    assert!(requests[0].starts_with("GET /files/f-1/content "));
    assert!(requests[2].contains("range: bytes=4-\r\n") && requests[2].contains("if-range: \"v1\"\r\n"));
}

#[tokio::test]
async fn any_response_comes_as_bytes_where_that_is_asked_for() {
    let response = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\n[ ]";
    let service = Service::start(vec![vec![Step::Send(response.to_owned())]]).await;
    let response = service.client.log().send_byte_stream().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.into_body().collect().await.unwrap(), "[ ]");
}

#[tokio::test]
async fn a_file_is_uploaded_and_sent_again_where_the_service_asks_for_it() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let made = "HTTP/1.1 201 Created\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{\"number\":7}";
    let scripts = || vec![vec![Step::Send(busy.to_owned())], vec![Step::Send(made.to_owned())]];
    let service = Service::start(scripts()).await;
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("streams-upload.bin");
    std::fs::write(&path, "content").unwrap();
    let again = || CallOptions::new().idempotent(true);
    let upload = service.client.upload_file().body(BodySource::file(&path)).with_options(again());
    assert_eq!(upload.send().await.unwrap().number, 7);
    let requests = service.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert!(request.contains("content-length: 7\r\n") && request.ends_with("\r\n\r\ncontent"), "{request}");
    }
    // A reader cannot be read again, so the upload is not retried.
    let service = Service::start(scripts()).await;
    let reader = BodySource::reader(&b"content"[..], 7);
    let error = service.client.upload_file().body(reader).with_options(again()).send().await.unwrap_err();
    assert_eq!((error.attempts(), error.status().unwrap().as_u16()), (1, 503));
}

#[tokio::test]
async fn an_upload_of_unknown_length_is_sent_in_chunks() {
    let made = "HTTP/1.1 201 Created\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{\"number\":7}";
    let service = Service::start(vec![vec![Step::Send(made.to_owned())]]).await;
    let reader = BodySource::reader(&b"content"[..], None);
    service.client.upload_file().body(reader).send().await.unwrap();
    let requests = service.requests();
    assert!(requests[0].contains("transfer-encoding: chunked\r\n"), "{}", requests[0]);
    assert!(requests[0].ends_with("\r\n\r\n7\r\ncontent\r\n0\r\n\r\n"), "{}", requests[0]);
}
