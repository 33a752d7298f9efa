//! Settings come from the environment, then from a profile that nobody else can read.

use std::path::PathBuf;

use specmill_sandbox::Sandbox;

use crate::support::Specmill;

/// Writes the profiles into the home of the command.
fn write(specmill: &Specmill, text: &str, mode: u32) -> PathBuf {
    let folder = specmill.home.path().join(".config/specmill");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("profiles.toml");
    std::fs::write(&file, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let _ = mode;
    file
}

fn panther(sandbox: &Sandbox, profile: &str, key: &str) -> String {
    format!(
        "[{profile}.panther]\nbase-url = \"{}\"\napi-key = \"{key}\"\n",
        sandbox.panther_url()
    )
}

#[tokio::test]
async fn a_profile_gives_the_settings() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    let good = panther(&sandbox, "default", sandbox.panther_api_key());
    let bad = panther(&sandbox, "other", "wrong-key");
    write(&specmill, &format!("{good}{bad}"), 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = specmill.run("panther user list --profile other").await;
    assert_eq!(run.code, Some(4), "{run:?}");
    let run = specmill.run("panther user list --profile none").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(
        run.errors
            .contains("has no profile none; it has default, other"),
        "{run:?}"
    );
}

#[tokio::test]
async fn the_environment_goes_before_the_profile() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new().with("PANTHER_API_KEY", sandbox.panther_api_key());
    write(&specmill, &panther(&sandbox, "default", "wrong-key"), 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn another_file_can_be_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    let good = panther(&sandbox, "default", sandbox.panther_api_key());
    let usual = write(&specmill, &good, 0o600);
    let file = specmill.home.path().join("mine.toml");
    std::fs::rename(usual, &file).unwrap();
    let run = specmill
        .run(&format!(
            "panther user list --profile-file {}",
            file.display()
        ))
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = specmill
        .run("panther user list --profile-file /nowhere")
        .await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(run.errors.contains("/nowhere is not there"), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_can_read_is_refused_with_the_command_to_run() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    let good = panther(&sandbox, "default", sandbox.panther_api_key());
    let file = write(&specmill, &good, 0o644);
    let run = specmill.run("panther user list").await;
    assert_eq!((run.code, run.output.as_str()), (Some(3), ""), "{run:?}");
    let remedy = format!("run: chmod 600 '{}'", file.display());
    assert!(run.errors.contains(&remedy), "{run:?}");
    assert!(!run.errors.contains(sandbox.panther_api_key()), "{run:?}");
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn what_is_missing_is_named_with_both_ways_to_set_it() {
    let run = Specmill::new().run("scp users list --instance-id x").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    for part in [
        "SCP_ACCESS_KEY and SCP_SECRET_KEY are not set",
        "access-key and secret-key in the table [default.scp] of ",
        "/.config/specmill/profiles.toml",
        "--sandbox",
    ] {
        assert!(run.errors.contains(part), "{part}: {run:?}");
    }
}

#[tokio::test]
async fn the_help_of_an_api_lists_its_settings() {
    let run = Specmill::new().run("scp --help").await;
    for variable in [
        "Table [default.scp]",
        "SCP_REGION, or region: the region of the service [kr-west1, ",
        "SCP_SECRET_KEY, or secret-key: the secret key [required; secret]",
    ] {
        assert!(run.output.contains(variable), "{run:?}");
    }
}

#[tokio::test]
async fn no_flag_takes_a_credential() {
    for api in ["panther user list", "scp users list"] {
        let run = Specmill::new().run(&format!("{api} --help")).await;
        for word in [
            "--api-key",
            "--secret",
            "--access-key",
            "--token",
            "--password",
        ] {
            assert!(!run.output.contains(word), "{word}: {run:?}");
        }
    }
}
