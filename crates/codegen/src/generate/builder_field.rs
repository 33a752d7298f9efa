//! A field of a client's builder: its setter, and the environment variable for it.

use super::source::{Source, literal};
use super::variables::{Role, Variable};

/// A field of the builder, with the code that uses it.
pub(super) struct Field {
    pub(super) name: String,
    /// The type of its values.
    pub(super) value: String,
    pub(super) setter: Option<Method>,
    /// The expression that reads it from variables, in which `{}` stands for the variable
    /// that applies.
    pub(super) from_environment: String,
    pub(super) variable: Variable,
}

impl Field {
    /// The expression for the name of the variable that it is read from.
    pub(super) fn variable(&self) -> String {
        if self.variable.own.is_some() {
            format!("{}_variable", self.name)
        } else {
            literal(&self.variable.name)
        }
    }

    /// The line that selects the variable, if there are two. A base URL replaces its parts.
    pub(super) fn choice(&self, all: &[Self]) -> Option<String> {
        let (own, shared) = (self.variable.own.as_deref()?, &self.variable.name);
        let parts = all.iter().map(|field| &field.variable);
        let parts = parts.filter(|one| one.role == Role::AddressPart);
        let parts: Vec<String> = parts
            .filter_map(|part| part.own.as_deref().map(literal))
            .collect();
        let (method, parts) = if self.variable.role == Role::Address && !parts.is_empty() {
            (
                "own_or_shared_base_url",
                format!(", &[{}]", parts.join(", ")),
            )
        } else {
            ("own_or_shared", String::new())
        };
        Some(format!(
            "let {} = variables.{method}({}, {}{parts})?;",
            self.variable(),
            literal(own),
            literal(shared)
        ))
    }

    /// The expression that reads it from variables.
    pub(super) fn read(&self) -> String {
        self.from_environment.replace("{}", &self.variable())
    }
}

/// A method that sets fields of the builder.
pub(super) struct Method {
    pub(super) docs: String,
    pub(super) name: String,
    /// Its parameters, each with its type and the stored value.
    pub(super) parameters: Vec<(String, String, String)>,
}

impl Method {
    /// A method that stores each converted parameter in the field with its name.
    pub(super) fn converting(
        docs: impl Into<String>,
        name: &str,
        fields: &[&str],
        value: &str,
    ) -> Self {
        let parameters = fields.iter().map(|field| {
            let name = if fields.len() == 1 { "value" } else { *field };
            (
                (*field).to_owned(),
                format!("{name}: impl Into<{value}>"),
                format!("{name}.into()"),
            )
        });
        Self {
            docs: docs.into(),
            name: name.to_owned(),
            parameters: parameters.collect(),
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Prints the method in the builder.
    pub(super) fn print(&self, source: &mut Source) {
        source.docs(1, &self.docs);
        let parameters: Vec<&str> = self
            .parameters
            .iter()
            .map(|(_, parameter, _)| parameter.as_str())
            .collect();
        source.line(
            1,
            &format!(
                "pub fn {}(mut self, {}) -> Self {{",
                self.name,
                parameters.join(", ")
            ),
        );
        for (field, _, value) in &self.parameters {
            source.line(2, &format!("self.{field} = Some({value});"));
        }
        source.line(2, "self");
        source.line(1, "}");
    }
}
