//! The tables of CORPUS.md. They are parsed, so that rows that are not measured again are kept.

use std::collections::BTreeMap;
use std::fmt;

use crate::comparison::Totals;
use crate::process::{Ran, Stopped};

/// The measurements of a document's client.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The document.
    pub name: String,
    /// The number of operations in the original document; `None` if it cannot be read.
    pub operations: Option<usize>,
    /// The number of operations in the crate.
    pub generated: usize,
    /// Skipped operations, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// The number of skipped parameters.
    pub skipped_parameters: usize,
    /// The number of fields of all types.
    pub members: usize,
    /// The number of values that fall back to any JSON value although the document declares a type.
    pub widened: usize,
    /// The number of lists with a stream of items.
    pub lists: usize,
    /// The number of lines of the crate's sources.
    pub lines: usize,
    /// The CPU time of `new` and `regen`, in seconds.
    pub seconds: Option<f64>,
    /// The larger peak memory of both commands, in megabytes.
    pub megabytes: Option<u64>,
    /// Whether the crate compiles without a warning.
    pub check: Option<Check>,
    /// The reason why no crate was generated.
    pub problem: Option<String>,
}

/// Whether a crate compiles without a warning.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// It compiles.
    Passed {
        /// The CPU time in seconds, or the elapsed time if the system does not report it.
        seconds: f64,
        /// The peak memory of the compiler, if the system reports it.
        megabytes: Option<u64>,
    },
    /// It does not compile; contains the number of errors and warnings.
    Failed(usize),
    /// The compiler was stopped because it used more than 16 GB of memory.
    TooLarge,
    /// The compiler was stopped after an hour, or because the system ran out of memory.
    Stopped,
}

impl Check {
    pub(crate) fn of(ran: &Ran) -> Self {
        let output = &ran.output;
        let errors = output
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        let killed = output.contains("SIGKILL") || output.contains("signal: 9");
        match ran.stopped {
            _ if ran.success => Self::Passed {
                seconds: ran.cpu.unwrap_or(ran.time).as_secs_f64(),
                megabytes: ran.memory.map(|bytes| bytes / 1_000_000),
            },
            Some(Stopped::TooLarge) => Self::TooLarge,
            Some(_) => Self::Stopped,
            None if killed => Self::Stopped,
            None => Self::Failed(errors),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operations = self
            .operations
            .map_or("?".to_owned(), |count| count.to_string());
        write!(formatter, "| {} | {operations} | ", self.name)?;
        if let Some(problem) = &self.problem {
            let problem = problem.replace('|', "\\|");
            return write!(formatter, "none: {problem} | | | | | | | | |");
        }
        let left_out: Vec<String> = self
            .left_out
            .iter()
            .map(|(reason, count)| format!("{count}: {}", reason.replace('|', "\\|")))
            .collect();
        // Fallbacks of bodies and items are not fields, so there may be more fallbacks than fields.
        let share = 100.0 * ratio(self.widened, self.members.max(self.widened));
        write!(
            formatter,
            "{} | {} | {} | {} | {} ({share:.1} %) | {} | {} | {} | {} |",
            self.generated,
            left_out.join("; "),
            self.skipped_parameters,
            self.members,
            self.widened,
            self.lists,
            self.lines,
            match (self.seconds, self.megabytes) {
                (Some(seconds), Some(megabytes)) => format!("{seconds:.1} s, {megabytes} MB"),
                (Some(seconds), None) => format!("{seconds:.1} s"),
                _ => String::new(),
            },
            self.checked()
        )
    }
}

impl Row {
    /// Whether a client was generated and, if it was compiled, compiles.
    pub fn holds(&self) -> bool {
        self.problem.is_none() && !matches!(self.check, Some(Check::Failed(_)))
    }

