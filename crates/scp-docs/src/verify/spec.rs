//! The document that pages are compared with.

use std::path::PathBuf;

use serde_json::{Map, Value};

use specmill_normalize::Options;
use specmill_openapi::document::{self, child, lookup, reference_target, text};
use specmill_openapi::layout::NORMALISED;
use specmill_openapi::names;

/// How many references in a row are followed.
const LONGEST_CHAIN: usize = 100;

/// The document of an API.
#[derive(Debug, Clone)]
pub struct Spec {
    pub(super) options: Options,
    pub(super) document: Value,
    /// The hand-written document, which still contains whether a parameter may be null.
    written: Option<(PathBuf, Value)>,
}

/// A place in the document: its pointer and its value, with references followed.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

/// An operation of the spec, as a page's section sees it.
pub(super) struct Found<'a> {
    pub(super) at: At<'a>,
    pub(super) path: &'a str,
    pub(super) method: &'static str,
}

impl<'a> At<'a> {
    /// The media type that is compared: JSON where there is one, or else the first.
    pub(super) fn media(&self) -> Option<At<'a>> {
        let content = self.member("content")?;
        let kinds: &Map<String, Value> = content.value.as_object()?;
        let json = kinds.keys().find(|name| name.contains("json"));
        content.member(json.or_else(|| kinds.keys().next())?)
    }

    pub(super) fn member(&self, name: &str) -> Option<At<'a>> {
        Some(At {
            pointer: child(&self.pointer, name),
            value: self.value.get(name)?,
        })
    }

    pub(super) fn child(&self, name: &str) -> String {
        child(&self.pointer, name)
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        text(self.value, name)
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.value.get(name) == Some(&Value::Bool(true))
    }
}

impl Spec {
    /// The normalised document of an API, and the hand-written one that it was made of, where it was.
    pub fn new(options: Options, document: Value, written: Option<(PathBuf, Value)>) -> Self {
        Self {
            options,
            document,
            written,
        }
    }

    /// The file to correct: the hand-written one, where it has what a pointer of the normalised one
    /// points to, or the object around that.
    pub(super) fn file_of(&self, pointer: &str) -> PathBuf {
        let around = pointer.rsplit_once('/').map_or("", |(around, _)| around);
        let has = |written: &Value| {
            written
                .pointer(pointer)
                .or_else(|| written.pointer(around))
                .is_some()
        };
        match &self.written {
            Some((file, written)) if has(written) => file.clone(),
            _ => self.options.file(NORMALISED),
        }
    }

    pub(super) fn operations(&self) -> Vec<(At<'_>, &str, &'static str)> {
        document::operations(&self.document)
            .map(|(pointer, path, method, value)| (At { pointer, value }, path, method))
            .collect()
    }

    /// Follows references; the pointer becomes that of their target.
    pub(super) fn resolve<'a>(&'a self, mut at: At<'a>) -> At<'a> {
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = text(at.value, "$ref") else {
                break;
            };
            match (
                reference_target(reference),
                lookup(&self.document, reference),
            ) {
                (Some(pointer), Some(value)) => at = At { pointer, value },
                _ => break,
            }
        }
        at
    }

    /// The parameters of an operation, its own before those of its path that it does not override.
    pub(super) fn parameters<'a>(&'a self, operation: &At<'a>) -> Vec<At<'a>> {
        let mut found: Vec<At<'a>> = Vec::new();
        let item = operation
            .pointer
            .rsplit_once('/')
            .map_or("", |(item, _)| item);
        let item = self.document.pointer(item).map(|value| At {
            pointer: item.to_owned(),
            value,
        });
        for owner in [Some(operation.clone()), item].into_iter().flatten() {
            let Some(list) = owner.member("parameters") else {
                continue;
            };
            for (index, value) in list.value.as_array().into_iter().flatten().enumerate() {
                let parameter = self.resolve(At {
                    pointer: list.child(&index.to_string()),
                    value,
                });
                let same = |other: &At<'_>| {
                    other.text("name") == parameter.text("name")
                        && other.text("in") == parameter.text("in")
                };
                if !found.iter().any(same) {
                    found.push(parameter);
                }
            }
        }
        found
    }

    /// The component schema of a model by the name that the page gives it.
    pub(super) fn model(&self, name: &str) -> Option<At<'_>> {
        let pointer = child("/components/schemas", &self.model_name(name));
        let value = self.document.pointer(&pointer)?;
        Some(self.resolve(At { pointer, value }))
    }

    /// What a model of the page is called in the document.
    pub(super) fn model_name(&self, name: &str) -> String {
        self.options.rename.schema(name)
    }

    /// What an operation of the page is called in the document.
    pub(super) fn operation_name(&self, title: &str) -> String {
        let renamed = self.options.rename.operations.get(title).cloned();
        renamed.unwrap_or_else(|| names::operation_name(title))
    }

    /// Whether the hand-written document lets a parameter be null. The normalised one leaves that out.
    pub(super) fn is_parameter_nullable(&self, parameter: &At<'_>) -> Option<bool> {
        let written = self.written.as_ref()?.1.pointer(&parameter.pointer)?;
        let same = text(written, "name") == parameter.text("name")
            && text(written, "in") == parameter.text("in");
        let schema = written.get("schema").filter(|_| same)?;
        let is_null = |value: &Value| value == "null" || text(value, "type") == Some("null");
        let among = |member: &str| {
            schema
                .get(member)
                .and_then(Value::as_array)
                .is_some_and(|branches| branches.iter().any(is_null))
        };
        let referred = schema.get("$ref").is_some();
        let nullable = schema.get("nullable") == Some(&Value::Bool(true));
        (!referred).then(|| nullable || among("type") || among("anyOf") || among("oneOf"))
    }
}

/// Whether a place is one that nothing is known of.
pub(super) fn is_unknown(at: &At<'_>) -> bool {
    at.flag("x-unknown")
}
