use std::time::Duration;

use serde::Deserialize;

use super::*;

/// Known signatures, and wrong ones that result from plausible mistakes. The keys are not real.
const VECTORS: &str = include_str!("signature_vectors.json");

#[derive(Deserialize)]
struct Vectors {
    access_key: String,
    secret_key: String,
    matching: Vec<Vector>,
    not_matching: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    what: String,
    method: String,
    url: String,
    timestamp: String,
    signature: String,
}

fn vectors() -> (Signature, Vec<Vector>, Vec<Vector>) {
    let vectors: Vectors = serde_json::from_str(VECTORS).unwrap();
    let signature = Signature::new(vectors.access_key.into(), vectors.secret_key.into());
    (signature, vectors.matching, vectors.not_matching)
}

fn header(signature: &Signature, vector: &Vector, name: &str) -> String {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(vector.timestamp.parse().unwrap());
    let mut headers = HeaderMap::new();
    let method = vector.method.parse().unwrap();
    signature
        .add_headers(&method, &vector.url, time, &mut headers)
        .unwrap();
    headers[name].to_str().unwrap().to_owned()
}

#[test]
fn every_known_signature_is_reproduced() {
    let (signature, matching, _) = vectors();
    assert_eq!(matching.len(), 8);
    for vector in matching {
        assert_eq!(
            header(&signature, &vector, "scp-signature"),
            vector.signature,
            "{}",
            vector.what
        );
        assert_eq!(
            header(&signature, &vector, "scp-timestamp"),
            vector.timestamp,
            "{}",
            vector.what
        );
    }
}

#[test]
fn no_signature_of_a_known_mistake_is_made() {
    let (signature, _, not_matching) = vectors();
    assert_eq!(not_matching.len(), 6);
    for vector in not_matching {
        assert_ne!(
            header(&signature, &vector, "scp-signature"),
            vector.signature,
            "{}",
            vector.what
        );
    }
}

#[test]
fn the_wrong_signatures_result_from_their_mistakes() {
    let (signature, _, not_matching) = vectors();
    let of = |what: &str| {
        not_matching
            .iter()
            .find(|vector| vector.what == what)
            .unwrap()
    };
    let cases = [
        (
            "path and query without scheme and host",
            "GET",
            "/v1/users?instance_id=ssoins-12345",
            "1605290625682",
        ),
        (
            "time in seconds",
            "GET",
            "https://iam-identity-center.kr-west1.e.samsungsdscloud.com/v1/users?instance_id=ssoins-12345",
            "1605290625",
        ),
        (
            "address without its query",
            "GET",
            "https://iam-identity-center.kr-west1.e.samsungsdscloud.com/v1/users",
            "1605290625682",
        ),
    ];
    for (what, method, url, timestamp) in cases {
        // Without this check, the test above could pass on a wrong fixture.
        assert_eq!(
            signature.sign(&method.parse().unwrap(), url, timestamp),
            of(what).signature,
            "{what}"
        );
    }
}
