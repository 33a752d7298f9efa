//! Compares every API at two revisions, and reports the effect of the changes on requests, responses and Rust callers.
//!
//! ```
//! use specmill_review::{Options, Revision, review, text};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! # let folder = tempfile::tempdir().unwrap();
//! # let root = folder.path();
//! # let git = |arguments: &[&str]| {
//! #     let mut git = std::process::Command::new("git");
//! #     git.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null"]);
//! #     let done = git.args(arguments).current_dir(root).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
//! #     assert!(done.status.success(), "{done:?}");
//! # };
//! # let write = |parameters: &str| {
//! #     let document = format!(r#"{{"openapi": "3.0.3", "info": {{"title": "Pets", "version": "1"}}, "paths": {{"/pets":
//! #         {{"get": {{"operationId": "pet_list", {parameters} "responses": {{"204": {{"description": "None"}}}}}}}}}}}}"#);
//! #     std::fs::write(root.join("specs/pets/openapi.json"), document).unwrap();
//! # };
//! # std::fs::create_dir_all(root.join("specs/pets")).unwrap();
//! # std::fs::write(root.join("specs/pets/api.toml"), "").unwrap();
//! # write("");
//! # git(&["init", "--quiet", "--initial-branch", "main"]);
//! # git(&["add", "--all"]);
//! # git(&["commit", "--quiet", "--message", "Pets"]);
//! // The vendor has made a parameter of `GET /pets` required since the last commit.
//! # write(r#""parameters": [{"name": "kind", "in": "query", "required": true, "schema": {"type": "string"}}],"#);
//! let base = Revision::parse(root, "main")?;
//! let today = jiff::civil::date(2026, 1, 2);
//! let review = review(root, &base, &Revision::WorkingTree, None, today, None, &Options::default())?;
//! assert_eq!(review.apis[0].name, "pets");
//! assert_eq!(review.apis[0].step().as_str(), "major");
//! print!("{}", text(&review, false));
//! # Ok(())
//! # }
//! ```

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod git;
mod hidden;
mod render;
mod rust;
mod versions;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

pub use apidrift::Options;
use apidrift::policy::{Acceptances, FailOn, Levels};
use apidrift::{Document, Report, Semver, Verdict};
use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document;
use specmill_openapi::layout::API_FILE;
use specmill_openapi::layout::NORMALISED;

pub use git::{Revision, default_base};
pub use hidden::Hidden;
pub use render::{changelog, github, html, json, junit, markdown, sarif, template, text};
pub use rust::{RustChange, RustReview, SurfaceOf, compare_crates, compare_surfaces};
pub use versions::{Ending, VersionChange};
pub use words::Reworded;

/// The changes between two revisions, by API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Review {
    /// The older revision, as it was passed.
    pub base: String,
    /// The newer one.
    pub head: String,
    /// The APIs that differ, and those with a version that ends soon.
    pub apis: Vec<ApiReview>,
    /// The number of APIs whose only differences are accepted or ignored by a policy.
    pub settled: usize,
}

/// The changes of one API.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApiReview {
    /// The API's name.
    pub name: String,
    /// Whether it is in both revisions.
    pub presence: Presence,
    /// The changes of its normalised document; `None` if only one revision contains it.
    pub report: Option<Report>,
    /// API versions that were added or removed, or whose state or date changed.
    pub versions: Vec<VersionChange>,
    /// API versions that end within 60 days, or have ended.
    pub ending: Vec<Ending>,
    /// Changes of the published documents that do not affect the normalised one.
    pub hidden: Vec<Hidden>,
    /// Operations that have another name in Rust now.
    pub renamed: Vec<RenamedOperation>,
    /// The changes for Rust callers, from the public surfaces of both crates.
    pub rust: RustReview,
    /// Descriptions with a new sentence that callers should read.
    pub reworded: Vec<Reworded>,
    /// The text of the newer normalised document.
    pub document: Option<String>,
    /// The version of its crate in the older revision, and the version that the changes require.
    pub version: Option<(String, String)>,
}

/// An operation whose Rust name changed, by method and path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenamedOperation {
    /// `GET /users/{id}`
    pub method_and_path: String,
    /// The name in the older revision: `user_get`.
    pub before: String,
    /// The name in the newer one.
    pub after: String,
}

