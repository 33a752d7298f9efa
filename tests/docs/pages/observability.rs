//! The blocks of `docs/observability.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn a_log_of_heads_and_bodies() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;
    use std::sync::{Arc, Mutex};
    let lines = Arc::new(Mutex::new(String::new()));
    let kept = lines.clone();

    // docs: begin
    use specmill::middleware::DebugLog;
    use specmill::panther::Client;

    let log = DebugLog::new(move |line| {
        eprintln!("{line}");
        // docs: end
        *kept.lock().unwrap() += line;
        // docs: more
    });
    let panther = Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .middleware(log.max_body_bytes(1024))
        .build()?;
    panther.user_list().limit(1).send().await?;
    // docs: end
    let lines = lines.lock().unwrap();
    assert!(lines.contains("> x-api-key: [redacted]"), "{lines}");
    assert!(!lines.contains(sandbox.panther_api_key()));
    Ok(())
}
