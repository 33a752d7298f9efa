//! Whatever text is given as a page: reading it, drafting from it and comparing it never panic, take
//! bounded time, and never lead to a draft that cannot be read back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use scp_docs::draft::draft;
use scp_docs::printed::{Page, read};
use scp_docs::verify::{Spec, compare};
use serde_json::json;
use specmill_normalize::{Input, Options, normalize};
use specmill_openapi::document::parse_yaml;

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
    let options = Options::new("t");
    for document in [
        drafted.document.clone(),
        json!({}),
        json!({"paths": {"/x": {"get": {"parameters": [{}]}}}}),
    ] {
        let report = compare(
            &Spec::new(
                options.clone(),
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

/// A Markdown page whose tables were damaged on the way.
fn damaged(page: &str, choices: &[u8]) -> String {
    let mut choices = choices.iter().copied().cycle();
    let mut chance = move |percent: u8| choices.next().is_some_and(|choice| choice < percent);
    let mut out = String::new();
    let mut gone = false;
    let mut in_table = false;
    for line in page.lines() {
        let is_row = line.starts_with('|');
        if is_row && !in_table {
            gone = chance(10);
        }
        in_table = is_row;
        if is_row && gone {
            continue;
        }
        if !is_row || chance(40) {
            out.push_str(line);
        } else if line.starts_with("|---") {
            out.push_str("|---|");
        } else {
            out.push('|');
            for cell in line.trim_matches('|').split('|') {
                if chance(30) {
                    out.push_str(if chance(30) { "\n|---|\n" } else { "\n\n" });
                }
                out.push_str(cell);
                out.push_str(if chance(85) { "|" } else { " " });
            }
        }
        out.push('\n');
    }
    out
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

    // Cells that lose their bars or move to lines of their own, lone separators, tables that are gone:
    // what is left of a page must still agree with the spec, or be unknown.
    #[test]
    fn damage_to_the_tables_of_a_page_makes_no_difference(choices in prop::collection::vec(0u8..100, 400)) {
        let sources = |text: &str| vec![("page".to_owned(), read(text))];
        let mut whole = sources(PAGES[2]);
        whole.extend(sources(PAGES[6]));
        let document = draft(&whole).document;
        let options = Options::new("t");
        let input = Input::Document("spec.yaml".into(), document.clone());
        let normalised = normalize(&options, input, None).unwrap().document;
        let spec = Spec::new(options, normalised, Some(("spec.yaml".into(), document)));
        let text = damaged(PAGES[2], &choices);
        let report = compare(&spec, &sources(&text));
        prop_assert_eq!(&report.differences, &[][..], "{}", text);
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
        let text = format!("{head}{}", piece.repeat(200_000 / piece.len()));
        let page = read(&text);
        drop(draft(&[("page".to_owned(), page)]));
    }
}
