//! The HTTP client on an operating system: connections, TLS and proxies.

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};

use super::{HttpClient, HttpClientBuilder, ProxySetting, backend};
use crate::error::{Error, chain};

pub(super) fn build(settings: &HttpClientBuilder) -> Result<HttpClient, Error> {
    let builder = connections(settings, Client::builder())?;
    let (builder, without_tls) = backend::apply(builder, &settings.tls)?;
    // reqwest does not treat our headers as credentials, and would send them to the target of a redirect.
    let builder = builder.redirect(Policy::none()).referer(false);
    let client = builder.build().map_err(|error| {
        // The operating system's library checks a certificate and its key only here.
        let hint = if settings.tls.identity.is_some() {
            ", check the client certificate and its key"
        } else {
            ""
        };
        Error::configuration(format!(
            "the HTTP client cannot be built{hint}: {}",
            chain(&error.without_url())
        ))
    })?;
    Ok(HttpClient {
        client,
        without_tls,
    })
}

fn connections(
    settings: &HttpClientBuilder,
    builder: ClientBuilder,
) -> Result<ClientBuilder, Error> {
    let mut builder = builder
        .connect_timeout(settings.connect_timeout)
        .pool_idle_timeout(settings.pool_idle_timeout);
    for (host, address) in &settings.addresses {
        builder = builder.resolve(host, *address);
    }
    #[cfg(feature = "http2")]
    {
        builder = builder
            .http2_keep_alive_interval(settings.keep_alive_interval)
            .http2_keep_alive_timeout(settings.keep_alive_timeout);
    }
    Ok(match &settings.proxy {
        ProxySetting::System => builder,
        ProxySetting::None => builder.no_proxy(),
        ProxySetting::Own(proxy) => builder.proxy(proxy.build()?),
    })
}
