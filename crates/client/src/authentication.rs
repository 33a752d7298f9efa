//! How a client proves who calls.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::Clock;
use crate::credentials::Surroundings;
use crate::error::Error;
use crate::secret::Secret;
#[cfg(feature = "signature")]
use crate::signature::Signature;

/// Credentials, and how they are sent. `Debug` shows the kind alone.
#[derive(Clone)]
pub struct Authentication(Scheme);

#[derive(Clone)]
enum Scheme {
    None,
    Header {
        name: &'static str,
        key: Secret,
    },
    Query {
        parameter: &'static str,
        key: Secret,
    },
    Bearer(Secret),
    Basic {
        user: Secret,
        password: Secret,
    },
    #[cfg(feature = "signature")]
    Signature(Signature),
}

impl Authentication {
    /// Nothing is sent.
    pub fn none() -> Self {
        Self(Scheme::None)
    }

    /// A key in a header of the API's own.
    pub fn api_key(header: &'static str, key: impl Into<Secret>) -> Self {
        Self(Scheme::Header {
            name: header,
            key: key.into(),
        })
    }

    /// A key in the query. Prefer any other way where the API has one: addresses end up in logs of proxies.
    pub fn api_key_query(parameter: &'static str, key: impl Into<Secret>) -> Self {
        Self(Scheme::Query {
            parameter,
            key: key.into(),
        })
    }

