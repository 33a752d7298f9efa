//! Completions contain the commands and flags of all APIs.

use crate::support::Specmill;

#[tokio::test]
async fn the_script_of_every_shell_contains_the_commands_and_flags() {
    const ALL: [&str; 4] = ["panther", "user", "include-deactivated", "role-name"];
    for (shell, words) in [
        ("bash", &ALL[..]),
        ("zsh", &ALL),
        ("elvish", &ALL),
        ("powershell", &ALL),
        ("fish", &ALL[..2]),
    ] {
        let run = Specmill::new().run(&format!("completions {shell}")).await;
        assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{shell}");
        for word in words {
            assert!(run.output.contains(word), "{shell}: {word}");
        }
    }
}

#[tokio::test]
async fn the_help_shows_how_to_install_the_script_of_each_shell() {
    let run = Specmill::new().run("completions --help").await;
    let line = "specmill completions bash > ~/.local/share/bash-completion/completions/specmill";
    assert!(run.output.contains(line), "{run:?}");
}

#[tokio::test]
async fn every_command_has_a_manual_page() {
    let specmill = Specmill::new();
    let folder = specmill.home.path().join("share/man1");
    let run = specmill.run(&format!("man {}", folder.display())).await;
    assert_eq!((run.code, run.output.as_str()), (Some(0), ""), "{run:?}");
    let page = std::fs::read_to_string(folder.join("specmill-panther-user-get.1")).unwrap();
    for text in ["Get a user", r"\fB\-\-id\fR", "OPTIONS OF EVERY COMMAND"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let run = specmill.run("man").await;
    assert!(run.output.contains(".TH specmill 1"), "{run:?}");
}

#[tokio::test]
async fn help_and_version_are_commands_too() {
    let specmill = Specmill::new();
    for (command, flag) in [
        ("help", "--help"),
        ("help panther user get", "panther user get --help"),
        ("version", "--version"),
    ] {
        let (command, flag) = (specmill.run(command).await, specmill.run(flag).await);
        assert_eq!((command.code, &command.output), (Some(0), &flag.output));
    }
}
