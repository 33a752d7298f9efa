//! A page as people save it: its HTML, what a browser copies of it, and what `w3m -dump` and `lynx -dump` print. Each says what
//! the printed page says, each change in it is found, and one that is cut off is refused.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use scp_docs::draft;
use scp_docs::printed::{Fault, Source, read};
use scp_docs::verify::{Report, read_pages, verify};
use specmill_normalize::{Input, Options};
use specmill_openapi::document::parse_yaml;

const PRINTED: &str = include_str!("printed-pages/list-members.txt");
const FORMS: [(&str, &str); 6] = [
    ("printed", PRINTED),
    ("Markdown", include_str!("printed-pages/list-members.md")),
    (
        "HTML",
        include_str!("printed-pages/saved/list-members.html"),
    ),
    (
        "copied",
        include_str!("printed-pages/saved/list-members.copied.txt"),
    ),
    (
        "w3m",
        include_str!("printed-pages/saved/list-members.w3m.txt"),
    ),
    (
        "lynx",
        include_str!("printed-pages/saved/list-members.lynx.txt"),
    ),
];

fn source(text: &str) -> Source {
    Source::new("page", text.as_bytes().to_vec()).unwrap()
}

fn drafted(text: &str) -> String {
    draft::draft(&read_pages(&[source(text)]).unwrap())
        .to_yaml()
        .unwrap()
}

/// Compares a page with the draft of the printed one.
fn compare(text: &str) -> Report {
    let document = parse_yaml(&drafted(PRINTED)).unwrap();
    let input = Input::Document("spec.yaml".into(), document);
    verify(&Options::new("teams"), input, None, &[source(text)]).unwrap()
}

#[test]
fn every_form_gives_the_same_draft_byte_for_byte() {
    let wanted = drafted(PRINTED);
    for (form, text) in FORMS {
        assert_eq!(drafted(text), wanted, "{form}");
    }
}

#[test]
fn a_line_break_in_the_header_of_a_table_of_html_changes_nothing() {
    let text = FORMS[2].1;
    let changed = text
        .replace("HTTP Code", "HTTP<br>Code")
        .replace("Supported Until", "Supported<br>Until");
    assert_ne!(text, changed);
    assert_eq!(drafted(&changed), drafted(text));
}

#[test]
fn every_form_says_what_the_spec_says_and_leaves_nothing_unknown() {
    for (form, text) in FORMS {
        let report = compare(text);
        assert_eq!(report.differences, [], "{form}");
        let table: Vec<_> = report
            .unknown
            .iter()
            .filter(|unknown| unknown.what.contains("parameter"))
            .collect();
        assert!(table.is_empty(), "{form}: {table:?}");
    }
}

/// A page with the first occurrence of a string after another one replaced.
fn replaced(text: &str, behind: &str, from: &str, to: &str) -> String {
    let at = text.find(behind).unwrap();
    let at = at + text[at..].find(from).unwrap();
    format!("{}{to}{}", &text[..at], &text[at + from.len()..])
}

/// A page without the row of the parameter `labels` in its first table.
fn without_row(form: &str, text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let line_of = |name: &str| {
        let found = lines.iter().position(|line| {
            let words = line
                .trim()
                .trim_start_matches("<td>")
                .trim_start_matches("query")
                .trim();
            words
                .trim_start_matches(['|', ' ', '\t'])
                .trim_start_matches("query")
                .trim_start_matches([' ', '|'])
                .starts_with(name)
        });
        // The row of HTML begins two lines above the name.
        found.unwrap_or_else(|| panic!("{form}: {name}")) - if form == "HTML" { 2 } else { 0 }
    };
    let range = line_of("labels")..line_of("archived");
    lines.drain(range);
    lines.join("\n")
}

