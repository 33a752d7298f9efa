//! Compiles generated crates and programs that use them with rustc alone, against the dependencies of this test.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::table;

/// The dependencies of the crates and programs.
const DEPENDENCIES: [&str; 4] = ["serde", "serde_json", "specmill_client", "tokio"];

pub(crate) struct Workspace {
    root: PathBuf,
    /// The folder with the dependencies.
    folder: PathBuf,
    /// The library of each dependency.
    libraries: Vec<(&'static str, PathBuf)>,
}

/// The result of a program.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) compiles: bool,
    /// The number of warnings about uses of deprecated items.
    pub(crate) deprecated: usize,
    /// Whether it ran to completion.
    pub(crate) runs: bool,
    /// The errors of rustc or of the program.
    pub(crate) errors: String,
}

/// A generated crate, compiled to the metadata of rustc.
pub(crate) struct Crate {
    folder: PathBuf,
}

impl Workspace {
    /// Creates an empty folder, and locates the dependencies in the output of cargo.
    pub(crate) fn new() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callers");
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let output = Command::new(env!("CARGO"))
            .args([
                "test",
                "--no-run",
                "--offline",
                "-p",
                env!("CARGO_PKG_NAME"),
                "--test",
                "callers",
            ])
            .arg("--message-format=json")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "cargo does not build this test");
        let mut found: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let message: Value = serde_json::from_str(line).unwrap();
            let name = message["target"]["name"].as_str().unwrap_or_default();
            let Some(name) = DEPENDENCIES.into_iter().find(|known| *known == name) else {
                continue;
            };
            let files = message["filenames"].as_array().into_iter().flatten();
            let files = files.filter_map(Value::as_str).map(PathBuf::from);
            let libraries =
                files.filter(|file| file.extension().is_some_and(|kind| kind == "rlib"));
            found.entry(name).or_default().extend(libraries);
        }
        let mut workspace = Self {
            folder: found["serde"][0].parent().unwrap().to_path_buf(),
            libraries: Vec::new(),
            root,
        };
        // Build scripts and macros have libraries of their own; the libraries that the runtime was built with come last.
        let last = |name: &'static str| (name, found[name].last().unwrap().clone());
        for serde in &found["serde"] {
            for serde_json in &found["serde_json"] {
                workspace.libraries = vec![
                    ("serde", serde.clone()),
                    ("serde_json", serde_json.clone()),
                    last("specmill_client"),
                    last("tokio"),
                ];
                if workspace.fits() {
                    return workspace;
                }
            }
        }
        panic!("no library of serde fits the runtime");
    }

    /// Whether the libraries are those that the runtime was built with.
    fn fits(&self) -> bool {
        let probe =
            "pub fn same(one: serde_json::Value) -> specmill_client::serde_json::Value { one }
                     pub fn is_serde() where serde_json::Value: serde::Serialize {}";
        fs::write(self.root.join("probe.rs"), probe).unwrap();
        let arguments = ["--crate-type=lib", "--emit=metadata", "probe.rs"];
        self.rustc(&self.root, &arguments).status.success()
    }

    fn rustc(&self, folder: &Path, arguments: &[&str]) -> Output {
        let mut rustc = Command::new("rustc");
        rustc
            .args([
                "--edition=2024",
                "--error-format=json",
                "-Cdebuginfo=0",
                "-Ccodegen-units=16",
            ])
            .args([
                "--cfg",
                "feature=\"rustls\"",
                "--cfg",
                "feature=\"tracing\"",
            ])
            .arg(format!("-Ldependency={}", self.folder.display()))
            .args(arguments)
            .arg("--out-dir")
            .arg(folder)
            .env("CARGO_PKG_VERSION", "0.1.0")
            .current_dir(folder);
        for (name, library) in &self.libraries {
            rustc.arg(format!("--extern={name}={}", library.display()));
        }
        rustc.output().unwrap()
    }

    /// Generates and checks the crate of a document.
    pub(crate) fn add_crate(&self, name: &str, document: &Value) -> Crate {
        let folder = self.root.join(name);
        for (file, text) in table::generated(&table::options(), document).files {
            let file = folder.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let output = self.rustc(
            &folder,
            &[
                "--crate-name=acme",
                "--crate-type=lib",
                "--emit=metadata",
                "src/lib.rs",
            ],
        );
        assert!(output.status.success(), "{name}: {}", rendered(&output).1);
        Crate { folder }
    }

    /// Compiles a program with a crate, and runs it if it compiles.
    pub(crate) fn judge(&self, of: &Crate, text: &str, run: bool) -> Judged {
        let file = if run { "caller.rs" } else { "new-caller.rs" };
        // Several programs are compiled with the crate of the base document, so each needs a folder of its own.
        let folder = tempfile::tempdir_in(&self.root).unwrap();
        fs::write(folder.path().join(file), text).unwrap();
        let metadata = format!(
            "--extern=acme={}",
            of.folder.join("libacme.rmeta").display()
        );
        let output = self.rustc(
            folder.path(),
            &["--crate-name=caller", "--emit=metadata", &metadata, file],
        );
        let (deprecated, errors) = rendered(&output);
        let mut judged = Judged {
            compiles: output.status.success(),
            deprecated,
            runs: false,
            errors,
        };
        if judged.compiles && run {
            self.run(of, folder.path(), file, &mut judged);
        }
        judged
    }

    fn run(&self, of: &Crate, folder: &Path, file: &str, judged: &mut Judged) {
        let library = self.rustc(
            folder,
            &[
                "--crate-name=acme",
                "--crate-type=lib",
                of.folder.join("src/lib.rs").to_str().unwrap(),
            ],
        );
        assert!(library.status.success(), "{}", rendered(&library).1);
        let library = format!("--extern=acme={}", folder.join("libacme.rlib").display());
        let program = self.rustc(folder, &["--crate-name=caller", &library, file]);
        assert!(program.status.success(), "{}", rendered(&program).1);
        let output = Command::new(folder.join("caller"))
            .env_clear()
            .output()
            .unwrap();
        judged.runs = output.status.success();
        judged.errors = String::from_utf8_lossy(&output.stderr).into_owned();
    }
}

/// The number of warnings about deprecated items, and the errors.
fn rendered(output: &Output) -> (usize, String) {
    let (mut deprecated, mut errors) = (0, String::new());
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            errors.push_str(line);
            continue;
        };
        if message["code"]["code"] == "deprecated" {
            deprecated += 1;
        }
        if message["level"] == "error" {
            errors.push_str(message["rendered"].as_str().unwrap_or_default());
        }
    }
    (deprecated, errors)
}
