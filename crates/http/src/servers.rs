//! Servers that a document declares for single operations.

use reqwest::Url;

use crate::base_url::BaseUrl;
use crate::error::Error;
use crate::setting_names::SettingNames;

/// A server as the document declares it.
#[derive(Debug)]
pub struct Declared {
    /// Its URL, or a path on the host of the client's base URL. It may contain variables: `{variable}`.
    pub url: &'static str,
    /// The base URL that replaces it.
    pub base_url: Option<String>,
    /// The setting that holds that.
    pub setting: &'static str,
}

/// The base URLs of a client's operations that are not at the client's own.
#[derive(Debug, Default)]
pub struct Servers {
    known: Vec<(&'static str, Result<BaseUrl, String>)>,
    /// Whether a base URL that was given needs TLS, and which.
    encrypted: Option<BaseUrl>,
}

impl Servers {
    /// Reads what is declared and given. Of a server that is only declared, what is wrong is an error of the operations that
    /// are there.
    ///
    /// # Errors
    /// A base URL that was given cannot be used.
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

    /// The base URL of the operations that are at a declared server.
    pub fn of(&self, declared: &str) -> Result<&BaseUrl, String> {
        let found = self.known.iter().find(|(known, _)| *known == declared);
        match found {
            Some((_, server)) => server.as_ref().map_err(Clone::clone),
            None => Err(format!("the client knows no server {declared}")),
        }
    }

    /// The base URL that the HTTP client is made for: one that needs TLS, where any that was given does. A server that is only
    /// declared costs a client without TLS the operations that are there.
    pub fn foremost<'a>(&'a self, base: &'a BaseUrl) -> &'a BaseUrl {
        match &self.encrypted {
            Some(encrypted) if !base.is_https() => encrypted,
            _ => base,
        }
    }
}

/// A declared server as a URL; a path is one on the host of the client's base URL.
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
    fn what_cannot_be_used_is_an_error_that_names_the_setting() {
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
