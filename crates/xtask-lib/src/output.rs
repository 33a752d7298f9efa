//! The one place that writes files: whole or not at all, and only where the content changes.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use specmill_codegen::MARK;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

/// What the name of a file begins with until it is whole.
const TEMPORARY: &str = ".xtask-";

/// The files a run makes, relative to the root of the workspace.
#[derive(Debug, Default)]
pub struct Output {
    files: BTreeMap<PathBuf, String>,
    generated_folders: Vec<PathBuf>,
    copies: Vec<&'static str>,
}

/// What a run found to do at one file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// The file is new.
    Create,
    /// The file has other content.
    Change,
    /// The file is generated, but nothing generates it any more.
    Remove,
}

/// What a run found to do.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Plan {
    /// The files to touch, by path: what to do, the content there, and the content to be.
    pub touched: Vec<(PathBuf, Action, String, String)>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

impl Output {
    /// Adds a file.
    pub fn add(&mut self, file: impl Into<PathBuf>, content: impl Into<String>) {
        self.files.insert(file.into(), content.into());
    }

    /// Says that every file in a folder is generated: one that is not added is to be removed.
    pub fn owns(&mut self, folder: impl Into<PathBuf>) {
        self.generated_folders.push(folder.into());
    }

    /// Says that a file of just this content is generated too, though it does not say so.
    pub fn recognise(&mut self, content: &'static str) {
        self.copies.push(content);
    }

    /// The files added so far.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files
            .iter()
            .map(|(file, content)| (file.as_path(), content.as_str()))
    }

    /// Compares with what is on disk.
    pub fn plan(&self, root: &Path) -> Result<Plan> {
        let mut plan = Plan::default();
        for (file, content) in &self.files {
            match std::fs::read(root.join(file)) {
                Ok(there) if there == content.as_bytes() => plan.unchanged += 1,
                Ok(there) => {
                    let there = String::from_utf8_lossy(&there).into_owned();
                    plan.touched
                        .push((file.clone(), Action::Change, there, content.clone()));
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    plan.touched.push((
                        file.clone(),
                        Action::Create,
                        String::new(),
                        content.clone(),
                    ));
                }
                Err(error) => return Err(trouble("read", file, &error)),
            }
        }
        for folder in &self.generated_folders {
            self.plan_removals(root, folder, &mut plan)?;
        }
        plan.touched.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(plan)
    }

    fn plan_removals(&self, root: &Path, folder: &Path, plan: &mut Plan) -> Result<()> {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            return Ok(());
        };
        for entry in entries.flatten() {
            let file = folder.join(entry.file_name());
            // A link is a file here: what it points to is not ours.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.plan_removals(root, &file, plan)?;
            } else if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                // A run that was cut off left it.
                plan.touched
                    .push((file, Action::Remove, String::new(), String::new()));
            } else if !self.files.contains_key(&file) {
                let there = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
                if !is_generated(&there) && !self.copies.contains(&there.as_str()) {
                    return Err(
                        Diagnostic::new("this file is not generated, but its folder is")
                            .at(&file, Place::Whole)
                            .help("move the file out of the folder, or remove it"),
                    );
                }
                plan.touched
                    .push((file, Action::Remove, there, String::new()));
            }
        }
        Ok(())
    }
}

/// Whether the first lines of a text say that it is generated.
pub fn is_generated(text: &str) -> bool {
    text.lines().take(3).any(|line| line.contains(MARK))
}

impl Plan {
    /// Adds the removal of a file, where it exists or not.
    pub fn remove(&mut self, file: PathBuf) {
        self.touched
            .push((file, Action::Remove, String::new(), String::new()));
    }

    /// Does what the plan says.
    pub fn carry_out(&self, root: &Path) -> Result<()> {
        for (file, action, _, content) in &self.touched {
            match action {
                Action::Create | Action::Change => write_whole(&root.join(file), content),
                Action::Remove => match std::fs::remove_file(root.join(file)) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                    result => result,
                },
            }
            .map_err(|error| trouble("write", file, &error))?;
            if *action == Action::Remove {
                remove_empty_folders(root, file);
            }
        }
        Ok(())
    }
}

/// Writes a file beside its place first, so that a crash leaves the old one or the new one.
fn write_whole(file: &Path, content: &str) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Readable like any source file; the umask still applies.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(content.as_bytes())?;
    temporary.as_file().sync_data()?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn remove_empty_folders(root: &Path, file: &Path) {
    for folder in file.ancestors().skip(1) {
        // A folder that still holds something refuses to go, which ends the climb.
        if folder.as_os_str().is_empty() || std::fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
}

fn trouble(what: &str, file: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(format!("cannot {what} the file: {error}"))
        .at(file, Place::Whole)
        .help("check the permissions and the space on the disk")
}
