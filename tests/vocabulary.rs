//! The words that CONTRIBUTING.md replaces do not come back.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Words that have no other meaning here, each with the term to use.
const REPLACED: [(&str, &str); 12] = [
    ("an answer", "response"),
    ("the answer", "response"),
    ("no answer", "no response"),
    ("answers of", "responses of"),
    ("blotted", "redacted"),
    ("made again", "retried"),
    ("tried again", "retried"),
    ("unfit", "invalid"),
    ("anew", "again"),
    ("the mill", "generator"),
    ("mended", "fixed"),
    ("widened to", "falls back to"),
];

/// What vendors wrote, and what other tools wrote, is theirs.
const FOREIGN: [&str; 6] = [
    "specs/",
    "crates/normalize/tests/frozen/",
    "Cargo.lock",
    "xtask/Cargo.lock",
    "CONTRIBUTING.md",
    "tests/vocabulary.rs",
];

/// The committed files that are text.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files");
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter(|file| !FOREIGN.iter().any(|foreign| file.starts_with(foreign)))
        .filter_map(|file| Some((file.to_owned(), fs::read_to_string(root.join(file)).ok()?)))
        .collect()
}

/// Whether a text has these words, in this order, as whole words.
fn has(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(start, _)| {
        let whole = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        whole(text[..start].chars().next_back())
            && whole(text[start + words.len()..].chars().next())
    })
}

#[test]
fn no_file_uses_a_word_that_has_been_replaced() {
    let mut found = Vec::new();
    for (file, text) in files() {
        for (number, line) in text.lines().enumerate() {
            // Names of tests are sentences too.
            let line = line.to_lowercase().replace('_', " ");
            for (words, term) in REPLACED {
                if has(&line, words) {
                    found.push(format!("{file}:{}: `{words}`: say `{term}`", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn words_are_found_whole() {
    assert!(has("of an answer that", "an answer"));
    assert!(!has("of an answered call", "an answer"));
    assert!(!has("a plan answer", "an answer"));
}
