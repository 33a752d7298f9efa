//! Collects the users that were read, to compare the results of two sides.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Every user that was read, in order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) count: usize,
    ids: DefaultHasher,
}

impl Seen {
    pub(crate) fn add(&mut self, id: &str) {
        self.count += 1;
        id.hash(&mut self.ids);
    }
}

/// The same users in the same order.
impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.count == other.count && self.ids.finish() == other.ids.finish()
    }
}
