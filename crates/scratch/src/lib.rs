//! Temporary workspaces for tests.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::unnecessary_box_returns,
    clippy::must_use_candidate,
    clippy::new_without_default,
    clippy::needless_pass_by_value,
    reason = "these are tests"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use specmill_docs::Page;
use specmill_normalize::Normalized;
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_xtask::api::Api;
use specmill_xtask::import::{self, Import};
use tempfile::TempDir;

/// The settings of every test API; a test can add others.
pub const SETTINGS: &str = "title = \"Acme\"\nmodule = \"acme\"\nfeature = \"acme\"\nenvironment = \"ACME\"\nnamespace-suffix = \"API\"\n";

/// The manifest of a workspace without a facade.
pub const MANIFEST: &str = "\
[workspace]
members = [\"crates/*\"]

[workspace.metadata.specmill]
command = \"cargo xtask\"
package-prefix = \"specmill-\"
";

/// The date of every import.
pub const TODAY: &str = "2026-01-02";

/// A workspace with one API, `acme`, that has no document yet.
pub struct Workspace(TempDir);

/// The result of a run of the command.
#[derive(Debug)]
pub struct Run {
    /// The exit code; `None` if a signal ended the program.
    pub code: Option<i32>,
    /// Its standard output.
    pub output: String,
    /// Its standard error.
    pub errors: String,
}

impl Workspace {
    /// A workspace whose API has the default settings.
    pub fn new() -> Self {
        Self::with_settings("")
    }

    /// A workspace whose API has additional settings.
    pub fn with_settings(more: &str) -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        workspace.write("Cargo.toml", MANIFEST);
        workspace.write("specs/acme/api.toml", &format!("{SETTINGS}{more}"));
        workspace
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and creates its parent folders.
    pub fn write(&self, file: &str, text: &str) {
        let file = self.root().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// The content of a file.
    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root().join(file)).unwrap()
    }

    /// Whether a file or a folder exists.
    pub fn exists(&self, file: &str) -> bool {
        self.root().join(file).exists()
    }

    /// Removes a file.
    pub fn remove(&self, file: &str) {
        std::fs::remove_file(self.root().join(file)).unwrap();
    }

    /// The API `acme`, as its settings describe it.
    ///
    /// # Errors
    /// The input or a setting is invalid.
    pub fn api(&self) -> Result<Api> {
        Api::read(self.root(), "acme")
    }

    /// Prepares an import into `acme`.
    ///
    /// # Errors
    /// The input or a setting is invalid.
    pub fn prepare(&self, pages: &[Page]) -> Result<Import> {
        import::import(self.root(), &self.api()?, pages, TODAY)
    }

    /// Imports pages, given by name and content. Returns the report.
    ///
    /// # Errors
    /// The input or a setting is invalid.
    pub fn import(&self, pages: &[(&str, &str)]) -> Result<Vec<String>> {
        let pages = pages
            .iter()
            .map(|(name, text)| Page::new(*name, text.as_bytes().to_vec()));
        let import = self.prepare(&pages.collect::<Result<Vec<_>>>()?)?;
        import.plan.carry_out(self.root())?;
        Ok(import.report)
    }

    /// Normalises `acme`.
    ///
    /// # Errors
    /// The input or a setting is invalid.
    pub fn normalise(&self) -> Result<Normalized> {
        let api = self.api()?;
        let (input, overlay) = specmill_xtask::input::read(self.root(), &api)?;
        specmill_normalize::normalize(&api.normalize_options(), input, overlay.as_ref())
    }

    /// Runs a program in the workspace, with a string as standard input.
    pub fn run_program(&self, program: &str, arguments: &[&str], input: &str) -> Run {
        let mut command = Command::new(program);
        without_settings(&mut command);
        let mut child = command
            .args(arguments)
            .current_dir(self.root())
            .env("COLUMNS", "100")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that reads no input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code(),
            output: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Every file of the workspace with its content.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).unwrap();
                    files.insert(
                        path.strip_prefix(self.root()).unwrap().to_path_buf(),
                        content,
                    );
                }
            }
        }
        files
    }
}

/// Normalises one document, with additional settings.
///
/// # Errors
/// The input or a setting is invalid.
pub fn normalise_with(settings: &str, document: &Value) -> Result<Normalized> {
    let workspace = Workspace::with_settings(settings);
    workspace.write("specs/acme/spec.json", &document.to_string());
    workspace.normalise()
}

/// Normalises one document.
pub fn normalised(document: &Value) -> Normalized {
    normalise_with("", document).unwrap()
}

/// The error of normalising an invalid document.
pub fn refused(document: &Value) -> Box<Diagnostic> {
    normalise_with("", document).unwrap_err()
}

/// A document with paths and component schemas.
pub fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas}
    })
}

/// A response with a schema.
pub fn response(schema: Value) -> Value {
    json!({"description": "OK", "content": {"application/json": {"schema": schema}}})
}

/// A reference to a component schema.
pub fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A document with one operation, in the form that vendors publish.
pub fn published(operation: &str, method: &str, path: &str) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "paths": {path: {method: {"operationId": operation, "responses": {"204": {"description": "Done"}}}}}
    })
}

/// A document with one operation, whose response has the named schema.
pub fn published_with(operation: &str, method: &str, path: &str, name: &str, of: Value) -> Value {
    let mut document = published(operation, method, path);
    document["paths"][path][method]["responses"] = json!({"200": response(schema(name))});
    document["components"] = json!({"schemas": {name: of}});
    document
}

/// A page that contains documents, in blocks of one line each.
pub fn page(documents: &[Value]) -> String {
    let mut text = "# Acme\n\nProse.\n".to_owned();
    for document in documents {
        text.push_str(&format!("\n## An operation\n\n```json\n{document}\n```\n"));
    }
    text
}

/// The changes of one transform, as `pointer: what`.
pub fn changes_of(normalised: &Normalized, transform: &str) -> Vec<String> {
    let changes = normalised
        .changes
        .iter()
        .filter(|change| change.transform == transform);
    changes
        .map(|change| format!("{}: {}", change.pointer, change.what))
        .collect()
}

/// Removes the user's settings from the environment of a program and of the git that it runs.
pub fn without_settings(command: &mut Command) {
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for name in [
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_WORK_TREE",
        "NO_COLOR",
    ] {
        command.env_remove(name);
    }
}
