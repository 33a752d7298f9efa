//! The rows of the comparison with other generators.

use std::fmt;
use std::time::Duration;

use crate::process::Ran;
use crate::sources::Sources;

/// The measurements of one generator on one document.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// The processor time of generation.
    pub cpu: Duration,
    /// The peak memory of generation, in bytes; `None` if the system does not report it.
    pub memory: Option<u64>,
    /// The sizes of the generated sources.
    pub sources: Sources,
    /// The result of `cargo check`; `None` if it was not run.
    pub check: Option<Checked>,
    /// The reason why nothing was generated.
    pub problem: Option<String>,
}

/// The result of `cargo check` for a crate alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Checked {
    /// The crate compiles.
    Passed {
        /// The processor time, without that of dependencies.
        cpu: Duration,
        /// The peak memory of the compiler, in bytes.
        memory: u64,
    },
    /// The crate compiles, on a system that reports neither time nor memory.
    Unmeasured,
    /// The crate does not compile, or the compiler ran out of memory or time.
    Failed,
}

impl Measured {
    /// Adds one command of a generator; whether it succeeded.
    pub(crate) fn add(&mut self, ran: &Ran) -> bool {
        self.cpu += ran.cpu.unwrap_or(ran.time);
        self.memory = self.memory.max(ran.memory);
        if !ran.success {
            self.problem = Some(ran.problem());
        }
        ran.success
    }

    /// The row of a document and a generator.
    pub(crate) fn row(&self, document: &str, generator: &str) -> String {
        if let Some(problem) = &self.problem {
            let problem = problem.replace('|', "\\|");
            return format!("| {document} | {generator} | fails: {problem} | | | | | |");
        }
        format!("| {document} | {generator} | {self}")
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sources {
            lines,
            fields,
            untyped,
        } = self.sources;
        write!(
            formatter,
            "{:.2} s | {} | {lines} | {fields} | {untyped} ({:.1} %) | ",
            self.cpu.as_secs_f64(),
            self.memory.map_or("unknown".to_owned(), megabytes),
            percent(untyped, fields),
        )?;
        match self.check {
            None => write!(formatter, "not run |"),
            Some(Checked::Unmeasured) => write!(formatter, "passes |"),
            Some(Checked::Failed) => write!(formatter, "**fails** |"),
            Some(Checked::Passed { cpu, memory }) => write!(
                formatter,
                "{:.1} s, {} |",
                cpu.as_secs_f64(),
                megabytes(memory)
            ),
        }
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

#[expect(clippy::cast_precision_loss, reason = "counts of fields are small")]
fn percent(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        100.0 * part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        Measured {
            cpu: Duration::from_millis(1250),
            memory: Some(50_000_000),
            sources: Sources {
                lines: 1000,
                fields: 200,
                untyped: 3,
            },
            check: None,
            problem: None,
        }
    }

    #[test]
    fn a_row_names_the_document_the_generator_and_each_measurement() {
        let check = Some(Checked::Passed {
            cpu: Duration::from_secs(7),
            memory: 900_000_000,
        });
        assert_eq!(
            Measured {
                check,
                ..measured()
            }
            .row("box", "ploidy"),
            "| box | ploidy | 1.25 s | 50 MB | 1000 | 200 | 3 (1.5 %) | 7.0 s, 900 MB |"
        );
        assert!(measured().row("box", "ploidy").ends_with("| not run |"));
    }

    #[test]
    fn a_crate_that_does_not_compile_and_a_document_that_fails_are_named() {
        let failed = Measured {
            check: Some(Checked::Failed),
            ..measured()
        };
        assert!(failed.row("box", "ploidy").ends_with("| **fails** |"));
        let refused = Measured {
            problem: Some("error: a | b".to_owned()),
            ..measured()
        };
        assert_eq!(
            refused.row("box", "ploidy"),
            "| box | ploidy | fails: error: a \\| b | | | | | |"
        );
    }
}
