//! The parameters of an operation.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use specmill_openapi::document::{child, text};
use specmill_openapi::names;

use crate::accept;
use crate::examples::example;
use crate::media::is_json;
use crate::model::{ClientSetting, Parameter, ParameterLocation, Style};
use crate::parameter_style;
use crate::path_template::PathTemplate;
use crate::reader::{Reader, Reason};
use crate::resolve::resolve;

/// Names that generated builders and clients use themselves.
const TAKEN_IN_BUILDERS: [&str; 13] = [
    "body",
    "operation",
    "pages",
    "send",
    "send_byte_stream",
    "send_events",
    "send_events_response",
    "send_lines",
    "send_lines_response",
    "send_response",
    "send_to_file",
    "stream",
    "with_options",
];

/// Headers that the HTTP client sets. A value from the caller would break the connection.
const OF_THE_CONNECTION: [&str; 9] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Reader<'_, '_> {
    pub(super) fn parameters(
        &mut self,
        id: &str,
        template: &PathTemplate<'_>,
        item: &Value,
        operation: &Value,
    ) -> Result<Parameters, Reason> {
        let path = template.path;
        let list = |owner: &Value| {
            owner
                .get("parameters")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let mut seen = BTreeSet::new();
        let mut identifiers = BTreeSet::new();
        let mut parameters = Vec::new();
        let mut skipped = Vec::new();
        // The operation's own parameters come first, since they override those of the path.
        let declared = list(operation).into_iter().chain(list(item));
        let undeclared = template.in_query().map(|name| {
            json!({"name": name, "in": "query", "required": true, "schema": {"type": "string"}})
        });
        for parameter in &declared.chain(undeclared).collect::<Vec<_>>() {
            let Some(parameter) = template.placed(resolve(self.document, parameter)) else {
                continue;
            };
            let parameter = &*parameter;
            let (Some(name), Some(location)) = (text(parameter, "name"), text(parameter, "in"))
            else {
                return Err("a parameter has no name or no location".to_owned());
            };
            // Header names are case-insensitive.
            let key = match location {
                "header" => name.to_ascii_lowercase(),
                _ => name.to_owned(),
            };
            if !seen.insert((key, location.to_owned())) {
                continue;
            }
            // OpenAPI ignores parameters with these names: media types and credentials determine the
            // headers.
            let said_elsewhere = ["accept", "content-type", "authorization"];
            let is_named = |names: &[&str]| names.iter().any(|one| name.eq_ignore_ascii_case(one));
            if location == "header" && is_named(&OF_THE_CONNECTION) {
                continue;
            }
            let chosen_by_caller = accept::is_accept(parameter)
                && accept::only_value(self.document, parameter).is_none();
            if location == "header" && !chosen_by_caller && is_named(&said_elsewhere) {
                continue;
            }
            if let Some(extension) = parameter.get("x-client-setting") {
                self.settings.push(self.setting(name, parameter, extension));
                continue;
            }
            let style = match self.style(location, parameter) {
                Ok(style) => style,
                Err(reason) => {
                    let which = format!("the {location} parameter `{name}`");
                    let required = parameter.get("required") == Some(&Value::Bool(true));
                    if required || location == "path" {
                        return Err(format!("{which} cannot be sent: {reason}"));
                    }
                    skipped.push((which, reason));
                    continue;
                }
            };
            let mut parameter = self.parameter(id, name, location, style, parameter)?;
            // Without the parameter, the request sends the declared media types.
            parameter.required &= !chosen_by_caller;
            if TAKEN_IN_BUILDERS.contains(&parameter.identifier.as_str()) {
                parameter.identifier.push_str("_parameter");
            }
            if !identifiers.insert(parameter.identifier.clone()) {
                // If the path and the query contain `id`, the later one gets a suffix.
                parameter.identifier = format!(
                    "{}_in_{location}",
                    parameter.identifier.trim_end_matches('_')
                );
                while !identifiers.insert(parameter.identifier.clone()) {
                    parameter.identifier.push_str("_too");
                }
            }
            parameters.push(parameter);
        }
        let placeholders = placeholders(path)?;
        parameters.retain(|one: &Parameter| {
            let has_place =
                one.location != ParameterLocation::Path || placeholders.contains(&&*one.name);
            if !has_place {
                let which = format!("the path parameter `{}`", one.name);
                skipped.push((which, "the path does not contain it".to_owned()));
            }
            has_place
        });
        undeclared_placeholders(&placeholders, &mut parameters, &mut identifiers);
        // Path parameters come first, in path order: they are the arguments of the method.
        parameters.sort_by_key(|one| match one.location {
            ParameterLocation::Path => (
                0,
                path.find(&format!("{{{}}}", one.name))
                    .unwrap_or(path.len()),
            ),
            _ => (1, 0),
        });
        Ok((parameters, skipped))
    }

    /// The style of a parameter. An invalid location has any style and is reported later.
    fn style(&self, location: &str, parameter: &Value) -> Result<Style, Reason> {
        let Some(location) = location_of(location) else {
            return Ok(Style::Simple);
        };
        match (parameter.get("schema"), content_of(parameter)) {
            (None, Some((kind, _))) if is_json(kind) => Ok(Style::Json),
            (None, Some((kind, media))) => {
                let schema = media.get("schema").unwrap_or(&Value::Null);
                // A string of any media type is sent unchanged.
                match parameter_style::style(self.document, location, &json!({}), schema) {
                    Ok(Style::Form | Style::Simple) if is_text(self.document, schema) => {
                        Ok(match location {
                            ParameterLocation::Query | ParameterLocation::Cookie => Style::Form,
                            ParameterLocation::Path | ParameterLocation::Header => Style::Simple,
                        })
                    }
                    _ => Err(format!("the runtime does not encode values as `{kind}`")),
                }
            }
            (schema, _) => parameter_style::style(
                self.document,
                location,
                parameter,
                schema.unwrap_or(&Value::Null),
            ),
        }
    }

    fn parameter(
        &mut self,
        id: &str,
        name: &str,
        location: &str,
        style: Style,
        parameter: &Value,
    ) -> Result<Parameter, Reason> {
        let location = location_of(location).ok_or_else(|| {
            format!("the location of the parameter `{name}` is `{location}`, which is unknown")
        })?;
        if matches!(
            location,
            ParameterLocation::Header | ParameterLocation::Cookie
        ) && !is_header_name(name)
        {
            return Err(format!(
                "`{name}` is not a valid name of a header or cookie"
            ));
        }
        let content = content_of(parameter).map(|(_, media)| media);
        let any = json!({});
        let schema = match (parameter.get("schema"), content) {
            (Some(schema), _) => schema,
            (None, media) => media.and_then(|media| media.get("schema")).unwrap_or(&any),
        };
        let type_name = format!("{}{}", names::pascal_case(id), names::pascal_case(name));
        let pointer = child(&format!("{}/parameters/{location:?}", self.pointer), name);
        let lowered = self.schemas.lower(schema, &type_name, &pointer);
        let schema = resolve(self.document, schema);
        Ok(Parameter {
            name: name.to_owned(),
            identifier: names::field_identifier(name),
            location,
            required: location == ParameterLocation::Path
                || parameter.get("required") == Some(&Value::Bool(true)),
            style,
            allow_reserved: location == ParameterLocation::Query
                && parameter.get("allowReserved") == Some(&Value::Bool(true)),
            description: text(parameter, "description")
                .or_else(|| text(schema, "description"))
                .map(str::to_owned),
            example: example(parameter)
                .or_else(|| content.and_then(example))
                .or_else(|| example(schema)),
            schema: schema.clone(),
            lowered,
        })
    }

    fn setting(&self, header: &str, parameter: &Value, extension: &Value) -> ClientSetting {
        let schema = resolve(
            self.document,
            parameter.get("schema").unwrap_or(&Value::Null),
        );
        let values = schema.get("enum").and_then(Value::as_array);
        ClientSetting {
            header: header.to_owned(),
            setting: names::field_identifier(text(extension, "setting").unwrap_or(header)),
            template: text(extension, "value").unwrap_or("{}").to_owned(),
            default: text(extension, "default").map(str::to_owned),
            values: values
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            description: text(parameter, "description").map(str::to_owned),
        }
    }
}

/// The location of a parameter.
type Parameters = (Vec<Parameter>, Vec<(String, String)>);

fn location_of(location: &str) -> Option<ParameterLocation> {
    Some(match location {
        "path" => ParameterLocation::Path,
        "query" => ParameterLocation::Query,
        "header" => ParameterLocation::Header,
        "cookie" => ParameterLocation::Cookie,
        _ => return None,
    })
}

/// The media type of a parameter with `content`, and its description.
fn content_of(parameter: &Value) -> Option<(&String, &Value)> {
    parameter.get("content")?.as_object()?.iter().next()
}

fn is_text(document: &Value, schema: &Value) -> bool {
    text(resolve(document, schema), "type") == Some("string")
}

/// Adds a string parameter for each placeholder without a parameter.
fn undeclared_placeholders(
    placeholders: &[&str],
    parameters: &mut Vec<Parameter>,
    identifiers: &mut BTreeSet<String>,
) {
    for name in placeholders.iter().copied() {
        let described =
            |one: &Parameter| one.location == ParameterLocation::Path && one.name == name;
        if !parameters.iter().any(described) {
            let mut identifier = names::field_identifier(name);
            while TAKEN_IN_BUILDERS.contains(&identifier.as_str())
                || !identifiers.insert(identifier.clone())
            {
                identifier.push_str("_in_path");
            }
            let schema = json!({ "type": "string" });
            parameters.push(Parameter {
                name: name.to_owned(),
                identifier,
                location: ParameterLocation::Path,
                required: true,
                style: Style::Simple,
                allow_reserved: false,
                description: None,
                lowered: schema.clone(),
                schema,
                example: None,
            });
        }
    }
}

/// The placeholders of a path template, in order.
fn placeholders(path: &str) -> Result<Vec<&str>, Reason> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err("its path contains an unclosed brace".to_owned());
        };
        if name.is_empty() || name.contains(['{', '/']) {
            return Err(format!(
                "its path contains `{{{name}}}`, which is not a parameter"
            ));
        }
        found.push(name);
        rest = after;
    }
    Ok(found)
}

pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
