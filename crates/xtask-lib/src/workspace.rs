//! The workspace into which clients are generated, and the settings in its manifest.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use specmill_codegen::{CarriedManifest, Manifest};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use toml::{Table, Value};

/// The manifest of a workspace.
pub(crate) const MANIFEST: &str = "Cargo.toml";

/// The default name of the command in generated files and messages.
pub(crate) const COMMAND: &str = "cargo specmill";

/// A workspace that clients are generated into.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
    settings: Settings,
    manifest: Table,
}

/// The settings in `[workspace.metadata.specmill]` of the workspace's manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Settings {
    /// The prefix of the names of generated packages: with `acme-`, the package of the API `billing` is
    /// `acme-billing`. Empty by default.
    pub package_prefix: String,
    /// Whether the package at the root re-exports the clients. Off by default.
    pub facade: bool,
    /// Whether the manifests of generated packages inherit version, edition, license and dependencies from the workspace.
    /// Off by default: they carry their own then.
    pub inherit: bool,
    /// How these commands are run, which generated files name: `cargo specmill` by default. Messages name it too; by default
    /// they name the program that runs.
    pub command: Option<String>,
    /// The dependency on the runtime, `specmill-client`, if manifests do not inherit: any keys of a dependency. A
    /// `path` is relative to the root of the workspace. By default it is the version of the generator.
    pub runtime: Table,
    /// The keys of `[package]` in generated manifests, if they do not inherit: by default `version = "0.1.0"` and the
    /// edition.
    pub package: Table,
}

impl Default for Settings {
    fn default() -> Self {
        let mut runtime = Table::new();
        runtime.insert("version".to_owned(), env!("CARGO_PKG_VERSION").into());
        Self {
            package_prefix: String::new(),
            facade: false,
            inherit: false,
            command: None,
            runtime,
            package: Table::new(),
        }
    }
}

/// The keys of `[package]` that are inherited.
const INHERITED: [&str; 4] = ["version", "edition", "rust-version", "license"];

/// The keys of `[package]` that are inherited if the workspace has them.
const INHERITED_IF_SET: [&str; 4] = ["authors", "documentation", "homepage", "repository"];

impl Workspace {
    /// Reads the manifest at the root of a workspace, and checks that clients can be generated into it.
    ///
    /// # Errors
    ///
    /// There is no manifest of a workspace, its settings are invalid, or a required key is missing.
    pub fn open(root: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(root.join(MANIFEST)).map_err(|error| {
            Diagnostic::new(format!("cannot read the file: {error}"))
                .at(MANIFEST, Place::Whole)
                .help("run the command in the root of the workspace")
        })?;
        Self::from_manifest(root, &text)
    }

    /// Parses a workspace from the text of its manifest.
    pub(crate) fn from_manifest(root: &Path, text: &str) -> Result<Self> {
        let manifest: Table = toml::from_str(text).map_err(|error| invalid(text, &error))?;
        let Some(workspace) = manifest.get("workspace").and_then(Value::as_table) else {
            return Err(Diagnostic::new("the manifest has no [workspace]")
                .at(MANIFEST, Place::Whole)
                .help("run the command in the root of the workspace"));
        };
        let settings = workspace
            .get("metadata")
            .and_then(|metadata| metadata.get("specmill"));
        let settings = match settings {
            None => Settings::default(),
            Some(settings) => settings
                .clone()
                .try_into()
                .map_err(|error: toml::de::Error| {
                    wrong(format!("the settings cannot be read: {}", error.message()))
                        .help("the README of specmill-xtask lists them")
                })?,
        };
        let workspace = Self {
            root: root.to_path_buf(),
            settings,
            manifest,
        };
        workspace.check()?;
        Ok(workspace)
    }

    /// The root of the workspace.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The settings for generated clients.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The name of the package that re-exports the clients, if there is one.
    pub fn facade(&self) -> Option<&str> {
        let package = self.manifest.get("package")?;
        package
            .get("name")?
            .as_str()
            .filter(|_| self.settings.facade)
    }

    /// The version of generated packages.
    pub fn version(&self) -> &str {
        let version = if self.settings.inherit {
            self.of_workspace("package")
                .and_then(|package| package.get("version"))
        } else {
            self.settings.package.get("version")
        };
        version.and_then(Value::as_str).unwrap_or("0.1.0")
    }

    /// The mark at the start of a generated file.
    pub fn mark(&self) -> String {
        let command = self.settings.command.as_deref().unwrap_or(COMMAND);
        format!("Generated by `{command} regen`")
    }

    /// The form of the manifests of generated packages.
    pub fn manifests(&self) -> Manifest {
        if self.settings.inherit {
            let package = self.of_workspace("package");
            let is_set = |key: &&str| package.is_some_and(|table| table.contains_key(*key));
            let keys = INHERITED.into_iter();
            let keys = keys.chain(INHERITED_IF_SET.into_iter().filter(is_set));
            return Manifest::Inherited(keys.map(str::to_owned).collect());
        }
        let mut carried = CarriedManifest::default();
        for (key, value) in &self.settings.package {
            carried.package.insert(key.clone(), value.to_string());
        }
        carried.runtime.clear();
        for (key, value) in &self.settings.runtime {
            let value = match (key.as_str(), value.as_str()) {
                ("path", Some(path)) if Path::new(path).is_relative() => {
                    Value::from(format!("../../{path}"))
                }
                _ => value.clone(),
            };
            carried.runtime.insert(key.clone(), value.to_string());
        }
        Manifest::Carried(carried)
    }

