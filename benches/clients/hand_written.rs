//! Code without a generated client: reqwest, serde, hand-written structs and a loop.
//!
//! It has no retries, limits or checks, so what the generated clients do beyond it is their
//! overhead.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;

use crate::Outcome;
use crate::service::Addresses;
use crate::users::Seen;

/// A client of both services.
pub(crate) struct HandWritten {
    http: reqwest::Client,
    panther: String,
    api_key: String,
    identity_center: String,
    access_key: String,
    secret_key: String,
    instance_id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a program would read them")]
pub(crate) struct User {
    pub(crate) id: Option<String>,
    email: String,
    given_name: String,
    family_name: String,
    enabled: bool,
    status: Option<String>,
    role: Role,
    created_at: Option<String>,
    last_logged_in_at: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "a program would read them")]
struct Role {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Page {
    results: Vec<User>,
    next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "a program would read them")]
struct Person {
    id: String,
    name: String,
    user_id: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "a program would read them")]
struct PersonPage {
    count: i64,
    page: i64,
    size: i64,
    sort: Option<Vec<String>>,
    users: Vec<Person>,
}

impl HandWritten {
    pub(crate) fn new(addresses: &Addresses) -> Outcome<Self> {
        Ok(Self {
            http: http_client()?,
            panther: addresses.panther.clone(),
            api_key: addresses.api_key.clone(),
            identity_center: addresses.identity_center.clone(),
            access_key: addresses.access_key.clone(),
            secret_key: addresses.secret_key.clone(),
            instance_id: addresses.instance_id.clone(),
        })
    }

    /// Fetches a user of Panther.
    pub(crate) async fn user(&self, id: &str) -> Outcome<User> {
        let request = self
            .http
            .get(format!("{}/users/{id}", self.panther))
            .header("X-API-Key", &self.api_key);
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Fetches all users of Panther, in pages of the given size.
    pub(crate) async fn users(&self, limit: usize) -> Outcome<Seen> {
        let mut seen = Seen::default();
        let mut cursor: Option<String> = None;
        loop {
            let mut request = self
                .http
                .get(format!("{}/users", self.panther))
                .header("X-API-Key", &self.api_key)
                .query(&[("limit", limit)]);
            if let Some(cursor) = &cursor {
                request = request.query(&[("cursor", cursor)]);
            }
            let page: Page = request.send().await?.error_for_status()?.json().await?;
            for user in &page.results {
                seen.add(user.id.as_deref().unwrap_or_default());
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(seen);
            }
        }
    }

    /// Fetches all users of Identity Center, in pages of the given size, up to the first page that
    /// is not full.
    pub(crate) async fn people(&self, size: usize) -> Outcome<Seen> {
        let mut seen = Seen::default();
        for page in 0.. {
            let url = format!(
                "{}/v1/users?size={size}&page={page}&instance_id={}",
                self.identity_center, self.instance_id
            );
            let page: PersonPage = self
                .signed(url)?
                .send()
                .await?
                .error_for_status()?
                .json()
                .await?;
            for person in &page.users {
                seen.add(&person.id);
            }
            if page.users.len() < size {
                break;
            }
        }
        Ok(seen)
    }

    fn signed(&self, url: String) -> Outcome<reqwest::RequestBuilder> {
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
        let text = format!("GET{url}{timestamp}{}Openapi", self.access_key);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes())?;
        mac.update(text.as_bytes());
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        Ok(self
            .http
            .get(url)
            .header("Scp-Accesskey", &self.access_key)
            .header("Scp-Signature", signature)
            .header("Scp-Timestamp", timestamp.to_string())
            .header("Scp-ClientType", "Openapi")
            .header("Scp-Api-Version", "iam-identity-center 1.4")
            .header("Accept-Language", "en-US"))
    }
}

/// reqwest has no default TLS provider in this build, and requires one even for `http://`.
fn http_client() -> Outcome<reqwest::Client> {
    let tls = rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()?
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth();
    Ok(reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .build()?)
}
