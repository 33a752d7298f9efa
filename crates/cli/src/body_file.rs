//! Request bodies from a file or from standard input.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::value::RawValue;
use specmill::BodySource;

use crate::failure::{Failure, local};

/// The maximum size of a body that is read from a file, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Reads a file that contains JSON.
pub(crate) fn json_file(path: &Path) -> Result<String, Failure> {
    json(read(path)?)
}

/// Checks that a body is JSON, and returns it as a string.
pub(crate) fn json(bytes: Vec<u8>) -> Result<String, Failure> {
    let problem = |error: &dyn Display| Failure::usage(format!("the body is not JSON: {error}"));
    let text = String::from_utf8(bytes).map_err(|error| problem(&error))?;
    serde_json::from_str::<&RawValue>(&text).map_err(|error| problem(&error))?;
    Ok(text)
}

/// An unchanged body: a file of any size, or standard input.
pub(crate) fn source(path: &Path) -> Result<BodySource, Failure> {
    if path == Path::new("-") {
        return read(path).map(BodySource::bytes);
    }
    // A missing file is detected before the request is sent.
    let opened = File::open(path);
    opened.map_err(|error| local(&format!("cannot open {}", path.display()), error))?;
    Ok(BodySource::file(path))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path);
        Box::new(file.map_err(|error| local(&format!("cannot open {shown}"), error))?)
    };
    let mut bytes = Vec::new();
    input
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| local(&format!("cannot read {shown}"), error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::usage(format!("{shown} is larger than 256 MiB")));
    }
    Ok(bytes)
}