    fn checked(&self) -> String {
        match &self.check {
            None => "not compiled".to_owned(),
            Some(Check::Passed { seconds, megabytes }) => match megabytes {
                Some(megabytes) => format!("passes, {seconds:.0} s, {megabytes} MB"),
                None => format!("passes, {seconds:.0} s"),
            },
            Some(Check::Failed(errors)) => format!("{errors} errors"),
            Some(Check::TooLarge) => "exceeds 16 GB".to_owned(),
            Some(Check::Stopped) => "stopped: out of memory or time".to_owned(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of members are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// The rows of both tables: by document, and in the second table by document and generator.
#[derive(Debug, Clone, Default)]
pub struct Table {
    documents: BTreeMap<String, String>,
    compared: BTreeMap<(String, String), String>,
}

/// The text above the rows.
const HEAD: &str = "\
# The public corpus

Generated by `cargo xtask corpus` from the documents of the package `openapi-to-rust` 0.4.0; each row shows its latest run.
`crates/corpus/README.md` describes the measurements.

- *operations*: in the document, and in the crate; *skipped* counts the others by reason.
- *parameters*: skipped, since no style can express them.
- *fields*: of all types; *any value*: places that fall back to `serde_json::Value` although the document declares a type, and their
  share.
- *lists*: operations with `stream()`.
- *generated*: CPU time and peak memory of `new` and `regen` together. *check*: CPU time and peak memory of `cargo check`
  with warnings as errors, which may use up to 16 GB.

| document | operations | in the crate | skipped | parameters | fields | any value | lists | lines | generated | check |
|---|---|---|---|---|---|---|---|---|---|---|
";

/// The text above the comparison.
const COMPARISON: &str = "
## Other generators

Generated by `cargo xtask corpus --compare`: each generator on the same document, in turns in one run. CPU and memory are those of
generation. *check* is the CPU time and the memory of `cargo check` of the crate alone.

The fields are counted by one rule for all generators:

- *fields*: the public fields of structs. Flattened fields, such as those that hold additional properties, have no name in JSON and
  are not counted.
- *any value*: fields whose type is `serde_json::Value`, also behind aliases, references and containers (`Option`, `Box`, `Vec`,
  maps), and fields of a type that consists of nothing else: a tuple struct, an enum whose variants all hold any value, or a struct
  that has only flattened maps of it.
- *untyped*: those of them to which the document gives a type, and their share of all fields. A schema gives a type if it says more
  than that a value is any JSON, an object without declared properties, or a list or map of these. A field is compared with the property of
  the same name in the object that has the same properties, or the most of them; if several such objects exist, all must give a type.

| document | generator | CPU | memory | lines | fields | any value | untyped | check |
|---|---|---|---|---|---|---|---|---|
";

impl Table {
    /// Parses the rows of a file.
    pub fn read(text: &str) -> Self {
        let mut table = Self::default();
        let mut in_comparison = false;
        for line in text.lines() {
            in_comparison |= line.starts_with("| document | generator |");
            let mut cells = line.split('|').skip(1).map(str::trim);
            let (Some(name), Some(generator)) = (cells.next(), cells.next()) else {
                continue;
            };
            if name == "document" || name.starts_with("---") {
                continue;
            }
            let name = name.to_owned();
            if in_comparison {
                let key = (name, generator.to_owned());
                table.compared.insert(key, line.to_owned());
            } else {
                table.documents.insert(name, line.to_owned());
            }
        }
        table
    }

    /// Inserts or replaces the row of a document.
    pub fn insert(&mut self, name: &str, row: impl fmt::Display) {
        self.documents.insert(name.to_owned(), row.to_string());
    }

    /// Inserts or replaces the row of a document and a generator.
    pub(crate) fn insert_compared(&mut self, name: &str, generator: &str, row: String) {
        let key = (name.to_owned(), generator.to_owned());
        self.compared.insert(key, row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEAD)?;
        for row in self.documents.values() {
            writeln!(formatter, "{row}")?;
        }
        if !self.compared.is_empty() {
            formatter.write_str(COMPARISON)?;
        }
        for row in self.compared.values() {
            writeln!(formatter, "{row}")?;
        }
        write!(formatter, "{}", Totals::of(&self.compared))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn row() -> Row {
        Row {
            name: "box".to_owned(),
            operations: Some(20),
            generated: 19,
            left_out: BTreeMap::from([("a | b".to_owned(), 1)]),
            members: 200,
            widened: 3,
            lists: 4,
            lines: 1000,
            seconds: Some(1.25),
            megabytes: Some(50),
            check: Some(Check::Passed {
                seconds: 12.0,
                megabytes: Some(900),
            }),
            ..Row::default()
        }
    }

    #[test]
    fn untyped_bodies_count_as_a_share_if_there_are_no_fields() {
        let row = Row {
            members: 0,
            widened: 50,
            ..row()
        };
        assert!(row.to_string().contains("| 0 | 50 (100.0 %) |"), "{row}");
    }

    #[test]
    fn a_row_holds_if_a_client_was_generated_and_compiles_if_tried() {
        let problem = Some("error".to_owned());
        let failed = Some(Check::Failed(3));
        assert!(row().holds());
        assert!(
            Row {
                check: None,
                ..row()
            }
            .holds()
        );
        assert!(!Row { problem, ..row() }.holds());
        assert!(
            !Row {
                check: failed,
                ..row()
            }
            .holds()
        );
    }

    #[test]
    fn a_row_shows_the_result_of_its_document() {
        assert_eq!(
            row().to_string(),
            "| box | 20 | 19 | 1: a \\| b | 0 | 200 | 3 (1.5 %) | 4 | 1000 | 1.2 s, 50 MB | passes, 12 s, 900 MB |"
        );
        let failed = Row {
            name: "box".to_owned(),
            problem: Some("error: no | yes".to_owned()),
            ..Row::default()
        };
        assert_eq!(
            failed.to_string(),
            "| box | ? | none: error: no \\| yes | | | | | | | | |"
        );
    }

    #[test]
    fn a_row_that_is_not_measured_again_is_kept() {
        let mut table = Table::default();
        table.insert("box", row());
        table.insert("asana", "| asana | 1 |");
        table.insert_compared("box", "ploidy", "| box | ploidy | 1 s |".to_owned());
        let mut again = Table::read(&table.to_string());
        assert_eq!(again.to_string(), table.to_string());
        again.insert("asana", "| asana | 2 |");
        let text = again.to_string();
        assert!(text.contains("| asana | 2 |\n| box | 20 |") && !text.contains("| asana | 1 |"));
    }

    #[test]
    fn a_compilation_that_the_system_killed_is_not_an_error_of_the_crate() {
        let check = |success, stopped, output: &str| {
            Check::of(&Ran {
                success,
                stopped,
                time: Duration::from_secs(2),
                cpu: None,
                memory: None,
                output: output.to_owned(),
            })
        };
        let passed = Check::Passed {
            seconds: 2.0,
            megabytes: None,
        };
        assert_eq!(check(true, None, ""), passed);
        assert_eq!(
            check(false, None, "error[E1]: x\n  y\nerror: z"),
            Check::Failed(2)
        );
        let killed = "(signal: 9, SIGKILL: kill)";
        assert_eq!(check(false, None, killed), Check::Stopped);
        assert_eq!(check(false, Some(Stopped::Late), ""), Check::Stopped);
        assert_eq!(
            check(false, Some(Stopped::NoMemory), killed),
            Check::Stopped
        );
        assert_eq!(
            check(false, Some(Stopped::TooLarge), killed),
            Check::TooLarge
        );
    }

    #[test]
    fn a_crate_that_exceeds_the_memory_holds_with_a_note() {
        let row = Row {
            check: Some(Check::TooLarge),
            ..row()
        };
        assert!(row.holds() && row.to_string().ends_with("| exceeds 16 GB |"));
    }
}
