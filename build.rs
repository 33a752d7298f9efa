//! Writes the catalogue of the APIs from `specs/`, and fails if a generated crate does not belong to its document.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io, process};

use tinyjson::JsonValue;

/// The methods of an OpenAPI path item, in the order of the catalogue.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

fn main() {
    println!("cargo::rerun-if-changed=specs");
    if let Err(problem) = write_catalogue() {
        println!("cargo::error={problem}");
        process::exit(1);
    }
}

fn write_catalogue() -> Result<(), String> {
    let mut entries = String::new();
    let mut checks = String::new();
    for name in api_names()? {
        let folder = Path::new("specs").join(&name);
        let document = folder.join("openapi.json");
        println!("cargo::rerun-if-changed={}", document.display());
        let json = fs::read_to_string(&document).map_err(|error| {
            format!(
                "cannot read {}: {error}; run `cargo xtask regen`",
                document.display()
            )
        })?;
        let mut digest = String::new();
        for byte in hmac_sha256::Hash::hash(json.as_bytes()) {
            let _ = write!(digest, "{byte:02x}");
        }
        check_crate(&name, &digest)?;
        let parsed: JsonValue = json.parse().map_err(|error| {
            format!(
                "{} is not JSON: {error}; run `cargo xtask regen`",
                document.display()
            )
        })?;
        entries += &entry(&name, &digest, &parsed)?;
        checks += &check(&name, &digest, &parsed)?;
    }
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    let text = format!("static APIS: &[Api] = &[\n{entries}];\n{checks}");
    fs::write(Path::new(&out).join("catalog.rs"), text)
        .map_err(|error| format!("cannot write the catalogue: {error}"))
}

/// The folders of `specs/` that contain an API, by name.
fn api_names() -> Result<Vec<String>, String> {
    let folders = fs::read_dir("specs").map_err(|error| format!("cannot list specs/: {error}"))?;
    let mut names: Vec<String> = folders
        .flatten()
        .filter(|folder| folder.path().join("api.toml").is_file())
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Ok(names)
}

/// Compares the digests within the workspace, where the source of the generated crate is available.
fn check_crate(name: &str, digest: &str) -> Result<(), String> {
    let library = Path::new("crates").join(name).join("src/lib.rs");
    match fs::read_to_string(&library) {
        Ok(text) => {
            println!("cargo::rerun-if-changed={}", library.display());
            if text.contains(digest) {
                return Ok(());
            }
            Err(format!(
                "crates/{name} was not generated from the current specs/{name}/openapi.json: run `cargo xtask regen`"
            ))
        }
        // The package of the facade contains no other crates. A missing file must not be reported to cargo, which
        // would run this script in every build.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("cannot read {}: {error}", library.display())),
    }
}

/// The check for a crate from elsewhere: the compiler compares the digests.
fn check(name: &str, digest: &str, document: &JsonValue) -> Result<String, String> {
    let feature = setting(name, document, "feature")?;
    let krate = format!("specmill_{}", name.replace('-', "_"));
    Ok(format!(
        "#[cfg(feature = {feature:?})]\nconst _: () = assert!(same({krate}::SPEC_DIGEST, {digest:?}), \
         \"the crate of `{name}` does not belong to its document: run `cargo xtask regen`\");\n"
    ))
}

fn entry(name: &str, digest: &str, document: &JsonValue) -> Result<String, String> {
    let title = setting(name, document, "title")?;
    let version = text_at(document, &["info", "version"]).unwrap_or_default();
    let mut text = format!(
        "    Api {{\n        name: {name:?},\n        title: {title:?},\n        spec_version: {version:?},\n        \
         digest: {digest:?},\n        operations: &[\n"
    );
    let paths = at(document, &["paths"]).and_then(JsonValue::get::<Object>);
    let mut paths: Vec<_> = paths.into_iter().flatten().collect();
    paths.sort_by_key(|(path, _)| path.as_str());
    for (path, item) in paths {
        for method in METHODS {
            let Some(id) = text_at(item, &[method, "operationId"]) else {
                continue;
            };
            let permission = text_at(item, &[method, "x-required-permission"]);
            let summary = text_at(item, &[method, "summary"]).unwrap_or_default();
            let _ = writeln!(
                text,
                "            Operation {{ id: {id:?}, method: {:?}, path: {path:?}, summary: {summary:?}, \
                 required_permission: {permission:?} }},",
                method.to_uppercase(),
            );
        }
    }
    text += "        ],\n        versions: &[\n";
    let versions = at(document, &["x-api-versions"]).and_then(JsonValue::get::<Vec<JsonValue>>);
    for version in versions.into_iter().flatten() {
        let not_before = match text_at(version, &["not_before"]) {
            Some(date) => format!(
                "Some({})",
                date_expression(date)
                    .ok_or_else(|| format!("`{date}` in specs/{name} is no date"))?
            ),
            None => "None".to_owned(),
        };
        let _ = writeln!(
            text,
            "            Version {{ version: {:?}, state: VersionState::{}, not_before: {not_before} }},",
            text_at(version, &["version"]).unwrap_or_default(),
            state(text_at(version, &["state"]).unwrap_or_default())
                .ok_or_else(|| format!("a version of specs/{name} has no known state"))?,
        );
    }
    text += "        ],\n    },\n";
    Ok(text)
}

fn state(text: &str) -> Option<&'static str> {
    Some(match text {
        "CURRENT" => "Current",
        "SUPPORTED" => "Supported",
        "PLANNED" => "Planned",
        "DEPRECATED" => "Deprecated",
        _ => return None,
    })
}

fn date_expression(text: &str) -> Option<String> {
    let mut parts = text.split('-').map(str::parse::<u16>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    Some(format!("Date::new({year}, {month}, {day})"))
}

/// A setting of the API, which `cargo xtask regen` records in the document.
fn setting<'a>(name: &str, document: &'a JsonValue, member: &str) -> Result<&'a str, String> {
    text_at(document, &["x-specmill", member]).ok_or_else(|| {
        format!("specs/{name}/openapi.json has no {member}: run `cargo xtask regen`")
    })
}

type Object = HashMap<String, JsonValue>;

/// The value at a path of property names.
fn at<'a>(value: &'a JsonValue, path: &[&str]) -> Option<&'a JsonValue> {
    let mut path = path.iter();
    path.try_fold(value, |value, name| value.get::<Object>()?.get(*name))
}

fn text_at<'a>(value: &'a JsonValue, path: &[&str]) -> Option<&'a str> {
    at(value, path)?.get::<String>().map(String::as_str)
}
