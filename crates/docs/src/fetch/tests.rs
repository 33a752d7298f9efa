//! Fetching from a server on a loopback port over plain http, which no argument of the command
//! permits.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use indicatif::ProgressBar;

use super::download::{Limits, download, explain, fetch_within};
use super::*;

/// A marker header: the connection stays open after a response with it.
const STALL: &str = "x-stall: yes";

/// Sends the next of `responses` on each connection, then closes it; for `None` it never responds.
fn serve(responses: Vec<Option<String>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let mut silent = Vec::new();
        for response in responses {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                line.clear();
            }
            match response {
                Some(response) => {
                    stream.write_all(response.as_bytes()).unwrap();
                    if response.contains(STALL) {
                        silent.push(stream);
                    }
                }
                None => silent.push(stream),
            }
        }
        // Stalled connections stay open as long as a test may wait for them.
        thread::sleep(Duration::from_secs(5));
    });
    address
}

#[expect(clippy::unnecessary_wraps, reason = "a response is one of `serve`")]
fn response(head: &str, body: &str) -> Option<String> {
    Some(format!(
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

fn limits() -> Limits {
    Limits {
        time: Duration::from_secs(10),
        size: 1000,
        https_only: false,
        proxy: false,
    }
}

fn error(responses: Vec<Option<String>>, limits: Limits) -> String {
    let address = serve(responses);
    let error = fetch_within(&format!("http://{address}/page.md"), limits)
        .unwrap_err()
        .to_string();
    error.replace(&address.to_string(), "host")
}

#[test]
fn a_page_is_fetched_unchanged() {
    let address = serve(vec![response(
        "200 OK\r\ncontent-type: text/markdown",
        "# 사용자\r\n",
    )]);
    let page = fetch_within(&format!("http://{address}/page.md#users"), limits()).unwrap();
    assert_eq!(page, "# 사용자\r\n".as_bytes());
}

#[test]
fn a_redirect_is_followed() {
    let address = serve(vec![
        response("302 Found\r\nlocation: /other.md", ""),
        response("200 OK", "# Users"),
    ]);
    assert_eq!(
        fetch_within(&format!("http://{address}/page.md"), limits()).unwrap(),
        b"# Users"
    );
}

#[test]
fn too_many_redirects_are_refused() {
    let responses = vec![response("302 Found\r\nlocation: /page.md", ""); 10];
    assert!(
        error(responses, limits())
            .starts_with("error: more than 5 redirects\n  --> http://host/page.md\n")
    );
}

#[test]
fn plain_http_is_refused_before_anything_is_sent() {
    let error = fetch("http://127.0.0.1:1/page.md").unwrap_err();
    assert_eq!(
        error.message(),
        "pages are fetched over https only, not over http"
    );
    // The client itself refuses redirects to plain http.
    let refused = explain(
        &ureq::Error::RequireHttpsOnly(String::new()),
        Limits::default(),
    );
    assert_eq!(
        refused.message(),
        "the address leads to one that is not https"
    );
    assert!(Limits::default().https_only);
}

#[test]
fn the_client_refuses_other_schemes_than_https() {
    let limits = Limits {
        https_only: true,
        proxy: false,
        ..Limits::default()
    };
    let address = serve(vec![response("200 OK", "# Users")]);
    let uri = format!("http://{address}/page.md").parse().unwrap();
    let error = download(uri, "page", limits, &ProgressBar::hidden()).unwrap_err();
    assert_eq!(
        error.message(),
        "the address leads to one that is not https"
    );
}

#[test]
fn an_error_response_is_reported_with_its_status() {
    let error = error(vec![response("404 Not Found", "# Users")], limits());
    assert!(
        error.starts_with(
            "error: the server responded with 404 Not Found\n  --> http://host/page.md\n"
        ),
        "{error}"
    );
}

#[test]
fn a_page_in_html_is_refused() {
    let error = error(
        vec![response(
            "200 OK\r\ncontent-type: Text/HTML; charset=utf-8",
            "<html>",
        )],
        limits(),
    );
    assert!(
        error.starts_with("error: the response is HTML, not Markdown\n"),
        "{error}"
    );
}

#[test]
fn a_page_beyond_the_limit_is_refused() {
    assert!(
        error(vec![response("200 OK", &"x".repeat(1001))], limits()).contains("which is the limit")
    );
    let endless = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}",
        "x".repeat(100_000)
    );
    assert!(error(vec![Some(endless)], limits()).contains("which is the limit"));
}

#[test]
fn a_truncated_page_is_refused() {
    let broken =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 100\r\n\r\n# Users".to_owned();
    assert!(error(vec![Some(broken)], limits()).starts_with("error: cannot fetch the page: "));
}

#[test]
fn a_server_that_does_not_respond_times_out() {
    let limits = Limits {
        time: Duration::from_millis(200),
        ..limits()
    };
    let error = error(vec![None], limits);
    assert!(
        error.starts_with("error: the page did not arrive within 0.2 seconds\n"),
        "{error}"
    );
}

#[test]
fn a_page_that_stalls_times_out() {
    let stalled = format!("HTTP/1.1 200 OK\r\n{STALL}\r\ncontent-length: 100\r\n\r\n# Users");
    let limits = Limits {
        time: Duration::from_millis(200),
        ..limits()
    };
    let error = error(vec![Some(stalled)], limits);
    assert!(
        error.starts_with("error: the page did not arrive within 0.2 seconds\n"),
        "{error}"
    );
}

#[test]
fn the_record_keeps_no_fragment_and_no_query() {
    assert_eq!(
        recorded_name("https://docs.acme.test/users.md#list", None).unwrap(),
        "https://docs.acme.test/users.md"
    );
    let error = recorded_name("https://docs.acme.test/users.md?token=s3cret", None)
        .unwrap_err()
        .to_string();
    assert!(!error.contains("s3cret"), "{error}");
    let name = recorded_name(
        "https://docs.acme.test/users.md?token=s3cret",
        Some("users.md"),
    )
    .unwrap();
    assert_eq!(name, "users.md");
}

#[test]
fn a_password_in_a_url_is_refused_and_not_shown() {
    let error = recorded_name("https://ann:s3cret@docs.acme.test/users.md", None)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("error: the URL contains a user name or a password"),
        "{error}"
    );
    assert!(!error.contains("s3cret"), "{error}");
}

#[test]
fn an_invalid_url_is_refused() {
    let error = recorded_name("https://docs acme/users", None)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("error: `https://docs acme/users` is no address"),
        "{error}"
    );
}
