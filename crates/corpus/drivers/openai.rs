//! OpenAI: chat completions as JSON and as events, and a file as a part of a form.

use openai_api::mock::MockServer;
use openai_api::operations::CreateFileForm;
use openai_api::types::{self, CreateChatCompletionRequest};
use serde_json::{Value, json};
use specmill_client::multipart::FilePart;

fn question() -> CreateChatCompletionRequest {
    let body = json!({"model": "gpt-5.4", "messages": [{"role": "user", "content": "How much is 2 + 2?"}]});
    serde_json::from_value(body).unwrap()
}

#[tokio::test]
async fn chat_responds_with_json() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let mut expected = mock.expect().create_chat_completion().sample().unwrap();
    expected.choices[0].message.content = Some("Four".to_owned());
    mock.expect().create_chat_completion().respond(&expected);
    let response = client.create_chat_completion().body(question()).send().await.unwrap();
    assert_eq!(response, expected);
    let body: Value = mock.received()[0].json().unwrap();
    assert_ne!(body["stream"], true);
    mock.verify().unwrap();
}

#[tokio::test]
async fn chat_responds_with_events() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let sample = mock.expect().create_chat_completion().stream_sample().unwrap();
    let chunk = |text: &str| {
        let mut chunk = sample.clone();
        chunk.choices[0].delta.content = Some(text.to_owned());
        chunk
    };
    mock.expect().create_chat_completion().respond_stream(&[chunk("Fo"), chunk("ur")]);
    let mut events = client.create_chat_completion().body(question()).send_events().await.unwrap();
    let mut text = String::new();
    while let Some(event) = events.try_next().await.unwrap() {
        text += event.data().choices[0].delta.content.as_deref().unwrap();
    }
    assert_eq!(text, "Four");
    let body: Value = mock.received()[0].json().unwrap();
    assert_eq!(body["stream"], true);
    mock.verify().unwrap();
}

#[tokio::test]
async fn a_file_is_uploaded_as_a_part_of_a_form() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.jsonl");
    std::fs::write(&path, "{\"custom_id\":\"1\"}\n").unwrap();
    let form = CreateFileForm::new().file(FilePart::file(&path)).purpose(types::FilePurpose::Batch);
    client.create_file().body(form).send().await.unwrap();
    let received = &mock.received()[0];
    let body = String::from_utf8_lossy(received.body());
    assert!(body.contains("filename=\"batch.jsonl\"") && body.contains("{\"custom_id\":\"1\"}\n"), "{body}");
    assert!(body.contains("name=\"purpose\"") && body.contains("\r\n\r\nbatch\r\n"), "{body}");
    mock.verify().unwrap();
}
