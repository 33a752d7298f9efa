//! No page causes a panic or an endless loop.

use proptest::prelude::*;

use specmill_scratch::{Workspace, page, published};

/// Fragments of pages, valid and invalid, in any order.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "```json",
            "```",
            "~~~json",
            "~~~",
            "````",
            "\n",
            "\r\n",
            "\r",
            "> ",
            "- ",
            "1. ",
            "\t",
            "    ",
            "{",
            "}",
            "[",
            "]",
            "## GET /users",
            "#",
            "{% hint %}",
            "&#x20;",
            "\u{feff}",
            "`",
            "사용자",
            "\"openapi\":\"3.0.3\"",
            ",\"paths\":{}",
            "\u{2028}",
            "\0",
        ])
        .prop_map(str::to_owned),
        Just(format!(
            "\n```json\n{}\n```\n",
            published("a#b", "get", "/a")
        )),
        Just(published("c#d", "put", "/{c}").to_string()),
        "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_imported_or_refused(one in text(), two in text()) {
        let workspace = Workspace::new();
        let before = workspace.files();
        if workspace.import(&[("one.md", &one), ("two.md", &two)]).is_err() {
            prop_assert_eq!(workspace.files(), before);
        }
    }

    #[test]
    fn any_bytes_are_a_page_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(page) = specmill_docs::Page::new("page.md", bytes) {
            let _ = Workspace::new().prepare(&[page]);
        }
    }

    #[test]
    fn an_imported_page_is_normalised_or_refused(id in "\\PC{1,20}", path in "\\PC{0,20}", tail in text()) {
        let workspace = Workspace::new();
        let text = format!("{}\n{tail}", page(&[published(&id, "get", &format!("/{path}"))]));
        if workspace.import(&[("page.md", &text)]).is_ok() {
            let _ = workspace.normalise();
        }
    }
}

#[test]
fn a_large_page_is_read_in_linear_time() {
    // A code span that has the prefix of a fence for many characters.
    let mut text = format!("{}x`\n", "`".repeat(100_000));
    for number in 0..2000 {
        let document = published(
            &format!("user#get{number}"),
            "get",
            &format!("/users/{number}"),
        );
        text.push_str(&format!(
            "## GET /users/{number}\n```json\n{document}\n```\n"
        ));
    }
    let page = specmill_docs::Page::new("page.md", text.into_bytes()).unwrap();
    Workspace::new().prepare(&[page]).unwrap();
}
