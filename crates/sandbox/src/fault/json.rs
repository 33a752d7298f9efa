//! Responses from values.

use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::{Fault, Outcome, valid};

/// A value that cannot be serialized as JSON, such as a map whose keys are not strings.
#[derive(Debug, thiserror::Error)]
#[error("the value cannot be serialized as JSON: {source}")]
pub struct ResponseError {
    source: serde_json::Error,
}

impl Fault {
    /// A response with this status and a value as JSON: a type of a generated client, or any other serializable value.
    ///
    /// ```
    /// # use specmill_sandbox::Fault;
    /// # use serde_json::json;
    /// Fault::json(404, &json!({ "message": "no such user" }))?;
    /// # Ok::<_, specmill_sandbox::ResponseError>(())
    /// ```
    ///
    /// # Errors
    /// The value cannot be serialized as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, ResponseError> {
        let body = serde_json::to_vec(value).map_err(|source| ResponseError { source })?;
        let status: StatusCode = valid(status);
        let content_type = HeaderValue::from_static("application/json");
        Ok(Self::new(Outcome::Custom(
            status,
            content_type,
            body.into(),
        )))
    }
}
