//! Documents at https addresses.

use std::io::Read as _;
use std::time::Duration;

use apidrift::{Error, MAX_BYTES};
use ureq::http::Uri;
use ureq::http::header::LOCATION;

/// The limits for fetching a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The time from the first byte sent to the last byte read.
    pub(super) time: Duration,
    /// The size of the document, in bytes.
    pub(super) size: u64,
    /// Whether URLs must be https. The server of the tests has no TLS.
    pub(super) https_only: bool,
    /// Whether the proxy of the environment (`HTTPS_PROXY`) is used.
    pub(super) proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            size: MAX_BYTES as u64,
            https_only: true,
            proxy: true,
        }
    }
}

/// The maximum number of redirects, all of them to the host of the URL.
const MOST_REDIRECTS: usize = 5;

/// Fetches the document at a URL. The request contains no credentials, cookies or name of this machine.
pub(super) fn fetch(address: &str, limits: Limits) -> Result<String, Error> {
    let name = without_query(address);
    let error = |problem: String, remedy: &str| Error::new(name, problem, remedy);
    let mut uri: Uri = address
        .parse()
        .map_err(|_| error("this is not a URL".to_owned(), "use a complete https URL"))?;
    let host = uri.authority().cloned();
    if host.as_ref().is_none_or(|host| host.as_str().contains('@')) {
        return Err(error(
            "the URL contains a user name or a password".to_owned(),
            "save the document and pass the file",
        ));
    }
    let agent = ureq::Agent::config_builder()
        .https_only(limits.https_only)
        .proxy(if limits.proxy {
            ureq::Proxy::try_from_env()
        } else {
            None
        })
        .timeout_global(Some(limits.time))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("apidrift/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent();
    let failed = |problem: &dyn std::fmt::Display| {
        let remedy = "check the URL and the network, or save the document and pass the file";
        error(format!("cannot be fetched: {problem}"), remedy)
    };
    for _ in 0..=MOST_REDIRECTS {
        let mut response = agent
            .get(uri.clone())
            .call()
            .map_err(|error| failed(&error))?;
        let status = response.status();
        if status.is_redirection() {
            let location = response.headers().get(LOCATION);
            let location = location.and_then(|location| location.to_str().ok());
            uri = location
                .and_then(|location| target(&uri, location))
                .ok_or_else(|| failed(&"the redirect has no valid location"))?;
            if uri.authority() != host.as_ref() {
                return Err(error(
                    "the URL redirects to another host".to_owned(),
                    "if you trust that host, use the URL of the document itself",
                ));
            }
            continue;
        }
        if !status.is_success() {
            return Err(failed(&format_args!("the server responded with {status}")));
        }
        let mut bytes = Vec::new();
        let body = response.body_mut().with_config().limit(u64::MAX).reader();
        body.take(limits.size + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        if bytes.len() as u64 > limits.size {
            return Err(failed(&format_args!("larger than {} bytes", limits.size)));
        }
        return String::from_utf8(bytes).map_err(|_| failed(&"it is not UTF-8"));
    }
    Err(failed(&format_args!(
        "more than {MOST_REDIRECTS} redirects"
    )))
}

/// The target of a redirect: a complete URL, or a path on the same host.
fn target(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next().unwrap_or_default();
    if location.starts_with('/') && !location.starts_with("//") {
        let mut parts = from.clone().into_parts();
        parts.path_and_query = Some(location.parse().ok()?);
        return Uri::from_parts(parts).ok();
    }
    let uri: Uri = location.parse().ok()?;
    (uri.scheme() == from.scheme()).then_some(uri)
}

/// A URL without its query, which may contain a token.
pub(super) fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::thread;
    use std::time::Duration;

    use super::{Limits, fetch};

    /// A server that sends the next response on each connection.
    fn serve(responses: Vec<String>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for response in responses {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    line.clear();
                }
                stream.write_all(response.as_bytes()).unwrap();
            }
        });
        address
    }

    fn response(head: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
    }

    fn limits() -> Limits {
        Limits {
            time: Duration::from_secs(20),
            size: 10,
            https_only: false,
            proxy: false,
        }
    }

    fn refused(responses: Vec<String>) -> String {
        let address = serve(responses);
        let error = fetch(&format!("http://{address}/a?token=x"), limits()).unwrap_err();
        let text = error.to_string();
        assert!(!text.contains("token"), "{text}");
        text
    }

    #[test]
    fn a_redirect_on_the_same_host_is_followed() {
        let moved = response("302 Found\r\nlocation: /b", "");
        let address = serve(vec![moved, response("200 OK", "{}")]);
        let text = fetch(&format!("http://{address}/a"), limits());
        assert_eq!(text.unwrap(), "{}");
    }

    #[test]
    fn a_redirect_to_another_host_is_refused() {
        let moved = response("302 Found\r\nlocation: http://localhost:1/b", "");
        assert!(refused(vec![moved]).contains("redirects to another host"));
    }

    #[test]
    fn a_document_that_is_too_large_or_missing_is_refused() {
        assert!(refused(vec![response("200 OK", "12345678901")]).contains("larger than 10 bytes"));
        assert!(refused(vec![response("404 Not Found", "")]).contains("404 Not Found"));
    }

    #[test]
    fn plain_http_is_refused() {
        let error = fetch("http://127.0.0.1:1/a", Limits::default()).unwrap_err();
        assert!(error.to_string().contains("https"), "{error}");
    }
}
