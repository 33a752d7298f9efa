//! The credentials of a client.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::secret::Secret;
use super::sensitive_header::{sensitive, unsendable};
#[cfg(feature = "signature")]
use super::signature::Signature;
use super::surroundings::Surroundings;
use crate::clock::Clock;
use crate::error::Error;
use crate::operation::Operation;
use crate::redact::Secrets;

/// Credentials, and how they are sent. `Debug` shows only the kind.
#[derive(Clone)]
pub struct Authentication(Scheme);

#[derive(Clone)]
enum Scheme {
    None,
    Header {
        name: &'static str,
        /// `None` if the name is not one of a header.
        parsed: Option<HeaderName>,
        key: Secret,
    },
    Query {
        parameter: &'static str,
        key: Secret,
    },
    Cookie {
        name: &'static str,
        key: Secret,
    },
    /// The security schemes of an API, of which an operation requires some.
    Several(Vec<Part>),
    Bearer(Secret),
    Basic {
        user: Secret,
        password: Secret,
    },
    #[cfg(feature = "signature")]
    Signature(Signature),
}

/// One of several schemes.
#[derive(Clone)]
struct Part {
    /// The name of the scheme in the API's document.
    scheme: &'static str,
    /// The name of the setting for its credentials.
    setting: &'static str,
    /// `None` if the credentials are not set.
    authentication: Option<Authentication>,
}

impl Authentication {
    /// No credentials.
    pub fn none() -> Self {
        Self(Scheme::None)
    }

    /// A key in the header `header`.
    pub fn api_key(header: &'static str, key: impl Into<Secret>) -> Self {
        Self(Scheme::Header {
            name: header,
            parsed: HeaderName::from_bytes(header.as_bytes()).ok(),
            key: key.into(),
        })
    }

    /// A key in the query. Prefer any other scheme of the API, since proxies log URLs.
    pub fn api_key_query(parameter: &'static str, key: impl Into<Secret>) -> Self {
        Self(Scheme::Query {
            parameter,
            key: key.into(),
        })
    }

    /// A key in a cookie, which is added to the cookies of the call.
    pub fn api_key_cookie(name: &'static str, key: impl Into<Secret>) -> Self {
        Self(Scheme::Cookie {
            name,
            key: key.into(),
        })
    }

    /// The security schemes of an API that has several: the name of each in the API's document, the setting for its
    /// credentials, and the credentials, if they are set.
    ///
    /// Each operation sends only the credentials that it requires ([`Operation::security`]): the first of its
    /// alternatives whose schemes are all set.
    pub fn several(schemes: Vec<(&'static str, &'static str, Option<Self>)>) -> Self {
        let parts = schemes
            .into_iter()
            .map(|(scheme, setting, authentication)| Part {
                scheme,
                setting,
                authentication,
            });
        Self(Scheme::Several(parts.collect()))
    }

    #[doc(hidden)]
    /// Returns a copy with other credentials for one of several schemes.
    pub fn with(&self, scheme: &str, authentication: Self) -> Self {
        let mut changed = self.clone();
        if let Scheme::Several(parts) = &mut changed.0
            && let Some(part) = parts.iter_mut().find(|part| part.scheme == scheme)
        {
            part.authentication = Some(authentication);
        }
        changed
    }

    #[doc(hidden)]
    /// The credentials for the requests of an operation.
    ///
    /// # Errors
    /// No alternative of the operation is completely set, and the operation requires credentials.
    pub fn of(self: Arc<Self>, operation: &Operation) -> Result<Arc<Self>, Error> {
        let Scheme::Several(parts) = &self.0 else {
            return Ok(self);
        };
        let find = |name: &str| parts.iter().find(|part| part.scheme == name);
        let is_set = |name: &str| find(name).is_some_and(|part| part.authentication.is_some());
        let required = operation.security.iter().filter(|names| !names.is_empty());
        let chosen = required
            .clone()
            .find(|names| names.iter().all(|name| is_set(name)));
        if let Some(names) = chosen.filter(|_| operation.authenticated) {
            let parts = names.iter().filter_map(|name| find(name)).cloned();
            return Ok(Arc::new(Self(Scheme::Several(parts.collect()))));
        }
        let is_optional = operation.security.iter().any(|names| names.is_empty());
        if is_optional || !operation.authenticated {
            return Ok(Arc::new(Self::none()));
        }
        let alternatives = required.map(|names| {
            let settings = names.iter().filter_map(|name| find(name));
            let settings: Vec<&str> = settings.map(|part| part.setting).collect();
            settings.join(" and ")
        });
        let alternatives: Vec<String> = alternatives.collect();
        Err(Error::configuration(format!(
            "the operation {} needs credentials that are not set: set {}",
            operation.id,
            alternatives.join(", or ")
        )))
    }

    /// The credentials that are set, of several schemes.
    fn parts(&self) -> impl Iterator<Item = &Self> {
        let parts = match &self.0 {
            Scheme::Several(parts) => &parts[..],
            _ => &[],
        };
        parts.iter().filter_map(|part| part.authentication.as_ref())
    }

