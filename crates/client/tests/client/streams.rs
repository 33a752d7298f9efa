//! Server-sent events and JSON lines: their values, their timing, and the end of a stream.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use specmill_client::operation::{EventData, Operation, StreamFlag};
use specmill_client::{CallOptions, Error, Event, EventStream, RetryPolicy, Transport};
use tokio::sync::Semaphore;

use crate::support::{
    CREATE, Reply, Server, VERSIONS, client, eventually, json as json_reply, key, ok,
    patient_client, response, settings, status,
};

static TALK: Operation = Operation {
    stream_flag: Some(StreamFlag::Body("stream")),
    ..CREATE
};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// The start of a response with events.
fn begun(events: &str) -> Vec<u8> {
    format!("{HEAD}{}", chunk(events)).into_bytes()
}

/// A complete response with events.
fn whole(events: &str) -> Vec<u8> {
    format!("{HEAD}{}0\r\n\r\n", chunk(events)).into_bytes()
}

async fn open(client: &Transport) -> EventStream<Value> {
    open_with(client, CallOptions::new()).await.unwrap()
}

async fn open_with(client: &Transport, options: CallOptions) -> Result<EventStream<Value>, Error> {
    let call = client.call(&VERSIONS, options);
    call.send_events(EventData::Json).await
}

async fn rest(events: EventStream<Value>) -> Result<Vec<Value>, Error> {
    let all: Vec<Event<Value>> = events.try_collect().await?;
    Ok(all.into_iter().map(Event::into_data).collect())
}

#[tokio::test]
async fn an_event_has_its_name_id_time_and_typed_data() {
    let server = Server::always(|| {
        Reply::Bytes(whole(
            ": hello\n\nevent: added\nid: 7\nretry: 250\ndata: {\"n\":\ndata: 1}\n\n:\n\ndata: 2\n\n",
        ))
    })
    .await;
    let mut events = open(&client(&server)).await;
    let first = events.try_next().await.unwrap().unwrap();
    assert_eq!(
        (first.event(), first.id(), first.retry(), first.data()),
        (
            "added",
            Some("7"),
            Some(Duration::from_millis(250)),
            &json!({"n": 1})
        )
    );
    let second = events.try_next().await.unwrap().unwrap();
    assert_eq!(
        (second.event(), second.id(), second.data()),
        ("message", Some("7"), &json!(2))
    );
    assert!(events.try_next().await.unwrap().is_none());
    assert_eq!(
        server.requests()[0].header("accept"),
        Some("text/event-stream")
    );
}

#[tokio::test]
async fn events_are_returned_as_they_are_sent() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let server = Server::start(move |_, _| {
        Reply::Pieces(vec![
            (None, begun("data: 1\n\n")),
            (Some(Arc::clone(&held)), chunk("data: 2\n\n").into_bytes()),
            (None, b"0\r\n\r\n".to_vec()),
        ])
    })
    .await;
    let mut events = open(&client(&server)).await;
    assert_eq!(events.try_next().await.unwrap().unwrap().data(), &json!(1));
    gate.add_permits(1);
    assert_eq!(events.try_next().await.unwrap().unwrap().data(), &json!(2));
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_word_in_brackets_ends_a_stream_of_json_although_the_service_keeps_it_open() {
    let server =
        Server::always(|| Reply::Stall(begun("data: 1\n\ndata: [DONE]\n\ndata: 2\n\n"))).await;
    let events = open(&client(&server)).await;
    assert_eq!(rest(events).await.unwrap(), [json!(1)]);
}

#[tokio::test]
async fn strings_are_unchanged_including_words_in_brackets() {
    let server =
        Server::always(|| Reply::Bytes(whole("data: [DONE]\n\ndata: a\ndata: \"b\"\n\n"))).await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let events = call.send_events::<String>(EventData::Text).await.unwrap();
    let all: Vec<Event<String>> = events.try_collect().await.unwrap();
    let data: Vec<&str> = all.iter().map(|event| event.data().as_str()).collect();
    assert_eq!(data, ["[DONE]", "a\n\"b\""]);
}

