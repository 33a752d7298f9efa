//! The headers of the example request: the signature's, and those that are settings of the client.

use serde_json::{Value, json};

use scp_pages::OperationSection;
use specmill_openapi::names;

use super::Gathered;

/// The headers of the vendor's signature, as its common API guide lists them, and what their schemes
/// are called.
const SIGNATURE: [(&str, &str); 4] = [
    ("Scp-Accesskey", "AccessKey"),
    ("Scp-Signature", "Signature"),
    ("Scp-Timestamp", "Timestamp"),
    ("Scp-ClientType", "ClientType"),
];

/// Headers of HTTP itself, which `OpenAPI` describes elsewhere.
const OF_HTTP: [&str; 5] = [
    "Content-Type",
    "Accept",
    "Host",
    "Content-Length",
    "User-Agent",
];

/// Gathers the headers of a section; gives references to those that are parameters, and whether the
/// request is signed.
pub(super) fn headers(section: &OperationSection, gathered: &mut Gathered) -> (Vec<Value>, bool) {
    let mut references = Vec::new();
    let mut signed = false;
    for header in &section.headers {
        let same = |name: &str| name.eq_ignore_ascii_case(&header.name);
        if let Some((_, scheme)) = SIGNATURE.iter().find(|(name, _)| same(name)) {
            signed = true;
            let mut value = json!({ "type": "apiKey", "in": "header", "name": header.name });
            if *scheme == "Signature" {
                value["x-signature"] = json!("scp-hmac-sha256");
            }
            gathered
                .schemes
                .entry((*scheme).to_owned())
                .or_insert(value);
            continue;
        }
        if OF_HTTP.iter().any(|name| same(name)) {
            continue;
        }
        let mut value = json!({
            "name": header.name, "in": "header", "schema": { "type": "string" }, "example": header.value
        });
        value["description"] = json!(format!("The header `{}`.", header.name));
        let component = if same("Scp-Api-Version") {
            value["description"] = json!(format!("The API version, such as `{}`.", header.value));
            if let Some((service, _)) = section.header_version() {
                // Without it the newest version responses, whose shapes may change.
                value["required"] = json!(true);
                value["x-client-setting"] =
                    json!({ "setting": "api-version", "value": format!("{service} {{}}") });
            }
            "ApiVersion".to_owned()
        } else if same("Accept-Language") {
            value["description"] = json!("The language of messages.");
            value["x-client-setting"] = json!({ "setting": "language" });
            "Language".to_owned()
        } else {
            names::pascal_case(&header.name)
        };
        if component.is_empty() {
            continue;
        }
        if value.get("x-client-setting").is_none() {
            value["x-unknown"] = json!(["required"]);
        }
        gathered.headers.entry(component.clone()).or_insert(value);
        let reference = json!({ "$ref": format!("#/components/parameters/{component}") });
        if !references.contains(&reference) {
            references.push(reference);
        }
    }
    (references, signed)
}
