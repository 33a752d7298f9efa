//! Forms of the media type `multipart/form-data`, whose parts can be files.
//!
//! Generated crates declare a type for each form, with a setter for each part. Files are not loaded into memory: they
//! are read when the request is sent.

use std::borrow::Cow;
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use http::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use crate::body::BodySource;

/// A part that is a file.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// use specmill_client::multipart::FilePart;
///
/// let report = FilePart::file("out/report.pdf");
/// let picture = FilePart::new(vec![0x89, 0x50]).file_name("a.png").content_type("image/png");
/// ```
#[derive(Debug, Clone)]
pub struct FilePart {
    source: BodySource,
    file_name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl FilePart {
    /// A part with the content of a source: bytes, a file, a reader or a stream.
    pub fn new(source: impl Into<BodySource>) -> Self {
        let source = source.into();
        let name = source.path().and_then(std::path::Path::file_name);
        Self {
            file_name: name.map(|name| name.to_string_lossy().into_owned()),
            source,
            content_type: None,
            headers: Vec::new(),
        }
    }

    /// A file with the name from its path.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::new(BodySource::file(path))
    }

    /// Sets the file name in the request. The default is the name of the file, or else the name of the part.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type. The default is the one in the document for the part; if there are several, the one that
    /// matches the file extension; if there is none, `application/octet-stream`.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Adds a header to the part.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

macro_rules! from_source {
    ($($type:ty),*) => {
        $(
            impl From<$type> for FilePart {
                fn from(source: $type) -> Self {
                    Self::new(source)
                }
            }
        )*
    };
}

from_source!(
    BodySource,
    Bytes,
    BytesMut,
    Vec<u8>,
    PathBuf,
    &std::path::Path,
    &'static [u8]
);

/// A part of a form as declared in the document. Written by generated code.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct DeclaredPart {
    /// The name of the part; empty for additional parts.
    pub name: &'static str,
    /// Whether the part is required.
    pub required: bool,
    /// Whether the declaration applies to all parts whose names are not in the document.
    pub additional: bool,
    /// Whether a form may contain several parts with this name.
    pub many: bool,
    /// How the part is encoded.
    pub kind: PartKind,
    /// The media types of the part in the document, separated by commas.
    pub content_type: Option<&'static str>,
    /// Checks that a content has the declared type; the error contains the location of the problem.
    pub check: fn(&[u8]) -> Result<(), String>,
}

/// How a part of a form is encoded.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    /// A file.
    File,
    /// A string, number or boolean.
    Text,
    /// JSON.
    Json,
}

/// Accepts any content.
#[doc(hidden)]
#[allow(clippy::unnecessary_wraps, reason = "it stands for a check")]
pub fn any_part(_: &[u8]) -> Result<(), String> {
    Ok(())
}

/// Checks that a content is a string, number or boolean of a type.
#[doc(hidden)]
pub fn text_part<T: DeserializeOwned>(content: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(content).map_err(|_| "it is not UTF-8".to_owned())?;
    let is_scalar = serde_json::from_str::<T>(text).is_ok();
    if is_scalar {
        return Ok(());
    }
    let string = serde_json::from_value::<T>(Value::from(text));
    string.map(drop).map_err(|error| error.to_string())
}

/// Checks that a content is JSON of a type.
#[doc(hidden)]
pub fn json_part<T: DeserializeOwned>(content: &[u8]) -> Result<(), String> {
    crate::decode::json::<T>(content).map(drop)
}

/// The parts of a form that is being built. Written by generated code.
#[doc(hidden)]
#[derive(Debug, Clone, Default)]
pub struct Form {
    parts: Vec<Part>,
    problem: Option<String>,
}

#[derive(Debug, Clone)]
struct Part {
    name: Cow<'static, str>,
    content_type: Option<String>,
    /// `None` if the part is not a file.
    file_name: Option<String>,
    headers: Vec<(String, String)>,
    source: BodySource,
}

impl Form {
    #[doc(hidden)]
    /// Adds a part that is not a file. Without a content type it is plain text.
    pub fn add(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        content_type: Option<&'static str>,
        value: Result<Vec<u8>, String>,
    ) {
        let name = name.into();
        match value {
            Ok(bytes) => self.parts.push(Part {
                name,
                content_type: content_type.map(str::to_owned),
                file_name: None,
                headers: Vec::new(),
                source: BodySource::bytes(bytes),
            }),
            Err(problem) => {
                self.problem
                    .get_or_insert_with(|| format!("the part {name}: {problem}"));
            }
        }
    }

