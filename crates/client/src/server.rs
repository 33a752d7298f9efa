//! The base URLs in an API's document, for generated code.

use crate::{Error, Secret, Settings};

/// A base URL template and the combinations of values of its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The template: `https://service.{region}.example.com`.
    pub url: &'static str,
    /// The variables: the name and the permitted values; empty if any value is permitted.
    pub variables: &'static [(&'static str, &'static [&'static str])],
}

/// A variable of a base URL template, and the client's value for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The name of the variable in the template.
    pub name: &'static str,
    /// The name of the setting for the value.
    pub setting: &'static str,
    /// The value, if it is set.
    pub value: Option<&'a str>,
}

/// The base URL of the server that matches the values of all parts, or `base_url` if it is set.
///
/// # Errors
/// Neither a base URL nor all parts are set, or no server matches the values. The error names the settings as
/// `settings` does.
pub fn address(
    settings: &Settings,
    base_url: Option<&str>,
    servers: &[Server],
    parts: &[Part<'_>],
) -> Result<String, Error> {
    if let Some(base_url) = base_url {
        return Ok(base_url.to_owned());
    }
    let names = settings.names();
    let whole = names.of("base_url");
    let missing = parts.iter().filter(|part| part.value.is_none());
    let missing: Vec<&str> = missing.map(|part| names.of(part.setting)).collect();
    if parts.is_empty() || !missing.is_empty() {
        let or = if parts.is_empty() {
            String::new()
        } else {
            format!(", or {}", missing.join(" and "))
        };
        return Err(Error::configuration(format!(
            "the base URL is missing: set {whole}{or}"
        )));
    }
    let values: Vec<(&str, &str, &str)> = parts
        .iter()
        .filter_map(|part| Some((part.name, names.of(part.setting), part.value?)))
        .collect();
    let server = servers.iter().find(|server| {
        server.variables.iter().all(|(name, taken)| {
            let value = values.iter().find(|(known, ..)| known == name);
            value.is_some_and(|(.., value)| taken.is_empty() || taken.contains(value))
        })
    });
    let Some(server) = server else {
        let pairs: Vec<String> = values
            .iter()
            .map(|(_, setting, value)| format!("{setting} `{value}`"))
            .collect();
        return Err(Error::configuration(format!(
            "no server has {} together: set another pair, or {whole}",
            pairs.join(" and ")
        )));
    };
    let mut address = server.url.to_owned();
    for (name, setting, value) in values {
        // Other characters could change the host of the URL.
        if value.is_empty()
            || !value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        {
            return Err(Error::configuration(format!(
                "{setting} may hold letters, digits and -_. alone: set another, or {whole}"
            )));
        }
        address = address.replace(&format!("{{{name}}}"), value);
    }
    Ok(address)
}

/// A credential that is required.
///
/// # Errors
/// The credential is not set. The error names the setting.
pub fn credential(value: Option<Secret>, setting: &str) -> Result<Secret, Error> {
    value.ok_or_else(|| Error::configuration(format!("{setting} is not set: set it")))
}

/// Two credentials that are set together or not at all.
///
/// # Errors
/// Only one of them is set. The error names the setting.
pub fn pair(
    first: Option<Secret>,
    second: Option<Secret>,
    setting: &str,
) -> Result<Option<(Secret, Secret)>, Error> {
    match (first, second) {
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (None, None) => Ok(None),
        _ => Err(Error::configuration(format!(
            "one half of {setting} is not set: set both"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Api;

    static API: Api = Api {
        name: "acme",
        title: "Acme",
        version: "1.0.0",
        base_url_suffixes: &[],
    };

    /// The base URL for a client that is built with a builder.
    fn built(
        base_url: Option<&str>,
        servers: &[Server],
        values: &[(&'static str, Option<&'static str>)],
    ) -> Result<String, Error> {
        made(&Settings::new(&API), base_url, servers, values)
    }

    fn made(
        settings: &Settings,
        base_url: Option<&str>,
        servers: &[Server],
        values: &[(&'static str, Option<&'static str>)],
    ) -> Result<String, Error> {
        let parts = values.iter().map(|&(name, value)| Part {
            name,
            setting: name,
            value,
        });
        address(settings, base_url, servers, &parts.collect::<Vec<_>>())
    }

    const SERVERS: &[Server] = &[
        Server {
            url: "https://a.{region}.{environment}.test",
            variables: &[("region", &["west"]), ("environment", &["s", "e"])],
        },
        Server {
            url: "https://a.{region}.{environment}.test",
            variables: &[("region", &["south"]), ("environment", &["g"])],
        },
    ];

    #[test]
    fn the_variables_determine_the_base_url() {
        let values = [("region", Some("south")), ("environment", Some("g"))];
        assert_eq!(
            built(None, SERVERS, &values).unwrap(),
            "https://a.south.g.test"
        );
    }

    #[test]
    fn a_base_url_replaces_all_variables() {
        let values = [("region", None), ("environment", Some("g"))];
        assert_eq!(
            built(Some("https://b.test"), SERVERS, &values).unwrap(),
            "https://b.test"
        );
    }

    #[test]
    fn values_that_no_server_combines_are_refused() {
        let values = [("region", Some("south")), ("environment", Some("e"))];
        let error = built(None, SERVERS, &values).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: no server has region `south` and environment `e` together: \
             set another pair, or base_url"
        );
    }

    #[test]
    fn a_value_cannot_change_the_host_of_the_base_url() {
        const OPEN: &[Server] = &[Server {
            url: "https://a.{region}.vendor.test",
            variables: &[("region", &[])],
        }];
        let open = |value| built(None, OPEN, &[("region", Some(value))]);
        assert_eq!(open("kr-west1").unwrap(), "https://a.kr-west1.vendor.test");
        for value in [
            "evil.test/",
            "evil.test#",
            "evil.test?",
            "x@evil.test",
            "evil.test\\",
            "a:1",
            "",
            "a b",
            "%2f",
        ] {
            assert!(open(value).unwrap_err().is_configuration(), "{value}");
        }
    }

    #[test]
    fn missing_settings_are_named() {
        let values = [("region", None), ("environment", Some("e"))];
        let error = built(None, SERVERS, &values).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the base URL is missing: set base_url, or region"
        );
        let error = built(None, &[], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the base URL is missing: set base_url"
        );
    }

    #[test]
    fn errors_name_the_variables_from_which_settings_were_read() {
        let settings = Settings::new(&API).read_from([
            ("base_url", "ACME_BASE_URL"),
            ("region", "ACME_REGION"),
            ("environment", "ACME_ENVIRONMENT"),
        ]);
        for (values, says) in [
            (
                [None, None],
                "the base URL is missing: set ACME_BASE_URL, or ACME_REGION and ACME_ENVIRONMENT",
            ),
            (
                [Some("south"), Some("e")],
                "no server has ACME_REGION `south` and ACME_ENVIRONMENT `e` together: \
                 set another pair, or ACME_BASE_URL",
            ),
        ] {
            let values = [("region", values[0]), ("environment", values[1])];
            let error = made(&settings, None, SERVERS, &values).unwrap_err();
            assert_eq!(error.to_string(), format!("invalid configuration: {says}"));
        }
    }
}
