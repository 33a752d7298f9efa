//! Runs other programs with a time limit, writes their output to files, and ends them when this program ends.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

/// The interval at which a program is checked.
const PAUSE: Duration = Duration::from_millis(20);

/// Whether Ctrl-C or the system asked this program to end.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Handles the signals that ask a program to end.
    ///
    /// # Errors
    /// The signals cannot be handled.
    pub fn listen() -> Result<Self> {
        let interrupt = Self::default();
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupt.0)).map_err(|error| {
                Diagnostic::new(format!("cannot listen to signals: {error}"))
                    .help("without that, programs could be left running; nothing was started")
            })?;
        }
        Ok(interrupt)
    }

    fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Diagnostic::new("interrupted").help("run `cargo xtask contract` again"));
        }
        Ok(())
    }
}

/// The folder for a program's output, below the root of the workspace.
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// The root of the workspace.
    pub root: PathBuf,
    /// The file with the output, relative to the root.
    pub file: PathBuf,
}

impl Output {
    /// The output so far.
    pub(super) fn text(&self) -> String {
        let bytes = std::fs::read(self.root.join(&self.file)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn create(&self) -> std::io::Result<File> {
        let file = self.root.join(&self.file);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        File::create(file)
    }
}

/// A program that is ended when this value is dropped.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    name: String,
    output: Output,
}

impl Running {
    /// Starts a program, and writes its output and errors to one file.
    pub(super) fn start(name: &str, command: &mut Command, output: &Output) -> Result<Self> {
        let trouble = |error: std::io::Error| {
            Diagnostic::new(format!("cannot start {name}: {error}"))
                .at(&output.file, Place::Whole)
                .help("check that it is installed, and that the disk has space")
        };
        let file = output.create().map_err(trouble)?;
        let errors = file.try_clone().map_err(trouble)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            .spawn()
            .map_err(trouble)?;
        Ok(Self {
            child,
            name: name.to_owned(),
            output: output.clone(),
        })
    }

    /// Waits until a value can be parsed from the output.
    pub(super) fn until<T>(
        &mut self,
        interrupt: &Interrupt,
        limit: Duration,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let end = Instant::now() + limit;
        loop {
            // The exit is checked first, so that the last output is read.
            let exited = self.exited()?;
            if let Some(found) = read(&self.output.text()) {
                return Ok(found);
            }
            if let Some(status) = exited {
                return Err(self.trouble(&format!("ended before it was ready ({status})")));
            }
            interrupt.check()?;
            if Instant::now() > end {
                return Err(self.late(limit));
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until the program ends.
    pub(super) fn finish(mut self, interrupt: &Interrupt, limit: Duration) -> Result<ExitStatus> {
        let end = Instant::now() + limit;
        loop {
            if let Some(status) = self.exited()? {
                return Ok(status);
            }
            interrupt.check()?;
            if Instant::now() > end {
                return Err(self.late(limit));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn exited(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.child.try_wait();
        status.map_err(|error| self.trouble(&format!("cannot be waited for: {error}")))
    }

    fn late(&self, limit: Duration) -> Box<Diagnostic> {
        self.trouble(&format!("took longer than {} s", limit.as_secs()))
    }

    fn trouble(&self, what: &str) -> Box<Diagnostic> {
        Diagnostic::new(format!("{} {what}", self.name))
            .at(&self.output.file, Place::Whole)
            .help("the file holds all that it printed")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killing a program that has already ended fails, which is ignored.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
