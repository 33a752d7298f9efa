//! `cargo xtask corpus`.

use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result, visible};

use crate::checked::Checked;
use crate::report::Table;
use crate::typing::Typing;
use crate::{documents, drive, generators, measure, workspace};

/// The file of the table, from the root.
const TABLE: &str = "CORPUS.md";

/// The command of this crate.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Generate and compile a client for each document of the public corpus, and write CORPUS.md
    Corpus {
        /// Only these documents: their file names without extension
        names: Vec<String>,
        /// Do not compile the clients
        #[arg(long)]
        no_check: bool,
        /// Compare with the other generators that are installed, and write only that table of CORPUS.md
        #[arg(long)]
        compare: bool,
        /// Only run programs that call the clients of some documents against the mock servers of the documents
        #[arg(long, conflicts_with_all = ["names", "no_check", "compare"])]
        drive: bool,
    },
}

impl Command {
    /// Runs the command in the workspace at `root`.
    ///
    /// # Errors
    /// A document cannot be read, or a result cannot be written.
    pub fn run(self, root: &Path) -> Result<ExitCode> {
        let Self::Corpus {
            names,
            no_check,
            compare,
            drive,
        } = self;
        let all = documents::of_package(root)?;
        if drive {
            let ran = drive::all(root, &all)?;
            ran.output.lines().for_each(print);
            return Ok(code(ran.success));
        }
        if let Some(name) = names.iter().find(|name| !all.contains_key(*name)) {
            let known: Vec<&str> = all.keys().map(String::as_str).collect();
            return Err(
                Diagnostic::new(format!("the corpus has no document called `{name}`"))
                    .help(format!("it has {}", known.join(", "))),
            );
        }
        let file = root.join(TABLE);
        let mut table = Table::read(&std::fs::read_to_string(&file).unwrap_or_default());
        // The table is saved after each row, so that an interrupted run loses nothing.
        let save = |table: &Table| {
            std::fs::write(&file, table.to_string()).map_err(|error| {
                Diagnostic::new(format!("cannot write: {error}")).at(TABLE, Place::Whole)
            })
        };
        let scratch = workspace::Scratch::make(root, "workspace")?;
        let chosen = all
            .iter()
            .filter(|(name, _)| names.is_empty() || names.contains(name));
        if compare {
            let installed = generators::installed();
            for (name, document) in chosen {
                let typing = Typing::of(&specmill_openapi::document::read(document)?);
                for generator in &installed {
                    let measured = generators::measure(
                        &scratch, generator, name, document, &typing, !no_check,
                    )?;
                    let row = measured.row(name, generator);
                    print(&row);
                    table.insert_compared(name, generator, row);
                    save(&table)?;
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        let checked = Checked::new(root.join("target/corpus/checked"), &root.join("crates"));
        let mut all_hold = true;
        for (name, document) in chosen {
            let row = measure::document(&scratch, &checked, name, document, !no_check)?;
            print(&format!("{row}"));
            all_hold &= row.holds();
            table.insert(name, row);
            save(&table)?;
        }
        // The rows contain the reasons; a failing exit code makes the CI job fail.
        Ok(code(all_hold))
    }
}

fn code(success: bool) -> ExitCode {
    if success {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[expect(clippy::print_stdout, reason = "the command prints what it does")]
fn print(line: &str) {
    println!("{}", visible(line));
}
