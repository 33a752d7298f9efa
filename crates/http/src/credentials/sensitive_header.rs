//! Headers that carry credentials.

use http::{HeaderName, HeaderValue};

use crate::error::Error;

/// A header whose value is excluded from `Debug` output and from HTTP/2's compression table.
pub(crate) fn sensitive(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let unsendable = || {
        Error::configuration(format!(
            "the credentials cannot be sent in the header {name}"
        ))
    };
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| unsendable())?;
    value.set_sensitive(true);
    Ok((name, value))
}
