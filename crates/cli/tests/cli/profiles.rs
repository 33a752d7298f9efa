//! Profiles are added, listed, tested and removed without showing a secret.

use specmill_sandbox::{Fault, Sandbox};

use crate::support::Specmill;
#[cfg(unix)]
use crate::support::terminal;

async fn added(sandbox: &Sandbox, specmill: &Specmill, arguments: &str, key: &str) {
    let address = format!("base-url={}", sandbox.panther_url());
    let run = specmill
        .run_with_input(
            &format!("profile add panther {address} {arguments}"),
            &format!("api-key={key}\n"),
        )
        .await;
    assert_eq!((run.code, run.output.as_str()), (Some(0), ""), "{run:?}");
    assert!(!run.errors.contains(key), "{run:?}");
}

#[tokio::test]
async fn a_profile_that_is_added_works() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    added(&sandbox, &specmill, "", sandbox.panther_api_key()).await;
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    // The operation that `profile test` calls depends on the page, and the sandbox may not serve
    // it.
    sandbox.fail_next(Fault::custom(200, "application/json", "{\"results\": []}"));
    let run = specmill.run("profile test").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let called = run.errors.strip_prefix("Panther: GET /");
    assert!(
        called.is_some_and(|called| called.ends_with(" succeeded.\n")),
        "{run:?}"
    );
    added(&sandbox, &specmill, "--profile work", "wrong-key").await;
    let run = specmill.run("profile test panther --profile work").await;
    assert_eq!(run.code, Some(4), "{run:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = specmill.home.path().join(".config/specmill/profiles.toml");
        assert_eq!(
            std::fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[tokio::test]
async fn the_list_contains_no_secret() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    added(&sandbox, &specmill, "", "hunter2-key").await;
    for form in ["json", "table", "csv", "yaml"] {
        let run = specmill.run(&format!("profile list -o {form}")).await;
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(
            run.output.contains("panther")
                && run.output.contains(&sandbox.panther_url().to_string()),
            "{run:?}"
        );
        assert!(!run.output.contains("hunter2"), "{run:?}");
    }
}

#[tokio::test]
async fn an_invalid_secret_or_setting_is_not_saved() {
    let specmill = Specmill::new();
    for (arguments, input, says) in [
        ("api-key=hunter2", "", "api-key is a secret"),
        ("api_key=hunter2", "", "there is no setting api_key"),
        ("hunter2", "", "an argument is not KEY=VALUE"),
        ("base-url=https://a.test", "", "PANTHER_API_KEY is not set"),
        (
            "base-url=ftp://a.test",
            "api-key=hunter2",
            "PANTHER_BASE_URL",
        ),
        ("--profile a.b", "", "a.b cannot name a profile"),
    ] {
        let run = specmill
            .run_with_input(&format!("profile add panther {arguments}"), input)
            .await;
        assert!(matches!(run.code, Some(2 | 3)), "{run:?}");
        assert!(
            run.errors.contains(says) && !run.errors.contains("hunter2"),
            "{run:?}"
        );
    }
    let too_long = "api-key=hunter2".repeat(8_000);
    let run = specmill
        .run_with_input("profile add panther base-url=https://a.test", &too_long)
        .await;
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.errors.contains("longer than 65536 bytes") && !run.errors.contains("hunter2"),
        "{run:?}"
    );
    assert!(!specmill.home.path().join(".config").exists());
    let run = specmill.run("profile add puma").await;
    assert!(
        run.errors.contains("the tables are panther, scp"),
        "{run:?}"
    );
}

#[tokio::test]
async fn removing_a_profile_keeps_the_others() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    added(&sandbox, &specmill, "", "one").await;
    added(&sandbox, &specmill, "--profile work", "two").await;
    let run = specmill.run("profile remove panther").await;
    assert_eq!(run.code, Some(2), "{run:?}");
    let run = specmill.run("profile remove panther --yes").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = specmill.run("profile list --columns profile -o csv").await;
    assert_eq!(run.output, "profile\nwork\n");
    let run = specmill.run("profile remove panther --yes").await;
    assert_eq!(run.code, Some(3), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_secret_that_is_typed_is_not_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    let address = format!("{}\n", sandbox.panther_url());
    let key = format!("{}\n", sandbox.panther_api_key());
    let (code, shown) = specmill
        .converse(
            "profile add panther",
            &[("base-url: ", &address), ("api-key: ", &key)],
        )
        .await;
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains(address.trim()), "{shown}");
    assert!(!shown.contains(sandbox.panther_api_key()), "{shown}");
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_interruption_while_a_secret_is_typed_restores_the_terminal() {
    use std::io::Read as _;
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};
    use rustix::termios::{LocalModes, tcgetattr};

    let specmill = Specmill::new();
    let (terminal, end) = terminal();
    let is_shown = |end: &std::os::fd::OwnedFd| {
        let modes = tcgetattr(end).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    };
    let mut command = specmill.command("profile add panther base-url=https://api.acme.test");
    let copy = || Stdio::from(end.try_clone().unwrap());
    command.stdin(copy()).stdout(copy()).stderr(copy());
    assert!(is_shown(&end));
    let run = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let mut terminal = std::fs::File::from(terminal);
        let mut shown = String::new();
        let mut part = [0; 4096];
        while !shown.contains("api-key: ") {
            let length = terminal.read(&mut part).unwrap();
            shown.push_str(&String::from_utf8_lossy(&part[..length]));
        }
        let hidden = !is_shown(&end);
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        (hidden, child.wait().unwrap().code(), is_shown(&end))
    });
    assert_eq!(run.await.unwrap(), (true, Some(130), true));
}
