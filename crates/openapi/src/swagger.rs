//! Converts Swagger 2.0 documents to `OpenAPI` 3.0.

mod bodies;
mod parameters;
mod security;

use serde_json::{Map, Value, json};

use crate::changes::Changes;
use crate::document::places::{Kind, each_object};
use crate::document::{METHODS, child, lookup, rewrite_references};

use bodies::{MediaTypes, Parts};

/// The version of a converted document.
const VERSION: &str = "3.0.3";

/// The default media type of requests and responses.
const USUAL: &str = "application/json";

/// Converts a Swagger 2.0 document. Any other document is not changed.
///
/// Definitions, parameters, responses and security definitions become components; host, base path and schemes become servers.
/// The schema of a body or a response is repeated for each of its media types; form parameters become a body.
pub(crate) fn to_openapi_3(document: &mut Value, changes: &mut Changes) {
    if version(document).as_deref() != Some("2.0") {
        return;
    }
    rewrite_references(document, &|reference| {
        renamed(reference).map(|pointer| format!("#{pointer}"))
    });
    let whole = document.clone();
    let Some(members) = document.as_object_mut() else {
        return;
    };
    let media_types = MediaTypes::of(members, &MediaTypes::usual());
    let mut components = Map::new();
    for (section, into) in [
        ("definitions", "schemas"),
        ("securityDefinitions", "securitySchemes"),
        ("responses", "responses"),
    ] {
        if let Some(section) = members.shift_remove(section) {
            components.insert(into.to_owned(), section);
        }
    }
    for scheme in entries(&mut components, "securitySchemes") {
        security::scheme(scheme);
    }
    for response in entries(&mut components, "responses") {
        bodies::response(response, &media_types);
    }
    shared_parameters(members, &mut components, &media_types);
    let servers = servers(members, None);
    for (path, item) in entries_with_names(members, "paths") {
        if path.starts_with('/') {
            path_item(item, &whole, &media_types);
            changes.add(
                "from_swagger_2",
                child("/paths", path),
                "converted to OpenAPI 3.0",
            );
        }
    }
    for name in [
        "swagger",
        "host",
        "basePath",
        "schemes",
        "consumes",
        "produces",
        "parameters",
    ] {
        members.shift_remove(name);
    }
    members.insert("openapi".into(), json!(VERSION));
    members.insert("servers".into(), servers);
    if !components.is_empty() {
        members.insert("components".into(), Value::Object(components));
    }
    schemas(document, Kind::Document);
    changes.add("from_swagger_2", "", "is converted to OpenAPI 3.0");
}

/// The declared version of a document, which YAML may have parsed as a number.
fn version(document: &Value) -> Option<String> {
    match document.get("swagger")? {
        Value::String(version) => Some(version.clone()),
        Value::Number(version) => Some(version.to_string()),
        _ => None,
    }
}

/// The target of a reference after the conversion.
fn renamed(reference: &str) -> Option<String> {
    let pointer = reference.strip_prefix('#')?;
    [
        ("/definitions/", "/components/schemas/"),
        ("/parameters/", "/components/parameters/"),
        ("/responses/", "/components/responses/"),
    ]
    .iter()
    .find_map(|(from, to)| Some(format!("{to}{}", pointer.strip_prefix(from)?)))
}

