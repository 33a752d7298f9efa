//! Changes that a team has reviewed and accepted.

use serde::Deserialize;

use crate::{Change, Report, StaleAcceptance, Staleness};
use crate::{Day, Error};

const REMEDY: &str = "write `accepted:` and below it entries of `fingerprint`, or of `rule`, `path` or both, with \
                      `reason` and `expires` (YYYY-MM-DD)";

/// Changes that a team accepts, each with a reason and an expiry date: one by its fingerprint, or all of a rule, all of a path,
/// or all of a rule at a path. In paths, `*` matches one segment and `**` any number of segments.
///
/// ```yaml
/// accepted:
///   - fingerprint: 0123456789abcdef
///     reason: agreed with the mobile team
///     expires: 2030-12-31
///   - rule: response-property-became-nullable
///     path: /reports/**
///     reason: nobody reads reports with a strict client
///     expires: 2030-12-31
/// ```
#[derive(Debug, Clone, Default)]
pub struct Acceptances {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    subject: Subject,
    reason: String,
    expires: Day,
}

/// The accepted changes.
#[derive(Debug, Clone)]
enum Subject {
    Fingerprint(String),
    All {
        rule: Option<String>,
        path: Option<String>,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    accepted: Option<Vec<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fingerprint: Option<String>,
    rule: Option<String>,
    path: Option<String>,
    reason: String,
    expires: String,
}

impl Acceptances {
    /// Parses the file, YAML or JSON. `name` is its name in errors.
    ///
    /// # Errors
    /// The file has an unknown structure, a fingerprint, rule or date is invalid, an entry identifies no changes, or a reason
    /// is empty.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let file: File = super::read(text, name, REMEDY)?;
        let written = file.accepted.unwrap_or_default();
        let entries = written.into_iter().map(|entry| entry.check(name));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// Removes accepted changes from the changes of the report. Entries that have expired by `today`, or that match no change,
    /// are listed in [`Report::stale`].
    pub fn apply(&self, report: &mut Report, today: Day) {
        self.apply_all(&mut [report], today);
    }

    /// The same for several reports. An entry that matches a change of any of them is listed in none; others are listed in the
    /// first report.
    pub fn apply_all(&self, reports: &mut [&mut Report], today: Day) {
        for entry in &self.entries {
            let is_met = |report: &&mut Report| {
                let mut changes = report.changes.iter();
                changes.any(|change| entry.subject.names(change))
            };
            let state = match reports.iter().any(is_met) {
                false => Staleness::Unmatched,
                true if entry.expires < today => Staleness::Expired,
                true => {
                    for report in reports.iter_mut() {
                        let changes = std::mem::take(&mut report.changes);
                        let (accepted, left): (Vec<_>, Vec<_>) = changes
                            .into_iter()
                            .partition(|change| entry.subject.names(change));
                        report.changes = left;
                        let reason = || entry.reason.clone();
                        let accepted = accepted.into_iter().map(|change| (change, reason()));
                        report.accepted.extend(accepted);
                    }
                    continue;
                }
            };
            if let Some(report) = reports.first_mut() {
                report.stale.push(StaleAcceptance::new(
                    entry.subject.words(),
                    entry.reason.clone(),
                    entry.expires.to_string(),
                    state,
                ));
            }
        }
        for report in reports {
            report.update_semver();
        }
    }
}

impl Subject {
    fn names(&self, change: &Change) -> bool {
        match self {
            Subject::Fingerprint(fingerprint) => change.fingerprint == *fingerprint,
            Subject::All { rule, path } => {
                let of_rule = rule.as_deref().is_none_or(|rule| change.rule.id() == rule);
                // All operations of the change must match, since a change is accepted as a whole.
                let of_path = path.as_deref().is_none_or(|pattern| {
                    let mut operations = change.operations();
                    operations.len() > 0
                        && operations.all(|operation| matches(pattern, &operation.path))
                });
                of_rule && of_path
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Subject::Fingerprint(fingerprint) => fingerprint.clone(),
            Subject::All { rule, path } => {
                let parts = [rule, path];
                let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
                parts.join(" at ")
            }
        }
    }
}

/// Whether a path matches a pattern, segment by segment.
fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    // The prefixes of the path that match the pattern up to the current segment.
    let mut fits = vec![false; path.len() + 1];
    fits[0] = true;
    for step in pattern {
        let mut next = vec![false; path.len() + 1];
        for at in 0..=path.len() {
            next[at] = match step {
                "**" => fits[at] || (at > 0 && next[at - 1]),
                _ => at > 0 && fits[at - 1] && (step == "*" || step == path[at - 1]),
            };
        }
        fits = next;
    }
    fits[path.len()]
}

impl Written {
    fn check(self, name: &str) -> Result<Entry, Error> {
        let error = |problem: String| Error::new(name, problem, REMEDY);
        let subject = match (self.fingerprint, self.rule, self.path) {
            (Some(fingerprint), None, None) => {
                let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                if fingerprint.len() != 16 || !fingerprint.bytes().all(hexadecimal) {
                    let problem =
                        format!("`{fingerprint}` is no fingerprint of 16 hexadecimal digits");
                    return Err(error(problem));
                }
                Subject::Fingerprint(fingerprint)
            }
            (None, None, None) => {
                return Err(error(
                    "an entry names neither fingerprint, rule nor path".to_owned(),
                ));
            }
            (None, rule, path) => {
                if let Some(rule) = &rule
                    && crate::rules::rule(rule).is_none()
                {
                    return Err(error(format!("`{rule}` is no rule")));
                }
                Subject::All { rule, path }
            }
            (Some(fingerprint), _, _) => {
                return Err(error(format!(
                    "`{fingerprint}` names one change, so its entry has neither rule nor path"
                )));
            }
        };
        if self.reason.trim().is_empty() {
            return Err(error(format!(
                "`{}` is accepted without a reason",
                subject.words()
            )));
        }
        let expires = self.expires.parse().map_err(|_| {
            error(format!(
                "`{}` expires on `{}`, which is no day",
                subject.words(),
                self.expires
            ))
        })?;
        Ok(Entry {
            subject,
            reason: self.reason,
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn one_star_matches_one_segment_and_two_match_any_number() {
        assert!(matches("/users/*", "/users/{id}"));
        assert!(!matches("/users/*", "/users/{id}/roles"));
        assert!(matches("/users/**", "/users/{id}/roles"));
        assert!(matches("/users/**", "/users"));
        assert!(matches("/**/roles", "/users/{id}/roles"));
        assert!(!matches("/users", "/user"));
    }
}
