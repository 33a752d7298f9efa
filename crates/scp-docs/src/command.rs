//! The commands: `verify` and `draft`.

mod draft;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use scp_pages::{Source, read_source};
use specmill_openapi::diagnostic::Result;
use specmill_xtask::Run;

/// The commands on printed pages.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compare printed pages with the hand-written spec of an API
    Verify(verify::Verify),
    /// Draft a spec from printed pages
    Draft(draft::Draft),
}

impl Run for Command {
    fn run(self, root: &Path) -> Result<ExitCode> {
        match self {
            Self::Verify(command) => verify::run(root, &command),
            Self::Draft(command) => draft::run(&command),
        }
    }
}

/// Reads the pages that the arguments name; `is_complete` accepts those that look cut off.
fn read_sources(pages: &[String], is_complete: bool) -> Result<Vec<Source>> {
    let read = |page: &String| {
        let mut source = read_source(page)?;
        source.is_complete = is_complete;
        Ok(source)
    };
    pages.iter().map(read).collect()
}

/// A text of a page without the characters that control a terminal.
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
