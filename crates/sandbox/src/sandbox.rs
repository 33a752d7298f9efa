//! The handle of a running sandbox.

use std::{
    fmt, io,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use axum::{Router, http::StatusCode, middleware, response::IntoResponse};
use serde::Serialize;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    builder::Builder,
    fault::{Fault, Faults, ResponseError, Schedule},
    identity_center::{self, IdentityCenter},
    log::RequestLog,
    operation::{Api, Operation},
    panther::{self, Panther, Role},
    pipeline::{self, Latency, Pipeline},
    server,
};

/// Both APIs on loopback ports of this process, until it is dropped.
///
/// The sandbox runs on the tokio runtime that starts it, and ends with that runtime at the latest. In a `#[tokio::test]`
/// sandbox and client share a thread, so a client must not block it.
///
/// Dropping it, or [`stop`](Self::stop), closes the ports immediately. Requests in flight may finish within a second.
pub struct Sandbox {
    panther_url: String,
    identity_center_url: String,
    other_origin_url: Arc<str>,
    panther: Arc<Panther>,
    identity_center: Arc<IdentityCenter>,
    requests: RequestLog,
    other_origin_requests: RequestLog,
    faults: Arc<Schedule>,
    latency: Latency,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

/// The sandbox could not start.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on 127.0.0.1:{port}: {source}; choose another port, or 0 for any free one")]
pub struct StartError {
    port: u16,
    source: io::Error,
}

impl Builder {
    /// Starts the sandbox on the current tokio runtime, which needs its I/O and time drivers.
    ///
    /// # Errors
    ///
    /// A port cannot be listened on.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        Sandbox::from_builder(self).await
    }
}

impl Sandbox {
    /// Starts the sandbox with the defaults: ten users in each API, free ports, no faults.
    ///
    /// # Errors
    /// No loopback port can be opened.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Starts building a sandbox.
    pub fn builder() -> Builder {
        Builder::default()
    }

    async fn from_builder(builder: Builder) -> Result<Self, StartError> {
        let (panther_listener, panther_origin) = listen(builder.port).await?;
        let next_port = match builder.port {
            0 => 0,
            port => port.checked_add(1).ok_or_else(|| StartError {
                port,
                source: io::Error::other("Identity Center needs the port after it"),
            })?,
        };
        let (identity_center_listener, identity_center_url) = listen(next_port).await?;
        let (other_listener, other_origin_url) = listen(0).await?;
        let other_origin_url: Arc<str> = other_origin_url.into();

        let panther = Arc::new(Panther::new(&builder));
        let identity_center = Arc::new(IdentityCenter::new(&builder, &identity_center_url));
        let requests = RequestLog::new(builder.log_capacity);
        let other_origin_requests = RequestLog::new(builder.log_capacity);
        let faults = Arc::new(Schedule::new(builder.faults));
        let latency = Latency::default();
        latency.set(builder.latency);

        let panther_pipeline = Pipeline {
            api: Api::Panther,
            prefix: builder.panther_prefix.as_str().into(),
            log: requests.clone(),
            faults: Arc::clone(&faults),
            latency: latency.clone(),
            clock: builder.clock,
            other_origin: Arc::clone(&other_origin_url),
            request_ids: Arc::new(AtomicU64::new(1)),
        };
        let identity_center_pipeline = Pipeline {
            api: Api::IdentityCenter,
            prefix: "".into(),
            ..panther_pipeline.clone()
        };
        let other_pipeline = Pipeline {
            api: Api::OtherOrigin,
            log: other_origin_requests.clone(),
            ..identity_center_pipeline.clone()
        };

        let (stop, stopped) = watch::channel(false);
        let servers = [
            (
                panther_listener,
                panther::router(&panther, &builder.panther_prefix),
                panther_pipeline,
            ),
            (
                identity_center_listener,
                identity_center::router(&identity_center),
                identity_center_pipeline,
            ),
            (other_listener, other_origin(), other_pipeline),
        ];
        let servers = servers.into_iter().map(|(listener, router, pipeline)| {
            let router = router.layer(middleware::from_fn_with_state(pipeline, pipeline::run));
            server::spawn(listener, router, stopped.clone())
        });
        Ok(Self {
            panther_url: format!("{panther_origin}{}", builder.panther_prefix),
            identity_center_url,
            other_origin_url,
            panther,
            identity_center,
            requests,
            other_origin_requests,
            faults,
            latency,
            servers: servers.collect(),
            stop,
        })
    }

