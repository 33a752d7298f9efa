//! `cargo xtask verify`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::printed::read_source;
use crate::verify::{self, Report};
use specmill_openapi::diagnostic::Result;
use specmill_xtask::api::Api;
use specmill_xtask::input;

/// Arguments of `cargo xtask verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 no differences, 1 differences, 2 a page or the spec cannot be read.\n\
                        Facts that a page does not contain are listed as unknown and are no differences."
)]
pub struct Verify {
    /// The API to compare with, a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: String,
    /// Pages of Samsung's documentation as HTML, text or Markdown: files, or - for standard input
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<String>,
}

pub(super) fn run(root: &Path, arguments: &Verify) -> Result<ExitCode> {
    let api = Api::read(root, &arguments.api)?;
    let sources = arguments
        .pages
        .iter()
        .map(|page| read_source(page))
        .collect::<Result<Vec<_>>>()?;
    let (input, overlay) = input::read(root, &api)?;
    let report = verify::verify(&api.normalize_options(), input, overlay.as_ref(), &sources)?;
    print!("{}", text(&report));
    Ok(if report.differences.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for difference in &report.differences {
        // Writing to a text cannot fail.
        let _ = writeln!(
            out,
            "difference: {}\n  page says {}\n    --> {}:{}\n  spec says {}\n    --> {}#{}",
            printable(&difference.what),
            printable(&difference.page_says),
            difference.page,
            difference.line,
            printable(&difference.spec_says),
            difference.file.to_string_lossy().replace('\\', "/"),
            difference.pointer
        );
    }
    for unknown in &report.unknown {
        let _ = write!(out, "unknown: {}", printable(&unknown.what));
        match unknown.line {
            Some(line) => {
                let _ = writeln!(out, "\n    --> {}:{line}", unknown.page);
            }
            None if unknown.page.is_empty() => out.push('\n'),
            None => {
                let _ = writeln!(out, "\n    --> {}", unknown.page);
            }
        }
    }
    out.push_str(&report.summary());
    out.push('\n');
    out
}

/// A page's words without what a terminal would act on.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}
