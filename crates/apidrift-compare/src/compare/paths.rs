//! The paths of a document, and the operations at them.

use apidrift_document::{Cursor, Document};

/// The methods that a path may have.
pub(super) const METHODS: [&str; 9] = [
    "delete", "get", "head", "options", "patch", "post", "put", "query", "trace",
];

/// An operation of one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) operation: Cursor<'a>,
}

impl<'a> Entry<'a> {
    /// Its id, if it has one.
    pub(super) fn id(&self) -> Option<&'a str> {
        self.operation.get("operationId").and_then(Cursor::as_str)
    }

    /// Its method and path, for people.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// The variables of a path, in order.
pub(super) fn variables(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split('}').next()).collect()
}

/// The path without the names of its variables.
pub(super) fn template(path: &str) -> String {
    let mut template = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                template.push_str("{}");
            }
            '}' => inside = false,
            other if !inside => template.push(other),
            _ => {}
        }
    }
    template
}

/// The properties of an object, or nothing if it is absent.
pub(super) fn members_of(map: Option<Cursor<'_>>) -> impl Iterator<Item = (&str, Cursor<'_>)> {
    map.into_iter().flat_map(Cursor::members)
}

/// The operations of paths.
pub(super) fn entries<'a>(document: &'a Document, paths: Option<Cursor<'a>>) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    for (path, item) in members_of(paths) {
        if path.starts_with("x-") {
            continue;
        }
        let item = document.resolve(item).target;
        for method in METHODS {
            if let Some(operation) = item.get(method).filter(|operation| operation.is_object()) {
                entries.push(Entry {
                    path,
                    method,
                    operation,
                });
            }
        }
    }
    entries
}
