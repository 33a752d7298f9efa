//! The settings of a client.

use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};
use specmill_http::SettingNames;
use specmill_http::base_url::BaseUrl;
use specmill_http::clock::Clock;
use specmill_http::credentials::Authentication;
use specmill_http::credentials::Surroundings;
use specmill_http::error::Error;
use specmill_http::http_client::{HttpClient, HttpClientBuilder, Pem, Proxy, Tls};
use specmill_http::servers::{Declared, Servers};
use specmill_transport::middleware::{Middleware, Stack};
use specmill_transport::options::ExtraHeaders;
use specmill_transport::retry::{RetryBudget, RetryPolicy};
use specmill_transport::transport::Parts;

use crate::environment::Variables;
use crate::transport::Transport;

/// The facts about an API that do not depend on a client. Written by the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api {
    /// The name in errors and in the user agent: `panther`.
    pub name: &'static str,
    /// The title for people.
    pub title: &'static str,
    /// The version of the generated crate.
    pub version: &'static str,
    /// Path suffixes that users paste with the base URL, and that are removed from it.
    pub base_url_suffixes: &'static [&'static str],
}

/// The settings of a client; [`build`](Self::build) builds the [`Transport`].
#[derive(Debug)]
pub struct Settings {
    api: &'static Api,
    own_http_client: HttpClientBuilder,
    http_client: Option<HttpClient>,
    attempt_timeout: Duration,
    total_timeout: Duration,
    idle_timeout: Duration,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    user_agent_suffix: Option<String>,
    extra_headers: ExtraHeaders,
    fixed_headers: Vec<(&'static str, String)>,
    servers: Vec<Declared>,
    middleware: Stack,
    max_concurrent_calls: Option<usize>,
    allow_http: bool,
    max_response_bytes: u64,
    clock: Clock,
    names: SettingNames,
}

impl Settings {
    /// Creates settings with the defaults, which each method names.
    pub fn new(api: &'static Api) -> Self {
        Self {
            api,
            own_http_client: HttpClientBuilder::default(),
            http_client: None,
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            idle_timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            user_agent_suffix: None,
            extra_headers: ExtraHeaders::default(),
            fixed_headers: Vec::new(),
            servers: Vec::new(),
            middleware: Stack::default(),
            max_concurrent_calls: None,
            allow_http: false,
            max_response_bytes: 64 * 1024 * 1024,
            clock: Clock::system(),
            names: SettingNames::default(),
        }
    }

    /// Sets the time limit for connecting, including TLS: 10 seconds by default. It has no effect on a supplied HTTP
    /// client, which has its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.own_http_client = self.own_http_client.connect_timeout(timeout);
        self
    }

