//! Converts the security definitions of Swagger 2.0.

use serde_json::{Map, Value, json};

/// Converts a security definition.
pub(super) fn scheme(scheme: &mut Value) {
    let Some(members) = scheme.as_object_mut() else {
        return;
    };
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".into(), json!("http"));
            members.insert("scheme".into(), json!("basic"));
        }
        Some("oauth2") => {
            let flow = match members
                .shift_remove("flow")
                .as_ref()
                .and_then(Value::as_str)
            {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut described = Map::new();
            for name in ["authorizationUrl", "tokenUrl"] {
                if let Some(address) = members.shift_remove(name) {
                    described.insert(name.to_owned(), address);
                }
            }
            let scopes = members.shift_remove("scopes").unwrap_or_else(|| json!({}));
            described.insert("scopes".into(), scopes);
            members.insert("flows".into(), json!({ flow: described }));
        }
        _ => {}
    }
}
