//! What the generator is told of an API.

/// How an API is generated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The name of the API's folder in `specs/`: `acme-billing`.
    pub name: String,
    /// The name of the generated package: `acme-billing-client`.
    pub package: String,
    /// The API's name in prose: `Acme Billing`.
    pub title: String,
    /// The https address of the vendor's documentation, where it is known.
    pub documentation: Option<String>,
    /// The prefix of the environment variables that `from_env` reads: `ACME_BILLING`.
    pub environment: String,
    /// The component schema that describes an error no response declares.
    pub error_schema: Option<String>,
    /// The path of its module in the facade: `acme::billing`.
    pub module: String,
    /// The facade's feature that includes it.
    pub feature: String,
    /// The package that re-exports the clients, where there is one.
    pub facade: Option<String>,
    /// Whether the examples of its reference run on the sandbox as tests.
    pub sandbox: bool,
}

impl Options {
    /// An API by its name, package and title. Module, feature and the prefix of environment variables follow from the name.
    pub fn new(
        name: impl Into<String>,
        package: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        let name = name.into();
        let underscored = name.replace('-', "_");
        Self {
            package: package.into(),
            title: title.into(),
            documentation: None,
            environment: underscored.to_uppercase(),
            error_schema: None,
            module: underscored,
            feature: name.clone(),
            facade: None,
            sandbox: false,
            name,
        }
    }

    /// The name of the generated crate in Rust code.
    pub fn crate_name(&self) -> String {
        self.package.replace('-', "_")
    }
}