    /// Sets the time limit for an attempt, from connecting to the last byte of the response: 30 seconds by default.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the time limit for a call with all its attempts and the delays between them: 120 seconds by default.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// Sets the time limit without progress of a streamed request or response body: 60 seconds by default. Apart from
    /// it, a streamed body is not limited in time: the attempt timeout ends with the head of the response.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Sets which failed attempts are retried, and when: by default up to five attempts of idempotent requests. See
    /// [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many retries all calls together may make: by default 50, plus one for every five calls. See
    /// [`RetryBudget`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Appends a string to this library's own in the `User-Agent` header, such as `my-program/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Adds a header to every request. [`build`](Self::build) fails if the header is invalid or if the client sets it
    /// itself. Its value is treated as a credential and never shown.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra_headers.push(name.into(), value.into());
        self
    }

    /// Adds a header that the API requires for every authenticated request. For generated code.
    pub fn fixed_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fixed_headers.push((name, value.into()));
        self
    }

    /// Adds a server of individual operations, as declared in the document, and the base URL that replaces it, if it
    /// is set. `setting` is the name of the base URL's setting in errors. For generated code.
    pub fn server(
        mut self,
        declared: &'static str,
        base_url: Option<String>,
        setting: &'static str,
    ) -> Self {
        self.servers.push(Declared {
            url: declared,
            base_url,
            setting,
        });
        self
    }

    /// Sets trusted root certificates, a client certificate and the minimum version: by default the certificates of
    /// the operating system. [`build`](Self::build) fails if a setting cannot be applied, or if
    /// [`http_client`](Self::http_client) is set too.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.own_http_client = self.own_http_client.tls(tls);
        self
    }

    /// Sets a proxy, which replaces those of the environment and the system. [`build`](Self::build) fails if
    /// [`http_client`](Self::http_client) is set too.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.own_http_client = self.own_http_client.proxy(proxy);
        self
    }

    /// Uses no proxy, even if the environment or the system configures one. Calls to loopback hosts never use a proxy.
    /// [`build`](Self::build) fails if [`http_client`](Self::http_client) is set too.
    pub fn no_proxy(mut self) -> Self {
        self.own_http_client = self.own_http_client.no_proxy();
        self
    }

    /// Uses a shared HTTP client, with its own proxies, TLS settings and connect timeout.
    pub fn http_client(mut self, client: HttpClient) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Adds code around each attempt, such as a cache, a rate limiter or a recorder. The middleware that is added
    /// first is the outermost: it sees the request first and the response last.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(middleware);
        self
    }

    /// Limits the number of requests in flight, and so of connections: not limited by default, at least 1. Further
    /// calls wait, and the wait counts towards the total timeout. A streamed response counts until its head has
    /// arrived.
    pub fn max_concurrent_calls(mut self, calls: usize) -> Self {
        self.max_concurrent_calls = Some(calls.max(1));
        self
    }

    /// Sets whether `http://` is accepted for hosts other than loopback hosts: not by default, since credentials can
    /// be read in transit.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the size limit of a response: 64 MiB by default. Of an error response, at most 64 KiB are kept.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets the source of the time, for tests: the system clock by default.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// Sets the names of the variables from which the settings were read, each with its setting. Errors contain them
    /// instead of the builder's methods. For generated code.
    pub fn read_from(
        mut self,
        variables: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        self.names = SettingNames::variables(variables);
        self
    }

    /// Uses the middleware of the variables, and TLS settings from those whose names begin with `prefix`:
    /// `{prefix}_TLS_EXTRA_CA_FILE`, `_CA_FILE`, `_CLIENT_CERT_FILE`, `_CLIENT_KEY_FILE` and `_MIN_VERSION`. For
    /// generated code.
    ///
    /// # Errors
    /// A variable is not Unicode or has no known value, or only one of certificate and key is set.
    pub fn tls_from(mut self, variables: &Variables, prefix: &str) -> Result<Self, Error> {
        let name = |setting: &str| format!("{prefix}_TLS_{setting}");
        let file =
            |setting: &str| Ok::<_, Error>(variables.optional(&name(setting))?.map(Pem::file));
        let mut tls = Tls::new();
        if let Some(roots) = file("EXTRA_CA_FILE")? {
            tls = tls.add_root_certificates(roots);
        }
        if let Some(roots) = file("CA_FILE")? {
            tls = tls.only_root_certificates(roots);
        }
        tls = match (file("CLIENT_CERT_FILE")?, file("CLIENT_KEY_FILE")?) {
            (Some(certificate), Some(key)) => tls.client_certificate(certificate, key),
            (None, None) => tls,
            (certificate, _) => {
                let (set, unset) = if certificate.is_some() {
                    ("CLIENT_CERT_FILE", "CLIENT_KEY_FILE")
                } else {
                    ("CLIENT_KEY_FILE", "CLIENT_CERT_FILE")
                };
                return Err(Error::configuration(format!(
                    "{} is set without {}: set both",
                    name(set),
                    name(unset)
                )));
            }
        };
        if let Some(version) = variables.parsed(&name("MIN_VERSION"))? {
            tls = tls.min_version(version);
        }
        self.middleware.extend(variables.stack());
        Ok(self.tls(tls))
    }

    /// The names of the settings in errors.
    pub(crate) fn names(&self) -> &SettingNames {
        &self.names
    }

    /// Builds the transport.
    ///
    /// # Errors
    /// The base URL, a header, the credentials or the HTTP client is invalid. No error shows a credential.
    pub fn build(self, base_url: &str, authentication: Authentication) -> Result<Transport, Error> {
        let suffixes = self.api.base_url_suffixes;
        let base = BaseUrl::parse(base_url, suffixes, self.allow_http, &self.names)?;
        let servers = Servers::new(&self.servers, &base, self.allow_http)?;
        authentication.check()?;
        let fixed_headers = self.fixed_headers()?;
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, self.user_agent()?);
        let own: Vec<&str> = authentication
            .header_names()
            .into_iter()
            .chain(fixed_headers.keys().map(HeaderName::as_str))
            .collect();
        self.extra_headers
            .add_to(&mut headers, &own)
            .map_err(Error::configuration)?;
        let http = http_client(
            self.http_client,
            self.own_http_client,
            &base,
            servers.foremost(&base),
        )?;
        let surroundings = Surroundings {
            http: http.clone(),
            base: base.url().clone(),
            allow_http: self.allow_http,
            timeout: self.attempt_timeout,
            user_agent: headers.get(USER_AGENT).cloned(),
            clock: self.clock.clone(),
        };
        let authentication = authentication.connect(&surroundings)?;
        Ok(Transport::new(Parts {
            http,
            surroundings,
            base,
            servers,
            max_concurrent_calls: self.max_concurrent_calls,
            middleware: self.middleware,
            authentication,
            headers,
            fixed_headers,
            attempt_timeout: self.attempt_timeout,
            total_timeout: self.total_timeout,
            idle_timeout: self.idle_timeout,
            retry: self.retry,
            retry_budget: self.retry_budget,
            max_response_bytes: self.max_response_bytes,
            clock: self.clock,
        }))
    }

    fn fixed_headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.fixed_headers {
            let refuse =
                |_| Error::configuration(format!("the value for the header {name} cannot be sent"));
            let value = HeaderValue::from_str(value).map_err(refuse)?;
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                Error::configuration(format!("{name:?} is not a valid header name"))
            })?;
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn user_agent(&self) -> Result<HeaderValue, Error> {
        let mut text = format!(
            "specmill-client/{} {}/{}",
            env!("CARGO_PKG_VERSION"),
            self.api.name.replace(' ', "-"),
            self.api.version
        );
        if let Some(suffix) = &self.user_agent_suffix {
            text.push(' ');
            text.push_str(suffix);
        }
        HeaderValue::from_str(&text).map_err(|_| {
            Error::configuration("the user agent suffix holds characters that no header can carry")
        })
    }
}

/// The supplied HTTP client, or a new one with the settings.
fn http_client(
    supplied: Option<HttpClient>,
    own: HttpClientBuilder,
    base: &BaseUrl,
    foremost: &BaseUrl,
) -> Result<reqwest::Client, Error> {
    match supplied {
        Some(_) if own.has_tls_or_proxy() => Err(Error::configuration(
            "TLS settings and proxies are settings of the supplied HTTP client: make them there",
        )),
        Some(client) => client.for_base(foremost),
        None => own.build_for(base, foremost),
    }
}
