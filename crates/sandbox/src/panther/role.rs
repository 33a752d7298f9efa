//! The roles that Panther's users can have.

use serde::Serialize;

/// A role that a user can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Role {
    /// Its id.
    pub id: &'static str,
    /// Its name.
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
