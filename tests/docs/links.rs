//! Every relative link and anchor of every Markdown file of the repository has a target, and every page of `docs/` is
//! linked.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::read;

/// Every committed Markdown file that this project wrote or generated.
pub(crate) fn pages() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--", "*.md"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "git ls-files");
    let pages = String::from_utf8(output.stdout).unwrap();
    let pages = pages.split_terminator('\0').map(str::to_owned);
    // Pages of vendors are test data.
    let pages: Vec<String> = pages
        .filter(|page| !page.contains("/tests/") && !page.starts_with("specs/"))
        .filter(|page| Path::new(env!("CARGO_MANIFEST_DIR")).join(page).is_file())
        .collect();
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

/// The lines of a page outside of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

/// The line without code spans.
fn without_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts
        .filter(|(index, _)| index % 2 == 0)
        .map(|(_, part)| part)
        .collect()
}

/// The targets of the links of a page, including link definitions.
fn targets(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in prose(text) {
        if let Some((label, target)) = line.split_once("]: ")
            && label.starts_with('[')
        {
            targets.push(target.to_owned());
        }
        // The label of a link may be a code span, which must not hide the target.
        let line = without_code(&line.replace("`](", "](").replace("[`", "["));
        for part in line.split("](").skip(1) {
            targets.extend(part.split(')').next().map(str::to_owned));
        }
    }
    targets
}

/// The anchors of the headings of a page, which forges derive from their words.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let mut anchors: BTreeSet<String> = headings
        .map(|heading| {
            let words = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = words.chars().filter(|character| {
                character.is_alphanumeric() || matches!(character, ' ' | '-' | '_')
            });
            kept.collect::<String>().replace(' ', "-")
        })
        .collect();
    for part in text.split("<a id=\"").skip(1) {
        anchors.extend(part.split('"').next().map(str::to_owned));
    }
    anchors
}

/// The file that a link refers to, relative to the repository.
fn resolve(page: &str, target: &str) -> String {
    let joined = Path::new(page).parent().unwrap().join(target);
    let mut path = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::ParentDir => assert!(path.pop(), "{page}: {target} leaves the repository"),
            other => path.push(other),
        }
    }
    path.to_str().unwrap().replace('\\', "/")
}

#[test]
fn every_link_has_a_file_or_a_heading_as_target() {
    let mut checked = 0;
    for page in pages() {
        let text = read(&page);
        for target in targets(&text) {
            // URLs are not fetched; rustdoc resolves links such as `crate::…`.
            if target.contains("://") || target.contains("::") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() {
                page.clone()
            } else {
                resolve(&page, file)
            };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&file);
            assert!(path.exists(), "{page}: {target} leads to no file");
            if !anchor.is_empty() {
                assert!(
                    anchors(&read(&file)).contains(anchor),
                    "{page}: {target} has no such heading"
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked} links");
}

/// The pages of the guide, by their names below `docs/`.
fn guide() -> impl Iterator<Item = String> {
    let pages = pages().into_iter();
    let names = pages.filter_map(|page| page.strip_prefix("docs/").map(str::to_owned));
    names.filter(|name| !name.ends_with("README.md") && name != "SUMMARY.md")
}

#[test]
fn every_page_is_in_the_index_in_the_contents_of_the_site_and_in_the_docs_of_the_crate() {
    let index = targets(&read("docs/README.md"));
    let of_reference = targets(&read("docs/reference/README.md"));
    let contents = targets(&read("docs/SUMMARY.md"));
    let shown: String = ["src/lib.rs", "src/guide.rs", "src/reference.rs"]
        .map(read)
        .concat();
    for name in guide() {
        let listed = match name.strip_prefix("reference/") {
            Some(name) => of_reference.iter().any(|target| target == name),
            None => index.contains(&name) && contents.contains(&name),
        };
        assert!(listed, "{name} is in no index");
        assert!(
            shown.contains(&format!("docs/{name}\"")),
            "rustdoc does not show {name}"
        );
    }
}

/// The labels that a page defines, in brackets.
fn defined(text: &str) -> Vec<String> {
    let lines = text.lines();
    let labels = lines.filter_map(|line| line.split_once("]: ").map(|(label, _)| label));
    let labels = labels.filter(|label| label.starts_with('['));
    labels.map(|label| format!("{label}]")).collect()
}

#[test]
fn every_page_defines_the_links_that_it_uses_and_no_others() {
    let known = defined(&read("src/guide/links.md"));
    assert!(!known.is_empty());
    for name in guide() {
        let text = read(&format!("docs/{name}"));
        let prose: Vec<&str> = prose(&text).collect();
        let prose = prose.join("\n");
        let defined = defined(&prose);
        for label in &known {
            let used = prose.matches(label.as_str()).count() > usize::from(defined.contains(label));
            assert_eq!(used, defined.contains(label), "docs/{name}: {label}");
        }
    }
}

#[test]
fn a_link_is_found_next_to_code_and_in_a_definition() {
    let text =
        "See [`send`](a.md#send) and `[no](link.md)`.\n\n```\n[no](code.md)\n```\n\n[b]: b.md\n";
    assert_eq!(targets(text), ["a.md#send", "b.md"]);
    assert_eq!(resolve("docs/a.md", "../README.md"), "README.md");
    let expected = ["a-second-heading".to_owned(), "heading".to_owned()];
    assert_eq!(
        anchors("# Heading\n## A *second*, heading\n"),
        BTreeSet::from(expected)
    );
}
