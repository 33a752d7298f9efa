//! The words by which operations and their arguments are called.

use std::collections::BTreeMap;

use specmill_model::Operation;
use specmill_openapi::names;

/// The words of an operation: `user`, `list`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    pub(super) group: String,
    pub(super) verb: String,
}

/// The words of each operation. No two are the same.
///
/// Group and verb follow from tag and name alone: the tag's words in the name are the group, and what is left of the
/// name is the verb; a name that does not hold its tag is a verb whole. Operations that would have the same words are
/// told apart by their whole names, whatever their order.
pub(super) fn of(operations: &[Operation]) -> Vec<Words> {
    let names: Vec<(&str, &str)> = operations
        .iter()
        .map(|one| (one.tag.as_str(), one.id.as_str()))
        .collect();
    distinct(&names)
}

fn distinct(names: &[(&str, &str)]) -> Vec<Words> {
    let mut words: Vec<Words> = names.iter().map(|(tag, id)| split(tag, id)).collect();
    // Each round makes at least one more name whole, and whole names differ.
    for _ in names {
        let mut uses: BTreeMap<Words, usize> = BTreeMap::new();
        for one in &words {
            *uses.entry(one.clone()).or_default() += 1;
        }
        if uses.len() == words.len() {
            break;
        }
        for (one, (tag, id)) in words.iter_mut().zip(names) {
            if uses.get(one).is_some_and(|uses| *uses > 1) {
                *one = whole(tag, id);
            }
        }
    }
    words
}

fn whole(tag: &str, id: &str) -> Words {
    Words {
        group: hyphens(tag),
        verb: hyphens(id),
    }
}

fn split(tag: &str, id: &str) -> Words {
    let tag_words: Vec<&str> = tag.split('_').filter(|word| !word.is_empty()).collect();
    let id_words: Vec<&str> = id.split('_').filter(|word| !word.is_empty()).collect();
    let length = tag_words.len();
    let holds = |window: &[&str]| {
        let last = window.len() - 1;
        window[..last] == tag_words[..last] && same_noun(window[last], tag_words[last])
    };
    let found = (length > 0 && length < id_words.len())
        .then(|| id_words.windows(length).position(holds))
        .flatten();
    let Some(at) = found else {
        return whole(tag, id);
    };
    let rest = [&id_words[..at], &id_words[at + length..]].concat();
    Words {
        group: id_words[at..at + length].join("-"),
        verb: rest.join("-"),
    }
}

/// Whether two words are one, or one is the plural of the other.
fn same_noun(one: &str, other: &str) -> bool {
    let plural = |singular: &str, plural: &str| {
        let ending = plural.strip_prefix(singular);
        matches!(ending, Some("" | "s" | "es"))
            || singular
                .strip_suffix('y')
                .is_some_and(|stem| plural.strip_prefix(stem) == Some("ies"))
    };
    plural(one, other) || plural(other, one)
}

/// An identifier as words joined by hyphens, without what only Rust needs at its ends.
fn hyphens(name: &str) -> String {
    name.trim_matches('_').replace('_', "-")
}

/// A published name as words joined by hyphens; `otherwise` where it has no words.
pub(super) fn kebab(name: &str, otherwise: &str) -> String {
    let snake = names::snake_case(name);
    hyphens(if snake.is_empty() { otherwise } else { &snake })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(names: &[(&str, &str)]) -> Vec<String> {
        let distinct = distinct(names);
        let all = distinct.iter();
        all.map(|words| format!("{} {}", words.group, words.verb))
            .collect()
    }

    #[test]
    fn the_tag_in_a_name_is_the_group_and_the_rest_the_verb() {
        for (tag, id, expected) in [
            ("user", "user_list", "user list"),
            ("user", "list_users", "users list"),
            ("api_token", "api_token_rotate", "api-token rotate"),
            ("policy", "list_policies_by_tag", "policies list-by-tag"),
            ("users", "get_user", "user get"),
            ("user", "rotate", "user rotate"),
            ("user", "user", "user user"),
            ("std_", "type_", "std type"),
            ("default", "get_users_by_id", "default get-users-by-id"),
        ] {
            assert_eq!(words(&[(tag, id)]), [expected]);
        }
    }

    #[test]
    fn operations_that_would_share_their_words_are_told_apart_in_any_order() {
        let one = [("user", "user_list"), ("user", "list_user")];
        let other = [("user", "list_user"), ("user", "user_list")];
        assert_eq!(words(&one), ["user user-list", "user list-user"]);
        assert_eq!(words(&other), ["user list-user", "user user-list"]);
        // The whole name of one may be what is left of another.
        let three = [
            ("user", "list"),
            ("user", "user_list"),
            ("user", "user_user_list"),
        ];
        let words = words(&three);
        assert_eq!(
            words
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            3,
            "{words:?}"
        );
    }

    #[test]
    fn names_of_arguments_are_words_joined_by_hyphens() {
        assert_eq!(kebab("givenName", "given_name"), "given-name");
        assert_eq!(kebab("include-deactivated", ""), "include-deactivated");
        assert_eq!(kebab("$", "empty_"), "empty");
    }
}
