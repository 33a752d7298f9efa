//! What a document says of the statuses that an operation answers with.

use http::StatusCode;

use crate::lower::model::Operation;

use super::documentation;

/// Words that say no more than that there is an answer.
const EMPTY: [&str; 11] = [
    "a", "an", "answer", "any", "error", "is", "other", "response", "success", "the", "that",
];

/// What stands for all statuses that are not listed.
pub(super) const ANY_OTHER: &str = "any other status";

/// The errors that a document declares, a line for each: the status, and what it says beyond that.
pub(super) fn errors(operation: &Operation) -> Vec<String> {
    let errors = operation.statuses.iter();
    let errors = errors.filter(|(status, _)| !status.starts_with('2'));
    errors
        .map(|(status, description)| line(status, description))
        .collect()
}

/// The successes that a document declares, a line for each.
pub(super) fn successes(operation: &Operation) -> Vec<String> {
    let successes = operation.statuses.iter();
    let successes = successes.filter(|(status, _)| status.starts_with('2'));
    successes
        .map(|(status, description)| line(status, description))
        .collect()
}

fn line(status: &str, description: &str) -> String {
    let reason = status
        .parse::<u16>()
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .and_then(|code| code.canonical_reason())
        .unwrap_or_default();
    let mut line = match status {
        "default" => ANY_OTHER.to_owned(),
        status => format!("`{}`", documentation::inline(status)),
    };
    if !reason.is_empty() {
        line += &format!(" {reason}");
    }
    let more = documentation::line(beyond(reason, description));
    if more.is_empty() {
        line
    } else {
        format!("{line}: {more}")
    }
}

/// What a description says beyond the reason that its status has in any case.
fn beyond<'d>(reason: &str, description: &'d str) -> &'d str {
    let known = words(reason);
    let says_nothing = |text: &str| {
        words(text)
            .iter()
            .all(|word| known.contains(word) || EMPTY.contains(&word.as_str()) || word == "not")
    };
    // `bad_request: …`, as one generator of documents writes it.
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
    fn a_description_that_repeats_the_status_is_left_out() {
        assert_eq!(
            line("400", "bad_request: Bad Request response."),
            "`400` Bad Request"
        );
        assert_eq!(line("404", "Not found"), "`404` Not Found");
        assert_eq!(line("503", ""), "`503` Service Unavailable");
        assert_eq!(
            line("default", "Any other answer that is not a success."),
            "any other status"
        );
    }

    #[test]
    fn what_a_description_adds_stays() {
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
    fn text_of_the_vendor_stays_text() {
        assert_eq!(line("`499", "a <b> [c]"), r"`'499`: a \<b> \[c\].");
    }
}
