//! The parts of a multipart form that a mock server received.

use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue};
use specmill_http::multipart::{DeclaredPart, PartKind};

/// A part of a form that a mock server received. `Debug` does not show the content.
#[derive(Clone)]
pub struct ReceivedPart {
    name: String,
    file_name: Option<String>,
    headers: HeaderMap,
    content: Bytes,
}

impl ReceivedPart {
    /// The name of the part.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file name, if the part is a file.
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The headers of the part.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type. The default is `text/plain`.
    pub fn content_type(&self) -> &str {
        let value = self.headers.get(CONTENT_TYPE);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or("text/plain")
    }

    /// The content.
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

impl fmt::Debug for ReceivedPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ReceivedPart")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type())
            .field("length", &self.content.len())
            .finish_non_exhaustive()
    }
}

/// Parses the parts of a body with this content type.
pub(crate) fn read(content_type: &str, body: &Bytes) -> Result<Vec<ReceivedPart>, String> {
    let boundary = parameter(content_type, "boundary").filter(|boundary| !boundary.is_empty());
    let boundary = boundary.ok_or("the content type has no boundary")?;
    let delimiter = format!("\r\n--{boundary}");
    // The first boundary does not follow a line break.
    let first = delimiter.trim_start().as_bytes();
    let mut at = if body.starts_with(first) {
        first.len()
    } else {
        find(body, delimiter.as_bytes(), 0).ok_or("no part begins")? + delimiter.len()
    };
    let mut parts = Vec::new();
    loop {
        if body[at..].starts_with(b"--") {
            return Ok(parts);
        }
        let end = find(body, delimiter.as_bytes(), at).ok_or("the last part has no end")?;
        // The line of the boundary ends before the headers.
        let start = find(body, b"\r\n", at)
            .filter(|start| *start < end)
            .ok_or("a part has no headers")?;
        parts.push(part(body, start, end)?);
        at = end + delimiter.len();
    }
}

/// Parses the part between the line of its boundary and the next boundary.
fn part(body: &Bytes, start: usize, end: usize) -> Result<ReceivedPart, String> {
    let head_end = find(&body[..end], b"\r\n\r\n", start).ok_or("a part has no headers")?;
    let head = std::str::from_utf8(&body[start..head_end]);
    let head = head.map_err(|_| "the headers of a part are not UTF-8")?;
    let mut headers = HeaderMap::new();
    for line in head.split("\r\n").filter(|line| !line.is_empty()) {
        let header = line.split_once(':').and_then(|(name, value)| {
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.trim().as_bytes()).ok()?))
        });
        let (name, value) = header.ok_or_else(|| format!("{line:?} is no header of a part"))?;
        headers.append(name, value);
    }
    let disposition = headers.get(CONTENT_DISPOSITION).map(HeaderValue::as_bytes);
    let disposition = disposition.and_then(|value| std::str::from_utf8(value).ok());
    let disposition = disposition.unwrap_or_default();
    Ok(ReceivedPart {
        name: parameter(disposition, "name").ok_or("a part has no name")?,
        file_name: parameter(disposition, "filename"),
        headers,
        content: body.slice(head_end + 4..end),
    })
}

/// Describes the first part of a form that the document does not allow.
pub(crate) fn problem(declared: &'static [DeclaredPart], parts: &[ReceivedPart]) -> Option<String> {
    for part in parts {
        let name = &part.name;
        let Some(known) = declaration(declared, name) else {
            return Some(format!("the document has no part `{name}`"));
        };
        if let Some(problem) = wrong_type(known, part) {
            return Some(problem);
        }
        if let Err(problem) = (known.check)(&part.content) {
            let problem = format!("the part `{name}` is not of the declared type: {problem}");
            return Some(problem);
        }
    }
    let is_present = |known: &&DeclaredPart| parts.iter().any(|part| part.name == known.name);
    let mut required = declared.iter().filter(|known| known.required);
    if let Some(missing) = required.find(|known| !is_present(known)) {
        return Some(format!("the part `{}` is missing", missing.name));
    }
    let repeated = parts.iter().enumerate().find(|(index, part)| {
        let is_one = declaration(declared, &part.name).is_some_and(|known| !known.many);
        is_one
            && parts[..*index]
                .iter()
                .any(|before| before.name == part.name)
    });
    repeated.map(|(_, part)| format!("the part `{}` comes more than once", part.name))
}

/// The declaration of the part with this name.
pub(crate) fn declaration(
    declared: &'static [DeclaredPart],
    name: &str,
) -> Option<&'static DeclaredPart> {
    let mut named = declared.iter().filter(|known| !known.additional);
    named
        .find(|known| known.name == name)
        .or_else(|| declared.iter().find(|known| known.additional))
}

fn wrong_type(known: &DeclaredPart, part: &ReceivedPart) -> Option<String> {
    let usual = match known.kind {
        PartKind::File => "*/*",
        PartKind::Text => "text/*",
        PartKind::Json => "application/json",
    };
    let wanted = known.content_type.unwrap_or(usual);
    let given = essence(part.content_type());
    let matches = wanted
        .split(',')
        .map(essence)
        .any(|wanted| match wanted.split_once('*') {
            Some((start, _)) => given.starts_with(start),
            None => given == wanted,
        });
    (!matches).then(|| {
        format!(
            "the part `{}` is {given:?} in place of {wanted:?}",
            part.name
        )
    })
}

fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// A parameter of a header, decoded like a value that a browser has encoded.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        if key.trim().eq_ignore_ascii_case(name) {
            let value = value.replace("%22", "\"").replace("%0D", "\r");
            return Some(value.replace("%0A", "\n").trim().to_owned());
        }
        rest = next.trim_start().strip_prefix(';')?;
    }
}

fn find(body: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let mut windows = body.get(from..)?.windows(needle.len());
    windows
        .position(|window| window == needle)
        .map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use specmill_http::multipart::{any_part, json_part, text_part};

    use super::*;

    const FORM: &[DeclaredPart] = &[
        DeclaredPart {
            name: "reason",
            required: true,
            additional: false,
            many: false,
            kind: PartKind::Text,
            content_type: None,
            check: text_part::<String>,
        },
        DeclaredPart {
            name: "level",
            required: false,
            additional: false,
            many: false,
            kind: PartKind::Text,
            content_type: None,
            check: text_part::<i64>,
        },
        DeclaredPart {
            name: "files",
            required: false,
            additional: false,
            many: true,
            kind: PartKind::File,
            content_type: Some("image/png, image/jpeg"),
            check: any_part,
        },
        DeclaredPart {
            name: "numbers",
            required: false,
            additional: false,
            many: false,
            kind: PartKind::Json,
            content_type: None,
            check: json_part::<Vec<i64>>,
        },
    ];

    /// Builds a form. Each part has a name, further header lines, and content.
    fn form(parts: &[(&str, &str, &str)]) -> Bytes {
        let mut body = String::new();
        for (name, headers, content) in parts {
            body += &format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"{headers}\r\n\r\n{content}\r\n"
            );
        }
        (body + "--x--\r\n").into()
    }

    fn problem_of(parts: &[(&str, &str, &str)]) -> Option<String> {
        let parts = read("multipart/form-data; boundary=x", &form(parts)).unwrap();
        problem(FORM, &parts)
    }

    #[test]
    fn parts_are_read_with_their_names_headers_and_content() {
        let body = form(&[
            ("reason", "", "a\r\nb --x"),
            (
                "files",
                "; filename=\"a%22;b.png\"\r\nContent-Type: image/png",
                "",
            ),
        ]);
        let parts = read("multipart/form-data; charset=utf-8; boundary=\"x\"", &body).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].name(), "reason");
        assert_eq!(
            (parts[0].file_name(), parts[0].content_type()),
            (None, "text/plain")
        );
        assert_eq!(parts[0].content(), "a\r\nb --x");
        assert_eq!(parts[1].file_name(), Some("a\";b.png"));
        assert_eq!(
            (parts[1].content_type(), parts[1].content().len()),
            ("image/png", 0)
        );
    }

    #[test]
    fn a_body_that_is_not_a_form_is_an_error() {
        for (content_type, body) in [
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", ""),
            ("multipart/form-data; boundary=x", "--x"),
            ("multipart/form-data; boundary=x", "--x\r\n\r\na"),
            ("multipart/form-data; boundary=x", "--x\r\n\r\na\r\n--x--"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nnone\r\n\r\na\r\n--x--",
            ),
        ] {
            assert!(read(content_type, &Bytes::from(body)).is_err(), "{body}");
        }
    }

    #[test]
    fn a_form_that_the_document_allows_has_no_problem() {
        let png = "; filename=\"a\"\r\nContent-Type: image/png";
        let json = "\r\nContent-Type: application/json";
        let parts = [
            ("reason", "", "x"),
            ("level", "", "3"),
            ("files", png, "a"),
            ("files", png, "b"),
            ("numbers", json, "[1]"),
        ];
        assert_eq!(problem_of(&parts), None);
        assert_eq!(problem_of(&parts[..1]), None);
    }

    #[test]
    fn parts_that_the_document_does_not_allow_are_named() {
        let reason = ("reason", "", "x");
        for (parts, expected) in [
            (vec![], "the part `reason` is missing"),
            (
                vec![reason, ("colour", "", "red")],
                "the document has no part `colour`",
            ),
            (
                vec![reason, reason],
                "the part `reason` comes more than once",
            ),
            (
                vec![
                    reason,
                    ("files", "; filename=\"a\"\r\nContent-Type: image/gif", ""),
                ],
                "the part `files` is \"image/gif\" in place of \"image/png, image/jpeg\"",
            ),
            (
                vec![reason, ("numbers", "", "[1]")],
                "the part `numbers` is \"text/plain\" in place of \"application/json\"",
            ),
        ] {
            assert_eq!(problem_of(&parts).as_deref(), Some(expected));
        }
        let typed = [
            ("level", "", "high"),
            ("numbers", "\r\nContent-Type: application/json", "[\"a\"]"),
        ];
        for part in typed {
            let problem = problem_of(&[reason, part]).unwrap();
            let start = format!("the part `{}` is not of the declared type: ", part.0);
            assert!(problem.starts_with(&start), "{problem}");
        }
    }
}
