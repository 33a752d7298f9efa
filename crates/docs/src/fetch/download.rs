//! The request for a page.

use std::io::Read as _;
use std::time::Duration;

use http::Uri;
use http::header::CONTENT_TYPE;
use indicatif::{ProgressBar, ProgressStyle};

use crate::page::{LARGEST_PAGE, too_large};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use super::{check, without_query};

/// The limits of a fetch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// The time from the first byte sent to the last byte read.
    pub(super) time: Duration,
    /// The size of the page, in bytes.
    pub(super) size: usize,
    /// Whether URLs, including the targets of redirects, must be https.
    pub(super) https_only: bool,
    /// Whether the proxy of the environment (`HTTPS_PROXY`) is used.
    pub(super) proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            size: LARGEST_PAGE,
            https_only: true,
            proxy: true,
        }
    }
}

/// The maximum number of redirects.
const MOST_REDIRECTS: u32 = 5;

pub(super) fn fetch_within(address: &str, limits: Limits) -> Result<Vec<u8>> {
    let uri = check(address, limits.https_only)?;
    let place = without_query(address);
    let progress = progress(place);
    let result = download(uri, place, limits, &progress);
    progress.finish_and_clear();
    result
}

pub(super) fn download(
    uri: Uri,
    place: &str,
    limits: Limits,
    progress: &ProgressBar,
) -> Result<Vec<u8>> {
    let agent = ureq::Agent::config_builder()
        .https_only(limits.https_only)
        .proxy(if limits.proxy {
            ureq::Proxy::try_from_env()
        } else {
            None
        })
        .timeout_global(Some(limits.time))
        .max_redirects(MOST_REDIRECTS)
        .http_status_as_error(false)
        .user_agent(concat!("specmill/", env!("CARGO_PKG_VERSION")))
        .accept("text/markdown, text/plain;q=0.9, */*;q=0.1")
        .build()
        .new_agent();
    let trouble = |error: ureq::Error| explain(&error, limits).at(place, Place::Whole);
    let mut response = agent.get(uri).call().map_err(trouble)?;
    let status = response.status();
    if !status.is_success() {
        return Err(Diagnostic::new(format!("the server responded with {status}"))
            .at(place, Place::Whole)
            .help("check the address in a browser; a page behind a login can be saved and given as a file"));
    }
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if content_type.to_ascii_lowercase().starts_with("text/html") {
        return Err(Diagnostic::new("the response is HTML, not Markdown")
            .at(place, Place::Whole)
            .help(
                "give the address of the page's Markdown, often the same with `.md` at its end",
            ));
    }
    let mut reader = progress
        .wrap_read(response.body_mut().as_reader())
        .take(limits.size as u64 + 1);
    let mut bytes = Vec::new();
    reader
        .read_to_end(&mut bytes)
        .map_err(|error| trouble(ureq::Error::from(error)))?;
    if bytes.len() > limits.size {
        Err(too_large(place))
    } else {
        Ok(bytes)
    }
}

/// A line that shows the number of bytes read; hidden if standard error is not a terminal.
fn progress(place: &str) -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("fetching {msg} ({bytes})") {
        progress.set_style(style);
    }
    progress.set_message(place.to_owned());
    progress.tick();
    progress
}

pub(super) fn explain(error: &ureq::Error, limits: Limits) -> Box<Diagnostic> {
    match error {
        ureq::Error::Timeout(_) => Diagnostic::new(format!(
            "the page did not arrive within {} seconds",
            limits.time.as_secs_f32()
        ))
        .help("try again, or save the page and give the file"),
        ureq::Error::RequireHttpsOnly(_) => {
            Diagnostic::new("the address leads to one that is not https")
                .help("give the https address of the page, or save the page and give the file")
        }
        ureq::Error::TooManyRedirects => {
            Diagnostic::new(format!("more than {MOST_REDIRECTS} redirects"))
                .help("give the address that the page has in a browser")
        }
        ureq::Error::HostNotFound => Diagnostic::new("there is no such host")
            .help("check the address, and that this machine is on the network"),
        other => Diagnostic::new(format!("cannot fetch the page: {other}"))
            .help("check the address and the network, or save the page and give the file"),
    }
}
