//! A workspace with the clients of every test document, which are generated and compiled once.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use specmill_docs::{Page, source};
use specmill_model::Model;
use specmill_openapi::diagnostic::Result;
use specmill_xtask::api::Api;
use specmill_xtask::regen::ApiReport;
use specmill_xtask::{import, input, new, regen};

use crate::{conformance, files, hundred, pages, random, webhooks};

/// The folder of the documents.
pub(crate) fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents")
}

/// A YAML file of the documents.
pub(crate) fn yaml(file: &str) -> Value {
    let text = std::fs::read_to_string(documents().join(file)).unwrap();
    // The document is parsed as the generator parses it: statuses may be numbers.
    specmill_openapi::document::parse_yaml(&text).unwrap()
}

/// A workspace and its generated files.
pub(crate) struct Project {
    pub(crate) root: PathBuf,
}

impl Project {
    /// Creates an empty workspace below a folder.
    pub(crate) fn new(root: &Path) -> Self {
        let _ = std::fs::remove_dir_all(root.join("specs"));
        let project = Self {
            root: root.to_path_buf(),
        };
        project.write("Cargo.toml", &manifest());
        project.write("src/lib.rs", "");
        std::fs::create_dir_all(root.join("specs")).unwrap();
        project
    }

    /// Writes a file if its content differs, since cargo compares modification times.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.root.join(file);
        if std::fs::read_to_string(&file).is_ok_and(|there| there == text) {
            return;
        }
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.root.join(file))
            .unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Creates an API from a document, as `cargo xtask new` does.
    pub(crate) fn add_document(&self, name: &str, document: &Value) -> Result<Vec<String>> {
        self.add_file(name, &format!("given/{name}.json"), &document.to_string())
    }

    /// Creates an API from a YAML document.
    pub(crate) fn add_yaml(&self, name: &str, document: &str) -> Result<Vec<String>> {
        self.add_file(name, &format!("given/{name}.yaml"), document)
    }

    fn add_file(&self, name: &str, file: &str, text: &str) -> Result<Vec<String>> {
        self.write(file, text);
        self.add_path(name, &self.root.join(file))
    }

    /// Creates an API from a document file and the files next to it.
    pub(crate) fn add_path(&self, name: &str, file: &Path) -> Result<Vec<String>> {
        let given = source::read(&file.to_string_lossy(), None)?;
        let made = new::prepare(
            &self.root,
            name,
            &new::Options::default(),
            vec![given],
            "2026-01-02",
        );
        // `new` refuses a name whose folder exists, so the folder of an earlier run is removed.
        let _ = std::fs::remove_dir_all(self.root.join("specs").join(name));
        let made = made?;
        made.plan.carry_out(&self.root)?;
        Ok(made.report)
    }

    /// Creates an API from pages, as `cargo xtask import` does.
    pub(crate) fn add_pages(&self, name: &str, pages: &[(&str, String)]) {
        let settings =
            Project::read_document("pages/api.toml").replace("\"acme\"", &format!("{name:?}"));
        self.write(&format!("specs/{name}/api.toml"), &settings);
        self.import(name, pages);
    }

    pub(crate) fn import(&self, name: &str, pages: &[(&str, String)]) {
        let pages = pages
            .iter()
            .map(|(file, text)| Page::new(*file, text.clone().into_bytes()).unwrap());
        let api = Api::read(&self.root, name).unwrap();
        let import =
            import::import(&self.root, &api, &pages.collect::<Vec<_>>(), "2026-01-02").unwrap();
        import.plan.carry_out(&self.root).unwrap();
    }

    pub(crate) fn read_document(file: &str) -> String {
        std::fs::read_to_string(documents().join(file)).unwrap()
    }

    /// Regenerates, as `cargo xtask regen` does.
    pub(crate) fn regenerate(&self) -> Vec<ApiReport> {
        let made = regen::regenerate(&self.root, None).unwrap();
        made.output
            .plan(&self.root)
            .unwrap()
            .carry_out(&self.root)
            .unwrap();
        made.apis
    }

    /// An API's normalised document and its model.
    pub(crate) fn lowered(&self, name: &str) -> (Value, Model) {
        let api = Api::read(&self.root, name).unwrap();
        let (input, overlay) = input::read(&self.root, &api).unwrap();
        let document =
            specmill_normalize::normalize(&api.normalize_options(), input, overlay.as_ref())
                .unwrap()
                .document;
        let lowered = specmill_model::lower(&api.codegen_options().lowering(), &document).unwrap();
        (document, lowered)
    }
}

