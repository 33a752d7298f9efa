//! Panther's users in memory.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::body::ModifyUser;
use super::role::{ROLES, Role};
use crate::people::Person;

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    role: &'static Role,
    pub(super) enabled: bool,
    pub(super) status: &'static str,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_logged_in_at: Option<String>,
}

/// The users in order of creation, which is the order of lists.
#[derive(Debug)]
pub(super) struct Store {
    users: BTreeMap<u64, User>,
    positions: HashMap<String, u64>,
    emails: HashMap<String, u64>,
    created: u64,
    random: fastrand::Rng,
}

impl Store {
    pub(super) fn seeded(seed: u64, active: usize, deactivated: usize) -> Self {
        let mut store = Self {
            users: BTreeMap::new(),
            positions: HashMap::new(),
            emails: HashMap::new(),
            created: 0,
            random: fastrand::Rng::with_seed(seed),
        };
        for number in 0..active + deactivated {
            let user = seed_user(number, number < active, store.new_id());
            store.insert(user);
        }
        store
    }

    /// The users in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &User)> {
        self.from(None)
    }

    /// The users in order, starting at a position.
    pub(super) fn from(&self, position: Option<u64>) -> impl Iterator<Item = (u64, &User)> {
        self.users
            .range(position.unwrap_or(0)..)
            .map(|(position, user)| (*position, user))
    }

    pub(super) fn get(&self, id: &str) -> Option<&User> {
        self.users.get(self.positions.get(id)?)
    }

    pub(super) fn with_email(&self, email: &str) -> Option<&User> {
        self.users.get(self.emails.get(email)?)
    }

    pub(super) fn create(&mut self, new: ModifyUser, created_at: String) -> Result<User, String> {
        if self.emails.contains_key(&new.email) {
            return Err(taken(&new.email));
        }
        let user = User {
            id: self.new_id(),
            email: new.email,
            given_name: new.given_name,
            family_name: new.family_name,
            role: new.role,
            enabled: true,
            status: "FORCE_CHANGE_PASSWORD",
            created_at,
            last_logged_in_at: None,
        };
        self.insert(user.clone());
        Ok(user)
    }

    /// A copy of the user. `None` if no user has this id.
    pub(super) fn update(&mut self, id: &str, new: ModifyUser) -> Result<Option<User>, String> {
        let Some(&position) = self.positions.get(id) else {
            return Ok(None);
        };
        if self
            .emails
            .get(&new.email)
            .is_some_and(|owner| *owner != position)
        {
            return Err(taken(&new.email));
        }
        let Some(user) = self.users.get_mut(&position) else {
            return Ok(None);
        };
        self.emails.remove(&user.email);
        self.emails.insert(new.email.clone(), position);
        user.email = new.email;
        user.given_name = new.given_name;
        user.family_name = new.family_name;
        user.role = new.role;
        Ok(Some(user.clone()))
    }

    /// Whether the user existed.
    pub(super) fn delete(&mut self, id: &str) -> bool {
        let position = self.positions.remove(id);
        let user = position.and_then(|position| self.users.remove(&position));
        user.is_some_and(|user| self.emails.remove(&user.email).is_some())
    }

    fn insert(&mut self, user: User) {
        let position = self.created;
        self.created += 1;
        self.positions.insert(user.id.clone(), position);
        self.emails.insert(user.email.clone(), position);
        self.users.insert(position, user);
    }

    /// A version 4 UUID from the seed.
    fn new_id(&mut self) -> String {
        let bits = self.random.u128(..);
        let bits = bits & !(0xf << 76) | (0x4 << 76);
        let bits = bits & !(0x3 << 62) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}

/// Every tenth user was invited and never logged in, like every deactivated one.
fn seed_user(number: usize, enabled: bool, id: String) -> User {
    let person = Person::new(number);
    let confirmed = enabled && number % 10 != 9;
    // Users are a minute apart, with nanoseconds as in the real service.
    let age = SignedDuration::new(
        1_700_000_000 + 60 * i64::try_from(number).unwrap_or(0),
        123_456_789,
    );
    let created_at = Timestamp::from_duration(age).unwrap_or(Timestamp::UNIX_EPOCH);
    User {
        id,
        email: person.email(),
        given_name: person.given_name.to_owned(),
        family_name: person.family_name.to_owned(),
        role: &ROLES[number % ROLES.len()],
        enabled,
        status: if confirmed {
            "CONFIRMED"
        } else {
            "FORCE_CHANGE_PASSWORD"
        },
        created_at: created_at.to_string(),
        last_logged_in_at: confirmed.then(|| "2026-01-02T03:04:05.678901234Z".to_owned()),
    }
}

fn taken(email: &str) -> String {
    format!("a user with the email {email:?} exists")
}
