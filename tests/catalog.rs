//! The catalogue contains the facts of the normalised documents.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::path::Path;

use serde_json::Value;
use specmill::{Api, VersionState, catalog};

/// Each API of the catalogue with its normalised document.
fn apis() -> Vec<(&'static Api, Value)> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let read = |api: &'static Api| {
        let file = specs.join(api.name).join("openapi.json");
        let document = std::fs::read_to_string(file).unwrap();
        (api, serde_json::from_str(&document).unwrap())
    };
    catalog().iter().map(read).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

#[test]
fn every_folder_of_specs_is_an_api() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let mut folders: Vec<String> = std::fs::read_dir(specs)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let mut names: Vec<&str> = catalog().iter().map(|api| api.name).collect();
    names.sort_unstable();
    assert_eq!(names, folders);
}

#[test]
fn every_api_is_listed_with_its_operations() {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    for (api, document) in apis() {
        assert_eq!(Some(api.title), text(&document["x-specmill"], "title"));
        assert_eq!(Some(api.spec_version), text(&document["info"], "version"));
        let mut documented = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                if METHODS.contains(&method.as_str()) {
                    documented.push((
                        text(operation, "operationId").unwrap(),
                        method.to_uppercase(),
                        path.as_str(),
                        text(operation, "summary").unwrap_or_default(),
                        text(operation, "x-required-permission"),
                    ));
                }
            }
        }
        documented.sort_unstable();
        assert!(!documented.is_empty());
        let mut listed: Vec<_> = api
            .operations
            .iter()
            .map(|one| {
                let method = one.method.to_owned();
                (
                    one.id,
                    method,
                    one.path,
                    one.summary,
                    one.required_permission,
                )
            })
            .collect();
        listed.sort_unstable();
        assert_eq!(listed, documented, "{}", api.name);
    }
}

#[test]
fn versions_have_their_state_and_date() {
    for (api, document) in apis() {
        let documented: Vec<_> = document["x-api-versions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| {
                let state = match text(one, "state").unwrap() {
                    "CURRENT" => VersionState::Current,
                    "SUPPORTED" => VersionState::Supported,
                    "DEPRECATED" => VersionState::Deprecated,
                    other => panic!("unknown state {other}"),
                };
                let date = text(one, "not_before").map(str::to_owned);
                (text(one, "version").unwrap(), state, date)
            })
            .collect();
        let listed: Vec<_> = api
            .versions
            .iter()
            .map(|one| {
                (
                    one.version,
                    one.state,
                    one.not_before.map(|date| date.to_string()),
                )
            })
            .collect();
        assert_eq!(listed, documented, "{}", api.name);
    }
}

#[cfg(all(feature = "panther", feature = "scp"))]
#[test]
fn the_digest_is_that_of_the_crate() {
    for (name, digest) in [
        ("panther", specmill::panther::SPEC_DIGEST),
        (
            "scp-identity-center",
            specmill::scp::identity_center::SPEC_DIGEST,
        ),
    ] {
        let api = catalog().iter().find(|api| api.name == name).unwrap();
        assert_eq!(api.digest, digest);
    }
}
