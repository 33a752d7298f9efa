//! The sources of pages and documents: files, standard input, https URLs.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::fetch::{self, fetch};
use super::page::{LARGEST_PAGE, Page, too_large};

/// The maximum size of a document, in bytes; one may contain a whole API.
const LARGEST_DOCUMENT: usize = 64 * 1024 * 1024;

/// The argument for standard input.
pub const STANDARD_INPUT: &str = "-";

/// The content of a source that an argument of the command line names.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Given {
    /// The argument, without parts that may be secret.
    pub argument: String,
    /// The name for the record: that of the file, or the URL without parts that may be secret.
    pub name: String,
    /// Whether the name is just the file name.
    pub incidental: bool,
    /// The content, of at most 32 MiB; of a file in JSON or YAML, at most 64 MiB.
    pub bytes: Vec<u8>,
}

impl Given {
    /// The page that was read.
    ///
    /// # Errors
    /// The content is not a valid page.
    pub fn into_page(self) -> Result<Page> {
        if self.incidental {
            Page::from_file(self.name, self.bytes)
        } else {
            Page::new(self.name, self.bytes)
        }
    }
}

/// Reads the source that an argument names: a file, an https URL, or `-` for standard input.
///
/// `name` is the name for the record; by default that of the file or the URL.
///
/// # Errors
/// The source cannot be read or fetched.
pub fn read(argument: &str, name: Option<&str>) -> Result<Given> {
    if argument.contains("://") {
        let recorded = fetch::recorded_name(argument, name)?;
        let bytes = fetch(argument)?;
        return Ok(Given {
            argument: fetch::without_query(argument).to_owned(),
            name: recorded,
            incidental: false,
            bytes,
        });
    }
    let (bytes, own_name) = if argument == STANDARD_INPUT {
        (
            read_bounded(&mut std::io::stdin().lock(), argument)?,
            "standard input".to_owned(),
        )
    } else {
        let file = Path::new(argument);
        // Only the file name, so that the record does not depend on the folder.
        let own_name = file
            .file_name()
            .unwrap_or(file.as_os_str())
            .to_string_lossy()
            .into_owned();
        let mut open = File::open(file).map_err(|error| unreadable(argument, &error))?;
        (read_bounded(&mut open, argument)?, own_name)
    };
    Ok(Given {
        argument: argument.to_owned(),
        name: name.map_or(own_name, str::to_owned),
        incidental: name.is_none(),
        bytes,
    })
}

fn read_bounded(reader: &mut dyn Read, argument: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let extension = Path::new(argument).extension();
    let is_document = extension.is_some_and(|extension| {
        ["json", "yaml", "yml"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    let limit = if is_document {
        LARGEST_DOCUMENT
    } else {
        LARGEST_PAGE
    };
    reader
        .take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(argument, &error))?;
    if bytes.len() > limit {
        Err(too_large(argument))
    } else {
        Ok(bytes)
    }
}

fn unreadable(argument: &str, error: &std::io::Error) -> Box<Diagnostic> {
    Diagnostic::new(format!("cannot read the page: {error}"))
        .at(argument, Place::Whole)
        .help("give the name of a file, an https address, or - for standard input")
}
