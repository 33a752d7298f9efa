//! Changes that were looked at and accepted.

use serde::Deserialize;

use crate::report::{Report, StaleAcceptance, Staleness};
use crate::{Day, Error};

const REMEDY: &str =
    "write `accepted:` and below it entries of `fingerprint`, `reason` and `expires` (YYYY-MM-DD)";

/// Changes a team accepts, each for a reason and until a day.
///
/// ```yaml
/// accepted:
///   - fingerprint: 0123456789abcdef
///     reason: agreed with the mobile team
///     expires: 2030-12-31
/// ```
#[derive(Debug, Clone, Default)]
pub struct Acceptances {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    fingerprint: String,
    reason: String,
    expires: Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    accepted: Option<Vec<Written>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    fingerprint: String,
    reason: String,
    expires: String,
}

impl Acceptances {
    /// Reads the file, YAML or JSON. `name` stands for it in errors.
    ///
    /// # Errors
    /// A file of another form, a fingerprint that is none, an empty reason, a day that is none.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let file: File = super::read(text, name, REMEDY)?;
        let written = file.accepted.unwrap_or_default();
        let entries = written.into_iter().map(|entry| entry.check(name));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// Takes accepted changes out of the report's changes. Entries that have expired by `today`, or that
    /// name no change, are told in [`Report::stale`].
    pub fn apply(&self, report: &mut Report, today: Day) {
        for entry in &self.entries {
            let found = report
                .changes
                .iter()
                .position(|change| change.fingerprint == entry.fingerprint);
            let state = match found {
                None => Staleness::Unmatched,
                Some(_) if entry.expires < today => Staleness::Expired,
                Some(index) => {
                    let change = report.changes.remove(index);
                    report.accepted.push((change, entry.reason.clone()));
                    continue;
                }
            };
            report.stale.push(StaleAcceptance {
                fingerprint: entry.fingerprint.clone(),
                reason: entry.reason.clone(),
                expires: entry.expires.to_string(),
                state,
            });
        }
        report.reckon();
    }
}

impl Written {
    fn check(self, name: &str) -> Result<Entry, Error> {
        let error = |problem: String| Error::new(name, problem, REMEDY);
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.fingerprint.len() != 16 || !self.fingerprint.bytes().all(hexadecimal) {
            let problem = format!(
                "`{}` is no fingerprint of 16 hexadecimal digits",
                self.fingerprint
            );
            return Err(error(problem));
        }
        if self.reason.trim().is_empty() {
            return Err(error(format!(
                "`{}` is accepted without a reason",
                self.fingerprint
            )));
        }
        let expires = self.expires.parse().map_err(|_| {
            error(format!(
                "`{}` expires on `{}`, which is no day",
                self.fingerprint, self.expires
            ))
        })?;
        Ok(Entry {
            fingerprint: self.fingerprint,
            reason: self.reason,
            expires,
        })
    }
}
