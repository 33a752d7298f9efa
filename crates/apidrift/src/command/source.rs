//! The sources of documents.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use apidrift::{Document, Error, MAX_BYTES};

/// The document of a file, of standard input (`-`), or of a file at a git revision (`REV:path`), with the files that it
/// references.
pub(super) fn read(argument: &str) -> Result<Document, Error> {
    if argument == "-" {
        let name = "standard input";
        return Document::parse(&bounded(std::io::stdin().lock(), name)?, name);
    }
    if argument.starts_with("https://") || argument.starts_with("http://") {
        return fetched(argument);
    }
    match argument.split_once(':') {
        Some((revision, path)) if !Path::new(argument).exists() => {
            let text = revision_text(revision, path, argument)?;
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let mut beside = |file: &str| {
                let path = [folder, file].join("/");
                revision_text(revision, path.trim_start_matches('/'), argument).ok()
            };
            Document::parse_with_files(&text, argument, &mut beside)
        }
        _ => {
            let path = Path::new(argument);
            let text = file(path)?;
            let folder = path.parent().unwrap_or(Path::new(""));
            let mut beside = |path: &str| within(folder, path);
            Document::parse_with_files(&text, argument, &mut beside)
        }
    }
}

#[cfg(feature = "https")]
fn fetched(address: &str) -> Result<Document, Error> {
    use super::https;
    let text = https::fetch(address, https::Limits::default())?;
    Document::parse(&text, https::without_query(address))
}

#[cfg(not(feature = "https"))]
fn fetched(address: &str) -> Result<Document, Error> {
    let name = address.split(['?', '#']).next().unwrap_or_default();
    Err(error_of(
        name,
        "this program was built without its feature `https`",
        "install it with `--features https`, or save the document and pass the file",
    ))
}

/// The text of a file in a folder. `None` if a link leaves the folder.
fn within(folder: &Path, path: &str) -> Option<String> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let folder = folder.canonicalize().ok()?;
    let path = folder.join(path).canonicalize().ok()?;
    (path.starts_with(&folder) && path.is_file())
        .then(|| file(&path).ok())
        .flatten()
}

pub(super) fn file(path: &Path) -> Result<String, Error> {
    let name = path.display().to_string();
    match std::fs::File::open(path) {
        Ok(file) => bounded(file, &name),
        Err(error) => Err(error_of(
            &name,
            &error.to_string(),
            "pass a readable file, `-` or `REV:path`",
        )),
    }
}

fn revision_text(revision: &str, path: &str, name: &str) -> Result<String, Error> {
    const REMEDY: &str =
        "use a revision and a path of the repository in this folder, such as `main:openapi.json`";
    if revision.is_empty() || revision.starts_with('-') {
        return Err(error_of(name, "this is not a git revision", REMEDY));
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
                "install git, or pass a file",
            )
        })?;
    let text = child.stdout.take().map(|output| bounded(output, name));
    let message = child.stderr.take().map(|mut output| {
        let mut text = String::new();
        // A failure to read the error message is ignored.
        let _ = output.by_ref().take(2000).read_to_string(&mut text);
        text
    });
    let status = child
        .wait()
        .map_err(|error| error_of(name, &format!("git cannot be run: {error}"), REMEDY))?;
    if !status.success() {
        let message = message.unwrap_or_default();
        let line = message.lines().next().unwrap_or("git does not know it");
        return Err(error_of(name, line, REMEDY));
    }
    text.unwrap_or_else(|| Err(error_of(name, "git printed nothing", REMEDY)))
}

fn bounded(source: impl Read, name: &str) -> Result<String, Error> {
    text(source, MAX_BYTES as u64, name)
}

/// Reads up to one byte beyond the limit, so that the parser detects an input that is too large.
fn text(source: impl Read, limit: u64, name: &str) -> Result<String, Error> {
    let mut bytes = Vec::new();
    source
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| error_of(name, &error.to_string(), "check the input"))?;
    String::from_utf8(bytes).map_err(|_| error_of(name, "this is not UTF-8", "save it as UTF-8"))
}

fn error_of(name: &str, problem: &str, remedy: &str) -> Error {
    Error::new(name, problem, remedy)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_input_is_read_up_to_one_byte_beyond_the_limit() {
        let read = |source: &str| super::text(source.as_bytes(), 4, "input").map(|text| text.len());
        assert_eq!(read("1234"), Ok(4));
        assert_eq!(read("12345"), Ok(5));
        assert_eq!(read("123456789"), Ok(5));
    }
}
