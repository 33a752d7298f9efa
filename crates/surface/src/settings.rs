//! The environment variables that a client is built from.

use specmill_model::ClientSetting;
use specmill_openapi::document::child;

/// An environment variable, with the builder method for the same value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The environment variable.
    pub variable: String,
    /// The variable that takes precedence, which only this service reads.
    pub own: Option<String>,
    /// Whether building a client requires it.
    pub required: bool,
    /// The method of the client's builder.
    pub setter: Option<String>,
    /// The type of the values, if it is not a string.
    pub value_type: Option<String>,
    /// The location in the document that it is generated from.
    pub place: Option<String>,
}

/// The location of the authentication in a document.
pub const CREDENTIALS: &str = "/security";

/// Represents the header parameters of a setting, which may have many locations.
pub fn setting_place(setting: &ClientSetting) -> String {
    child("/x-client-setting", &setting.header)
}
