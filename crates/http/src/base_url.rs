//! The base URL of an API.

use std::net::IpAddr;

use reqwest::Url;

use crate::error::Error;
use crate::setting_names::SettingNames;

/// A validated and normalized base URL: scheme, host and path prefix, without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    text: String,
}

impl BaseUrl {
    /// Parses a base URL. `suffixes` are paths that users often paste along with it; they are removed.
    ///
    /// # Errors
    /// The string is not an absolute URL of only scheme, host and path, or it is `http://` where that is not allowed.
    pub fn parse(
        text: &str,
        suffixes: &[&str],
        allow_http: bool,
        names: &SettingNames,
    ) -> Result<Self, Error> {
        let variable = if names.are_variables() {
            format!(" ({})", names.of("base_url"))
        } else {
            String::new()
        };
        let refuse = |problem: &str| {
            let problem = format!("the base URL{variable} {problem}");
            Err(Error::configuration(problem))
        };
        let Ok(mut url) = Url::parse(text.trim()) else {
            return refuse("is not an absolute URL such as https://api.example.com");
        };
        if !matches!(url.scheme(), "https" | "http") {
            return refuse("must begin with https://");
        }
        if url.host().is_none() {
            return refuse("has no host");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "contains a user name or password: give credentials in their own settings",
            );
        }
        if url.query().is_some() {
            return refuse("contains a query: remove it");
        }
        if url.fragment().is_some() {
            return refuse("contains a fragment: remove it");
        }
        if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
            let or = if names.are_variables() {
                ""
            } else {
                ", or allow_http(true)"
            };
            return refuse(&format!(
                "is http://, which would send credentials unencrypted: use https://{or}"
            ));
        }
        let fixed = fixed(url.path(), suffixes).to_owned();
        url.set_path(&fixed);
        let text = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { url, text })
    }

    /// The base URL without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path prefix of every operation: empty or `/prefix`.
    pub(crate) fn prefix(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// The base URL as a `Url`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The port; by default that of the scheme.
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }

    /// Whether the host is a loopback host.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

fn fixed<'a>(path: &'a str, suffixes: &[&str]) -> &'a str {
    let mut path = path.trim_end_matches('/');
    while let Some(shorter) = suffixes
        .iter()
        .find_map(|suffix| path.strip_suffix(suffix.trim_end_matches('/')))
    {
        if shorter.len() == path.len() {
            break;
        }
        path = shorter.trim_end_matches('/');
    }
    path
}

/// Whether the host of a URL is a loopback address or `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, suffixes: &[&str], allow_http: bool) -> Result<BaseUrl, Error> {
        BaseUrl::parse(text, suffixes, allow_http, &SettingNames::default())
    }

    fn base(text: &str) -> Result<String, String> {
        parse(text, &["/public/graphql"], false)
            .map(|base| base.as_str().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn slashes_and_known_suffixes_are_removed_and_a_prefix_is_kept() {
        for text in [
            "https://api.acme.test",
            "https://api.acme.test/",
            "https://api.acme.test//",
            "https://api.acme.test/public/graphql",
            "https://api.acme.test/public/graphql/",
            " https://API.acme.test/ ",
        ] {
            assert_eq!(base(text).unwrap(), "https://api.acme.test", "{text}");
        }
        assert_eq!(
            base("https://acme.test/v1/public/graphql/").unwrap(),
            "https://acme.test/v1"
        );
        assert_eq!(
            base("https://acme.test:8443/v1/").unwrap(),
            "https://acme.test:8443/v1"
        );
        assert_eq!(
            parse("https://a.test/v1/", &[], false).unwrap().prefix(),
            "/v1"
        );
        assert_eq!(parse("https://a.test/", &[], false).unwrap().prefix(), "");
    }

    #[test]
    fn http_is_accepted_for_loopback_hosts_or_if_allowed() {
        for text in [
            "http://127.0.0.1:80",
            "http://[::1]:9",
            "http://localhost",
            "http://a.localhost:1",
        ] {
            assert!(base(text).is_ok(), "{text}");
        }
        for text in [
            "http://acme.test",
            "http://127.0.0.1.acme.test",
            "http://localhost.acme.test",
            "http://10.0.0.1",
        ] {
            assert!(base(text).unwrap_err().contains("allow_http"), "{text}");
        }
        assert!(parse("http://acme.test", &[], true).is_ok());
    }

    #[test]
    fn an_error_names_the_variable_of_the_base_url_and_no_method() {
        let names = SettingNames::variables([("base_url", "ACME_BASE_URL")]);
        let error = BaseUrl::parse("http://acme.test", &[], false, &names).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the base URL (ACME_BASE_URL) is http://, which would send \
             credentials unencrypted: use https://"
        );
    }

    #[test]
    fn an_invalid_base_url_is_refused_without_being_shown() {
        for text in [
            "",
            "acme.test",
            "ftp://acme.test",
            "https://user:hunter2@acme.test",
            "https://hunter2@acme.test",
            "https://acme.test/?key=hunter2",
            "https://acme.test/#hunter2",
            "https://",
        ] {
            let error = base(text).unwrap_err();
            assert!(
                error.starts_with("invalid configuration: the base URL "),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
