//! The blocks of `docs/proxies-and-tls.md`, in their order.

use crate::Outcome;

#[tokio::test]
async fn tls() -> Outcome {
    // docs: begin
    use specmill::panther::Client;
    use specmill::{Pem, Tls, TlsVersion};

    let tls = Tls::new()
        .add_root_certificates(Pem::file("/etc/acme/ca.pem"))
        .client_certificate(
            Pem::file("/etc/acme/client.pem"),
            Pem::file("/etc/acme/client.key"),
        )
        .min_version(TlsVersion::V1_3);
    let panther = Client::builder()
        .base_url("https://api.acme.runpanther.net")
        .api_key("key")
        .tls(tls)
        .build();
    // docs: end
    assert!(
        panther
            .unwrap_err()
            .to_string()
            .contains("/etc/acme/ca.pem")
    );
    Ok(())
}

#[tokio::test]
async fn proxies() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::Proxy;
    use specmill::panther::Client;

    let panther = Client::builder()
        .base_url("https://api.acme.runpanther.net")
        .api_key("key")
        .proxy(Proxy::new("http://proxy.acme.test:3128").basic_auth("ann", "password"))
        .build()?;
    // docs: end
    Ok(())
}

#[tokio::test]
async fn sharing_connections() -> Outcome {
    let sandbox = specmill_sandbox::Sandbox::start().await?;

    // docs: begin
    use specmill::{HttpClient, panther, scp::identity_center};

    let http = HttpClient::builder().no_proxy().build()?;
    let panther = panther::Client::builder()
        .http_client(http.clone())
        // docs: end
        .base_url(sandbox.panther_url())
        .api_key(sandbox.panther_api_key())
        // docs: more
        .build()?;
    let center = identity_center::Client::builder()
        .http_client(http)
        // docs: end
        .base_url(sandbox.identity_center_url())
        .credentials(sandbox.access_key(), sandbox.secret_key())
        // docs: more
        .build()?;
    // docs: end
    panther.user_list().send().await?;
    center.list_versions().send().await?;
    Ok(())
}