/// The revisions that contain an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence {
    /// In both.
    Both,
    /// In the newer one.
    Added,
    /// In the older one.
    Removed,
}

impl ApiReview {
    /// The version step that the changes ask of the API's crate.
    pub fn step(&self) -> Semver {
        match self.presence {
            Presence::Added => Semver::Minor,
            Presence::Removed => Semver::Major,
            Presence::Both => {
                let report = self
                    .report
                    .as_ref()
                    .map_or(Semver::None, |report| report.semver);
                if let Some(step) = self.rust.step() {
                    return report.max(step);
                }
                let versions = self.versions.iter().map(VersionChange::step).max();
                report.max(versions.unwrap_or(Semver::None))
            }
        }
    }

    fn says_something(&self) -> bool {
        self.step() != Semver::None || self.has_findings()
    }

    /// Whether it has findings that are not accepted and count for the version step.
    fn has_findings(&self) -> bool {
        let report = self.report.as_ref();
        report.is_some_and(|report| !report.changes.is_empty())
            || !self.versions.is_empty()
            || !(self.ending.is_empty()
                && self.hidden.is_empty()
                && self.reworded.is_empty()
                && self.rust.changes().is_empty())
    }
}

impl Review {
    /// Applies the verdicts of a policy, and removes accepted changes.
    ///
    /// A difference of the crates depends on the changes of the document that caused it: it is removed if all of them are
    /// accepted, and takes their verdict if the policy lowers them. The version step follows lowered verdicts; accepted changes
    /// still count, since they break programs that use the crate. APIs without remaining changes are counted in
    /// [`settled`](Self::settled), and no output contains them.
    pub fn apply(&mut self, levels: &Levels, acceptances: &Acceptances, today: apidrift::Day) {
        let verdicts = |api: &ApiReview| -> BTreeMap<String, Verdict> {
            let changes = api.report.iter().flat_map(|report| &report.changes);
            changes
                .map(|change| (change.fingerprint.clone(), change.rust))
                .collect()
        };
        let before: Vec<_> = self.apis.iter().map(verdicts).collect();
        let reports = self.apis.iter_mut().filter_map(|api| api.report.as_mut());
        let mut reports: Vec<&mut Report> = reports.collect();
        for report in &mut reports {
            levels.apply(report);
        }
        acceptances.apply_all(&mut reports, today);
        for (api, before) in self.apis.iter_mut().zip(before) {
            let after = verdicts(api);
            if before == after {
                continue;
            }
            api.rust.follow(&before, &after);
            let step = api.step();
            if let Some((current, next)) = &mut api.version {
                *next = next_version(current, step).unwrap_or_else(|| current.clone());
            }
        }
        let count = self.apis.len();
        self.apis.retain(|api| {
            let stale = api.report.iter().any(|report| !report.stale.is_empty());
            api.presence != Presence::Both || stale || api.has_findings()
        });
        self.settled += count - self.apis.len();
    }

    /// Whether a finding of the level is in the review. A removed API is breaking; an added one is a change.
    pub fn meets(&self, level: FailOn) -> bool {
        self.apis.iter().any(|api| {
            let whole = api.presence == Presence::Removed
                || (api.presence == Presence::Added && level == FailOn::Any);
            let versions = match level {
                FailOn::Breaking | FailOn::Rust => api
                    .versions
                    .iter()
                    .any(|change| change.step() == Semver::Major),
                FailOn::Warning | FailOn::Any => !api.versions.is_empty(),
                _ => false,
            };
            // A difference with a cause is counted by its cause.
            let rust = match level {
                FailOn::Rust => api
                    .rust
                    .changes()
                    .iter()
                    .any(|change| change.verdict == Verdict::Breaking),
                FailOn::Any => !api.rust.changes().is_empty(),
                _ => false,
            };
            whole
                || versions
                || rust
                || api
                    .report
                    .as_ref()
                    .is_some_and(|report| level.is_met(report))
        })
    }
}

