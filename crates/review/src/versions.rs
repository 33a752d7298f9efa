//! API versions that changed, and those that end soon.

use std::collections::BTreeMap;
use std::fmt;

use apidrift::Semver;
use jiff::civil::Date;
use serde_json::Value;

use specmill_openapi::document::text;

/// The number of days before an end within which it is reported.
const SOON: i32 = 60;

/// An API version that was added, removed or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionChange {
    /// The version.
    pub version: String,
    /// Its state and date before; `None` if it is new.
    pub before: Option<String>,
    /// Its state and date after; `None` if it was removed.
    pub after: Option<String>,
}

impl VersionChange {
    /// A removed version removes a variant of `ApiVersion`.
    pub(super) fn step(&self) -> Semver {
        match (&self.before, &self.after) {
            (_, None) => Semver::Major,
            (None, _) => Semver::Minor,
            (Some(before), Some(after)) => {
                // Using a deprecated version causes a warning; a new current version is a new default.
                let state = |facts: &str| facts.split(',').next().unwrap_or_default().to_owned();
                if state(before) == state(after) {
                    Semver::Patch
                } else {
                    Semver::Minor
                }
            }
        }
    }
}

impl fmt::Display for VersionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = &self.version;
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(f, "API version {version} is new: {after}"),
            (Some(before), None) => write!(f, "API version {version} is gone: it was {before}"),
            (before, after) => {
                let words = |facts: &Option<String>| facts.clone().unwrap_or_default();
                write!(
                    f,
                    "API version {version} was {}, and is {}",
                    words(before),
                    words(after)
                )
            }
        }
    }
}

/// An API version that ends within 60 days, or has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ending {
    /// The version.
    pub version: String,
    /// The date up to which it is guaranteed.
    pub date: Date,
    /// The remaining days; negative if the date has passed.
    pub days: i32,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            date,
            days,
        } = self;
        match days {
            ..0 => write!(
                f,
                "API version {version} was guaranteed up to {date}, {} days ago",
                -days
            ),
            0 => write!(f, "API version {version} is guaranteed up to today"),
            1.. => write!(
                f,
                "API version {version} is guaranteed up to {date}, {days} days from now"
            ),
        }
    }
}

/// The versions whose row changed.
pub(super) fn changes(old: Option<&Value>, new: Option<&Value>) -> Vec<VersionChange> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let (old, new) = (rows(old), rows(new));
    let mut versions: Vec<&String> = old.keys().chain(new.keys()).collect();
    versions.sort();
    versions.dedup();
    versions
        .into_iter()
        .filter(|version| old.get(*version) != new.get(*version))
        .map(|version| VersionChange {
            version: version.clone(),
            before: old.get(version).cloned(),
            after: new.get(version).cloned(),
        })
        .collect()
}

/// The versions that end within 60 days of `today`, or have ended.
pub(super) fn ending(document: &Value, today: Date) -> Vec<Ending> {
    table(document)
        .filter_map(|row| {
            let date: Date = text(row, "not_before")?.parse().ok()?;
            let days = (date - today).get_days();
            let version = text(row, "version")?.to_owned();
            (days <= SOON).then_some(Ending {
                version,
                date,
                days,
            })
        })
        .collect()
}

fn rows(document: &Value) -> BTreeMap<String, String> {
    let rows = table(document).filter_map(|row| {
        let date = text(row, "not_before").map(|date| format!(", guaranteed up to {date}"));
        let facts = format!("{}{}", text(row, "state")?, date.unwrap_or_default());
        Some((text(row, "version")?.to_owned(), facts))
    });
    rows.collect()
}

fn table(document: &Value) -> impl Iterator<Item = &Value> {
    document
        .get("x-api-versions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(rows: &Value) -> Value {
        json!({ "x-api-versions": rows })
    }

    #[test]
    fn an_added_removed_or_changed_version_is_reported() {
        let old = document(&json!([
            {"version": "1.0", "state": "CURRENT"},
            {"version": "0.9", "state": "SUPPORTED", "not_before": "2026-12-31"}
        ]));
        let new = document(&json!([
            {"version": "1.1", "state": "CURRENT"},
            {"version": "1.0", "state": "SUPPORTED", "not_before": "2027-06-30"}
        ]));
        let found: Vec<String> = changes(Some(&old), Some(&new))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "API version 0.9 is gone: it was SUPPORTED, guaranteed up to 2026-12-31",
                "API version 1.0 was CURRENT, and is SUPPORTED, guaranteed up to 2027-06-30",
                "API version 1.1 is new: CURRENT",
            ]
        );
    }

    #[test]
    fn an_end_within_sixty_days_is_reported_and_a_later_one_is_not() {
        let document = document(&json!([
            {"version": "1.3", "state": "SUPPORTED", "not_before": "2026-11-30"},
            {"version": "1.2", "state": "SUPPORTED", "not_before": "2026-09-30"},
            {"version": "1.4", "state": "CURRENT"},
            {"version": "1.5", "state": "PLANNED", "not_before": "2026-12-02"}
        ]));
        let found: Vec<String> = ending(&document, "2026-10-02".parse().unwrap())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "API version 1.3 is guaranteed up to 2026-11-30, 59 days from now",
                "API version 1.2 was guaranteed up to 2026-09-30, 2 days ago",
            ]
        );
    }
}
