//! The rows of the comparison with other generators.

use std::collections::BTreeMap;
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
    /// Adds the cost of one command of a generator. Returns whether it succeeded.
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
            return format!("| {document} | {generator} | fails: {problem} | | | | | | |");
        }
        format!("| {document} | {generator} | {self}")
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sources {
            lines,
            fields,
            any_value,
            untyped,
        } = self.sources;
        write!(
            formatter,
            "{:.2} s | {} | {lines} | {fields} | {any_value} | {untyped} ({:.2} %) | ",
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

/// The totals of all rows, for the text below the table.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Fields and untyped fields of each document, by generator.
    rows: BTreeMap<String, BTreeMap<String, (usize, usize)>>,
}

/// The name of this generator in the rows.
pub(crate) const THIS: &str = "specmill";

impl Totals {
    /// Parses the totals from rows, which are keyed by document and generator.
    pub(crate) fn of(rows: &BTreeMap<(String, String), String>) -> Self {
        let mut totals = Self::default();
        for ((document, generator), row) in rows {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let number = |cell: usize| {
                let text = cells.get(cell)?.split(' ').next()?;
                text.parse::<usize>().ok()
            };
            if let (Some(fields), Some(untyped)) = (number(6), number(8)) {
                let of_document = totals.rows.entry(document.clone()).or_default();
                of_document.insert(generator.clone(), (fields, untyped));
            }
        }
        totals
    }

    /// The documents for which this generator has a larger share of untyped fields than the best other one.
    fn above(&self) -> Vec<&str> {
        let rows = self.rows.iter().filter(|(_, generators)| {
            let others = generators.iter().filter(|(name, _)| *name != THIS);
            let best = others
                .map(|(_, (fields, untyped))| percent(*untyped, *fields))
                .min_by(f64::total_cmp);
            let own = generators.get(THIS);
            own.zip(best)
                .is_some_and(|((fields, untyped), best)| percent(*untyped, *fields) > best)
        });
        rows.map(|(document, _)| document.as_str()).collect()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sums: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
        for (generator, (fields, untyped)) in self.rows.values().flatten() {
            let sum = sums.entry(generator).or_default();
            *sum = (sum.0 + 1, sum.1 + fields, sum.2 + untyped);
        }
        if sums.is_empty() {
            return Ok(());
        }
        writeln!(formatter)?;
        for (generator, (documents, fields, untyped)) in sums {
            let share = percent(untyped, fields);
            writeln!(
                formatter,
                "- {generator}: {documents} documents, {untyped} of {fields} fields untyped ({share:.2} %)"
            )?;
        }
        let above = match self.above().as_slice() {
            [] => "none".to_owned(),
            some => some.join(", "),
        };
        writeln!(
            formatter,
            "\nDocuments of which {THIS} has a larger share of untyped fields than the better of the others: {above}."
        )
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
                any_value: 4,
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
            "| box | ploidy | 1.25 s | 50 MB | 1000 | 200 | 4 | 3 (1.50 %) | 7.0 s, 900 MB |"
        );
        assert!(measured().row("box", "ploidy").ends_with("| not run |"));
    }

    #[test]
    fn failed_compilations_and_documents_are_reported() {
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
            "| box | ploidy | fails: error: a \\| b | | | | | | |"
        );
    }

    #[test]
    fn totals_and_documents_above_the_best_other_are_parsed_from_rows() {
        let row = |document: &str, generator: &str, fields, untyped| {
            let sources = Sources {
                fields,
                untyped,
                ..measured().sources
            };
            let measured = Measured {
                sources,
                ..measured()
            };
            let key = (document.to_owned(), generator.to_owned());
            (key, measured.row(document, generator))
        };
        let mut rows = BTreeMap::from([
            row("asana", "specmill", 100, 1),
            row("asana", "ploidy", 200, 1),
            row("asana", "other", 200, 50),
            row("box", "specmill", 100, 0),
            row("box", "other", 100, 0),
            row("coda", "specmill", 100, 3),
        ]);
        let failed = Measured {
            problem: Some("error".to_owned()),
            ..measured()
        };
        rows.insert(
            ("coda".to_owned(), "ploidy".to_owned()),
            failed.row("coda", "ploidy"),
        );
        let text = Totals::of(&rows).to_string();
        assert!(
            text.contains("- specmill: 3 documents, 4 of 300 fields untyped (1.33 %)\n"),
            "{text}"
        );
        assert!(text.contains("- ploidy: 1 documents, 1 of 200"), "{text}");
        assert!(
            text.ends_with("the better of the others: asana.\n"),
            "{text}"
        );
        assert_eq!(Totals::default().to_string(), "");
    }
}
