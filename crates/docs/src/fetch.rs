//! Fetching a page: the one place that uses the network.

#[cfg(any(feature = "https", test))]
mod download;
#[cfg(test)]
mod tests;

use http::Uri;

use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

/// Fetches a page over https, within 30 seconds and up to 32 MiB.
///
/// If standard error is a terminal, it shows the progress.
///
/// An HTTP client with TLS takes long to compile, and is only needed here. A program that is built without the feature
/// `https` and started with `cargo run` starts another build of itself to fetch the page: one with the package's own
/// feature `https`, which must have a command `fetch`.
///
/// # Errors
/// The URL is not https, the page cannot be fetched in time, or it is too large.
pub fn fetch(address: &str) -> Result<Vec<u8>> {
    #[cfg(feature = "https")]
    {
        download::fetch_within(address, download::Limits::default())
    }
    #[cfg(not(feature = "https"))]
    {
        check(address, true)?;
        fetch_by_another_build(address)
    }
}

/// Runs the current package with the feature `https`. Its messages are written to standard error.
#[cfg(not(feature = "https"))]
fn fetch_by_another_build(address: &str) -> Result<Vec<u8>> {
    let place = without_query(address);
    let failed = |message: &str| Diagnostic::new(message.to_owned()).at(place, Place::Whole);
    // `cargo run` sets this variable to the package of the program.
    let Some(package) = std::env::var_os("CARGO_MANIFEST_DIR") else {
        return Err(failed("this program is built without an HTTP client")
            .help("build it with its feature `https`, or save the page and give the file"));
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args(["run", "--quiet", "--manifest-path"])
        .arg(std::path::Path::new(&package).join("Cargo.toml"))
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

/// The name of a URL in the record: the URL without its fragment, which does not identify a page.
///
/// A URL with a query needs `name`, since the query may contain a token.
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

/// A URL without its query and fragment.
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
            format!("pages are fetched over https only, not over {scheme}"),
            "give the https address",
        );
    }
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return wrong(
            "the URL contains a user name or a password".to_owned(),
            "give a public address, or save the page and give the file",
        );
    }
    Ok(uri)
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or_default()
}
