//! Other generators, measured on the same documents.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use specmill_openapi::diagnostic::Result;

use crate::comparison::{Checked, Measured, THIS};
use crate::documents::{trouble, write};
use crate::measure::{api_name, module_name, package_of};
use crate::process::{Limits, Ran, run};
use crate::sources;
use crate::typing::Typing;
use crate::workspace::Scratch;

/// The time limit of a generator.
const GENERATION: Duration = Duration::from_secs(1200);

/// Another generator.
struct Peer {
    program: &'static str,
    /// The measured version. Others are ignored, since figures of two versions cannot be compared.
    version: &'static str,
    /// The arguments for a document and the folder of the crate.
    arguments: fn(&str, &str) -> Vec<String>,
}

const PEERS: [Peer; 2] = [
    Peer {
        program: "ploidy",
        version: "0.15.0",
        arguments: |document, folder| words(&["generate", "rust", document, "-o", folder]),
    },
    Peer {
        program: "openapi-to-rust",
        version: "0.23.0",
        arguments: |document, folder| {
            let module = format!("{folder}/src/generated");
            words(&["generate", document, "--output-dir", &module])
        },
    },
];

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The names of the generators that can be measured: this one, and the others that are installed in their pinned
/// versions.
pub(crate) fn installed() -> Vec<&'static str> {
    let peers = PEERS.iter().filter(|peer| {
        let output = Command::new(peer.program).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(peer.version))
    });
    std::iter::once(THIS)
        .chain(peers.map(|peer| peer.program))
        .collect()
}

/// Measures a generator on a document, with the types that the document declares.
pub(crate) fn measure(
    scratch: &Scratch,
    generator: &str,
    name: &str,
    document: &Path,
    typing: &Typing,
    check: bool,
) -> Result<Measured> {
    match PEERS.iter().find(|peer| peer.program == generator) {
        Some(peer) => of_peer(scratch, peer, name, document, typing, check),
        None => of_this(scratch, name, document, typing, check),
    }
}

fn of_this(
    scratch: &Scratch,
    name: &str,
    document: &Path,
    typing: &Typing,
    check: bool,
) -> Result<Measured> {
    scratch.clear()?;
    let api = api_name(name);
    let given = document.to_string_lossy();
    let new = ["new", &api, &given, "--module", &module_name(&api)];
    let printed = scratch.printed.join(format!("{name}.specmill.txt"));
    let mut measured = Measured::default();
    // A crate needs both commands.
    for arguments in [&new[..], &["regen"]] {
        let ran = run(
            &mut scratch.generator(arguments),
            &printed,
            Limits::time(GENERATION),
        )?;
        if !measured.add(&ran) {
            return Ok(measured);
        }
    }
    let folder = scratch.folder.join("crates").join(&api);
    measured.sources = sources::count(&folder.join("src"), typing);
    if check {
        let package = package_of(&folder, &api);
        let command = || scratch.check(&package);
        measured.check = Some(check_alone(&folder, &printed, command)?);
    }
    Ok(measured)
}

fn of_peer(
    scratch: &Scratch,
    peer: &Peer,
    name: &str,
    document: &Path,
    typing: &Typing,
    check: bool,
) -> Result<Measured> {
    let folder = scratch
        .folder
        .with_file_name("peers")
        .join(peer.program)
        .join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(trouble(&folder))?;
    }
    std::fs::create_dir_all(&folder).map_err(trouble(&folder))?;
    let arguments = (peer.arguments)(&document.to_string_lossy(), &folder.to_string_lossy());
    let printed = scratch.printed.join(format!("{name}.{}.txt", peer.program));
    let mut command = Command::new(peer.program);
    command.args(arguments).current_dir(&folder);
    let mut measured = Measured::default();
    if !measured.add(&run(&mut command, &printed, Limits::time(GENERATION))?) {
        return Ok(measured);
    }
    measured.sources = sources::count(&folder.join("src"), typing);
    if check {
        complete(&folder)?;
        let command = || {
            let mut command = Command::new("cargo");
            command
                .args(["check", "--quiet"])
                .current_dir(&folder)
                .env("CARGO_TARGET_DIR", scratch.target.join("peers"));
            command
        };
        measured.check = Some(check_alone(&folder, &printed, command)?);
    }
    Ok(measured)
}

/// Completes a generator's output, which may be only a module, to a crate with its own workspace, since another workspace
/// encloses it.
fn complete(folder: &Path) -> Result<()> {
    let file = folder.join("Cargo.toml");
    let mut manifest = std::fs::read_to_string(&file).unwrap_or_default();
    if manifest.is_empty() {
        let dependencies = folder.join("src/generated/REQUIRED_DEPS.toml");
        manifest = format!(
            "[package]\nname = \"compared\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{}",
            std::fs::read_to_string(&dependencies).map_err(trouble(&dependencies))?
        );
        write(&folder.join("src/lib.rs"), "pub mod generated;\n")?;
    }
    manifest.push_str("\n[workspace]\n\n[profile.dev]\ndebug = false\nincremental = false\n");
    write(&file, &manifest)
}

/// The cost of checking a crate whose dependencies have been checked before.
fn check_alone(folder: &Path, printed: &Path, command: impl Fn() -> Command) -> Result<Checked> {
    let root = folder.join("src/lib.rs");
    let text = std::fs::read_to_string(&root).map_err(trouble(&root))?;
    write(&root, "")?;
    let dependencies = run(&mut command(), printed, Limits::of_a_check())?;
    write(&root, &text)?;
    if !dependencies.success {
        return Ok(Checked::Failed);
    }
    let ran = run(&mut command(), printed, Limits::of_a_check())?;
    Ok(match ran {
        Ran {
            success: true,
            cpu: Some(cpu),
            memory: Some(memory),
            ..
        } => Checked::Passed { cpu, memory },
        Ran { success: true, .. } => Checked::Unmeasured,
        _ => Checked::Failed,
    })
}
