//! The operations of a document, as the generator will write them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Result};
use crate::document::{child, text};
use crate::names;
use crate::normalise::{self, UNRESOLVED};

use super::model::{
    Body, ClientSetting, Encoding, LeftOut, Operation, Paging, Parameter, ParameterPlace, Style,
    Success,
};
use super::resolve::resolve;
use super::schemas::{Schemas, is_nullable};

/// Names that the generated builders and clients use themselves.
const TAKEN_IN_BUILDERS: [&str; 13] = [
    "body",
    "body_map",
    "call",
    "client",
    "content_type",
    "new",
    "options",
    "pages",
    "send",
    "send_response",
    "stream",
    "transport",
    "with_options",
];
const TAKEN_IN_CLIENTS: [&str; 9] = [
    "base_url",
    "builder",
    "clone",
    "from_env",
    "new",
    "set_api_key",
    "set_bearer_token",
    "set_credentials",
    "transport",
];

/// What reading the operations gave.
pub(super) struct Operations {
    pub(super) read: Vec<Operation>,
    pub(super) settings: Vec<ClientSetting>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Why an operation is left out.
type Reason = String;

/// Reads every operation; one that cannot be written is left out, with the reason.
///
/// `error_schema` is the component that describes errors: a `default` answer of that form is no success.
pub(super) fn read<'d>(
    document: &'d Value,
    error_schema: Option<&str>,
    schemas: &mut Schemas<'d>,
) -> Result<Operations> {
    let mut all = Operations {
        read: Vec::new(),
        settings: Vec::new(),
        left_out: Vec::new(),
    };
    for (path, item) in members(document, "paths") {
        if let Some(reference) = text(item, UNRESOLVED) {
            all.left_out.push(LeftOut {
                operation: path.clone(),
                pointer: child("/paths", path),
                reason: unresolved("it", reference),
            });
        }
    }
    let mut taken = BTreeSet::new();
    for (pointer, path, method, operation) in normalise::operations(document) {
        let id = text(operation, "operationId").unwrap_or_default();
        if id.is_empty() {
            return Err(Diagnostic::new("an operation has no operationId")
                .at_pointer(pointer)
                .help("normalise first"));
        }
        let mut reader = Reader {
            document,
            schemas,
            error_schema,
            pointer: pointer.clone(),
            settings: Vec::new(),
        };
        match reader.operation(id, path, method, operation) {
            Ok(operation) if !taken.insert(operation.id.clone()) => all.left_out.push(LeftOut {
                operation: id.to_owned(),
                pointer,
                reason: format!(
                    "its name in Rust is that of another operation: `{}`",
                    operation.id
                ),
            }),
            Ok(operation) => {
                all.read.push(operation);
                for setting in reader.settings {
                    if !all.settings.contains(&setting) {
                        all.settings.push(setting);
                    }
                }
            }
            Err(reason) => all.left_out.push(LeftOut {
                operation: id.to_owned(),
                pointer,
                reason,
            }),
        }
    }
    Ok(all)
}

struct Reader<'a, 'd> {
    document: &'d Value,
    schemas: &'a mut Schemas<'d>,
    error_schema: Option<&'a str>,
    pointer: String,
    settings: Vec<ClientSetting>,
}