#[tokio::test]
async fn an_event_whose_type_describes_it_as_a_whole_is_decoded_with_its_fields() {
    let server = Server::always(|| {
        Reply::Bytes(whole(
            "event: a\nid: 1\nretry: 5\ndata: {\"n\": 1}\n\ndata: plain\n\n",
        ))
    })
    .await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let events = call
        .send_events::<Value>(EventData::Envelope)
        .await
        .unwrap();
    assert_eq!(
        rest(events).await.unwrap(),
        [
            json!({"event": "a", "id": "1", "retry": 5, "data": {"n": 1}}),
            json!({"id": "1", "retry": 5, "data": "plain"})
        ]
    );
}

#[tokio::test]
async fn an_event_of_another_type_is_an_error_with_the_message_and_the_next_can_be_read() {
    let server = Server::always(|| {
        Reply::Bytes(whole(
            "event: error\ndata: {\"error\": {\"message\": \"overloaded\"}}\n\ndata: \"fine\"\n\n",
        ))
    })
    .await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let mut events = call.send_events::<String>(EventData::Json).await.unwrap();
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.message(), Some("overloaded"));
    assert_eq!(
        error.to_string(),
        "demo versions: 200 OK, but the body could not be decoded: in an event `error`: expected a string, found an object"
    );
    assert_eq!(error.body(), "{\"error\": {\"message\": \"overloaded\"}}");
    assert_eq!(events.try_next().await.unwrap().unwrap().data(), "fine");
}

#[tokio::test]
async fn a_failure_before_the_first_event_is_retried_and_one_after_it_is_not() {
    let server = Server::start(|number, _| match number {
        0 => status("503 Service Unavailable"),
        _ => Reply::Close(begun("data: 1\n\ndata: 2")),
    })
    .await;
    let (client, _) = patient_client(&server);
    let mut events = open(&client).await;
    assert_eq!(events.try_next().await.unwrap().unwrap().data(), &json!(1));
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(
        (error.attempts(), error.status().unwrap().as_u16()),
        (2, 200)
    );
    assert!(events.try_next().await.unwrap().is_none());
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn an_idle_stream_ends_at_the_idle_timeout_and_not_at_the_attempt_timeout() {
    let server = Server::always(|| Reply::Stall(begun("data: 1\n\n"))).await;
    let times = CallOptions::new()
        .attempt_timeout(Duration::from_secs(30))
        .idle_timeout(Duration::from_millis(20));
    let mut events = open_with(&client(&server), times).await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        "demo versions: no data for 20ms: see idle_timeout; the status was 200 OK"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_stream_may_exceed_the_timeouts_of_attempt_and_call() {
    let gate = Arc::new(Semaphore::new(0));
    let held = Arc::clone(&gate);
    let server = Server::start(move |_, _| {
        Reply::Pieces(vec![
            (None, begun("data: 1\n\n")),
            (Some(Arc::clone(&held)), chunk("data: 2\n\n").into_bytes()),
            (None, b"0\r\n\r\n".to_vec()),
        ])
    })
    .await;
    let short = Duration::from_secs(1);
    let times = CallOptions::new().attempt_timeout(short).timeout(short);
    let mut events = open_with(&client(&server), times).await.unwrap();
    assert!(events.try_next().await.unwrap().is_some());
    tokio::time::sleep(short * 2).await;
    gate.add_permits(1);
    assert_eq!(rest(events).await.unwrap(), [json!(2)]);
}

#[tokio::test]
async fn a_missing_head_within_the_attempt_timeout_is_a_timeout() {
    let server = Server::always(|| Reply::Stall(Vec::new())).await;
    let times = CallOptions::new()
        .attempt_timeout(Duration::from_millis(20))
        .retry(RetryPolicy::none());
    let error = open_with(&client(&server), times).await.unwrap_err();
    assert!(error.is_timeout() && error.status().is_none());
}

#[tokio::test]
async fn an_event_over_the_limit_ends_the_stream() {
    let server = Server::always(|| Reply::Stall(begun(&"data: xxxxxxxxx\n".repeat(200)))).await;
    let client = settings()
        .max_response_bytes(1000)
        .build(&server.url(), key())
        .unwrap();
    let mut events = open(&client).await;
    let error = events.try_next().await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_stream_reconnects_after_the_last_event_if_enabled() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Close(begun(
            "id: a\nretry: 7\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3",
        )),
        1 => status("502 Bad Gateway"),
        2 => Reply::Bytes(whole("data: 3\n\n")),
        _ => status("204 No Content"),
    })
    .await;
    let (client, clock) = patient_client(&server);
    let events = open(&client).await.reconnect();
    assert_eq!(rest(events).await.unwrap(), [json!(1), json!(2), json!(3)]);
    let requests = server.requests();
    let ids: Vec<_> = requests
        .iter()
        .map(|request| request.header("last-event-id"))
        .collect();
    assert_eq!(ids, [None, Some("b"), Some("b"), Some("b")]);
    assert_eq!(clock.delays()[0], Duration::from_millis(7));
}

