//! The names of a client's settings in errors.

/// The names of settings: those of the builder, or those of the variables that they are read from.
#[derive(Debug, Clone, Default)]
pub struct SettingNames(Option<Vec<(&'static str, &'static str)>>);

impl SettingNames {
    /// Variables, each after the setting that is read from it.
    pub fn variables(variables: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        Self(Some(variables.into_iter().collect()))
    }

    /// Whoever sets up the client sets variables, and has none of the builder's methods.
    pub(crate) fn are_variables(&self) -> bool {
        self.0.is_some()
    }

    /// What the setting is called where it is set.
    pub fn of<'a>(&'a self, setting: &'a str) -> &'a str {
        let mut variables = self.0.iter().flatten();
        let found = variables.find(|(known, _)| *known == setting);
        found.map_or(setting, |(_, variable)| variable)
    }
}
