//! Fetching a page: the one place of the mill that uses the network.

#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use ureq::http::Uri;
use ureq::http::header::CONTENT_TYPE;

use crate::diagnostic::{Diagnostic, Place, Result};

use super::page::{LARGEST_PAGE, too_large};

/// What a fetch may take.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// From the first byte sent to the last one read.
    time: Duration,
    /// The size of the page, in bytes.
    size: usize,
    /// Whether addresses must be https, those that a redirect leads to among them.
    https_only: bool,
    /// Whether the proxy of the environment (`HTTPS_PROXY`) is used.
    proxy: bool,
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

/// How many redirects are followed.
const MOST_REDIRECTS: u32 = 5;

/// Fetches a page: within 30 seconds, of at most 32 MiB, over https alone.
///
/// While it runs, a line on standard error says how much was read, where that is a terminal.
///
/// TLS takes long to compile, and nothing else needs it: without the feature `https`, another build of the program that has it
/// fetches the page.
pub(crate) fn fetch(address: &str) -> Result<Vec<u8>> {
    if cfg!(feature = "https") {
        fetch_within(address, Limits::default())
    } else {
        check(address, true)?;
        fetch_by_another_build(address)
    }
}

/// The manifest of `cargo xtask`.
const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/standalone/Cargo.toml");

/// Runs `cargo xtask fetch` with the feature `https`. Its messages go to standard error.
fn fetch_by_another_build(address: &str) -> Result<Vec<u8>> {
    let place = without_query(address);
    let failed = |message: &str| Diagnostic::new(message.to_owned()).at(place, Place::Whole);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--manifest-path", MANIFEST])
        .args(["--features", "https", "--", "fetch", address])
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| {
            failed(&format!("cargo cannot be run to fetch the page: {error}"))
                .help("save the page and give the file")
        })?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(failed("the page was not fetched").help("the message above says why"))
    }
}

/// The name that the record keeps for an address: without its fragment, which names no page.
///
/// An address with a query needs `name`, since the query may hold a token.
pub(super) fn recorded_name(address: &str, name: Option<&str>) -> Result<String> {
    let uri = check(address, true)?;
    match name {
        Some(name) => Ok(name.to_owned()),
        None if uri.query().is_some() => Err(Diagnostic::new(
            "the address has a query, which the record would keep",
        )
        .at(without_query(address), Place::Whole)
        .help("name the page with --page; a query may hold a token")),
        None => Ok(without_query(address).to_owned()),
    }
}

/// An address without its query and its fragment.
pub(super) fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

fn check(address: &str, https_only: bool) -> Result<Uri> {
    let wrong = |message: String, help: &str| Err(Diagnostic::new(message).help(help));
    let Ok(uri) = without_fragment(address).parse::<Uri>() else {
        return wrong(
            format!("`{}` is no address", without_query(address).escape_debug()),
            "write blanks and other special characters in percent encoding",
        );
    };
    if https_only && uri.scheme_str() != Some("https") {
        let scheme = uri.scheme_str().unwrap_or_default();
        return wrong(
            format!("pages are fetched over https alone, not over {scheme}"),
            "give the https address",
        );
    }
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return wrong(
            "the address holds a user name or a password".to_owned(),
            "give a public address, or save the page and give the file",
        );
    }
    Ok(uri)
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}

fn fetch_within(address: &str, limits: Limits) -> Result<Vec<u8>> {
    let uri = check(address, limits.https_only)?;
    let place = without_query(address);
    let progress = progress(place);
    let result = download(uri, place, limits, &progress);
    progress.finish_and_clear();
    result
}

fn download(uri: Uri, place: &str, limits: Limits, progress: &ProgressBar) -> Result<Vec<u8>> {
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
        .user_agent(concat!("specmill-xtask/", env!("CARGO_PKG_VERSION")))
        .accept("text/markdown, text/plain;q=0.9, */*;q=0.1")
        .build()
        .new_agent();
    let trouble = |error: ureq::Error| explain(&error, limits).at(place, Place::Whole);
    let mut response = agent.get(uri).call().map_err(trouble)?;
    let status = response.status();
    if !status.is_success() {
        return Err(Diagnostic::new(format!("the server answers {status}"))
            .at(place, Place::Whole)
            .help("check the address in a browser; a page behind a login can be saved and given as a file"));
    }
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if content_type.to_ascii_lowercase().starts_with("text/html") {
        return Err(Diagnostic::new("the address answers HTML, not Markdown")
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

/// A line that shows how much was read; nothing where standard error is no terminal.
fn progress(place: &str) -> ProgressBar {
    let progress = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("fetching {msg} ({bytes})") {
        progress.set_style(style);
    }
    progress.set_message(place.to_owned());
    progress.tick();
    progress
}

fn explain(error: &ureq::Error, limits: Limits) -> Box<Diagnostic> {
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
