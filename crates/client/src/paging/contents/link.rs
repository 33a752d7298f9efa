//! The `Link` header of RFC 8288.

use http::HeaderMap;
use http::header::LINK;

/// The target of the first link with the relation `next`.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(LINK).iter();
    values.find_map(|value| next_of(value.to_str().ok()?))
}

fn next_of(value: &str) -> Option<String> {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, after) = after.split_once('>')?;
        let (parameters, after) = split_at_comma(after);
        if is_next(parameters) {
            return Some(target.trim().to_owned());
        }
        rest = after;
    }
    None
}

/// The parameters of a link, and the rest after the comma that follows them. Commas in quoted strings are skipped.
fn split_at_comma(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

fn is_next(parameters: &str) -> bool {
    let relation = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then_some(value)
    });
    relation.is_some_and(|relation| {
        let relation = relation.trim().trim_matches('"');
        relation
            .split_ascii_whitespace()
            .any(|one| one.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_of_the_next_relation_is_found() {
        for (value, expected) in [
            (
                r#"<https://a.test/?page=2>; rel="next", <https://a.test/?page=9>; rel="last""#,
                Some("https://a.test/?page=2"),
            ),
            (
                r#"<p?1>; rel=prev,<p?2>;title="a, b"; REL="Last NEXT""#,
                Some("p?2"),
            ),
            ("<p?1>; rel=next; results=\"true\"", Some("p?1")),
            (r#"<p?1>; rel="prev""#, None),
            ("<p?1>; title=next", None),
            ("<p?1", None),
            ("", None),
        ] {
            assert_eq!(next_of(value).as_deref(), expected, "{value}");
        }
    }
}
