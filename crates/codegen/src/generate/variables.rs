//! The variables that a client is set up with.

/// A variable that a client is set up with.
pub(super) struct Variable {
    /// `PANTHER_API_KEY`
    pub(super) name: String,
    /// The variable of this service alone that counts before it: `SCP_IDENTITY_CENTER_REGION` before `SCP_REGION`.
    pub(super) own: Option<String>,
    /// What it is, in a phrase.
    pub(super) description: String,
    pub(super) role: Role,
    /// Whether nobody else may know its value.
    pub(super) secret: bool,
    /// Whether there is no client without it.
    pub(super) required: bool,
    /// The variables of which one may be set in its place.
    pub(super) instead: Vec<String>,
    /// The values that are known.
    pub(super) values: Vec<String>,
}

/// What a variable is for.
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
    /// A line on it, as Markdown.
    pub(super) fn line(&self) -> String {
        match &self.own {
            Some(own) => format!("`{own}`, else `{}`: {}", self.name, self.description),
            None => format!("`{}`: {}", self.name, self.description),
        }
    }

    /// One that is no credential, and that a client does without.
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

/// The variables of TLS settings, which the runtime reads for every API.
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
