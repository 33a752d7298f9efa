//! A workspace of generated crates and of programs that use them, compiled with one call of cargo.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use specmill_codegen::{CarriedManifest, Manifest, Options};

use crate::{options, table};

pub(crate) struct Workspace {
    root: PathBuf,
    project: PathBuf,
}

/// What became of a program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) compiles: bool,
    /// The warnings that it uses what is deprecated.
    pub(crate) deprecated: usize,
    /// Whether it ran to its end; a program that is only compiled did.
    pub(crate) runs: bool,
}

pub(crate) struct AllJudged {
    programs: BTreeMap<String, Judged>,
    errors: BTreeMap<String, String>,
}

impl AllJudged {
    pub(crate) fn of(&self, program: &str) -> &Judged {
        &self.programs[program]
    }

    /// What rustc or the program itself said.
    pub(crate) fn errors(&self, program: &str) -> &str {
        self.errors.get(program).map_or("", String::as_str)
    }
}

impl Workspace {
    pub(crate) fn new() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callers");
        let project = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .unwrap();
        let workspace = Self {
            root,
            project: project.to_path_buf(),
        };
        for folder in ["crates", "programs"] {
            let _ = fs::remove_dir_all(workspace.root.join(folder));
        }
        workspace.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\", \"programs/*\"]\nresolver = \"3\"\n\n[profile.dev]\ndebug = false\nincremental = false\n",
        );
        // The same versions as the project's, so that nothing is asked of a registry.
        let lock = fs::read_to_string(workspace.project.join("Cargo.lock")).unwrap();
        workspace.write("Cargo.lock", &lock);
        workspace
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn options(&self, package: &str) -> Options {
        let mut options = options();
        package.clone_into(&mut options.package);
        let mut carried = CarriedManifest::default();
        let path = self.project.join("crates/client");
        carried
            .runtime
            .insert("path".to_owned(), format!("{:?}", path.to_str().unwrap()));
        options.manifest = Manifest::Carried(carried);
        options
    }

    /// Adds the crate of a document.
    pub(crate) fn add_crate(&self, name: &str, document: &Value) {
        let generated = table::generated(&self.options(name), document);
        for (file, text) in generated.files {
            self.write(&format!("crates/{name}/{}", file.display()), &text);
        }
    }

    /// Adds a program that uses a crate.
    pub(crate) fn add_program(&self, name: &str, of: &str, main: &str) {
        let client = self.project.join("crates/client");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             acme = {{ package = \"{of}\", path = \"../../crates/{of}\" }}\nserde = \"1\"\nserde_json = \"1\"\n\
             specmill-client = {{ path = {:?}, default-features = false }}\n\
             tokio = {{ version = \"1\", features = [\"rt\", \"macros\"] }}\n",
            client.to_str().unwrap()
        );
        self.write(&format!("programs/{name}/Cargo.toml"), &manifest);
        self.write(&format!("programs/{name}/src/main.rs"), main);
    }

    fn cargo(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args([
                "--offline",
                "--workspace",
                "--bins",
                "--keep-going",
                "--message-format=json",
            ])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS")
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Compiles every program, and runs those that are made of the older crate.
    pub(crate) fn compile(&self) -> AllJudged {
        let mut all = AllJudged {
            programs: BTreeMap::new(),
            errors: BTreeMap::new(),
        };
        for entry in fs::read_dir(self.root.join("programs")).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            all.programs.insert(name, Judged::default());
        }
        let mut executables = BTreeMap::new();
        for line in self.cargo(&["build"]).lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let program = message["target"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let Some(judged) = all.programs.get_mut(&program) else {
                assert_ne!(
                    message["message"]["level"], "error",
                    "{program}: {}",
                    message["message"]["rendered"]
                );
                continue;
            };
            if let Some(executable) = message["executable"].as_str() {
                judged.compiles = true;
                executables.insert(program, executable.to_owned());
            } else if message["message"]["code"]["code"] == "deprecated" {
                judged.deprecated += 1;
            } else if message["message"]["level"] == "error" {
                let text = message["message"]["rendered"].as_str().unwrap_or_default();
                all.errors.entry(program).or_default().push_str(text);
            }
        }
        for (program, executable) in executables {
            let judged = all.programs.get_mut(&program).unwrap();
            if program.starts_with("new-") {
                judged.runs = true;
                continue;
            }
            let output = Command::new(executable).env_clear().output().unwrap();
            judged.runs = output.status.success();
            if !judged.runs {
                let text = String::from_utf8_lossy(&output.stderr).into_owned();
                all.errors.insert(program, text);
            }
        }
        all
    }
}