impl Reader<'_, '_> {
    fn operation(
        &mut self,
        id: &str,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Operation, Reason> {
        let mut identifier = names::field_identifier(id);
        if TAKEN_IN_CLIENTS.contains(&identifier.as_str()) {
            identifier.push_str("_operation");
        }
        let item = self
            .document
            .pointer(&child("/paths", path))
            .unwrap_or(&Value::Null);
        for owner in [item, operation] {
            if let Some(reference) = text(owner, UNRESOLVED) {
                return Err(unresolved("a parameter or its body", reference));
            }
        }
        let parameters = self.parameters(id, path, item, operation)?;
        let tag = operation
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .unwrap_or("other");
        let security = operation
            .get("security")
            .or_else(|| self.document.get("security"));
        // Credentials that may be left out are sent: a client has them.
        let authenticated = security.and_then(Value::as_array).is_some_and(|all| {
            all.iter()
                .any(|one| one.as_object().is_some_and(|schemes| !schemes.is_empty()))
        });
        let owned = |name: &str| text(operation, name).map(str::to_owned);
        let source = operation.get("x-source").and_then(|source| {
            Some((
                text(source, "page")?.to_owned(),
                text(source, "operation").unwrap_or(id).to_owned(),
            ))
        });
        Ok(Operation {
            id: identifier,
            tag: names::module_name(tag),
            method: method.to_uppercase(),
            path: encoded(path)?,
            summary: owned("summary"),
            description: owned("description"),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            source,
            permission: owned("x-required-permission"),
            authenticated,
            body: self.body(id, operation)?,
            success: self.success(id, method, operation)?,
            statuses: statuses(self.document, operation),
            paging: paging(operation, &parameters),
            parameters,
        })
    }

    fn parameters(
        &mut self,
        id: &str,
        path: &str,
        item: &Value,
        operation: &Value,
    ) -> Result<Vec<Parameter>, Reason> {
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
        // The operation's own come first, since they override the path's.
        for parameter in list(operation).iter().chain(&list(item)) {
            let parameter = resolve(self.document, parameter);
            let (Some(name), Some(place)) = (text(parameter, "name"), text(parameter, "in")) else {
                return Err("a parameter has no name or no place".to_owned());
            };
            if !seen.insert((name.to_owned(), place.to_owned())) {
                continue;
            }
            // The specification says to ignore these: media types and credentials say the same.
            let said_elsewhere = ["accept", "content-type", "authorization"];
            if place == "header"
                && said_elsewhere
                    .iter()
                    .any(|header| name.eq_ignore_ascii_case(header))
            {
                continue;
            }
            if let Some(extension) = parameter.get("x-client-setting") {
                self.settings.push(self.setting(name, parameter, extension));
                continue;
            }
            let mut parameter = self.parameter(id, name, place, parameter)?;
            if TAKEN_IN_BUILDERS.contains(&parameter.identifier.as_str()) {
                parameter.identifier.push_str("_parameter");
            }
            if !identifiers.insert(parameter.identifier.clone()) {
                // `id` in the path and `id` in the query: the later one says where it goes.
                parameter.identifier =
                    format!("{}_in_{place}", parameter.identifier.trim_end_matches('_'));
                while !identifiers.insert(parameter.identifier.clone()) {
                    parameter.identifier.push_str("_too");
                }
            }
            parameters.push(parameter);
        }
        undeclared_placeholders(path, &mut parameters, &mut identifiers)?;
        Ok(parameters)
    }

    fn parameter(
        &mut self,
        id: &str,
        name: &str,
        place: &str,
        parameter: &Value,
    ) -> Result<Parameter, Reason> {
        let place = match place {
            "path" => ParameterPlace::Path,
            "query" => ParameterPlace::Query,
            "header" => ParameterPlace::Header,
            "cookie" => ParameterPlace::Cookie,
            other => return Err(format!("the parameter `{name}` is in `{other}`")),
        };
        if matches!(place, ParameterPlace::Header | ParameterPlace::Cookie) && !is_header_name(name)
        {
            return Err(format!(
                "the parameter `{name}` cannot name a header or a cookie"
            ));
        }
        let content = parameter
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.values().next());
        let any = json!({});
        let (schema, style) = match (parameter.get("schema"), content) {
            (Some(schema), _) => (schema, style(name, place, parameter)?),
            (None, Some(media)) => (media.get("schema").unwrap_or(&any), Style::Json),
            (None, None) => (&any, style(name, place, parameter)?),
        };
        let type_name = format!("{}{}", names::pascal_case(id), names::pascal_case(name));
        let pointer = child(&format!("{}/parameters/{place:?}", self.pointer), name);
        let lowered = self.schemas.lower(schema, &type_name, &pointer);
        let schema = resolve(self.document, schema);
        Ok(Parameter {
            name: name.to_owned(),
            identifier: names::field_identifier(name),
            place,
            required: place == ParameterPlace::Path
                || parameter.get("required") == Some(&Value::Bool(true)),
            style,
            description: text(parameter, "description")
                .or_else(|| text(schema, "description"))
                .map(str::to_owned),
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

    fn body(&mut self, id: &str, operation: &Value) -> Result<Option<Body>, Reason> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(None);
        };
        let body = resolve(self.document, body);
        if let Some(reference) = text(body, UNRESOLVED) {
            return Err(unresolved("its body", reference));
        }
        let content = body.get("content").and_then(Value::as_object);
        // JSON where there is a choice, and else the first of the list.
        let media = content.and_then(|all| {
            all.iter()
                .find(|(kind, _)| is_json(kind))
                .or_else(|| all.iter().next())
        });
        let Some((content_type, media)) = media else {
            return Ok(None);
        };
        let any = json!({});
        let schema = media.get("schema").unwrap_or(&any);
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        let encoding = match &*kind {
            json if is_json(json) => Encoding::Json,
            "application/x-www-form-urlencoded" if has_brackets(media) => Encoding::FormBrackets,
            "application/x-www-form-urlencoded" => Encoding::Form,
            multipart if multipart.starts_with("multipart/") => Encoding::BytesOfType,
            any if any.contains('*') => Encoding::BytesOfType,
            text if text.starts_with("text/") => Encoding::Text,
            _ => Encoding::Bytes,
        };
        if !content_type
            .bytes()
            .all(|byte| (b' '..=b'~').contains(&byte))
            || !kind.contains('/')
        {
            return Err(format!(
                "its body is of the media type `{}`",
                content_type.escape_debug()
            ));
        }
        let lowered = match encoding {
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                let pointer = format!("{}/requestBody", self.pointer);
                self.schemas
                    .lower(schema, &format!("{}Body", names::pascal_case(id)), &pointer)
            }
            _ => json!({ "type": "string" }),
        };
        Ok(Some(Body {
            content_type: if kind == "*/*" {
                "application/json".to_owned()
            } else {
                content_type.clone()
            },
            encoding,
            required: body.get("required") == Some(&Value::Bool(true)),
            description: text(body, "description").map(str::to_owned),
            lowered,
        }))
    }

