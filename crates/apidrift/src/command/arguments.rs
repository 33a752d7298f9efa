//! What the command is called with.

use std::path::PathBuf;

use apidrift::Day;
use apidrift::policy::FailOn;
use clap::{Parser, ValueEnum};

/// Tell what changed between two OpenAPI documents: on the wire, and for Rust callers.
///
/// OLD and NEW are files, `-` for standard input, or `REV:path` for a file at a git revision.
///
/// Exit codes: 0, 1 findings at the level of --fail-on, 2 wrong usage, 3 unreadable input.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(super) struct Arguments {
    /// The older document.
    #[arg(required_unless_present = "rules")]
    pub(super) old: Option<String>,
    /// The newer document.
    #[arg(required_unless_present = "rules")]
    pub(super) new: Option<String>,
    /// How to print the changes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Print the changes by a template instead; the README lists what it is given
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(super) template: Option<PathBuf>,
    /// Exit with 1 on such a finding: breaking, warning, any or rust. May be repeated.
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub(super) fail_on: Vec<FailOn>,
    /// A file of accepted changes: fingerprint, reason and expiry of each.
    #[arg(long, value_name = "FILE")]
    pub(super) accept: Option<PathBuf>,
    /// A file of verdicts that replace those of the rules.
    #[arg(long, value_name = "FILE")]
    pub(super) levels: Option<PathBuf>,
    /// What the paths of the older document begin with, if they begin otherwise in the newer one: /api/v1.
    #[arg(long, value_name = "PREFIX")]
    pub(super) old_prefix: Option<String>,
    /// What the paths of the newer document begin with instead: /v2.
    #[arg(long, value_name = "PREFIX")]
    pub(super) new_prefix: Option<String>,
    /// Where all changes are, for markdown that leaves some out: an address.
    #[arg(long, value_name = "URL")]
    pub(super) link: Option<String>,
    /// The day that counts as today for removal and expiry dates: YYYY-MM-DD. Default: today, in UTC.
    #[arg(long, value_name = "DAY")]
    pub(super) today: Option<Day>,
    /// Whether text is coloured. `auto`: on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,
    /// Print the rules page and nothing else.
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