/// The manifest of the workspace, with the dependency versions of the project.
fn manifest() -> String {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let text = std::fs::read_to_string(project.join("Cargo.toml")).unwrap();
    let own: toml::Value = toml::from_str(&text).unwrap();
    let mut dependencies = String::new();
    for name in ["schemars", "serde", "serde_json", "tokio", "wiremock"] {
        let _ = writeln!(
            dependencies,
            "{name} = {}",
            own["workspace"]["dependencies"][name]
        );
    }
    let client = project.join("crates/client");
    format!(
        r#"[workspace]
members = ["crates/*", "driver", "mistakes"]
resolver = "3"

[workspace.metadata.specmill]
command = "cargo xtask"
facade = true
inherit = true
package-prefix = "specmill-"

[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = {}
license = "MIT OR Apache-2.0"
repository = "https://acme.test"

[workspace.dependencies]
specmill-client = {{ version = "0.1.0", path = '{}', default-features = false }}
{dependencies}# workspace-dependencies: Generated by `cargo xtask regen`
# end of workspace-dependencies

[profile.dev]
debug = false
incremental = false

[package]
name = "specmill"
version = "0.1.0"
edition = "2024"

[features]
# features: Generated by `cargo xtask regen`
# end of features
rustls = []
tracing = []

[dependencies]
# dependencies: Generated by `cargo xtask regen`
# end of dependencies
specmill-client = {{ workspace = true }}
"#,
        own["workspace"]["package"]["rust-version"],
        client.display()
    )
}

/// The compiled clients of every test document, with the results of their tests.
pub(crate) struct Compiled {
    pub(crate) project: Project,
    pub(crate) reports: Vec<ApiReport>,
    /// The output of cargo.
    pub(crate) output: String,
    /// The tests that ran, and whether each passed: `api::tag::test`.
    pub(crate) tests: BTreeMap<String, bool>,
}

/// Compiles everything, once for all tests.
pub(crate) fn compiled() -> &'static Compiled {
    static COMPILED: OnceLock<Option<Compiled>> = OnceLock::new();
    // A failure is reported once; the other tests fail because of it and do not compile again.
    let compiled = COMPILED.get_or_init(|| std::panic::catch_unwind(compile).ok());
    compiled
        .as_ref()
        .expect("the workspace of all documents could not be made")
}

fn compile() -> Compiled {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let project = Project::new(&root);
    let (crates, before) = (root.join("crates"), root.join("crates-before"));
    let _ = std::fs::remove_dir_all(&before);
    let _ = std::fs::rename(&crates, &before);
    conformance::add_all(&project);
    files::add_all(&project);
    hundred::add(&project);
    random::add(&project);
    webhooks::add(&project);
    project.add_pages("pages", &pages::all());
    project.write(
        "specs/pages/overlay.yaml",
        &Project::read_document("pages/overlay.yaml"),
    );
    let reports = project.regenerate();
    keep_times(&crates, &before);
    let apis: Vec<String> = reports.iter().map(|report| report.name.clone()).collect();
    write_driver(&project, &apis);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    // The lock file of the project, so that cargo does not query a registry.
    let lock = std::fs::read_to_string(repository.join("Cargo.lock")).unwrap();
    project.write("Cargo.lock", &lock);
    let run = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--no-fail-fast", "-p", "driver"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .output()
        .unwrap();
    let output = format!(
        "{}{}",
        String::from_utf8_lossy(&run.stderr),
        String::from_utf8_lossy(&run.stdout)
    );
    let tests = output.lines().filter_map(|line| {
        let (name, verdict) = line.strip_prefix("test ")?.split_once(" ... ")?;
        Some((name.to_owned(), verdict == "ok"))
    });
    Compiled {
        tests: tests.collect(),
        project,
        reports,
        output,
    }
}

