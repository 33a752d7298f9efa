//! Servers that a document declares for individual operations.

use reqwest::Url;

use crate::base_url::BaseUrl;
use crate::error::Error;
use crate::setting_names::SettingNames;

/// A server in the document.
#[derive(Debug)]
pub struct Declared {
    /// Its URL, or a path on the host of the client's base URL. It may contain variables: `{variable}`.
    pub url: &'static str,
    /// The base URL that replaces the declared one, if it is set.
    pub base_url: Option<String>,
    /// The name of the setting for the base URL.
    pub setting: &'static str,
}

/// The base URLs of operations that have a server of their own.
#[derive(Debug, Default)]
pub struct Servers {
    known: Vec<(&'static str, Result<BaseUrl, String>)>,
    /// The first of the base URLs that are set and need TLS.
    encrypted: Option<BaseUrl>,
}

impl Servers {
    /// Parses the base URLs. If a declared URL that is not replaced is invalid, the calls of its operations fail.
    ///
    /// # Errors
    /// A base URL that is set is invalid.
    pub fn new(declared: &[Declared], base: &BaseUrl, allow_http: bool) -> Result<Self, Error> {
        let parse = |text: &str| BaseUrl::parse(text, &[], allow_http, &SettingNames::default());
        let mut servers = Self::default();
        for one in declared {
            let server = match &one.base_url {
                Some(given) => Ok(parse(given)
                    .map_err(|error| Error::configuration(format!("{}: {error}", one.setting)))?),
                None => absolute(one.url, base)
                    .and_then(|url| parse(&url).ok())
                    .ok_or_else(|| {
                        format!(
                            "the document serves the operation at {}, which {}: set {}",
                            one.url,
                            if one.url.contains('{') {
                                "has a variable without a default"
                            } else {
                                "cannot be used"
                            },
                            one.setting
                        )
                    }),
            };
            if let (Some(_), Ok(given)) = (&one.base_url, &server)
                && given.is_https()
            {
                servers.encrypted.get_or_insert_with(|| given.clone());
            }
            servers.known.push((one.url, server));
        }
        Ok(servers)
    }

    /// The base URL of the operations on a declared server.
    pub fn of(&self, declared: &str) -> Result<&BaseUrl, String> {
        let found = self.known.iter().find(|(known, _)| *known == declared);
        match found {
            Some((_, server)) => server.as_ref().map_err(Clone::clone),
            None => Err(format!("the client knows no server {declared}")),
        }
    }

    /// The base URL that determines whether the HTTP client requires TLS: one with TLS, if any base URL that is set
    /// has it. Without TLS support, only the operations on declared servers with TLS fail.
    pub fn foremost<'a>(&'a self, base: &'a BaseUrl) -> &'a BaseUrl {
        match &self.encrypted {
            Some(encrypted) if !base.is_https() => encrypted,
            _ => base,
        }
    }
}

/// The URL of a declared server; a path is resolved against the client's base URL.
fn absolute(declared: &str, base: &BaseUrl) -> Option<String> {
    // URLs permit braces in a host.
    if declared.contains('{') {
        return None;
    }
    if declared.starts_with('/') {
        let joined = Url::parse(base.as_str()).ok()?.join(declared).ok()?;
        return Some(joined.into());
    }
    Some(declared.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> BaseUrl {
        BaseUrl::parse(text, &[], false, &SettingNames::default()).unwrap()
    }

    fn servers(declared: &'static str, given: Option<&str>) -> Result<Servers, Error> {
        let one = Declared {
            url: declared,
            base_url: given.map(str::to_owned),
            setting: "upload_base_url",
        };
        Servers::new(&[one], &base("https://a.test/v2"), false)
    }

    #[test]
    fn a_server_is_the_declared_one_unless_another_is_given() {
        for (declared, given, expected) in [
            ("https://b.test/api/", None, "https://b.test/api"),
            (
                "https://b.test",
                Some("https://c.test/x"),
                "https://c.test/x",
            ),
            (
                "https://b.test",
                Some("http://127.0.0.1:1"),
                "http://127.0.0.1:1",
            ),
            ("/v3", None, "https://a.test/v3"),
            ("/v3", Some("https://c.test"), "https://c.test"),
        ] {
            let servers = servers(declared, given).unwrap();
            assert_eq!(servers.of(declared).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn an_invalid_server_is_an_error_that_names_the_setting() {
        let declared = servers("http://b.test", None).unwrap();
        let problem = declared.of("http://b.test").unwrap_err();
        assert!(problem.ends_with("set upload_base_url"), "{problem}");
        let error = servers("https://b.test", Some("http://b.test")).unwrap_err();
        assert!(error.to_string().contains("upload_base_url"), "{error}");
        assert!(declared.of("https://other.test").is_err());
    }

    #[test]
    fn a_server_with_a_variable_must_be_given() {
        for declared in [
            "https://{host}",
            "https://{region}.b.test",
            "/{tenant}/v3",
            "{url}",
        ] {
            let problem = servers(declared, None).unwrap();
            let problem = problem.of(declared).unwrap_err();
            assert!(
                problem.ends_with("has a variable without a default: set upload_base_url"),
                "{problem}"
            );
            let given = servers(declared, Some("https://c.test/x")).unwrap();
            assert_eq!(given.of(declared).unwrap().as_str(), "https://c.test/x");
        }
    }

    #[test]
    fn the_http_client_is_made_for_tls_where_a_base_url_that_is_given_needs_it() {
        let plain = base("http://127.0.0.1:1");
        let declared = servers("https://b.test", None).unwrap();
        assert_eq!(declared.foremost(&plain).as_str(), plain.as_str());
        let given = servers("https://b.test", Some("https://c.test")).unwrap();
        assert_eq!(given.foremost(&plain).as_str(), "https://c.test");
        let own = base("https://a.test");
        assert_eq!(given.foremost(&own).as_str(), "https://a.test");
    }
}
