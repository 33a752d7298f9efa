use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use serde_json::value::RawValue;

/// Members that hold the number of items of the whole listing, best first.
const TOTALS: [&str; 5] = [
    "total",
    "total_count",
    "totalCount",
    "totalElements",
    "count",
];

/// What the bytes of a page tell, whatever its type.
pub(crate) struct Contents<'a> {
    document: &'a [u8],
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Contents<'a> {
    pub(crate) fn of(document: &'a [u8]) -> Self {
        Self {
            document,
            members: serde_json::from_slice(document).unwrap_or_default(),
        }
    }

    /// A number that is the same for pages of the same content.
    ///
    /// Of an object only lists and objects count: a service that ignores the page it is asked for may still write the
    /// page's number beside the same items.
    pub(super) fn fingerprint(&self, hasher: &RandomState) -> u64 {
        let mut hash = hasher.build_hasher();
        let mut parts = self
            .members
            .iter()
            .filter(|(_, value)| value.get().starts_with(['[', '{']))
            .peekable();
        if parts.peek().is_none() {
            hash.write(self.document);
        }
        for (name, value) in parts {
            hash.write(name.as_bytes());
            hash.write(value.get().as_bytes());
        }
        hash.finish()
    }

    /// A number of this name.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.members.get(name)?.get().parse().ok()
    }

    /// What is probably the number of items of the whole listing.
    pub(crate) fn total(&self) -> Option<u64> {
        TOTALS.iter().find_map(|name| self.number(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_content_of_a_page_counts() {
        let hasher = RandomState::new();
        let print = |document: &str| Contents::of(document.as_bytes()).fingerprint(&hasher);
        assert_eq!(
            print(r#"{"page":0,"users":[1,2]}"#),
            print(r#"{"page":1,"users":[1,2]}"#)
        );
        assert_ne!(
            print(r#"{"page":0,"users":[1,2]}"#),
            print(r#"{"page":0,"users":[2,1]}"#)
        );
        assert_eq!(print("[1]"), print("[1]"));
        assert_ne!(print("[1]"), print("[2]"));
        assert_ne!(print(r#"{"page":0}"#), print(r#"{"page":1}"#));
    }

    #[test]
    fn numbers_beside_the_items_are_read() {
        let contents =
            Contents::of(br#"{"count":7,"size": 20,"page":"1","users":[],"total":null}"#);
        assert_eq!(
            (contents.number("size"), contents.total()),
            (Some(20), Some(7))
        );
        assert_eq!(
            (
                contents.number("page"),
                contents.number("users"),
                contents.number("none")
            ),
            (None, None, None)
        );
        assert_eq!(Contents::of(b"[1]").total(), None);
    }
}
