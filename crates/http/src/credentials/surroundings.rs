//! The settings that token requests share with the client.

use std::time::Duration;

use http::HeaderValue;
use reqwest::Url;

use crate::clock::Clock;

/// The HTTP client and the settings for token requests.
#[derive(Clone)]
#[doc(hidden)]
pub struct Surroundings {
    pub http: reqwest::Client,
    pub base: Url,
    pub allow_http: bool,
    pub timeout: Duration,
    pub user_agent: Option<HeaderValue>,
    pub clock: Clock,
}
