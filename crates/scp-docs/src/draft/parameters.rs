//! Parameters and bodies.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use scp_pages::{OperationSection, Parameter, ParameterLocation, Told};

use super::{Gathered, mark_unknown, schemas};

/// The parameters of a section, but for bodies and headers of the example.
pub(super) fn parameters(section: &OperationSection, gathered: &mut Gathered) -> Vec<Value> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &section.parameters.rows {
        let (
            ParameterLocation::Path
            | ParameterLocation::Query
            | ParameterLocation::Header
            | ParameterLocation::Cookie,
            Some(name),
        ) = (row.location, &row.name)
        else {
            continue;
        };
        if !seen.insert((row.location, name.value.clone())) {
            continue;
        }
        let mut unknown = Vec::new();
        let mut parameter = json!({ "name": name.value, "in": row.location.as_str() });
        match &row.required {
            Some(required) if required.value => parameter["required"] = json!(true),
            Some(_) => {}
            None if row.location == ParameterLocation::Path => parameter["required"] = json!(true),
            None => unknown.push("required"),
        }
        if let Some(description) = &row.description {
            parameter["description"] = json!(description.value);
        }
        parameter["schema"] =
            schemas::of_row(row, section.parameters.extent, gathered, &mut unknown);
        if let Some(example) = &row.example {
            parameter["example"] = schemas::value(&example.value, row.schema.value());
        }
        mark_unknown(&mut parameter, &unknown);
        out.push(parameter);
    }
    for name in names_in(&section.path) {
        if seen.insert((ParameterLocation::Path, name.to_owned())) {
            out.push(json!({
                "name": name, "in": "path", "required": true, "schema": {}, "x-unknown": ["schema", "default"]
            }));
        }
    }
    out
}

/// The names in the braces of a path.
fn names_in(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .filter(|name| !name.is_empty())
}

/// The request body.
pub(super) fn body(section: &OperationSection, gathered: &mut Gathered) -> Option<Value> {
    let rows = |location| {
        section
            .parameters
            .rows
            .iter()
            .filter(move |row| row.location == location)
    };
    let bodies: Vec<&Parameter> = rows(ParameterLocation::Body).collect();
    let fields: Vec<&Parameter> = rows(ParameterLocation::Form).collect();
    let example = section.request_example.as_ref();
    let mut unknown: Vec<&'static str> = Vec::new();
    let mut out = json!({});
    if let [row] = bodies[..] {
        if let Some(description) = &row.description {
            out["description"] = json!(description.value);
        }
        match &row.required {
            Some(required) if required.value => out["required"] = json!(true),
            Some(_) => {}
            None => unknown.push("required"),
        }
        let mut media = Map::new();
        match &row.schema {
            Told::Says(printed) => {
                media.insert("schema".into(), schemas::schema(&printed.value, gathered));
            }
            Told::Nothing(_) => {}
            Told::Unknown => unknown.push("schema"),
        }
        match example {
            Some(example) => {
                media.insert("example".into(), example.value.clone());
            }
            None => unknown.push("content type"),
        }
        out["content"] = json!({ "application/json": media });
    } else if !bodies.is_empty() {
        unknown.extend(["required", "schema", "content type"]);
        out["content"] = json!({ "application/json": {} });
    } else if !fields.is_empty() {
        let mut properties = Map::new();
        for field in fields {
            if let Some(name) = &field.name {
                let mut unknown = Vec::new();
                let mut property =
                    schemas::of_row(field, section.parameters.extent, gathered, &mut unknown);
                if field.required.is_none() {
                    unknown.push("required");
                }
                mark_unknown(&mut property, &unknown);
                properties.insert(name.value.clone(), property);
            }
        }
        unknown.push("content type");
        out["content"] = json!({ "application/x-www-form-urlencoded": { "schema": { "type": "object", "properties": properties } } });
    } else {
        // An example alone shows a body whose type and rules are not told.
        let example = example?;
        unknown.extend(["required", "schema"]);
        out["content"] = json!({ "application/json": { "example": example.value } });
    }
    mark_unknown(&mut out, &unknown);
    Some(out)
}
