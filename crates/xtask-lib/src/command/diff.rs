//! `cargo xtask diff` and `cargo xtask changelog`.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;

use apidrift::policy::FailOn;
use clap::{Args, ValueEnum};

use specmill_openapi::diagnostic::Result;
use specmill_review::{self as review, Review, Revision};

/// Arguments of `cargo xtask diff`.
#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    revisions: Revisions,
    /// How to print the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 on such a finding: breaking, warning, any or rust; may be repeated
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
}

/// Arguments of `cargo xtask changelog`.
#[derive(Debug, Args)]
pub struct Changelog {
    #[command(flatten)]
    revisions: Revisions,
}

#[derive(Debug, Args)]
struct Revisions {
    /// The older revision [default: where the present branch left the main one]
    base: Option<String>,
    /// The newer revision [default: the working tree]
    head: Option<String>,
    /// Only this API: a folder in specs/
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
    /// Annotations of a GitHub workflow
    Github,
    /// One page of one API, without a network
    Html,
}

pub(super) fn run(root: &Path, arguments: &Diff) -> Result<ExitCode> {
    let review = arguments.revisions.review(root)?;
    let colour = std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let output = match arguments.format {
        Format::Text => review::text(&review, colour),
        Format::Markdown => review::markdown(&review),
        Format::Json => review::json(&review)?,
        Format::Github => review::github(&review),
        Format::Html => review::html(&review)?,
    };
    super::print(&output);
    let failed = arguments.fail_on.iter().any(|level| review.meets(*level));
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

pub(super) fn changelog(root: &Path, arguments: &Changelog) -> Result<ExitCode> {
    super::print(&review::changelog(&arguments.revisions.review(root)?));
    Ok(ExitCode::SUCCESS)
}

impl Revisions {
    fn review(&self, root: &Path) -> Result<Review> {
        let base = match &self.base {
            Some(name) => Revision::parse(root, name)?,
            None => review::default_base(root)?,
        };
        let head = match &self.head {
            Some(name) => Revision::parse(root, name)?,
            None => Revision::WorkingTree,
        };
        let today = jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let surface = |revision: &Revision, api: &str, document: &serde_json::Value| {
            crate::surface::at(root, revision, api, document)
        };
        review::review(
            root,
            &base,
            &head,
            self.api.as_deref(),
            today,
            Some(&surface),
        )
    }
}
