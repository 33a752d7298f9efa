//! The destination of output: standard output, or a private file that is replaced atomically.

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The destination of output.
pub(crate) struct Sink(Kind);

enum Kind {
    Stdout(BufWriter<Stdout>),
    /// A temporary file in the same folder, which replaces the file at the end.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl Sink {
    pub(crate) fn stdout() -> Self {
        Self(Kind::Stdout(BufWriter::new(io::stdout())))
    }

    /// A file that only the user can read, which is replaced atomically.
    pub(crate) fn file(path: &Path) -> io::Result<Self> {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self(Kind::File(BufWriter::new(file), path.to_path_buf())))
    }

    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.0, Kind::Stdout(_)) && io::stdout().is_terminal()
    }

    /// The width to which lines are truncated: that of the terminal, or none elsewhere.
    pub(super) fn width(&self) -> Option<usize> {
        if !self.is_terminal() {
            return None;
        }
        terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
    }

    /// Replaces the file.
    pub(super) fn keep(self) -> io::Result<()> {
        match self.0 {
            Kind::Stdout(_) => Ok(()),
            Kind::File(file, path) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.persist(path).map(drop).map_err(|error| error.error)
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Stdout(out) => out.write(bytes),
            Kind::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stdout(out) => out.flush(),
            Kind::File(file, _) => file.flush(),
        }
    }
}
