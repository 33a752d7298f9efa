//! Files at a revision, or in the working tree.

use std::fmt;
use std::path::Path;
use std::process::{Command, Output};

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::layout::API_FILE;

/// A state of the workspace: a revision, or the working tree.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revision {
    /// A git revision with a name or a hash.
    Commit(String),
    /// The working tree.
    WorkingTree,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(name) => f.write_str(name),
            Self::WorkingTree => f.write_str("the working tree"),
        }
    }
}

impl Revision {
    /// A revision with a name. It is an error if git does not know it.
    ///
    /// # Errors
    /// Git does not know the revision, or cannot be run.
    pub fn parse(root: &Path, name: &str) -> Result<Self> {
        let unknown = || {
            Diagnostic::new(format!("git knows no revision `{name}`"))
                .help("give a commit, a branch or a tag of this repository")
        };
        // git would interpret a leading hyphen as an option.
        if name.is_empty() || name.starts_with('-') {
            return Err(unknown());
        }
        let commit = format!("{name}^{{commit}}");
        let output = git(root, &["rev-parse", "--verify", "--quiet", &commit])?;
        if output.status.success() {
            Ok(Self::Commit(name.to_owned()))
        } else {
            Err(unknown())
        }
    }

    /// The APIs of the revision, by name.
    pub(super) fn apis(&self, root: &Path) -> Result<Vec<String>> {
        let mut names: Vec<String> = self
            .list(root, "specs")?
            .iter()
            .filter_map(|file| {
                file.strip_prefix("specs/")?
                    .strip_suffix(API_FILE)?
                    .strip_suffix('/')
            })
            .filter(|name| !name.contains('/'))
            .map(str::to_owned)
            .collect();
        names.sort();
        Ok(names)
    }

    /// The files below a folder, as paths from the root with slashes.
    pub(super) fn list(&self, root: &Path, folder: &str) -> Result<Vec<String>> {
        match self {
            Self::WorkingTree => {
                let mut files = Vec::new();
                list_folder(&root.join(folder), folder, &mut files);
                files.sort();
                Ok(files)
            }
            Self::Commit(name) => {
                let output = git(
                    root,
                    &[
                        "ls-tree",
                        "-r",
                        "-z",
                        "--name-only",
                        "--full-tree",
                        name,
                        "--",
                        folder,
                    ],
                )?;
                if !output.status.success() {
                    return Err(unreadable(name, folder, &output));
                }
                let text = String::from_utf8_lossy(&output.stdout);
                Ok(text
                    .split('\0')
                    .filter(|file| !file.is_empty())
                    .map(str::to_owned)
                    .collect())
            }
        }
    }

    /// A file of the revision; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// Git or the file cannot be read.
    pub fn read(&self, root: &Path, file: &str) -> Result<Option<String>> {
        match self {
            Self::WorkingTree => match std::fs::read_to_string(root.join(file)) {
                Ok(text) => Ok(Some(text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Diagnostic::new(format!("cannot read the file: {error}"))
                    .at(file, Place::Whole)
                    .help("check the permissions of the file")),
            },
            Self::Commit(name) => {
                if !self.list(root, file)?.iter().any(|there| there == file) {
                    return Ok(None);
                }
                let output = git(root, &["cat-file", "blob", &format!("{name}:{file}")])?;
                if !output.status.success() {
                    return Err(unreadable(name, file, &output));
                }
                Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()))
            }
        }
    }
}

fn list_folder(folder: &Path, name: &str, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list_folder(&entry.path(), &name, files);
        } else {
            files.push(name);
        }
    }
}

fn unreadable(revision: &str, file: &str, output: &Output) -> Box<Diagnostic> {
    let reason = String::from_utf8_lossy(&output.stderr);
    Diagnostic::new(format!("git cannot read {revision}: {}", reason.trim()))
        .at(file, Place::Whole)
        .help("check that the repository is whole; a shallow one lacks old revisions")
}

/// The merge base of the current branch and the main branch.
///
/// # Errors
/// There is no main branch, or git cannot be run.
pub fn default_base(root: &Path) -> Result<Revision> {
    for main in ["origin/main", "main", "origin/master", "master"] {
        let output = git(root, &["merge-base", "HEAD", main])?;
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !commit.is_empty() {
            return Ok(Revision::Commit(commit));
        }
    }
    Err(Diagnostic::new("there is no main branch to compare with")
        .help("name the older revision: `cargo xtask diff BASE`"))
}

fn git(root: &Path, arguments: &[&str]) -> Result<Output> {
    Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .output()
        .map_err(|error| {
            Diagnostic::new(format!("cannot run git: {error}"))
                .help("install git; revisions are read with it")
        })
}
