//! What a client is made from.

use std::time::Duration;

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::authentication::Authentication;
use crate::base_url::BaseUrl;
use crate::clock::Clock;
use crate::error::Error;
use crate::http_client::HttpClient;
use crate::options::ExtraHeaders;
use crate::retry::{RetryBudget, RetryPolicy};
use crate::setting_names::SettingNames;
use crate::transport::{Parts, Transport};

/// What is known about an API before a client is made. Written by the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Api {
    /// Name as it stands in errors and in the user agent: `panther`.
    pub name: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// Version of the generated crate.
    pub version: &'static str,
    /// Paths that users paste with the base address, and that are taken off it.
    pub base_url_suffixes: &'static [&'static str],
}

/// The settings of a client; [`build`](Self::build) makes the [`Transport`].
#[derive(Debug)]
pub struct Settings {
    api: &'static Api,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    total_timeout: Duration,
    retry: RetryPolicy,
    retry_budget: RetryBudget,
    user_agent_suffix: Option<String>,
    extra_headers: ExtraHeaders,
    fixed_headers: Vec<(&'static str, String)>,
    http_client: HttpClient,
    allow_http: bool,
    max_response_bytes: u64,
    clock: Clock,
    names: SettingNames,
}

impl Settings {
    /// The defaults, which each method names.
    pub fn new(api: &'static Api) -> Self {
        Self {
            api,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            retry: RetryPolicy::default(),
            retry_budget: RetryBudget::default(),
            user_agent_suffix: None,
            extra_headers: ExtraHeaders::default(),
            fixed_headers: Vec::new(),
            http_client: HttpClient::default(),
            allow_http: false,
            max_response_bytes: 64 * 1024 * 1024,
            clock: Clock::system(),
            names: SettingNames::default(),
        }
    }

    /// Longest time to connect, TLS included: 10 seconds. A supplied HTTP client keeps its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Longest time for one attempt, from connecting to the last byte of the answer: 30 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Longest time for a call with all its attempts and the delays between them: 120 seconds.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// Which failed attempts are made again: see [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many retries all calls together may make: see [`RetryBudget`].
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.retry_budget = budget;
        self
    }

    /// Text after this library's own in the `User-Agent` header, such as `my-program/1.2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// A header for every request. One that cannot be sent, or is set by the client itself, is an error of
    /// [`build`](Self::build). Its value is treated as a credential: nothing shows it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra_headers.push(name.into(), value.into());
        self
    }

    /// A header that the API asks of every authenticated request. For generated code.
    pub fn fixed_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fixed_headers.push((name, value.into()));
        self
    }

    /// Changes to the HTTP client: proxies, addresses, keep-alive and the like.
    ///
    /// TLS is set up already; to change it, give the builder a backend of your own, as by
    /// [`reqwest::ClientBuilder::tls_backend_preconfigured`]. Redirects stay switched off whatever the changes.
    ///
    /// ```no_run
    /// # fn settings(settings: specmill_client::Settings) -> specmill_client::Settings {
    /// settings.configure_http_client(|builder| builder.tcp_nodelay(false))
    /// # }
    /// ```
    pub fn configure_http_client(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.http_client = HttpClient::Configured(Box::new(configure));
        self
    }

    /// An HTTP client of the caller's, to share its connections, with its own proxies, TLS and connect timeout.
    ///
    /// Begin it with [`http_client_builder`](crate::http_client_builder), or build it with
    /// [`reqwest::redirect::Policy::none`]: one that may follow redirects could carry
    /// credentials to another host, and is an error of [`build`](Self::build). Where that cannot be arranged, use
    /// [`configure_http_client`](Self::configure_http_client).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = HttpClient::Supplied(client);
        self
    }

    /// Whether `http://` is taken for hosts other than this one: no. Credentials can be read on the way.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Largest answer that is read: 64 MiB. Of an answer that is no success, 64 KiB are kept.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Where the time comes from: the system, except in tests.
    pub fn clock(mut self, clock: impl Into<Clock>) -> Self {
        self.clock = clock.into();
        self
    }

    /// The variables that the settings are read from, each after its setting: errors name them in place of the
    /// builder's methods. For generated code.
    pub fn read_from(mut self, variables: &'static [(&'static str, &'static str)]) -> Self {
        self.names = SettingNames::variables(variables);
        self
    }

    /// What errors call the settings.
    pub(crate) fn names(&self) -> SettingNames {
        self.names
    }

    /// Makes the transport.
    ///
    /// # Errors
    /// The address, a header, the credentials or the HTTP client cannot be used. No error shows a credential.
    pub fn build(self, base_url: &str, authentication: Authentication) -> Result<Transport, Error> {
        let suffixes = self.api.base_url_suffixes;
        let base = BaseUrl::parse(base_url, suffixes, self.allow_http, self.names)?;
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
        Ok(Transport::new(Parts {
            http: self.http_client.build(self.connect_timeout, &base)?,
            base,
            authentication,
            headers,
            fixed_headers,
            attempt_timeout: self.attempt_timeout,
            total_timeout: self.total_timeout,
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
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| Error::configuration(format!("{name:?} is no name of a header")))?;
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
