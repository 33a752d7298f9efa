//! The reasons for which a request is rejected, and the body of each error.

use http::StatusCode;

use crate::error_body::ErrorBody;

#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: Option<&'static str>,
    pub(super) message: String,
    pub(super) shape: ErrorBody,
}

impl Refusal {
    /// By the service itself.
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            code: None,
            message: message.to_owned(),
            shape: ErrorBody::Errors,
        }
    }

    /// By the service, because it does not serve the version.
    pub(super) fn no_such_version(message: String) -> Self {
        let status = StatusCode::NOT_ACCEPTABLE;
        Self {
            status,
            code: Some("NoSuchVersion"),
            message,
            shape: ErrorBody::Errors,
        }
    }

    /// By the gateway, which knows no such route for a caller without a signature.
    pub(super) fn unsigned() -> Self {
        let status = StatusCode::NOT_FOUND;
        Self {
            status,
            code: None,
            message: String::new(),
            shape: ErrorBody::Gateway,
        }
    }

    /// By the gateway, because the signature or what it rests on is wrong.
    pub(super) fn rejected(message: &str) -> Self {
        let (status, shape) = (StatusCode::UNAUTHORIZED, ErrorBody::Rejected);
        Self {
            status,
            code: None,
            message: message.to_owned(),
            shape,
        }
    }
}

/// A parameter that is wrong.
impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &message)
    }
}
