//! The glossary of CONTRIBUTING.md applies to everything that users and contributors read.
//!
//! Passages are the paragraphs of text files and, in Rust files, comments, strings and the names of tests. Lines are joined, so
//! that a line break hides nothing. Code between backticks is not checked.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A term to avoid, as in the last column of the glossary, and the phrases that are searched for.
///
/// A term with an ordinary meaning as well ("text", "member") has phrases in which it can only have the meaning of the glossary.
const AVOIDED: [(&str, &[&str]); 29] = [
    ("answer", &["answer", "answers", "answered", "answering"]),
    (
        "member",
        &[
            "has no member",
            "the member `",
            "the required member",
            "an unknown member",
            "member of the body",
            "members of the body",
            "a member name",
        ],
    ),
    ("text", &["is no text", "is not a text"]),
    (
        "address of the API",
        &[
            "address of the api",
            "address of the service",
            "base address",
        ],
    ),
    ("made again", &["made again"]),
    ("tried again", &["tried again"]),
    (
        "repeated",
        &[
            "request is repeated",
            "call is repeated",
            "attempt is repeated",
            "repeats the request",
            "repeats the call",
        ],
    ),
    ("blotted out", &["blotted", "blotting", "blots"]),
    ("masked", &["masked", "masks", "masking"]),
    ("unfit", &["unfit"]),
    (
        "left out",
        &[
            "operation left out",
            "operation is left out",
            "operations are left out",
            "operations that are left out",
            "operations left out",
            "is left out, with the reason",
        ],
    ),
    ("omitted", &["omitted operation", "omitted operations"]),
    ("widened", &["widened to"]),
    ("mill", &["mill", "mills"]),
    ("made anew", &["anew"]),
    ("mend", &["mend", "mends", "mended", "mending"]),
    (
        "complaint",
        &["complaint", "complaints", "complain", "complains"],
    ),
    (
        "look up",
        &[
            "look up the reference",
            "looks up the reference",
            "look up what",
        ],
    ),
    ("under way", &["under way"]),
    ("payload", &["payload", "payloads"]),
    (
        "told apart",
        &["told apart", "tell apart", "tells apart", "telling apart"],
    ),
    (
        "stands",
        &[
            "where it stands",
            "where they stand",
            "stands beside",
            "stand beside",
        ],
    ),
    ("leads nowhere", &["leads nowhere", "lead nowhere"]),
    (
        "falls on one name",
        &["fall on one", "falls on one", "falling on one"],
    ),
    ("taken apart", &["taken apart", "takes apart", "take apart"]),
    ("gravest", &["gravest"]),
    ("nought", &["nought"]),
    ("goes without saying", &["goes without saying"]),
    ("for want of", &["for want of"]),
];

/// Text that other people or tools wrote, copies of it, and documents of tests that stand for it.
const FOREIGN: [&str; 7] = [
    "crates/codegen/tests/documents/",
    "specs/panther/published/",
    "crates/normalize/tests/frozen/",
    "crates/normalize/tests/normalize/snapshots/",
    "Cargo.lock",
    "xtask/Cargo.lock",
    "tests/vocabulary.rs",
];

/// The committed text files; the section of CONTRIBUTING.md with the glossary is removed.
fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files");
    let names = String::from_utf8(output.stdout).unwrap();
    let mut files: BTreeMap<String, String> = names
        .split_terminator('\0')
        .filter(|file| !FOREIGN.iter().any(|foreign| file.starts_with(foreign)))
        .filter_map(|file| Some((file.to_owned(), fs::read_to_string(root.join(file)).ok()?)))
        .collect();
    let contributing = files.get_mut("CONTRIBUTING.md").unwrap();
    *contributing = contributing.replace(&glossary(contributing), "");
    files
}

