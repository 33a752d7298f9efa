use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use serde_json::value::RawValue;

/// A number that is the same for pages of the same content.
///
/// Of an object only lists and objects count: a service that ignores the page it is asked for may still write the
/// page's number beside the same items.
pub(super) fn fingerprint(hasher: &RandomState, document: &[u8]) -> u64 {
    let mut hash = hasher.build_hasher();
    let members: Option<BTreeMap<String, &RawValue>> = serde_json::from_slice(document).ok();
    let parts: Vec<(&String, &str)> = members
        .iter()
        .flatten()
        .map(|(name, value)| (name, value.get()))
        .filter(|(_, value)| value.starts_with(['[', '{']))
        .collect();
    if parts.is_empty() {
        hash.write(document);
    }
    for (name, value) in parts {
        hash.write(name.as_bytes());
        hash.write(value.as_bytes());
    }
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_content_of_a_page_counts() {
        let hasher = RandomState::new();
        let print = |document: &str| fingerprint(&hasher, document.as_bytes());
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
}
