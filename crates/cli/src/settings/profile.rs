//! A profile: the tables of the profile file with its name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use specmill::dynamic::{Api, Variable};
use toml::{Table, Value};

use super::file;
use crate::failure::{Failure, Kind};
use crate::options::Options;
use crate::variables::{profile_key, profile_table};

/// The default profile.
pub(crate) const DEFAULT: &str = "default";

/// Settings by table and key. `Debug` shows no value.
pub(super) struct Profile {
    name: String,
    file: Option<PathBuf>,
    values: BTreeMap<(String, String), String>,
    /// The reason why the default file cannot be used. It is only reported if a setting is missing.
    problem: Option<Failure>,
    /// Problems in tables that are not used.
    warnings: Vec<String>,
}

impl Profile {
    /// Reads a profile for an API. A file or a profile that is not selected explicitly may be missing or invalid.
    pub(super) fn named(
        options: &Options,
        name: Option<&str>,
        api: &'static Api,
        apis: &[&'static Api],
    ) -> Result<Self, Failure> {
        let asked_for = options.profile_file.is_some() || name.is_some();
        let mut profile = Self {
            name: name.unwrap_or(DEFAULT).to_owned(),
            file: options.profile_file.clone().or_else(file::usual),
            values: BTreeMap::new(),
            problem: None,
            warnings: Vec::new(),
        };
        match profile.load(name.is_some(), asked_for, api, apis) {
            Ok(()) => {}
            Err(problem) if asked_for => return Err(problem),
            Err(problem) => {
                profile.values.clear();
                profile.problem = Some(problem);
            }
        }
        Ok(profile)
    }

    fn load(
        &mut self,
        named: bool,
        asked_for: bool,
        api: &'static Api,
        apis: &[&'static Api],
    ) -> Result<(), Failure> {
        let text = match &self.file {
            Some(path) => file::read(path)?,
            None => None,
        };
        match text {
            Some(text) => self.read(&text, named, api, apis),
            None if asked_for => Err(self
                .refuse("does not exist")
                .hint("`specmill profile add` creates it")),
            None => Ok(()),
        }
    }

    /// The profile `default` of the given content.
    #[cfg(test)]
    pub(super) fn of_text(text: &str, api: &'static Api) -> Result<Self, Failure> {
        let mut profile = Self {
            name: DEFAULT.to_owned(),
            file: None,
            values: BTreeMap::new(),
            problem: None,
            warnings: Vec::new(),
        };
        profile.read(text, false, api, &[api])?;
        Ok(profile)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The reason why an existing file has no settings.
    pub(super) fn take_problem(&mut self) -> Option<Failure> {
        self.problem.take()
    }

    pub(super) fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    /// The path of the file for messages.
    pub(super) fn shown_file(&self) -> String {
        self.file.as_deref().map_or_else(
            || "a file given with --profile-file".to_owned(),
            |path| path.display().to_string(),
        )
    }

    /// The value of a variable of the API, and the name under which it is set.
    pub(super) fn value(&self, api: &Api, variable: &Variable) -> Option<(&'static str, &str)> {
        variable.names().find_map(|name| {
            let key = (profile_table(api), profile_key(api, name));
            Some((name, self.values.get(&key)?.as_str()))
        })
    }

    /// Reads the values of the API's table in the profile. Problems in other tables are warnings, so that a mistake is visible
    /// early.
    fn read(
        &mut self,
        text: &str,
        named: bool,
        api: &'static Api,
        apis: &[&'static Api],
    ) -> Result<(), Failure> {
        let profiles: Table = text.parse().map_err(|error: toml::de::Error| {
            // The message of the parser quotes the line, which may contain a credential.
            let at = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            self.refuse(&format!("is not TOML at line {line}"))
        })?;
        let used = profile_table(api);
        for (name, tables) in &profiles {
            let Some(tables) = tables.as_table() else {
                return Err(self.refuse(&format!(
                    "has `{name}` outside a table: move it to [{DEFAULT}.API], such as [{DEFAULT}.{used}]"
                )));
            };
            for (table, keys) in tables {
                let is_used = *name == self.name && (*table == used || !keys.is_table());
                let checked = check_is_table(name, table, keys, apis)
                    .and_then(|()| check(name, table, keys, apis));
                match checked {
                    Ok(values) if is_used => self
                        .values
                        .extend(values.map(|(key, value)| ((table.clone(), key), value))),
                    Ok(_) => {}
                    Err(problem) if is_used => return Err(self.refuse(&problem)),
                    Err(problem) => self.warnings.push(self.refused(&problem)),
                }
            }
        }
        if named && !profiles.contains_key(&self.name) {
            let known: Vec<&str> = profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            let problem = format!("has no profile {}; it has {known}", self.name);
            return Err(self
                .refuse(&problem)
                .hint("`specmill profile add` adds a profile"));
        }
        Ok(())
    }

    fn refuse(&self, problem: &str) -> Failure {
        Failure::new(Kind::Configuration, self.refused(problem))
    }

    fn refused(&self, problem: &str) -> String {
        format!("the profile file {} {problem}", self.shown_file())
    }
}

/// The keys of a table, if all of them are known and are strings.
fn check(
    profile: &str,
    table: &str,
    keys: &Value,
    apis: &[&'static Api],
) -> Result<impl Iterator<Item = (String, String)> + use<>, String> {
    let known = known_keys(table, apis);
    let place = format!("[{profile}.{table}]");
    if known.is_empty() {
        let tables: Vec<String> = known_tables(apis).into_iter().collect();
        return Err(format!(
            "has a table {place}, which does not belong to an API; known tables are {}",
            tables.join(", ")
        ));
    }
    let mut values = Vec::new();
    for (key, value) in keys.as_table().into_iter().flatten() {
        if !known.contains(key) {
            return Err(format!(
                "has an unknown key {key} in {place}; known keys are {}",
                known.join(", ")
            ));
        }
        let text = value.as_str().ok_or_else(|| {
            format!("has `{key}` in {place}, which is not a string: put the value in quotes")
        })?;
        values.push((key.clone(), text.trim().to_owned()));
    }
    Ok(values.into_iter().filter(|(_, value)| !value.is_empty()))
}

/// Rejects a value in place of the table of an API, for example if the name of the profile is missing.
fn check_is_table(
    profile: &str,
    name: &str,
    value: &Value,
    apis: &[&'static Api],
) -> Result<(), String> {
    if value.is_table() {
        return Ok(());
    }
    let tables = known_tables(apis);
    if tables.contains(name) {
        return Err(format!(
            "has [{profile}.{name}] as a value: make it a table"
        ));
    }
    let write = if tables.contains(profile) {
        format!("[{DEFAULT}.{profile}]")
    } else {
        let of_apis = tables.iter().map(|table| format!("[{profile}.{table}]"));
        of_apis.collect::<Vec<_>>().join(" or ")
    };
    Err(format!(
        "has `{name}` directly in [{profile}]: write {write}"
    ))
}

/// The keys that the table of an API may contain; empty for an unknown table.
fn known_keys(table: &str, apis: &[&'static Api]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for api in apis.iter().filter(|api| profile_table(api) == table) {
        let names = api.variables.iter().flat_map(Variable::names);
        for key in names.map(|name| profile_key(api, name)) {
            if !known.contains(&key) {
                known.push(key);
            }
        }
    }
    known
}

/// The names of the tables that a profile may contain.
pub(crate) fn known_tables(apis: &[&'static Api]) -> BTreeSet<String> {
    apis.iter().map(|api| profile_table(api)).collect()
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Profile")
            .field("name", &self.name)
            .field("file", &self.file)
            .field("values", &self.values.keys())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: Option<&str>, text: &str) -> Result<Profile, String> {
        let mut profile = Profile {
            name: name.unwrap_or(DEFAULT).to_owned(),
            file: Some(PathBuf::from("p.toml")),
            values: BTreeMap::new(),
            problem: None,
            warnings: Vec::new(),
        };
        let apis = specmill::dynamic::apis();
        let read = profile.read(text, name.is_some(), panther(), apis);
        read.map(|()| profile).map_err(|failure| failure.text())
    }

    fn panther() -> &'static Api {
        specmill::dynamic::api("panther").unwrap()
    }

    /// The value of a variable of Panther.
    fn value<'a>(profile: &'a Profile, name: &str) -> Option<&'a str> {
        let mut variables = panther().variables.iter();
        let variable = variables.find(|one| one.name == name).unwrap();
        profile.value(panther(), variable).map(|(_, value)| value)
    }

    #[test]
    fn a_profile_contains_variables_without_their_prefix() {
        let text = "[default.panther]\nbase-url = \"https://a.test\"\napi-key = \" k \"\n[other.panther]\napi-key = \"o\"\n";
        let default = profile(None, text).unwrap();
        assert_eq!(value(&default, "PANTHER_BASE_URL"), Some("https://a.test"));
        assert_eq!(value(&default, "PANTHER_API_KEY"), Some("k"));
        let other = profile(Some("other"), text).unwrap();
        assert_eq!(value(&other, "PANTHER_BASE_URL"), None);
        assert_eq!(value(&other, "PANTHER_API_KEY"), Some("o"));
    }

    #[test]
    fn mistakes_are_reported_without_values() {
        for (text, says) in [
            (
                "[default.panther]\napi_key = \"hunter2\"",
                "an unknown key api_key in [default.panther]; known keys are base-url, api-key",
            ),
            (
                "api-key = \"hunter2\"",
                "has `api-key` outside a table: move it to [default.API], such as [default.panther]",
            ),
            (
                "[default]\npanther = \"hunter2\"",
                "has [default.panther] as a value: make it a table",
            ),
            (
                "[default.panther]\napi-key = [\"hunter2\"]",
                "has `api-key` in [default.panther], which is not a string: put the value in quotes",
            ),
            (
                "[default]\nbase-url = \"hunter2\"",
                "has `base-url` directly in [default]: write [default.panther] or [default.scp]",
            ),
            (
                "[default.panther]\napi-key = hunter2",
                "is not TOML at line 2",
            ),
            (
                "[default.panther]\napi-key = \"hunter2",
                "is not TOML at line 2",
            ),
        ] {
            let error = profile(None, text).unwrap_err();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn mistakes_in_unused_tables_are_warnings() {
        for (text, says) in [
            (
                "[default.puma]\napi-key = \"hunter2\"",
                "a table [default.puma], which does not belong to an API; known tables are panther, scp",
            ),
            (
                "[panther]\nbase-url = \"hunter2\"",
                "has `base-url` directly in [panther]: write [default.panther]",
            ),
            (
                "[default.scp]\nacces-key = \"hunter2\"",
                "an unknown key acces-key in [default.scp]",
            ),
            (
                "[other.panther]\napi_key = \"hunter2\"",
                "an unknown key api_key in [other.panther]",
            ),
        ] {
            let warnings = profile(None, text).unwrap().take_warnings();
            assert_eq!(warnings.len(), 1, "{text}");
            assert!(warnings[0].contains(says), "{warnings:?}");
            assert!(!warnings[0].contains("hunter2"), "{warnings:?}");
        }
    }

    #[test]
    fn a_selected_profile_must_exist() {
        let error = profile(Some("work"), "[default.panther]\n").unwrap_err();
        assert!(
            error.contains("has no profile work; it has default"),
            "{error}"
        );
        assert!(profile(None, "[work.panther]\n").is_ok());
    }

    #[test]
    fn debug_output_contains_no_value() {
        let profile = profile(None, "[default.panther]\napi-key = \"hunter2\"").unwrap();
        assert!(!format!("{profile:?}").contains("hunter2"));
    }

    #[test]
    fn a_key_of_one_service_takes_precedence_over_the_shared_one() {
        let text =
            "[default.scp]\nregion = \"a\"\nidentity-center-region = \"b\"\nenvironment = \"e\"\n";
        let api = specmill::dynamic::api("scp-identity-center").unwrap();
        let profile = Profile::of_text(text, api).unwrap();
        let value = |name: &str| {
            let mut variables = api.variables.iter();
            let variable = variables.find(|one| one.name == name).unwrap();
            profile.value(api, variable)
        };
        assert_eq!(
            value("SCP_REGION"),
            Some(("SCP_IDENTITY_CENTER_REGION", "b"))
        );
        assert_eq!(value("SCP_ENVIRONMENT"), Some(("SCP_ENVIRONMENT", "e")));
        assert_eq!(value("SCP_BASE_URL"), None);
    }
}
