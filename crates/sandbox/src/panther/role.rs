//! The roles of Panther's users.

use serde::Serialize;

/// A role of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Role {
    /// The id.
    pub id: &'static str,
    /// The name.
    pub name: &'static str,
}

/// All roles.
pub(crate) const ROLES: &[Role] = &[
    Role {
        id: "9f2c1f6e-3b0a-4c57-8a52-6d2f0c1e7a01",
        name: "Admin",
    },
    Role {
        id: "9f2c1f6e-3b0a-4c57-8a52-6d2f0c1e7a02",
        name: "Analyst",
    },
    Role {
        id: "9f2c1f6e-3b0a-4c57-8a52-6d2f0c1e7a03",
        name: "AnalystReadOnly",
    },
];
