//! The command words of operations and of their arguments.

mod noun;

use std::collections::{BTreeMap, BTreeSet};

use crate::Options;
use crate::options::CommandWords;
use specmill_model::Operation;
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::names;

/// The words of an operation: `user`, `list`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Words {
    pub(super) group: String,
    pub(super) verb: String,
}

/// The names from which the words of an operation are derived.
#[derive(Debug, Clone, Copy)]
struct Name<'a> {
    tag: &'a str,
    id: &'a str,
}

/// The words of each operation. No two are the same.
///
/// Group and verb depend on tag and name only, so that another operation does not rename anything: the group is the noun of the
/// tag in the singular, and the verb is the name without that noun and without articles. Operations that would have the same
/// words keep their complete names, in any order. `words` in the options takes precedence.
///
/// # Errors
/// The options set words for an unknown group or operation, or give two operations the same words.
pub(super) fn of(options: &Options, operations: &[Operation]) -> Result<Vec<Words>> {
    let names: Vec<Name<'_>> = operations
        .iter()
        .map(|one| Name {
            tag: &one.tag,
            id: &one.id,
        })
        .collect();
    distinct(&names, &options.words)
}

fn distinct(names: &[Name<'_>], settled: &CommandWords) -> Result<Vec<Words>> {
    check_known(names, settled)?;
    let mut is_settled = Vec::new();
    let mut words = Vec::new();
    for name in names {
        let group = group(name.tag, settled);
        let verb = find(&settled.verbs, |key| is_operation(key, name.id));
        is_settled.push(verb.is_some());
        words.push(match verb {
            Some(verb) => match verb.split_once(' ') {
                Some((group, verb)) => Words {
                    group: group.to_owned(),
                    verb: verb.to_owned(),
                },
                None => Words {
                    group,
                    verb: verb.to_owned(),
                },
            },
            None => Words {
                verb: noun::verb(name.id, name.tag),
                group,
            },
        });
    }
    check_settled(names, &words, &is_settled)?;
    // Each round uses the complete name of at least one more operation.
    for _ in names {
        let shared = shared(&words);
        if shared.is_empty() {
            break;
        }
        for ((one, name), is_settled) in words.iter_mut().zip(names).zip(&is_settled) {
            if !is_settled && shared.contains(one) {
                one.verb = hyphens(name.id);
            }
        }
    }
    // A complete name can still equal one from the options, or differ from another only in leading or trailing underscores.
    let mut taken: BTreeSet<Words> = words
        .iter()
        .zip(&is_settled)
        .filter(|(_, is_settled)| **is_settled)
        .map(|(one, _)| one.clone())
        .collect();
    for (one, is_settled) in words.iter_mut().zip(&is_settled) {
        if *is_settled {
            continue;
        }
        let whole = one.verb.clone();
        let mut number = 2_u64;
        while !taken.insert(one.clone()) {
            one.verb = format!("{whole}-{number}");
            number += 1;
        }
    }
    Ok(words)
}

/// The words that several operations share.
fn shared(words: &[Words]) -> BTreeSet<Words> {
    let mut uses: BTreeMap<&Words, usize> = BTreeMap::new();
    for one in words {
        *uses.entry(one).or_default() += 1;
    }
    let shared = uses.into_iter().filter(|(_, uses)| *uses > 1);
    shared.map(|(one, _)| one.clone()).collect()
}

fn group(tag: &str, settled: &CommandWords) -> String {
    let own = noun::group(tag);
    let found = find(&settled.groups, |key| {
        names::module_name(key) == tag || key == own
    });
    found.map_or(own.clone(), str::to_owned)
}

fn find(settled: &BTreeMap<String, String>, wanted: impl Fn(&str) -> bool) -> Option<&str> {
    let mut all = settled.iter();
    let (_, value) = all.find(|(key, _)| wanted(key))?;
    Some(value)
}

/// Whether a key is the published name or the Rust name of an operation.
fn is_operation(key: &str, id: &str) -> bool {
    key == id || names::operation_name(key) == id
}

/// Rejects words for an unknown group or operation, and words that no command can have.
fn check_known(names: &[Name<'_>], settled: &CommandWords) -> Result<()> {
    for (key, word) in &settled.groups {
        let is_known =
            |name: &Name<'_>| names::module_name(key) == name.tag || *key == noun::group(name.tag);
        if !names.iter().any(is_known) {
            return Err(Diagnostic::new(format!(
                "[words.groups] names the group `{key}`, which has no operation"
            ))
            .help("name a tag of the document, or remove the line"));
        }
        check_word(word)?;
    }
    for (key, words) in &settled.verbs {
        if !names.iter().any(|name| is_operation(key, name.id)) {
            return Err(Diagnostic::new(format!(
                "[words.verbs] names the operation `{key}`, which is not generated"
            ))
            .help("name an operation as the crate's method, or remove the line"));
        }
        words.splitn(2, ' ').try_for_each(check_word)?;
    }
    Ok(())
}

fn check_word(word: &str) -> Result<()> {
    let is_word = word.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !word.ends_with('-')
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_word {
        return Ok(());
    }
    Err(
        Diagnostic::new(format!("[words] has `{word}`, which cannot be a command"))
            .help("use lower-case words joined by hyphens; `album fetch` is a group and a verb"),
    )
}

/// Rejects two operations with the same words in the options.
fn check_settled(names: &[Name<'_>], words: &[Words], is_settled: &[bool]) -> Result<()> {
    let mut seen: BTreeMap<&Words, &str> = BTreeMap::new();
    for ((name, one), _) in names
        .iter()
        .zip(words)
        .zip(is_settled)
        .filter(|(_, is_settled)| **is_settled)
    {
        if let Some(other) = seen.insert(one, name.id) {
            return Err(Diagnostic::new(format!(
                "[words.verbs] gives `{other}` and `{}` the same command, `{} {}`",
                name.id, one.group, one.verb
            ))
            .help("give one of them another verb"));
        }
    }
    Ok(())
}

/// An identifier as words joined by hyphens, without leading and trailing underscores.
fn hyphens(name: &str) -> String {
    name.trim_matches('_').replace('_', "-")
}

/// A published name as words joined by hyphens; `otherwise` if it has no words.
pub(super) fn kebab(name: &str, otherwise: &str) -> String {
    let snake = names::snake_case(name);
    hyphens(if snake.is_empty() { otherwise } else { &snake })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named<'a>(names: &[(&'a str, &'a str)]) -> Vec<Name<'a>> {
        let names = names.iter();
        names.map(|(tag, id)| Name { tag, id }).collect()
    }

    fn told(words: &[Words]) -> Vec<String> {
        let all = words.iter();
        all.map(|words| format!("{} {}", words.group, words.verb))
            .collect()
    }

    fn words(names: &[(&str, &str)]) -> Vec<String> {
        told(&distinct(&named(names), &CommandWords::default()).unwrap())
    }

    fn settled(groups: &[(&str, &str)], verbs: &[(&str, &str)]) -> CommandWords {
        let owned = |all: &[(&str, &str)]| {
            let all = all.iter();
            all.map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
                .collect()
        };
        CommandWords {
            groups: owned(groups),
            verbs: owned(verbs),
        }
    }

    #[test]
    fn singular_and_plural_nouns_form_one_group_and_are_not_part_of_verbs() {
        for (tag, id, expected) in [
            ("user", "user_list", "user list"),
            ("user", "list_users", "user list"),
            ("users", "get_user", "user get"),
            ("albums", "get_an_album", "album get"),
            ("albums", "get_an_albums_tracks", "album get-tracks"),
            ("events", "event_create", "event create"),
            ("api_token", "api_token_rotate", "api-token rotate"),
            ("policy", "list_policies_by_tag", "policy list-by-tag"),
            ("playlists", "add_items_to_playlist", "playlist add-items"),
            ("user", "rotate", "user rotate"),
            ("user", "user", "user user"),
            ("std_", "type_", "std type"),
            ("session", "log_in_session", "session log-in"),
            ("default", "get_users_by_id", "default get-users-by-id"),
            ("user_controller", "list_users", "user list"),
        ] {
            assert_eq!(words(&[(tag, id)]), [expected]);
        }
    }

    #[test]
    fn operations_with_the_same_words_are_distinguished_in_any_order() {
        let one = [("user", "user_list"), ("users", "list_user")];
        let other = [("users", "list_user"), ("user", "user_list")];
        assert_eq!(words(&one), ["user user-list", "user list-user"]);
        assert_eq!(words(&other), ["user list-user", "user user-list"]);
        assert_eq!(
            words(&[("plan", "get_a_plan"), ("plan", "get_plan")]),
            ["plan get-a-plan", "plan get-plan"]
        );
    }

    #[test]
    fn words_in_the_options_take_precedence() {
        let names = named(&[
            ("albums", "get_an_album"),
            ("albums", "list_albums"),
            ("tracks", "fetch"),
        ]);
        let words = distinct(
            &names,
            &settled(
                &[("Albums", "record")],
                &[("get-an-album", "fetch"), ("fetch", "record list")],
            ),
        );
        assert_eq!(
            told(&words.unwrap()),
            ["record fetch", "record list-albums", "record list"]
        );
    }

    #[test]
    fn invalid_and_duplicate_words_in_the_options_are_refused() {
        let names = named(&[("user", "list_users"), ("user", "get_user")]);
        for (words, problem) in [
            (settled(&[("usr", "u")], &[]), "`usr`"),
            (settled(&[], &[("put_user", "put")]), "`put_user`"),
            (settled(&[("user", "The User")], &[]), "`The User`"),
            (
                settled(&[], &[("get_user", "user ")]),
                "cannot be a command",
            ),
            (
                settled(&[], &[("get_user", "one"), ("list_users", "one")]),
                "`list_users` and `get_user` the same command, `user one`",
            ),
        ] {
            let error = distinct(&names, &words).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }

    #[test]
    fn names_of_arguments_are_words_joined_by_hyphens() {
        assert_eq!(kebab("givenName", "given_name"), "given-name");
        assert_eq!(kebab("include-deactivated", ""), "include-deactivated");
        assert_eq!(kebab("$", "empty_"), "empty");
    }

    fn word() -> impl Strategy<Value = String> {
        let words = [
            "a", "an", "get", "to", "user", "users", "type", "2", "list", "by",
        ];
        prop::sample::select(words.to_vec()).prop_map(str::to_owned)
    }

    fn identifier() -> impl Strategy<Value = String> {
        let words = prop::collection::vec(word(), 1..4);
        (words, any::<bool>())
            .prop_map(|(words, ends)| words.join("_") + if ends { "_" } else { "" })
    }

    proptest! {
        #[test]
        fn no_two_operations_have_the_same_command(
            operations in prop::collection::btree_map(identifier(), identifier(), 1..40),
            fetched in any::<prop::sample::Index>(),
        ) {
            let names: Vec<Name<'_>> =
                operations.iter().map(|(id, tag)| Name { tag, id }).collect();
            let one = names[fetched.index(names.len())].id;
            let keys: Vec<&str> = names.iter().map(|name| name.id).filter(|id| *id == one).collect();
            let verbs: Vec<(&str, &str)> = keys.iter().map(|id| (*id, "get")).collect();
            for settled in [CommandWords::default(), settled(&[], &verbs)] {
                let words = distinct(&names, &settled).unwrap();
                let different: BTreeSet<&Words> = words.iter().collect();
                prop_assert_eq!(different.len(), names.len());
                for one in &words {
                    prop_assert!(check_word(&one.group).is_ok() && check_word(&one.verb).is_ok(), "{:?}", one);
                }
            }
        }
    }
}
