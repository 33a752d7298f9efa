//! The `$id`s and anchors of a document's schemas.

use std::collections::BTreeMap;

use serde_json::Value;

use super::exists;
use crate::document::places::{Kind, Place};
use crate::document::{child, percent_decoded, text};

/// The ways to reference the schemas of a document, in addition to pointers.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    /// Schemas with an `$id`, by the `$id` resolved against that of the schema around it.
    ids: BTreeMap<String, String>,
    /// The `$id`s by pointer.
    bases: BTreeMap<String, String>,
    /// Schemas with an anchor: its name, the pointer of the schema with an `$id` around it, and its own.
    pub(super) anchors: Vec<Anchor>,
}

/// A schema with an anchor.
#[derive(Debug)]
pub(super) struct Anchor {
    pub(super) name: String,
    /// Whether it is a `$dynamicAnchor`.
    pub(super) dynamic: bool,
    /// The pointer of the schema with an `$id` that it is in; empty for the document.
    pub(super) resource: String,
    pub(super) pointer: String,
}

impl Identifiers {
    pub(super) fn of(document: &Value) -> Self {
        let mut identifiers = Self::default();
        identifiers.scan(document, Kind::Document, "", "");
        identifiers
    }

    fn scan(&mut self, value: &Value, kind: Kind, pointer: &str, resource: &str) {
        let Value::Object(members) = value else {
            return;
        };
        let mut resource = resource;
        if kind == Kind::Schema {
            if let Some(id) = text(value, "$id") {
                let base = self.bases.get(resource).cloned().unwrap_or_default();
                let (id, fragment) = id.split_once('#').unwrap_or((id, ""));
                if !fragment.is_empty() {
                    // Older drafts define anchors as fragments of `$id`.
                    self.anchor(fragment, false, resource, pointer);
                }
                if !id.is_empty() {
                    let id = joined(&base, id);
                    self.ids.entry(id.clone()).or_insert(pointer.to_owned());
                    self.bases.insert(pointer.to_owned(), id);
                    resource = pointer;
                }
            }
            for (keyword, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
                if let Some(name) = text(value, keyword) {
                    self.anchor(name, dynamic, resource, pointer);
                }
            }
        }
        for (name, member) in members {
            let pointer = child(pointer, name);
            match (kind.member(name), member) {
                (Place::One(kind) | Place::Each(kind), Value::Array(items)) => {
                    for (index, item) in items.iter().enumerate() {
                        self.scan(item, kind, &format!("{pointer}/{index}"), resource);
                    }
                }
                (Place::One(kind), one) => self.scan(one, kind, &pointer, resource),
                (Place::Each(kind), Value::Object(inner)) => {
                    for (name, one) in inner {
                        self.scan(one, kind, &child(&pointer, name), resource);
                    }
                }
                _ => {}
            }
        }
    }

    fn anchor(&mut self, name: &str, dynamic: bool, resource: &str, pointer: &str) {
        self.anchors.push(Anchor {
            name: name.to_owned(),
            dynamic,
            resource: resource.to_owned(),
            pointer: pointer.to_owned(),
        });
    }

    /// The pointer of the schema with an `$id` that a place is in; empty for the document.
    pub(super) fn resource_of(&self, pointer: &str) -> &str {
        let mut prefix = pointer;
        loop {
            if let Some((found, _)) = self.bases.get_key_value(prefix) {
                return found;
            }
            match prefix.rsplit_once('/') {
                Some((shorter, _)) => prefix = shorter,
                None => return "",
            }
        }
    }

    /// The pointer for a reference at a location; `None` if its target is unknown.
    pub(super) fn resolve(&self, document: &Value, at: &str, reference: &str) -> Option<String> {
        let resource = self.resource_of(at);
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decoded(fragment)?;
        let target = if uri.is_empty() {
            resource.to_owned()
        } else {
            let base = self.bases.get(resource).map_or("", String::as_str);
            let absolute = joined(base, uri);
            let known = self.ids.get(&absolute).or(self.ids.get(uri)).cloned();
            // Older documents reference a schema by its name only.
            let named = child("/components/schemas", uri);
            known.or_else(|| exists(document, &named).then_some(named))?
        };
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return self.anchored(&target, &fragment, false);
        }
        let outermost = outermost_schema(at);
        let candidates = if uri.is_empty() {
            // Documents often refer to the document itself from a schema with its own `$id`, although the specification
            // resolves this differently, and often contain a pasted JSON Schema with its pointers.
            vec![target.as_str(), "", outermost]
        } else {
            vec![target.as_str()]
        };
        candidates
            .into_iter()
            .filter(|root| !(root.is_empty() && fragment.is_empty()))
            .map(|root| format!("{root}{fragment}"))
            .find(|pointer| exists(document, pointer))
    }

    /// The schema with an anchor: that of the resource, else the only one of the document.
    pub(super) fn anchored(&self, resource: &str, name: &str, dynamic: bool) -> Option<String> {
        let named = || {
            self.anchors
                .iter()
                .filter(|anchor| anchor.name == name && (anchor.dynamic || !dynamic))
        };
        let own = named().find(|anchor| anchor.resource == resource);
        let only = || {
            let mut all = named();
            let first = all.next()?;
            all.next().is_none().then_some(first)
        };
        own.or_else(only).map(|anchor| anchor.pointer.clone())
    }
}

/// The pointer of the outermost schema that a place is in.
pub(super) fn outermost_schema(pointer: &str) -> &str {
    let mut kind = Kind::Document;
    let mut each = false;
    let mut end = 0;
    for token in pointer.split('/').skip(1) {
        end += 1 + token.len();
        if each {
            each = false;
        } else {
            let name = token.replace("~1", "/").replace("~0", "~");
            match kind.member(&name) {
                Place::One(inner) => kind = inner,
                Place::Each(inner) => {
                    kind = inner;
                    each = true;
                    continue;
                }
                Place::Data => return "",
            }
        }
        if kind == Kind::Schema {
            return &pointer[..end];
        }
    }
    ""
}

/// A relative URL resolved against another, as far as identifiers require it.
fn joined(base: &str, address: &str) -> String {
    if address.contains(':') || base.is_empty() {
        return address.to_owned();
    }
    let (scheme, rest) = match base.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), base),
    };
    let (host, path) = if scheme.is_empty() {
        ("", rest)
    } else {
        rest.split_once('/').unwrap_or((rest, ""))
    };
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if address.starts_with('/') {
        parts.clear();
    }
    for part in address.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let slash = if host.is_empty() { "" } else { "/" };
    format!("{scheme}{host}{slash}{}", parts.join("/"))
}
