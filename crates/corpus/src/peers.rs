//! Other generators, where they are installed.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use specmill_openapi::diagnostic::Result;

use crate::process::run;
use crate::workspace::Scratch;

/// The longest that another generator may take.
const LIMIT: Duration = Duration::from_secs(600);

/// A generator: its program, its version, and its arguments for a document and a folder.
struct Peer {
    program: &'static str,
    version: &'static str,
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
        arguments: |document, folder| words(&["generate", document, "-o", folder]),
    },
];

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What the other generators make of a document, one line each; nothing for one that is not installed.
pub(crate) fn beside(scratch: &Scratch, name: &str, file: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for peer in PEERS {
        if !is_installed(&peer) {
            continue;
        }
        let folder = scratch.folder.join("peers").join(peer.program).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let arguments = (peer.arguments)(&file.to_string_lossy(), &folder.to_string_lossy());
        let printed = scratch.printed.join(format!("{name}.{}.txt", peer.program));
        let ran = run(Command::new(peer.program).args(arguments), &printed, LIMIT)?;
        lines.push(if ran.success {
            format!("{} {:.1} s", peer.program, ran.time.as_secs_f64())
        } else {
            format!("{} fails", peer.program)
        });
    }
    Ok(lines)
}

fn is_installed(peer: &Peer) -> bool {
    let output = Command::new(peer.program).arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(peer.version))
}
