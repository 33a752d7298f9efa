//! Installs the tools in pinned versions, below `target/contract/`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::process::{Interrupt, Output, Running};

/// The time limit of an installation.
const LIMIT: Duration = Duration::from_secs(600);

/// The folder with the pinned versions and the configuration of the tools, relative to the root.
pub(super) const CONFIGURATION: &str = "crates/contract/tools";

/// The locations of the tools.
#[derive(Debug)]
pub(super) struct Tools {
    root: PathBuf,
}

impl Tools {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
        }
    }

    /// Redocly's command line.
    pub(super) fn redocly(&self) -> Command {
        let mut command = self.node_program("@redocly/cli/bin/cli.js");
        command.env("REDOCLY_TELEMETRY", "off");
        command.env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        command
    }

    /// Prism's command line.
    pub(super) fn prism(&self) -> Command {
        self.node_program("@stoplight/prism-cli/dist/index.js")
    }

    /// schemathesis's command line.
    pub(super) fn schemathesis(&self) -> Command {
        let mut command = Command::new(self.folder("python").join("bin/schemathesis"));
        command.current_dir(&self.root);
        command
    }

    /// The program is run directly, not through a shell or a launcher that would outlive it.
    fn node_program(&self, script: &str) -> Command {
        let mut command = Command::new("node");
        command
            .arg(self.folder("npm").join("node_modules").join(script))
            .current_dir(&self.root)
            .env("NO_UPDATE_NOTIFIER", "1")
            .env("NO_COLOR", "1")
            .env("FORCE_COLOR", "0");
        command
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.join(super::FOLDER).join(name)
    }

    /// Installs missing tools. `say` is called before each installation.
    pub(super) fn install(&self, interrupt: &Interrupt, say: &mut dyn FnMut(&str)) -> Result<()> {
        let pinned = ["package.json", "package-lock.json"];
        self.once("npm", &pinned, say, |folder| {
            for file in pinned {
                let from = self.root.join(CONFIGURATION).join(file);
                std::fs::copy(from, folder.join(file)).map_err(|error| trouble(file, &error))?;
            }
            let mut npm = Command::new("npm");
            // Packages must not run scripts during installation.
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .env("NO_UPDATE_NOTIFIER", "1")
                .current_dir(folder);
            self.run("npm", &mut npm, interrupt)
        })?;
        self.once("python", &["requirements.txt"], say, |folder| {
            let mut venv = Command::new("python3");
            venv.args(["-m", "venv", "--clear"]).arg(folder);
            self.run("python-venv", &mut venv, interrupt)?;
            let mut pip = Command::new(folder.join("bin/python"));
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
            ])
            .args([
                "--require-hashes",
                "--only-binary",
                ":all:",
                "--requirement",
            ])
            .arg(self.root.join(CONFIGURATION).join("requirements.txt"));
            self.run("pip", &mut pip, interrupt)
        })
    }

    /// Runs an installation, unless the same pinned versions are already installed.
    fn once(
        &self,
        name: &str,
        pinned: &[&str],
        say: &mut dyn FnMut(&str),
        install: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<()> {
        let mut digest = hmac_sha256::Hash::new();
        for file in pinned {
            let path = self.root.join(CONFIGURATION).join(file);
            digest.update(std::fs::read(path).map_err(|error| trouble(file, &error))?);
        }
        let digest = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>();
        let (folder, mark) = (self.folder(name), self.folder(&format!("{name}.installed")));
        if folder.is_dir() && std::fs::read_to_string(&mark).is_ok_and(|there| there == digest) {
            return Ok(());
        }
        say(&format!(
            "installing what {CONFIGURATION}/{} pins",
            pinned[0]
        ));
        // The mark exists only while the installation is complete.
        let _ = std::fs::remove_file(&mark);
        std::fs::create_dir_all(&folder).map_err(|error| trouble(name, &error))?;
        install(&folder)?;
        std::fs::write(&mark, digest).map_err(|error| trouble(name, &error))
    }

    fn run(&self, name: &str, command: &mut Command, interrupt: &Interrupt) -> Result<()> {
        let output = Output::of(&self.root, &format!("install-{name}.txt"));
        let status = Running::start(name, command, &output)?.finish(interrupt, LIMIT)?;
        if status.success() {
            return Ok(());
        }
        Err(
            Diagnostic::new(format!("{name} could not install the tools ({status})"))
                .at(&output.file, Place::Whole)
                .help("the file holds what it printed; the tools need a network once"),
        )
    }
}

fn trouble(what: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(format!("cannot install the tools: {what}: {error}"))
        .at(CONFIGURATION, Place::Whole)
        .help("check that the checkout is whole, and that the disk has space")
}
