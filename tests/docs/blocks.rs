//! Each Rust block of a page equals the region of the page's program.
//!
//! `DOCS=update cargo test --test docs` writes the regions into the pages.

use std::path::Path;

use crate::read;

/// The pages with Rust blocks, each with the source of its program.
const PAGES: [(&str, &str); 14] = [
    ("README.md", include_str!("pages/readme.rs")),
    (
        "docs/authenticate.md",
        include_str!("pages/authenticate.rs"),
    ),
    (
        "docs/handle-errors.md",
        include_str!("pages/handle_errors.rs"),
    ),
    (
        "docs/list-everything.md",
        include_str!("pages/list_everything.rs"),
    ),
    ("docs/middleware.md", include_str!("pages/middleware.rs")),
    (
        "docs/observability.md",
        include_str!("pages/observability.rs"),
    ),
    (
        "docs/pin-a-version.md",
        include_str!("pages/pin_a_version.rs"),
    ),
    (
        "docs/proxies-and-tls.md",
        include_str!("pages/proxies_and_tls.rs"),
    ),
    ("docs/streams.md", include_str!("pages/streams.rs")),
    (
        "docs/test-any-api.md",
        include_str!("pages/test_any_api.rs"),
    ),
    (
        "docs/test-your-code.md",
        include_str!("pages/test_your_code.rs"),
    ),
    (
        "docs/timeouts-and-retries.md",
        include_str!("pages/timeouts_and_retries.rs"),
    ),
    ("docs/tour.md", include_str!("pages/tour.rs")),
    (
        "docs/upload-and-download.md",
        include_str!("pages/upload_and_download.rs"),
    ),
];

/// The regions of a program, in order.
fn regions(program: &str) -> Vec<String> {
    let mut regions = Vec::new();
    let mut open = false;
    for line in program.lines() {
        match line.trim() {
            "// docs: begin" => {
                regions.push(Vec::new());
                open = true;
            }
            "// docs: more" => open = true,
            "// docs: end" => open = false,
            _ if open => regions.last_mut().unwrap().push(line),
            _ => {}
        }
    }
    regions.iter().map(|lines| dedent(lines)).collect()
}

/// Lines without their common indentation, and without surrounding blank lines.
fn dedent(lines: &[&str]) -> String {
    let written = lines.iter().filter(|line| !line.trim().is_empty());
    let indentation = written.map(|line| line.len() - line.trim_start().len());
    let indentation = indentation.min().unwrap_or_default();
    let lines = lines
        .iter()
        .map(|line| line.get(indentation..).unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    format!("{}\n", text.trim_matches('\n'))
}

/// The Rust blocks of a page, in order.
fn blocks(page: &str) -> Vec<String> {
    let parts = page.split("\n```rust\n").skip(1);
    let blocks = parts.map(|part| part.split_once("```\n").unwrap().0);
    blocks.map(str::to_owned).collect()
}

/// The page with its Rust blocks replaced.
fn with_blocks(page: &str, blocks: &[String]) -> String {
    let mut parts = page.split("\n```rust\n");
    let mut text = parts.next().unwrap().to_owned();
    for (part, block) in parts.zip(blocks) {
        let (_, rest) = part.split_once("```\n").unwrap();
        text += &format!("\n```rust\n{block}```\n{rest}");
    }
    text
}

#[test]
fn every_block_is_a_region_of_a_program_that_runs() {
    for (file, program) in PAGES {
        let page = read(file);
        let regions = regions(program);
        assert!(!regions.is_empty(), "{file}");
        assert_eq!(blocks(&page).len(), regions.len(), "the blocks of {file}");
        if std::env::var("DOCS").is_ok_and(|value| value == "update") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            std::fs::write(path, with_blocks(&page, &regions)).unwrap();
            continue;
        }
        for (block, region) in blocks(&page).iter().zip(&regions) {
            assert_eq!(
                block, region,
                "{file}: run `DOCS=update cargo test --test docs`"
            );
        }
    }
}

#[test]
fn every_page_with_a_rust_block_has_a_program() {
    for page in crate::links::pages() {
        let text = read(&page);
        let generated = page.starts_with("docs/reference/");
        let shown_elsewhere = page.starts_with("crates/") || generated;
        let known = PAGES.iter().any(|(file, _)| *file == page);
        assert!(
            known || shown_elsewhere || !text.contains("```rust"),
            "{page}"
        );
    }
}

#[test]
fn no_page_has_a_line_that_is_hidden_only_by_rustdoc() {
    for page in crate::links::pages() {
        let mut in_rust = false;
        for (index, line) in read(&page).lines().enumerate() {
            if line.starts_with("```") {
                in_rust = line.starts_with("```rust");
            }
            let hidden = in_rust && (line == "#" || line.starts_with("# "));
            assert!(!hidden, "{page}:{}: {line}", index + 1);
        }
    }
}

#[test]
fn a_region_is_shown_without_its_indentation_and_the_lines_between_its_parts() {
    let program = "fn f() {\n    // docs: begin\n    let a = g()\n        // docs: end\n        .hidden()\n        \
                   // docs: more\n        .shown();\n    // docs: end\n}\n";
    assert_eq!(regions(program), ["let a = g()\n    .shown();\n"]);
}

#[test]
fn blocks_are_replaced_in_order() {
    let page = "# Page\n\n```rust\nold\n```\n\ntext\n\n```rust\n```\n";
    let new = ["one\n".to_owned(), "two\n".to_owned()];
    let page = with_blocks(page, &new);
    assert_eq!(blocks(&page), new);
    assert_eq!(
        page,
        "# Page\n\n```rust\none\n```\n\ntext\n\n```rust\ntwo\n```\n"
    );
}

#[test]
fn the_readme_of_the_sandbox_starts_a_test_like_the_programs() {
    let readme = read("crates/sandbox/README.md");
    let block = readme.split("```text\n").nth(1).unwrap();
    let lines: Vec<&str> = block.lines().take_while(|line| *line != "```").collect();
    assert_eq!(lines.len(), 3);
    let programs: Vec<String> = PAGES
        .iter()
        .flat_map(|(_, program)| regions(program))
        .collect();
    for line in lines {
        assert!(
            programs
                .iter()
                .any(|program| program.lines().any(|other| other == line)),
            "{line}"
        );
    }
}

#[test]
fn the_readme_shows_the_review_that_the_example_prints() {
    let review = read("docs/images/review.txt");
    let block = format!("\n```text\n{}\n```\n", review.trim_end());
    assert!(
        read("README.md").contains(&block),
        "`.ci/review-example` printed something else: copy docs/images/review.txt into README.md"
    );
}
