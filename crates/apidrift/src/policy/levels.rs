//! Custom verdicts.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Report;
use crate::{Error, Options, Verdict, rules};

const REMEDY: &str = "write `levels:` and below it `rule: {wire: …, rust: …}` or `rule: ignore`, \
    with breaking, warning, compatible or unknown";

/// Verdicts that replace those of the rule table, and the number of days for which a removal must be announced.
///
/// ```yaml
/// levels:
///   request-parameter-removed: {wire: breaking}
///   api-tag-added: ignore
/// sunset_days: {stable: 180, beta: 30}
/// ```
#[derive(Debug, Clone, Default)]
pub struct Levels {
    levels: BTreeMap<String, Level>,
    sunset_days: SunsetDays,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Level {
    Word(Word),
    Verdicts(Verdicts),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Ignore,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdicts {
    wire: Option<Verdict>,
    rust: Option<Verdict>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SunsetDays {
    stable: Option<u32>,
    beta: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    levels: Option<BTreeMap<String, Level>>,
    sunset_days: Option<SunsetDays>,
}

impl Levels {
    /// Parses the file, YAML or JSON. `name` is its name in errors.
    ///
    /// # Errors
    /// The file has an unknown structure, or contains an unknown rule.
    pub fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let file: File = super::read(text, name, REMEDY)?;
        let levels = file.levels.unwrap_or_default();
        for id in levels.keys() {
            if rules::rule(id).is_none() {
                let problem = format!("`{id}` is no rule");
                let remedy = match nearest(id) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`apidrift --rules` lists all rules".to_owned(),
                };
                return Err(Error::new(name, problem, remedy));
            }
        }
        Ok(Self {
            levels,
            sunset_days: file.sunset_days.unwrap_or_default(),
        })
    }

    /// Sets the options that a comparison needs before it starts.
    pub fn configure(&self, options: &mut Options) {
        if let Some(days) = self.sunset_days.stable {
            options.sunset_days_stable = days;
        }
        if let Some(days) = self.sunset_days.beta {
            options.sunset_days_beta = days;
        }
    }

    /// Replaces verdicts in the report and drops changes of ignored rules.
    pub fn apply(&self, report: &mut Report) {
        report.changes.retain(|change| {
            !matches!(
                self.levels.get(change.rule.id()),
                Some(Level::Word(Word::Ignore))
            )
        });
        for change in &mut report.changes {
            if let Some(Level::Verdicts(verdicts)) = self.levels.get(change.rule.id()) {
                change.wire = verdicts.wire.unwrap_or(change.wire);
                change.rust = verdicts.rust.unwrap_or(change.rust);
            }
        }
        report.update_semver();
    }
}

/// The rule that shares most words with the name, if it shares more than half.
fn nearest(id: &str) -> Option<&'static str> {
    let words: Vec<&str> = id.split('-').collect();
    let shared = |rule: &rules::Rule| {
        rule.id()
            .split('-')
            .filter(|word| words.contains(word))
            .count()
    };
    let best = rules::rules()
        .iter()
        .max_by_key(|rule| (shared(rule), std::cmp::Reverse(rule.id().len())))?;
    (shared(best) * 2 > words.len()).then(|| best.id())
}
