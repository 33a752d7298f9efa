//! Fictitious people. Person *n* is the same in both APIs and for every seed; only ids differ.

const GIVEN_NAMES: [(&str, &str); 12] = [
    ("Ann", "ann"),
    ("Ben", "ben"),
    ("Chloé", "chloe"),
    ("Dae", "dae"),
    ("Eve", "eve"),
    ("Femi", "femi"),
    ("길동", "gildong"),
    ("Ida", "ida"),
    ("José", "jose"),
    ("Kim", "kim"),
    ("Søren", "soren"),
    ("Zoë", "zoe"),
];

const FAMILY_NAMES: [(&str, &str); 11] = [
    ("Lee", "lee"),
    ("Abara", "abara"),
    ("Brown", "brown"),
    ("Díaz", "diaz"),
    ("홍", "hong"),
    ("Ito", "ito"),
    ("Möller", "moller"),
    ("O'Neill", "oneill"),
    ("Park", "park"),
    ("Rossi", "rossi"),
    ("Weiß", "weiss"),
];

/// The names of a fictitious person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) given_name: &'static str,
    pub(crate) family_name: &'static str,
    /// A unique ASCII name: `ann.lee.0`.
    pub(crate) login: String,
}

impl Person {
    pub(crate) fn new(number: usize) -> Self {
        // The lengths have no common divisor, so that all pairs occur before one repeats.
        let (given_name, given_ascii) = GIVEN_NAMES[number % GIVEN_NAMES.len()];
        let (family_name, family_ascii) = FAMILY_NAMES[number % FAMILY_NAMES.len()];
        let login = format!("{given_ascii}.{family_ascii}.{number}");
        Self {
            given_name,
            family_name,
            login,
        }
    }

    pub(crate) fn email(&self) -> String {
        format!("{}@acme.test", self.login)
    }

    pub(crate) fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }
}
