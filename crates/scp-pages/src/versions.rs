//! The version table: numbers and dates, whether or not its cells run together.

use super::label::{is_version, state};
use super::page::{Located, Told, VersionRow};
use super::row::Token;

/// The rows of a version table; reading ends at what is none.
pub(super) fn read(tokens: &[Token]) -> Vec<VersionRow> {
    let mut rows: Vec<VersionRow> = Vec::new();
    for token in tokens {
        let (text, state) = without_state(&token.text);
        let state = state.map(|state| Located::new(token.line, state));
        if let Some((version, not_before)) = together(&text) {
            let version = Some(Located::new(token.line, version));
            rows.push(VersionRow {
                version,
                state,
                not_before: at(token.line, not_before),
            });
        } else if text.is_empty()
            && let Some(row) = rows.last_mut().filter(|row| row.state.is_none())
        {
            row.state = state;
        } else if let Some(not_before) = date(&token.text)
            && let Some(row) = rows.last_mut().filter(|row| !row.not_before.is_known())
        {
            row.not_before = at(token.line, Some(not_before));
        } else {
            break;
        }
    }
    rows
}

/// A row without the state of its version, and the state: `1.4CURRENT-` is `1.4-` and `CURRENT`.
fn without_state(text: &str) -> (String, Option<String>) {
    const STATES: [&str; 4] = ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"];
    let Some((at, word)) = STATES
        .iter()
        .find_map(|word| Some((text.find(word)?, *word)))
    else {
        return (text.to_owned(), None);
    };
    let before = text[..at]
        .trim_end_matches(['(', ' '])
        .trim_end_matches("ACTIVE");
    let after = text[at + word.len()..].trim_start_matches(')');
    let rest = format!("{} {}", before.trim(), after.trim());
    (rest.trim().to_owned(), state(word))
}

fn at(line: usize, date: Option<Date>) -> Told<String> {
    match date {
        None => Told::Unknown,
        Some(Date::Nothing) => Told::Nothing(line),
        Some(Date::Day(day)) => Told::Says(Located::new(line, day)),
    }
}

enum Date {
    /// A dash: the page says that there is no date.
    Nothing,
    /// `YYYY-MM-DD`.
    Day(String),
}

/// A version, and the date that runs into it: `1.320261130`, `1.4-`, `1.4 -`, `1.4`.
///
/// The date is the longest end of the text that is one, so what is left is the version.
fn together(text: &str) -> Option<(String, Option<Date>)> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    for length in [10, 8, 1] {
        let Some(start) = text.len().checked_sub(length) else {
            continue;
        };
        let (version, end) = text.split_at(start);
        let version = version.trim();
        if let Some(found) = date(end).filter(|_| is_version(version)) {
            return Some((version.to_owned(), Some(found)));
        }
    }
    is_version(text).then(|| (text.to_owned(), None))
}

/// A date such as `20261130`, `2026-11-30` or `2026.11.30`, or a dash.
fn date(text: &str) -> Option<Date> {
    if matches!(text, "-" | "–" | "—") {
        return Some(Date::Nothing);
    }
    if !text.is_ascii() {
        return None;
    }
    let digits = match text.len() {
        8 => text.to_owned(),
        10 if [b'-', b'.', b'/'].contains(&text.as_bytes()[4])
            && text.as_bytes()[4] == text.as_bytes()[7] =>
        {
            format!("{}{}{}", &text[..4], &text[5..7], &text[8..])
        }
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]);
    // A year that no service had yet is a part of some other number.
    (digits.as_str() >= "19900101" && day.parse::<jiff::civil::Date>().is_ok())
        .then_some(Date::Day(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(texts: &[&str]) -> Vec<(String, Option<String>, bool)> {
        let tokens: Vec<Token> = texts
            .iter()
            .enumerate()
            .map(|(i, text)| Token::new(i + 1, *text))
            .collect();
        let row = |row: VersionRow| {
            let known = row.not_before.is_known();
            (
                row.version.unwrap().value,
                row.not_before.value().cloned(),
                known,
            )
        };
        read(&tokens).into_iter().map(row).collect()
    }

    #[test]
    fn a_version_and_its_date_come_apart() {
        assert_eq!(
            rows(&["1.320261130"]),
            [("1.3".into(), Some("2026-11-30".into()), true)]
        );
        assert_eq!(
            rows(&["1.1020261130"]),
            [("1.10".into(), Some("2026-11-30".into()), true)]
        );
        assert_eq!(
            rows(&["1.32026-11-30"]),
            [("1.3".into(), Some("2026-11-30".into()), true)]
        );
        assert_eq!(
            rows(&["1.3 20261130"]),
            [("1.3".into(), Some("2026-11-30".into()), true)]
        );
    }

    #[test]
    fn a_dash_says_that_there_is_no_date_and_a_missing_cell_says_nothing() {
        assert_eq!(rows(&["1.4-"]), [("1.4".into(), None, true)]);
        assert_eq!(rows(&["1.4"]), [("1.4".into(), None, false)]);
    }

    #[test]
    fn a_state_may_stand_in_a_column_of_its_own() {
        for text in [
            "1.3SUPPORTED20261130",
            "1.3 ACTIVE (SUPPORTED) 20261130",
            "1.3 2026-11-30 SUPPORTED",
        ] {
            let rows = read(&[Token::new(1, text)]);
            assert_eq!(rows[0].state.as_ref().unwrap().value, "SUPPORTED", "{text}");
            assert_eq!(rows[0].version.as_ref().unwrap().value, "1.3");
            assert_eq!(rows[0].not_before.value().unwrap(), "2026-11-30");
        }
        let cells = ["1.4", "CURRENT", "-"].map(|text| Token::new(1, text));
        assert_eq!(read(&cells)[0].state.as_ref().unwrap().value, "CURRENT");
    }

    #[test]
    fn cells_on_lines_of_their_own_are_one_row() {
        assert_eq!(
            rows(&["1.4", "-", "1.3", "20261130", "Parameters"]),
            [
                ("1.4".into(), None, true),
                ("1.3".into(), Some("2026-11-30".into()), true)
            ]
        );
    }

    #[test]
    fn a_day_that_no_calendar_has_is_no_date() {
        assert!(rows(&["1.320261340"]).is_empty());
    }
}
