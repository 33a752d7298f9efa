//! Verifies the signature of a request over the URL exactly as it was sent.

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
        return Err(Refusal::rejected("the access key is unknown"));
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

/// A header of the signature. If one is missing, the gateway treats the request as unsigned.
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
        .map_err(|_| Refusal::rejected("a header of the signature is not valid text"))
}

/// The scheme and host that the caller used, and the unchanged path and query.
fn url_as_sent(request: &Request) -> Result<String, Refusal> {
    let uri = request.uri();
    // Only a request to a proxy contains scheme and host.
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
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) else {
        return false;
    };
    mac.update(message.as_bytes());
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{matches, string_to_sign};

    const SECRET_KEY: &str = "c4150149-f7c6-46bc-9faa-d2b9d20e0899";
    const REGIONAL: &str = "https://iam-identity-center.kr-west1.e.samsungsdscloud.com";
    const MINIMAL: &str = "/v1/users?instance_id=ssoins-12345";
    const NON_ASCII: &str =
        "/v1/users?instance_id=ssoins-12345&user_id=%ED%99%8D%20%EA%B8%B8%EB%8F%99";

    fn holds(method: &str, url: &str, timestamp: &str, signature: &str) -> bool {
        let message = string_to_sign(method, url, timestamp, "2sd2gg2agbdSD26svcD", "Openapi");
        matches(SECRET_KEY, &message, signature)
    }

    #[test]
    fn known_signatures_are_valid() {
        let all_parameters = "/v1/users?excluded_account_id=1234ab567cd64769e8f9g490hi304891\
            &excluded_group_id=138c2fc8c29a449dbfa8681f8f1d78e2&instance_id=ssoins-12345\
            &page=0&size=20&sort=created_at%3Adesc&user_id=johndoe";
        let escaped_segment = "/v1/users/138c%2F2fc8%20c29a?instance_id=ssoins-12345";
        for (method, path, timestamp, signature) in [
            (
                "GET",
                MINIMAL,
                "1605290625682",
                "mtD9Fx+q9c98BFjjDgY/NmJGVpspRXyCVOe5hvwmv+k=",
            ),
            (
                "GET",
                all_parameters,
                "1605290625682",
                "iA5OffBeqyvwPVqK4dP0TuRqUwNgiqA7+Lu0A2jBBIk=",
            ),
            (
                "GET",
                NON_ASCII,
                "1732147200000",
                "GVzlU74m0WEAYYKkurmmcQg/zTjgdKz/HggU8k9WUVI=",
            ),
            (
                "GET",
                escaped_segment,
                "1732147200001",
                "HtCSZ4z64jkJLn1xe3djVCvBgFhxU8kqnbNJYWg+Z/8=",
            ),
            (
                "POST",
                "/v1/users",
                "1732147200002",
                "Z+VZ5h4WQ5rZJBvKmmW6ehBwjkbGIxpYM5oVdssMDL8=",
            ),
            (
                "DELETE",
                "/v1/users",
                "1732147200003",
                "XbDdE4DfTraeOlC+ZHWi7jXHrJLV4d0QtDT/FJ6oQN4=",
            ),
            (
                "GET",
                "/",
                "1732147200006",
                "Gmkji38Tm9m/jGVqFbS8Mh40qDCQkKjJg3sQSYTsu00=",
            ),
        ] {
            assert!(
                holds(method, &format!("{REGIONAL}{path}"), timestamp, signature),
                "{path}"
            );
        }
    }

    #[test]
    fn a_known_signature_of_another_service_is_valid() {
        let url = "https://iam.e.samsungsdscloud.com/v1/endpoints";
        assert!(holds(
            "GET",
            url,
            "1732147200005",
            "Tm1gb6+RYdslyWb6GZm21DLmfXRKolEfRJZKpovvx24="
        ));
    }

    #[test]
    fn known_mistakes_are_invalid() {
        let url = format!("{REGIONAL}{MINIMAL}");
        for (mistake, signature) in [
            ("path only", "vyw0SCLaaoPlVb4+2Hys8iod/MPOkqRCME7m6fdM1Fs="),
            (
                "no client type",
                "VcWiZLB9ZijgPAio83aqL9M5uYY2OfvGbBCNW8+dFss=",
            ),
            ("no query", "hjPFnq2uD3eKRhHt0phYC5An5A5q3A9xNaskRnN/qKY="),
            ("seconds", "QtiTa37eMzKztArwtfBnApPcsJgwtvbFETDpyisMhwU="),
            (
                "method in lower case",
                "Bk1KL8le5EoqR4ngv5GjNUMBHxfQzhyG7Lmwk27dsjk=",
            ),
        ] {
            assert!(!holds("GET", &url, "1605290625682", signature), "{mistake}");
        }
        let double_encoded = "hwx4cEMuZIX4j9L2rGXARTH8qP3lWGLAZ1msjJkvrZk=";
        assert!(!holds(
            "GET",
            &format!("{REGIONAL}{NON_ASCII}"),
            "1732147200000",
            double_encoded
        ));
    }

    #[test]
    fn a_signature_that_is_not_base64_or_too_short_is_invalid() {
        let url = format!("{REGIONAL}{MINIMAL}");
        for signature in [
            "",
            "?",
            "mtD9Fx+q9c98BFjjDgY/NmJGVpspRXyCVOe5hvwmv+k",
            "mtD9Fw==",
        ] {
            assert!(
                !holds("GET", &url, "1605290625682", signature),
                "{signature}"
            );
        }
    }
}
