//! Where documents come from.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use apidrift::{Error, MAX_BYTES};

/// The text of a file, of standard input (`-`), or of a file at a git revision (`REV:path`), and its name.
pub(super) fn read(argument: &str) -> Result<(String, String), Error> {
    let name = if argument == "-" {
        "standard input"
    } else {
        argument
    };
    let text = if argument == "-" {
        bounded(std::io::stdin().lock(), name)?
    } else {
        match argument.split_once(':') {
            Some((revision, path)) if !Path::new(argument).exists() => {
                revision_text(revision, path, name)?
            }
            _ => file(Path::new(argument))?,
        }
    };
    Ok((text, name.to_owned()))
}

pub(super) fn file(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    match std::fs::File::open(path) {
        Ok(file) => bounded(file, &name),
        Err(error) => Err(error_of(
            &name,
            &error.to_string(),
            "give a file that can be read, `-` or `REV:path`",
        )),
    }
}

fn revision_text(revision: &str, path: &str, name: &str) -> Result<String, Error> {
    const REMEDY: &str =
        "give a revision and a path in the repository of this directory, as in `main:openapi.json`";
    if revision.is_empty() || revision.starts_with('-') {
        return Err(error_of(name, "this names no git revision", REMEDY));
    }
    let mut child = Command::new("git")
        .args(["cat-file", "blob", &format!("{revision}:{path}")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            error_of(
                name,
                &format!("git cannot be run: {error}"),
                "install git, or give a file",
            )
        })?;
    let text = child.stdout.take().map(|output| bounded(output, name));
    let complaint = child.stderr.take().map(|mut output| {
        let mut text = String::new();
        // A complaint that cannot be read is no complaint.
        let _ = output.by_ref().take(2000).read_to_string(&mut text);
        text
    });
    let status = child
        .wait()
        .map_err(|error| error_of(name, &format!("git cannot be run: {error}"), REMEDY))?;
    if !status.success() {
        let complaint = complaint.unwrap_or_default();
        let line = complaint.lines().next().unwrap_or("git does not know it");
        return Err(error_of(name, line, REMEDY));
    }
    text.unwrap_or_else(|| Err(error_of(name, "git printed nothing", REMEDY)))
}

fn bounded(source: impl Read, name: &str) -> Result<String, Error> {
    text(source, MAX_BYTES as u64, name)
}

/// The text up to one byte beyond the limit: whoever reads it sees that it is too large.
fn text(source: impl Read, limit: u64, name: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    source
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error_of(name, &error.to_string(), "give an input that can be read"))?;
    String::from_utf8(bytes)
        .map_err(|_| error_of(name, "this is not text in UTF-8", "save it as UTF-8"))
}

fn error_of(name: &str, problem: &str, remedy: &str) -> Error {
    Error::reading(name, problem, remedy)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_input_is_read_to_one_byte_beyond_the_limit() {
        let read = |source: &str| super::text(source.as_bytes(), 4, "input").map(|text| text.len());
        assert_eq!(read("1234"), Ok(4));
        assert_eq!(read("12345"), Ok(5));
        assert_eq!(read("123456789"), Ok(5));
    }
}
