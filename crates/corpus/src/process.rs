//! Runs programs with limits, and measures them.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use specmill_openapi::diagnostic::Result;

use crate::documents::trouble;

/// The time between the first checks of a running program. A program that runs for longer is checked less often.
const PAUSE: Duration = Duration::from_millis(20);

/// The time between later checks.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// The memory that a compiler may use, in bytes.
pub(crate) const CHECK_MEMORY: u64 = 16_000_000_000;

/// The memory that stays available to the other programs of the system, in bytes.
const RESERVE: u64 = 1_000_000_000;

/// The limits of a program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    time: Duration,
    /// In bytes, for the program and each process that it starts. Where `/proc` does not exist, it has no effect.
    memory: Option<u64>,
}

impl Limits {
    /// Only a time limit.
    pub(crate) fn time(time: Duration) -> Self {
        Self { time, memory: None }
    }

    /// The limits of checking a crate.
    pub(crate) fn of_a_check() -> Self {
        Self {
            time: Duration::from_secs(3600),
            memory: Some(CHECK_MEMORY),
        }
    }
}

/// The limit that stopped a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// It ran for too long.
    Late,
    /// It used more memory than it may.
    TooLarge,
    /// The system ran out of memory.
    NoMemory,
}

/// The result of a program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) success: bool,
    pub(crate) stopped: Option<Stopped>,
    pub(crate) time: Duration,
    /// The processor time of the program and the processes that it started; `None` if the system does not report it.
    pub(crate) cpu: Option<Duration>,
    /// The larger peak memory of the program and of the processes that it started, in bytes; `None` without `/proc`.
    pub(crate) memory: Option<u64>,
    /// Its standard output and standard error.
    pub(crate) output: String,
}

impl Ran {
    /// The line of the output with the error.
    pub(crate) fn problem(&self) -> String {
        match self.stopped {
            Some(Stopped::Late) => return "stopped at the time limit".to_owned(),
            Some(_) => return "stopped at the memory limit".to_owned(),
            None => {}
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

/// Runs a program until it ends or a limit is reached. Its output is written to a file.
///
/// One program runs at a time: the processor time is that of all child processes.
pub(crate) fn run(command: &mut Command, printed: &Path, limits: Limits) -> Result<Ran> {
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
    let mut stopped = None;
    let status = loop {
        let family = family(child.id());
        memory = family.iter().copied().filter_map(peak_of).max().max(memory);
        if let Some(status) = child.try_wait().map_err(trouble(printed))? {
            break status;
        }
        if stopped.is_none() {
            stopped = reached(limits, begin.elapsed(), memory);
            if stopped.is_some() {
                kill(&mut child, &family).map_err(trouble(printed))?;
            }
        }
        std::thread::sleep((begin.elapsed() / 50).clamp(PAUSE, LONGEST_PAUSE));
    };
    let output = std::fs::read(printed).map_err(trouble(printed))?;
    Ok(Ran {
        success: status.success(),
        stopped,
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

/// The limit that a program exceeds.
fn reached(limits: Limits, time: Duration, memory: Option<u64>) -> Option<Stopped> {
    if time > limits.time {
        return Some(Stopped::Late);
    }
    let most = limits.memory?;
    if memory > Some(most) {
        return Some(Stopped::TooLarge);
    }
    let available = in_kilobytes("/proc/meminfo", "MemAvailable:")?;
    (available < RESERVE).then_some(Stopped::NoMemory)
}

/// Kills a program, and then the processes that it started: a program that outlives them could start others, or succeed.
fn kill(child: &mut Child, family: &BTreeSet<u32>) -> std::io::Result<()> {
    child.kill()?;
    #[cfg(unix)]
    for process in family.iter().filter(|process| **process != child.id()) {
        use nix::sys::signal::{Signal, kill};

        // A process that has ended meanwhile is ignored.
        if let Ok(process) = i32::try_from(*process) {
            let _ = kill(nix::unistd::Pid::from_raw(process), Signal::SIGKILL);
        }
    }
    Ok(())
}

/// A process and its descendants.
fn family(process: u32) -> BTreeSet<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
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
    family
}

fn parent_of(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program is in parentheses and may contain anything; state and parent follow.
    let (_, after) = stat.rsplit_once(')')?;
    after.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn peak_of(process: u32) -> Option<u64> {
    in_kilobytes(&format!("/proc/{process}/status"), "VmHWM:")
}

/// A size in bytes, which a file of `/proc` contains in kilobytes.
fn in_kilobytes(file: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kilobytes: u64 = line.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    fn shell(script: &str, limits: Limits) -> Ran {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(&mut command, &folder.path().join("printed"), limits).unwrap()
    }

    #[test]
    fn a_program_that_exceeds_its_memory_limit_is_stopped() {
        let limits = Limits {
            memory: Some(1),
            ..Limits::of_a_check()
        };
        let ran = shell("sleep 600", limits);
        assert_eq!((ran.success, ran.stopped), (false, Some(Stopped::TooLarge)));
    }

    #[test]
    fn the_processes_that_a_program_started_are_stopped_with_it() {
        use std::io::{BufRead as _, BufReader};

        let mut child = Command::new("sh")
            .args(["-c", "sleep 600 & echo $!; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut started = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut started).unwrap();
        let family = family(child.id());
        assert!(family.contains(&started.trim().parse().unwrap()));

        kill(&mut child, &family).unwrap();
        assert!(!child.wait().unwrap().success());
        // The process holds the other end of the pipe until it ends.
        assert_eq!(output.read_line(&mut started).unwrap(), 0);
    }

    #[test]
    fn a_program_within_its_limits_is_not_stopped() {
        let ran = shell("echo done", Limits::of_a_check());
        assert_eq!((ran.success, ran.stopped), (true, None));
        assert_eq!(ran.output, "done\n");
    }

    #[test]
    fn the_time_is_limited_before_the_memory() {
        let limits = Limits {
            time: Duration::ZERO,
            memory: Some(1),
        };
        let one = Duration::from_secs(1);
        assert_eq!(reached(limits, one, Some(2)), Some(Stopped::Late));
        assert_eq!(
            reached(
                Limits {
                    time: one,
                    ..limits
                },
                one,
                Some(2)
            ),
            Some(Stopped::TooLarge)
        );
        assert_eq!(reached(Limits::time(one), one, Some(2)), None);
    }
}
