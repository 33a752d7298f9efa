//! The operations that the sandbox serves, by their names in the clients.

use std::{fmt, str::FromStr};

use http::Method;

/// One of the two services, or the target of redirects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// Panther's REST API.
    Panther,
    /// Samsung Cloud Platform's IAM Identity Center.
    IdentityCenter,
    /// Neither: a third listener, which is the target of [`Fault::redirect`](crate::Fault::redirect).
    OtherOrigin,
}

/// An operation of one of the two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Panther, `POST /users`.
    UserCreate,
    /// Panther, `GET /users/{id}`.
    UserGet,
    /// Panther, `POST /users/{id}`.
    UserUpdate,
    /// Panther, `DELETE /users/{id}`.
    UserDelete,
    /// Panther, `GET /users`.
    UserList,
    /// Identity Center, `GET /v1/users`.
    ListUsers,
    /// Identity Center, `GET /`: the discovery of versions, which is not signed.
    ListVersions,
}

impl Operation {
    /// All operations, in the order of the enum.
    pub const ALL: &'static [Self] = &[
        Self::UserCreate,
        Self::UserGet,
        Self::UserUpdate,
        Self::UserDelete,
        Self::UserList,
        Self::ListUsers,
        Self::ListVersions,
    ];

    /// The name in the clients: `user_list`, `list_users`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UserCreate => "user_create",
            Self::UserGet => "user_get",
            Self::UserUpdate => "user_update",
            Self::UserDelete => "user_delete",
            Self::UserList => "user_list",
            Self::ListUsers => "list_users",
            Self::ListVersions => "list_versions",
        }
    }

    /// The API of the operation.
    pub fn api(self) -> Api {
        match self {
            Self::ListUsers | Self::ListVersions => Api::IdentityCenter,
            _ => Api::Panther,
        }
    }

    /// The operation with this method and path template, such as `GET` and `/users/{id}`, of either API. `None` if the sandbox
    /// does not serve it.
    pub fn at(method: &str, template: &str) -> Option<Self> {
        let method = Method::from_bytes(method.as_bytes()).ok()?;
        [Api::Panther, Api::IdentityCenter]
            .into_iter()
            .find_map(|api| Self::find(api, &method, template))
    }

    /// The operation with a method and a path template, both without a prefix.
    pub(crate) fn find(api: Api, method: &Method, template: &str) -> Option<Self> {
        match (api, method.as_str(), template) {
            (Api::Panther, "POST", "/users") => Some(Self::UserCreate),
            (Api::Panther, "GET", "/users") => Some(Self::UserList),
            (Api::Panther, "GET", "/users/{id}") => Some(Self::UserGet),
            (Api::Panther, "POST", "/users/{id}") => Some(Self::UserUpdate),
            (Api::Panther, "DELETE", "/users/{id}") => Some(Self::UserDelete),
            (Api::IdentityCenter, "GET", "/v1/users") => Some(Self::ListUsers),
            (Api::IdentityCenter, "GET", "/") => Some(Self::ListVersions),
            _ => None,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A string that is not the name of an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no operation {name:?}; the operations are {}", known_names())]
pub struct ParseOperationError {
    name: String,
}

impl FromStr for Operation {
    type Err = ParseOperationError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|operation| operation.name() == name)
            .ok_or_else(|| ParseOperationError {
                name: name.to_owned(),
            })
    }
}

fn known_names() -> String {
    let names: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.name())
        .collect();
    names.join(", ")
}
