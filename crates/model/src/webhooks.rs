//! Webhooks: the requests that the service sends.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::{METHODS, WEBHOOKS, child, text};
use specmill_openapi::names;

use crate::media::is_json;
use crate::model::Webhook;
use crate::resolve::{members, resolve};
use crate::schemas::Schemas;

/// The maximum number of webhooks that the note lists by name.
const LISTED: usize = 3;

/// Reads the webhooks whose body is JSON; the others are added to `notes`.
pub(super) fn read(
    document: &Value,
    schemas: &mut Schemas<'_>,
    notes: &mut Vec<String>,
) -> Vec<Webhook> {
    if members(document, WEBHOOKS).next().is_none() {
        notes.push("The setting `webhooks` has no effect: the document has no webhooks".to_owned());
    }
    let mut webhooks = Vec::new();
    let mut taken = BTreeSet::new();
    for (name, item) in members(document, WEBHOOKS) {
        let item = resolve(document, item);
        let place = child(&child("", WEBHOOKS), name);
        let shown = name.replace('`', "'");
        if METHODS.iter().all(|method| item.get(method).is_none()) {
            notes.push(format!("The webhook `{shown}` has no request"));
        }
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let body = operation
                .get("requestBody")
                .map(|body| resolve(document, body));
            let schema = body.and_then(|body| {
                let (_, media) = members(body, "content").find(|(kind, _)| is_json(kind))?;
                media.get("schema")
            });
            let identifier = names::type_name(name);
            let Some(schema) = schema else {
                notes.push(format!("The webhook `{shown}` has no JSON body"));
                continue;
            };
            if !taken.insert(identifier.clone()) {
                notes.push(format!(
                    "The webhook `{shown}` has the same Rust name as another one; it has no type"
                ));
                continue;
            }
            let description = [operation, item]
                .into_iter()
                .find_map(|owner| text(owner, "description").or_else(|| text(owner, "summary")));
            let pointer = format!("{}/requestBody", child(&place, method));
            webhooks.push(Webhook {
                name: name.clone(),
                description: description.map(str::to_owned),
                lowered: schemas.lower(schema, &format!("{identifier}Webhook"), &pointer),
                identifier,
            });
        }
    }
    webhooks
}

/// The note about webhooks that are not generated.
pub(super) fn not_generated(document: &Value) -> Option<String> {
    let names: Vec<String> = members(document, WEBHOOKS)
        .map(|(name, _)| format!("`{}`", name.replace('`', "'")))
        .collect();
    let listed = match names.len() {
        0 => return None,
        count if count > LISTED => {
            let listed = names.iter().take(LISTED).cloned().collect::<Vec<_>>();
            format!("{} and {} more", listed.join(", "), count - LISTED)
        }
        _ => names.join(", "),
    };
    Some(format!(
        "Webhooks are requests that the service sends; the client does not receive them: {listed}. The setting `webhooks` \
         generates the types of their bodies"
    ))
}
