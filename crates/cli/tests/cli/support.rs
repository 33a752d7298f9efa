//! Runs the command with an environment that the test controls.

use std::io::{Read as _, Write as _};
use std::process::{Command, Output, Stdio};

use specmill_sandbox::Sandbox;
use tempfile::TempDir;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// The command with the environment that the test sets, and its own home folder.
pub(crate) struct Specmill {
    pub(crate) home: TempDir,
    variables: Vec<(String, String)>,
}

impl Specmill {
    pub(crate) fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// The command with the environment variables of a sandbox.
    pub(crate) fn on(sandbox: &Sandbox) -> Self {
        let variables = sandbox.environment().into_iter();
        variables.fold(Self::new(), |specmill, (name, value)| {
            specmill.with(name, &value)
        })
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specmill"));
        command
            .args(arguments.split_whitespace())
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the command; arguments are separated by spaces.
    pub(crate) async fn run(&self, arguments: &str) -> Run {
        finished(self.command(arguments), String::new()).await
    }

    /// Runs the command at a terminal, and returns its output.
    #[cfg(unix)]
    pub(crate) async fn run_on_terminal(&self, arguments: &str) -> String {
        let (terminal, end) = terminal();
        let mut command = self.command(arguments);
        command.stdout(Stdio::from(end));
        let run = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            // The terminal ends when no process has it open for writing.
            drop(command);
            let mut written = Vec::new();
            let mut part = [0; 4096];
            let mut terminal = std::fs::File::from(terminal);
            // Some systems report the end as an error.
            while let Ok(length @ 1..) = terminal.read(&mut part) {
                written.extend_from_slice(&part[..length]);
            }
            child.wait().unwrap();
            String::from_utf8(written).unwrap()
        });
        run.await.unwrap()
    }

    /// Runs the command at a terminal, and types each text after the prompt that it belongs to. Returns the exit code and
    /// everything that the terminal shows.
    #[cfg(unix)]
    pub(crate) async fn converse(
        &self,
        arguments: &str,
        typed: &[(&str, &str)],
    ) -> (Option<i32>, String) {
        let (terminal, end) = terminal();
        let mut command = self.command(arguments);
        let copy = || Stdio::from(end.try_clone().unwrap());
        command.stdin(copy()).stdout(copy()).stderr(copy());
        drop(end);
        let typed: Vec<(String, String)> = typed
            .iter()
            .map(|(wait, text)| ((*wait).to_owned(), (*text).to_owned()))
            .collect();
        let run = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn().unwrap();
            drop(command);
            let mut shown = Vec::new();
            let mut terminal = std::fs::File::from(terminal);
            let mut typed = typed.into_iter().peekable();
            let mut part = [0; 4096];
            let mut seen = 0;
            while let Ok(length @ 1..) = terminal.read(&mut part) {
                shown.extend_from_slice(&part[..length]);
                let text = String::from_utf8_lossy(&shown).into_owned();
                if let Some((_, answer)) = typed
                    .next_if(|(wait, _)| text.get(seen..).is_some_and(|new| new.contains(wait)))
                {
                    seen = text.len();
                    terminal.write_all(answer.as_bytes()).unwrap();
                }
            }
            (
                child.wait().unwrap().code(),
                String::from_utf8(shown).unwrap(),
            )
        });
        run.await.unwrap()
    }

    /// Runs the command with a string as standard input.
    pub(crate) async fn run_with_input(&self, arguments: &str, input: &str) -> Run {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped());
        finished(command, input.to_owned()).await
    }
}

/// A terminal with 80 columns: the user's end and the program's end.
#[cfg(unix)]
pub(crate) fn terminal() -> (std::os::fd::OwnedFd, std::os::fd::OwnedFd) {
    use rustix::fs::{Mode, OFlags};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};

    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let end = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let size = Winsize {
        ws_row: 24,
        ws_col: 80,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&end, size).unwrap();
    (terminal, end)
}

/// Waits for the command. The sandbox runs on the same runtime, so waiting must not block it.
async fn finished(mut command: Command, input: String) -> Run {
    let run = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        if let Some(mut stdin) = child.stdin.take() {
            // The command may end with an error before it reads its input.
            if let Err(error) = stdin.write_all(input.as_bytes()) {
                assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
            }
        }
        child.wait_with_output().unwrap()
    });
    of(run.await.unwrap())
}

pub(crate) fn of(output: Output) -> Run {
    Run {
        code: output.status.code(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}
