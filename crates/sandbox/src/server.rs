//! Listens on the loopback interface. The accept loop is our own, because faults that end connections need the socket.

use std::{error::Error as _, future::poll_fn, io, pin::Pin, time::Duration};

use axum::{Router, body::Body};
use hyper::{server::conn::http1, service::Service as _, service::service_fn};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::fault::Abort;

/// The time for requests in flight after the sandbox is stopped.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until it is stopped. Connections and listener are closed when the task ends.
pub(crate) fn spawn(
    listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(serve(stream, router.clone(), stop.clone()));
                    }
                    // Most likely no file descriptor is free; ending connections free them.
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                },
                Some(_) = connections.join_next() => {}
                () = told_to_stop(&mut stop) => break,
            }
        }
        drop(listener);
        let ended = async { while connections.join_next().await.is_some() {} };
        // Dropping the set aborts the remaining tasks.
        let _ = tokio::time::timeout(GRACE, ended).await;
    })
}

async fn serve(stream: TcpStream, router: Router, mut stop: watch::Receiver<bool>) {
    // Disables Nagle's algorithm. If that fails, the sandbox is only slower.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let response = router.call(request.map(Body::new));
        Box::pin(async move {
            let response = response.await.map_err(|never| match never {})?;
            match response.extensions().get::<Abort>() {
                Some(abort) => Err(*abort),
                None => Ok(response),
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|context| connection.poll_without_shutdown(context)) => Some(ended),
        () = told_to_stop(&mut stop) => None,
    };
    let ended = if let Some(ended) = ended {
        ended
    } else {
        Pin::new(&mut connection).graceful_shutdown();
        poll_fn(|context| connection.poll_without_shutdown(context)).await
    };
    let stream = connection.into_parts().io.into_inner();
    let abort = ended
        .as_ref()
        .err()
        .and_then(|error| error.source()?.downcast_ref::<Abort>());
    if abort == Some(&Abort::Reset) {
        // Closing a socket with a linger time of zero sends RST.
        let _ = stream.set_zero_linger();
    }
}

async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    // An error means that the sandbox has stopped.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Binds a loopback port; 0 selects a free one.
pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).await
}
