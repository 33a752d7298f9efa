//! The pages of `docs/` hold together: what they link to is there, and each is found.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every page below a folder of the repository.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

/// The lines of a page that are no code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// Where the links of a page lead, those of definitions included.
fn targets(text: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    for line in prose(text) {
        if let Some((label, target)) = line.split_once("]: ")
            && label.starts_with('[')
        {
            targets.push(target);
        }
        for part in line.split("](").skip(1) {
            targets.extend(part.split(')').next());
        }
    }
    targets
}

/// The anchors of the headings of a page, as they are made of their words.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let words = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|character| {
                character.is_alphanumeric() || matches!(character, ' ' | '-' | '_')
            });
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn every_link_leads_to_a_page_or_a_heading() {
    for page in pages(&docs()) {
        let text = fs::read_to_string(&page).unwrap();
        for target in targets(&text) {
            if target.starts_with("https://") {
                continue;
            }
            if let Some(anchor) = target.strip_prefix('#') {
                assert!(
                    anchors(&text).contains(anchor),
                    "{}: {target}",
                    page.display()
                );
            } else {
                let file = page.parent().unwrap().join(target);
                assert!(file.is_file(), "{}: {target}", page.display());
            }
        }
    }
}

#[test]
fn every_page_is_in_the_index_and_in_the_docs_of_the_crate() {
    let index = fs::read_to_string(docs().join("README.md")).unwrap();
    let of_reference = fs::read_to_string(docs().join("reference/README.md")).unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let shown: String = ["lib.rs", "guide.rs", "reference.rs"]
        .map(|file| fs::read_to_string(source.join(file)).unwrap())
        .concat();
    for page in pages(&docs()) {
        let name = page.strip_prefix(docs()).unwrap().to_str().unwrap();
        if name.ends_with("README.md") {
            continue;
        }
        let listed = match name.strip_prefix("reference/") {
            Some(name) => targets(&of_reference).contains(&name),
            None => targets(&index).contains(&name),
        };
        assert!(listed, "{name} is in no index");
        assert!(
            shown.contains(&format!("docs/{name}\"")),
            "{name} is shown nowhere"
        );
    }
}

/// The labels that a text defines, each in its brackets.
fn defined(text: &str) -> Vec<String> {
    let lines = text.lines();
    let labels = lines.filter_map(|line| line.split_once("]: ").map(|(label, _)| label));
    let labels = labels.filter(|label| label.starts_with('['));
    labels.map(|label| format!("{label}]")).collect()
}

#[test]
fn every_page_defines_the_links_that_it_uses_and_no_others() {
    let links = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guide/links.md");
    let known = defined(&fs::read_to_string(links).unwrap());
    assert!(!known.is_empty());
    for page in pages(&docs()) {
        let text = fs::read_to_string(&page).unwrap();
        let prose: Vec<&str> = prose(&text).collect();
        let prose = prose.join("\n");
        let defined = defined(&prose);
        for label in &known {
            let used = prose.matches(label.as_str()).count() > usize::from(defined.contains(label));
            assert_eq!(used, defined.contains(label), "{}: {label}", page.display());
        }
    }
}

#[test]
fn the_sandboxs_readme_begins_a_test_as_the_examples_that_run_do() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/sandbox/README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let block = readme.split("```text\n").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().take_while(|line| *line != "```").collect();
    assert_eq!(lines.len(), 3);
    let examples: String = ["tour.md", "test-your-code.md"]
        .map(|page| fs::read_to_string(docs().join(page)).unwrap())
        .concat();
    for line in lines {
        assert!(examples.lines().any(|other| other == line), "{line}");
    }
}
