//! The format of the manifests of generated packages.

use std::collections::BTreeMap;

/// How a generated package specifies its version and its dependencies.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Manifest {
    /// It inherits these keys of `[package]`, and the dependencies, from its workspace.
    Inherited(Vec<String>),
    /// It carries its own.
    Carried(CarriedManifest),
}

/// The keys of a manifest that inherits nothing, with values in TOML syntax.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CarriedManifest {
    /// The keys of `[package]` in addition to those that follow from the API.
    pub package: BTreeMap<String, String>,
    /// The keys of the dependency on the runtime, `specmill-client`.
    pub runtime: BTreeMap<String, String>,
}

impl Default for CarriedManifest {
    /// Version 0.1.0, and the runtime with the generator's version.
    fn default() -> Self {
        let pair = |key: &str, value: &str| (key.to_owned(), format!("{value:?}"));
        Self {
            package: BTreeMap::from([
                pair("version", "0.1.0"),
                pair("edition", "2024"),
                pair("rust-version", "1.88"),
            ]),
            runtime: BTreeMap::from([pair("version", env!("CARGO_PKG_VERSION"))]),
        }
    }
}

/// The runtime of generated clients.
const RUNTIME: &str = "specmill-client";

/// The dependencies of generated code in addition to the runtime: name, version, and features that a manifest enables.
const DEPENDENCIES: [(&str, &str, &str); 5] = [
    ("schemars", "1.2.3", ""),
    ("serde", "1.0.229", "\"derive\""),
    ("serde_json", "1.0.154", ""),
    ("tokio", "1", ""),
    ("wiremock", "0.6.5", ""),
];

/// The packages that generated manifests depend on.
pub fn dependencies() -> impl Iterator<Item = &'static str> {
    let others = DEPENDENCIES.iter().map(|(name, ..)| *name);
    [RUNTIME].into_iter().chain(others)
}

impl Manifest {
    /// The lines of `[package]` that do not follow from the API.
    pub(crate) fn package(&self) -> String {
        match self {
            Self::Inherited(keys) => keys
                .iter()
                .map(|key| format!("{key}.workspace = true\n"))
                .collect(),
            Self::Carried(carried) => carried
                .package
                .iter()
                .map(|(key, value)| format!("{key} = {value}\n"))
                .collect(),
        }
    }

    /// The line of a dependency. `more` contains further keys, after the source and except features.
    pub(crate) fn dependency(&self, name: &str, more: &[&str], features: &[&str]) -> String {
        let mut keys: Vec<String> = Vec::new();
        let mut features: Vec<String> = features.iter().map(|name| format!("{name:?}")).collect();
        match self {
            Self::Inherited(_) => keys.push("workspace = true".to_owned()),
            Self::Carried(carried) if name == RUNTIME => {
                let runtime = carried.runtime.iter();
                keys.extend(runtime.map(|(key, value)| format!("{key} = {value}")));
                keys.push("default-features = false".to_owned());
            }
            Self::Carried(_) => {
                let known = DEPENDENCIES.iter().find(|(other, ..)| *other == name);
                let (_, version, own) = known.copied().unwrap_or((name, "*", ""));
                keys.push(format!("version = {version:?}"));
                if !own.is_empty() {
                    features.insert(0, own.to_owned());
                }
            }
        }
        keys.extend(more.iter().map(|key| (*key).to_owned()));
        if !features.is_empty() {
            keys.push(format!("features = [{}]", features.join(", ")));
        }
        format!("{name} = {{ {} }}\n", keys.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carried_dependency_has_its_version_and_features() {
        let manifest = Manifest::Carried(CarriedManifest::default());
        assert_eq!(
            manifest.dependency("serde", &[], &[]),
            "serde = { version = \"1.0.229\", features = [\"derive\"] }\n"
        );
        let runtime = manifest.dependency(RUNTIME, &[], &["signature"]);
        assert!(
            runtime.ends_with("default-features = false, features = [\"signature\"] }\n"),
            "{runtime}"
        );
    }

    #[test]
    fn an_inherited_dependency_names_the_workspace() {
        assert_eq!(
            Manifest::Inherited(Vec::new()).dependency("schemars", &["optional = true"], &[]),
            "schemars = { workspace = true, optional = true }\n"
        );
    }

    #[test]
    fn an_inherited_manifest_names_the_keys_of_the_workspace() {
        let manifest = Manifest::Inherited(vec!["version".to_owned(), "repository".to_owned()]);
        assert_eq!(
            manifest.package(),
            "version.workspace = true\nrepository.workspace = true\n"
        );
    }
}
