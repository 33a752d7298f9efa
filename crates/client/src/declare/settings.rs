/// Declares the methods of a client's builder for the settings that every client has. The builder has a field `settings`
/// of type [`Settings`](crate::Settings).
///
/// ```
/// use specmill_client::Settings;
///
/// /// Builds a client.
/// pub struct ClientBuilder {
///     settings: Settings,
/// }
///
/// specmill_client::common_settings!(ClientBuilder);
///
/// # static API: specmill_client::Api =
/// #     specmill_client::Api { name: "acme", title: "Acme", version: "1", base_url_suffixes: &[] };
/// let builder = ClientBuilder { settings: Settings::new(&API) };
/// let builder = builder.attempt_timeout(std::time::Duration::from_secs(5)).allow_http(true);
/// ```
#[macro_export]
macro_rules! common_settings {
    ($builder:ident) => {
        impl $builder {
            /// The longest time to connect.
            /// See [`Settings::connect_timeout`](specmill_client::Settings::connect_timeout).
            pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.connect_timeout(timeout);
                self
            }

            /// The longest time of one attempt.
            /// See [`Settings::attempt_timeout`](specmill_client::Settings::attempt_timeout).
            pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.attempt_timeout(timeout);
                self
            }

            /// The longest time of a call with all its attempts.
            /// See [`Settings::total_timeout`](specmill_client::Settings::total_timeout).
            pub fn total_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.total_timeout(timeout);
                self
            }

            /// The longest time in which nothing of a streamed body moves.
            /// See [`Settings::idle_timeout`](specmill_client::Settings::idle_timeout).
            pub fn idle_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.idle_timeout(timeout);
                self
            }

            /// Which failed attempts are retried, and when.
            /// See [`Settings::retry`](specmill_client::Settings::retry).
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.settings = self.settings.retry(policy);
                self
            }

            /// How many retries all calls together may make.
            /// See [`Settings::retry_budget`](specmill_client::Settings::retry_budget).
            pub fn retry_budget(mut self, budget: $crate::RetryBudget) -> Self {
                self.settings = self.settings.retry_budget(budget);
                self
            }

            /// A string after this library's own in `User-Agent`.
            /// See [`Settings::user_agent_suffix`](specmill_client::Settings::user_agent_suffix).
            pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
                self.settings = self.settings.user_agent_suffix(suffix);
                self
            }

            /// A header for every request. Its value is treated as a credential. See
            /// [`Settings::header`](specmill_client::Settings::header).
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.settings = self.settings.header(name, value);
                self
            }

            /// TLS settings: trusted root certificates, client certificate, minimum version.
            /// See [`Settings::tls`](specmill_client::Settings::tls).
            pub fn tls(mut self, tls: $crate::Tls) -> Self {
                self.settings = self.settings.tls(tls);
                self
            }

            /// Sets a proxy instead of those of the environment or system. See
            /// [`Settings::proxy`](specmill_client::Settings::proxy).
            pub fn proxy(mut self, proxy: $crate::Proxy) -> Self {
                self.settings = self.settings.proxy(proxy);
                self
            }

            /// Uses no proxy, even if the environment or system names one. See
            /// [`Settings::no_proxy`](specmill_client::Settings::no_proxy).
            pub fn no_proxy(mut self) -> Self {
                self.settings = self.settings.no_proxy();
                self
            }

            /// An HTTP client whose connections are shared, with its own proxies and TLS settings.
            /// See [`Settings::http_client`](specmill_client::Settings::http_client).
            pub fn http_client(mut self, client: $crate::HttpClient) -> Self {
                self.settings = self.settings.http_client(client);
                self
            }

            /// Code around each attempt: a cache, a rate limiter, a recorder.
            /// See [`Settings::middleware`](specmill_client::Settings::middleware).
            pub fn middleware(mut self, middleware: impl $crate::middleware::Middleware) -> Self {
                self.settings = self.settings.middleware(middleware);
                self
            }

            /// The largest number of requests in flight at a time; others wait.
            /// See [`Settings::max_concurrent_calls`](specmill_client::Settings::max_concurrent_calls).
            pub fn max_concurrent_calls(mut self, calls: usize) -> Self {
                self.settings = self.settings.max_concurrent_calls(calls);
                self
            }

            /// Whether `http` is allowed for hosts other than this one.
            /// See [`Settings::allow_http`](specmill_client::Settings::allow_http).
            pub fn allow_http(mut self, allow: bool) -> Self {
                self.settings = self.settings.allow_http(allow);
                self
            }

            /// The largest response that is read, in bytes.
            /// See [`Settings::max_response_bytes`](specmill_client::Settings::max_response_bytes).
            pub fn max_response_bytes(mut self, bytes: u64) -> Self {
                self.settings = self.settings.max_response_bytes(bytes);
                self
            }

            /// Where the time comes from; for tests.
            /// See [`Settings::clock`](specmill_client::Settings::clock).
            pub fn clock(mut self, clock: impl Into<$crate::Clock>) -> Self {
                self.settings = self.settings.clock(clock);
                self
            }
        }
    };
}