    /// The base URL of Panther, `http://127.0.0.1:…`, without a trailing slash.
    pub fn panther_url(&self) -> &str {
        &self.panther_url
    }

    /// The key that Panther accepts.
    pub fn panther_api_key(&self) -> &str {
        panther::API_KEY
    }

    /// The ids of all of Panther's users, in list order, including deactivated ones.
    pub fn panther_user_ids(&self) -> Vec<String> {
        self.panther.user_ids()
    }

    /// The roles of Panther's users.
    pub fn panther_roles(&self) -> &'static [Role] {
        panther::ROLES
    }

    /// The base URL of Identity Center, `http://127.0.0.1:…`, without a trailing slash.
    pub fn identity_center_url(&self) -> &str {
        &self.identity_center_url
    }

    /// The access key that Identity Center accepts.
    pub fn access_key(&self) -> &str {
        identity_center::ACCESS_KEY
    }

    /// The secret key that signs requests to Identity Center.
    pub fn secret_key(&self) -> &str {
        identity_center::SECRET_KEY
    }

    /// The only instance of Identity Center.
    pub fn instance_id(&self) -> &str {
        identity_center::INSTANCE_ID
    }

    /// A group of Identity Center, with the users 0, 10, 20 and so on.
    pub fn group_id(&self) -> &str {
        identity_center::GROUP_ID
    }

    /// An account of Identity Center, with the users 0, 7, 14 and so on.
    pub fn account_id(&self) -> &str {
        identity_center::ACCOUNT_ID
    }

    /// The ids of all of Identity Center's users, in list order.
    pub fn identity_center_user_ids(&self) -> Vec<String> {
        self.identity_center.user_ids()
    }

    /// The environment variables that clients read in `from_env`, with values for this sandbox. Pass them to a client's
    /// `from_variables`, or to a program under test with [`Command::envs`](std::process::Command::envs).
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let variables = [
            ("PANTHER_BASE_URL", self.panther_url()),
            ("PANTHER_API_KEY", self.panther_api_key()),
            ("SCP_BASE_URL", self.identity_center_url()),
            ("SCP_ACCESS_KEY", self.access_key()),
            ("SCP_SECRET_KEY", self.secret_key()),
        ];
        variables
            .map(|(name, value)| (name, value.to_owned()))
            .into()
    }

    /// The target of [`Fault::redirect`].
    pub fn other_origin_url(&self) -> &str {
        &self.other_origin_url
    }

    /// The requests to the two APIs.
    pub fn requests(&self) -> &RequestLog {
        &self.requests
    }

    /// The requests to the target of redirects. A correct client sends none.
    pub fn other_origin_requests(&self) -> &RequestLog {
        &self.other_origin_requests
    }

    /// Responds to the next request of an operation with status 200 and a value, instead of the sandbox's data. [`Fault::json`]
    /// sets other statuses.
    ///
    /// # Errors
    /// The value cannot be serialized as JSON.
    pub fn respond_next(
        &self,
        operation: Operation,
        value: &impl Serialize,
    ) -> Result<(), ResponseError> {
        self.fail_next(Fault::json(200, value)?.on(operation));
        Ok(())
    }

    /// Applies the fault to the next matching request, after faults that were added before.
    pub fn fail_next(&self, fault: Fault) {
        self.fail_next_n(1, fault);
    }

    /// Applies the fault to the next `count` matching requests, after faults that were added before.
    pub fn fail_next_n(&self, count: u64, fault: Fault) {
        self.faults.push_next(count, fault);
    }

    /// Replaces the schedule of faults, including the seed. `Faults::new()` removes all faults.
    pub fn faults(&self, faults: Faults) {
        self.faults.replace(faults);
    }

    /// Sets the latency of every further response.
    pub fn set_latency(&self, latency: Duration) {
        self.latency.set(latency);
    }

    /// Stops the sandbox, and waits until all connections are closed.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for server in std::mem::take(&mut self.servers) {
            // The task is not aborted and does not panic; if it did, it would have stopped.
            let _ = server.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("panther_url", &self.panther_url)
            .field("identity_center_url", &self.identity_center_url)
            .finish_non_exhaustive()
    }
}

async fn listen(port: u16) -> Result<(TcpListener, String), StartError> {
    let failed = |source| StartError { port, source };
    let listener = server::bind(port).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, format!("http://{address}")))
}

/// Accepts any request, as a server that collects credentials would.
fn other_origin() -> Router {
    Router::new().fallback(|| async { (StatusCode::OK, "{}").into_response() })
}
