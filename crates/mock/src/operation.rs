use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use specmill_http::decode;
use specmill_http::multipart::DeclaredPart;
use specmill_http::operation::Operation;
use specmill_http::request::without_query;

use crate::stream::MockStream;

/// The API of a mock server. Written by the generator.
#[derive(Debug)]
pub struct MockApi {
    /// The operations of the API.
    pub operations: &'static [MockOperation],
    /// The query parameters that carry credentials.
    pub credentials: &'static [&'static str],
    /// The paths of the token endpoints.
    pub token_paths: &'static [&'static str],
}

/// An operation of a mock server. Written by the generator.
#[derive(Debug, Clone, Copy)]
pub struct MockOperation {
    /// The table of the operation.
    pub operation: fn() -> &'static Operation,
    /// The status of the default response.
    pub status: u16,
    /// The content type of the default response; empty if it has no body.
    pub content_type: &'static str,
    /// The body of the default response.
    pub body: &'static str,
    /// The stream of the operation: its only response, or the response to requests that ask for it.
    pub stream: Option<MockStream>,
    /// Whether the query may contain names that are not in the table, since the properties of an object parameter are
    /// sent as parameters.
    pub open_query: bool,
    /// Checks that the body of a request has the declared type; the error contains the location of the problem.
    pub check_body: fn(&[u8]) -> Result<(), String>,
    /// The parts of a multipart body.
    pub form: Option<&'static [DeclaredPart]>,
}

impl MockOperation {
    /// The path template, without its fragment and the constant pairs of the query.
    pub(crate) fn path(&self) -> &'static str {
        without_query(self.template()).0
    }

    /// The constant pairs of the query, which every request has.
    pub(crate) fn constants(&self) -> Vec<(String, String)> {
        let (_, constants) = without_query(self.template());
        let pairs = constants.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect()
    }

    fn template(&self) -> &'static str {
        let path = (self.operation)().path;
        path.split('#').next().unwrap_or(path)
    }

    /// The number of literal characters in the path template. If several templates match a path, the one with the most
    /// is used.
    pub(crate) fn literal_length(&self) -> usize {
        let mut inside = false;
        let literal = self.template().chars().filter(|character| {
            match character {
                '{' => inside = true,
                '}' => inside = false,
                _ => return !inside,
            }
            false
        });
        literal.count()
    }
}

/// Decodes a name or a value of a query.
fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

/// Checks that a body is JSON of a type.
#[doc(hidden)]
pub fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<(), String> {
    decode::json::<T>(body).map(drop)
}

/// Accepts any body.
#[doc(hidden)]
#[allow(clippy::unnecessary_wraps, reason = "it stands for a check")]
pub fn any_body(_: &[u8]) -> Result<(), String> {
    Ok(())
}
