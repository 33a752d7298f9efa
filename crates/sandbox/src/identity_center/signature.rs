//! The signature of a request, checked over the URL exactly as it was sent.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::Request;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, header::HOST};
use sha2::Sha256;

use super::{ACCESS_KEY, SECRET_KEY, refusal::Refusal};

pub(super) fn check(request: &Request, now: SystemTime, skew: Duration) -> Result<(), Refusal> {
    let headers = request.headers();
    let [access_key, signature, timestamp, client_type] = [
        "scp-accesskey",
        "scp-signature",
        "scp-timestamp",
        "scp-clienttype",
    ]
    .map(|name| single(headers, name));
    let (access_key, signature) = (access_key?, signature?);
    let (timestamp, client_type) = (timestamp?, client_type?);
    if access_key != ACCESS_KEY {
        return Err(Refusal::rejected("the access key is not known"));
    }
    if client_type != "Openapi" {
        return Err(Refusal::rejected("Scp-ClientType must be Openapi"));
    }
    let sent = timestamp
        .parse()
        .ok()
        .and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis)));
    let Some(sent) = sent else {
        return Err(Refusal::rejected("Scp-Timestamp must be Unix milliseconds"));
    };
    let apart = now
        .duration_since(sent)
        .unwrap_or_else(|earlier| earlier.duration());
    if apart > skew {
        return Err(Refusal::rejected(
            "Scp-Timestamp is too far from the service's clock",
        ));
    }
    let url = url_as_sent(request)?;
    let message = string_to_sign(
        request.method().as_str(),
        &url,
        timestamp,
        access_key,
        client_type,
    );
    if matches(SECRET_KEY, &message, signature) {
        Ok(())
    } else {
        Err(Refusal::rejected(
            "the signature does not match the request",
        ))
    }
}

/// A header of the signature. Without one of them the gateway takes the request for unsigned.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Refusal> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().ok_or_else(Refusal::unsigned)?;
    if values.next().is_some() {
        return Err(Refusal::rejected(
            "a header of the signature is given more than once",
        ));
    }
    first
        .to_str()
        .map_err(|_| Refusal::rejected("a header of the signature is not text"))
}

/// Scheme and host as the caller addressed them, path and query byte for byte.
fn url_as_sent(request: &Request) -> Result<String, Refusal> {
    let uri = request.uri();
    // Only a request to a proxy holds both itself.
    if uri.scheme().is_some() {
        return Ok(uri.to_string());
    }
    let host = single(request.headers(), HOST.as_str())
        .map_err(|_| Refusal::rejected("the header Host is missing"))?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    Ok(format!("http://{host}{target}"))
}

fn string_to_sign(
    method: &str,
    url: &str,
    timestamp: &str,
    access_key: &str,
    client_type: &str,
) -> String {
    [method, url, timestamp, access_key, client_type].concat()
}

fn matches(secret_key: &str, message: &str, signature: &str) -> bool {
    let Ok(signature) = BASE64_STANDARD.decode(signature) else {
        return false;
    };
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else {
        return false;
    };
    mac.update(message.as_bytes());
    mac.verify_slice(&signature).is_ok()
}
