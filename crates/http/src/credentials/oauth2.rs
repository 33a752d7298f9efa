use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::Url;

use super::authentication::Authentication;
use super::endpoint::{self, Tokens};
use super::provider::{ProvidedSecret, SecretProvider};
use super::secret::Secret;
use super::surroundings::Surroundings;
use crate::error::Error;
use crate::percent::encode;

/// Access tokens from an OAuth 2.0 token endpoint: client credentials (RFC 6749, section 4.4) or a refresh token
/// (section 6).
///
/// It can be used wherever a bearer token can. A token is fetched when the first call needs it, once for all waiting
/// calls; it is renewed before it expires, and once when the service rejects it with 401. Requests to the token
/// endpoint use the client's connections, proxies and TLS settings; redirects are not followed.
///
/// ```
/// # extern crate specmill_http as specmill_client;
/// use specmill_client::Authentication;
/// use specmill_client::credentials::OAuth2;
///
/// let tokens = OAuth2::client_credentials("client-id", "client-secret")
///     .token_url("/oauth2/token")
///     .scopes(["users:read"]);
/// let authentication = Authentication::bearer(tokens);
/// ```
#[derive(Clone)]
pub struct OAuth2 {
    client_id: Secret,
    client_secret: Option<Secret>,
    refresh_token: Option<Secret>,
    token_url: Option<String>,
    /// A path on the origin of the base URL, which is used if no URL is set.
    token_path: Option<&'static str>,
    /// The name of the URL's setting in errors.
    setting: Option<String>,
    scopes: Vec<String>,
    parameters: Vec<(String, Secret)>,
    in_body: bool,
    on_refresh_token: Option<OnRefreshToken>,
}

type OnRefreshToken = Arc<dyn Fn(&str) + Send + Sync>;

impl OAuth2 {
    /// Tokens for the program itself, obtained with its id and secret.
    pub fn client_credentials(
        client_id: impl Into<Secret>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        Self::new(client_id.into(), Some(client_secret.into()), None)
    }

    /// Tokens for a user who has given consent, obtained with the resulting refresh token. Confidential clients set
    /// their secret with [`client_secret`](Self::client_secret).
    pub fn refresh_token(client_id: impl Into<Secret>, refresh_token: impl Into<Secret>) -> Self {
        Self::new(client_id.into(), None, Some(refresh_token.into()))
    }

    fn new(
        client_id: Secret,
        client_secret: Option<Secret>,
        refresh_token: Option<Secret>,
    ) -> Self {
        Self {
            client_id,
            client_secret,
            refresh_token,
            token_url: None,
            token_path: None,
            setting: None,
            scopes: Vec::new(),
            parameters: Vec::new(),
            in_body: false,
            on_refresh_token: None,
        }
    }

    /// The client secret of the program.
    pub fn client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// The URL of the token endpoint: an `https` URL, or a path on the origin of the client's base URL. `http` is
    /// permitted for loopback hosts, and for others if the client allows it.
    ///
    /// It is required, unless the generated client knows a token endpoint on the origin of its API: credentials are
    /// only sent to hosts that the caller has named.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// The default token endpoints, as paths on the origin of the base URL, for a program and for a user.
    pub(crate) fn token_paths(
        mut self,
        of_program: Option<&'static str>,
        of_user: Option<&'static str>,
    ) -> Self {
        self.token_path = if self.refresh_token.is_some() {
            of_user
        } else {
            of_program
        };
        self
    }

    #[doc(hidden)]
    /// Sets the name of the variable for the token URL, for errors.
    pub fn read_from(mut self, variable: String) -> Self {
        self.setting = Some(variable);
        self
    }

    /// The requested scopes; by default the service chooses them. Repeated calls add scopes.
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Adds a parameter to the request, such as `audience` or `resource`. Its value is treated as a credential.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Sends id and secret in the body of the request, for services that do not accept them in `Authorization`.
    pub fn credentials_in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// Sets a function that receives each new refresh token, for services that issue one with each use. The program
    /// can store it for its next start; the client itself uses it automatically.
    pub fn on_refresh_token(mut self, keep: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.on_refresh_token = Some(Arc::new(keep));
        self
    }