    /// A bearer token in `Authorization`.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Scheme::Bearer(token.into()))
    }

    /// A bearer token in `Authorization`, which may be a grant of [`OAuth2`](crate::credentials::OAuth2). A grant
    /// without a token URL uses a path on the origin of the base URL: `of_program` for client credentials, and
    /// `of_user` for a refresh token.
    pub fn oauth2(
        token: impl Into<Secret>,
        of_program: Option<&'static str>,
        of_user: Option<&'static str>,
    ) -> Self {
        Self(Scheme::Bearer(
            token.into().token_paths(of_program, of_user),
        ))
    }

    /// A user name and a password in `Authorization`.
    pub fn basic(user: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self(Scheme::Basic {
            user: user.into(),
            password: password.into(),
        })
    }

    /// The signature of Samsung Cloud Platform, computed for every attempt.
    #[cfg(feature = "signature")]
    pub fn signature(access_key: impl Into<Secret>, secret_key: impl Into<Secret>) -> Self {
        Self(Scheme::Signature(Signature::new(
            access_key.into(),
            secret_key.into(),
        )))
    }

    #[doc(hidden)]
    /// Checks that the credentials can be sent in a header.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |what: &str| {
            Err(Error::configuration(format!(
                "the {what} is empty or holds characters that no header can carry"
            )))
        };
        let sendable = |secret: &Secret| {
            secret.is_provided()
                || (!secret.expose().is_empty() && HeaderValue::from_str(secret.expose()).is_ok())
        };
        match &self.0 {
            Scheme::None => Ok(()),
            Scheme::Header {
                name, parsed: None, ..
            } => Err(Error::configuration(format!(
                "{name:?} is not a valid header name"
            ))),
            Scheme::Header { key, .. } | Scheme::Query { key, .. } if !sendable(key) => {
                refuse("API key")
            }
            Scheme::Cookie { key, .. } if !sendable(key) || key_breaks_cookie(key) => {
                refuse("API key")
            }
            Scheme::Several(_) => self.parts().try_for_each(Self::check),
            Scheme::Bearer(token) if !sendable(token) => refuse("token"),
            Scheme::Basic { user, .. } if user.expose().contains(':') => Err(Error::configuration(
                "a user name with a colon cannot be sent",
            )),
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => {
                if !sendable(signature.access_key()) {
                    refuse("access key")
                } else if !signature.secret_key().is_provided()
                    && signature.secret_key().expose().is_empty()
                {
                    Err(Error::configuration("the secret key is empty"))
                } else {
                    Ok(())
                }
            }
            _ => Ok(()),
        }
    }

    #[doc(hidden)]
    /// Connects credentials that are fetched on demand to a client.
    pub fn connect(mut self, surroundings: &Surroundings) -> Result<Self, Error> {
        for secret in self.all_mut() {
            secret.connect(surroundings)?;
        }
        Ok(self)
    }

    #[doc(hidden)]
    /// Whether any of the credentials are fetched on demand.
    pub fn is_provided(&self) -> bool {
        match &self.0 {
            Scheme::None => false,
            Scheme::Several(_) => self.parts().any(Self::is_provided),
            Scheme::Header { key, .. }
            | Scheme::Query { key, .. }
            | Scheme::Cookie { key, .. }
            | Scheme::Bearer(key) => key.is_provided(),
            Scheme::Basic { user, password } => user.is_provided() || password.is_provided(),
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => {
                signature.access_key().is_provided() || signature.secret_key().is_provided()
            }
        }
    }

    #[doc(hidden)]
    /// Returns the credentials with the currently valid values.
    pub async fn resolved(self: Arc<Self>, clock: &Clock) -> Result<Arc<Self>, Error> {
        if !self.is_provided() {
            return Ok(self);
        }
        let mut resolved = (*self).clone();
        for secret in resolved.all_mut() {
            if let Some(source) = secret.source() {
                *secret = source.secret(clock).await?;
            }
        }
        Ok(Arc::new(resolved))
    }

    #[doc(hidden)]
    /// Fetches credentials again after the service rejected `used`. Returns whether any of them changed.
    pub async fn renewed(&self, used: &Self, clock: &Clock) -> bool {
        let (mut own, mut used) = (self.clone(), used.clone());
        let mut changed = false;
        for (own, used) in own.all_mut().into_iter().zip(used.all_mut()) {
            let Some(source) = own.source() else {
                continue;
            };
            source.forget(used);
            match source.secret(clock).await {
                Ok(new) => changed |= new.expose() != used.expose(),
                // The caller gets the response that refused the credential; the next call reports this error.
                Err(_) => return false,
            }
        }
        changed
    }

    /// All credentials of the scheme.
    fn all_mut(&mut self) -> Vec<&mut Secret> {
        match &mut self.0 {
            Scheme::None => Vec::new(),
            Scheme::Several(parts) => parts
                .iter_mut()
                .filter_map(|part| part.authentication.as_mut())
                .flat_map(Self::all_mut)
                .collect(),
            Scheme::Header { key, .. }
            | Scheme::Query { key, .. }
            | Scheme::Cookie { key, .. }
            | Scheme::Bearer(key) => {
                vec![key]
            }
            Scheme::Basic { user, password } => vec![user, password],
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => signature.keys_mut().into(),
        }
    }

    #[doc(hidden)]
    /// The query parameters that carry keys.
    pub fn query(&self) -> Vec<(&'static str, &str)> {
        match &self.0 {
            Scheme::Query { parameter, key } => vec![(parameter, key.expose())],
            Scheme::Several(_) => self.parts().flat_map(Self::query).collect(),
            _ => Vec::new(),
        }
    }

    /// Adds the headers of one attempt, marked sensitive. `url` is exactly the URL that will be sent.
    #[cfg_attr(
        not(feature = "signature"),
        expect(
            clippy::only_used_in_recursion,
            reason = "only a signature depends on the request and the time"
        )
    )]
    #[doc(hidden)]
    pub fn add_headers(
        &self,
        method: &http::Method,
        url: &str,
        now: std::time::SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let (name, value) = match &self.0 {
            Scheme::None | Scheme::Query { .. } => return Ok(()),
            Scheme::Several(_) => {
                return self
                    .parts()
                    .try_for_each(|part| part.add_headers(method, url, now, headers));
            }
            Scheme::Cookie { name, key } => {
                let own = headers.get(COOKIE).and_then(|value| value.to_str().ok());
                let before = own.map(|own| format!("{own}; ")).unwrap_or_default();
                let all = format!("{before}{name}={}", key.expose());
                (COOKIE, sensitive(&COOKIE, &all)?)
            }
            Scheme::Header { name, parsed, key } => {
                let name = parsed.as_ref().ok_or_else(|| unsendable(name))?;
                (name.clone(), sensitive(name, key.expose())?)
            }
            Scheme::Bearer(token) => {
                let value = format!("Bearer {}", token.expose());
                (AUTHORIZATION, sensitive(&AUTHORIZATION, &value)?)
            }
            Scheme::Basic { user, password } => {
                let pair = STANDARD.encode(format!("{}:{}", user.expose(), password.expose()));
                let value = format!("Basic {pair}");
                (AUTHORIZATION, sensitive(&AUTHORIZATION, &value)?)
            }
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => {
                return signature.add_headers(method, url, now, headers);
            }
        };
        headers.insert(name, value);
        Ok(())
    }

    /// Whether the value of this header contains one of the [`secrets`](Self::secrets) verbatim.
    fn holds_a_secret(&self, name: &HeaderName) -> bool {
        match &self.0 {
            Scheme::Header { parsed, .. } => parsed.as_ref() == Some(name),
            Scheme::Bearer(_) => *name == AUTHORIZATION,
            Scheme::Several(_) => self.parts().any(|part| part.holds_a_secret(name)),
            _ => false,
        }
    }

    #[doc(hidden)]
    /// Whether requests are signed, so that the time matters.
    pub fn is_signature(&self) -> bool {
        match &self.0 {
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => true,
            _ => false,
        }
    }

    #[doc(hidden)]
    /// The names of the headers that the scheme sets.
    pub fn header_names(&self) -> Vec<&'static str> {
        match &self.0 {
            // The call may already have cookies.
            Scheme::None | Scheme::Query { .. } | Scheme::Cookie { .. } => Vec::new(),
            Scheme::Several(_) => self.parts().flat_map(Self::header_names).collect(),
            Scheme::Header { name, .. } => vec![name],
            Scheme::Bearer(_) | Scheme::Basic { .. } => vec!["authorization"],
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => super::signature::header_names(),
        }
    }

    /// The values to redact if a service sends them back.
    fn secrets(&self) -> Vec<&Secret> {
        match &self.0 {
            Scheme::None => Vec::new(),
            Scheme::Several(_) => self.parts().flat_map(Self::secrets).collect(),
            Scheme::Header { key, .. } | Scheme::Query { key, .. } | Scheme::Cookie { key, .. } => {
                vec![key]
            }
            Scheme::Bearer(token) => vec![token],
            Scheme::Basic { password, .. } => vec![password],
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => vec![signature.access_key(), signature.secret_key()],
        }
    }
}

impl Secrets for Authentication {
    fn values(&self) -> Vec<&str> {
        self.secrets().into_iter().map(Secret::expose).collect()
    }

    fn are_in_header(&self, name: &HeaderName) -> bool {
        self.holds_a_secret(name)
    }
}

/// Whether a key contains a character that ends a cookie or that RFC 6265 does not allow in its value.
fn key_breaks_cookie(key: &Secret) -> bool {
    let breaks = |character: char| character.is_whitespace() || "\",;\\".contains(character);
    !key.is_provided() && key.expose().contains(breaks)
}

impl fmt::Debug for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.0 {
            Scheme::None => "Authentication::none",
            Scheme::Header { .. } => "Authentication::api_key",
            Scheme::Query { .. } => "Authentication::api_key_query",
            Scheme::Cookie { .. } => "Authentication::api_key_cookie",
            Scheme::Several(_) => "Authentication::several",
            Scheme::Bearer(_) => "Authentication::bearer",
            Scheme::Basic { .. } => "Authentication::basic",
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => "Authentication::signature",
        })
    }
}
