//! Signed requests. The server computes the signature of the received request itself.

use std::time::Duration;

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use specmill_client::{Authentication, CallOptions, ManualClock, Transport};

use crate::support::{
    LIST_USERS, Reply, Request, Server, USER_DELETE, USER_GET, VERSIONS, midnight, ok, response,
    settings, status,
};

const ACCESS: &str = "access-1";
const SECRET: &str = "secret-1";

/// The signature of a received request, computed by the service.
fn expected(server: &Server, request: &Request) -> String {
    let message = format!(
        "{}{}{}{}{ACCESS}Openapi",
        request.method,
        server.url(),
        request.target,
        request.header("scp-timestamp").unwrap()
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn the_signature_covers_the_url_as_received() {
    let server = Server::always(|| ok("{}")).await;
    let client = settings()
        .clock(ManualClock::new(midnight()))
        .fixed_header("Scp-Api-Version", "iam-identity-center 1.4")
        .fixed_header("Accept-Language", "en-US")
        .build(
            &format!("{}/prefix", server.url()),
            Authentication::signature(ACCESS, SECRET),
        )
        .unwrap();
    client
        .call(&LIST_USERS, CallOptions::default())
        .parameter("instance_id", Ok("홍 길동+a/b:c%2F'*~"))
        .send_empty()
        .await
        .unwrap();
    client
        .call(&USER_DELETE, CallOptions::default())
        .parameter("id", Ok("a/b c"))
        .send_empty()
        .await
        .unwrap();
    client
        .call(&VERSIONS, CallOptions::default())
        .send_empty()
        .await
        .unwrap();
    let requests = server.requests();
    for request in &requests[..2] {
        assert_eq!(
            request.header("scp-signature"),
            Some(expected(&server, request).as_str()),
            "{}",
            request.target
        );
        assert_eq!(request.header("scp-accesskey"), Some(ACCESS));
        assert_eq!(request.header("scp-clienttype"), Some("Openapi"));
        assert_eq!(request.header("scp-timestamp"), Some("1763683200000"));
        assert_eq!(
            request.header("scp-api-version"),
            Some("iam-identity-center 1.4")
        );
        assert_eq!(request.header("accept-language"), Some("en-US"));
    }
    assert!(
        requests[2]
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("scp-")),
        "{}",
        requests[2].target
    );
}

#[tokio::test]
async fn every_attempt_has_a_new_signature() {
    let server = Server::start(|number, _| {
        if number < 2 {
            status("503 No")
        } else {
            ok("{}")
        }
    })
    .await;
    let clock = ManualClock::new(midnight());
    let client = settings()
        .clock(clock.clone())
        .build(&server.url(), Authentication::signature(ACCESS, SECRET))
        .unwrap();
    client
        .call(&USER_GET, CallOptions::default())
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap();
    let requests = server.requests();
    let times: Vec<&str> = requests
        .iter()
        .map(|request| request.header("scp-timestamp").unwrap())
        .collect();
    assert_eq!(times, ["1763683200000", "1763683200200", "1763683200600"]);
    assert_eq!(
        clock.delays(),
        [Duration::from_millis(200), Duration::from_millis(400)]
    );
    for request in &requests {
        assert_eq!(
            request.header("scp-signature"),
            Some(expected(&server, request).as_str())
        );
    }
}

#[tokio::test]
async fn the_error_of_a_rejected_signature_states_the_clock_skew() {
    for (line, date, note) in [
        (
            "401 No",
            "Fri, 21 Nov 2025 00:17:30 GMT",
            Some("17 minutes behind"),
        ),
        (
            "403 No",
            "Thu, 20 Nov 2025 23:57:00 GMT",
            Some("3 minutes ahead of"),
        ),
        ("401 No", "Fri, 21 Nov 2025 00:01:59 GMT", None),
        ("400 No", "Fri, 21 Nov 2025 00:17:30 GMT", None),
    ] {
        let response = response(line, &format!("date: {date}\r\n"), "");
        let server = Server::always(move || Reply::Bytes(response.clone())).await;
        let build = |authentication| {
            let settings = settings().clock(ManualClock::new(midnight()));
            settings.build(&server.url(), authentication).unwrap()
        };
        let call = |client: &Transport| {
            let call = client.call(&USER_GET, CallOptions::default());
            call.parameter("id", Ok("u")).send_empty()
        };
        let error = call(&build(Authentication::signature(ACCESS, SECRET))).await;
        let error = error.unwrap_err();
        assert_eq!(error.is_clock_skewed(), note.is_some());
        let words = "the clock of this machine is";
        match note {
            Some(note) => assert!(
                error
                    .to_string()
                    .contains(&format!("{words} {note} the service's"))
            ),
            None => assert!(!error.to_string().contains(words), "{error}"),
        }
        // The key does not depend on the time.
        let error = call(&build(Authentication::bearer("t"))).await.unwrap_err();
        assert!(!error.is_clock_skewed());
    }
}