    fn of_workspace(&self, section: &str) -> Option<&Table> {
        self.manifest.get("workspace")?.get(section)?.as_table()
    }

    fn check(&self) -> Result<()> {
        let prefix = &self.settings.package_prefix;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_prefix =
            prefix.starts_with(|c: char| c.is_ascii_lowercase()) && prefix.chars().all(plain);
        if !(prefix.is_empty() || is_prefix) {
            return Err(
                wrong(format!("`{prefix}` cannot begin the name of a package"))
                    .help("use lower-case letters, digits and hyphens, such as `acme-`"),
            );
        }
        let command = self.settings.command.as_deref().unwrap_or(COMMAND);
        if command.is_empty() || command.contains(|c: char| c.is_control() || c == '`') {
            return Err(wrong("`command` cannot be named in a comment".to_owned())
                .help("write it as it is typed, such as `cargo xtask`"));
        }
        if self.settings.facade && self.facade().is_none() {
            return Err(
                wrong("`facade` is on, but the root manifest has no package".to_owned())
                    .help("add [package], or remove `facade`"),
            );
        }
        if self.settings.inherit {
            self.check_inherited()
        } else {
            Ok(())
        }
    }

    fn check_inherited(&self) -> Result<()> {
        let lacks = |section: &str, key: &str| {
            wrong(format!(
                "`inherit` is on, but [workspace.{section}] has no `{key}`"
            ))
            .help(format!("add `{key}`, or remove `inherit`"))
        };
        let has = |section: &str, key: &str| {
            self.of_workspace(section)
                .is_some_and(|table| table.contains_key(key))
        };
        for key in INHERITED {
            if !has("package", key) {
                return Err(lacks("package", key));
            }
        }
        for name in specmill_codegen::dependencies() {
            if !has("dependencies", name) {
                return Err(lacks("dependencies", name));
            }
        }
        Ok(())
    }

    /// Whether the generated crate of an API is a member of the workspace.
    pub(crate) fn has_member(&self, api: &str) -> bool {
        let workspace = self.manifest.get("workspace");
        let members = workspace.and_then(|workspace| workspace.get("members")?.as_array());
        let folder = format!("crates/{api}");
        let holds = |member: &Value| {
            let member = member.as_str().unwrap_or_default().trim_start_matches("./");
            member == "crates/*" || member.trim_end_matches('/') == folder
        };
        // A dependency of the package at the root is a member without being listed.
        self.settings.facade || members.into_iter().flatten().any(holds)
    }
}

fn wrong(message: String) -> Box<Diagnostic> {
    Diagnostic::new(message)
        .at(MANIFEST, Place::Whole)
        .note("the settings are in [workspace.metadata.specmill]")
}

fn invalid(text: &str, error: &toml::de::Error) -> Box<Diagnostic> {
    let offset = error.span().map_or(0, |span| span.start);
    let line = text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1;
    Diagnostic::new(error.message())
        .at(MANIFEST, Place::Line(line))
        .help("correct the manifest: cargo cannot read it either")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(manifest: &str) -> Result<Workspace> {
        Workspace::from_manifest(Path::new(""), manifest)
    }

    fn refused(settings: &str) -> String {
        let text = format!("[workspace]\n[workspace.metadata.specmill]\n{settings}");
        open(&text).unwrap_err().to_string()
    }

    #[test]
    fn a_workspace_without_settings_has_self_contained_manifests() {
        let workspace = open("[workspace]\nmembers = [\"crates/*\"]\n").unwrap();
        assert_eq!(workspace.facade(), None);
        let Manifest::Carried(carried) = workspace.manifests() else {
            panic!("they inherit");
        };
        assert_eq!(
            carried.runtime["version"],
            format!("{:?}", env!("CARGO_PKG_VERSION"))
        );
        assert_eq!(carried.package["version"], "\"0.1.0\"");
    }

    #[test]
    fn a_path_of_the_runtime_is_relative_to_the_generated_crate() {
        let text = "[workspace]\n[workspace.metadata.specmill]\nruntime = { path = \"client\" }\n";
        let Manifest::Carried(carried) = open(text).unwrap().manifests() else {
            panic!("they inherit");
        };
        assert_eq!(carried.runtime["path"], "\"../../client\"");
        assert!(!carried.runtime.contains_key("version"));
    }

    #[test]
    fn an_unknown_setting_is_an_error() {
        assert!(refused("packge-prefix = \"acme-\"\n").contains("`packge-prefix`"));
    }

    #[test]
    fn inherited_keys_must_exist() {
        let error = refused("inherit = true\n");
        assert!(
            error.contains("[workspace.package] has no `version`"),
            "{error}"
        );
    }

    #[test]
    fn the_facade_is_the_package_at_the_root() {
        let error = refused("facade = true\n");
        assert!(
            error.contains("the root manifest has no package"),
            "{error}"
        );
    }

    #[test]
    fn a_member_is_listed_or_matches_a_pattern() {
        let named = open("[workspace]\nmembers = [\"./crates/billing\", \"tools/*\"]\n").unwrap();
        assert!(named.has_member("billing") && !named.has_member("orders"));
        let all = open("[workspace]\nmembers = [\"crates/*\"]\n").unwrap();
        assert!(all.has_member("orders"));
    }

    #[test]
    fn a_package_without_a_workspace_is_not_a_workspace() {
        let error = open("[package]\nname = \"one\"\n").unwrap_err().to_string();
        assert!(error.contains("no [workspace]"), "{error}");
    }
}
