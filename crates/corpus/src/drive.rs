//! Programs that call clients of the corpus, each against the mock server of the same document.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use specmill_openapi::diagnostic::{Diagnostic, Result};

use crate::documents::{trouble, write};
use crate::measure::package_of;
use crate::process::{Limits, Ran, run};
use crate::workspace::Scratch;

/// The time limit for generating a client.
const MAKING: Duration = Duration::from_secs(1200);

/// The time limit for compiling and running the programs.
const DRIVING: Duration = Duration::from_secs(3600);

/// A document whose client is called.
struct Driven {
    /// Its name in the corpus.
    name: &'static str,
    /// The features of its crate that contain the called operations.
    features: &'static [&'static str],
    /// The program that calls them.
    program: &'static str,
}

/// Features of real services: JSON and events from one operation, uploads, downloads, OAuth 2.0 tokens, and JSON lines.
const DRIVEN: [Driven; 3] = [
    Driven {
        name: "openai",
        features: &["chat", "files"],
        program: include_str!("../drivers/openai.rs"),
    },
    Driven {
        name: "box",
        features: &["downloads", "uploads", "users"],
        program: include_str!("../drivers/box.rs"),
    },
    Driven {
        name: "vercel",
        features: &["billing", "sandboxes"],
        program: include_str!("../drivers/vercel.rs"),
    },
];

/// Generates the clients, compiles a program for each, and runs them. Returns the results of their tests.
pub(crate) fn all(root: &Path, documents: &BTreeMap<String, PathBuf>) -> Result<Ran> {
    let scratch = Scratch::make(root, "driven")?;
    scratch.clear()?;
    for driven in &DRIVEN {
        let document = documents.get(driven.name).ok_or_else(|| {
            Diagnostic::new(format!(
                "the corpus has no document called `{}`",
                driven.name
            ))
        })?;
        let (given, module) = (document.to_string_lossy(), module(driven.name));
        let arguments = ["new", driven.name, &given, "--module", &module];
        succeed(&scratch, "new", driven.name, &arguments)?;
    }
    succeed(&scratch, "regen", "driven", &["regen"])?;
    driver(root, &scratch)?;
    let mut command = Command::new("cargo");
    command
        .args(["test", "--quiet", "--no-fail-fast", "-p", "driver"])
        .current_dir(&scratch.folder)
        .env("CARGO_TARGET_DIR", &scratch.target);
    run(
        &mut command,
        &scratch.printed.join("driven.txt"),
        Limits::time(DRIVING),
    )
}

/// Runs a command of the generator, which must succeed.
fn succeed(scratch: &Scratch, what: &str, name: &str, arguments: &[&str]) -> Result<()> {
    let printed = scratch.printed.join(format!("{name}.{what}.txt"));
    let ran = run(
        &mut scratch.generator(arguments),
        &printed,
        Limits::time(MAKING),
    )?;
    if ran.success {
        return Ok(());
    }
    let problem = format!("`{what}` failed for {name}: {}", ran.problem());
    Err(Diagnostic::new(problem).help(format!("{} has all of it", printed.display())))
}

/// Writes the package of the programs, with a test target for each client.
fn driver(root: &Path, scratch: &Scratch) -> Result<()> {
    let folder = scratch.folder.join("crates/driver");
    let mut manifest = String::from(
        "[package]\nname = \"driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n",
    );
    for driven in &DRIVEN {
        let features: Vec<String> = ["mock"]
            .iter()
            .chain(driven.features)
            .map(|feature| format!("{feature:?}"))
            .collect();
        let _ = writeln!(
            manifest,
            "{} = {{ package = \"{}\", path = \"../{}\", default-features = false, features = [{}] }}",
            module(driven.name),
            package_of(
                &scratch.folder.join("crates").join(driven.name),
                driven.name
            ),
            driven.name,
            features.join(", ")
        );
        write(
            &folder.join(format!("tests/{}.rs", driven.name)),
            driven.program,
        )?;
    }
    let _ = write!(
        manifest,
        "serde_json = \"1\"\nspecmill-client = {{ path = '{}' }}\ntempfile = \"3\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n",
        root.join("crates/client").display()
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    write(&folder.join("src/lib.rs"), "")?;
    // The versions of this workspace, so that the dependencies are those of other builds.
    let (from, to) = (root.join("Cargo.lock"), scratch.folder.join("Cargo.lock"));
    std::fs::copy(&from, to).map(drop).map_err(trouble(&from))
}

/// The Rust module name of a client, which is not a keyword.
fn module(name: &str) -> String {
    format!("{name}_api")
}
