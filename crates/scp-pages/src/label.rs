//! Lines that structure a page: headings, labels, and the line with method and path.

use specmill_openapi::document::METHODS;

/// A label above a part of an operation, in the order of the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Label {
    Description,
    /// With what follows the word: `ACTIVE (CURRENT)`.
    State(String),
    Parameters,
    Responses,
    ExampleRequest,
    RequestPath,
    RequestHeader,
    RequestBody,
    ExampleResponse,
    /// With its status.
    ResponseExample(String),
}

impl Label {
    /// Reads a line as a label. Most are words that a cell may hold too, so the place must fit as well.
    pub(super) fn read(line: &str) -> Option<Self> {
        if line.len() > 200 {
            return None;
        }
        if let Some(rest) = ["State", "상태"]
            .iter()
            .find_map(|word| line.strip_prefix(word))
        {
            let rest = rest.trim_start_matches([':', ' ', '\n']);
            return (rest.is_empty() || state(rest).is_some() || rest.starts_with("ACTIVE"))
                .then(|| Self::State(rest.to_owned()));
        }
        let word = line.trim_end_matches([':', ' ']).to_lowercase();
        Some(match word.as_str() {
            "description" | "설명" => Self::Description,
            "parameters" | "parameter" | "request parameters" | "매개변수" | "파라미터" => {
                Self::Parameters
            }
            "responses" | "응답" => Self::Responses,
            "example http request" | "http 요청 예시" => Self::ExampleRequest,
            "request path" | "요청 경로" => Self::RequestPath,
            "request header" | "request headers" | "요청 헤더" => Self::RequestHeader,
            "request body" | "요청 본문" | "요청 바디" => Self::RequestBody,
            "example http response" | "http 응답 예시" => Self::ExampleResponse,
            _ => {
                let status = word
                    .strip_prefix("response ")
                    .or_else(|| word.strip_prefix("응답 "))?
                    .trim();
                return is_status(status).then(|| Self::ResponseExample(status.to_owned()));
            }
        })
    }

    /// Parts come in this order; a label out of order is text.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Description => 1,
            Self::State(_) => 2,
            Self::Parameters => 4,
            Self::Responses => 5,
            Self::ExampleRequest => 6,
            Self::RequestPath => 7,
            Self::RequestHeader => 8,
            Self::RequestBody => 9,
            Self::ExampleResponse => 10,
            Self::ResponseExample(_) => 11,
        }
    }
}

/// The state of a version that a text names: `ACTIVE (CURRENT)` is `CURRENT`.
pub(super) fn state(text: &str) -> Option<String> {
    let capitals =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
    if let Some((before, inner)) = text.split_once('(') {
        let word = inner.split(')').next().unwrap_or_default().trim();
        let is_word = !word.is_empty() && word.len() <= 40 && word.chars().all(char::is_alphabetic);
        return (is_word && capitals(before.trim())).then(|| word.to_owned());
    }
    let word = text.split_whitespace().next().unwrap_or_default();
    ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"]
        .contains(&word)
        .then(|| word.to_owned())
}

/// Whether a text is a status: three digits, `2XX` or `default`.
pub(super) fn is_status(text: &str) -> bool {
    let bytes = text.as_bytes();
    let range =
        |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit) || bytes.eq_ignore_ascii_case(b"xx");
    text == "default"
        || (bytes.len() == 3 && (b'1'..=b'5').contains(&bytes[0]) && range(&bytes[1..]))
}

/// The method in lower case and the path of a line such as `get /v1/users`.
pub(super) fn method_line(line: &str) -> Option<(String, String)> {
    word_and_path(line).filter(|(method, _)| METHODS.contains(&method.as_str()))
}

/// Any word in lower case, and a path. Behind the heading of a version it is a method, known or not.
pub(super) fn word_and_path(line: &str) -> Option<(String, String)> {
    let (method, path) = line.split_once([' ', '\n'])?;
    let path = path.trim();
    let is_word =
        !method.is_empty() && method.len() <= 20 && method.chars().all(|c| c.is_ascii_alphabetic());
    let is_path = path.len() <= 2000
        && path.starts_with('/')
        && !path.contains([' ', '\n', '?', '#', '"', '|'])
        && braces_close(path);
    (is_word && is_path).then(|| (method.to_lowercase(), path.to_owned()))
}

fn braces_close(path: &str) -> bool {
    let mut open = false;
    for character in path.chars() {
        match character {
            '{' if open => return false,
            '{' => open = true,
            '}' if !open => return false,
            '}' => open = false,
            _ => {}
        }
    }
    !open && !path.contains("{}")
}

