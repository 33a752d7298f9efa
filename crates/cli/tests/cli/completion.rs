//! Completions know the commands and flags of all APIs.

use crate::support::Specmill;

#[tokio::test]
async fn every_shell_is_told_the_commands_and_flags() {
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
