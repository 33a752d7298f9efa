//! Invalid settings, and defaults.

use specmill_client::{Authentication, Settings};

use crate::support::{KEY, key, settings};

fn refused(settings: Settings, authentication: Authentication) -> String {
    let error = settings
        .build("https://api.acme.test", authentication)
        .unwrap_err();
    assert!(error.is_configuration() && error.was_not_sent() && error.operation().is_none());
    let line = error.to_string();
    assert!(
        !line.contains(KEY) && !format!("{error:?}").contains(KEY),
        "{line}"
    );
    line
}

#[test]
fn credentials_that_no_header_can_carry_are_refused_without_being_shown() {
    let broken = || format!("{KEY}\n");
    let lines = vec![
        refused(settings(), Authentication::api_key("X-API-Key", broken())),
        refused(settings(), Authentication::api_key("X-API-Key", "")),
        refused(settings(), Authentication::api_key_query("key", "")),
        refused(settings(), Authentication::bearer(broken())),
        refused(settings(), Authentication::api_key("no header", KEY)),
        refused(settings(), Authentication::basic("a:b", KEY)),
    ];
    #[cfg(feature = "signature")]
    let lines = [
        lines,
        vec![
            refused(settings(), Authentication::signature(broken(), KEY)),
            refused(settings(), Authentication::signature("", KEY)),
            refused(settings(), Authentication::signature(KEY, "")),
        ],
    ]
    .concat();
    for line in lines {
        assert!(line.starts_with("invalid configuration: "), "{line}");
    }
}

#[test]
fn headers_that_cannot_be_sent_or_belong_to_the_client_are_refused() {
    for (name, value) in [
        ("x-api-key", "v"),
        ("Demo-Version", "v"),
        ("Host", "v"),
        ("Content-Length", "0"),
        ("a b", "v"),
        ("", "v"),
        ("x", "key-Zx81-not-to-be-seen\r\nx: y"),
    ] {
        refused(
            settings()
                .fixed_header("Demo-Version", "1.4")
                .header(name, value),
            key(),
        );
    }
    refused(settings().user_agent_suffix("a\nb"), key());
    refused(settings().fixed_header("Demo-Version", "1\n"), key());
}

#[test]
fn an_unsafe_base_url_is_refused() {
    for address in [
        "http://api.acme.test",
        "https://u:key-Zx81-not-to-be-seen@acme.test",
        "acme",
        "",
    ] {
        let error = settings().build(address, key()).unwrap_err();
        assert!(
            error.is_configuration() && !error.to_string().contains(KEY),
            "{error}"
        );
    }
    assert!(
        settings()
            .allow_http(true)
            .build("http://api.acme.test", key())
            .is_ok()
    );
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn an_https_client_needs_no_setup_and_does_not_change_the_process() {
    settings().build("https://api.acme.test", key()).unwrap();
    #[cfg(feature = "rustls")]
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[test]
fn the_defaults_are_as_documented() {
    let shown = format!("{:?}", settings());
    for default in [
        "connect_timeout: 10s",
        "attempt_timeout: 30s",
        "total_timeout: 120s",
        "max_attempts: 5",
        "base_delay: 200ms",
        "max_delay: 20s",
        "allow_http: false",
        "max_response_bytes: 67108864",
    ] {
        assert!(shown.contains(default), "{default} is not in {shown}");
    }
}
