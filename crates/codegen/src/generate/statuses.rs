//! The documented statuses of an operation's responses.

use std::collections::BTreeMap;

use http::StatusCode;

use specmill_model::Model;
use specmill_model::Operation;

use super::prose;

/// Words without information beyond the existence of a response.
const EMPTY: [&str; 11] = [
    "a", "an", "response", "any", "error", "is", "other", "response", "success", "the", "that",
];

/// The status that stands for all that are not listed.
pub(super) const ANY_OTHER: &str = "any other status";

/// The number of operations that must share an error for its description to be listed once, with all operations.
const COMMON: usize = 4;

/// The declared statuses of all operations.
pub(super) struct Statuses<'m> {
    /// The operations that declare an error, by status and description, in order of the status.
    uses: BTreeMap<(&'m str, &'m str), usize>,
}

impl<'m> Statuses<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let mut uses = BTreeMap::new();
        for operation in &model.operations {
            for (status, description) in declared_errors(operation) {
                *uses
                    .entry((status.as_str(), description.as_str()))
                    .or_default() += 1;
            }
        }
        Self { uses }
    }

    fn is_common(&self, status: &str, description: &str) -> bool {
        self.uses
            .get(&(status, description))
            .is_some_and(|uses| *uses >= COMMON)
    }

    /// The errors that many operations declare with the same description, a line for each.
    pub(super) fn common(&self) -> Vec<String> {
        let common = self.uses.iter().filter(|(_, uses)| **uses >= COMMON);
        let lines = common.filter_map(|((status, description), _)| {
            // A description that only repeats the status needs no line.
            let told = line(status, description);
            (told != line(status, "")).then_some(told)
        });
        lines.collect()
    }

    /// The declared errors of an operation, a line for each description: the statuses, and the additional words of the
    /// description, unless [`common`](Self::common) contains it.
    pub(super) fn errors(&self, operation: &Operation) -> Vec<String> {
        let mut lines: Vec<(Vec<String>, String)> = Vec::new();
        for (status, description) in declared_errors(operation) {
            let common = self.is_common(status, description);
            let (name, more) = parts(status, if common { "" } else { description });
            match lines
                .iter_mut()
                .find(|(_, told)| *told == more && !more.is_empty())
            {
                Some((names, _)) => names.push(name),
                None => lines.push((vec![name], more)),
            }
        }
        lines
            .into_iter()
            .map(|(names, more)| joined(&names.join(", "), &more))
            .collect()
    }
}

/// The successes that an operation declares, a line for each.
pub(super) fn successes(operation: &Operation) -> Vec<String> {
    let successes = operation.statuses.iter();
    let successes = successes.filter(|(status, _)| status.starts_with('2'));
    successes
        .map(|(status, description)| line(status, description))
        .collect()
}

/// The errors that an operation declares, a line for each status.
pub(super) fn errors(operation: &Operation) -> Vec<String> {
    declared_errors(operation)
        .map(|(status, description)| line(status, description))
        .collect()
}

/// The errors that a document declares for an operation.
fn declared_errors(operation: &Operation) -> impl Iterator<Item = &(String, String)> {
    let statuses = operation.statuses.iter();
    statuses.filter(|(status, _)| !status.starts_with('2'))
}

fn line(status: &str, description: &str) -> String {
    let (name, more) = parts(status, description);
    joined(&name, &more)
}

fn joined(name: &str, more: &str) -> String {
    if more.is_empty() {
        name.to_owned()
    } else {
        format!("{name}: {more}")
    }
}

/// A status with its reason phrase, and the additional words of a description.
fn parts(status: &str, description: &str) -> (String, String) {
    let reason = status
        .parse::<u16>()
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .and_then(|code| code.canonical_reason())
        .unwrap_or_default();
    let mut name = match status {
        "default" => ANY_OTHER.to_owned(),
        status => format!("`{}`", prose::inline(status)),
    };
    if !reason.is_empty() {
        name += &format!(" {reason}");
    }
    (name, prose::line(beyond(reason, description)))
}

/// The words of a description beyond the reason phrase of its status.
fn beyond<'d>(reason: &str, description: &'d str) -> &'d str {
    let known = words(reason);
    let says_nothing = |text: &str| {
        words(text)
            .iter()
            .all(|word| known.contains(word) || EMPTY.contains(&word.as_str()) || word == "not")
    };
    // Some generators of documents prefix descriptions with a name: `bad_request: …`.
    let named = description
        .split_once(':')
        .filter(|(name, _)| !known.is_empty() && words(name) == known);
    let rest = named.map_or(description, |(_, rest)| rest).trim();
    if says_nothing(rest) { "" } else { rest }
}

fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_repeats_the_status_is_dropped() {
        assert_eq!(
            line("400", "bad_request: Bad Request response."),
            "`400` Bad Request"
        );
        assert_eq!(line("404", "Not found"), "`404` Not Found");
        assert_eq!(line("503", ""), "`503` Service Unavailable");
        assert_eq!(
            line("default", "Any other response that is not a success."),
            "any other status"
        );
    }

    #[test]
    fn additional_words_of_a_description_are_kept() {
        assert_eq!(
            line("409", "conflict: the address is taken"),
            "`409` Conflict: the address is taken."
        );
        assert_eq!(
            line("404", "No user has the id"),
            "`404` Not Found: No user has the id."
        );
        assert_eq!(line("4XX", "Your fault"), "`4XX`: Your fault.");
    }

    #[test]
    fn text_of_a_vendor_is_not_markup() {
        assert_eq!(line("`499", "a <b> [c]"), r"`'499`: a \<b> \[c\].");
    }
}
