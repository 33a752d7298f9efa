//! Vercel: JSON lines, as the only response and as an alternative to JSON.

use serde_json::json;
use vercel_api::mock::MockServer;
use vercel_api::types::{GetCommandLogsEvent, RunCommandBody};

#[tokio::test]
async fn a_log_is_read_line_by_line() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let line = |text: &str| -> GetCommandLogsEvent {
        serde_json::from_value(json!({"stream": "stdout", "data": text})).unwrap()
    };
    let lines = [line("one"), line("two")];
    mock.expect().get_command_logs().parameter("cmdId", "c-1").respond_stream(&lines);
    let mut log = client.get_command_logs("s-1", "c-1").send().await.unwrap();
    for expected in lines {
        let line = log.try_next().await.unwrap().unwrap();
        assert!(matches!(line, GetCommandLogsEvent::DataString(_)), "{line:?}");
        assert_eq!(line, expected);
    }
    assert!(log.try_next().await.unwrap().is_none());
    mock.verify().unwrap();
}

#[tokio::test]
async fn a_command_responds_with_json_or_lines_by_method() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let body = || -> RunCommandBody { serde_json::from_value(json!({"command": "ls"})).unwrap() };
    let whole = client.run_command("s-1").body(body()).send().await.unwrap();
    let lines = client.run_command("s-1").body(body()).send_lines().await.unwrap();
    assert_eq!(lines.try_collect::<Vec<_>>().await.unwrap(), [whole]);
    mock.verify().unwrap();
}
