//! The variables that a client is built from.

use specmill_model::ClientSetting;
use specmill_openapi::document::child;

/// A variable that a client is built from, and the method that sets the same value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The environment variable.
    pub variable: String,
    /// The variable of this service alone, which is read before it.
    pub own: Option<String>,
    /// Whether a client cannot be built without it.
    pub required: bool,
    /// The method of the client's builder.
    pub setter: Option<String>,
    /// The type of its values, where it has one of its own.
    pub value_type: Option<String>,
    /// The place in the document that it is made from.
    pub place: Option<String>,
}

/// The place in a document that says how requests are authenticated.
pub const CREDENTIALS: &str = "/security";

/// Stands for the header parameters of a setting, which may be in many places.
pub fn setting_place(setting: &ClientSetting) -> String {
    child("/x-client-setting", &setting.header)
}
