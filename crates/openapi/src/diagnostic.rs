//! Diagnostics, the error type of all stages: a problem, its location, and a remedy.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of every fallible step.
pub type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// A location in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// A line, counted from 1.
    Line(usize),
    /// A line and a column, both counted from 1.
    LineColumn(usize, usize),
    /// A JSON pointer (RFC 6901) into a document.
    Pointer(String),
}

/// A problem of the input, with its location and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    message: String,
    file: Option<PathBuf>,
    place: Place,
    notes: Vec<String>,
    help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a place; add one with [`Diagnostic::at`].
    pub fn new(message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            message: message.into(),
            file: None,
            place: Place::Whole,
            notes: Vec::new(),
            help: None,
        })
    }

    /// Names the file and the place in it.
    pub fn at(mut self: Box<Self>, file: impl AsRef<Path>, place: Place) -> Box<Self> {
        self.file = Some(file.as_ref().to_path_buf());
        self.place = place;
        self
    }

    /// Sets the file, unless it is already set. The place does not change.
    pub fn in_file(mut self: Box<Self>, file: impl AsRef<Path>) -> Box<Self> {
        self.file.get_or_insert_with(|| file.as_ref().to_path_buf());
        self
    }

    /// Turns a place in a block of a page into one of the page: `first` is the block's first line.
    pub fn in_block(mut self: Box<Self>, page: impl AsRef<Path>, first: usize) -> Box<Self> {
        self.place = match self.place {
            Place::Line(line) => Place::Line(first + line - 1),
            Place::LineColumn(line, column) => {
                Place::LineColumn((first + line).saturating_sub(1), column)
            }
            Place::Pointer(pointer) => {
                if !pointer.is_empty() {
                    self.notes
                        .push(format!("in the document that begins here, at #{pointer}"));
                }
                Place::Line(first)
            }
            Place::Whole => Place::Line(first),
        };
        self.file = Some(page.as_ref().to_path_buf());
        self
    }

    /// Names the file relative to the root of the workspace, so that messages are the same everywhere.
    pub fn in_place_of(mut self: Box<Self>, root: &Path, file: &Path) -> Box<Self> {
        if self
            .file
            .as_deref()
            .is_none_or(|named| named == root.join(file))
        {
            self.file = Some(file.to_path_buf());
        }
        self
    }

    /// Sets a location in a document. The caller adds the file.
    pub fn at_pointer(mut self: Box<Self>, pointer: impl Into<String>) -> Box<Self> {
        self.place = Place::Pointer(pointer.into());
        self
    }

    /// Names a place in a file that a caller further up knows.
    pub fn at_place(mut self: Box<Self>, place: Place) -> Box<Self> {
        self.place = place;
        self
    }

    /// Adds a fact that explains the message, such as a second place.
    pub fn note(mut self: Box<Self>, note: impl Into<String>) -> Box<Self> {
        self.notes.push(note.into());
        self
    }

    /// Sets the remedy.
    pub fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }

    /// The message without place and remedy.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, if it is known.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// The place in the file.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// Removes the parts of a line that a terminal or a workflow would interpret as commands, since names come from
/// documents.
pub fn visible(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for character in line.chars() {
        if character.is_control() && character != '\t' {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A message of a library may have several lines.
        let message: Vec<String> = self.message.lines().map(visible).collect();
        write!(f, "error: {}", message.join("\n"))?;
        if let Some(file) = &self.file {
            // The path is the same on every platform.
            let file = visible(&file.to_string_lossy().replace('\\', "/"));
            match &self.place {
                Place::Whole => write!(f, "\n  --> {file}")?,
                Place::Line(line) => write!(f, "\n  --> {file}:{line}")?,
                Place::LineColumn(line, column) => write!(f, "\n  --> {file}:{line}:{column}")?,
                Place::Pointer(pointer) => write!(f, "\n  --> {file}#{}", visible(pointer))?,
            }
        } else if let Place::Pointer(pointer) = &self.place {
            write!(f, "\n  --> #{}", visible(pointer))?;
        }
        for note in &self.notes {
            write!(f, "\n  = note: {}", visible(note))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  = help: {}", visible(help))?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_message_place_notes_and_remedy() {
        let diagnostic = Diagnostic::new("the schema differs")
            .at(
                "specs/a/published/x.json",
                Place::Pointer("/components/schemas/A".into()),
            )
            .note("the other one is in y.json")
            .help("import the page again");
        assert_eq!(
            diagnostic.to_string(),
            "error: the schema differs\n  --> specs/a/published/x.json#/components/schemas/A\n  \
             = note: the other one is in y.json\n  = help: import the page again"
        );
    }

    #[test]
    fn a_diagnostic_contains_no_terminal_commands() {
        let diagnostic = Diagnostic::new("the name `\u{1b}[2J` is bad").note("so is `a\nb`");
        assert_eq!(
            diagnostic.to_string(),
            "error: the name `\\u{1b}[2J` is bad\n  = note: so is `a\\nb`"
        );
    }

    #[test]
    fn a_file_named_first_is_kept() {
        let diagnostic = Diagnostic::new("bad")
            .at("inner.json", Place::Line(3))
            .in_file("outer.json");
        assert_eq!(diagnostic.to_string(), "error: bad\n  --> inner.json:3");
    }
}