/// The target of a reference before the conversion.
fn resolved<'v>(whole: &'v Value, value: &'v Value) -> &'v Value {
    let mut value = value;
    for _ in 0..100 {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            break;
        };
        // The references are rewritten, but their targets have not been moved yet.
        let before = [
            ("#/components/schemas/", "#/definitions/"),
            ("#/components/parameters/", "#/parameters/"),
            ("#/components/responses/", "#/responses/"),
        ]
        .iter()
        .find_map(|(to, from)| Some(format!("{from}{}", reference.strip_prefix(to)?)));
        match lookup(whole, before.as_deref().unwrap_or(reference)) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

/// Parameters for all operations: body parameters are request bodies, and form parameters are copied to each use.
fn shared_parameters(
    members: &mut Map<String, Value>,
    components: &mut Map<String, Value>,
    media_types: &MediaTypes,
) {
    let Some(Value::Object(shared)) = members.shift_remove("parameters") else {
        return;
    };
    let (mut parameters, mut request_bodies) = (Map::new(), Map::new());
    for (name, mut parameter) in shared {
        match parameter.get("in").and_then(Value::as_str) {
            Some("body") => {
                request_bodies.insert(name, bodies::of_body(&parameter, media_types));
            }
            Some("formData") => {}
            _ => {
                parameters::parameter(&mut parameter);
                parameters.insert(name, parameter);
            }
        }
    }
    for (section, entries) in [
        ("parameters", parameters),
        ("requestBodies", request_bodies),
    ] {
        if !entries.is_empty() {
            components.insert(section.into(), Value::Object(entries));
        }
    }
}

fn path_item(item: &mut Value, whole: &Value, media_types: &MediaTypes) {
    let Some(item) = item.as_object_mut() else {
        return;
    };
    let shared = take_parts(item, whole);
    for method in METHODS {
        let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
            continue;
        };
        let media_types = MediaTypes::of(operation, media_types);
        let mut parts = take_parts(operation, whole);
        parts.add(&shared);
        if let Some(body) = parts.request_body(&media_types) {
            operation.insert("requestBody".into(), body);
        }
        for response in entries(operation, "responses") {
            bodies::response(response, &media_types);
        }
        if let Some(schemes) = operation.shift_remove("schemes") {
            let document = whole.as_object();
            if document.is_some_and(|document| document.get("schemes") != Some(&schemes)) {
                let servers = document.map(|document| servers(document, Some(&schemes)));
                operation.insert("servers".into(), servers.unwrap_or_default());
            }
        }
        operation.shift_remove("consumes");
        operation.shift_remove("produces");
    }
}

/// Takes the parameters that are parts of a body out of a list, and converts the others.
fn take_parts(owner: &mut Map<String, Value>, whole: &Value) -> Parts {
    let mut parts = Parts::default();
    let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
        return parts;
    };
    parameters.retain_mut(|parameter| {
        let target = resolved(whole, parameter);
        match target.get("in").and_then(Value::as_str) {
            Some("body") => parts.body = Some((parameter.clone(), target.clone())),
            Some("formData") => parts.form.push(target.clone()),
            _ => {
                if parameter.get("$ref").is_none() {
                    parameters::parameter(parameter);
                }
                return true;
            }
        }
        false
    });
    parts
}

/// The servers of a document, with its schemes or those of an operation.
fn servers(document: &Map<String, Value>, schemes: Option<&Value>) -> Value {
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    let base_path = text("basePath").unwrap_or_default().trim_end_matches('/');
    let Some(host) = text("host").filter(|host| !host.is_empty()) else {
        let path = if base_path.is_empty() { "/" } else { base_path };
        return json!([{ "url": path }]);
    };
    let schemes = schemes
        .or(document.get("schemes"))
        .and_then(Value::as_array);
    let given = schemes.into_iter().flatten().filter_map(Value::as_str);
    let given: Vec<&str> = given.collect();
    let mut used: Vec<&str> = ["https", "http"]
        .into_iter()
        .filter(|scheme| given.contains(scheme))
        .collect();
    if used.is_empty() {
        used.push("https");
    }
    let servers = used
        .iter()
        .map(|scheme| json!({ "url": format!("{scheme}://{host}{base_path}") }));
    servers.collect()
}

/// Converts schemas to 3.0 in all locations.
fn schemas(value: &mut Value, kind: Kind) {
    let Value::Object(members) = value else {
        return;
    };
    if kind == Kind::Schema {
        if let Some(Value::String(member)) = members.get("discriminator") {
            let discriminator = json!({ "propertyName": member });
            members.insert("discriminator".into(), discriminator);
        }
        if members.shift_remove("x-nullable") == Some(json!(true)) {
            members.insert("nullable".into(), json!(true));
        }
        parameters::file_is_binary(members);
    }
    each_object(members, kind, &mut |_, kind, inner| schemas(inner, kind));
}

fn entries<'v>(
    owner: &'v mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'v mut Value> {
    entries_with_names(owner, name).map(|(_, entry)| entry)
}

fn entries_with_names<'v>(
    owner: &'v mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v mut Value)> {
    let section = owner.get_mut(name).and_then(Value::as_object_mut);
    section.into_iter().flat_map(Map::iter_mut)
}

#[cfg(test)]
mod tests;