#[tokio::test]
async fn a_stream_whose_events_have_no_ids_does_not_reconnect() {
    let server = Server::always(|| Reply::Close(begun("data: 1\n\n"))).await;
    let (client, _) = patient_client(&server);
    let mut events = open(&client).await.reconnect();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_interrupted());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_stream_without_new_events_stops_reconnecting() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Close(begun("id: 1\ndata: 1\n\n")),
        _ => Reply::Close(begun(": nothing\n\n")),
    })
    .await;
    let (client, _) = patient_client(&server);
    let mut events = open(&client).await.reconnect();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_interrupted());
    assert_eq!(server.count(), 5);
}

#[tokio::test]
async fn a_permanently_rejected_reconnection_ends_the_stream_with_its_error() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Close(begun("id: 1\ndata: 1\n\n")),
        _ => status("401 Unauthorized"),
    })
    .await;
    let (client, _) = patient_client(&server);
    let mut events = open(&client).await.reconnect();
    assert!(events.try_next().await.unwrap().is_some());
    assert!(events.try_next().await.unwrap_err().is_unauthorized());
    assert!(events.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn json_instead_of_a_stream_is_an_error() {
    let server = Server::always(|| ok("{}")).await;
    let error = open_with(&client(&server), CallOptions::new())
        .await
        .unwrap_err();
    assert!(error.is_decode());
    assert!(
        error
            .to_string()
            .ends_with("expected a stream of events, found application/json"),
        "{error}"
    );
}

#[tokio::test]
async fn a_stream_instead_of_json_is_an_immediate_error_and_is_not_retried() {
    let server = Server::always(|| Reply::Stall(begun("data: 1\n\n"))).await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let error = call.send::<Value>().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!((server.count(), error.status().unwrap().as_u16()), (1, 200));
}

#[tokio::test]
async fn the_call_sets_the_field_that_selects_a_stream() {
    let server = Server::start(|_, request| {
        if request.header("accept") == Some("text/event-stream") {
            Reply::Bytes(whole("data: 1\n\n"))
        } else {
            json_reply("200 OK", "1")
        }
    })
    .await;
    let client = client(&server);
    let call = || client.call(&TALK, CallOptions::new());
    let given = json!({"stream": true, "n": 1.50, "z": "a"});
    call().body(Ok(&given)).send::<Value>().await.unwrap();
    let events = call()
        .body(Ok(&given))
        .send_events(EventData::Json)
        .await
        .unwrap();
    assert_eq!(rest(events).await.unwrap(), [json!(1)]);
    let bodies: Vec<String> = server.requests().into_iter().map(|one| one.body).collect();
    assert_eq!(
        bodies,
        [
            r#"{"n":1.5,"stream":false,"z":"a"}"#,
            r#"{"n":1.5,"stream":true,"z":"a"}"#
        ]
    );
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let closed = Arc::new(Semaphore::new(0));
    let told = Arc::clone(&closed);
    let server =
        Server::start(move |_, _| Reply::UntilClosed(begun("data: 1\n\n"), Arc::clone(&told)))
            .await;
    let mut events = open(&client(&server)).await;
    assert!(events.try_next().await.unwrap().is_some());
    drop(events);
    assert!(eventually(|| closed.available_permits() == 1).await);
}

#[tokio::test]
async fn a_stream_that_the_sentinel_ends_leaves_its_connection_for_the_next_call() {
    let server = Server::always(|| Reply::Bytes(whole("data: [DONE]\n\n"))).await;
    let client = client(&server);
    let mut used_again = false;
    for _ in 0..100 {
        let before = server.connections();
        assert!(rest(open(&client).await).await.unwrap().is_empty());
        used_again |= before > 0 && server.connections() == before;
        if used_again {
            break;
        }
        // The rest of the response is read in the background.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(used_again);
}

fn lines(text: &str) -> Vec<u8> {
    response("200 OK", "content-type: application/x-ndjson\r\n", text)
}

#[tokio::test]
async fn json_is_read_line_by_line_and_empty_lines_are_skipped() {
    let server = Server::always(|| Reply::Bytes(lines("{\"n\":1}\n\n\r\n{\"n\":2}\r\n3"))).await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let lines = call
        .send_lines::<Value>("application/x-ndjson")
        .await
        .unwrap();
    let all: Vec<Value> = lines.try_collect().await.unwrap();
    assert_eq!(all, [json!({"n": 1}), json!({"n": 2}), json!(3)]);
    assert_eq!(
        server.requests()[0].header("accept"),
        Some("application/x-ndjson")
    );
}

#[tokio::test]
async fn records_of_a_sequence_may_be_on_several_lines() {
    let server = Server::always(|| Reply::Bytes(lines("\u{1e}{\n\"n\": 1}\n\u{1e}2\n"))).await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let lines = call
        .send_lines::<Value>("application/json-seq")
        .await
        .unwrap();
    let all: Vec<Value> = lines.try_collect().await.unwrap();
    assert_eq!(all, [json!({"n": 1}), json!(2)]);
}

#[tokio::test]
async fn a_line_of_another_type_is_an_error_and_the_next_can_be_read() {
    let server = Server::always(|| Reply::Bytes(lines("1\n{\"half\n3\n"))).await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let mut lines = call.send_lines::<u8>("application/x-ndjson").await.unwrap();
    assert_eq!(lines.try_next().await.unwrap(), Some(1));
    let error = lines.try_next().await.unwrap_err();
    assert!(error.is_decode() && error.body() == "{\"half", "{error}");
    assert_eq!(lines.try_next().await.unwrap(), Some(3));
    assert_eq!(lines.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn an_interrupted_response_is_an_error_after_the_complete_lines() {
    let server = Server::always(|| {
        let mut bytes = lines("1\n2\n3\n");
        bytes.truncate(bytes.len() - 3);
        Reply::Close(bytes)
    })
    .await;
    let call = client(&server).call(&VERSIONS, CallOptions::new());
    let mut lines = call.send_lines::<u8>("application/x-ndjson").await.unwrap();
    assert_eq!(lines.try_next().await.unwrap(), Some(1));
    assert!(lines.try_next().await.unwrap_err().is_interrupted());
    assert_eq!(lines.try_next().await.unwrap(), None);
}

#[tokio::test]
async fn a_line_over_the_limit_ends_the_stream() {
    let server = Server::always(|| Reply::Stall(begun(&"x".repeat(2000)))).await;
    let client = settings()
        .max_response_bytes(1000)
        .build(&server.url(), key())
        .unwrap();
    let call = client.call(&VERSIONS, CallOptions::new());
    let mut lines = call
        .send_lines::<Value>("application/x-ndjson")
        .await
        .unwrap();
    assert!(lines.try_next().await.unwrap_err().is_too_large());
}