    /// A bearer token in `Authorization`.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self(Scheme::Bearer(token.into()))
    }

    /// User and password in `Authorization`.
    pub fn basic(user: impl Into<Secret>, password: impl Into<Secret>) -> Self {
        Self(Scheme::Basic {
            user: user.into(),
            password: password.into(),
        })
    }

    /// Samsung Cloud Platform's signature, made afresh for every attempt.
    #[cfg(feature = "signature")]
    pub fn signature(access_key: impl Into<Secret>, secret_key: impl Into<Secret>) -> Self {
        Self(Scheme::Signature(Signature::new(
            access_key.into(),
            secret_key.into(),
        )))
    }

    /// Refuses credentials that could not be sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
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
            Scheme::Header { name, .. } if HeaderName::from_bytes(name.as_bytes()).is_err() => Err(
                Error::configuration(format!("{name:?} is no name of a header")),
            ),
            Scheme::Header { key, .. } | Scheme::Query { key, .. } if !sendable(key) => {
                refuse("API key")
            }
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

    /// Connects what is fetched when it is needed to a client.
    pub(crate) fn connect(mut self, surroundings: &Surroundings) -> Result<Self, Error> {
        for secret in self.all_mut() {
            secret.connect(surroundings)?;
        }
        Ok(self)
    }

    /// Whether any part of it is fetched when it is needed.
    pub(crate) fn is_provided(&self) -> bool {
        match &self.0 {
            Scheme::None => false,
            Scheme::Header { key, .. } | Scheme::Query { key, .. } | Scheme::Bearer(key) => {
                key.is_provided()
            }
            Scheme::Basic { user, password } => user.is_provided() || password.is_provided(),
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => {
                signature.access_key().is_provided() || signature.secret_key().is_provided()
            }
        }
    }

    /// It with the values that are valid now.
    pub(crate) async fn resolved(self: Arc<Self>, clock: &Clock) -> Result<Arc<Self>, Error> {
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

    /// Has what was fetched fetched anew, since the service refused `used`. Whether anything else came.
    pub(crate) async fn renewed(&self, used: &Self, clock: &Clock) -> bool {
        let (mut own, mut used) = (self.clone(), used.clone());
        let mut changed = false;
        for (own, used) in own.all_mut().into_iter().zip(used.all_mut()) {
            let Some(source) = own.source() else {
                continue;
            };
            source.forget(used);
            match source.secret(clock).await {
                Ok(new) => changed |= new.expose() != used.expose(),
                // The refusal is what the caller hears; the next call hears of this.
                Err(_) => return false,
            }
        }
        changed
    }

    /// Every part of it.
    fn all_mut(&mut self) -> Vec<&mut Secret> {
        match &mut self.0 {
            Scheme::None => Vec::new(),
            Scheme::Header { key, .. } | Scheme::Query { key, .. } | Scheme::Bearer(key) => {
                vec![key]
            }
            Scheme::Basic { user, password } => vec![user, password],
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => signature.keys_mut().into(),
        }
    }

    /// The query parameter that carries the key, if one does.
    pub(crate) fn query(&self) -> Option<(&'static str, &str)> {
        match &self.0 {
            Scheme::Query { parameter, key } => Some((parameter, key.expose())),
            _ => None,
        }
    }

    /// Adds the headers for one attempt, marked sensitive. `url` is the address exactly as it will be sent.
    #[cfg_attr(
        not(feature = "signature"),
        expect(
            unused_variables,
            reason = "only a signature depends on the request and the time"
        )
    )]
    pub(crate) fn add_headers(
        &self,
        method: &http::Method,
        url: &str,
        now: std::time::SystemTime,
        headers: &mut HeaderMap,
    ) -> Result<(), Error> {
        let (name, value) = match &self.0 {
            Scheme::None | Scheme::Query { .. } => return Ok(()),
            Scheme::Header { name, key } => sensitive(name, key.expose())?,
            Scheme::Bearer(token) => sensitive(
                AUTHORIZATION.as_str(),
                &format!("Bearer {}", token.expose()),
            )?,
            Scheme::Basic { user, password } => {
                let pair = STANDARD.encode(format!("{}:{}", user.expose(), password.expose()));
                sensitive(AUTHORIZATION.as_str(), &format!("Basic {pair}"))?
            }
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => {
                for (name, value) in signature.headers(method, url, now)? {
                    headers.insert(name, value);
                }
                return Ok(());
            }
        };
        headers.insert(name, value);
        Ok(())
    }

    /// Whether what this header sends is found by one of the [`secrets`](Self::secrets) in it.
    pub(crate) fn holds_a_secret(&self, name: &HeaderName) -> bool {
        match &self.0 {
            Scheme::Header { name: own, .. } => name.as_str().eq_ignore_ascii_case(own),
            Scheme::Bearer(_) => *name == AUTHORIZATION,
            _ => false,
        }
    }

    /// Whether requests are signed, so that the time matters.
    pub(crate) fn is_signature(&self) -> bool {
        match &self.0 {
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => true,
            _ => false,
        }
    }

    /// Names of the headers that are this scheme's own.
    pub(crate) fn header_names(&self) -> Vec<&'static str> {
        match &self.0 {
            Scheme::None | Scheme::Query { .. } => Vec::new(),
            Scheme::Header { name, .. } => vec![name],
            Scheme::Bearer(_) | Scheme::Basic { .. } => vec!["authorization"],
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => crate::signature::HEADERS.to_vec(),
        }
    }

    /// Everything that must not be shown if a service sends it back.
    pub(crate) fn secrets(&self) -> Vec<&Secret> {
        match &self.0 {
            Scheme::None => Vec::new(),
            Scheme::Header { key, .. } | Scheme::Query { key, .. } => vec![key],
            Scheme::Bearer(token) => vec![token],
            Scheme::Basic { password, .. } => vec![password],
            #[cfg(feature = "signature")]
            Scheme::Signature(signature) => vec![signature.access_key(), signature.secret_key()],
        }
    }
}

/// A header whose value is kept out of `Debug` output and of HTTP/2's compression table.
pub(crate) fn sensitive(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let unsendable = || {
        Error::configuration(format!(
            "the credentials cannot be sent in the header {name}"
        ))
    };
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| unsendable())?;
    value.set_sensitive(true);
    Ok((name, value))
}

impl fmt::Debug for Authentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.0 {
            Scheme::None => "Authentication::none",
            Scheme::Header { .. } => "Authentication::api_key",
            Scheme::Query { .. } => "Authentication::api_key_query",
            Scheme::Bearer(_) => "Authentication::bearer",
            Scheme::Basic { .. } => "Authentication::basic",
            #[cfg(feature = "signature")]
            Scheme::Signature(_) => "Authentication::signature",
        })
    }
}
