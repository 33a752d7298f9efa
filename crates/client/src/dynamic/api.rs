use std::fmt;

use specmill_http::error::Error;

use super::{Client, Operation, Operations};
use crate::environment::Variables;
use crate::settings;
use crate::transport::Transport;

/// An API whose operations can be called by name. Written by the generator; after a new field is added, the clients
/// must be regenerated.
pub struct Api {
    /// The names and the version of the API.
    pub api: &'static settings::Api,
    /// The feature of the facade that includes the API.
    pub feature: &'static str,
    /// The path of the API's module in the facade: `scp::identity_center`.
    pub module: &'static str,
    /// The prefix of the API's variables: `PANTHER`.
    pub environment: &'static str,
    /// The variables that [`connect`](Self::connect) reads.
    pub variables: &'static [Variable],
    /// The operations, in the order of the document.
    pub operations: Operations,
    /// Creates the transport from the variables.
    pub transport: fn(&Variables) -> Result<Transport, Error>,
}

impl Api {
    /// Creates a client with settings from the [`variables`](Self::variables).
    ///
    /// # Errors
    /// A required variable is not set, or a variable is invalid. The error contains its name, never its value.
    pub fn connect(&'static self, variables: &Variables) -> Result<Client, Error> {
        Ok(Client::new(self, (self.transport)(variables)?))
    }

    /// The operation with this name: `user_list`.
    pub fn operation(&self, id: &str) -> Option<&'static Operation> {
        let mut all = self.operations.iter().copied();
        all.find(|operation| operation.table.id == id)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Api")
            .field("name", &self.api.name)
            .finish_non_exhaustive()
    }
}

/// A variable with a setting of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// The name of the variable: `PANTHER_API_KEY`.
    pub name: &'static str,
    /// The variable that takes precedence over it. It belongs only to this service, whereas the services of a vendor
    /// share `name`: `SCP_IDENTITY_CENTER_REGION` takes precedence over `SCP_REGION`.
    pub own: Option<&'static str>,
    /// A short description.
    pub description: &'static str,
    /// The role of the variable.
    pub role: Role,
    /// Whether the value is secret.
    pub secret: bool,
    /// Whether the variable is required.
    pub required: bool,
    /// The names of variables that can be set instead of it.
    pub instead: &'static [&'static str],
    /// The known values; empty if any value is accepted.
    pub values: &'static [&'static str],
}

impl Variable {
    /// The names from which the value is read, in order of precedence.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.own.into_iter().chain([self.name])
    }
}

/// The role of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// The base URL of the service. If it is not required, all of the [`AddressPart`](Self::AddressPart)s can be set
    /// instead.
    Address,
    /// A part of the base URL; not needed if the [`Address`](Self::Address) is set.
    AddressPart,
    /// A credential, or a part of one.
    Credential,
    /// The URL of a token endpoint, to which credentials are sent.
    TokenUrl,
    /// Any other setting.
    Other,
}
