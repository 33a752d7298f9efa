/// Declares the methods of a client's builder for the settings that all clients have in common. The builder has a
/// field `settings` of type [`Settings`](crate::Settings).
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
            /// Sets the time limit for connecting, including TLS: 10 seconds by default. It has no effect on a
            /// supplied HTTP client, which has its own.
            pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.connect_timeout(timeout);
                self
            }

            /// Sets the time limit for an attempt, from connecting to the last byte of the response: 30 seconds by
            /// default.
            pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.attempt_timeout(timeout);
                self
            }

            /// Sets the time limit for a call with all its attempts and the delays between them: 120 seconds by
            /// default.
            pub fn total_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.total_timeout(timeout);
                self
            }

            /// Sets the time limit without progress of a streamed request or response body: 60 seconds by default.
            /// Apart from it, a streamed body is not limited in time: the attempt timeout ends with the head of the
            /// response.
            pub fn idle_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.settings = self.settings.idle_timeout(timeout);
                self
            }

            /// Sets which failed attempts are retried, and when: by default up to five attempts of idempotent
            /// requests. See `RetryPolicy`.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.settings = self.settings.retry(policy);
                self
            }

            /// Sets how many retries all calls together may make: by default 50, plus one for every five calls. See
            /// `RetryBudget`.
            pub fn retry_budget(mut self, budget: $crate::RetryBudget) -> Self {
                self.settings = self.settings.retry_budget(budget);
                self
            }

            /// Appends a string to this library's own in the `User-Agent` header, such as `my-program/1.2`.
            pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
                self.settings = self.settings.user_agent_suffix(suffix);
                self
            }

            /// Adds a header to every request. `build` fails if the header is invalid or if the client sets it itself.
            /// Its value is treated as a credential and never shown.
            pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.settings = self.settings.header(name, value);
                self
            }

            /// Sets trusted root certificates, a client certificate and the minimum version: by default the
            /// certificates of the operating system. `build` fails if a setting cannot be applied, or if `http_client`
            /// is set too.
            pub fn tls(mut self, tls: $crate::Tls) -> Self {
                self.settings = self.settings.tls(tls);
                self
            }

            /// Sets a proxy, which replaces those of the environment and the system. `build` fails if `http_client` is
            /// set too.
            pub fn proxy(mut self, proxy: $crate::Proxy) -> Self {
                self.settings = self.settings.proxy(proxy);
                self
            }

            /// Uses no proxy, even if the environment or the system configures one. Calls to loopback hosts never use
            /// a proxy. `build` fails if `http_client` is set too.
            pub fn no_proxy(mut self) -> Self {
                self.settings = self.settings.no_proxy();
                self
            }

            /// Uses a shared HTTP client, with its own proxies, TLS settings and connect timeout.
            pub fn http_client(mut self, client: $crate::HttpClient) -> Self {
                self.settings = self.settings.http_client(client);
                self
            }

            /// Adds code around each attempt, such as a cache, a rate limiter or a recorder. The middleware that is
            /// added first is the outermost: it sees the request first and the response last.
            pub fn middleware(mut self, middleware: impl $crate::middleware::Middleware) -> Self {
                self.settings = self.settings.middleware(middleware);
                self
            }

            /// Limits the number of requests in flight, and so of connections: not limited by default, at least 1.
            /// Further calls wait, and the wait counts towards the total timeout. A streamed response counts until its
            /// head has arrived.
            pub fn max_concurrent_calls(mut self, calls: usize) -> Self {
                self.settings = self.settings.max_concurrent_calls(calls);
                self
            }

            /// Sets whether `http://` is accepted for hosts other than loopback hosts: not by default, since
            /// credentials can be read in transit.
            pub fn allow_http(mut self, allow: bool) -> Self {
                self.settings = self.settings.allow_http(allow);
                self
            }

            /// Sets the size limit of a response: 64 MiB by default. Of an error response, at most 64 KiB are kept.
            pub fn max_response_bytes(mut self, bytes: u64) -> Self {
                self.settings = self.settings.max_response_bytes(bytes);
                self
            }

            /// Sets the source of the time, for tests: the system clock by default.
            pub fn clock(mut self, clock: impl Into<$crate::Clock>) -> Self {
                self.settings = self.settings.clock(clock);
                self
            }
        }
    };
}
