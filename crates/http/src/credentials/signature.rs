//! The signature of Samsung Cloud Platform: HMAC-SHA256 over method, URL, time and access key.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use sha2::Sha256;

use super::secret::Secret;
use super::sensitive_header::sensitive;
use crate::error::Error;

const CLIENT_TYPE: &str = "Openapi";

// Static, since parsing a name takes longer than copying it.
static ACCESS_KEY: HeaderName = HeaderName::from_static("scp-accesskey");
static SIGNATURE: HeaderName = HeaderName::from_static("scp-signature");
static TIMESTAMP: HeaderName = HeaderName::from_static("scp-timestamp");
static CLIENT_TYPE_HEADER: HeaderName = HeaderName::from_static("scp-clienttype");

/// The names of the headers of a signed request.
pub(crate) fn header_names() -> Vec<&'static str> {
    [&ACCESS_KEY, &SIGNATURE, &TIMESTAMP, &CLIENT_TYPE_HEADER]
        .map(HeaderName::as_str)
        .into()
}

#[derive(Clone)]
pub(crate) struct Signature {
    access_key: Secret,
    secret_key: Secret,
}

impl Signature {
    pub(crate) fn new(access_key: Secret, secret_key: Secret) -> Self {
        Self {
            access_key,
            secret_key,
        }
    }

    pub(crate) fn access_key(&self) -> &Secret {
        &self.access_key
    }

    pub(crate) fn secret_key(&self) -> &Secret {
        &self.secret_key
    }

    /// Both keys.
    pub(crate) fn keys_mut(&mut self) -> [&mut Secret; 2] {
        [&mut self.access_key, &mut self.secret_key]
    }

    /// Adds the headers of one request.
    pub(crate) fn add_headers(
        &self,
        method: &Method,
        url: &str,
        now: SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let since_epoch = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_err(|_| Error::configuration("the clock is before 1970"))?;
        let timestamp = since_epoch.as_millis().to_string();
        let access_key = sensitive(&ACCESS_KEY, self.access_key.expose())?;
        let signature = sensitive(&SIGNATURE, &self.sign(method, url, &timestamp))?;
        let timestamp = header_value(&timestamp)?;
        headers.insert(&ACCESS_KEY, access_key);
        headers.insert(&SIGNATURE, signature);
        headers.insert(&TIMESTAMP, timestamp);
        let client_type = HeaderValue::from_static(CLIENT_TYPE);
        headers.insert(&CLIENT_TYPE_HEADER, client_type);
        Ok(())
    }

    /// Computes the signature of a request. `url` is the absolute URL, byte for byte as it is sent; `timestamp` is in
    /// Unix milliseconds.
    fn sign(&self, method: &Method, url: &str, timestamp: &str) -> String {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.expose().as_bytes())
            .expect("any key length");
        for part in [
            method.as_str(),
            url,
            timestamp,
            self.access_key.expose(),
            CLIENT_TYPE,
        ] {
            mac.update(part.as_bytes());
        }
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

fn header_value(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::configuration("the time cannot be sent in a header"))
}

#[cfg(test)]
#[path = "signature_tests.rs"]
mod tests;
