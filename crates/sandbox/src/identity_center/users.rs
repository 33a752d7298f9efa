//! Identity Center's users, in memory and read-only.

use std::sync::OnceLock;

use serde::Serialize;

use crate::people::Person;

pub(crate) const GROUP_ID: &str = "9c0ad1f2f85e4c7b8a3e5d6f7a8b9c0d";
pub(crate) const ACCOUNT_ID: &str = "4be1d2c3a4f54657b8c9d0e1f2a3b4c5";

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are the service's")]
pub(super) struct User {
    id: String,
    name: String,
    pub(super) user_id: String,
}

/// A field for sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    CreatedAt,
    Id,
    Name,
    UserId,
}

impl Field {
    pub(super) const ALL: [Self; 4] = [Self::CreatedAt, Self::Id, Self::Name, Self::UserId];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::Id => "id",
            Self::Name => "name",
            Self::UserId => "user_id",
        }
    }
}

/// The users, in order of creation.
#[derive(Debug)]
pub(super) struct Users {
    users: Vec<User>,
    /// Indices of the users by field, created on first use.
    orders: [OnceLock<Vec<usize>>; Field::ALL.len()],
}

impl Users {
    pub(super) fn seeded(seed: u64, count: usize) -> Self {
        // A different sequence than Panther's for the same seed.
        let mut random = fastrand::Rng::with_seed(!seed);
        let users = (0..count).map(|number| {
            let person = Person::new(number);
            let id = format!("{:032x}", random.u128(..));
            User {
                id,
                name: person.full_name(),
                user_id: person.login,
            }
        });
        Self {
            users: users.collect(),
            orders: Default::default(),
        }
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.users.iter().map(|user| user.id.clone()).collect()
    }

    /// The indices of all users, ascending by a field. Equal values keep the order of creation.
    pub(super) fn order(&self, field: Field) -> &[usize] {
        self.orders[field as usize].get_or_init(|| {
            let mut order: Vec<_> = (0..self.users.len()).collect();
            match field {
                Field::CreatedAt => {}
                Field::Id => order.sort_by_key(|number| &self.users[*number].id),
                Field::Name => order.sort_by_key(|number| &self.users[*number].name),
                Field::UserId => order.sort_by_key(|number| &self.users[*number].user_id),
            }
            order
        })
    }

    pub(super) fn get(&self, number: usize) -> &User {
        &self.users[number]
    }

    pub(super) fn in_group(number: usize, group: &str) -> bool {
        group == GROUP_ID && number.is_multiple_of(10)
    }

    pub(super) fn in_account(number: usize, account: &str) -> bool {
        account == ACCOUNT_ID && number.is_multiple_of(7)
    }
}
