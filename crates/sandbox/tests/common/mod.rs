//! Requests through reqwest only, without the generated clients.
#![allow(dead_code, reason = "each test file uses its own share")]
#![allow(unreachable_pub, reason = "the module is part of each test file")]

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, ClientBuilder, Method, RequestBuilder, Response};
use sha2::Sha256;
use specmill_sandbox::Sandbox;

pub use serde_json::{Value, json};

/// Starts building a client that ignores the proxies of the environment. Another crate of the build may enable TLS in reqwest
/// without a provider, and building any client then fails without one.
pub fn builder() -> ClientBuilder {
    // Another test may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy()
}

/// Sends one request and follows redirects.
pub async fn get(url: &str) -> reqwest::Result<Response> {
    builder().build()?.get(url).send().await
}

/// A client without redirects and without kept connections, so that each test uses its own.
pub fn client() -> Client {
    let client = builder().redirect(reqwest::redirect::Policy::none());
    client.pool_max_idle_per_host(0).build().unwrap()
}

pub fn panther(sandbox: &Sandbox, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}{path}", sandbox.panther_url());
    client()
        .request(method, url)
        .header("X-API-Key", sandbox.panther_api_key())
}

pub async fn panther_get(sandbox: &Sandbox, path: &str) -> Response {
    panther(sandbox, Method::GET, path).send().await.unwrap()
}

pub async fn panther_post(sandbox: &Sandbox, path: &str, body: &Value) -> Response {
    let request = panther(sandbox, Method::POST, path);
    let request = request.header("content-type", "application/json");
    request.body(body.to_string()).send().await.unwrap()
}

pub fn ann() -> Value {
    json!({
        "email": "ann@acme.test",
        "givenName": "Ann",
        "familyName": "Lee",
        "role": { "name": "Analyst" },
    })
}

/// A signed request, of which a test can change one part.
#[derive(Clone)]
pub struct Signed {
    pub method: Method,
    pub url: String,
    pub access_key: String,
    pub secret_key: String,
    pub timestamp: String,
    pub client_type: &'static str,
    pub language: Option<&'static str>,
    pub version: Option<&'static str>,
    /// The string that is signed instead of the one that matches the request.
    pub string_to_sign: Option<String>,
}

impl Signed {
    pub fn get(sandbox: &Sandbox, path_and_query: &str) -> Self {
        Self {
            method: Method::GET,
            url: format!("{}{path_and_query}", sandbox.identity_center_url()),
            access_key: sandbox.access_key().to_owned(),
            secret_key: sandbox.secret_key().to_owned(),
            timestamp: millis(SystemTime::now()),
            client_type: "Openapi",
            language: Some("en-US"),
            version: Some("iam-identity-center 1.4"),
            string_to_sign: None,
        }
    }

    pub fn list(sandbox: &Sandbox, more: &str) -> Self {
        Self::get(
            sandbox,
            &format!("/v1/users?instance_id={}{more}", sandbox.instance_id()),
        )
    }

    pub fn signature(&self) -> String {
        let message = self.string_to_sign.clone().unwrap_or_else(|| {
            let Self {
                method,
                url,
                timestamp,
                access_key,
                client_type,
                ..
            } = self;
            format!("{method}{url}{timestamp}{access_key}{client_type}")
        });
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret_key.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        BASE64_STANDARD.encode(mac.finalize().into_bytes())
    }

    pub fn request(&self) -> RequestBuilder {
        let mut request = client()
            .request(self.method.clone(), &self.url)
            .header("Scp-Accesskey", &self.access_key)
            .header("Scp-Signature", self.signature())
            .header("Scp-Timestamp", &self.timestamp)
            .header("Scp-ClientType", self.client_type);
        if let Some(language) = self.language {
            request = request.header("Accept-Language", language);
        }
        if let Some(version) = self.version {
            request = request.header("Scp-Api-Version", version);
        }
        request
    }

    pub async fn send(&self) -> Response {
        self.request().send().await.unwrap()
    }
}

pub fn millis(time: SystemTime) -> String {
    time.duration_since(UNIX_EPOCH)
        .unwrap()
        .as_millis()
        .to_string()
}

pub async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// Asserts a status and returns the body.
pub async fn answered(response: Response, status: u16) -> Value {
    let found = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    let text = String::from_utf8_lossy(&body);
    assert_eq!(found, status, "{text}");
    serde_json::from_slice(&body).unwrap_or(Value::Null)
}

pub fn ids(list: &Value) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect()
}
