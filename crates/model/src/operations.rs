//! Lowers the operations of a document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::{self, child, text};
use specmill_openapi::names;
use specmill_openapi::references::UNRESOLVED;
use specmill_openapi::version::SKIPPED_OPERATIONS;

use crate::media::is_json;
use crate::model::{ClientSetting, Idempotency, Operation, SkippedOperation};
use crate::paging;
use crate::path_template::PathTemplate;
use crate::reader::{Reader, Reason, unresolved};
use crate::resolve::{members, resolve};
use crate::schemas::{Schemas, status_name};
use crate::tags::tag;
use crate::{accept, response_headers, security, servers};

/// The methods of clients, and those that every type has by value.
const TAKEN_IN_CLIENTS: [&str; 12] = [
    "base_url",
    "builder",
    "clone",
    "from_env",
    "from_variables",
    "into",
    "new",
    "set_api_key",
    "set_bearer_token",
    "set_credentials",
    "transport",
    "try_into",
];

/// The lowered operations.
pub(super) struct Operations {
    pub(super) read: Vec<Operation>,
    pub(super) settings: Vec<ClientSetting>,
    pub(super) skipped: Vec<SkippedOperation>,
}

/// Lowers every operation. An operation that cannot be lowered is skipped, with the reason.
pub(super) fn read<'d>(document: &'d Value, schemas: &mut Schemas<'d>) -> Result<Operations> {
    let mut all = Operations {
        read: Vec::new(),
        settings: Vec::new(),
        skipped: Vec::new(),
    };
    for (path, item) in members(document, "paths") {
        if let Some(reference) = text(item, UNRESOLVED) {
            all.skipped.push(SkippedOperation {
                operation: path.clone(),
                pointer: child("/paths", path),
                reason: unresolved("it", reference),
            });
        }
        for (method, reason) in members(item, SKIPPED_OPERATIONS) {
            all.skipped.push(SkippedOperation {
                operation: format!("{method} {path}"),
                pointer: child("/paths", path),
                reason: reason.as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    let mut taken = BTreeSet::new();
    let mut inline_errors = BTreeMap::new();
    let tags = document.get("tags").and_then(Value::as_array);
    let tags: BTreeMap<&str, &str> = tags
        .into_iter()
        .flatten()
        .rev()
        .filter_map(|tag| Some((text(tag, "name")?, text(tag, "description")?)))
        .collect();
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
            pointer: pointer.clone(),
            settings: Vec::new(),
            inline_errors: &mut inline_errors,
            tags: &tags,
        };
        match reader.operation(id, path, method, operation) {
            Ok(operation) if !taken.insert(operation.id.clone()) => {
                all.skipped.push(SkippedOperation {
                    operation: id.to_owned(),
                    pointer,
                    reason: format!(
                        "its Rust name is that of another operation: `{}`",
                        operation.id
                    ),
                });
            }
            Ok(operation) => {
                all.read.push(operation);
                for setting in reader.settings {
                    if !all.settings.contains(&setting) {
                        all.settings.push(setting);
                    }
                }
            }
            Err(reason) => all.skipped.push(SkippedOperation {
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
        let template = PathTemplate::parse(path)?;
        let path = template.path;
        for owner in [item, operation] {
            if let Some(reference) = text(owner, UNRESOLVED) {
                return Err(unresolved("a parameter or its body", reference));
            }
        }
        let (parameters, skipped_parameters) = self.parameters(id, &template, item, operation)?;
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
            tag_description: published_tag
                .and_then(|tag| self.tags.get(tag))
                .map(|description| (*description).to_owned()),
            tag,
            method: method.to_uppercase(),
            path: template.encoded()?,
            summary: owned("summary"),
            description: owned("description"),
            deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
            source,
            permission: owned("x-required-permission"),
            // The runtime determines which alternatives it supports.
            authenticated: false,
            security: security::alternatives(self.document, operation),
            server: servers::of(self.document, item, operation)?,
            accept,
            idempotency: idempotency(operation)?,
            body: self.body(id, operation)?,
            success,
            stream: self.stream(id, operation),
            statuses: statuses(self.document, operation),
            errors: self.errors(id, operation),
            headers: response_headers::of(self.document, operation),
            paging: paging::read(operation, &parameters),
            parameters,
            skipped_parameters,
        })
    }

    /// The lowered schemas of errors that get a type: components, inline objects and inline unions. The type of an inline
    /// schema is named after the first operation that has it.
    fn errors(&mut self, id: &str, operation: &Value) -> Vec<Value> {
        let mut errors = Vec::new();
        for (status, response) in members(operation, "responses") {
            if status.starts_with('2') {
                continue;
            }
            for (kind, media) in members(resolve(self.document, response), "content") {
                let schema = media.get("schema").unwrap_or(&Value::Null);
                let reference =
                    text(schema, "$ref").filter(|one| one.starts_with("#/components/schemas/"));
                let lowered = if reference.is_some() {
                    self.schemas.lower(schema, "", &self.pointer)
                } else if is_json(kind) && has_properties(schema) {
                    let key = schema.to_string();
                    if let Some(lowered) = self.inline_errors.get(&key) {
                        lowered.clone()
                    } else {
                        let name = format!("{}{}", names::pascal_case(id), status_name(status));
                        let pointer = format!("{}/responses/{status}/{kind}", self.pointer);
                        let lowered = self.schemas.lower(schema, &name, &pointer);
                        self.inline_errors.insert(key, lowered.clone());
                        lowered
                    }
                } else {
                    continue;
                };
                if !errors.contains(&lowered) {
                    errors.push(lowered);
                }
            }
        }
        errors
    }
}

/// Whether a schema gets a type of its own: an object with properties, or a combination of schemas.
fn has_properties(schema: &Value) -> bool {
    let is_filled = |keyword: &str| match schema.get(keyword) {
        Some(Value::Object(members)) => !members.is_empty(),
        Some(Value::Array(parts)) => !parts.is_empty(),
        _ => false,
    };
    ["properties", "allOf", "oneOf", "anyOf"]
        .into_iter()
        .any(is_filled)
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

/// Whether the document declares an operation idempotent although its method is not.
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
