//! The action that a change requires of callers.

use serde_json::Value;

use apidrift_compare::method_name;

use crate::Change;

/// The action, if the change implies one: `` `.user_get()` is `.user_fetch()` now ``.
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
