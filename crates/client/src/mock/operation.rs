use serde::de::DeserializeOwned;

use super::stream::MockStream;
use crate::decode;
use crate::operation::Operation;

/// An API as a mock server serves it. Written by the generator.
#[derive(Debug)]
pub struct MockApi {
    /// Its operations.
    pub operations: &'static [MockOperation],
    /// Query parameters that carry credentials.
    pub credentials: &'static [&'static str],
    /// Paths of token endpoints.
    pub token_paths: &'static [&'static str],
}

/// An operation as a mock server serves it. Written by the generator.
#[derive(Debug, Clone, Copy)]
pub struct MockOperation {
    /// Its table.
    pub operation: fn() -> &'static Operation,
    /// The status of the response that is given unless a test says otherwise.
    pub status: u16,
    /// The content type of that response; empty where it has no body.
    pub content_type: &'static str,
    /// The body of that response.
    pub body: &'static str,
    /// The stream that the operation responds with: always, or where a request asks for it.
    pub stream: Option<MockStream>,
    /// Whether the query may hold names that the table does not list, since a parameter is an object whose fields are
    /// parameters of their own.
    pub open_query: bool,
    /// Whether the body of a request is of the declared type; the error says where it is not.
    pub check_body: fn(&[u8]) -> Result<(), String>,
}

impl MockOperation {
    /// The path template as it is sent: without a fragment.
    pub(super) fn path(&self) -> &'static str {
        let path = (self.operation)().path;
        path.split('#').next().unwrap_or(path)
    }

    /// How specific the path template is: of two that match a path, the longer text wins.
    pub(super) fn literal_length(&self) -> usize {
        let mut inside = false;
        let literal = self.path().chars().filter(|character| {
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

/// Checks that a body is JSON of a type.
#[doc(hidden)]
pub fn json_body<T: DeserializeOwned>(body: &[u8]) -> Result<(), String> {
    decode::json::<T>(body).map(drop)
}

/// Takes any body.
#[doc(hidden)]
#[allow(clippy::unnecessary_wraps, reason = "it stands for a check")]
pub fn any_body(_: &[u8]) -> Result<(), String> {
    Ok(())
}
