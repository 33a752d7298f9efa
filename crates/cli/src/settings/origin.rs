//! Ensures that credentials are only sent to the base URL and the token URL that they were set with.

use specmill::dynamic::{Api, Role, Variable};

use super::profile::Profile;
use crate::failure::{Failure, Kind};
use crate::variables::{address, conjunction, profile_table};

/// Refuses a base URL or token URL and credentials that were not set together, and a token URL that was not set with the
/// base URL of the environment.
///
/// `in_environment` returns the name of a variable that is set in the environment, which then takes precedence over the
/// profile. A profile with a base URL and without a credential uses the credential of the environment, so that the key need not
/// be in a file.
pub(super) fn check(
    api: &'static Api,
    profile: &Profile,
    in_environment: impl Fn(&Variable) -> Option<&'static str>,
) -> Result<(), Failure> {
    let in_profile = |variable: &Variable| profile.value(api, variable).is_some();
    let (addresses, credentials, token_urls) = (
        addresses(api, |one| in_environment(one).is_some() || in_profile(one)),
        of_role(api, Role::Credential),
        of_role(api, Role::TokenUrl),
    );
    let destinations = [&addresses[..], &token_urls].concat();
    let from_environment = |all: &[&'static Variable]| -> Vec<&'static str> {
        all.iter().filter_map(|one| in_environment(one)).collect()
    };
    let from_profile = |all: &[&'static Variable]| -> Vec<&'static str> {
        let found = all
            .iter()
            .filter(|one| in_profile(one) && in_environment(one).is_none());
        found.map(|one| one.name).collect()
    };
    let table = format!("[{}.{}]", profile.name(), profile_table(api));
    let (here, there, url, problem) = if !from_environment(&destinations).is_empty()
        && !from_profile(&credentials).is_empty()
    {
        let url = url(&from_environment(&addresses));
        (
            from_environment(&destinations),
            from_profile(&credentials),
            url,
            format!("the {url} is set in the environment, and the credentials in {table}"),
        )
    } else if !from_profile(&destinations).is_empty()
        && !from_environment(&credentials).is_empty()
        && credentials.iter().any(|one| in_profile(one))
    {
        let url = url(&from_profile(&addresses));
        (
            from_environment(&credentials),
            from_profile(&destinations),
            url,
            format!(
                "the credentials are set in the environment, and the {url} in {table}, which has other credentials"
            ),
        )
    } else if !from_environment(&addresses).is_empty() && !from_profile(&token_urls).is_empty() {
        (
            from_environment(&addresses),
            from_profile(&token_urls),
            "token URL",
            format!("the base URL is set in the environment, and the token URL in {table}"),
        )
    } else {
        return Ok(());
    };
    Err(Failure::new(Kind::Configuration, problem)
        .hint(format!(
            "credentials are only sent to the {url} that they were set with"
        ))
        .hint(format!(
            "set {} in the environment too, or unset {}",
            conjunction(&there),
            conjunction(&here)
        )))
}

/// Rejects an environment that would override a profile that the command line selects.
pub(super) fn check_asked_for(
    api: &'static Api,
    profile: &Profile,
    in_environment: impl Fn(&Variable) -> Option<&'static str>,
) -> Result<(), Failure> {
    let variables = api.variables.iter();
    let hidden: Vec<&str> = variables
        .filter(|one| profile.value(api, one).is_some())
        .filter_map(&in_environment)
        .collect();
    if hidden.is_empty() {
        return Ok(());
    }
    let problem = format!(
        "the environment would override [{}.{}], which was selected",
        profile.name(),
        profile_table(api)
    );
    Err(Failure::new(Kind::Configuration, problem).hint(format!("unset {}", conjunction(&hidden))))
}

/// The variables for the base URL: the complete URL if it is set, otherwise its parts.
fn addresses(api: &'static Api, is_set: impl Fn(&Variable) -> bool) -> Vec<&'static Variable> {
    match address(api).filter(|one| is_set(one)) {
        Some(whole) => vec![whole],
        None => of_role(api, Role::AddressPart),
    }
}

/// The subject of the problem: the base URL if a part of it is set, otherwise the token URL.
fn url(addresses: &[&str]) -> &'static str {
    if addresses.is_empty() {
        "token URL"
    } else {
        "base URL"
    }
}

fn of_role(api: &'static Api, role: Role) -> Vec<&'static Variable> {
    let variables = api.variables.iter();
    variables.filter(|one| one.role == role).collect()
}

#[cfg(test)]
mod tests {
    use specmill::dynamic::Operations;

    use super::*;

    /// Checks the profiles in a TOML document together with the environment variables with these names.
    fn checked(api: &str, profile: &str, environment: &[&str]) -> Result<(), String> {
        let api = specmill::dynamic::api(api).unwrap();
        let profile = Profile::of_text(profile, api).unwrap();
        let checked = check(api, &profile, |one| {
            one.names().find(|name| environment.contains(name))
        });
        checked.map_err(|failure| failure.text())
    }

    const PANTHER: &str = "[default.panther]\nbase-url = \"https://a.test\"\napi-key = \"k\"";
    const KEYS: &str = "[default.scp]\naccess-key = \"a\"\nsecret-key = \"s\"\n";

    #[test]
    fn settings_of_one_source_are_used_together() {
        for (api, profile, environment) in [
            ("panther", PANTHER, &[][..]),
            ("panther", PANTHER, &["PANTHER_BASE_URL", "PANTHER_API_KEY"]),
            ("panther", "", &["PANTHER_BASE_URL", "PANTHER_API_KEY"]),
            (
                "scp",
                &format!("{KEYS}region = \"kr-west1\""),
                &["SCP_LANGUAGE"],
            ),
            // A complete base URL takes precedence over its parts.
            (
                "scp",
                &format!("{KEYS}base-url = \"https://a.test\""),
                &["SCP_REGION"],
            ),
        ] {
            let api = if api == "scp" {
                "scp-identity-center"
            } else {
                api
            };
            assert_eq!(
                checked(api, profile, environment),
                Ok(()),
                "{environment:?}"
            );
        }
    }

    #[test]
    fn a_key_of_the_environment_is_used_with_a_profile_that_has_none() {
        let profile = "[default.panther]\nbase-url = \"https://a.test\"";
        assert_eq!(checked("panther", profile, &["PANTHER_API_KEY"]), Ok(()));
    }

    #[test]
    fn a_key_of_a_profile_is_not_sent_to_a_base_url_of_the_environment() {
        let error = checked("panther", PANTHER, &["PANTHER_BASE_URL"]).unwrap_err();
        assert_eq!(
            error,
            "the base URL is set in the environment, and the credentials in [default.panther]\n\
             credentials are only sent to the base URL that they were set with\n\
             set PANTHER_API_KEY in the environment too, or unset PANTHER_BASE_URL"
        );
        let profile = format!("{KEYS}environment = \"e\"");
        let error = checked("scp-identity-center", &profile, &["SCP_REGION"]).unwrap_err();
        assert!(
            error.ends_with(
                "set SCP_ACCESS_KEY and SCP_SECRET_KEY in the environment too, or unset SCP_REGION"
            ),
            "{error}"
        );
    }

    /// An API with tokens by OAuth 2.0.
    fn with_tokens() -> &'static Api {
        const fn variable(name: &'static str, role: Role) -> Variable {
            Variable {
                name,
                own: None,
                description: "",
                role,
                secret: false,
                required: false,
                instead: &[],
                values: &[],
            }
        }
        const VARIABLES: &[Variable] = &[
            variable("ACME_BASE_URL", Role::Address),
            variable("ACME_CLIENT_SECRET", Role::Credential),
            variable("ACME_TOKEN_URL", Role::TokenUrl),
        ];
        let panther = specmill::dynamic::api("panther").unwrap();
        Box::leak(Box::new(Api {
            api: panther.api,
            feature: "acme",
            module: "acme",
            environment: "ACME",
            variables: VARIABLES,
            operations: Operations::listed(&[]),
            transport: panther.transport,
        }))
    }

    #[test]
    fn a_secret_is_only_sent_to_the_token_url_that_it_was_set_with() {
        const BASE: &str = "base-url = \"https://a.test\"\n";
        const SECRET: &str = "client-secret = \"s\"\n";
        const TOKEN: &str = "token-url = \"https://a.test/token\"\n";
        let api = with_tokens();
        let checked = |profile: &[&str], environment: &[&str]| {
            let profile = format!("[default.acme]\n{}", profile.concat());
            let profile = Profile::of_text(&profile, api).unwrap();
            let in_environment =
                |one: &Variable| environment.contains(&one.name).then_some(one.name);
            let checked = check(api, &profile, in_environment);
            checked.map_err(|failure| failure.text().lines().next().unwrap().to_owned())
        };
        for (profile, environment) in [
            (&[BASE, SECRET, TOKEN][..], &[][..]),
            // A token URL is not secret, so this profile has no credential.
            (&[BASE, TOKEN], &["ACME_CLIENT_SECRET"]),
            (&[BASE], &["ACME_CLIENT_SECRET", "ACME_TOKEN_URL"]),
        ] {
            assert_eq!(checked(profile, environment), Ok(()));
        }
        for (profile, environment, problem) in [
            (
                &[BASE, SECRET][..],
                &["ACME_TOKEN_URL"][..],
                "the token URL is set in the environment, and the credentials in [default.acme]",
            ),
            (
                &[TOKEN],
                &["ACME_BASE_URL", "ACME_CLIENT_SECRET"],
                "the base URL is set in the environment, and the token URL in [default.acme]",
            ),
            (
                &[SECRET, TOKEN],
                &["ACME_CLIENT_SECRET"],
                "the credentials are set in the environment, and the token URL in [default.acme], which has other credentials",
            ),
        ] {
            assert_eq!(checked(profile, environment), Err(problem.to_owned()));
        }
    }

    #[test]
    fn a_key_of_the_environment_is_not_used_with_a_profile_that_has_its_own() {
        let error = checked("panther", PANTHER, &["PANTHER_API_KEY"]).unwrap_err();
        assert!(
            error
                .ends_with("set PANTHER_BASE_URL in the environment too, or unset PANTHER_API_KEY"),
            "{error}"
        );
        let profile = format!("{KEYS}base-url = \"https://a.test\"");
        assert!(checked("scp-identity-center", &profile, &["SCP_SECRET_KEY"]).is_err());
    }
}
