//! The path of a request, and checks of the arguments in it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Arguments;
use super::argument::Argument;
use super::value::Parts;
use crate::operation::{Parameter, ParameterLocation, Style};
use crate::percent::{encode_into, is_unreserved};

/// Dot segments, in all their encodings.
const DOTS: [&str; 6] = [".", "..", "%2e", "%2e.", ".%2e", "%2e%2e"];
/// The maximum number of percent-encodings of a value. No legitimate value needs more.
const MAX_ROUNDS: usize = 8;

/// Whether a value is the same encoded and decoded, and has no meaning in a path: it has only unreserved characters,
/// and it is not a dot segment.
fn is_plain(text: &str) -> bool {
    // A single pass over the bytes; the second check usually ends at the first byte.
    text.bytes().all(is_unreserved) && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// A path template without the pairs of the query that every request has, and these pairs. A fragment is not sent.
pub fn without_query(template: &str) -> (&str, &str) {
    let template = split_at(template, b'#').map_or(template, |(sent, _)| sent);
    if !template.contains('?') {
        return (template, "");
    }
    let mut in_placeholder = false;
    let at = template.find(|character| {
        match character {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        character == '?' && !in_placeholder
    });
    at.map_or((template, ""), |at| (&template[..at], &template[at + 1..]))
}

/// Appends the template with its arguments. Returns whether all of them are plain, so that the path is unambiguous.
pub(super) fn render(
    path: &mut String,
    template: &str,
    arguments: &Arguments,
) -> Result<bool, String> {
    let mut plain = true;
    let mut rest = template;
    while let Some((before, after)) = split_at(rest, b'{') {
        let (name, after) =
            split_at(after, b'}').ok_or_else(|| "the path template is broken".to_owned())?;
        let (parameter, value) = arguments
            .iter()
            .find(|(given, _)| given.location == ParameterLocation::Path && given.name == name)
            .ok_or_else(|| format!("missing path parameter `{name}`"))?;
        path.push_str(before);
        plain &= write(parameter, value, path)
            .map_err(|problem| format!("the path parameter {name} {problem}"))?;
        rest = after;
    }
    path.push_str(rest);
    Ok(plain)
}

/// Splits a string at the first occurrence of an ASCII character. This is faster than a search, since templates are
/// short.
fn split_at(text: &str, character: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == character)?;
    Some((&text[..place], &text[place + 1..]))
}

/// Appends a value in its parameter's style. Returns whether the value is plain.
fn write(parameter: &Parameter, value: &Argument, path: &mut String) -> Result<bool, &'static str> {
    let has_no_prefix = matches!(parameter.style, Style::Simple | Style::SimpleExploded);
    if let Some(text) = value
        .as_str()
        .filter(|text| has_no_prefix && is_plain(text))
    {
        path.push_str(text);
        return Ok(true);
    }
    let parts = Parts::of(value);
    // The characters before the value and between its parts.
    let (prefix, separator, exploded) = match parameter.style {
        Style::SimpleExploded => ("", ",", true),
        Style::Label => (".", ",", false),
        Style::LabelExploded => (".", ".", true),
        Style::Matrix => (";", ",", false),
        Style::MatrixExploded => (";", ";", true),
        _ => ("", ",", false),
    };
    let raw = parts.joined(separator, exploded, String::push_str);
    if prefix.is_empty() && is_plain(&raw) {
        path.push_str(&raw);
        return Ok(true);
    }
    if let Some(problem) = escape(&raw) {
        return Err(problem);
    }
    path.push_str(prefix);
    match (parameter.style, &parts) {
        (Style::MatrixExploded, Parts::Items(items)) => {
            for (index, item) in items.iter().enumerate() {
                path.push_str(if index > 0 { ";" } else { "" });
                encode_into(path, parameter.name);
                path.push('=');
                encode_into(path, item);
            }
        }
        (Style::Matrix, parts) => {
            encode_into(path, parameter.name);
            path.push('=');
            path.push_str(&parts.joined(separator, exploded, encode_into));
        }
        (_, parts) => path.push_str(&parts.joined(separator, exploded, encode_into)),
    }
    Ok(false)
}

/// Describes why a value would leave its segment, if it would.
///
/// The value is encoded before it is sent, so that `/` and `\` are data. But some proxies and servers decode more than
/// once, and remove dot segments and parameters after `;`: none of that may turn the value into another path.
fn escape(text: &str) -> Option<&'static str> {
    let separators = |text: &str| text.matches(['/', '\\']).count();
    let plain = separators(text);
    let mut text = Cow::Borrowed(text);
    for _ in 0..MAX_ROUNDS {
        if text.is_empty() {
            return Some("is empty");
        }
        if text.chars().any(char::is_control) {
            return Some("contains a control character");
        }
        if separators(&text) > plain {
            return Some("contains a percent-encoded slash or backslash");
        }
        let mut pieces = text
            .split(['/', '\\'])
            .map(|piece| piece.split(';').next().unwrap_or_default());
        if pieces.any(|piece| matches!(piece, "" | "." | "..")) {
            return Some("would leave its place in the path");
        }
        let decoded = percent_decode_str(&text).decode_utf8_lossy();
        if decoded == text {
            return None;
        }
        text = Cow::Owned(decoded.into_owned());
    }
    Some("is percent-encoded over and over")
}

