//! Tower layers as middleware.

use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use specmill_http::error::Error;
use tokio::sync::{Mutex, mpsc, oneshot};
use tower_layer::Layer;
use tower_service::Service;

use super::{Middleware, Next, Request, Response};

type HttpRequest = http::Request<Bytes>;
type HttpResponse = http::Response<Bytes>;

/// A tower layer as [`Middleware`].
///
/// The layer wraps an [`InnerService`] once, when the adapter is created, so that its limits apply to all calls of the
/// client. It receives `http::Request<Bytes>` and returns `http::Response<Bytes>`; responses of any status are `Ok`.
/// Calls wait in turn for the service to be ready. An error of the layer, such as a timeout, becomes an
/// [`Error::middleware`]; errors of the client are passed through unchanged.
///
/// The layer must not change the extensions or the method of the request.
///
/// ```
/// # extern crate specmill_transport as specmill_client;
/// use specmill_client::middleware::TowerLayer;
/// use tower::limit::ConcurrencyLimitLayer;
///
/// # struct Settings;
/// # impl Settings {
/// #     fn middleware(self, _: impl specmill_client::middleware::Middleware) -> Self { self }
/// # }
/// # fn settings(settings: Settings) -> Settings {
/// settings.middleware(TowerLayer::new(ConcurrencyLimitLayer::new(8)))
/// # }
/// ```
pub struct TowerLayer<S> {
    service: Mutex<S>,
}

impl<S> TowerLayer<S> {
    /// Adapts a layer.
    pub fn new<L: Layer<InnerService, Service = S>>(layer: L) -> Self {
        Self {
            service: Mutex::new(layer.layer(InnerService(()))),
        }
    }
}

impl<S> fmt::Debug for TowerLayer<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TowerLayer(..)")
    }
}

impl<S> Middleware for TowerLayer<S>
where
    S: Service<HttpRequest, Response = HttpResponse> + Send + 'static,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send,
{
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, Error> {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let original = request.clone();
        let outer = pin!(self.call(outgoing(&request, sender)?));
        let inner = pin!(async {
            // There may be several at a time, since a layer may hedge.
            let mut running = Vec::new();
            poll_fn(|context| {
                while let Poll::Ready(Some(Exchange { request, reply })) =
                    receiver.poll_recv(context)
                {
                    let made = incoming(original.clone(), request);
                    running.push(Box::pin(async move {
                        let result = match made {
                            Ok(request) => next.run(request).await,
                            Err(error) => Err(error),
                        };
                        // The layer may have dropped its request.
                        let _ = reply.send(result.map(to_http));
                    }));
                }
                running.retain_mut(|exchange| exchange.as_mut().poll(context).is_pending());
                Poll::<()>::Pending
            })
            .await;
        });
        let response = first(outer, inner).await?;
        let (parts, body) = response.into_parts();
        let mut made = match parts.extensions.get::<Original>() {
            Some(original) => original.take(),
            None => None,
        }
        .unwrap_or_else(|| Response::new(parts.status, http::HeaderMap::new(), Bytes::new()));
        made.status = parts.status;
        made.headers = parts.headers;
        if !body.is_empty() {
            made.stream = None;
        }
        made.body = body;
        Ok(made)
    }
}

impl<S> TowerLayer<S>
where
    S: Service<HttpRequest, Response = HttpResponse> + Send + 'static,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send,
{
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let called = {
            let mut service = self.service.lock().await;
            poll_fn(|context| service.poll_ready(context))
                .await
                .map_err(failed)?;
            service.call(request)
        };
        called.await.map_err(failed)
    }
}

/// Polls both futures, and returns the output of the outer one.
async fn first<T>(
    mut outer: Pin<&mut impl Future<Output = T>>,
    mut inner: Pin<&mut impl Future<Output = ()>>,
) -> T {
    poll_fn(|context| {
        if let Poll::Ready(output) = outer.as_mut().poll(context) {
            return Poll::Ready(output);
        }
        let _ = inner.as_mut().poll(context);
        // The inner future's reply wakes the outer one, which is then polled again.
        Poll::Pending
    })
    .await
}

/// A request that has reached the inner service, and the channel for its response.
struct Exchange {
    request: HttpRequest,
    reply: oneshot::Sender<Result<HttpResponse, Error>>,
}

#[derive(Clone)]
struct Link(mpsc::UnboundedSender<Exchange>);

/// The response that was converted to an `http::Response`, which cannot hold all of its fields.
#[derive(Clone)]
struct Original(std::sync::Arc<std::sync::Mutex<Option<Response>>>);

impl Original {
    fn take(&self) -> Option<Response> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
    }
}

/// The service that layers wrap. It makes the attempt.
#[derive(Debug, Clone)]
pub struct InnerService(());

impl Service<HttpRequest> for InnerService {
    type Response = HttpResponse;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest) -> Self::Future {
        let link = request.extensions().get::<Link>().cloned();
        Box::pin(async move {
            let lost = || Error::middleware("a tower layer dropped the extensions of the request");
            let (reply, response) = oneshot::channel();
            let exchange = Exchange { request, reply };
            link.ok_or_else(lost)?
                .0
                .send(exchange)
                .map_err(|_| lost())?;
            response.await.map_err(|_| lost())?
        })
    }
}

fn outgoing(
    request: &Request,
    sender: mpsc::UnboundedSender<Exchange>,
) -> Result<HttpRequest, Error> {
    let mut made = http::Request::builder()
        .method(request.method().clone())
        .uri(request.url())
        .body(request.body().cloned().unwrap_or_default())
        .map_err(|_| Error::middleware("the URL is not one that tower takes"))?;
    made.headers_mut().clone_from(request.headers());
    made.extensions_mut().clone_from(request.extensions());
    made.extensions_mut().insert(Link(sender));
    Ok(made)
}

fn incoming(mut request: Request, changed: HttpRequest) -> Result<Request, Error> {
    let (parts, body) = changed.into_parts();
    if parts.method != *request.method() {
        return Err(Error::middleware("a tower layer changed the method"));
    }
    request.set_url(&parts.uri.to_string())?;
    *request.headers_mut() = parts.headers;
    *request.extensions_mut() = parts.extensions;
    if request.body().is_some() || !body.is_empty() {
        request.set_body(body);
    }
    Ok(request)
}

fn to_http(response: Response) -> HttpResponse {
    let mut made = http::Response::new(response.body().clone());
    *made.status_mut() = response.status();
    made.headers_mut().clone_from(response.headers());
    made.extensions_mut().clone_from(response.extensions());
    let original = std::sync::Arc::new(std::sync::Mutex::new(Some(response)));
    made.extensions_mut().insert(Original(original));
    made
}

fn failed(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    match error.into().downcast::<Error>() {
        Ok(own) => *own,
        Err(other) => Error::middleware(other),
    }
}
