//! The formats in which the two services, and the gateways in front of them, report errors.

use http::StatusCode;
use serde_json::{Value, json};

use crate::operation::Api;

/// The format of an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorBody {
    /// Panther: `{message}`.
    Message,
    /// Panther's detections, for status 504: `{name,id,message,temporary,timeout,fault}`, of type `application/vnd.goa.error`.
    Goa,
    /// Samsung Cloud Platform: `{errors:[{code,detail,…}]}`, where `detail` is a string.
    Errors,
    /// The same, where `detail` is a list of strings and some properties are missing.
    ErrorDetails,
    /// The gateway of Samsung Cloud Platform: `{timestamp,path,status,error,requestId}`.
    Gateway,
    /// The gateway of Samsung Cloud Platform, when it rejects a caller: `{status,name,message}`.
    Rejected,
    /// Samsung Cloud Platform: `{message,code,service,path,requestId,timestamp,params}`.
    Service,
}

/// The content of an error response.
#[derive(Debug)]
pub(crate) struct ErrorFacts<'a> {
    pub(crate) status: StatusCode,
    /// The vendor's code, such as `NoSuchVersion`. By default it is derived from the status.
    pub(crate) code: Option<&'a str>,
    pub(crate) message: &'a str,
    pub(crate) path: &'a str,
    pub(crate) request_id: &'a str,
    /// The timestamp as RFC 3339.
    pub(crate) timestamp: &'a str,
}

impl ErrorBody {
    /// The API's own error.
    pub(crate) fn of(api: Api) -> Self {
        match api {
            Api::Panther | Api::OtherOrigin => Self::Message,
            Api::IdentityCenter => Self::Errors,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Goa => "application/vnd.goa.error",
            _ => "application/json",
        }
    }

    pub(crate) fn render(self, facts: &ErrorFacts<'_>) -> Value {
        let ErrorFacts {
            status,
            message,
            path,
            request_id,
            timestamp,
            ..
        } = *facts;
        let title = status.canonical_reason().unwrap_or("Error");
        let compact: String = title.split(' ').collect();
        let code = facts.code.unwrap_or(&compact);
        match self {
            Self::Message => json!({ "message": message }),
            Self::Goa => json!({
                "name": code,
                "id": request_id,
                "message": message,
                "temporary": status == StatusCode::SERVICE_UNAVAILABLE,
                "timeout": status == StatusCode::GATEWAY_TIMEOUT,
                "fault": status == StatusCode::INTERNAL_SERVER_ERROR,
            }),
            Self::Errors => json!({ "errors": [{
                "code": code,
                "detail": message,
                "global_request_id": format!("req-{request_id}"),
                "links": null,
                "related_resources": [],
                "request_id": request_id,
                "response": null,
                "status": status.as_u16(),
                "title": title,
            }]}),
            Self::ErrorDetails => json!({ "errors": [{
                "code": code,
                "detail": [message, "see the request id"],
                "request_id": request_id,
                "status": null,
            }]}),
            Self::Gateway => json!({
                "timestamp": timestamp,
                "path": path,
                "status": status.as_u16(),
                "error": title,
                "requestId": request_id,
            }),
            Self::Rejected => json!({
                "status": title.to_uppercase().replace(' ', "_"),
                "name": code,
                "message": message,
            }),
            Self::Service => json!({
                "message": message,
                "code": code,
                "service": "iam-identity-center",
                "path": path,
                "requestId": request_id,
                "timestamp": timestamp,
                "params": [],
            }),
        }
    }
}
