//! The names of a client's settings in errors.

/// The names of settings: those of the builder's methods, or those of environment variables.
#[derive(Debug, Clone, Default)]
pub struct SettingNames(Option<Vec<(&'static str, &'static str)>>);

impl SettingNames {
    /// The names of environment variables, each with its setting.
    pub fn variables(variables: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self(Some(variables.into_iter().collect()))
    }

    /// Whether the names are those of environment variables. Errors then do not refer to methods of the builder.
    pub(crate) fn are_variables(&self) -> bool {
        self.0.is_some()
    }

    /// The name of a setting in errors.
    pub fn of<'a>(&'a self, setting: &'a str) -> &'a str {
        let mut variables = self.0.iter().flatten();
        let found = variables.find(|(known, _)| *known == setting);
        found.map_or(setting, |(_, variable)| variable)
    }
}
