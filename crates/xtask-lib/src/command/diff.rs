//! `cargo xtask diff` and `cargo xtask changelog`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use apidrift::policy::{Acceptances, FailOn, Levels};
use clap::{Args, ValueEnum};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_review::{self as review, Review, Revision};

/// Arguments of `cargo xtask diff`.
#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    revisions: Revisions,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Render the report with your own Jinja template, as in apidrift
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    template: Option<PathBuf>,
    /// Exit with 1 if there is such a change: breaking, warning, any or rust; may be repeated
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    fail_on: Vec<FailOn>,
    /// A file of accepted changes, as in apidrift: by fingerprint, or by rule and path
    #[arg(long, value_name = "FILE")]
    accept: Option<PathBuf>,
    /// A file that overrides the verdicts of rules, as in apidrift, and with them the version step
    #[arg(long, value_name = "FILE")]
    levels: Option<PathBuf>,
    /// The URL of the complete report, for Markdown that omits some changes
    #[arg(long, value_name = "URL")]
    link: Option<String>,
}

/// Arguments of `cargo xtask changelog`.
#[derive(Debug, Args)]
pub struct Changelog {
    #[command(flatten)]
    revisions: Revisions,
}

#[derive(Debug, Args)]
struct Revisions {
    /// The older revision [default: the merge base with the main branch]
    base: Option<String>,
    /// The newer revision [default: the working tree]
    head: Option<String>,
    /// Report only this API, a folder in specs/
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
    /// For tools that display results of static analysis
    Sarif,
    /// For tools that display test results
    Junit,
    /// A single page that loads nothing from the network
    Html,
}

pub(super) fn run(root: &Path, arguments: &Diff) -> Result<ExitCode> {
    let levels = policy(arguments.levels.as_deref(), Levels::parse)?;
    let mut options = review::Options::default();
    levels.configure(&mut options);
    let mut review = arguments.revisions.review(root, &options)?;
    let acceptances = policy(arguments.accept.as_deref(), Acceptances::parse)?;
    review.apply(&levels, &acceptances, apidrift::Day::today());
    let colour = std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let output = match (&arguments.template, arguments.format) {
        (Some(file), _) => review::template(&review, &file.display().to_string(), &read(file)?)?,
        (None, Format::Text) => review::text(&review, colour),
        (None, Format::Markdown) => review::markdown(&review, arguments.link.as_deref()),
        (None, Format::Json) => review::json(&review)?,
        (None, Format::Github) => review::github(&review),
        (None, Format::Sarif) => review::sarif(&review),
        (None, Format::Junit) => review::junit(&review),
        (None, Format::Html) => review::html(&review)?,
    };
    super::print(&output);
    if arguments.template.is_none()
        && matches!(arguments.format, Format::Text)
        && (review.apis.iter()).any(|api| api.step() != apidrift::Semver::None)
    {
        super::say!(
            "Now run `cargo test --workspace` to find affected code, and `cargo xtask changelog` to draft the entry for \
             CHANGELOG.md."
        );
    }
    let failed = arguments.fail_on.iter().any(|level| review.meets(*level));
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

pub(super) fn changelog(root: &Path, arguments: &Changelog) -> Result<ExitCode> {
    let heading = unreleased(root);
    let review = arguments
        .revisions
        .review(root, &review::Options::default())?;
    super::print(&review::changelog(&review, &heading));
    Ok(ExitCode::SUCCESS)
}

/// The heading of the unreleased section of CHANGELOG.md, or a default one.
fn unreleased(root: &Path) -> String {
    let text = std::fs::read_to_string(root.join("CHANGELOG.md")).unwrap_or_default();
    let heading = text.lines().find(|line| line.starts_with("## "));
    let open = |line: &&str| {
        let line = line.to_lowercase();
        line.contains("unreleased") || line.contains("not released")
    };
    heading.filter(open).unwrap_or("## Unreleased").to_owned()
}

/// Reads a policy file; the default policy without one.
fn policy<T: Default>(
    file: Option<&Path>,
    parse: fn(&str, &str) -> std::result::Result<T, apidrift::Error>,
) -> Result<T> {
    let Some(file) = file else {
        return Ok(T::default());
    };
    let name = file.display().to_string();
    parse(&read(file)?, &name).map_err(|error| {
        Diagnostic::new(error.to_string()).help("the README of apidrift describes the file")
    })
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| {
        Diagnostic::new(format!("cannot read the file: {error}"))
            .at(file.display().to_string(), Place::Whole)
            .help("check the path and the permissions")
    })
}

impl Revisions {
    fn review(&self, root: &Path, options: &review::Options) -> Result<Review> {
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
            options,
        )
    }
}
