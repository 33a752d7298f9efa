//! Handles errors of writing output, including a closed pipe.

use std::io::{self, Write as _};

use crate::failure::{Failure, Kind, local};

/// Whether nobody reads the output any more; any other failure to write is one of the run.
pub(crate) fn is_closed(written: &io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        // A value that is JSON, but nests deeper than is read, or has a number that would become another.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let problem = format!("the response cannot be formatted: {error}");
            Err(Failure::new(Kind::Unreadable, problem)
                .hint("--output json without other options prints it unchanged"))
        }
        Err(error) => Err(local("cannot write the output", error)),
    }
}

/// An output that nobody reads any more ends the run as if it were done.
pub(crate) fn quietly(written: io::Result<()>) -> Result<(), Failure> {
    let written = written.and_then(|()| io::stdout().flush());
    is_closed(&written).map(drop)
}
