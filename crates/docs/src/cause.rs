//! Causes of invalid JSON that result from copying a block.

use specmill_openapi::document::parse_json;

use super::markdown::is_invisible;

/// A change that copying can make to JSON: its name, and how it is reverted.
struct Cause {
    name: &'static str,
    undo: fn(&str) -> String,
}

const CAUSES: [Cause; 5] = [
    Cause {
        name: "HTML entities such as `&quot;` stand in place of characters",
        undo: without_entities,
    },
    Cause {
        name: "quotes are typographic (smart quotes) in place of `\"`",
        undo: |text| text.replace(['“', '”', '„', '‟', '«', '»', '″', '＂'], "\""),
    },
    Cause {
        name: "no-break spaces stand in place of spaces",
        undo: |text| text.replace(['\u{a0}', '\u{202f}', '\u{3000}'], " "),
    },
    Cause {
        name: "characters without width stand between the tokens",
        undo: |text| text.replace(is_invisible, ""),
    },
    Cause {
        name: "it has comments, which JSON has not",
        undo: without_comments,
    },
];

/// The smallest set of causes without which the text would be valid JSON.
pub(super) fn causes(text: &str) -> Vec<&'static str> {
    let mut sets: Vec<u32> = (1..1 << CAUSES.len()).collect();
    sets.sort_by_key(|set| set.count_ones());
    let of = |set: u32| {
        let causes = CAUSES.iter().enumerate();
        causes
            .filter(move |(index, _)| set & (1 << index) != 0)
            .map(|(_, cause)| cause)
    };
    let found = sets.into_iter().find(|set| {
        let undone = of(*set).fold(text.to_owned(), |text, cause| (cause.undo)(&text));
        undone != text && parse_json(&undone).is_ok()
    });
    found
        .map(|set| of(set).map(|cause| cause.name).collect())
        .unwrap_or_default()
}

fn without_entities(text: &str) -> String {
    const KNOWN: [(&str, &str); 13] = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x22;", "\""),
        ("&ldquo;", "\""),
        ("&rdquo;", "\""),
        ("&apos;", "'"),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&#x20;", " "),
        ("&#32;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    KNOWN
        .iter()
        .fold(text.to_owned(), |text, (entity, character)| {
            text.replace(entity, character)
        })
}

/// The text without comments (`//` and `/*`), except inside strings.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let taken = if character == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let taken = end.map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..taken]);
            taken
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            out.push(character);
            character.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_reported_only_where_it_applies() {
        for (text, part) in [
            ("{&quot;a&quot;: 1}", "HTML entities"),
            ("{“a”: 1}", "smart quotes"),
            ("{\"a\":\u{a0}1}", "no-break"),
            ("{\"a\":\u{200b}1}", "without width"),
            ("{\"a\": 1 // one\n}", "comments"),
        ] {
            let found = causes(text);
            assert!(
                found.len() == 1 && found[0].contains(part),
                "{text}: {found:?}"
            );
        }
        assert_eq!(causes("{“a”: &quot;b&quot;}").len(), 2);
        for text in ["{\"a\": }", "{\"a\": 1", "{“a: 1}"] {
            assert!(causes(text).is_empty(), "{text}");
        }
        assert_eq!(causes("{“a”: \"&quot; // b\"}"), [CAUSES[1].name]);
    }
}
