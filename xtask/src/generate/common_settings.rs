//! The settings that every client has.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The settings that every client has; the runtime documents and keeps them.
pub(super) fn methods() -> TokenStream {
    let settings = [
        (
            "connect_timeout",
            quote!(timeout: Duration),
            quote!(timeout),
            "The longest time to connect.",
        ),
        (
            "attempt_timeout",
            quote!(timeout: Duration),
            quote!(timeout),
            "The longest time of one attempt.",
        ),
        (
            "total_timeout",
            quote!(timeout: Duration),
            quote!(timeout),
            "The longest time of a call with all its attempts.",
        ),
        (
            "retry",
            quote!(policy: RetryPolicy),
            quote!(policy),
            "Which failed attempts are made again, and when.",
        ),
        (
            "retry_budget",
            quote!(budget: RetryBudget),
            quote!(budget),
            "How many retries all calls together may make.",
        ),
        (
            "user_agent_suffix",
            quote!(suffix: impl Into<String>),
            quote!(suffix),
            "A text after this library's own in `User-Agent`.",
        ),
        (
            "header",
            quote!(name: impl Into<String>, value: impl Into<String>),
            quote!(name, value),
            "A header for every request. Its value is kept like a credential.",
        ),
        (
            "tls",
            quote!(tls: Tls),
            quote!(tls),
            "TLS settings: trusted root certificates, client certificate, minimum version.",
        ),
        (
            "proxy",
            quote!(proxy: Proxy),
            quote!(proxy),
            "A proxy in place of those of the environment or system.",
        ),
        (
            "no_proxy",
            quote!(),
            quote!(),
            "No proxy, whatever the environment or system names.",
        ),
        (
            "http_client",
            quote!(client: HttpClient),
            quote!(client),
            "An HTTP client whose connections are shared, with its own proxies and TLS settings.",
        ),
        (
            "max_concurrent_calls",
            quote!(calls: usize),
            quote!(calls),
            "The largest number of requests in flight at a time; others wait.",
        ),
        (
            "allow_http",
            quote!(allow: bool),
            quote!(allow),
            "Whether `http` is taken for hosts other than this one.",
        ),
        (
            "max_response_bytes",
            quote!(bytes: u64),
            quote!(bytes),
            "The largest answer that is read, in bytes.",
        ),
        (
            "clock",
            quote!(clock: impl Into<Clock>),
            quote!(clock),
            "Where the time comes from; for tests.",
        ),
    ];
    let methods = settings
        .into_iter()
        .map(|(name, parameters, arguments, docs)| {
            let name = format_ident!("{name}");
            let docs = format!(" {docs} See [`Settings::{name}`].");
            quote! {
                #[doc = #docs]
                pub fn #name(mut self, #parameters) -> Self {
                    self.settings = self.settings.#name(#arguments);
                    self
                }
            }
        });
    quote!(#(#methods)*)
}