/// Restores the modification times of unchanged files, so that cargo does not compile them again.
fn keep_times(folder: &Path, before: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let old = before.join(path.file_name().unwrap());
        if path.is_dir() {
            keep_times(&path, &old);
        } else if std::fs::read(&old).is_ok_and(|there| there == std::fs::read(&path).unwrap()) {
            let time = std::fs::metadata(&old).unwrap().modified().unwrap();
            std::fs::File::options()
                .append(true)
                .open(&path)
                .unwrap()
                .set_modified(time)
                .unwrap();
        }
    }
}

/// Writes a test program with the wire tests of every client and the hand-written tests in `documents/driver`.
fn write_driver(project: &Project, apis: &[String]) {
    let mut manifest = String::from(
        "[package]\nname = \"driver\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n",
    );
    let mut main = String::from("//! Every test of every generated client.\n\n");
    let mut tables = String::from("\nstatic APIS: &[&specmill_client::dynamic::Api] = &[\n");
    for api in apis {
        let own = project.read(&format!("crates/{api}/Cargo.toml"));
        let webhooks = if own.contains("\nwebhooks = ") {
            ", \"webhooks\""
        } else {
            ""
        };
        let _ = writeln!(
            manifest,
            "specmill-{api} = {{ path = \"../crates/{api}\", default-features = false, features = [\"base64\", \"builders\", \"dynamic\", \"jiff\", \"mock\", \"schemars\", \"uuid\"{webhooks}] }}"
        );
        let module = api.replace('-', "_");
        let _ = writeln!(
            main,
            "#[path = \"../../../crates/{api}/tests/wire/main.rs\"]\nmod {module};"
        );
        let _ = writeln!(tables, "    &specmill_{module}::dynamic::API,");
        // Only `cargo xtask contract` runs this program; here it is only compiled.
        let _ = writeln!(
            main,
            "#[allow(dead_code)]\n#[path = \"../../../crates/{api}/tests/contract/main.rs\"]\nmod contract_of_{module};"
        );
    }
    for name in [
        "access",
        "pages",
        "conformance",
        "dynamic",
        "files",
        "mocks",
        "oauth2",
        "requests",
        "streams",
        "types",
        "webhooks",
    ] {
        project.write(
            &format!("driver/tests/all/by_hand_{name}.rs"),
            &Project::read_document(&format!("driver/{name}.rs")),
        );
        let _ = writeln!(main, "mod by_hand_{name};");
    }
    main.push_str("mod examples;\nmod round_trips;\n");
    main.push_str(&tables);
    main.push_str("];\n");
    manifest.push_str(
        "schemars = { workspace = true }\nserde = { workspace = true }\nserde_json = { workspace = true }\n\
         specmill-client = { workspace = true }\n\
         tokio = { workspace = true, features = [\"io-util\", \"macros\", \"net\", \"rt\", \"sync\"] }\nwiremock = { workspace = true }\n",
    );
    crate::mistakes::add(project);
    project.write("driver/Cargo.toml", &manifest);
    project.write("driver/src/lib.rs", "");
    project.write("driver/tests/all/main.rs", &main);
    let examples = crate::reference::programs(project, apis);
    project.write("driver/tests/all/examples.rs", &examples);
    let (rounds, values) = crate::wire::round_trips(project, apis);
    project.write("driver/tests/all/round_trips.rs", &rounds);
    project.write("driver/values.json", &json!(values).to_string());
}
