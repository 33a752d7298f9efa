//! Settings are read from the environment, then from a profile that other users cannot read.

use std::path::PathBuf;

use specmill_sandbox::Sandbox;

use crate::support::Specmill;

/// Writes the profile file to the home folder of the command.
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
async fn the_environment_takes_precedence_over_the_profile() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    write(&specmill, &panther(&sandbox, "default", "wrong-key"), 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn a_selected_profile_is_not_overridden_by_the_environment() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    write(&specmill, &panther(&sandbox, "other", "its-key"), 0o600);
    let run = specmill.run("panther user list --profile other").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    let problem = "the environment would override [other.panther], which was selected\n  \
                   unset PANTHER_BASE_URL and PANTHER_API_KEY";
    assert!(run.errors.contains(problem), "{run:?}");
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_profile_key_is_not_sent_to_a_url_of_the_environment() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new().with("PANTHER_BASE_URL", sandbox.panther_url());
    let text = "[default.panther]\nbase-url = \"https://a.test\"\napi-key = \"of-the-profile\"\n";
    write(&specmill, text, 0o600);
    for arguments in ["panther user list", "panther user list --dry-run"] {
        let run = specmill.run(arguments).await;
        assert_eq!((run.code, run.output.as_str()), (Some(3), ""), "{run:?}");
        let remedy = "set PANTHER_API_KEY in the environment too, or unset PANTHER_BASE_URL";
        assert!(run.errors.contains(remedy), "{run:?}");
        assert!(!run.errors.contains("of-the-profile"), "{run:?}");
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn a_key_of_the_environment_is_not_sent_to_a_profile_with_its_own_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new().with("PANTHER_API_KEY", sandbox.panther_api_key());
    write(&specmill, &panther(&sandbox, "default", "wrong-key"), 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_eq!(sandbox.requests().count(), 0);
    let address = format!(
        "[default.panther]\nbase-url = \"{}\"\n",
        sandbox.panther_url()
    );
    write(&specmill, &address, 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn another_file_can_be_selected() {
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
    assert!(
        run.errors.contains(
            "the profile file /nowhere does not exist\n  `specmill profile add` creates it"
        ),
        "{run:?}"
    );
}

#[tokio::test]
async fn the_environment_selects_the_profile_if_the_command_line_does_not() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new().with("SPECMILL_PROFILE", "work");
    let good = panther(&sandbox, "work", sandbox.panther_api_key());
    let bad = panther(&sandbox, "default", "wrong-key");
    write(&specmill, &format!("{good}{bad}"), 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let run = specmill.run("panther user list --profile default").await;
    assert_eq!(run.code, Some(4), "{run:?}");
    let run = specmill
        .with("SPECMILL_PROFILE", "none")
        .run("panther user list")
        .await;
    assert_eq!(run.code, Some(3), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_unneeded_invalid_file_does_not_fail_a_call() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    for (text, mode) in [
        ("[default.panther]\n", 0o644),
        ("api-key = hunter2", 0o600),
        ("[default.panther]\napi_key = \"hunter2\"\n", 0o600),
    ] {
        write(&specmill, text, mode);
        let run = specmill.run("panther user list").await;
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(
            run.errors.matches("warning: the profile file ").count(),
            1,
            "{run:?}"
        );
        assert!(!run.errors.contains("hunter2"), "{run:?}");
    }
}

#[tokio::test]
async fn a_mistake_in_an_unused_table_is_a_warning() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::new();
    let good = panther(&sandbox, "default", sandbox.panther_api_key());
    write(
        &specmill,
        &format!("{good}[default.scp]\nacces-key = \"x\"\n"),
        0o600,
    );
    let run = specmill.run("panther user list --limit 60").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let warning = "has an unknown key acces-key in [default.scp]; known keys are ";
    assert!(
        run.errors.starts_with("warning: ") && run.errors.contains(warning),
        "{run:?}"
    );
    let run = specmill.run("scp user list --instance-id x").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(
        run.errors.starts_with("error: ") && run.errors.contains(warning),
        "{run:?}"
    );
}

#[tokio::test]
async fn the_values_that_a_variable_can_have_are_listed() {
    let specmill = Specmill::new()
        .with("SCP_REGION", "kr-west1")
        .with("SCP_ENVIRONMENT", "enterprise");
    let run = specmill
        .with("SCP_ACCESS_KEY", "a")
        .with("SCP_SECRET_KEY", "s")
        .run("scp user list --instance-id x")
        .await;
    assert_eq!(run.code, Some(3), "{run:?}");
    assert!(
        run.errors
            .contains("\n  SCP_ENVIRONMENT is one of s, e, g\n"),
        "{run:?}"
    );
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
async fn missing_settings_are_listed_with_the_ways_to_set_them() {
    let run = Specmill::new().run("scp user list --instance-id x").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    for part in [
        "SCP_BASE_URL (or SCP_REGION and SCP_ENVIRONMENT), SCP_ACCESS_KEY and SCP_SECRET_KEY are not set",
        "base-url (or region and environment), access-key and secret-key in the table [default.scp] of ",
        "/.config/specmill/profiles.toml",
        "`specmill profile add scp`",
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
        "SCP_BASE_URL, or base-url: the base URL of the service; not needed with SCP_REGION and SCP_ENVIRONMENT\n",
        "SCP_REGION, or region: the region of the service [required without SCP_BASE_URL; kr-west1, ",
        "SCP_SECRET_KEY, or secret-key: the secret key [required; secret]",
        "SCP_IDENTITY_CENTER_BASE_URL, SCP_IDENTITY_CENTER_REGION, SCP_IDENTITY_CENTER_ENVIRONMENT, \
         SCP_IDENTITY_CENTER_API_VERSION, SCP_IDENTITY_CENTER_LANGUAGE, or identity-center-base-url and so on: \
         for Samsung Cloud Platform IAM Identity Center alone, before those above\n",
    ] {
        assert!(run.output.contains(variable), "{run:?}");
    }
}

#[tokio::test]
async fn a_setting_of_one_service_takes_precedence_over_the_shared_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox).with("SCP_API_VERSION", "9.9");
    let list = format!("scp users list --instance-id {}", sandbox.instance_id());
    let run = specmill.run(&list).await;
    assert_eq!(run.code, Some(3), "{run:?}");
    let specmill = specmill.with("SCP_IDENTITY_CENTER_API_VERSION", "1.3");
    let run = specmill.run(&list).await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn an_error_about_the_base_url_names_variables_and_no_method() {
    let keys = Specmill::new()
        .with("SCP_ACCESS_KEY", "a")
        .with("SCP_SECRET_KEY", "s");
    let keys = keys.with("SCP_REGION", "kr-west1");
    let run = keys.run("scp user list --instance-id x").await;
    let missing = "error: SCP_BASE_URL (or SCP_ENVIRONMENT) is not set\n";
    assert!(run.errors.starts_with(missing), "{run:?}");
    let keys = keys.with("SCP_ENVIRONMENT", "g");
    let run = keys.run("scp user list --instance-id x").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    let says = "no server has SCP_REGION `kr-west1` and SCP_ENVIRONMENT `g` together: \
                set another pair, or SCP_BASE_URL\n";
    assert!(run.errors.contains(says), "{run:?}");
    let plain = keys.with("SCP_BASE_URL", "http://example.test");
    let run = plain.run("scp user list --instance-id x").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    let says = "the base URL (SCP_BASE_URL) is http://, which would send credentials unencrypted: use https://\n";
    assert!(run.errors.contains(says), "{run:?}");
}

#[tokio::test]
async fn a_table_without_its_profile_is_refused_with_the_fix() {
    let specmill = Specmill::new();
    write(&specmill, "[panther]\napi-key = \"k\"\n", 0o600);
    let run = specmill.run("panther user list").await;
    assert_eq!(run.code, Some(3), "{run:?}");
    let says = "has `api-key` directly in [panther]: write [default.panther]\n";
    assert!(run.errors.contains(says), "{run:?}");
}

#[tokio::test]
async fn no_flag_accepts_a_credential() {
    for api in ["panther user list", "scp user list"] {
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
