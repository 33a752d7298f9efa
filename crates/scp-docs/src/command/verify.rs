//! `cargo xtask verify`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use super::{printable, read_sources};
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
    /// Accept pages that look cut off, because they end like this on the site
    #[arg(long)]
    complete: bool,
}

pub(super) fn run(root: &Path, arguments: &Verify) -> Result<ExitCode> {
    let api = Api::read(root, &arguments.api)?;
    let sources = read_sources(&arguments.pages, arguments.complete)?;
    let (input, overlay) = input::read(root, &api)?;
    let report = verify::verify(&api.normalize_options(), input, overlay.as_ref(), &sources)?;
    for note in &report.notes {
        eprintln!("{}", printable(note));
    }
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
        // Writing to a string cannot fail.
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
