//! Clients of both APIs on a sandbox, without delays, and raw sockets for responses that the sandbox
//! cannot send.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use specmill::panther::types::{ModifyUser, ModifyUserBuilder, UserRole};
use specmill::{Error, RetryPolicy, panther, scp::identity_center};
use specmill_client::ManualClock;
use specmill_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The maximum wait for an event that must occur; it usually takes milliseconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Retries with negligible delays.
pub(crate) fn brisk() -> RetryPolicy {
    RetryPolicy::default()
        .base_delay(Duration::from_millis(1))
        .max_delay(Duration::from_millis(5))
}

/// A clock that starts at the current time, and whose delays take no time.
pub(crate) fn clock() -> ManualClock {
    ManualClock::new(SystemTime::now())
}

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}

pub(crate) fn panther_builder(sandbox: &Sandbox) -> panther::ClientBuilder {
    panther::Client::builder()
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        .retry(brisk())
}

pub(crate) fn panther(sandbox: &Sandbox) -> panther::Client {
    panther_builder(sandbox).build().unwrap()
}

pub(crate) fn center_builder(sandbox: &Sandbox) -> identity_center::ClientBuilder {
    identity_center::Client::builder()
        .base_url(sandbox.identity_center_url())
        .credentials(sandbox.access_key(), sandbox.secret_key())
        .retry(brisk())
}

pub(crate) fn center(sandbox: &Sandbox) -> identity_center::Client {
    center_builder(sandbox).build().unwrap()
}

/// A listing of the sandbox's instance.
pub(crate) fn people(
    sandbox: &Sandbox,
    center: &identity_center::Client,
) -> identity_center::operations::ListUsers {
    center.list_users().instance_id(sandbox.instance_id())
}

/// A user who does not exist yet.
pub(crate) fn newcomer() -> ModifyUserBuilder {
    ModifyUser::builder()
        .email("new@acme.test")
        .given_name("New")
        .family_name("Comer")
        .role(UserRole::builder().name("Analyst"))
}

/// Asserts the message of an error, without the request ids.
pub(crate) fn assert_line(error: &Error, line: &str) {
    let id = error.request_id().unwrap_or("no request id");
    assert_eq!(error.to_string().replace(id, "ID"), line);
}

/// Waits until a condition holds.
pub(crate) async fn eventually(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

/// An address of this host without a listener.
pub(crate) async fn deserted() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap()
}

/// A socket that reads the head of each request and responds with the same bytes.
pub(crate) struct RawServer {
    pub(crate) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RawServer {
    pub(crate) async fn responding(response: &'static [u8]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                let head = head(&mut socket).await;
                log.lock().unwrap().push(head);
                // The client may have closed the connection.
                let _ = socket.write_all(response).await;
            }
        });
        Self {
            address,
            heads,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The heads of all requests, as received.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).await.unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