/// A heading as the pages number them: `1.2 - ListUsers`, `1 - 1.4`, `1.4`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// `1.2` is 1, 2; empty where there is no number.
    pub(super) ordinal: Vec<u32>,
    /// What the heading says.
    pub(super) title: String,
}

impl Heading {
    /// Reads a line by its shape; whether it is a heading, what follows must tell.
    pub(super) fn read(line: &str) -> Option<Self> {
        if line.len() > 200 {
            return None;
        }
        if is_version(line.trim_start_matches(['v', 'V'])) && line.contains('.') {
            return Some(Self {
                ordinal: Vec::new(),
                title: line.trim_start_matches(['v', 'V']).to_owned(),
            });
        }
        let (number, title) = line.split_once(" - ").or_else(|| line.split_once(" – "))?;
        let (number, title) = (number.trim(), title.trim());
        let ordinal = number
            .split('.')
            .map(|part| part.parse().ok())
            .collect::<Option<Vec<u32>>>()?;
        (!title.is_empty()).then(|| Self {
            ordinal,
            title: title.to_owned(),
        })
    }

    /// The version that the heading names, where it names one.
    pub(super) fn version(&self) -> Option<&str> {
        let title = self.title.trim_start_matches(['v', 'V']);
        is_version(title).then_some(title)
    }
}

/// A line without the bullet of a list item, as `w3m` and `lynx` print it.
pub(super) fn without_bullet(line: &str) -> &str {
    line.trim_start_matches(['•', '◦', '□', '*', '+', '-', ' '])
}

/// Whether a line is an entry of a table of contents: `1: ListUsers`, `1.1: 1.4`, or the text of a link.
pub(super) fn is_contents_entry(line: &str) -> bool {
    let line = without_bullet(line);
    let Some((number, title)) = line.split_once(':') else {
        return Heading::read(line).is_some();
    };
    !title.trim().is_empty()
        && number
            .trim()
            .split('.')
            .all(|part| part.parse::<u32>().is_ok())
}

/// Whether a line can be the title of an operation or a model: one word that begins with a letter.
pub(super) fn is_title(line: &str) -> bool {
    line.len() <= 200
        && line.starts_with(char::is_alphabetic)
        && line
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Whether a line can be the title of an operation that its method follows: a few words.
pub(super) fn is_phrase_title(line: &str) -> bool {
    let words = line.split(' ').count();
    line.len() <= 120
        && words <= 10
        && line.starts_with(char::is_alphabetic)
        && !line.ends_with(['.', ',', ':', ';', '?', '!', '다'])
        && line.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '(' | ')' | '&' | '\'')
        })
}

/// Whether a text is a version: two or three numbers with dots between.
pub(super) fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    matches!(parts.len(), 2 | 3)
        && parts.iter().all(|part| {
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_read_by_their_shape() {
        for (line, ordinal, version) in [
            ("1 - 1.4", vec![1], "1.4"),
            ("1.1.1.1 - 1.1", vec![1, 1, 1, 1], "1.1"),
            ("1.4", vec![], "1.4"),
        ] {
            let heading = Heading::read(line).unwrap();
            assert_eq!(
                (heading.ordinal.clone(), heading.version()),
                (ordinal, Some(version)),
                "{line}"
            );
        }
        assert_eq!(Heading::read("1.2 - ListUsers").unwrap().version(), None);
        assert_eq!(Heading::read("size"), None);
        assert_eq!(Heading::read("1 -"), None);
    }

    #[test]
    fn a_method_line_is_a_method_and_a_path() {
        assert_eq!(
            method_line("GET /v1/users/{id}"),
            Some(("get".into(), "/v1/users/{id}".into()))
        );
        for line in [
            "get users list",
            "get",
            "fetch /v1",
            "get /v1/users?x=1",
            "get /{a",
            "get /a}",
            "get /{}",
            "get /a b",
        ] {
            assert_eq!(method_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_state_stands_in_parentheses_or_alone() {
        assert_eq!(
            Label::read("State ACTIVE (CURRENT)"),
            Some(Label::State("ACTIVE (CURRENT)".into()))
        );
        assert_eq!(
            Label::read("상태 ACTIVE (SUPPORTED)"),
            Some(Label::State("ACTIVE (SUPPORTED)".into()))
        );
        assert_eq!(state("ACTIVE (DEPRECATED)").as_deref(), Some("DEPRECATED"));
        assert_eq!(state("PLANNED").as_deref(), Some("PLANNED"));
        assert_eq!(state("ACTIVE (Retired)").as_deref(), Some("Retired"));
        assert_eq!(state("ACTIVE"), None);
        assert_eq!(Label::read("State of the user (optional)"), None);
        assert_eq!(Label::read("State of the user"), None);
    }
}