/// Compares every API, or the one with the name, at two revisions. `today` determines which versions end soon.
///
/// `surface` returns the public surface of an API's crate, whose comparison determines the verdicts for Rust and the
/// version step. Without it, or if it fails, they are estimated from the changes of the document. `options` are those
/// of the comparison of documents, such as how long a deprecated operation must remain.
///
/// # Errors
/// A revision or a document cannot be read, or no API has the name.
pub fn review(
    root: &Path,
    base: &Revision,
    head: &Revision,
    only: Option<&str>,
    today: jiff::civil::Date,
    surface: Option<&SurfaceOf<'_>>,
    options: &Options,
) -> Result<Review> {
    let (old, new) = (base.apis(root)?, head.apis(root)?);
    let mut names: Vec<&String> = old.iter().chain(&new).collect();
    names.sort();
    names.dedup();
    if let Some(only) = only
        && !names.iter().any(|name| *name == only)
    {
        return Err(
            Diagnostic::new(format!("neither revision has an API `{only}`"))
                .at("specs", Place::Whole)
                .help("name a folder of specs/"),
        );
    }
    let mut apis = Vec::new();
    for name in names
        .into_iter()
        .filter(|name| only.is_none_or(|only| only == name.as_str()))
    {
        let presence = match (old.contains(name), new.contains(name)) {
            (true, true) => Presence::Both,
            (false, _) => Presence::Added,
            (true, false) => Presence::Removed,
        };
        let mut api = review_api(root, base, head, name, presence, today, options)?;
        if let (Some(surface), Presence::Both) = (surface, presence) {
            compare_rust(root, base, head, &mut api, surface)?;
            api.version = version(root, base, &api)?;
        }
        if api.says_something() {
            apis.push(api);
        }
    }
    Ok(Review {
        base: base.to_string(),
        head: head.to_string(),
        apis,
        settled: 0,
    })
}

fn review_api(
    root: &Path,
    base: &Revision,
    head: &Revision,
    name: &str,
    presence: Presence,
    today: jiff::civil::Date,
    options: &Options,
) -> Result<ApiReview> {
    let file = format!("specs/{name}/{NORMALISED}");
    let old = read(root, base, &file, presence != Presence::Added)?;
    let new = read(root, head, &file, presence != Presence::Removed)?;
    let report = match (&old, &new) {
        (Some(old), Some(new)) => Some(compare(&file, old, new, options)?),
        _ => None,
    };
    let mut api = ApiReview {
        name: name.to_owned(),
        presence,
        report,
        versions: versions::changes(old.as_ref(), new.as_ref()),
        ending: new
            .as_ref()
            .map(|new| versions::ending(new, today))
            .unwrap_or_default(),
        hidden: Vec::new(),
        renamed: Vec::new(),
        rust: RustReview::Estimated(None),
        reworded: Vec::new(),
        document: None,
        version: None,
    };
    if let (Some(old), Some(new)) = (&old, &new) {
        api.renamed = renamed(old, new);
        api.reworded = words::changes(old, new);
        api.document = head.read(root, &file)?;
        api.hidden = hidden::changes(root, base, head, name, old, new)?;
    }
    api.version = version(root, base, &api)?;
    Ok(api)
}

/// The version of the API's crate, and the version that its changes require.
fn version(root: &Path, base: &Revision, api: &ApiReview) -> Result<Option<(String, String)>> {
    let current = base
        .read(root, "Cargo.toml")?
        .as_deref()
        .and_then(workspace_version);
    Ok(current.and_then(|current| {
        let next = next_version(&current, api.step())?;
        Some((current, next))
    }))
}

/// Compares the crates of an API. Equal documents and settings result in equal crates.
fn compare_rust(
    root: &Path,
    base: &Revision,
    head: &Revision,
    api: &mut ApiReview,
    surface: &SurfaceOf<'_>,
) -> Result<()> {
    let file = format!("specs/{}/{NORMALISED}", api.name);
    let settings = format!("specs/{}/{API_FILE}", api.name);
    let (Some(old), Some(new)) = (
        read(root, base, &file, true)?,
        read(root, head, &file, true)?,
    ) else {
        return Ok(());
    };
    if old == new && base.read(root, &settings)? == head.read(root, &settings)? {
        api.rust = RustReview::Compared(Vec::new());
        return Ok(());
    }
    let both = surface(base, &api.name, &old)
        .and_then(|before| Ok((before, surface(head, &api.name, &new)?)));
    api.rust = match both {
        Ok((before, after)) => {
            let changes = match &mut api.report {
                Some(report) => {
                    report.rust_is_estimate = false;
                    compare_crates(report, (&old, &before), (&new, &after))
                }
                None => compare_surfaces(&before, &after),
            };
            RustReview::Compared(changes)
        }
        Err(problem) => RustReview::Estimated(Some(problem.to_string())),
    };
    Ok(())
}

