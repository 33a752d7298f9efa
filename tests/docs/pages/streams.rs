//! The blocks of `docs/streams.md`, in their order.

use crate::{Outcome, acme};

#[tokio::test]
async fn events() -> Outcome {
    let client = acme::Client::start().await?;

    // docs: begin
    use acme::types::CreateChat;

    let question = CreateChat::builder().prompt("How much is 2 + 2?");
    let response = client.create_chat().body(question.clone()).send().await?;
    assert_eq!(response.text, "Four");

    let mut chunks = client.create_chat().body(question).send_events().await?;
    let mut text = String::new();
    while let Some(chunk) = chunks.try_next().await? {
        text += &chunk.data().delta;
    }
    assert_eq!(text, "Four");
    // docs: end
    Ok(())
}

#[tokio::test]
async fn go_on_after_a_failure() -> Outcome {
    let client = acme::Client::start().await?;

    // docs: begin
    let mut events = client.feed().send().await?.reconnect();
    let mut numbers = Vec::new();
    while let Some(event) = events.try_next().await? {
        println!("{} {:?}", event.event(), event.id());
        numbers.push(event.data().number);
    }
    assert_eq!(numbers, [1, 2]);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn json_line_by_line() -> Outcome {
    let client = acme::Client::start().await?;

    // docs: begin
    let mut rows = client.report_rows().send().await?;
    let mut sum = 0;
    while let Some(row) = rows.try_next().await? {
        sum += row.number;
    }
    assert_eq!(sum, 3);
    // docs: end
    Ok(())
}
