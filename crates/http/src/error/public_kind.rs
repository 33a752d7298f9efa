use http::StatusCode;

use super::Error;

/// The kinds of failures: see [`Error::kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting of the client is invalid; nothing was sent.
    Configuration,
    /// An argument is invalid; nothing was sent.
    InvalidRequest,
    /// No connection could be made.
    Connect,
    /// The connection was closed before the response was complete.
    Interrupted,
    /// The attempt or the call timed out, or no data arrived within the idle timeout.
    Timeout,
    /// 400.
    BadRequest,
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404 or 410.
    NotFound,
    /// 409.
    Conflict,
    /// 429, or a 403 with a delay in its headers.
    Throttled,
    /// Any other 4xx.
    ClientError,
    /// 5xx.
    ServerError,
    /// A status of an unknown class.
    UnexpectedStatus,
    /// 3xx. Redirects are not followed.
    Redirect,
    /// A success response that does not have the documented structure.
    Decode,
    /// A success response that exceeds the size limit of the client.
    TooLarge,
    /// A file, reader or stream of the caller could not be read or written.
    Io,
    /// A list cannot be read completely.
    Paging,
    /// The credentials could not be fetched; nothing was sent.
    Credentials,
    /// The caller's middleware failed.
    Middleware,
    /// Any other failure, such as a runtime that was shut down.
    Other,
}

type Predicate = fn(&Error) -> bool;

impl ErrorKind {
    /// The name of the kind in an `error.type` attribute.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connect => "connect",
            Self::Interrupted => "interrupted",
            Self::Timeout => "timeout",
            Self::BadRequest
            | Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::Conflict
            | Self::Throttled
            | Self::ClientError
            | Self::ServerError
            | Self::UnexpectedStatus => "status",
            Self::Redirect => "redirect",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::Io => "io",
            Self::Paging => "paging",
            Self::Credentials => "credentials",
            Self::Middleware => "middleware",
            // OpenTelemetry's value for an error without a name of its own.
            Self::Other => "_OTHER",
        }
    }

    pub(super) fn of(error: &Error) -> Self {
        if let Some(status) = error.response_status() {
            return Self::of_status(error, status);
        }
        let kinds: [(Predicate, Self); 12] = [
            (Error::is_configuration, Self::Configuration),
            (Error::is_invalid_request, Self::InvalidRequest),
            (Error::is_connect, Self::Connect),
            (Error::is_interrupted, Self::Interrupted),
            (Error::is_timeout, Self::Timeout),
            (Error::is_redirect, Self::Redirect),
            (Error::is_decode, Self::Decode),
            (Error::is_too_large, Self::TooLarge),
            (Error::is_io, Self::Io),
            (Error::is_paging, Self::Paging),
            (Error::is_credentials, Self::Credentials),
            (Error::is_middleware, Self::Middleware),
        ];
        let found = kinds.into_iter().find(|(holds, _)| holds(error));
        found.map_or(Self::Other, |(_, kind)| kind)
    }

    fn of_status(error: &Error, status: StatusCode) -> Self {
        if error.is_throttled() {
            return Self::Throttled;
        }
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest,
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND | StatusCode::GONE => Self::NotFound,
            StatusCode::CONFLICT => Self::Conflict,
            _ if status.is_client_error() => Self::ClientError,
            _ if status.is_server_error() => Self::ServerError,
            _ => Self::UnexpectedStatus,
        }
    }
}
