//! The parts of multipart forms.

use std::collections::BTreeSet;

use serde_json::Value;

use specmill_openapi::document::text;
use specmill_openapi::names;

use crate::all_of;
use crate::media::is_json;
use crate::model::{FormPart, PartKind};
use crate::reader::Reader;
use crate::resolve::{members, resolve};

/// The maximum nesting of the branches of a part.
const DEEPEST: usize = 8;

impl Reader<'_, '_> {
    /// The parts of a form. Empty if its schema has no properties.
    pub(super) fn form(&mut self, id: &str, media: &Value) -> Vec<FormPart> {
        let document = self.document;
        let schema = resolve(document, media.get("schema").unwrap_or(&Value::Null));
        let merged = schema
            .get("allOf")
            .and_then(|_| all_of::merge(document, schema, "").ok());
        let schema = merged.as_ref().unwrap_or(schema);
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut taken = BTreeSet::from(["new".to_owned(), "into_body".to_owned()]);
        let mut parts = Vec::new();
        for (name, property) in members(schema, "properties") {
            let encoding = media
                .get("encoding")
                .and_then(|encodings| encodings.get(name));
            let content_type = encoding.and_then(|encoding| text(encoding, "contentType"));
            let mut part = self.part(id, name, property, content_type);
            part.required = required.contains(&name.as_str());
            part.identifier = unique(names::field_identifier(name), &mut taken);
            parts.push(part);
        }
        // `true` is equivalent to no keyword, so it does not justify a method.
        let additional = schema
            .get("additionalProperties")
            .filter(|one| one.is_object());
        if let Some(additional) = additional {
            let mut part = self.part(id, "additional parts", additional, None);
            part.name = String::new();
            part.additional = true;
            part.identifier = unique("additional_parts".to_owned(), &mut taken);
            parts.push(part);
        }
        parts
    }

    /// An optional part of a form.
    fn part(
        &mut self,
        id: &str,
        name: &str,
        schema: &Value,
        content_type: Option<&str>,
    ) -> FormPart {
        let (many, one) = Self::items(self.document, schema, content_type);
        let kind = self.part_kind(one, content_type, 0);
        let pointer = format!("{}/requestBody/{name}", self.pointer);
        let type_name = format!("{}{}", names::pascal_case(id), names::pascal_case(name));
        let lowered = match kind {
            PartKind::File => Value::Null,
            _ => self.schemas.lower(one, &type_name, &pointer),
        };
        FormPart {
            name: name.to_owned(),
            identifier: String::new(),
            required: false,
            additional: false,
            many,
            kind,
            content_type: content_type.map(str::to_owned),
            description: text(resolve(self.document, schema), "description").map(str::to_owned),
            lowered,
        }
    }

    /// Whether a property can have several parts, and the schema of one part. A JSON list is one part.
    fn items<'v>(
        document: &'v Value,
        property: &'v Value,
        content_type: Option<&str>,
    ) -> (bool, &'v Value) {
        let schema = resolve(document, property);
        let lists = ["oneOf", "anyOf"]
            .iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten()
            .map(|branch| resolve(document, branch));
        let mut all = std::iter::once(schema).chain(lists);
        let list = all.find(|schema| text(schema, "type") == Some("array"));
        match list.and_then(|list| list.get("items")) {
            Some(items) if !content_type.is_some_and(is_json) => (true, items),
            _ => (false, property),
        }
    }

    fn part_kind(&self, schema: &Value, content_type: Option<&str>, depth: usize) -> PartKind {
        let schema = resolve(self.document, schema);
        let branches: Vec<&Value> = ["oneOf", "anyOf", "allOf"]
            .iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten()
            .collect();
        if !branches.is_empty() && depth < DEEPEST {
            let kinds: Vec<PartKind> = branches
                .into_iter()
                .map(|branch| self.part_kind(branch, content_type, depth + 1))
                .collect();
            return [PartKind::File, PartKind::Json]
                .into_iter()
                .find(|kind| kinds.contains(kind))
                .unwrap_or(PartKind::Text);
        }
        let is_binary = text(schema, "format") == Some("binary");
        match text(schema, "type") {
            Some("string") if is_binary => PartKind::File,
            Some("string" | "integer" | "number" | "boolean") => PartKind::Text,
            None if schema.get("enum").is_some() => PartKind::Text,
            // A part with only a media type contains bytes of that type.
            None if content_type.is_some_and(|kind| !is_json(kind)) => PartKind::File,
            _ => PartKind::Json,
        }
    }
}

/// A name that no other part has. Numbers are appended until it is unique.
fn unique(mut identifier: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(identifier.clone()) {
        identifier.push_str("_part");
    }
    identifier
}
