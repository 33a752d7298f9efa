//! Answers made of values.

use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::{Answer, Fault, valid};

/// A value that cannot be written as JSON, such as a map whose keys are no texts.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be an answer: it is not JSON: {source}")]
pub struct AnswerError {
    source: serde_json::Error,
}

impl Fault {
    /// This status, and the value as JSON: a type of a generated client, or any other that can be written.
    ///
    /// ```
    /// # use specmill_sandbox::Fault;
    /// # use serde_json::json;
    /// Fault::json(404, &json!({ "message": "no such user" }))?;
    /// # Ok::<_, specmill_sandbox::AnswerError>(())
    /// ```
    ///
    /// # Errors
    /// The value cannot be JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, AnswerError> {
        let body = serde_json::to_vec(value).map_err(|source| AnswerError { source })?;
        let status: StatusCode = valid(status);
        let content_type = HeaderValue::from_static("application/json");
        Ok(Self::new(Answer::Custom(status, content_type, body.into())))
    }
}
