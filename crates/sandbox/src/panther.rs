//! Panther's `/users`, as documented.

mod body;
mod cursor;
mod list;
mod role;
mod store;

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use axum::{
    Extension, Json, Router,
    extract::{Path, RawQuery, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use crate::{builder::Builder, clock::Clock, fault::PagingDefects, query::Query};
use body::ModifyUser;
pub(crate) use role::ROLES;
pub use role::Role;
use store::Store;

pub(crate) const API_KEY: &str = "sandbox-panther-api-key";

/// The state of the service.
#[derive(Debug)]
pub(crate) struct Panther {
    store: RwLock<Store>,
    read_only: bool,
    clock: Clock,
    cursors: cursor::Cursors,
}

impl Panther {
    pub(crate) fn new(builder: &Builder) -> Self {
        let store = Store::seeded(
            builder.seed,
            builder.panther_users,
            builder.panther_deactivated_users,
        );
        Self {
            store: RwLock::new(store),
            read_only: builder.panther_read_only,
            clock: builder.clock.clone(),
            cursors: cursor::Cursors::new(builder.seed),
        }
    }

    pub(crate) fn user_ids(&self) -> Vec<String> {
        self.read()
            .iter()
            .map(|(_, user)| user.id.clone())
            .collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Store> {
        // Changes are complete before anything can panic.
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error response: `{message}`.
#[derive(Debug)]
pub(crate) struct Refusal(StatusCode, String);

impl From<String> for Refusal {
    fn from(message: String) -> Self {
        Self(StatusCode::BAD_REQUEST, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "message": self.1 }))).into_response()
    }
}

/// The routes, each with the prefix.
pub(crate) fn router(panther: &Arc<Panther>, prefix: &str) -> Router {
    Router::new()
        .route(&format!("{prefix}/users"), get(user_list).post(user_create))
        .route(
            &format!("{prefix}/users/{{id}}"),
            get(user_get).post(user_update).delete(user_delete),
        )
        .fallback(|| async { Refusal(StatusCode::NOT_FOUND, "no such path".to_owned()) })
        .method_not_allowed_fallback(|| async {
            Refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "the path has no such method".to_owned(),
            )
        })
        .layer(middleware::from_fn_with_state(
            Arc::clone(panther),
            check_key,
        ))
        .with_state(Arc::clone(panther))
}

/// Authenticates and authorises a request.
async fn check_key(
    State(panther): State<Arc<Panther>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let mut keys = request.headers().get_all("x-api-key").iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) if key == API_KEY => {}
        (None, _) => {
            let message = "Unauthorized: the header X-API-Key is missing";
            return Err(Refusal(StatusCode::UNAUTHORIZED, message.to_owned()));
        }
        _ => {
            let message = "Unauthorized: the API key is unknown";
            return Err(Refusal(StatusCode::UNAUTHORIZED, message.to_owned()));
        }
    }
    if panther.read_only && request.method() != Method::GET {
        let message = "Forbidden: the API token lacks the permission Manage Users";
        return Err(Refusal(StatusCode::FORBIDDEN, message.to_owned()));
    }
    Ok(next.run(request).await)
}

async fn user_create(
    State(panther): State<Arc<Panther>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    Query::parse(query.as_deref()).only(&[])?;
    let user = ModifyUser::parse(&headers, &body)?;
    let created_at = panther.clock.rfc3339();
    let user = panther.write().create(user, created_at)?;
    Ok(Json(user).into_response())
}

async fn user_get(
    State(panther): State<Arc<Panther>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    Query::parse(query.as_deref()).only(&[])?;
    let store = panther.read();
    let user = store.get(&id).ok_or_else(|| not_found(&id))?;
    Ok(Json(user).into_response())
}

async fn user_update(
    State(panther): State<Arc<Panther>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    Query::parse(query.as_deref()).only(&[])?;
    let user = ModifyUser::parse(&headers, &body)?;
    let updated = panther
        .write()
        .update(&id, user)?
        .ok_or_else(|| not_found(&id))?;
    Ok(Json(updated).into_response())
}

async fn user_delete(
    State(panther): State<Arc<Panther>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Refusal> {
    Query::parse(query.as_deref()).only(&[])?;
    if panther.write().delete(&id) {
        Ok(StatusCode::OK)
    } else {
        Err(not_found(&id))
    }
}

async fn user_list(
    State(panther): State<Arc<Panther>>,
    RawQuery(query): RawQuery,
    defects: Option<Extension<PagingDefects>>,
) -> Result<Response, Refusal> {
    let query = Query::parse(query.as_deref());
    let defects = defects
        .map(|Extension(defects)| defects)
        .unwrap_or_default();
    list::response(&panther.read(), &panther.cursors, &query, defects)
}

fn not_found(id: &str) -> Refusal {
    Refusal(StatusCode::NOT_FOUND, format!("user {id:?} not found"))
}
