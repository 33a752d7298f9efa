//! The addresses that an API's document names, for generated code.

use crate::{Error, Secret};

/// An address template and the values its variables take together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The template: `https://service.{region}.example.com`.
    pub url: &'static str,
    /// Its variables: the name, and the values it takes; any where there are none.
    pub variables: &'static [(&'static str, &'static [&'static str])],
}

/// The address of the server that takes all the values, or `base_url` where one is given.
///
/// # Errors
/// Neither an address nor all the variables are set, or no server takes the values together.
pub fn address(
    base_url: Option<&str>,
    servers: &[Server],
    values: &[(&str, Option<&str>)],
) -> Result<String, Error> {
    if let Some(base_url) = base_url {
        return Ok(base_url.to_owned());
    }
    let missing: Vec<&str> = values
        .iter()
        .filter(|(_, value)| value.is_none())
        .map(|(name, _)| *name)
        .collect();
    if values.is_empty() || !missing.is_empty() {
        let or = if values.is_empty() {
            String::new()
        } else {
            format!(", or {}", missing.join(" and "))
        };
        return Err(Error::configuration(format!(
            "the address is not known: set base_url{or}"
        )));
    }
    let values: Vec<(&str, &str)> = values
        .iter()
        .filter_map(|(name, value)| Some((*name, (*value)?)))
        .collect();
    let server = servers.iter().find(|server| {
        server.variables.iter().all(|(name, taken)| {
            let value = values.iter().find(|(known, _)| known == name);
            value.is_some_and(|(_, value)| taken.is_empty() || taken.contains(value))
        })
    });
    let Some(server) = server else {
        let pairs: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name} `{value}`"))
            .collect();
        return Err(Error::configuration(format!(
            "no server has {} together: set another pair, or base_url",
            pairs.join(" and ")
        )));
    };
    let mut address = server.url.to_owned();
    for (name, value) in values {
        // Anything else could make another host of the address.
        if value.is_empty()
            || !value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        {
            return Err(Error::configuration(format!(
                "{name} may hold letters, digits and -_. alone: set another, or base_url"
            )));
        }
        address = address.replace(&format!("{{{name}}}"), value);
    }
    Ok(address)
}

/// A credential that a builder must have been given.
///
/// # Errors
/// It was not; the error names the setting.
pub fn credential(value: Option<Secret>, setting: &str) -> Result<Secret, Error> {
    value.ok_or_else(|| Error::configuration(format!("{setting} is not set: set it")))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_variables_make_the_address() {
        let values = [("region", Some("south")), ("environment", Some("g"))];
        assert_eq!(
            address(None, SERVERS, &values).unwrap(),
            "https://a.south.g.test"
        );
    }

    #[test]
    fn a_base_address_stands_for_all_variables() {
        let values = [("region", None), ("environment", Some("g"))];
        assert_eq!(
            address(Some("https://b.test"), SERVERS, &values).unwrap(),
            "https://b.test"
        );
    }

    #[test]
    fn values_that_no_server_takes_together_are_refused() {
        let values = [("region", Some("south")), ("environment", Some("e"))];
        let error = address(None, SERVERS, &values).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: no server has region `south` and environment `e` together: \
             set another pair, or base_url"
        );
    }

    #[test]
    fn a_value_cannot_make_another_host_of_the_address() {
        const OPEN: &[Server] = &[Server {
            url: "https://a.{region}.vendor.test",
            variables: &[("region", &[])],
        }];
        let made = |value| address(None, OPEN, &[("region", Some(value))]);
        assert_eq!(made("kr-west1").unwrap(), "https://a.kr-west1.vendor.test");
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
            assert!(made(value).unwrap_err().is_configuration(), "{value}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let values = [("region", None), ("environment", Some("e"))];
        let error = address(None, SERVERS, &values).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the address is not known: set base_url, or region"
        );
        let error = address(None, &[], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid configuration: the address is not known: set base_url"
        );
    }
}
