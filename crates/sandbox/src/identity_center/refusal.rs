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
    /// Rejected by the service.
    pub(super) fn new(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            code: None,
            message: message.to_owned(),
            shape: ErrorBody::Errors,
        }
    }

    /// Rejected by the service, because it does not serve the version.
    pub(super) fn no_such_version(message: String) -> Self {
        let status = StatusCode::NOT_ACCEPTABLE;
        Self {
            status,
            code: Some("NoSuchVersion"),
            message,
            shape: ErrorBody::Errors,
        }
    }

    /// Rejected by the gateway, which has no such route for callers without a signature.
    pub(super) fn unsigned() -> Self {
        let status = StatusCode::NOT_FOUND;
        Self {
            status,
            code: None,
            message: String::new(),
            shape: ErrorBody::Gateway,
        }
    }

    /// Rejected by the gateway, because the signature or a header that it depends on is invalid.
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

/// An invalid parameter.
impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, &message)
    }
}
