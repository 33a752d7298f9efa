//! Runs a command again after each change in `specs/`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use specmill_openapi::diagnostic::Result;

/// The interval at which the files are checked.
const PAUSE: Duration = Duration::from_millis(300);

/// The files below a folder, with their modification times and lengths.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Runs a command now and after each change, until the program is interrupted.
pub(super) fn run(root: &Path, command: impl FnMut() -> Result<ExitCode>) -> Result<ExitCode> {
    watch(&root.join("specs"), command, || {
        std::thread::sleep(PAUSE);
        true
    })
}

/// Runs `command` after each change. `wait` sleeps, and returns whether to continue.
fn watch(
    folder: &Path,
    mut command: impl FnMut() -> Result<ExitCode>,
    mut wait: impl FnMut() -> bool,
) -> Result<ExitCode> {
    loop {
        // The files may be incomplete while they are edited: the next change may fix the error.
        if let Err(diagnostic) = command() {
            eprintln!("{}", super::named(&diagnostic.to_string()));
        }
        super::say!("Watching specs/; press Ctrl-C to stop.");
        // Files that the command itself wrote do not count as changes.
        let before = files(folder);
        loop {
            if !wait() {
                return Ok(ExitCode::SUCCESS);
            }
            let now = files(folder);
            if now == before {
                continue;
            }
            // An editor may still be writing: wait until the files no longer change.
            if wait() && files(folder) == now {
                break;
            }
        }
    }
}

fn files(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.is_dir() {
                folders.push(entry.path());
            } else {
                let seen = (metadata.modified().ok(), metadata.len());
                files.insert(entry.path(), seen);
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use specmill_openapi::diagnostic::Diagnostic;

    use super::*;

    #[test]
    fn the_command_runs_after_each_change_and_after_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("acme");
        std::fs::create_dir(&inner).unwrap();
        let (runs, waits) = (Cell::new(0), Cell::new(0));
        let command = || {
            runs.set(runs.get() + 1);
            // Files that the command writes do not start another run.
            std::fs::write(inner.join("openapi.json"), "x".repeat(runs.get())).unwrap();
            Err(Diagnostic::new("half a file"))
        };
        let wait = || {
            waits.set(waits.get() + 1);
            match waits.get() {
                2 => std::fs::write(inner.join("overlay.yaml"), "one").unwrap(),
                3 => std::fs::write(inner.join("overlay.yaml"), "more").unwrap(),
                7 => std::fs::remove_file(inner.join("overlay.yaml")).unwrap(),
                _ => {}
            }
            waits.get() < 12
        };
        watch(folder.path(), command, wait).unwrap();
        assert_eq!(runs.get(), 3);
    }
}
