//! Headers that carry credentials.

use http::{HeaderName, HeaderValue};

use crate::error::Error;

/// Creates a header whose value is excluded from `Debug` output and from the compression table of HTTP/2.
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