    fn success(&mut self, id: &str, method: &str, operation: &Value) -> Result<Success, Reason> {
        let any = json!({});
        let mut successes = Vec::new();
        for (status, response) in members(operation, "responses") {
            let response = resolve(self.document, response);
            if status.starts_with('2') {
                if let Some(reference) = text(response, UNRESOLVED) {
                    return Err(unresolved("its answer", reference));
                }
                successes.push(response);
            }
        }
        let mut bodies: Vec<(&str, &Value)> = Vec::new();
        for response in &successes {
            let mut content =
                members(response, "content").map(|(kind, media)| (kind.as_str(), media));
            // JSON where there is a choice, since it is what is asked for.
            bodies.extend(
                content
                    .clone()
                    .find(|(kind, _)| is_json(kind))
                    .or_else(|| content.next()),
            );
        }
        // Where no success is declared, `default` is one, unless it is the error that all answers have.
        let default = operation
            .pointer("/responses/default")
            .filter(|_| successes.is_empty());
        let default = default.map(|response| resolve(self.document, response));
        let default = default.and_then(|response| response.pointer("/content/application~1json"));
        if let Some(media) = default.filter(|media| !self.is_error(media)) {
            bodies.push(("application/json", media));
        }
        if bodies.is_empty() || method == "head" {
            return Ok(Success::Empty);
        }
        let is_text = |kind: &str| kind.starts_with("text/") && !kind.contains('*');
        if !bodies.iter().all(|(kind, _)| is_json(kind)) {
            let text = bodies
                .iter()
                .all(|(kind, _)| is_json(kind) || is_text(kind));
            return Ok(if text { Success::Text } else { Success::Bytes });
        }
        let mut schemas: Vec<&Value> = Vec::new();
        for (_, media) in &bodies {
            let schema = media.get("schema").unwrap_or(&any);
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        let pointer = format!("{}/responses", self.pointer);
        let lowered = match schemas[..] {
            [schema] => {
                let name = format!("{}Response", names::pascal_case(id));
                let lowered = self.schemas.lower(schema, &name, &pointer);
                if is_nullable(self.document, schema) {
                    return Ok(Success::OptionalJson(lowered));
                }
                lowered
            }
            // The caller reads what the status says.
            _ => self
                .schemas
                .widen(&pointer, "its successes have different forms"),
        };
        Ok(
            if bodies.len() > successes.len() || bodies.len() < successes.len() {
                Success::OptionalJson(lowered)
            } else {
                Success::Json(lowered)
            },
        )
    }

    /// Whether an answer is the API's error, or the one that a service declares for a client's mistakes.
    fn is_error(&self, media: &Value) -> bool {
        let Some(reference) = media.pointer("/schema/$ref").and_then(Value::as_str) else {
            return false;
        };
        let name = reference.rsplit('/').next().unwrap_or_default();
        self.error_schema == Some(name) || name.to_ascii_lowercase().ends_with("error")
    }
}

/// Each path parameter has its placeholder; a placeholder that no parameter describes is a text.
fn undeclared_placeholders(
    path: &str,
    parameters: &mut Vec<Parameter>,
    identifiers: &mut BTreeSet<String>,
) -> Result<(), Reason> {
    let placeholders = placeholders(path)?;
    for parameter in parameters.iter() {
        let name = parameter.name.as_str();
        if parameter.place == ParameterPlace::Path && !placeholders.contains(&name) {
            return Err(format!("its path parameter `{name}` is not in the path"));
        }
    }
    for name in placeholders {
        let described = |one: &Parameter| one.place == ParameterPlace::Path && one.name == name;
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
                place: ParameterPlace::Path,
                required: true,
                style: Style::Simple,
                description: None,
                lowered: schema.clone(),
                schema,
            });
        }
    }
    Ok(())
}

