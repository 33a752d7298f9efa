//! Connections: their number, and connections that no longer transfer data.
#![cfg(feature = "rustls")]
#![allow(clippy::unwrap_used, reason = "a failure in a helper fails its test")]
#![allow(
    dead_code,
    reason = "the servers of the TLS tests offer more than these tests use"
)]

mod tls_server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use specmill_client::operation::{Idempotency, Method, Operation};
use specmill_client::{Api, Authentication, CallOptions, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

static API: Api = Api {
    name: "demo",
    title: "Demo",
    version: "1.0.0",
    base_url_suffixes: &[],
};
static PING: Operation = Operation {
    api: "demo",
    id: "ping",
    method: Method::GET,
    path: "/ping",
    parameters: &[],
    body: None,
    paging: None,
    permission: None,
    authenticated: true,
    security: &[],
    server: None,
    accept: None,
    idempotency: Idempotency::ByMethod,
    stream_flag: None,
};

/// Counts the connections of a server that sends 204 after a moment, and the maximum number of its requests in flight.
#[derive(Clone, Default)]
struct Counts {
    connections: Arc<AtomicUsize>,
    in_flight: Arc<AtomicUsize>,
    most_in_flight: Arc<AtomicUsize>,
}

async fn serve(counts: Counts) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let counts = counts.clone();
            counts.connections.fetch_add(1, SeqCst);
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while socket.read(&mut bytes).await.is_ok_and(|count| count > 0) {
                    let now = counts.in_flight.fetch_add(1, SeqCst) + 1;
                    counts.most_in_flight.fetch_max(now, SeqCst);
                    tokio::time::sleep(Duration::from_millis(2)).await;
                    counts.in_flight.fetch_sub(1, SeqCst);
                    let response = b"HTTP/1.1 204 No Content\r\n\r\n";
                    socket.write_all(response).await.unwrap();
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_limit_on_concurrent_calls_bounds_requests_in_flight_and_connections() {
    let counts = Counts::default();
    let url = serve(counts.clone()).await;
    let client = Settings::new(&API)
        .max_concurrent_calls(8)
        .build(&url, Authentication::none())
        .unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        calls.spawn(client.call(&PING, CallOptions::default()).send_empty());
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
    }
    assert_eq!(counts.most_in_flight.load(SeqCst), 8);
    // If a connection becomes idle while another is being opened, there is one more.
    assert!(counts.connections.load(SeqCst) <= 16);
}

#[tokio::test]
async fn waiting_for_other_calls_counts_towards_the_total_timeout() {
    // The connection is never accepted, so the first call stays in flight.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Settings::new(&API)
        .max_concurrent_calls(1)
        .build(&url, Authentication::none())
        .unwrap();
    let first = tokio::spawn(client.call(&PING, CallOptions::default()).send_empty());
    while client_is_idle(&listener).await {}
    let options = CallOptions::new().timeout(Duration::from_millis(50));
    let error = client.call(&PING, options).send_empty().await.unwrap_err();
    assert!(error.is_timeout() && error.was_not_sent(), "{error:?}");
    assert!(
        error.to_string().contains("max_concurrent_calls"),
        "{error}"
    );
    first.abort();
}

/// Accepts a connection if there is one, without a response. Returns whether there was none.
async fn client_is_idle(listener: &TcpListener) -> bool {
    match listener.accept().await {
        Ok((socket, _)) => {
            std::mem::forget(socket);
            false
        }
        Err(_) => true,
    }
}

#[cfg(feature = "http2")]
mod http2 {
    use specmill_client::{HttpClient, Pem, RetryPolicy, Tls};
    use tokio::net::TcpStream;
    use tokio::sync::watch;
    use tokio_rustls::TlsAcceptor;

    use super::tls_server::{Authority, Options};
    use super::*;

    /// Starts an HTTP/2 server that sends 204 for every request, and returns its port.
    async fn serve(authority: &Authority) -> u16 {
        let mut configuration = Options::new(authority).configuration();
        configuration.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(configuration));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let socket = acceptor.accept(socket).await.unwrap();
                    let mut connection = h2::server::handshake(socket).await.unwrap();
                    while let Some(Ok((_, mut respond))) = connection.accept().await {
                        let response = http::Response::builder().status(204);
                        respond
                            .send_response(response.body(()).unwrap(), true)
                            .unwrap();
                    }
                });
            }
        });
        port
    }

    /// Relays connections to a server. Connections that are open when `silence` is sent stay open, but transfer no
    /// more data.
    async fn relay(to: u16, silence: watch::Receiver<()>, connections: Arc<AtomicUsize>) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                connections.fetch_add(1, SeqCst);
                let mut silence = silence.clone();
                silence.mark_unchanged();
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut socket, &mut server) => return,
                        changed = silence.changed() => changed.unwrap(),
                    }
                    std::future::pending::<()>().await;
                });
            }
        });
        port
    }

    #[tokio::test]
    async fn an_unresponsive_connection_is_replaced_and_fails_no_call() {
        let authority = Authority::new();
        let (silence, silenced) = watch::channel(());
        let connections = Arc::new(AtomicUsize::new(0));
        let port = relay(serve(&authority).await, silenced, Arc::clone(&connections)).await;
        let tls = Tls::new().only_root_certificates(Pem::bytes(authority.pem()));
        let http = HttpClient::builder()
            .no_proxy()
            .tls(tls)
            .http2_keep_alive(Duration::from_millis(50), Duration::from_secs(2))
            .build()
            .unwrap();
        // Without pings each call would wait for its one attempt to time out.
        let client = Settings::new(&API)
            .http_client(http)
            .retry(RetryPolicy::default().base_delay(Duration::from_millis(1)))
            .build(&format!("https://localhost:{port}"), Authentication::none())
            .unwrap();
        let call = || {
            let options = CallOptions::new()
                .timeout(Duration::from_secs(60))
                .attempt_timeout(Duration::from_secs(60));
            client.call(&PING, options).send_empty()
        };
        call().await.unwrap();
        assert_eq!(connections.load(SeqCst), 1);
        silence.send(()).unwrap();
        let mut calls = JoinSet::new();
        for _ in 0..60 {
            calls.spawn(call());
        }
        while let Some(call) = calls.join_next().await {
            call.unwrap().unwrap();
        }
        assert!(connections.load(SeqCst) >= 2);
    }
}
