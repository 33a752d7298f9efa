//! The token endpoint of OAuth 2.0.

use std::time::Duration;

use bytes::BytesMut;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use reqwest::Url;
use serde::Deserialize;

use super::authentication::Authentication;
use super::surroundings::Surroundings;
use crate::base_url::is_loopback;
use crate::error::Limit;
use crate::error::{Error, Kind};
use crate::failure::{failed, refused, timed_out};
use crate::platform;
use crate::redact::Redactor;
use crate::text::{LIMIT as TEXT_LIMIT, one_line};

/// The maximum size of a response, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The response of a token endpoint.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: String,
    #[serde(default)]
    pub(super) token_type: Option<String>,
    #[serde(default)]
    expires_in: Option<Seconds>,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
}

/// A number of seconds, which some services write as a string.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(f64),
    Text(String),
}

impl Tokens {
    pub(super) fn lifetime(&self) -> Option<Duration> {
        let seconds = match self.expires_in.as_ref()? {
            Seconds::Number(number) => *number,
            Seconds::Text(text) => text.trim().parse().ok()?,
        };
        Duration::try_from_secs_f64(seconds).ok()
    }
}

/// Resolves the URL of a token endpoint: absolute, or a path on the origin of the base URL.
pub(super) fn url(given: &str, surroundings: &Surroundings) -> Result<Url, Error> {
    let refuse = |problem: &str| Err(Error::configuration(format!("the token URL {problem}")));
    let Ok(url) = surroundings.base.join(given.trim()) else {
        return refuse("is not a URL");
    };
    if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
        return refuse("must begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return refuse("contains a user name, a password or a fragment: remove it");
    }
    if url.scheme() == "http" && !surroundings.allow_http && !is_loopback(&url) {
        return refuse("is http://, which would send credentials unencrypted: use https://");
    }
    Ok(url)
}

/// Resolves the token URL of the API's document. It must be on the origin of the base URL, since the user has not
/// configured any other host for credentials.
pub(super) fn on_own_origin(
    path: &str,
    surroundings: &Surroundings,
    setting: &str,
) -> Result<Url, Error> {
    let url = url(path, surroundings)?;
    if url.origin() == surroundings.base.origin() {
        Ok(url)
    } else {
        Err(Error::configuration(format!(
            "the token URL of the document is not on the origin of the base URL: set it with {setting}"
        )))
    }
}

/// Sends a form to a token endpoint, and reads the tokens.
pub(super) async fn exchange(
    surroundings: &Surroundings,
    url: &Url,
    form: String,
    authorization: &Authentication,
) -> Result<Tokens, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    if let Some(agent) = &surroundings.user_agent {
        headers.insert(USER_AGENT, agent.clone());
    }
    let now = surroundings.clock.now();
    authorization.add_headers(&Method::POST, url.as_str(), now, &mut headers)?;
    let redactor = Redactor::new(std::sync::Arc::new(authorization.clone()), &headers);
    let mut request = reqwest::Request::new(Method::POST, url.clone());
    *request.headers_mut() = headers;
    *request.body_mut() = Some(form.into());
    let limit = Limit::Attempt(surroundings.timeout);
    let exchanged = platform::timeout(
        surroundings.timeout,
        send(surroundings, request, url, limit, &redactor),
    );
    exchanged
        .await
        .unwrap_or_else(|_| Err(timed_out(limit, None)))
}

async fn send(
    surroundings: &Surroundings,
    request: reqwest::Request,
    url: &Url,
    limit: Limit,
    redactor: &Redactor,
) -> Result<Tokens, Error> {
    let failed = |error| failed(error, limit, redactor);
    let mut response = platform::execute(&surroundings.http, request)
        .await
        .map_err(failed)?;
    if response.url() != url {
        return Err(Error::new(Kind::RedirectFollowed));
    }
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        if body.len() + piece.len() > MAX_BYTES {
            return Err(Error::new(Kind::TooLarge {
                limit: MAX_BYTES as u64,
            }));
        }
        body.extend_from_slice(&piece);
    }
    let body = body.freeze();
    if status != StatusCode::OK {
        let now = surroundings.clock.now();
        let (body, headers) = (redactor.body(body, false), redactor.headers(headers));
        return Err(refused(status, body, headers, false, url, now));
    }
    let wrong = |problem: &str| {
        let problem = one_line(problem, TEXT_LIMIT).unwrap_or_default();
        let mut error = Error::new(Kind::Decode(problem));
        error.inner_mut().status = Some(status);
        error
    };
    // serde's message could quote a token.
    let tokens: Tokens = serde_json::from_slice(&body)
        .map_err(|_| wrong("expected a JSON object with access_token"))?;
    let bearer = tokens
        .token_type
        .as_deref()
        .is_none_or(|kind| kind.eq_ignore_ascii_case("bearer"));
    if !bearer {
        return Err(wrong("the token is of another type than bearer"));
    }
    Ok(tokens)
}
