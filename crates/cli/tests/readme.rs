//! The README shows the actual behaviour of the command.

#![allow(clippy::unwrap_used, reason = "these are tests")]

/// Each example runs separately, with its own sandbox.
#[test]
fn every_example_prints_the_shown_output() {
    let home = tempfile::tempdir().unwrap();
    trycmd::TestCases::new()
        .case("README.md")
        .env("HOME", home.path().to_str().unwrap())
        .env("XDG_CONFIG_HOME", home.path().to_str().unwrap())
        .env("SPECMILL_PROFILE", "")
        .env("PANTHER_BASE_URL", "")
        .env("PANTHER_API_KEY", "")
        .env("CLICOLOR_FORCE", "0")
        .env("FORCE_COLOR", "0");
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let readme = include_str!("../README.md");
    let codes = |text: &str| -> Vec<(u8, String)> {
        let lines = text.lines().filter_map(|line| {
            let line = line.trim_matches(['|', ' ']).replace(" | ", "  ");
            let (code, what) = line.split_once("  ")?;
            let what = what.split(';').next()?.trim().to_owned();
            Some((code.trim().parse().ok()?, what))
        });
        lines.collect()
    };
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_specmill"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(run.stdout).unwrap();
    let (_, help) = help.split_once("Exit codes:").unwrap();
    let (_, table) = readme.split_once("| exit code | meaning |").unwrap();
    assert!(codes(help).len() > 5, "{help}");
    assert_eq!(codes(table), codes(help));
}
