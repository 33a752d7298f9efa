//! Whatever text is given as a page: reading it, drafting from it and comparing it never panic, take
//! bounded time, and never lead to a draft that cannot be read back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;
use xtask::api::Api;
use xtask::document::parse_yaml;
use xtask::draft::draft;
use xtask::printed::{Page, read};
use xtask::verify::{Spec, compare};

const PAGES: [&str; 11] = [
    include_str!("printed-pages/list-members.txt"),
    include_str!("printed-pages/list-members-korean.txt"),
    include_str!("printed-pages/list-members.md"),
    include_str!("printed-pages/list-members-damaged.md"),
    include_str!("printed-pages/create-member.txt"),
    include_str!("printed-pages/create-member.md"),
    include_str!("printed-pages/models.txt"),
    include_str!("printed-pages/models.md"),
    include_str!("printed-pages/contents.txt"),
    include_str!("printed-pages/command-line.txt"),
    include_str!("printed-pages/service.txt"),
];

/// Reads, drafts and compares; the draft must be YAML of the same document.
fn all_of_it(text: &str) {
    let pages: Vec<(String, Page)> = vec![("page".to_owned(), read(text))];
    let drafted = draft(&pages);
    let yaml = drafted.to_yaml().unwrap();
    assert_eq!(parse_yaml(&yaml).unwrap(), drafted.document);
    let settings = "title = \"T\"\nmodule = \"t\"\nfeature = \"t\"\nenvironment = \"T\"\n";
    let api = Api::from_toml("t", settings).unwrap();
    for document in [
        drafted.document.clone(),
        json!({}),
        json!({"paths": {"/x": {"get": {"parameters": [{}]}}}}),
    ] {
        let report = compare(
            &Spec::new(
                api.clone(),
                document.clone(),
                Some(("spec.yaml".into(), document)),
            ),
            &pages,
        );
        for difference in report.differences {
            assert!(
                (1..=text.lines().count()).contains(&difference.line),
                "{difference:?}"
            );
        }
    }
}

/// Lines that mean something to the reader, and some that do not.
fn line() -> impl Strategy<Value = String> {
    let words = PAGES
        .iter()
        .flat_map(|page| page.lines())
        .map(str::to_owned)
        .collect::<Vec<_>>();
    prop_oneof![
        8 => prop::sample::select(words),
        2 => "[ -~]{0,30}",
        1 => "\\PC{0,20}",
        1 => "(query|path|body|header)?[a-z_]{0,8}( required| optional)?",
        1 => "(array\\[|any of \\[|enum \\(|string|null|, |\\]|\\)){1,12}",
        1 => "\\|( [a-zA-Z]{0,8} \\|){0,6}",
        1 => "[0-9]\\.[0-9]{1,12}-?",
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 300,
        // Failures are printed whole; no file beside the sources.
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_text_is_read_without_panic(text in "(\\PC|\n|\t|\r){0,400}") {
        all_of_it(&text);
    }

    #[test]
    fn any_order_of_lines_is_read_without_panic(lines in prop::collection::vec(line(), 0..80)) {
        all_of_it(&lines.join("\n"));
    }

    #[test]
    fn any_damage_to_a_page_is_read_without_panic(
        page in prop::sample::select(PAGES.to_vec()),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..200, ".{0,5}"), 1..12),
    ) {
        let mut characters: Vec<char> = page.chars().collect();
        for (at, length, insert) in cuts {
            let start = at.index(characters.len() + 1);
            let end = (start + length).min(characters.len());
            characters.splice(start..end, insert.chars());
        }
        all_of_it(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn pages_made_to_take_long_take_seconds() {
    let head = "X\n\n1 - 1.0\n\nget /x\n\nParameters\n\nTypeNameDescriptionSchemaDefault\n";
    for piece in [
        "queryx\n",
        "queryx\noptional\n",
        "required\n",
        "any of [\n",
        "array[",
        "enum (",
        "|",
        "| a |\n",
        "|---|\n",
        "1 - 1.0\nget /x\n",
        "1 - 1.0\n",
        "Description\n",
        "NameDescriptionSchema\n",
        "A\n",
        "{\n",
        "[",
        "Example : \n",
        "200OK\n",
        "State ACTIVE (CURRENT)\n",
        "`",
        "<",
        "[a](",
        "stringNone\n",
        "None\n",
        "\u{200b}",
    ] {
        let start = Instant::now();
        let text = format!("{head}{}", piece.repeat(200_000 / piece.len()));
        let page = read(&text);
        drop(draft(&[("page".to_owned(), page)]));
        // A debug build on a busy machine; what grows with the square would take minutes.
        assert!(
            start.elapsed() < Duration::from_secs(30),
            "{piece:?} took {:?}",
            start.elapsed()
        );
    }
}
