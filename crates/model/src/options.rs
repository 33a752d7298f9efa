//! The settings of an API that lowering needs.

/// How an API is lowered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The API's name in prose: `Acme Billing`.
    pub title: String,
    /// The component schema that describes an error where no response declares one.
    pub error_schema: Option<String>,
}

impl Options {
    /// An API by its title, whose responses declare their errors.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            error_schema: None,
        }
    }
}
