//! Resolves collisions of names in a new document, and records the result.

use std::collections::BTreeSet;

use specmill_normalize::naming::{Name, collision_key};

/// Names that differ from those derived from the published ones, each with the published name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Renames {
    /// Names of operations, by operationId, or by method and path for duplicate operationIds.
    pub(super) operations: Vec<(String, String)>,
    /// Names of component schemas.
    pub(super) schemas: Vec<(String, String)>,
}

/// Resolves names that collide: the later one in document order gets the lowest free number from 2 as a suffix. A name without
/// a letter or a digit becomes `operation` or `Schema`.
pub(super) fn settle(operations: &[Name], schemas: &[Name]) -> Renames {
    Renames {
        operations: settle_one_kind(operations, "operation", "_"),
        schemas: settle_one_kind(schemas, "Schema", ""),
    }
}

fn settle_one_kind(names: &[Name], fallback: &str, joint: &str) -> Vec<(String, String)> {
    // A suffix must not result in the name of a later one.
    let own: BTreeSet<String> = names
        .iter()
        .map(|name| collision_key(&name.becomes))
        .collect();
    let mut taken = BTreeSet::new();
    let mut renames = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let base = if collision_key(&name.becomes).is_empty() {
            fallback
        } else {
            &name.becomes
        };
        let first_of_all = names[..index]
            .iter()
            .all(|other| other.published != name.published);
        let mut candidate = base.to_owned();
        let mut suffix = 2_usize;
        while taken.contains(&collision_key(&candidate))
            || (candidate != name.becomes && own.contains(&collision_key(&candidate)))
        {
            candidate = format!("{base}{joint}{suffix}");
            suffix += 1;
        }
        taken.insert(collision_key(&candidate));
        if candidate != name.becomes {
            let key = name
                .also
                .as_ref()
                .filter(|_| !first_of_all)
                .unwrap_or(&name.published);
            renames.push((key.clone(), candidate));
        }
    }
    renames
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(given: &[(&str, &str)]) -> Vec<Name> {
        let names = given.iter().map(|(published, name)| Name {
            pointer: String::new(),
            published: (*published).to_owned(),
            also: None,
            becomes: (*name).to_owned(),
        });
        names.collect()
    }

    fn settled(given: &[(&str, &str)]) -> Vec<(String, String)> {
        settle(&[], &names(given)).schemas
    }

    #[test]
    fn unique_names_are_kept() {
        assert_eq!(settled(&[("user", "User"), ("role", "Role")]), []);
    }

    #[test]
    fn the_later_of_two_equal_names_gets_a_suffix() {
        let renames = settled(&[("user", "User"), ("User", "User"), ("USER", "User")]);
        assert_eq!(
            renames,
            [
                ("User".into(), "User2".into()),
                ("USER".into(), "User3".into())
            ]
        );
    }

    #[test]
    fn a_suffix_does_not_result_in_an_existing_name() {
        let renames = settled(&[("user", "User"), ("User", "User"), ("User2", "User2")]);
        assert_eq!(renames, [("User".into(), "User3".into())]);
    }

    #[test]
    fn a_name_without_letters_gets_a_default_name() {
        assert_eq!(
            settled(&[("***", ""), ("schema", "Schema")]),
            [("***".into(), "Schema2".into())]
        );
    }

    #[test]
    fn a_duplicate_operation_id_is_renamed_by_its_method_and_path() {
        let mut twice = names(&[("list", "list"), ("list", "list")]);
        twice[0].also = Some("GET /users".into());
        twice[1].also = Some("GET /roles".into());
        assert_eq!(
            settle(&twice, &[]).operations,
            [("GET /roles".into(), "list_2".into())]
        );
    }
}
