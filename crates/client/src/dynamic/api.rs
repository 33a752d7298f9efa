use std::fmt;

use super::{Client, Operation, Operations};
use crate::environment::Variables;
use crate::error::Error;
use crate::settings;
use crate::transport::Transport;

/// An API whose operations can be called by name. Written by the generator; a new field is a change that needs the
/// clients to be regenerated.
pub struct Api {
    /// Its names and version.
    pub api: &'static settings::Api,
    /// The facade's feature that includes it.
    pub feature: &'static str,
    /// The path of its module in the facade: `scp::identity_center`.
    pub module: &'static str,
    /// What the names of its variables begin with: `PANTHER`.
    pub environment: &'static str,
    /// The variables that [`connect`](Self::connect) reads.
    pub variables: &'static [Variable],
    /// Its operations, in the order of the document.
    pub operations: Operations,
    /// Makes the transport from the variables.
    pub transport: fn(&Variables) -> Result<Transport, Error>,
}

impl Api {
    /// A client whose settings are the values of the [`variables`](Self::variables).
    ///
    /// # Errors
    /// A variable that is needed is not set, or one cannot be used. The error names it, never its value.
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
    /// The variable that is read before it where it is set, since it is of this service alone while the services of one
    /// vendor share `name`: `SCP_IDENTITY_CENTER_REGION` before `SCP_REGION`.
    pub own: Option<&'static str>,
    /// What it is, in a phrase.
    pub description: &'static str,
    /// What it is for.
    pub role: Role,
    /// Whether nobody else may know its value.
    pub secret: bool,
    /// Whether there is no client without it.
    pub required: bool,
    /// The names of variables of which one, where it is set, stands for it.
    pub instead: &'static [&'static str],
    /// The values that are known; empty where any is taken.
    pub values: &'static [&'static str],
}

impl Variable {
    /// The names that its value is read from, the one that counts first in front.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.own.into_iter().chain([self.name])
    }
}

/// What a variable is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// It is the address of the service. Where it is not required, all of the [`AddressPart`](Self::AddressPart)s
    /// stand for it.
    Address,
    /// It is a part of the address; not needed where the [`Address`](Self::Address) is set.
    AddressPart,
    /// It is a credential, or a part of one.
    Credential,
    /// It sets something else.
    Other,
}
