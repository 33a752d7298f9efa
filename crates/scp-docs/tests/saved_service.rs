//! A page with several operations, models and a foot, as people save it: what the command says of each form, and its exit code.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use specmill_scratch::{Run, Workspace};

const PRINTED: &str = include_str!("printed-pages/saved/backup.txt");
const FORMS: [(&str, &str); 9] = [
    ("printed", PRINTED),
    ("Markdown", include_str!("printed-pages/saved/backup.md")),
    ("HTML", include_str!("printed-pages/saved/backup.html")),
    (
        "copied",
        include_str!("printed-pages/saved/backup.copied.txt"),
    ),
    ("w3m", include_str!("printed-pages/saved/backup.w3m.txt")),
    (
        "w3m with borders",
        include_str!("printed-pages/saved/backup.bordered.w3m.txt"),
    ),
    ("lynx", include_str!("printed-pages/saved/backup.lynx.txt")),
    // Each line of a cell is a paragraph.
    (
        "w3m with paragraphs",
        include_str!("printed-pages/saved/backup.paragraphs.w3m.txt"),
    ),
    (
        "lynx with paragraphs",
        include_str!("printed-pages/saved/backup.paragraphs.lynx.txt"),
    ),
];

fn run(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.run_program(env!("CARGO_BIN_EXE_scp-docs"), arguments, "")
}

/// A workspace whose API is drafted from the printed page.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("page", PRINTED);
    let draft = run(&workspace, &["draft", "page"]);
    assert_eq!(draft.code, Some(0), "{draft:?}");
    workspace.write("specs/acme/spec.yaml", &draft.output);
    workspace
}

fn verify(workspace: &Workspace, page: &str) -> Run {
    workspace.write("page", page);
    run(workspace, &["verify", "--api", "acme", "page"])
}

#[test]
fn every_form_gives_the_same_draft_byte_for_byte() {
    let workspace = workspace();
    let wanted = workspace.read("specs/acme/spec.yaml");
    for (form, text) in FORMS {
        workspace.write("page", text);
        let draft = run(&workspace, &["draft", "page"]);
        assert_eq!(
            (draft.code, draft.output.as_str()),
            (Some(0), &*wanted),
            "{form}"
        );
    }
}

#[test]
fn a_page_that_says_what_the_spec_says_exits_with_0() {
    let workspace = workspace();
    for (form, text) in FORMS {
        let run = verify(&workspace, text);
        assert_eq!(run.code, Some(0), "{form}: {run:?}");
        let counted =
            "0 differences, 0 unknown; compared 4 operations in 4 sections and 3 models\n";
        assert_eq!(run.output, counted, "{form}");
    }
}

#[test]
fn a_page_that_differs_exits_with_1_and_names_the_difference() {
    let workspace = workspace();
    for (form, text) in FORMS {
        for (from, to, place) in [
            ("nightly-backup", "weekly-backup", "query parameter `name`"),
            ("DIFFERENTIAL", "SYNTHETIC", "query parameter `kinds`"),
            ("gigabytes", "terabytes", "terabytes"),
            ("20270131", "20270228", "1.2"),
            ("kr-east1", "kr-east2", "kr-east2"),
        ] {
            let changed = text.replacen(from, to, 1);
            let changed = if form.starts_with("w3m") {
                // Columns keep their places.
                text.replacen(from, &format!("{to:width$}", width = from.len()), 1)
            } else {
                changed
            };
            let run = verify(&workspace, &changed);
            assert_eq!(run.code, Some(1), "{form}: {to}: {run:?}");
            assert!(run.output.contains(place), "{form}: {to}: {run:?}");
        }
    }
}

#[test]
fn a_page_that_is_cut_off_within_a_section_exits_with_2() {
    let workspace = workspace();
    for (form, text) in FORMS {
        for behind in [
            "Which page",
            "Example HTTP request",
            "Request path",
            "Example HTTP response",
            "3.1 - 1.3",
            "3 - BackupPage",
        ] {
            let lines: Vec<&str> = text.lines().collect();
            let end = lines.iter().position(|line| line.contains(behind)).unwrap() + 1;
            let run = verify(&workspace, &lines[..end].join("\n"));
            assert_eq!(run.code, Some(2), "{form}: cut behind {behind}: {run:?}");
            assert!(run.errors.contains("error:"), "{form}: {run:?}");
        }
    }
}
