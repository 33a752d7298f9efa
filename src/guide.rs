//! A page for each task.
//!
//! The [`reference`](mod@crate::reference) lists every operation with its parameters, its response and an example.

// A page of `docs/`. Its programs are tests in `tests/docs`, so doctests skip it. A page defines its links for the
// repository at its end; `links.md` comes first and leads to the modules here, since the first definition of a link counts.
macro_rules! pages {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[cfg_attr(not(doctest), doc = include_str!("guide/links.md"))]
            #[cfg_attr(not(doctest), doc = include_str!($file))]
            pub mod $name {}
        )*
    };
}

pages! {
    authenticate: "../docs/authenticate.md",
    list_everything: "../docs/list-everything.md",
    handle_errors: "../docs/handle-errors.md",
    timeouts_and_retries: "../docs/timeouts-and-retries.md",
    streams: "../docs/streams.md",
    upload_and_download: "../docs/upload-and-download.md",
    proxies_and_tls: "../docs/proxies-and-tls.md",
    middleware: "../docs/middleware.md",
    observability: "../docs/observability.md",
    pin_a_version: "../docs/pin-a-version.md",
    test_your_code: "../docs/test-your-code.md",
    test_any_api: "../docs/test-any-api.md",
    add_an_api: "../docs/add-an-api.md",
    samsung_cloud_platform: "../docs/samsung-cloud-platform.md",
    requirements: "../docs/requirements.md",
}
