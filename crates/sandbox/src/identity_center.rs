//! Samsung Cloud Platform's IAM Identity Center: `ListUsers` and the discovery of versions.

mod list;
mod refusal;
mod signature;
mod users;
mod version;

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;

use crate::{
    builder::Builder, clock::Clock, error_body::ErrorFacts, fault::PagingDefects,
    pipeline::RequestId, query::Query,
};
use refusal::Refusal;
use users::Users;
use version::Versions;

pub(crate) const ACCESS_KEY: &str = "sandbox-access-key";
pub(crate) const SECRET_KEY: &str = "sandbox-secret-key";
pub(crate) const INSTANCE_ID: &str = "ssoins-12345";
pub(crate) use users::{ACCOUNT_ID, GROUP_ID};

/// The state of the service.
#[derive(Debug)]
pub(crate) struct IdentityCenter {
    users: Users,
    versions: Versions,
    skew: Duration,
    clock: Clock,
    url: String,
}

impl IdentityCenter {
    pub(crate) fn new(builder: &Builder, url: &str) -> Self {
        Self {
            users: Users::seeded(builder.seed, builder.identity_center_users),
            versions: Versions::without(&builder.retired_versions),
            skew: builder.timestamp_skew,
            clock: builder.clock.clone(),
            url: url.to_owned(),
        }
    }

    pub(crate) fn user_ids(&self) -> Vec<String> {
        self.users.ids()
    }
}

/// The routes of the service.
pub(crate) fn router(center: &Arc<IdentityCenter>) -> Router {
    Router::new()
        .route("/", get(list_versions))
        .route("/v1/users", get(list_users))
        .fallback(anything_else)
        .method_not_allowed_fallback(no_such_method)
        .with_state(Arc::clone(center))
}

async fn list_versions(State(center): State<Arc<IdentityCenter>>, request: Request) -> Response {
    center.response(&request, |_| {
        Query::parse(request.uri().query()).only(&[])?;
        Ok(Json(center.versions.document(&center.url)).into_response())
    })
}

async fn list_users(
    State(center): State<Arc<IdentityCenter>>,
    defects: Option<Extension<PagingDefects>>,
    request: Request,
) -> Response {
    center.response(&request, |center| {
        center.admit(&request)?;
        let defects = defects
            .map(|Extension(defects)| defects)
            .unwrap_or_default();
        list::response(&center.users, &Query::parse(request.uri().query()), defects)
    })
}

async fn anything_else(State(center): State<Arc<IdentityCenter>>, request: Request) -> Response {
    center.response(&request, |center| {
        center.admit(&request)?;
        Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "the service has no such path",
        ))
    })
}

async fn no_such_method(State(center): State<Arc<IdentityCenter>>, request: Request) -> Response {
    center.response(&request, |center| {
        // Discovery requests are not signed.
        if request.uri().path() != "/" {
            signature::check(&request, center.clock.now(), center.skew)?;
        }
        Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "the path has no such method",
        ))
    })
}

impl IdentityCenter {
    /// The caller of a request, with its version and language.
    fn admit(&self, request: &Request) -> Result<(), Refusal> {
        signature::check(request, self.clock.now(), self.skew)?;
        self.versions.check(request.headers())?;
        let mut languages = request.headers().get_all("accept-language").iter();
        match (languages.next(), languages.next()) {
            (None, None) => Ok(()),
            (Some(language), None) if language == "en-US" || language == "ko-KR" => Ok(()),
            _ => {
                let message = "the header Accept-Language must be en-US or ko-KR";
                Err(Refusal::new(StatusCode::BAD_REQUEST, message))
            }
        }
    }

    /// Converts a rejection to a response.
    fn response(
        &self,
        request: &Request,
        response: impl FnOnce(&Self) -> Result<Response, Refusal>,
    ) -> Response {
        response(self).unwrap_or_else(|refusal| {
            let id = request.extensions().get::<RequestId>();
            let body = refusal.shape.render(&ErrorFacts {
                status: refusal.status,
                code: refusal.code,
                message: &refusal.message,
                path: request.uri().path(),
                request_id: id.map_or("", |id| &id.0),
                timestamp: &self.clock.rfc3339(),
            });
            (refusal.status, Json(body)).into_response()
        })
    }
}
