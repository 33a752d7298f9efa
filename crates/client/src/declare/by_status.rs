use specmill_http::error::Error;
use specmill_http::request::accept::JSON;
use specmill_http::response::Response;

use crate::call::{Call, undecoded, with_body};

/// Declares the response of an operation whose success responses have different bodies: an enum with a variant for
/// each status. A success response with any other status is `Other`.
///
/// ```
/// specmill_client::by_status! {
///     /// The response of `make_report`.
///     pub enum MakeReportResponse {
///         /// The report.
///         Ok(String) = "200",
///         /// The numbers of the parts that are being made.
///         Accepted(Vec<i64>) = "202",
///         NoContent = "204",
///     }
/// }
///
/// use specmill_client::declare::ByStatus;
/// assert_eq!(MakeReportResponse::read(202, b"[1, 2]"), Ok(MakeReportResponse::Accepted(vec![1, 2])));
/// assert_eq!(MakeReportResponse::read(204, b""), Ok(MakeReportResponse::NoContent));
/// ```
#[macro_export]
macro_rules! by_status {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident $(($type:ty))? = $status:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        ///
        #[doc = concat!("The status of the response selects the variant; any other success response is [`", stringify!($name), "::Other`].")]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                ///
                #[doc = concat!("Status `", $status, "`.")]
                $variant $(($type))?,
            )*
            /// The body of a success response with another status, or `null` without a body.
            Other(serde_json::Value),
        }

        impl $crate::declare::ByStatus for $name {
            fn read(status: u16, body: &[u8]) -> Result<Self, String> {
                $(
                    if $crate::declare::is_status($status, status) {
                        return $crate::by_status!(@read body $variant $(($type))?);
                    }
                )*
                $crate::declare::read_body(body).map(Self::Other)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $($crate::by_status!(@write self serializer $variant $(($type))?);)*
                match self {
                    Self::Other(value) => serde::Serialize::serialize(value, serializer),
                    _ => serializer.serialize_none(),
                }
            }
        }
    };

    (@read $body:ident $variant:ident ($type:ty)) => {
        $crate::declare::read_body::<$type>($body).map(Self::$variant)
    };
    (@read $body:ident $variant:ident) => {
        Ok(Self::$variant)
    };
    (@write $self:ident $serializer:ident $variant:ident ($type:ty)) => {
        if let Self::$variant(value) = $self {
            return serde::Serialize::serialize(value, $serializer);
        }
    };
    (@write $self:ident $serializer:ident $variant:ident) => {};
}

impl Call {
    /// Sends the call and decodes the body of a 2xx response according to its status.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_by_status<T: ByStatus>(self) -> Result<T, Error> {
        self.send_by_status_response()
            .await
            .map(Response::into_body)
    }

    /// Like [`send_by_status`](Self::send_by_status), with the status and the headers.
    ///
    /// # Errors
    /// An argument is invalid, no response arrives, or the service responds with an error: see [`Error`].
    pub async fn send_by_status_response<T: ByStatus>(self) -> Result<Response<T>, Error> {
        let operation = self.operation();
        let response = self.execute(JSON).await?;
        match T::read(response.status.as_u16(), &response.body) {
            Ok(value) => Ok(with_body(response, |_| value)),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }
}

/// The response of an operation, whose variant is selected by the status.
#[doc(hidden)]
pub trait ByStatus: Sized {
    /// Decodes the body of a success response. The error describes the problem, without values of the body.
    fn read(status: u16, body: &[u8]) -> Result<Self, String>;
}

/// Whether a status is the one in the document, or in its range, such as `2XX`.
#[doc(hidden)]
pub fn is_status(named: &str, status: u16) -> bool {
    let status = status.to_string();
    named.len() == status.len()
        && named
            .bytes()
            .zip(status.bytes())
            .all(|(named, digit)| named == digit || named.eq_ignore_ascii_case(&b'x'))
}

/// Decodes the JSON body of a response. An empty body is `null`.
///
/// # Errors
/// The body is not valid JSON of the type; the error contains no values of the body.
#[doc(hidden)]
pub fn read_body<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    specmill_http::decode::json_or_empty(body)
}
