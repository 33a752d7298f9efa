//! Documents that are read from files, since their notation matters: YAML with merge keys and large integers, several
//! files, and other versions than 3.0. `documents/driver/files.rs` calls their clients.

use crate::project::{Project, compiled, documents};

/// The documents, by the names of their APIs.
const FILES: [(&str, &str); 8] = [
    ("identifiers", "identifiers.yaml"),
    ("large-integers", "large-integers.yaml"),
    ("merge-keys", "merge-keys.yaml"),
    ("required-circles", "required-circles.yaml"),
    ("several-files", "several-files/api.yaml"),
    ("tagged-by-enum", "tagged-by-enum.yaml"),
    ("version-2-0", "version-2-0.yaml"),
    ("version-3-2", "version-3-2.yaml"),
];

/// Adds each document.
pub(crate) fn add_all(project: &Project) {
    for (name, file) in FILES {
        project
            .add_path(name, &documents().join("files").join(file))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn no_operation_is_skipped_without_a_reason_and_every_place_has_its_type() {
    for (name, _) in FILES {
        let (_, model) = compiled().project.lowered(name);
        let skipped: Vec<&str> = model
            .skipped
            .iter()
            .map(|skipped| skipped.reason.as_str())
            .collect();
        match name {
            "version-3-2" => assert!(
                matches!(skipped[..], [reason] if reason.contains("no operations of its method")),
                "{skipped:?}"
            ),
            _ => assert!(skipped.is_empty(), "{name}: {skipped:?}"),
        }
        assert!(model.fallbacks.is_empty(), "{name}: {:?}", model.fallbacks);
    }
}
