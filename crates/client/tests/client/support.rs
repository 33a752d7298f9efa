//! A server on raw sockets that sends scripted responses and records requests, and hand-written operation tables.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use specmill_client::operation::{
    Body, BodyEncoding, Bounds, Idempotency, Items, Method, Operation, Paging, Parameter,
    ParameterLocation, Style,
};
use specmill_client::{Api, Authentication, ManualClock, Settings, Transport};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// A request as received.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The body, decoded as UTF-8 with replacement characters.
    pub(crate) body: String,
    #[cfg_attr(
        not(feature = "gzip"),
        expect(dead_code, reason = "only a compressed body is not text")
    )]
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found: Vec<&str> = self
            .headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect();
        assert!(found.len() <= 1, "{name} was sent {} times", found.len());
        found.first().copied()
    }

    /// The value of a query parameter, without percent-decoding.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// The reaction of the server to a request.
pub(crate) enum Reply {
    /// Sends these bytes and keeps the connection open for further requests.
    Bytes(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Close(Vec<u8>),
    /// Sends these bytes, and then nothing more.
    Stall(Vec<u8>),
    /// Sends these bytes repeatedly.
    Endless(Vec<u8>),
    /// Responds after acquiring a permit of the semaphore.
    Gated(Arc<Semaphore>, Vec<u8>),
    /// Sends pieces in order, each after acquiring a permit of its semaphore.
    Pieces(Vec<(Option<Arc<Semaphore>>, Vec<u8>)>),
    /// Sends these bytes, waits until the client closes the connection, and then adds a permit to the semaphore.
    UntilClosed(Vec<u8>, Arc<Semaphore>),
    /// Responds after a delay.
    Late(Duration, Vec<u8>),
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts a server. `response` returns its reaction to a request with a number, counted from 0.
    pub(crate) async fn start(
        response: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let response = Arc::new(response);
        let log = Arc::clone(&requests);
        let connections = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                accepted.fetch_add(1, Ordering::Relaxed);
                let (response, log) = (Arc::clone(&response), Arc::clone(&log));
                tokio::spawn(async move { serve(socket, &*response, &log).await });
            }
        });
        Self {
            address,
            requests,
            connections,
            task,
        }
    }

    /// Starts a server with the same reaction to every request.
    pub(crate) async fn always(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Self {
        Self::start(move |_, _| reply()).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The number of accepted connections.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn targets(&self) -> Vec<String> {
        self.requests()
            .into_iter()
            .map(|request| request.target)
            .collect()
    }
}

async fn serve(
    mut socket: TcpStream,
    response: &(dyn Fn(usize, &Request) -> Reply + Send + Sync),
    log: &Mutex<Vec<Request>>,
) {
    while let Some(request) = read(&mut socket).await {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        match response(number, &request) {
            Reply::Bytes(bytes) => {
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::Close(bytes) => {
                let _ = socket.write_all(&bytes).await;
                return;
            }
            Reply::Stall(bytes) => {
                let _ = socket.write_all(&bytes).await;
                std::future::pending::<()>().await;
            }
            Reply::Endless(bytes) => while socket.write_all(&bytes).await.is_ok() {},
            Reply::Gated(gate, bytes) => {
                let _permit = gate.acquire().await.unwrap();
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::Pieces(pieces) => {
                for (gate, bytes) in pieces {
                    if let Some(gate) = gate {
                        gate.acquire().await.unwrap().forget();
                    }
                    if socket.write_all(&bytes).await.is_err() {
                        return;
                    }
                }
            }
            Reply::UntilClosed(bytes, closed) => {
                let _ = socket.write_all(&bytes).await;
                while socket.read_u8().await.is_ok() {}
                closed.add_permits(1);
                return;
            }
            Reply::Late(delay, bytes) => {
                tokio::time::sleep(delay).await;
                if socket.write_all(&bytes).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn read(socket: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut start = lines.next().unwrap().split(' ');
    let (method, target) = (
        start.next().unwrap().to_owned(),
        start.next().unwrap().to_owned(),
    );
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    let chunked = headers
        .iter()
        .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
    let is_complete = |bytes: &[u8]| {
        if chunked {
            bytes[head_end..].ends_with(b"0\r\n\r\n")
        } else {
            bytes.len() >= head_end + length
        }
    };
    while !is_complete(&bytes) {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let mut bytes = bytes.split_off(head_end);
    if chunked {
        bytes = without_chunks(&bytes);
    }
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Some(Request {
        method,
        target,
        headers,
        body,
        bytes,
    })
}

/// The content of chunks.
fn without_chunks(mut chunks: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(end) = chunks.windows(2).position(|window| window == b"\r\n") {
        let length = std::str::from_utf8(&chunks[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        bytes.extend_from_slice(&chunks[end + 2..end + 2 + length]);
        chunks = &chunks[end + 2 + length + 2..];
    }
    bytes
}

/// A response with this status, these header lines and this body.
pub(crate) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) fn json(status: &str, body: &str) -> Reply {
    Reply::Bytes(response(status, "content-type: application/json\r\n", body))
}

pub(crate) fn ok(body: &str) -> Reply {
    json("200 OK", body)
}

pub(crate) fn status(status: &str) -> Reply {
    Reply::Bytes(response(status, "", ""))
}

/// Waits until a condition holds. Returns `false` after 10 seconds.
pub(crate) async fn eventually(condition: impl Fn() -> bool) -> bool {
    for _ in 0..5_000 {
        if condition() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    false
}

/// The URL of a loopback port without a listener.
pub(crate) async fn closed_port() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub(crate) static API: Api = Api {
    name: "demo",
    title: "Demo",
    version: "1.2.3",
    base_url_suffixes: &["/public/graphql"],
};

pub(crate) const KEY: &str = "key-Zx81-not-to-be-seen";

/// 2025-11-21 00:00:00 UTC.
pub(crate) fn midnight() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_683_200)
}

pub(crate) fn settings() -> Settings {
    Settings::new(&API)
}

/// A client of a server, with a key.
pub(crate) fn client(server: &Server) -> Transport {
    settings().build(&server.url(), key()).unwrap()
}

/// A client whose delays end immediately, and its clock, which records them.
pub(crate) fn patient_client(server: &Server) -> (Transport, ManualClock) {
    let clock = ManualClock::new(midnight());
    (
        settings()
            .clock(clock.clone())
            .build(&server.url(), key())
            .unwrap(),
        clock,
    )
}

pub(crate) fn key() -> Authentication {
    Authentication::api_key("X-API-Key", KEY)
}

#[derive(Debug, Deserialize, PartialEq)]
pub(crate) struct User {
    pub(crate) id: String,
}

const fn parameter(
    name: &'static str,
    location: ParameterLocation,
    required: bool,
    style: Style,
    bounds: Bounds,
) -> Parameter {
    Parameter {
        name,
        location,
        required,
        style,
        allow_reserved: false,
        bounds,
    }
}

const ID: &[Parameter] = &[parameter(
    "id",
    ParameterLocation::Path,
    true,
    Style::Simple,
    Bounds::NONE,
)];
const JSON_BODY: Body = Body {
    content_type: "application/json",
    encoding: BodyEncoding::Json,
    required: true,
    styles: &[],
};

pub(crate) const GET: Operation = Operation {
    api: "demo",
    id: "user_get",
    method: Method::GET,
    path: "/users/{id}",
    parameters: ID,
    body: None,
    paging: None,
    permission: Some("Read User Info"),
    authenticated: true,
    security: &[],
    server: None,
    accept: None,
    idempotency: Idempotency::ByMethod,
    stream_flag: None,
};

pub(crate) static USER_GET: Operation = GET;
pub(crate) static USER_PUT: Operation = Operation {
    id: "user_put",
    method: Method::PUT,
    body: Some(JSON_BODY),
    ..GET
};
pub(crate) static USER_DELETE: Operation = Operation {
    id: "user_delete",
    method: Method::DELETE,
    ..GET
};
pub(crate) static USER_PATCH: Operation = Operation {
    id: "user_patch",
    method: Method::PATCH,
    ..GET
};
pub(crate) static USER_CREATE: Operation = CREATE;
pub(crate) const CREATE: Operation = Operation {
    id: "user_create",
    method: Method::POST,
    path: "/users",
    parameters: &[],
    body: Some(JSON_BODY),
    permission: Some("Manage Users"),
    ..GET
};
pub(crate) static SEARCH_BY_POST: Operation = Operation {
    id: "search_by_post",
    idempotency: Idempotency::Always,
    ..CREATE
};
pub(crate) static PAY: Operation = Operation {
    id: "pay",
    idempotency: Idempotency::Key {
        header: "X-Pay-Key",
    },
    ..CREATE
};
pub(crate) static UPLOAD: Operation = UPLOAD_TABLE;
pub(crate) const UPLOAD_TABLE: Operation = Operation {
    id: "upload",
    method: Method::POST,
    path: "/files",
    parameters: &[],
    body: Some(Body {
        content_type: "application/octet-stream",
        encoding: BodyEncoding::Bytes,
        required: false,
        styles: &[],
    }),
    ..GET
};
pub(crate) static VERSIONS: Operation = Operation {
    id: "versions",
    path: "/",
    parameters: &[],
    permission: None,
    authenticated: false,
    ..GET
};
pub(crate) static SEARCH: Operation = Operation {
    id: "search",
    path: "/search/{area}/{name}.json",
    parameters: &[
        parameter(
            "area",
            ParameterLocation::Path,
            true,
            Style::Simple,
            Bounds::NONE,
        ),
        parameter(
            "name",
            ParameterLocation::Path,
            true,
            Style::Simple,
            Bounds::NONE,
        ),
        parameter(
            "repeated",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds {
                max_items: Some(3),
                ..Bounds::NONE
            },
        ),
        parameter(
            "joined",
            ParameterLocation::Query,
            false,
            Style::FormJoined,
            Bounds::NONE,
        ),
        parameter(
            "spaced",
            ParameterLocation::Query,
            false,
            Style::SpaceDelimited,
            Bounds::NONE,
        ),
        parameter(
            "piped",
            ParameterLocation::Query,
            false,
            Style::PipeDelimited,
            Bounds::NONE,
        ),
        parameter(
            "deep",
            ParameterLocation::Query,
            false,
            Style::DeepObject,
            Bounds::NONE,
        ),
        parameter(
            "document",
            ParameterLocation::Query,
            false,
            Style::Json,
            Bounds::NONE,
        ),
        parameter(
            "limit",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds {
                minimum: Some(1.0),
                maximum: Some(60.0),
                ..Bounds::NONE
            },
        ),
        parameter(
            "X-Tenant",
            ParameterLocation::Header,
            false,
            Style::Simple,
            Bounds::NONE,
        ),
        parameter(
            "session",
            ParameterLocation::Cookie,
            false,
            Style::Form,
            Bounds::NONE,
        ),
        parameter(
            "must",
            ParameterLocation::Query,
            true,
            Style::Form,
            Bounds::NONE,
        ),
    ],
    ..GET
};
pub(crate) static USER_LIST: Operation = Operation {
    id: "user_list",
    path: "/users",
    parameters: &[
        parameter(
            "contains",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds::NONE,
        ),
        parameter(
            "cursor",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds::NONE,
        ),
    ],
    paging: Some(Paging::Cursor {
        parameter: "cursor",
        next: "next",
        more: None,
        items: RESULTS,
    }),
    ..GET
};
const RESULTS: Items = Items {
    field: "results",
    required: true,
};

const NUMBERED: Operation = Operation {
    id: "list_users",
    path: "/v1/users",
    parameters: &[
        parameter(
            "size",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds::NONE,
        ),
        parameter(
            "page",
            ParameterLocation::Query,
            false,
            Style::Form,
            Bounds::NONE,
        ),
        parameter(
            "instance_id",
            ParameterLocation::Query,
            true,
            Style::Form,
            Bounds::NONE,
        ),
    ],
    paging: Some(Paging::PageNumber {
        parameter: "page",
        first: 0,
        size_parameter: Some("size"),
        default_size: 3,
        more: None,
        items: RESULTS,
    }),
    ..GET
};
pub(crate) static LIST_USERS: Operation = NUMBERED;
pub(crate) static LIST_UNSIZED: Operation = Operation {
    paging: Some(Paging::PageNumber {
        parameter: "page",
        first: 0,
        size_parameter: None,
        default_size: 0,
        more: None,
        items: RESULTS,
    }),
    ..NUMBERED
};
