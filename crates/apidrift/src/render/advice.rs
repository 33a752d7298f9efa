//! What callers do about a change.

use serde_json::Value;

use crate::report::Change;

/// What to do, where the change says it: `` `.user_get()` is `.user_fetch()` now ``.
pub(crate) fn advice(change: &Change) -> Option<String> {
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let (before, after) = (text(&change.before), text(&change.after));
    let member = || {
        let place = change.place();
        let name = place.rsplit('/').next().unwrap_or(place);
        name.replace("~1", "/").replace("~0", "~")
    };
    let id = change.rule.id();
    Some(match id {
        "api-operation-renamed" => {
            let (before, after) = (method_name(&before?), method_name(&after?));
            if before == after {
                return None;
            }
            format!("`.{before}()` is `.{after}()` now")
        }
        "api-schema-renamed" => format!("the type `{}` is `{}` now", before?, after?),
        "endpoint-moved" => "send calls to the new path".to_owned(),
        "new-required-request-property" | "request-property-became-required" => {
            format!("set `{}` in every call", member())
        }
        "new-required-request-parameter"
        | "new-request-path-parameter"
        | "request-parameter-became-required" => "set it in every call".to_owned(),
        "request-parameter-removed" => "stop setting it".to_owned(),
        "request-body-added-required" | "request-body-became-required" => {
            "send a body with every call".to_owned()
        }
        _ if id.starts_with("request-") && id.ends_with("enum-value-removed") => {
            "stop sending the value".to_owned()
        }
        _ if id.starts_with("response-") && id.ends_with("became-nullable") => {
            "be ready for null".to_owned()
        }
        _ if id.starts_with("response-") && id.ends_with("became-optional") => {
            "be ready for it to be missing".to_owned()
        }
        _ if id.starts_with("response-") && id.ends_with("one-of-added") => {
            "be ready for the new form".to_owned()
        }
        _ => return None,
    })
}

/// The method of a generated crate: the operation's ID in snake case.
pub(crate) fn method_name(id: &str) -> String {
    let mut name = String::new();
    let mut previous = '_';
    let mut characters = id.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let starts_word = character.is_uppercase()
                && (previous.is_lowercase()
                    || previous.is_ascii_digit()
                    || (previous.is_uppercase()
                        && characters.peek().is_some_and(|next| next.is_lowercase())));
            if starts_word && !name.ends_with('_') && !name.is_empty() {
                name.push('_');
            }
            name.extend(character.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        previous = character;
    }
    name.trim_end_matches('_').to_owned()
}
