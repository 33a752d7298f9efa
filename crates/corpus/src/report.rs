//! The table of CORPUS.md: written, and read again so that a row that is not measured again stays.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What became of a document.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// The document.
    pub name: String,
    /// Operations in the document as it is given; `None` where it cannot be read.
    pub operations: Option<usize>,
    /// Operations in the crate.
    pub generated: usize,
    /// Operations that are left out, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Parameters that are skipped.
    pub skipped_parameters: usize,
    /// Members of all types.
    pub members: usize,
    /// Those that are any JSON value, typed by the document or not.
    pub untyped: usize,
    /// Places that are any JSON value although the document types them.
    pub widened: usize,
    /// Lists that stream.
    pub lists: usize,
    /// Lines of the crate's sources.
    pub lines: usize,
    /// How long `new` and `regen` took.
    pub seconds: Option<f64>,
    /// The most memory that one of them took.
    pub megabytes: Option<u64>,
    /// Whether the crate compiles without a warning.
    pub check: Option<Check>,
    /// Why no crate is made.
    pub problem: Option<String>,
    /// Other generators.
    pub peers: Vec<String>,
}

/// Whether a crate compiles without a warning.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// It does, after so many seconds.
    Passed(f64),
    /// It has so many errors or warnings.
    Failed(usize),
    /// It was ended: for want of memory, or since it took too long.
    Ended,
}

impl Check {
    pub(crate) fn of(success: bool, late: bool, output: &str, time: Duration) -> Self {
        let errors = output
            .lines()
            .filter(|line| line.starts_with("error"))
            .count();
        let killed = output.contains("SIGKILL") || output.contains("signal: 9");
        match (success, late || killed) {
            (true, _) => Self::Passed(time.as_secs_f64()),
            (false, true) => Self::Ended,
            (false, false) => Self::Failed(errors),
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
        // Bodies and items are places that are no members.
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
    /// Whether a client was made, and compiles as far as that was tried.
    pub fn holds(&self) -> bool {
        self.problem.is_none() && !matches!(self.check, Some(Check::Failed(_)))
    }

    fn checked(&self) -> String {
        let mut parts = match &self.check {
            None => vec!["not compiled".to_owned()],
            Some(Check::Passed(seconds)) => vec![format!("passes, {seconds:.0} s")],
            Some(Check::Failed(errors)) => vec![format!("{errors} errors")],
            Some(Check::Ended) => vec!["stopped: out of memory or time".to_owned()],
        };
        parts.extend(self.peers.iter().cloned());
        parts.join("; ")
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

/// All rows, as they stand in the file.
#[derive(Debug, Clone, Default)]
pub struct Table(BTreeMap<String, String>);

/// What stands above the rows.
const HEAD: &str = "\
# The public corpus

Written by `cargo xtask corpus`, from the documents of the package `openapi-to-rust` 0.4.0; a row is as it was when it was last
run. `crates/corpus/README.md` says how it is measured.

- *operations*: in the document, and in the crate; *left out* counts the others by reason.
- *parameters*: those that are skipped, since no style writes them.
- *members*: fields of all types; *any value*: places that take any JSON value although the document types them, and their share.
- *lists*: operations with `stream()`.
- *made*: time and the most memory of `new` and `regen` together. *check*: `cargo check` with warnings as errors.

| document | operations | in the crate | left out | parameters | members | any value | lists | lines | made | check |
|---|---|---|---|---|---|---|---|---|---|---|
";

impl Table {
    /// The rows of a file.
    pub fn read(text: &str) -> Self {
        let rows = text.lines().filter_map(|line| {
            let name = line.strip_prefix("| ")?.split(" |").next()?;
            (name != "document").then(|| (name.to_owned(), line.to_owned()))
        });
        Self(rows.collect())
    }

    /// Puts a row in its place.
    pub fn insert(&mut self, name: &str, row: impl fmt::Display) {
        self.0.insert(name.to_owned(), row.to_string());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(HEAD)?;
        for row in self.0.values() {
            writeln!(formatter, "{row}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
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
            check: Some(Check::Passed(12.0)),
            ..Row::default()
        }
    }

    #[test]
    fn bodies_of_any_value_are_a_share_where_there_are_no_members() {
        let row = Row {
            members: 0,
            widened: 50,
            ..row()
        };
        assert!(row.to_string().contains("| 0 | 50 (100.0 %) |"), "{row}");
    }

    #[test]
    fn a_row_holds_where_a_client_was_made_that_compiles_as_far_as_that_was_tried() {
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
    fn a_row_tells_what_became_of_its_document() {
        assert_eq!(
            row().to_string(),
            "| box | 20 | 19 | 1: a \\| b | 0 | 200 | 3 (1.5 %) | 4 | 1000 | 1.2 s, 50 MB | passes, 12 s |"
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
    fn a_row_that_is_not_measured_again_stays() {
        let mut table = Table::default();
        table.insert("box", row());
        table.insert("asana", "| asana | 1 |");
        let mut again = Table::read(&table.to_string());
        assert_eq!(again.to_string(), table.to_string());
        again.insert("asana", "| asana | 2 |");
        let text = again.to_string();
        assert!(text.contains("| asana | 2 |\n| box | 20 |") && !text.contains("| asana | 1 |"));
    }

    #[test]
    fn a_compilation_that_the_system_ended_is_no_error_of_the_crate() {
        let check = |success, late, output| Check::of(success, late, output, Duration::ZERO);
        assert_eq!(check(true, false, ""), Check::Passed(0.0));
        assert_eq!(
            check(false, false, "error[E1]: x\n  y\nerror: z"),
            Check::Failed(2)
        );
        assert_eq!(
            check(false, false, "(signal: 9, SIGKILL: kill)"),
            Check::Ended
        );
        assert_eq!(check(false, true, ""), Check::Ended);
    }
}