/// The operations that are in both documents, with another name in the newer one.
fn renamed(old: &Value, new: &Value) -> Vec<RenamedOperation> {
    let after: BTreeMap<String, String> = operation_names(new).collect();
    let both = operation_names(old).filter_map(|(method_and_path, before)| {
        let after = after
            .get(&method_and_path)
            .filter(|after| **after != before)?
            .clone();
        Some(RenamedOperation {
            method_and_path,
            before,
            after,
        })
    });
    both.collect()
}

/// Method and path of each operation, with its name.
fn operation_names(document: &Value) -> impl Iterator<Item = (String, String)> {
    document::operations(document).filter_map(|(_, path, method, operation)| {
        let name = operation.get("operationId")?.as_str()?;
        Some((format!("{} {path}", method.to_uppercase()), name.to_owned()))
    })
}

fn read(root: &Path, revision: &Revision, file: &str, expected: bool) -> Result<Option<Value>> {
    match revision.read(root, file)? {
        Some(text) => document::parse_json(&text)
            .map(Some)
            .map_err(|diagnostic| diagnostic.in_file(format!("{revision}:{file}"))),
        None if expected => Err(
            Diagnostic::new(format!("{revision} has no normalised document"))
                .at(file, Place::Whole)
                .help(format!(
                    "run `cargo xtask regen`; {API_FILE} says that there is an API"
                )),
        ),
        None => Ok(None),
    }
}

fn compare(file: &str, old: &Value, new: &Value, options: &Options) -> Result<Report> {
    let document = |value: &Value| {
        Document::from_value(value, file).map_err(|error| {
            Diagnostic::new(format!("the document cannot be compared: {error}"))
                .at(file, Place::Whole)
                .help("run `cargo xtask regen`")
        })
    };
    Ok(apidrift::compare_with(
        &document(old)?,
        &document(new)?,
        options,
    ))
}

/// The version that all crates of the workspace share.
fn workspace_version(manifest: &str) -> Option<String> {
    let manifest: toml::Table = manifest.parse().ok()?;
    let version = manifest.get("workspace")?.get("package")?.get("version")?;
    version.as_str().map(str::to_owned)
}

/// The next version. Before 1.0.0 a breaking step is the second number, any other the third.
fn next_version(current: &str, step: Semver) -> Option<String> {
    let numbers: Vec<u64> = current
        .split('.')
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let [major, minor, patch] = numbers[..] else {
        return None;
    };
    let next = match (step, major) {
        (Semver::None, _) => return None,
        (Semver::Major, 0) => (0, minor + 1, 0),
        (Semver::Minor | Semver::Patch, 0) | (Semver::Patch, _) => (major, minor, patch + 1),
        (Semver::Major, _) => (major + 1, 0, 0),
        (Semver::Minor, _) => (major, minor + 1, 0),
    };
    Some(format!("{}.{}.{}", next.0, next.1, next.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_step_follows_the_rules_of_cargo() {
        assert_eq!(
            next_version("0.1.4", Semver::Major).as_deref(),
            Some("0.2.0")
        );
        assert_eq!(
            next_version("0.1.4", Semver::Minor).as_deref(),
            Some("0.1.5")
        );
        assert_eq!(
            next_version("1.2.3", Semver::Major).as_deref(),
            Some("2.0.0")
        );
        assert_eq!(
            next_version("1.2.3", Semver::Minor).as_deref(),
            Some("1.3.0")
        );
        assert_eq!(
            next_version("1.2.3", Semver::Patch).as_deref(),
            Some("1.2.4")
        );
        assert_eq!(next_version("1.2.3", Semver::None), None);
    }
}
