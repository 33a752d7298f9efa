//! The settings that token requests share with the client.

use std::time::Duration;

use http::HeaderValue;
use reqwest::Url;

use crate::clock::Clock;

/// What a client lends to the requests for its tokens.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) http: reqwest::Client,
    pub(crate) base: Url,
    pub(crate) allow_http: bool,
    pub(crate) timeout: Duration,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) clock: Clock,
}
