use std::io::{self, IsTerminal as _};

use clap::ValueEnum;

/// How a response is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns, for people
    Table,
    /// JSON: a list is one array, anything else is as it came
    Json,
    /// YAML: a list is one sequence
    Yaml,
    /// Comma-separated values, with a line of names first
    Csv,
}

impl Format {
    /// The default format.
    pub(crate) fn usual() -> Self {
        if io::stdout().is_terminal() {
            Self::Table
        } else {
            Self::Json
        }
    }
}
