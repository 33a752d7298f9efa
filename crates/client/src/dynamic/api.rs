use std::fmt;

use specmill_http::error::Error;

use super::{Client, Operation, Operations};
use crate::environment::Variables;
use crate::settings;
use crate::transport::Transport;

/// An API whose operations can be called by name. Written by the generator; after a new field is added, the clients
/// must be regenerated.
pub struct Api {
    /// Its names and version.
    pub api: &'static settings::Api,
    /// The facade's feature that includes it.
    pub feature: &'static str,
    /// The path of its module in the facade: `scp::identity_center`.
    pub module: &'static str,
    /// The prefix of its variables: `PANTHER`.
    pub environment: &'static str,
    /// The variables that [`connect`](Self::connect) reads.
    pub variables: &'static [Variable],
    /// Its operations, in the order of the document.
    pub operations: Operations,
    /// Makes the transport from the variables.
    pub transport: fn(&Variables) -> Result<Transport, Error>,
}

impl Api {
    /// A client with settings from the [`variables`](Self::variables).
    ///
    /// # Errors
    /// A required variable is not set, or a variable is invalid. The error contains its name, never its value.
    pub fn connect(&'static self, variables: &Variables) -> Result<Client, Error> {
        Ok(Client::new(self, (self.transport)(variables)?))
    }

    /// The operation of this name: `user_list`.
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

/// A variable that a client is set up with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name: `PANTHER_API_KEY`.
    pub name: &'static str,
    /// The variable that takes precedence over it. It belongs to this service only, whereas the services of one vendor
    /// share `name`: `SCP_IDENTITY_CENTER_REGION` before `SCP_REGION`.
    pub own: Option<&'static str>,
    /// A short description.
    pub description: &'static str,
    /// Its role.
    pub role: Role,
    /// Whether its value is secret.
    pub secret: bool,
    /// Whether there is no client without it.
    pub required: bool,
    /// The names of variables that can be set instead.
    pub instead: &'static [&'static str],
    /// The known values; empty if any value is accepted.
    pub values: &'static [&'static str],
}

impl Variable {
    /// The names that its value is read from, in order of precedence.
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
    /// It is a credential, or a part of one.
    Credential,
    /// Any other setting.
    Other,
}
