//! The operations of a document, as the generator will write them.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{self, child, text};
use specmill_openapi::names;
use specmill_openapi::references::UNRESOLVED;
use specmill_openapi::version::SKIPPED_OPERATIONS;

use crate::model::{ClientSetting, Idempotency, LeftOut, Operation};
use crate::paging;
use crate::reader::{Reader, Reason, unresolved};
use crate::resolve::{members, resolve};
use crate::schemas::Schemas;
use crate::tags::tag;
use crate::{accept, security, servers};

const TAKEN_IN_CLIENTS: [&str; 10] = [
    "base_url",
    "builder",
    "clone",
    "from_env",
    "from_variables",
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

/// Reads every operation; one that cannot be written is left out, with the reason.
///
/// `error_schema` is the component that describes errors: a `default` response of that form is no success.
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
        for (method, reason) in members(item, SKIPPED_OPERATIONS) {
            all.left_out.push(LeftOut {
                operation: format!("{method} {path}"),
                pointer: child("/paths", path),
                reason: reason.as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    let mut taken = BTreeSet::new();
    for (pointer, path, method, operation) in document::operations(document) {
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
        let path = without_fragment(path);
        for owner in [item, operation] {
            if let Some(reference) = text(owner, UNRESOLVED) {
                return Err(unresolved("a parameter or its body", reference));
            }
        }
        let (parameters, skipped_parameters) = self.parameters(id, path, item, operation)?;
        let (tag, published_tag) = tag(path, operation);
        let success = self.success(id, method, operation)?;
        let accept = accept::of(self.document, item, operation, &success);
        let owned = |name: &str| text(operation, name).map(str::to_owned);
        let source = operation.get("x-source").and_then(|source| {
            Some((
                text(source, "page")?.to_owned(),
                text(source, "operation").unwrap_or(id).to_owned(),
            ))
        });
        Ok(Operation {
            id: identifier,
            tag_description: published_tag.and_then(|tag| self.tag_description(tag)),
            tag,
            method: method.to_uppercase(),
            path: encoded(path)?,
            summary: owned("summary"),
            description: owned("description"),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            source,
            permission: owned("x-required-permission"),
            // Settled by what the runtime can meet.
            authenticated: false,
            security: security::alternatives(self.document, operation),
            server: servers::of(self.document, item, operation)?,
            accept,
            idempotency: idempotency(operation)?,
            body: self.body(id, operation)?,
            success,
            stream: self.stream(id, operation),
            statuses: statuses(self.document, operation),
            errors: self.errors(operation),
            paging: paging::read(operation, &parameters),
            parameters,
            skipped_parameters,
        })
    }

    /// The schemas of errors that are components, lowered; others have no name that a program could read them by.
    fn errors(&mut self, operation: &Value) -> Vec<Value> {
        let mut errors = Vec::new();
        for (status, response) in members(operation, "responses") {
            if status.starts_with('2') {
                continue;
            }
            for (_, media) in members(resolve(self.document, response), "content") {
                let schema = media.get("schema").unwrap_or(&Value::Null);
                let reference =
                    text(schema, "$ref").filter(|one| one.starts_with("#/components/schemas/"));
                if reference.is_some() {
                    let lowered = self.schemas.lower(schema, "", &self.pointer);
                    if !errors.contains(&lowered) {
                        errors.push(lowered);
                    }
                }
            }
        }
        errors
    }

    /// What the document says of a tag.
    fn tag_description(&self, name: &str) -> Option<String> {
        let tags = self.document.get("tags").and_then(Value::as_array);
        let mut tags = tags.into_iter().flatten();
        let tag = tags.find(|tag| text(tag, "name") == Some(name))?;
        text(tag, "description").map(str::to_owned)
    }
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

/// Whether an operation may be sent twice although its method does not say so.
fn idempotency(operation: &Value) -> Result<Idempotency, Reason> {
    match operation.get("x-idempotency-header") {
        Some(Value::String(header)) if is_header_name(header) => {
            return Ok(Idempotency::Key {
                header: header.clone(),
            });
        }
        Some(_) => return Err("`x-idempotency-header` is not the name of a header".to_owned()),
        None => {}
    }
    match operation.get("x-idempotent") {
        Some(Value::Bool(true)) => Ok(Idempotency::Always),
        Some(Value::Bool(false)) | None => Ok(Idempotency::ByMethod),
        Some(_) => Err("`x-idempotent` is neither `true` nor `false`".to_owned()),
    }
}

fn is_header_name(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// A path without its fragment, which tells operations of one path apart and is never sent.
fn without_fragment(path: &str) -> &str {
    let mut in_placeholder = false;
    let fragment = path.find(|character| {
        match character {
            '{' => in_placeholder = true,
            '}' => in_placeholder = false,
            _ => {}
        }
        character == '#' && !in_placeholder
    });
    fragment.map_or(path, |at| &path[..at])
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
            '?' if !in_placeholder => {
                return Err("its path holds `?`, which ends a path".to_owned());
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
