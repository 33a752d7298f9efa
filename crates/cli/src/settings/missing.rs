//! The error for missing settings.

use specmill::dynamic::{Api, Role, Variable};

use super::profile::Profile;
use crate::failure::{Failure, Kind};
use crate::variables::{address, conjunction, profile_key, profile_table};

/// A required setting with its alternatives.
pub(super) struct Missing {
    variable: &'static Variable,
    instead: Vec<&'static Variable>,
}

/// The required settings that are not set.
pub(super) fn of(api: &'static Api, is_missing: impl Fn(&Variable) -> bool) -> Vec<Missing> {
    let variables = api.variables.iter();
    let parts = variables
        .clone()
        .filter(|one| one.role == Role::AddressPart);
    let parts: Vec<&Variable> = parts.filter(|one| is_missing(one)).collect();
    let whole = address(api).filter(|one| !one.required && !parts.is_empty() && is_missing(one));
    let whole = whole.map(|variable| Missing {
        variable,
        instead: parts,
    });
    let required = variables.filter(|one| one.required && is_missing(one));
    let required = required.map(|variable| Missing {
        variable,
        instead: Vec::new(),
    });
    whole.into_iter().chain(required).collect()
}

/// The failure that lists the missing settings and the ways to set them.
pub(super) fn failure(api: &Api, missing: &[Missing], profile: &Profile) -> Failure {
    let names = told(missing, |variable| variable.name.to_owned());
    let keys = told(missing, |variable| profile_key(api, variable.name));
    let (is, it) = if missing.len() == 1 {
        ("is", "the environment variable")
    } else {
        ("are", "the environment variables")
    };
    Failure::new(Kind::Configuration, format!("{names} {is} not set"))
        .hint(format!(
            "set {it}, or {keys} in the table [{}.{}] of {}",
            profile.name(),
            profile_table(api),
            profile.shown_file()
        ))
        .hint(format!(
            "or run `specmill profile add {}`, which asks for them and saves them",
            profile_table(api)
        ))
        .hint("or run the command with --sandbox, which needs no account")
}

/// The settings by name, with alternatives in brackets.
fn told(missing: &[Missing], name: impl Fn(&Variable) -> String) -> String {
    let named = missing.iter().map(|one| {
        let instead: Vec<String> = one.instead.iter().map(|part| name(part)).collect();
        let whole = name(one.variable);
        if instead.is_empty() {
            whole
        } else {
            format!("{whole} (or {})", conjunction(&instead))
        }
    });
    conjunction(&named.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(set: &[&str]) -> String {
        let api = specmill::dynamic::api("scp-identity-center").unwrap();
        let missing = of(api, |variable| !set.contains(&variable.name));
        told(&missing, |variable| variable.name.to_owned())
    }

    #[test]
    fn the_base_url_is_listed_with_its_alternatives() {
        assert_eq!(
            named(&[]),
            "SCP_BASE_URL (or SCP_REGION and SCP_ENVIRONMENT), SCP_ACCESS_KEY and SCP_SECRET_KEY"
        );
        assert_eq!(
            named(&["SCP_ACCESS_KEY", "SCP_SECRET_KEY", "SCP_REGION"]),
            "SCP_BASE_URL (or SCP_ENVIRONMENT)"
        );
        for address in [&["SCP_BASE_URL"][..], &["SCP_REGION", "SCP_ENVIRONMENT"]] {
            assert_eq!(named(address), "SCP_ACCESS_KEY and SCP_SECRET_KEY");
        }
    }
}