    /// Creates the provider that fetches the tokens for a client.
    ///
    /// # Errors
    /// The token URL is not set or is invalid, or a credential is empty.
    pub(crate) fn provider(&self, surroundings: &Surroundings) -> Result<Provider, Error> {
        let setting = self.setting.as_deref().unwrap_or("OAuth2::token_url");
        let url = match (&self.token_url, self.token_path) {
            (Some(url), _) => endpoint::url(url, surroundings)?,
            (None, Some(path)) => endpoint::on_own_origin(path, surroundings, setting)?,
            (None, None) => {
                return Err(Error::configuration(format!(
                    "the token URL is not set: set it with {setting}"
                )));
            }
        };
        let secrets = [&self.client_secret, &self.refresh_token];
        for secret in secrets.into_iter().flatten().chain([&self.client_id]) {
            if secret.is_provided() {
                return Err(Error::configuration(
                    "the client id, client secret and refresh token of OAuth2 must be values",
                ));
            }
            if secret.expose().is_empty() {
                return Err(Error::configuration(
                    "the client id, client secret or refresh token is empty",
                ));
            }
        }
        Ok(Provider {
            url,
            refresh_token: Mutex::new(self.refresh_token.clone()),
            grant: self.clone(),
            surroundings: surroundings.clone(),
        })
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("OAuth2")
            .field("token_url", &self.token_url)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// Fetches tokens for a client.
pub(crate) struct Provider {
    grant: OAuth2,
    url: Url,
    /// The refresh token for the next request.
    refresh_token: Mutex<Option<Secret>>,
    surroundings: Surroundings,
}

impl Provider {
    fn current_refresh_token(&self) -> Option<Secret> {
        let token = self.refresh_token.lock();
        token.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The form of a request, and the credentials for its headers.
    fn request(&self) -> (String, Authentication) {
        let grant = &self.grant;
        let refresh_token = self.current_refresh_token();
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        match &refresh_token {
            Some(token) => {
                pairs.push(("grant_type", "refresh_token"));
                pairs.push(("refresh_token", token.expose()));
            }
            None => pairs.push(("grant_type", "client_credentials")),
        }
        let scopes = grant.scopes.join(" ");
        if !scopes.is_empty() {
            pairs.push(("scope", &scopes));
        }
        let mut authorization = Authentication::none();
        match &grant.client_secret {
            Some(secret) if !grant.in_body => {
                // Both are encoded before they are joined (RFC 6749, section 2.3.1).
                let (id, secret) = (encode(grant.client_id.expose()), encode(secret.expose()));
                authorization = Authentication::basic(id, secret);
            }
            secret => {
                pairs.push(("client_id", grant.client_id.expose()));
                if let Some(secret) = secret {
                    pairs.push(("client_secret", secret.expose()));
                }
            }
        }
        for (name, value) in &grant.parameters {
            pairs.push((name, value.expose()));
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        (pairs.join("&"), authorization)
    }

    /// The message of a failure, with the credentials of the request redacted.
    fn redacted(&self, error: &Error) -> String {
        let mut text = format!("{}: {}", self.url_shown(), error.with_causes());
        let refresh_token = self.current_refresh_token();
        let grant = &self.grant;
        let secrets = grant.client_secret.iter().chain(&refresh_token);
        let values = grant.parameters.iter().map(|(_, value)| value);
        for secret in secrets.chain(values).chain([&grant.client_id]) {
            for shown in [secret.expose().to_owned(), encode(secret.expose())] {
                if shown.len() >= 4 {
                    text = text.replace(&shown, crate::redact::MASK);
                }
            }
        }
        text
    }

    fn url_shown(&self) -> String {
        let mut url = self.url.clone();
        url.set_query(None);
        format!("the token endpoint {url}")
    }
}

impl SecretProvider for Provider {
    async fn secret(&self) -> Result<ProvidedSecret, Box<dyn StdError + Send + Sync>> {
        let (form, authorization) = self.request();
        let exchanged =
            endpoint::exchange(&self.surroundings, &self.url, form, &authorization).await;
        let tokens: Tokens = match exchanged {
            Ok(tokens) => tokens,
            Err(error) => {
                let transient = error.is_retryable();
                let shown = self.redacted(&error);
                return Err(Box::new(Error::new(crate::error::Kind::Credentials {
                    problem: shown,
                    transient,
                })));
            }
        };
        let lifetime = tokens.lifetime();
        if let Some(token) = &tokens.refresh_token {
            let mut current = self
                .refresh_token
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            // Without a refresh token, as in the client credentials grant, one in the response is ignored.
            let changed = current
                .as_ref()
                .is_some_and(|known| known.expose() != token);
            if changed {
                *current = Some(Secret::from(token.as_str()));
                drop(current);
                if let Some(keep) = &self.grant.on_refresh_token {
                    keep(token);
                }
            }
        }
        let secret = ProvidedSecret::new(tokens.access_token);
        Ok(match lifetime {
            Some(lifetime) => secret.expires_in(lifetime),
            None => secret,
        })
    }
}