#[test]
fn each_change_of_a_page_is_found_in_every_form() {
    let operation = "/paths/~1v2~1teams~1{team_id}~1members/get";
    for (form, text) in FORMS {
        for (behind, from, to, place) in [
            (
                "Parameters",
                "required",
                "optional",
                "/parameters/2/required",
            ),
            ("Parameters", "tm-778", "tm-779", "/parameters/2/example"),
            (
                "[integer, null]",
                "50",
                "60",
                "/parameters/3/schema/default",
            ),
            ("(OWNER, ", "GUEST", "STAFF", "/parameters/6/schema"),
            ("Labels", "archived", "archives", "/parameters/8/name"),
            ("Archived too", "boolean", "integer", "/parameters/8/schema"),
            (
                "Joined since",
                "date-time",
                "date-hour",
                "/parameters/9/schema",
            ),
            (
                "HTTP Code",
                "Forbidden",
                "Verboten!",
                "/responses/403/description",
            ),
            ("HTTP Code", "404", "410", "/responses/404"),
        ] {
            let changed = replaced(text, behind, from, to);
            let found = compare(&changed).differences;
            let pointers: Vec<&str> = found.iter().map(|found| found.pointer.as_str()).collect();
            assert_eq!(
                pointers,
                [format!("{operation}{place}")],
                "{form}: {to}: {found:?}"
            );
        }
        for (behind, from, to, pointer) in [
            ("State", "(CURRENT)", "(PLANNED)", "/x-api-versions/0/state"),
            (
                "Scp-Api-Version",
                "team-directory",
                "team-direction",
                "/components/parameters/ApiVersion/x-client-setting/value",
            ),
        ] {
            let found = compare(&replaced(text, behind, from, to)).differences;
            let pointers: Vec<&str> = found.iter().map(|found| found.pointer.as_str()).collect();
            assert_eq!(pointers, [pointer], "{form}: {to}");
        }
        let found = compare(&without_row(form, text)).differences;
        let pointers: Vec<&str> = found.iter().map(|found| found.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [format!("{operation}/parameters/7")],
            "{form}: {found:?}"
        );
    }
}

#[test]
fn a_page_that_is_cut_off_within_a_section_is_refused_in_every_form() {
    for (form, text) in FORMS {
        let lines: Vec<&str> = text.lines().collect();
        let of_last = lines
            .iter()
            .rposition(|line| line.contains("get /v2/teams"))
            .unwrap();
        let is_whole = |end: usize| {
            // What is behind the last example is nothing of the page.
            lines[of_last..end]
                .iter()
                .any(|line| line.trim_end().ends_with('}') && line.trim_start() == "}")
                || lines[of_last..end]
                    .iter()
                    .any(|line| line.starts_with("}</code>"))
        };
        for end in (of_last..lines.len()).filter(|end| form == "HTML" || !is_whole(*end)) {
            let cut = lines[..end].join("\n");
            if form != "HTML" && end == of_last {
                continue;
            }
            assert!(
                read_pages(&[source(&cut)]).is_err(),
                "{form}: cut before line {}: {:?}",
                end + 1,
                lines[end]
            );
        }
    }
}

#[test]
fn a_section_whose_rows_cannot_be_read_is_refused() {
    for text in [
        PRINTED
            .replacen(
                "TypeNameDescriptionSchemaDefault\n",
                "Type / Name / Description / Schema / Default\n",
                1,
            )
            .replacen(
                &PRINTED
                    [PRINTED.find("pathteam_id").unwrap()..PRINTED.find("\nResponses").unwrap()],
                "path / team_id / required\nquery / size / optional\n",
                1,
            ),
        FORMS[4].1.replacen("query size  ", "size  query ", 1),
        FORMS[5].1.replacen("   query size\n", "   quer size\n", 1),
        FORMS[3].1.replacen("query\tsize\n", "query\t\n", 1),
        FORMS[2]
            .1
            .replacen("<td>query</td>", "<td>somewhere</td>", 1),
    ] {
        let error = read_pages(&[source(&text)]).map(drop).unwrap_err();
        assert!(error.message().contains("cannot be read"), "{error}");
    }
}

#[test]
fn a_dump_of_lynx_without_its_references_is_cut_off() {
    let text = FORMS[5].1;
    let cut = &text[..text.find("References").unwrap()];
    assert_eq!(read(cut).faults[0].value, Fault::CutOff);
}
