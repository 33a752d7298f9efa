//! Headers that carry credentials.

use http::{HeaderName, HeaderValue};

use crate::error::Error;

/// Creates the value of a header, excluded from `Debug` output and from HTTP/2's compression table.
pub(crate) fn sensitive(name: &HeaderName, value: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::from_str(value).map_err(|_| unsendable(name.as_str()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Creates the error of credentials that cannot be the value of a header.
pub(crate) fn unsendable(name: &str) -> Error {
    Error::configuration(format!(
        "the credentials cannot be sent in the header {name}"
    ))
}
