//! Reading a page from disk or from standard input.

use std::io::Read;
use std::path::Path;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

/// The largest page that is read, in bytes.
pub const LARGEST_PAGE: usize = 8 * 1024 * 1024;

/// A page as text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// The name that messages give it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Whether the page is complete although it looks cut off. The default is false.
    pub is_complete: bool,
}

impl Source {
    /// A page by its name and its bytes: UTF-8 of at most [`LARGEST_PAGE`] bytes.
    ///
    /// # Errors
    /// The page cannot be read, is too large, or is not UTF-8.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        if bytes.len() > LARGEST_PAGE {
            return Err(
                Diagnostic::new(format!("the page is larger than {LARGEST_PAGE} bytes"))
                    .at(&name, Place::Whole)
                    .help("give the page of an operation, not an archive of the site"),
            );
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid]
                .iter()
                .filter(|byte| matches!(byte, b'\n'))
                .count()
                + 1;
            Diagnostic::new("the page is not UTF-8")
                .at(&name, Place::Line(line))
                .help("save the page as UTF-8 text")
        })?;
        Ok(Self {
            name,
            text,
            is_complete: false,
        })
    }
}

/// Reads the file `page`, or standard input for `-`.
///
/// # Errors
/// The page cannot be read, is too large, or is not UTF-8.
pub fn read_source(page: &str) -> Result<Source> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::new(format!("cannot read the page: {error}"))
            .at(page, Place::Whole)
            .help("give the name of a file, or - for standard input")
    };
    let reader: Box<dyn Read> = if page == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(Path::new(page)).map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    reader
        .take(LARGEST_PAGE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Source::new(if page == "-" { "standard input" } else { page }, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_utf_8_is_refused_with_its_line() {
        let error = Source::new("x.txt", b"a\nb\n\xff".to_vec()).unwrap_err();
        assert_eq!(error.place(), &Place::Line(3));
    }

    #[test]
    fn a_page_without_end_is_refused() {
        let error = Source::new("x.txt", vec![b'a'; LARGEST_PAGE + 1]).unwrap_err();
        assert!(error.message().contains("larger than"), "{error}");
    }
}
