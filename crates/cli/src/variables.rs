//! The names of an API's settings, in the environment and in a profile.

use specmill::dynamic::{Api, Role, Variable};

/// The variable for the complete base URL of an API.
pub(crate) fn address(api: &'static Api) -> Option<&'static Variable> {
    let mut variables = api.variables.iter();
    variables.find(|one| one.role == Role::Address)
}

/// Words as one enumeration: `a, b and c`.
pub(crate) fn conjunction(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &words[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name of an API's table in a profile: `panther`.
pub(crate) fn profile_table(api: &Api) -> String {
    api.environment.to_lowercase().replace('_', "-")
}

/// The name of a variable in that table: `api-key`.
pub(crate) fn profile_key(api: &Api, name: &str) -> String {
    let own = name
        .strip_prefix(api.environment)
        .and_then(|rest| rest.strip_prefix('_'));
    own.unwrap_or(name).to_lowercase().replace('_', "-")
}
