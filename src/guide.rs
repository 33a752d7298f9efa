//! A page for each task. Their examples run on the sandbox as tests.
//!
//! Every operation, with what it takes, returns and needs, is in [`reference`](mod@crate::reference).

/// A page of `docs/`. What its links lead to in the repository stands at its end; the same links lead to the modules
/// here, since of two definitions the first one counts.
macro_rules! pages {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[doc = include_str!("guide/links.md")]
            #[doc = include_str!($file)]
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
}
