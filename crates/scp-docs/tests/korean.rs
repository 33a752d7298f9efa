//! The Korean page of a service, in every format, against the spec that was drafted from the English one.

#![allow(
    clippy::unwrap_used,
    reason = "a failure in a helper is the failure of its test"
)]

use scp_docs::draft;
use scp_docs::printed::Source;
use scp_docs::verify::{Report, read_pages, verify};
use specmill_normalize::{Input, Options};
use specmill_openapi::document::parse_yaml;

const BACKUP: &str = include_str!("printed-pages/saved/backup.txt");
const LIST: &str = include_str!("printed-pages/list-members.txt");

const FORMS: [(&str, &str); 7] = [
    ("printed", include_str!("printed-pages/korean/backup.txt")),
    ("Markdown", include_str!("printed-pages/korean/backup.md")),
    ("HTML", include_str!("printed-pages/korean/backup.html")),
    (
        "copied",
        include_str!("printed-pages/korean/backup.copied.txt"),
    ),
    ("lynx", include_str!("printed-pages/korean/backup.lynx.txt")),
    ("w3m", include_str!("printed-pages/korean/backup.w3m.txt")),
    (
        "w3m with borders",
        include_str!("printed-pages/korean/backup.bordered.w3m.txt"),
    ),
];

fn source(text: &str) -> Source {
    Source::new("page", text.as_bytes().to_vec()).unwrap()
}

/// The English page without the operations that the Korean one lacks.
fn backup() -> String {
    let (operations, rest) = BACKUP.split_once("Show Backup\n").unwrap();
    let (_, models) = rest.split_once("\n1 - Backup\n").unwrap();
    format!("{operations}\n1 - Backup\n{models}")
}

fn compare(page: &str, english: &str) -> Report {
    let pages = read_pages(&[source(english)]).unwrap();
    let spec = draft::draft(&pages).to_yaml().unwrap();
    let input = Input::Document("spec.yaml".into(), parse_yaml(&spec).unwrap());
    verify(&Options::new("acme"), input, None, &[source(page)]).unwrap()
}

#[test]
fn a_korean_page_verifies_clean_against_the_spec_of_the_english_one() {
    for (form, text) in FORMS {
        let report = compare(text, &backup());
        assert_eq!(report.differences, [], "{form}");
        // The descriptions of responses are in another language; everything else is compared.
        let others: Vec<_> = report
            .unknown
            .iter()
            .filter(|unknown| !unknown.what.ends_with(": description"))
            .collect();
        assert!(others.is_empty(), "{form}: {others:?}");
        assert_eq!((report.operations.len(), report.models.len()), (2, 3));
    }
}

#[test]
fn a_change_of_a_korean_page_is_found() {
    for (form, text) in FORMS {
        for (behind, from, to) in [
            ("예시", "nightly-backup", "monthly-backup"),
            ("최댓값", "100", "200"),
            ("최소 길이", "1", "2"),
            ("패턴", "{1,20}", "{1,30}"),
            ("보장", "20270131", "20270228"),
        ] {
            let at = text.find(behind).unwrap();
            let changed = format!("{}{}", &text[..at], text[at..].replacen(from, to, 1));
            let report = compare(&changed, &backup());
            assert_eq!(report.differences.len(), 1, "{form}: {to}: {report:?}");
        }
    }
}

#[test]
fn a_header_whose_last_word_is_wrapped_is_read() {
    let page = include_str!("printed-pages/korean/list-members.narrow.w3m.txt");
    assert!(page.contains("기본\n") && page.contains("보장\n"));
    assert_eq!(compare(page, LIST).differences, []);
}

#[test]
fn a_header_whose_last_word_takes_three_lines_is_read() {
    let page = include_str!("printed-pages/korean/backup.narrow.w3m.txt");
    assert!(page.contains("  기\n유형") && page.contains("  본\n") && page.contains("  값\n"));
    assert_eq!(compare(page, &backup()).differences, []);
}

#[test]
fn a_title_in_another_language_is_unknown() {
    let page = FORMS[0].1.replace("List Backups", "백업 목록 조회");
    let report = compare(&page, &backup());
    assert_eq!(report.differences, []);
    let names = report
        .unknown
        .iter()
        .filter(|unknown| unknown.what.ends_with(", name"));
    assert_eq!(names.count(), 1);
}
