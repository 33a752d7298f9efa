//! A program that is run and watched.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use specmill_openapi::diagnostic::Result;

use crate::documents::trouble;

/// How long nothing is done between two looks at a program.
const PAUSE: Duration = Duration::from_millis(20);

/// What became of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) success: bool,
    /// Whether it was ended since it took too long.
    pub(crate) late: bool,
    pub(crate) time: Duration,
    /// The most memory that it took, in bytes, where the system tells.
    pub(crate) memory: Option<u64>,
    /// What it printed, errors among it.
    pub(crate) output: String,
}

impl Ran {
    /// The line that says what is wrong.
    pub(crate) fn problem(&self) -> String {
        if self.late {
            return "ended since it took too long".to_owned();
        }
        let mut lines = self.output.lines();
        let error = lines.find(|line| line.starts_with("error") || line.contains("overflowed"));
        let last = || self.output.lines().last().unwrap_or("ended by the system");
        error.unwrap_or_else(last).to_owned()
    }
}

/// Runs a program to its end, or until the limit. What it prints goes to a file.
pub(crate) fn run(command: &mut Command, printed: &Path, limit: Duration) -> Result<Ran> {
    let file = File::create(printed).map_err(trouble(printed))?;
    let errors = file.try_clone().map_err(trouble(printed))?;
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .spawn()
        .map_err(trouble(Path::new(command.get_program())))?;
    let mut memory = None;
    let mut late = false;
    let status = loop {
        memory = most_memory(child.id()).max(memory);
        if let Some(status) = child.try_wait().map_err(trouble(printed))? {
            break status;
        }
        if begin.elapsed() > limit && !late {
            late = true;
            child.kill().map_err(trouble(printed))?;
        }
        std::thread::sleep(PAUSE);
    };
    let output = std::fs::read(printed).map_err(trouble(printed))?;
    Ok(Ran {
        success: status.success(),
        late,
        time: begin.elapsed(),
        memory,
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// The most memory that a process took so far, where `/proc` tells.
fn most_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
