//! Handles errors of writing output, including a closed pipe.

use std::io::{self, Write as _};

use crate::failure::{Failure, Kind, local};

/// Whether the output is closed. Any other failure to write is a failure of the run.
pub(crate) fn is_closed(written: &io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        // The value is valid JSON, but is nested too deeply, or contains a number that would change.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let problem = format!("the response cannot be formatted: {error}");
            Err(Failure::new(Kind::Unreadable, problem)
                .hint("--output json without other options prints it unchanged"))
        }
        Err(error) => Err(local("cannot write the output", error)),
    }
}

/// Ends the run successfully if the output is closed.
pub(crate) fn quietly(written: io::Result<()>) -> Result<(), Failure> {
    let written = written.and_then(|()| io::stdout().flush());
    is_closed(&written).map(drop)
}
