//! The settings of an API for lowering.

/// Settings for lowering an API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The name of the API in prose: `Acme Billing`.
    pub title: String,
    /// The component schema of errors for responses that declare none.
    pub error_schema: Option<String>,
    /// Whether the bodies of webhooks have types.
    pub webhooks: bool,
}

impl Options {
    /// Creates the settings from the title. The responses of the API declare their errors.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            error_schema: None,
            webhooks: false,
        }
    }
}