/// The section of CONTRIBUTING.md that contains the glossary.
fn glossary(contributing: &str) -> String {
    let (_, section) = contributing.split_once("\n## Vocabulary\n").unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

/// The passages of a file, each with its first line.
fn passages(file: &str, text: &str) -> Vec<(usize, String)> {
    let passages = if Path::new(file).extension().is_some_and(|it| it == "rs") {
        of_rust(text)
    } else {
        paragraphs(text)
    };
    let folded = passages.into_iter().map(|(line, passage)| {
        let passage = passage.to_lowercase();
        (
            line,
            passage.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    });
    folded.collect()
}

/// The paragraphs of a text, without comment markers of scripts and settings.
fn paragraphs(text: &str) -> Vec<(usize, String)> {
    let mut passages = vec![(1, String::new())];
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches([' ', '#', '>', '/', '*', '-']);
        if line.is_empty() {
            passages.push((index + 2, String::new()));
        } else if let Some((_, passage)) = passages.last_mut() {
            *passage += line;
            passage.push(' ');
        }
    }
    passages
}

/// Comments, strings and the names of tests of a Rust file.
fn of_rust(text: &str) -> Vec<(usize, String)> {
    let mut passages: Vec<(usize, String)> = Vec::new();
    let mut comment_ended = 0;
    let mut rest = text;
    let (mut line, mut counted) = (1, 0);
    while let Some(start) = rest.find(['/', '"', '\'', 'f', 'r']) {
        let before = rest[..start].chars().next_back();
        rest = &rest[start..];
        let at = text.len() - rest.len();
        line += text[counted..at].matches('\n').count();
        counted = at;
        let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        if let Some(comment) = rest.strip_prefix("//") {
            let (comment, after) = comment.split_once('\n').unwrap_or((comment, ""));
            let comment = comment.trim_start_matches(['/', '!']);
            match passages.last_mut() {
                Some((_, last)) if comment_ended + 1 == line => *last += &format!(" {comment}"),
                _ => passages.push((line, comment.to_owned())),
            }
            (comment_ended, rest) = (line, after);
        } else if let Some(raw) = raw_string(rest).filter(|_| !in_word) {
            passages.push((line, raw.to_owned()));
            rest = &rest[rest.find('"').unwrap_or(0) + 1 + raw.len()..];
            rest = rest.strip_prefix('"').unwrap_or(rest);
        } else if let Some(string) = rest.strip_prefix('"') {
            let end = string_end(string);
            passages.push((line, continued(&string[..end])));
            rest = string.get(end + 1..).unwrap_or_default();
        } else if let Some(name) = rest.strip_prefix("fn ").filter(|_| !in_word) {
            let end = name.find(['(', '<']).unwrap_or(name.len());
            // Test names are sentences; other function names are code.
            if name[..end].matches('_').count() > 2 {
                passages.push((line, name[..end].replace('_', " ")));
            }
            rest = &name[end..];
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest = &rest[rest[2..].find('\'').map_or(1, |end| end + 3)..];
        } else {
            rest = &rest[1..];
        }
    }
    passages
}

/// The content of the raw string at the start of the text.
fn raw_string(text: &str) -> Option<&str> {
    let marks = text.strip_prefix('r')?;
    let content = marks.trim_start_matches('#');
    let end = format!("\"{}", &marks[..marks.len() - content.len()]);
    let content = content.strip_prefix('"')?;
    Some(&content[..content.find(&end).unwrap_or(content.len())])
}

/// The length of a string up to its closing quote.
fn string_end(string: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in string.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index,
            _ => {}
        }
    }
    string.len()
}

/// A string without its line continuations, and with spaces in place of escaped line breaks.
fn continued(string: &str) -> String {
    let mut lines = string.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    let joined = lines.fold(first, |whole, line| whole + line.trim_start());
    joined.replace("\\n", " ")
}

/// A passage without the code between backticks; the marks stay.
fn without_code(passage: &str) -> String {
    let parts = passage.split('`').enumerate();
    let kept = parts.map(|(index, part)| if index % 2 == 0 { part } else { "" });
    kept.collect::<Vec<_>>().join("`")
}

/// Whether a passage contains these words in this order, as whole words.
fn has(passage: &str, words: &str) -> bool {
    passage.match_indices(words).any(|(start, _)| {
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !inside(passage[..start].chars().next_back())
            && (words.ends_with('`') || !inside(passage[start + words.len()..].chars().next()))
    })
}

/// The terms to avoid that a file contains.
fn found(file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (line, passage) in passages(file, text) {
        // A single word in a string is a value, not prose.
        let prose = without_code(&passage);
        if !prose.trim().contains(' ') {
            continue;
        }
        for (term, phrases) in AVOIDED {
            if let Some(phrase) = phrases.iter().find(|phrase| has(&prose, phrase)) {
                found.push(format!(
                    "{file}:{line}: `{phrase}`: see `{term}` in the glossary of CONTRIBUTING.md"
                ));
            }
        }
    }
    found
}

#[test]
fn no_file_uses_a_term_that_the_glossary_replaces() {
    let files = files();
    assert!(files.len() > 500, "{} files", files.len());
    let found: Vec<String> = files
        .iter()
        .flat_map(|(file, text)| found(file, text))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_term_of_the_glossary_is_searched_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contributing = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let glossary = glossary(&contributing);
    let rows = glossary.lines().filter(|line| line.starts_with("| "));
    let terms = rows.skip(1).flat_map(|row| {
        let last = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        last.split(',').map(str::trim)
    });
    let mut terms: Vec<&str> = terms.collect();
    terms.dedup();
    let searched: Vec<&str> = AVOIDED.iter().map(|(term, _)| *term).collect();
    assert!(terms.len() > 15, "{terms:?}");
    assert_eq!(terms, searched);
}

#[test]
fn a_term_is_found_in_all_kinds_of_prose() {
    for (file, text) in [
        ("a.md", "The client\nmasks each key."),
        ("a.md", "| row | of the\n> payload |"),
        ("a.yml", "# No\n# answer came."),
        (
            "a.rs",
            "/// The operation\n/// is left out here.\nfn f() {}",
        ),
        ("a.rs", "    //! An\n    //! answer."),
        ("a.rs", "let a = \"the mill \\\n         stops\";"),
        ("a.rs", "let a = \"one\\nanswer here\";"),
        ("a.rs", "let a = r#\"a \"payload\" here\"#;"),
        ("a.rs", "let a = '\"'; // An answer."),
        ("a.rs", "#[test]\nfn a_key_is_masked_too() {}"),
        ("a.rs", "format!(\"the member `{name}` is bad\")"),
    ] {
        assert_eq!(found(file, text).len(), 1, "{text}");
    }
}

#[test]
fn code_and_other_words_are_not_terms() {
    for (file, text) in [
        ("a.md", "The field `answer` is set."),
        ("a.md", "A millisecond passes, and a mask."),
        ("a.rs", "let answer = payload(\"answer\");"),
        ("a.rs", "fn answered(request: &str) {}"),
        ("a.rs", "/// A workspace member is named.\nfn f() {}"),
    ] {
        assert!(found(file, text).is_empty(), "{text}");
    }
}
