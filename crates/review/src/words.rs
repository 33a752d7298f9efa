//! Changed descriptions with a new sentence that callers should read.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::child;

/// Words of instructions to callers.
const TELLING: [&str; 12] = [
    "deprecat",
    "prefer",
    "instead",
    "no longer",
    "obsolete",
    "removed",
    "discontinu",
    "not supported",
    "unsupported",
    "must ",
    "will be ",
    "sunset",
];

/// The maximum length of a shown sentence, in characters.
const SHOWN: usize = 200;

/// A description with a new sentence that contains an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reworded {
    /// The place of the description.
    pub pointer: String,
    /// The first new sentence with an instruction.
    pub sentence: String,
}

/// The descriptions at locations of both documents that have a new sentence with an instruction.
pub(super) fn changes(old: &Value, new: &Value) -> Vec<Reworded> {
    let mut found = Vec::new();
    walk(old, new, "", &mut found);
    found
}

fn walk(old: &Value, new: &Value, pointer: &str, found: &mut Vec<Reworded>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, after) in new {
                let Some(before) = old.get(name) else {
                    continue;
                };
                let pointer = child(pointer, name);
                match (before, after) {
                    (Value::String(before), Value::String(after))
                        if name == "description" || name == "summary" =>
                    {
                        if let Some(sentence) = new_sentence(before, after) {
                            found.push(Reworded { pointer, sentence });
                        }
                    }
                    _ => walk(before, after, &pointer, found),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (index, (before, after)) in old.iter().zip(new).enumerate() {
                walk(before, after, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn new_sentence(before: &str, after: &str) -> Option<String> {
    let before: BTreeSet<&str> = sentences(before).collect();
    let telling = |sentence: &&str| {
        let words = sentence.to_lowercase();
        TELLING.iter().any(|word| words.contains(word))
    };
    let sentence = sentences(after)
        .filter(|sentence| !before.contains(sentence))
        .find(telling)?;
    let mut shown: String = sentence.chars().take(SHOWN).collect();
    if shown.len() < sentence.len() {
        shown.push('…');
    }
    Some(shown)
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '\n'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_new_sentence_with_an_instruction_is_found_and_a_reworded_one_is_not() {
        let old = json!({"a": {"description": "Lists users. Slow."}, "b": [{"description": "x"}]});
        let new = json!({
            "a": {"description": "Lists users. Prefer `/people`."},
            "b": [{"description": "y"}],
            "c": {"description": "Deprecated."}
        });
        let found = changes(&old, &new);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pointer, "/a/description");
        assert_eq!(found[0].sentence, "Prefer `/people`.");
    }
}
