//! The programs whose parts the pages show, a module for each page. A block begins after a line `// docs: begin` and
//! ends before the next `// docs: end`; `// docs: more` continues it.

mod authenticate;
mod handle_errors;
mod list_everything;
mod middleware;
mod observability;
mod pin_a_version;
mod proxies_and_tls;
mod readme;
mod streams;
mod test_any_api;
mod test_your_code;
mod timeouts_and_retries;
mod tour;
mod upload_and_download;
