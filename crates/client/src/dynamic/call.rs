use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Operation, Page, Pages, Preview, Success};
use crate::call;
use crate::error::Error;
use crate::operation::{Paging, Parameter};

/// A call whose arguments and answer are JSON.
///
/// The first argument that cannot be sent fails the call when it is sent; nothing goes out then.
#[derive(Debug, Clone)]
#[must_use = "nothing is sent before `send`"]
pub struct Call {
    call: call::Call,
    operation: &'static Operation,
}

/// What a success answered with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing.
    Empty,
    /// JSON, as it came.
    Json(Box<RawValue>),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
}

impl Call {
    pub(super) fn new(call: call::Call, operation: &'static Operation) -> Self {
        Self { call, operation }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Sets a parameter of the operation's table. `null` is not sent; an empty string is. An empty list fails the call.
    pub fn parameter(mut self, parameter: &Parameter, value: &Value) -> Self {
        let (location, name) = (parameter.location, parameter.name);
        self.call = self.call.parameter_in(location, name, Ok(value));
        self
    }

    /// Sets the body, in the encoding of the operation's table.
    pub fn body(mut self, value: &Value) -> Self {
        self.call = self.call.body(Ok(value));
        self
    }

    /// Sets the body as bytes, whatever the encoding of the operation's table.
    pub fn body_bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.call = self.call.body_bytes(Ok(bytes));
        self
    }

    /// As [`body_bytes`](Self::body_bytes), with the content type that the bytes are of.
    pub fn body_of_type(
        mut self,
        content_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        let given = (content_type.into(), bytes.into());
        self.call = self.call.body_of_type(Ok(Some(given)));
        self
    }

    /// Sends the call; any 2xx is a success.
    pub async fn send(self) -> Result<Answer, Error> {
        Ok(match self.operation.success {
            Success::Empty => {
                self.call.send_empty().await?;
                Answer::Empty
            }
            Success::Json { optional: true, .. } => self
                .call
                .send_optional()
                .await?
                .map_or(Answer::Empty, Answer::Json),
            Success::Json { .. } => Answer::Json(self.call.send().await?),
            Success::Text => Answer::Text(self.call.send_text().await?),
            Success::Bytes => Answer::Bytes(self.call.send_bytes().await?),
        })
    }

    /// Sends the call, and reads the answer as one page; `None` where the operation does not page.
    pub async fn page(self) -> Option<Result<Page, Error>> {
        self.paging()?;
        Some(self.call.send_page().await)
    }

    /// Every page from here on; the next one is fetched while one is consumed. `None` where the operation does not page.
    pub fn pages(self) -> Option<Pages> {
        let paging = self.paging()?;
        Some(Pages::new(self.call, paging))
    }

    /// What would be sent now, credentials masked. Nothing is sent.
    ///
    /// # Errors
    /// An argument cannot be sent, or one is missing.
    pub fn preview(&self) -> Result<Preview, Error> {
        let accept = match self.operation.success {
            Success::Json { .. } => call::JSON,
            Success::Text => call::TEXT,
            Success::Empty | Success::Bytes => call::ANY,
        };
        self.call.preview(accept)
    }

    fn paging(&self) -> Option<Paging> {
        self.operation.table.paging
    }
}
