//! Changes of published documents that do not affect the normalised one.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use specmill_openapi::diagnostic::Result;
use specmill_openapi::document::{child, parse_json};
use specmill_openapi::layout::API_FILE;
use specmill_openapi::layout::PUBLISHED;
use specmill_openapi::rename::Rename;

use super::git::Revision;

/// A location of a published document that changed, although the normalised document did not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hidden {
    /// The published document.
    pub file: String,
    /// The place in it.
    pub pointer: String,
}

/// The changed locations of the published documents whose normalised location is equal in both revisions.
pub(super) fn changes(
    root: &Path,
    base: &Revision,
    head: &Revision,
    api: &str,
    old: &Value,
    new: &Value,
) -> Result<Vec<Hidden>> {
    let folder = format!("specs/{api}/{PUBLISHED}");
    let mut hidden = Vec::new();
    let renames = renames(
        &head
            .read(root, &format!("specs/{api}/{API_FILE}"))?
            .unwrap_or_default(),
    );
    let (before, after) = (base.list(root, &folder)?, head.list(root, &folder)?);
    for file in before.iter().filter(|file| after.contains(file)) {
        let (Some(before), Some(after)) = (base.read(root, file)?, head.read(root, file)?) else {
            continue;
        };
        if before == after {
            continue;
        }
        // `regen` reports a file that is not valid JSON.
        let (Ok(before), Ok(after)) = (parse_json(&before), parse_json(&after)) else {
            continue;
        };
        let mut changed = Vec::new();
        differing(&before, &after, String::new(), &mut changed);
        for pointer in changed {
            let normalised = normalised_pointer(&pointer, &renames);
            if old.pointer(&normalised) == new.pointer(&normalised) {
                hidden.push(Hidden {
                    file: file.clone(),
                    pointer,
                });
            }
        }
    }
    Ok(hidden)
}

/// The innermost locations at which two values differ.
fn differing(one: &Value, other: &Value, pointer: String, found: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let pointer = child(&pointer, name);
                match (one.get(name), other.get(name)) {
                    (Some(one), Some(other)) => differing(one, other, pointer, found),
                    _ => found.push(pointer),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differing(one, other, format!("{pointer}/{index}"), found);
            }
        }
        _ if one == other => {}
        _ => found.push(pointer),
    }
}

/// The location in the normalised document, in which schemas have other names.
fn normalised_pointer(pointer: &str, rename: &Rename) -> String {
    let Some(rest) = pointer.strip_prefix("/components/schemas/") else {
        return pointer.to_owned();
    };
    let (published, rest) = rest
        .split_once('/')
        .map_or((rest, String::new()), |(name, rest)| {
            (name, format!("/{rest}"))
        });
    let published = published.replace("~1", "/").replace("~0", "~");
    let name = rename.schema(&published);
    format!("{}{rest}", child("/components/schemas", &name))
}

/// The renames in api.toml.
fn renames(settings: &str) -> Rename {
    let settings: toml::Table = settings.parse().unwrap_or_default();
    let rename = settings.get("rename").cloned();
    let mut rename: Rename = rename
        .and_then(|rename| rename.try_into().ok())
        .unwrap_or_default();
    rename.namespace_suffix = settings
        .get("namespace-suffix")
        .and_then(|suffix| suffix.as_str().map(str::to_owned));
    rename
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_innermost_differences_are_found() {
        let mut found = Vec::new();
        let one = json!({"a": {"b": [1, 2], "c": 1}, "d": 1});
        let other = json!({"a": {"b": [1, 3], "c": 1}, "e": 1});
        differing(&one, &other, String::new(), &mut found);
        assert_eq!(found, ["/a/b/1", "/d", "/e"]);
    }

    #[test]
    fn a_schema_is_found_under_its_normalised_name() {
        assert_eq!(
            normalised_pointer(
                "/components/schemas/UserAPI.Role/properties/id",
                &renames("namespace-suffix = \"API\"\n")
            ),
            "/components/schemas/UserRole/properties/id"
        );
        let renames = renames("[rename.schemas]\n\"UserAPI.Role\" = \"Role\"\n");
        assert_eq!(
            normalised_pointer("/components/schemas/UserAPI.Role", &renames),
            "/components/schemas/Role"
        );
        assert_eq!(
            normalised_pointer("/paths/~1users/get", &renames),
            "/paths/~1users/get"
        );
    }
}
