//! The environment variables of a client.

/// An environment variable of a client.
pub(super) struct Variable {
    /// `PANTHER_API_KEY`
    pub(super) name: String,
    /// The variable that takes precedence, which only this service reads: `SCP_IDENTITY_CENTER_REGION` before `SCP_REGION`.
    pub(super) own: Option<String>,
    /// A description, as a phrase.
    pub(super) description: String,
    pub(super) role: Role,
    /// Whether the value is secret.
    pub(super) secret: bool,
    /// Whether building a client requires it.
    pub(super) required: bool,
    /// The variables that can replace it.
    pub(super) instead: Vec<String>,
    /// The known values.
    pub(super) values: Vec<String>,
}

/// The purpose of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Address,
    AddressPart,
    Credential,
    /// The URL of a token endpoint.
    TokenUrl,
    Other,
}

impl Variable {
    /// A line about it, as Markdown.
    pub(super) fn line(&self) -> String {
        match &self.own {
            Some(own) => format!("`{own}`, else `{}`: {}", self.name, self.description),
            None => format!("`{}`: {}", self.name, self.description),
        }
    }

    /// An optional variable that is not a credential.
    pub(super) fn optional(name: String, description: String) -> Self {
        Self {
            name,
            own: None,
            description,
            role: Role::Other,
            secret: false,
            required: false,
            instead: Vec::new(),
            values: Vec::new(),
        }
    }
}

/// The variables for TLS settings, which the runtime reads for every API.
pub(super) fn tls_variables(prefix: &str) -> impl Iterator<Item = Variable> {
    [
        (
            "EXTRA_CA_FILE",
            "certificate authorities to trust in addition to the system's, a PEM file",
        ),
        (
            "CA_FILE",
            "certificate authorities to trust instead of the system's, a PEM file",
        ),
        ("CLIENT_CERT_FILE", "the client certificate, a PEM file"),
        (
            "CLIENT_KEY_FILE",
            "the private key of the client certificate, a PEM file",
        ),
        ("MIN_VERSION", "the minimum version of TLS, `1.2` or `1.3`"),
    ]
    .into_iter()
    .map(move |(name, description)| {
        let mut variable =
            Variable::optional(format!("{prefix}_TLS_{name}"), description.to_owned());
        if name == "MIN_VERSION" {
            variable.values = vec!["1.2".to_owned(), "1.3".to_owned()];
        }
        variable
    })
}
