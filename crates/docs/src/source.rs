//! Where pages and documents come from: files, standard input, https addresses.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::fetch::{self, fetch};
use super::page::{LARGEST_PAGE, Page, too_large};

/// The argument that stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// What an argument of the command line names, read whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Given {
    /// The argument, without what may be secret.
    pub argument: String,
    /// The name that a record keeps: the file's own, or the address without what may be secret.
    pub name: String,
    /// Whether the name is that of the file alone, which nobody chose.
    pub incidental: bool,
    /// The content, of at most 32 MiB.
    pub bytes: Vec<u8>,
}

impl Given {
    /// The page that was read.
    pub fn into_page(self) -> Result<Page> {
        if self.incidental {
            Page::from_file(self.name, self.bytes)
        } else {
            Page::new(self.name, self.bytes)
        }
    }
}

/// Reads what an argument names: a file, an https address, or `-` for standard input.
///
/// `name` is the name to keep; without it, that of the file or the address.
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
        // The file's own name alone, so that the record is the same wherever the file lay.
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
    let limit = LARGEST_PAGE as u64 + 1;
    reader
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(argument, &error))?;
    if bytes.len() > LARGEST_PAGE {
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
