//! The arguments of the command.

use std::path::PathBuf;

use apidrift::Day;
use apidrift::policy::FailOn;
use clap::{Parser, ValueEnum};

/// Compare two OpenAPI documents, and report the effect of each change on the wire and on Rust callers.
///
/// OLD and NEW are files, `-` for standard input, or `REV:path` for a file at a git revision.
///
/// Exit codes: 0 no change at the level of --fail-on, 1 a change at that level, 2 invalid arguments, 3 unreadable input.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(super) struct Arguments {
    /// The older document.
    #[arg(required_unless_present = "rules")]
    pub(super) old: Option<String>,
    /// The newer document.
    #[arg(required_unless_present = "rules")]
    pub(super) new: Option<String>,
    /// The format of the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Render the report with your own Jinja template; the README lists its variables.
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(super) template: Option<PathBuf>,
    /// Exit with 1 if there is such a change: breaking, warning, any or rust. May be repeated.
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub(super) fail_on: Vec<FailOn>,
    /// A file of accepted changes, each with a reason.
    #[arg(long, value_name = "FILE")]
    pub(super) accept: Option<PathBuf>,
    /// A file that overrides the verdicts of rules.
    #[arg(long, value_name = "FILE")]
    pub(super) levels: Option<PathBuf>,
    /// The prefix of the older document's paths, if the newer document has another one: /api/v1.
    #[arg(long, value_name = "PREFIX")]
    pub(super) old_prefix: Option<String>,
    /// The prefix of the newer document's paths: /v2.
    #[arg(long, value_name = "PREFIX")]
    pub(super) new_prefix: Option<String>,
    /// The URL of the complete report, for Markdown that omits some changes.
    #[arg(long, value_name = "URL")]
    pub(super) link: Option<String>,
    /// The date for removal and expiry dates: YYYY-MM-DD. Default: today, in UTC.
    #[arg(long, value_name = "DAY")]
    pub(super) today: Option<Day>,
    /// Whether to colour text. `auto`: on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,
    /// Only print the page of rules.
    #[arg(long, exclusive = true)]
    pub(super) rules: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Text,
    Markdown,
    Json,
    Github,
    Sarif,
    Junit,
    Html,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Colour {
    Auto,
    Always,
    Never,
}
