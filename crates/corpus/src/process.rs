//! Programs that are run, limited and measured.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use specmill_openapi::diagnostic::Result;

use crate::documents::trouble;

/// The time between two looks at a running program.
const PAUSE: Duration = Duration::from_millis(20);

/// The result of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) success: bool,
    /// Whether it was stopped at the time limit.
    pub(crate) late: bool,
    pub(crate) time: Duration,
    /// Its processor time, together with that of the processes it started; `None` where the system does not report it.
    pub(crate) cpu: Option<Duration>,
    /// The peak memory, in bytes, of it or of a process it started, whichever is larger; `None` without `/proc`.
    pub(crate) memory: Option<u64>,
    /// Its output and its errors.
    pub(crate) output: String,
}

impl Ran {
    /// The line of the output that names the error.
    pub(crate) fn problem(&self) -> String {
        if self.late {
            return "stopped at the time limit".to_owned();
        }
        let mut lines = self.output.lines().map(str::trim);
        let is_error =
            |line: &str| line.to_lowercase().starts_with("error") || line.contains("overflowed");
        let last = || {
            let mut lines = self.output.lines().map(str::trim).rev();
            lines.find(|line| !line.is_empty())
        };
        let line = lines.find(|line| is_error(line)).or_else(last);
        line.unwrap_or("stopped by the system").to_owned()
    }
}

/// Runs a program until it ends or the limit is reached. Its output is written to a file.
///
/// One program runs at a time: the processor time is that of all child processes.
pub(crate) fn run(command: &mut Command, printed: &Path, limit: Duration) -> Result<Ran> {
    let file = File::create(printed).map_err(trouble(printed))?;
    let errors = file.try_clone().map_err(trouble(printed))?;
    let (begin, before) = (Instant::now(), cpu_of_children());
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(errors)
        .spawn()
        .map_err(trouble(Path::new(command.get_program())))?;
    let mut memory = None;
    let mut late = false;
    let status = loop {
        memory = peak_memory(child.id()).max(memory);
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
        cpu: cpu_of_children()
            .zip(before)
            .map(|(after, before)| after.saturating_sub(before)),
        memory,
        output: String::from_utf8_lossy(&output).into_owned(),
    })
}

/// The processor time of all child processes that ended.
#[cfg(unix)]
fn cpu_of_children() -> Option<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Some(Duration::from_micros(microseconds.try_into().ok()?))
}

#[cfg(not(unix))]
fn cpu_of_children() -> Option<Duration> {
    None
}

/// The largest peak memory of a process and of those that it started.
fn peak_memory(process: u32) -> Option<u64> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .ok()?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent_of(id)?)))
        .collect();
    let mut family = BTreeSet::from([process]);
    // A process may have a smaller number than its parent, so one pass is not enough.
    loop {
        let before = family.len();
        family.extend(
            parents
                .iter()
                .filter(|(_, parent)| family.contains(parent))
                .map(|(id, _)| *id)
                .collect::<Vec<_>>(),
        );
        if family.len() == before {
            break;
        }
    }
    family.into_iter().filter_map(peak_of).max()
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program is in parentheses and may contain anything; state and parent follow.
    let (_, after) = stat.rsplit_once(')')?;
    after.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn peak_of(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