    /// Adds a file. Its default media type is one of those in the document.
    #[doc(hidden)]
    pub fn add_file(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        content_types: Option<&'static str>,
        file: FilePart,
    ) {
        let name = name.into();
        let file_name = file.file_name.unwrap_or_else(|| name.clone().into_owned());
        let content_type = file
            .content_type
            .unwrap_or_else(|| default_content_type(content_types, &file_name));
        self.parts.push(Part {
            name,
            content_type: Some(content_type),
            file_name: Some(file_name),
            headers: file.headers,
            source: file.source,
        });
    }

    /// Records an error if the name of an additional part is that of a declared part.
    #[doc(hidden)]
    pub fn check_additional(&mut self, declared: &[DeclaredPart], name: &str) {
        if declared
            .iter()
            .any(|part| !part.additional && part.name == name)
        {
            self.problem.get_or_insert_with(|| {
                format!("the part `{name}` is not an additional part: use its setter")
            });
        }
    }

    /// Removes the parts with a name, before the setter of the name adds a new one.
    #[doc(hidden)]
    pub fn clear(&mut self, name: &str) {
        self.parts.retain(|part| part.name != name);
    }

    /// Returns the content type of the form, and its body.
    ///
    /// # Errors
    /// A part is missing or cannot be encoded. The error is one line and names the part.
    #[doc(hidden)]
    pub fn into_body(self, required: &[&str]) -> Result<Option<(String, BodySource)>, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let is_present = |name: &&&str| self.parts.iter().any(|part| part.name == **name);
        if let Some(missing) = required.iter().find(|name| !is_present(name)) {
            return Err(format!("missing part `{missing}`"));
        }
        // Random, so that no part can contain it on purpose.
        let boundary = format!("form-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let mut sources = Vec::new();
        let mut text = BytesMut::new();
        for part in self.parts {
            text.extend_from_slice(head(&boundary, &part)?.as_bytes());
            if let Some(bytes) = part.source.as_bytes() {
                text.extend_from_slice(bytes);
            } else {
                sources.push(BodySource::bytes(text.split().freeze()));
                sources.push(part.source);
            }
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        let last = BodySource::bytes(text.freeze());
        let body = if sources.is_empty() {
            last
        } else {
            sources.push(last);
            BodySource::parts(sources)
        };
        Ok(Some((
            format!("multipart/form-data; boundary={boundary}"),
            body,
        )))
    }
}

/// The boundary and the headers of a part.
fn head(boundary: &str, part: &Part) -> Result<String, String> {
    let name = &part.name;
    let mut head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
        quoted(name)
    );
    if let Some(file_name) = &part.file_name {
        head += &format!("; filename=\"{}\"", quoted(file_name));
    }
    let refuse = || format!("a header of the part {name} cannot be sent");
    let content_type = part.content_type.as_ref();
    let own = content_type.map(|kind| ("Content-Type", kind.as_str()));
    let given = part
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    for (header, value) in own.into_iter().chain(given) {
        HeaderName::from_bytes(header.as_bytes()).map_err(|_| refuse())?;
        HeaderValue::from_str(value).map_err(|_| refuse())?;
        head += &format!("\r\n{header}: {value}");
    }
    Ok(head + "\r\n\r\n")
}

/// Escapes a name as browsers do.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The default media type of a file: of the listed types, the one that matches the file extension, or else the first.
fn default_content_type(listed: Option<&str>, file_name: &str) -> String {
    let listed = listed.unwrap_or_default().split(',').map(str::trim);
    let listed: Vec<&str> = listed
        .filter(|kind| !kind.is_empty() && !kind.contains('*'))
        .collect();
    let extension = file_name.rsplit('.').next().unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    let extension = match &*extension {
        "jpg" => "jpeg",
        "txt" => "plain",
        "svg" => "svg+xml",
        "mp3" => "mpeg",
        other => other,
    };
    let named = listed
        .iter()
        .find(|kind| kind.rsplit('/').next() == Some(extension));
    let found = named.or(listed.first()).copied();
    found.unwrap_or("application/octet-stream").to_owned()
}