fn paging(operation: &Value, parameters: &[Parameter]) -> Option<Paging> {
    let extension = operation.get("x-paging")?;
    let member = |name: &str| text(extension, name).map(str::to_owned);
    let parameter = member("parameter")?;
    if text(extension, "kind") == Some("cursor") {
        return Some(Paging::Cursor {
            parameter,
            next: member("next")?,
            items: member("items")?,
        });
    }
    let size = member("size");
    let default_size = parameters
        .iter()
        .find(|parameter| Some(&parameter.name) == size.as_ref())
        .and_then(|parameter| parameter.schema.get("default"))
        .and_then(Value::as_u64);
    let first = extension
        .get("first")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    Some(Paging::Numbered {
        parameter,
        first,
        size,
        default_size,
        items: member("items")?,
    })
}

fn statuses(document: &Value, operation: &Value) -> Vec<(String, String)> {
    let responses = operation.get("responses").and_then(Value::as_object);
    responses
        .into_iter()
        .flatten()
        .map(|(status, response)| {
            let description = text(resolve(document, response), "description").unwrap_or_default();
            (status.clone(), description.to_owned())
        })
        .collect()
}

fn style(name: &str, place: ParameterPlace, parameter: &Value) -> Result<Style, Reason> {
    let explode = parameter.get("explode").and_then(Value::as_bool);
    match (place, text(parameter, "style")) {
        (ParameterPlace::Query | ParameterPlace::Cookie, None | Some("form")) => {
            Ok(if explode == Some(false) {
                Style::FormJoined
            } else {
                Style::Form
            })
        }
        (ParameterPlace::Query, Some("spaceDelimited")) => Ok(Style::SpaceDelimited),
        (ParameterPlace::Query, Some("pipeDelimited")) => Ok(Style::PipeDelimited),
        (ParameterPlace::Query, Some("deepObject")) => Ok(Style::DeepObject),
        (ParameterPlace::Path | ParameterPlace::Header, None | Some("simple")) => Ok(Style::Simple),
        (_, style) => Err(format!(
            "the parameter `{name}` has the style `{}`",
            style.unwrap_or_default()
        )),
    }
}

/// The path as it goes into an address: what no URL may hold is percent-encoded.
fn encoded(path: &str) -> Result<String, Reason> {
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err("its path holds a dot segment".to_owned());
    }
    let mut encoded = String::new();
    let mut in_placeholder = false;
    for character in path.chars() {
        match character {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            '?' | '#' if !in_placeholder => {
                return Err(format!("its path holds `{character}`, which ends a path"));
            }
            _ => {}
        }
        let kept =
            character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%{}[]|".contains(character);
        if kept || in_placeholder {
            encoded.push(character);
        } else {
            let mut bytes = [0; 4];
            for byte in character.encode_utf8(&mut bytes).bytes() {
                encoded.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    Ok(encoded)
}

/// The placeholders of a path template, in their order.
fn placeholders(path: &str) -> Result<Vec<&str>, Reason> {
    let mut found = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err("a brace of its path is never closed".to_owned());
        };
        if name.is_empty() || name.contains(['{', '/']) {
            return Err(format!("its path holds `{{{name}}}`, which names nothing"));
        }
        found.push(name);
        rest = after;
    }
    Ok(found)
}

/// Why an operation that needs what a reference does not lead to is left out.
fn unresolved(what: &str, reference: &str) -> Reason {
    format!("{what} refers to `{reference}`, which is not in the document")
}

/// The members of a member; none where it is no object.
fn members<'v>(
    owner: &'v Value,
    name: &str,
) -> impl Iterator<Item = (&'v String, &'v Value)> + Clone {
    let members = owner.get(name).and_then(Value::as_object);
    members.into_iter().flatten()
}

/// Whether a form's encoding asks for brackets.
fn has_brackets(media: &Value) -> bool {
    members(media, "encoding").any(|(_, encoding)| text(encoding, "style") == Some("deepObject"))
}

fn is_json(media_type: &str) -> bool {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let media_type = media_type.to_ascii_lowercase();
    media_type == "application/json" || media_type.ends_with("+json") || media_type == "*/*"
}

pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