/// Whether a path matches the template below the prefix: the same number of segments, and the same literal segments.
pub(super) fn follows(template: &str, prefix: &str, path: &str) -> bool {
    let Some(path) = path.strip_prefix(prefix) else {
        return false;
    };
    // By bytes, which is twice as fast as by characters; the separators are ASCII.
    let is_slash = |byte: &u8| *byte == b'/';
    let mut wanted = template.as_bytes().split(is_slash);
    let mut found = path.as_bytes().split(is_slash);
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if fills(wanted, found) => {}
            _ => return false,
        }
    }
}

/// Whether a segment matches that of the template, with a value in the place of the parameter.
fn fills(wanted: &[u8], found: &[u8]) -> bool {
    let begin = wanted.iter().position(|byte| *byte == b'{');
    let end = wanted.iter().rposition(|byte| *byte == b'}');
    match (begin, end) {
        (Some(begin), Some(end)) => {
            let (before, after) = (&wanted[..begin], &wanted[end + 1..]);
            found.len() > before.len() + after.len()
                && found.starts_with(before)
                && found.ends_with(after)
                && !DOTS
                    .iter()
                    .any(|dots| found.eq_ignore_ascii_case(dots.as_bytes()))
        }
        _ => wanted == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::percent::encode;

    #[test]
    fn values_that_would_leave_their_segment_are_refused() {
        for value in [
            "",
            ".",
            "..",
            "../x",
            "x/..",
            "x/../../admin",
            r"x\..\..\..\admin\tokens",
            r"\",
            "/",
            "/x",
            "x/",
            "x//y",
            "%2e%2e",
            "%2E",
            ".%2e",
            "%252e%252e",
            "%25252e%25252e",
            "x%2f..",
            "x%2fy",
            "x%5cy",
            "x%255c..%255cy",
            "..;jsessionid=1",
            "x/..;/y",
            "%3b",
            ";x",
            "a\0b",
            "a%00b",
            "a\r\nb",
            "a%0d%0ab",
        ] {
            assert!(escape(value).is_some() && !is_plain(value), "{value:?}");
        }
        let mut nested = "..".to_owned();
        for _ in 0..40 {
            nested = nested.replace('%', "%25").replace('.', "%2e");
        }
        assert!(escape(&nested).is_some());
    }

    #[test]
    fn ordinary_values_are_sent() {
        for value in [
            "u-1",
            "AWS.CloudTrail.X",
            "self",
            "a b",
            "홍길동",
            "100%",
            "50%25",
            "a+b",
            "a;b",
            "...",
            ".x",
            "x..y",
            "138c/2fc8 c29a",
            r"DOMAIN\user",
            "a?b#c",
            "a:b@c",
            "%zz",
        ] {
            assert_eq!(escape(value), None, "{value:?}");
        }
    }

    #[test]
    fn everything_reserved_is_encoded() {
        assert_eq!(encode("138c/2fc8 c29a"), "138c%2F2fc8%20c29a");
        assert_eq!(encode(r"a\b?c#d%e+f&g=h"), "a%5Cb%3Fc%23d%25e%2Bf%26g%3Dh");
        assert_eq!(encode("created_at:desc"), "created_at%3Adesc");
    }

    #[test]
    fn the_query_of_a_template_is_split_off_and_a_fragment_is_not_sent() {
        assert_eq!(without_query("/users"), ("/users", ""));
        assert_eq!(without_query("/users?a=b#c?d"), ("/users", "a=b"));
        assert_eq!(without_query("/{a?b}#c"), ("/{a?b}", ""));
    }

    #[test]
    fn a_path_is_compared_with_its_template() {
        assert!(follows("/users/{id}", "", "/users/u-1"));
        assert!(follows("/users/{id}", "/v1", "/v1/users/u-1"));
        assert!(follows("/users/{id}/roles", "", "/users/a%2Fb/roles"));
        assert!(follows("/", "", "/"));
        assert!(!follows("/users/{id}", "", "/users/"));
        assert!(!follows("/users/{id}", "", "/users"));
        assert!(!follows("/users/{id}", "", "/admin/u-1"));
        assert!(!follows("/users/{id}", "", "/users/u-1/roles"));
        assert!(!follows("/users/{id}", "/v1", "/users/u-1"));
        assert!(!follows("/users/{id}", "", "/users/%2E%2e"));
    }
}
