//! Strings with a format, a pattern or a length.

use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};
use serde_json::{Map, Value};

/// The maximum length of a generated string.
const LONGEST: usize = 10_000;

/// The maximum number of additional repetitions of a pattern to reach a minimum length.
const REPETITIONS: u32 = 256;

/// A string for a schema; `None` if none is found.
pub(super) fn value(schema: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| schema.get(name).and_then(Value::as_str);
    let length = |name: &str| {
        let length = schema.get(name).and_then(Value::as_u64);
        length.map(|length| usize::try_from(length).unwrap_or(usize::MAX))
    };
    let least = length("minLength").unwrap_or_default();
    let most = length("maxLength").unwrap_or(usize::MAX);
    let fits = |text: &String| (least..=most).contains(&text.chars().count());
    if let Some(pattern) = text("pattern") {
        return of_pattern(pattern, least).filter(fits);
    }
    if let Some(text) = text("format").and_then(of_format) {
        return Some(text.to_owned()).filter(fits);
    }
    let length = 4.clamp(least.min(LONGEST), most.max(least.min(LONGEST)));
    let text = if length == 4 {
        "text".to_owned()
    } else {
        "t".repeat(length)
    };
    Some(text).filter(fits)
}

/// A string of a format with a fixed syntax; `None` for formats that accept any string.
fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-01-02",
        "date-time" => "2026-01-02T03:04:05Z",
        "time" => "03:04:05Z",
        "duration" => "P1D",
        "email" | "idn-email" => "ann@acme.test",
        "hostname" | "idn-hostname" => "acme.test",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "iri" | "url" => "https://acme.test/",
        "uri-reference" | "iri-reference" | "json-pointer" => "/text",
        "uuid" => "5f0c3d9e-8a1b-4c2d-9e3f-0a1b2c3d4e5f",
        "regex" => "text",
        "byte" => "dGV4dA==",
        _ => return None,
    })
}

/// A string for a pattern, with at least the given length if possible.
fn of_pattern(pattern: &str, least: usize) -> Option<String> {
    // JavaScript syntax that this parser does not support, such as lookahead, is rejected.
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let mut longest = None;
    let mut more = 0;
    while more <= REPETITIONS {
        let mut text = String::new();
        write(&hir, more, &mut text)?;
        let length = text.chars().count();
        longest = Some(text);
        if length >= least {
            break;
        }
        more += 1;
    }
    longest
}

/// Appends a string that an expression matches, with `more` repetitions beyond the minimum.
fn write(hir: &Hir, more: u32, out: &mut String) -> Option<()> {
    if out.len() > LONGEST {
        return None;
    }
    match hir.kind() {
        // Anchors need no characters, since the whole pattern is written and nothing around
        // it.
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            // Letters and digits come first, since they are valid in any location.
            let holds = |wanted: &char| {
                class
                    .iter()
                    .any(|range| (range.start()..=range.end()).contains(wanted))
            };
            let plain = ('a'..='z').chain('A'..='Z').chain('0'..='9').find(holds);
            let printable = || (' '..='~').find(holds);
            let first = || class.iter().next().map(ClassUnicodeRange::start);
            out.push(plain.or_else(printable).or_else(first)?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            let times = repetition.min.saturating_add(more);
            let times = repetition.max.map_or(times, |max| times.min(max));
            for _ in 0..times {
                write(&repetition.sub, more, out)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, more, out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, more, out)?;
            }
        }
        HirKind::Alternation(branches) => write(branches.first()?, more, out)?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text(schema: Value) -> Option<String> {
        let Value::Object(schema) = schema else {
            return None;
        };
        value(&schema)
    }

    #[test]
    fn a_string_has_the_length_of_its_schema() {
        assert_eq!(text(json!({})).as_deref(), Some("text"));
        assert_eq!(text(json!({"minLength": 6})).as_deref(), Some("tttttt"));
        assert_eq!(text(json!({"maxLength": 2})).as_deref(), Some("tt"));
        assert_eq!(text(json!({"minLength": 1_000_000})), None);
    }

    #[test]
    fn a_string_for_a_pattern_matches_it() {
        for (pattern, expected) in [
            (r"^iam-identity-center \d+\.\d+$", "iam-identity-center 0.0"),
            ("^[A-Z]{2}-(a|b)+[_x]?$", "AA-a"),
            ("[0-9a-f]{4}", "aaaa"),
            ("^.*$", ""),
        ] {
            assert_eq!(text(json!({"pattern": pattern})).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_string_with_a_pattern_has_the_length_of_its_schema_or_is_missing() {
        let schema = json!({"pattern": "^[a-z]*$", "minLength": 3});
        assert_eq!(text(schema).as_deref(), Some("aaa"));
        assert_eq!(text(json!({"pattern": "^a$", "minLength": 3})), None);
        assert_eq!(text(json!({"pattern": "^a{9}$", "maxLength": 3})), None);
    }

    #[test]
    fn an_unsupported_pattern_has_no_string() {
        assert_eq!(text(json!({"pattern": "^(?=a)b"})), None);
    }
}
