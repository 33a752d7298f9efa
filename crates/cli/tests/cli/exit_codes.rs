//! Each kind of failure has an exit code and a message with a remedy.

use std::time::Duration;

use specmill_sandbox::{Fault, Sandbox};

use crate::support::Specmill;

const GET: &str = "panther user list";

#[tokio::test]
async fn the_status_determines_the_exit_code() {
    for (status, code) in [
        (400, 6),
        (401, 4),
        (403, 4),
        (404, 5),
        (409, 6),
        (418, 6),
        (429, 7),
        (500, 7),
        (501, 7),
        (302, 9),
    ] {
        let sandbox = Sandbox::start().await.unwrap();
        let wait = Duration::from_secs(1000);
        sandbox.fail_next_n(10, Fault::status(status).retry_after(wait));
        let run = Specmill::on(&sandbox).run(GET).await;
        assert_eq!(
            (run.code, run.output.as_str()),
            (Some(code), ""),
            "{status}: {run:?}"
        );
        assert!(
            run.errors.starts_with("error: panther user_list: "),
            "{run:?}"
        );
        assert!(run.errors.contains(&status.to_string()), "{run:?}");
    }
}

#[tokio::test]
async fn an_unreachable_service_is_a_network_failure() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    sandbox.stop().await;
    let run = specmill.run("panther user list --timeout 1").await;
    assert_eq!(run.code, Some(8), "{run:?}");
    assert!(
        run.errors.contains("check the base URL and the network"),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_response_timeout_is_a_network_failure() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(10, Fault::hang());
    let run = Specmill::on(&sandbox)
        .run("panther user list --timeout 0.2")
        .await;
    assert_eq!(run.code, Some(8), "{run:?}");
    assert!(
        run.errors.contains("the call timed out after 200ms"),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_response_that_is_not_a_page_is_unreadable() {
    let sandbox = Sandbox::start().await.unwrap();
    for body in ["[]", "{}", r#"{"results":{}}"#, "<html>"] {
        sandbox.fail_next(Fault::custom(200, "application/json", body));
        let run = Specmill::on(&sandbox).run(GET).await;
        assert_eq!(run.code, Some(9), "{body}: {run:?}");
    }
}

#[tokio::test]
async fn an_invalid_command_line_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    for arguments in [
        "panther user",
        "panther user lst",
        "puma user list",
        "panther user list --limit many",
        "panther user list --limit 61",
        "panther user get",
        "panther user list --output xml",
        "panther user list --api-key x",
        "panther user create --email a@b.test",
        "panther user list --timeout 0",
        "",
    ] {
        let run = Specmill::on(&sandbox).run(arguments).await;
        assert_eq!(
            (run.code, run.output.as_str()),
            (Some(2), ""),
            "{arguments}: {run:?}"
        );
        assert!(!run.errors.is_empty());
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn an_invalid_setting_is_reported_by_name() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox)
        .with("SCP_API_VERSION", "9.9")
        .with("PANTHER_BASE_URL", "http://example.test");
    let run = specmill.run("scp versions list").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(
        run.errors.contains("SCP_API_VERSION cannot be used"),
        "{run:?}"
    );
    let run = specmill.run(GET).await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(
        run.errors.contains("`specmill panther --help` lists them"),
        "{run:?}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_run_exits_with_130_and_prints_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next(Fault::hang());
    let child = Specmill::on(&sandbox).command(GET).spawn().unwrap();
    while sandbox.requests().count() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let run = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let run = crate::support::of(run.await.unwrap());
    assert_eq!(
        (run.code, run.output.as_str(), run.errors.as_str()),
        (Some(130), "", "")
    );
}
