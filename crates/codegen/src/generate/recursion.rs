//! Finds types that contain themselves after equal types are merged.
//!
//! progenitor boxes fields so that no type has an infinite size. It may box a field of a type that becomes an alias, so that the
//! remaining types contain each other without a box.

use std::collections::{BTreeMap, BTreeSet};

use super::progenitor::Decided;
use super::rust_types::RustType;

/// Boxes fields and variants so that no type contains itself. `same` is the type that a name is an alias of.
pub(super) fn break_cycles<'m>(
    types: &mut BTreeMap<String, Decided>,
    same: impl Fn(&str) -> Option<&'m str>,
) {
    for (owner, place) in closing_edges(types, same) {
        let held = match types.get_mut(&owner) {
            Some(Decided::Object(fields)) => fields.values_mut().nth(place),
            Some(Decided::Union(variants)) => variants.get_mut(place),
            _ => None,
        };
        if let Some(held) = held {
            let inner = std::mem::replace(held, RustType::Json);
            *held = RustType::Boxed(Box::new(inner));
        }
    }
}

/// A type that is being visited: its name, and the fields or variants that it contains without indirection, the next one last.
type Visit = (String, Vec<(usize, String)>);

/// The properties, by owner and index, that refer back to a type that contains them.
fn closing_edges<'m>(
    types: &BTreeMap<String, Decided>,
    same: impl Fn(&str) -> Option<&'m str>,
) -> Vec<(String, usize)> {
    let visit = |name: &str| -> Visit {
        let mut members = contained(types.get(name));
        members.reverse();
        let members = members.into_iter().map(|(place, member)| {
            let member = same(member).unwrap_or(member);
            (place, member.to_owned())
        });
        (name.to_owned(), members.collect())
    };
    let mut found = Vec::new();
    let mut done = BTreeSet::new();
    for root in types.keys().filter(|name| same(name).is_none()) {
        if done.contains(root) {
            continue;
        }
        // The path from the root; not recursive, since documents may nest deeply.
        let mut path = vec![visit(root)];
        let mut on_path = BTreeSet::from([root.clone()]);
        while let Some((owner, members)) = path.last_mut() {
            match members.pop() {
                Some((place, member)) if on_path.contains(&member) => {
                    found.push((owner.clone(), place));
                }
                Some((_, member)) if !done.contains(&member) => {
                    on_path.insert(member.clone());
                    path.push(visit(&member));
                }
                Some(_) => {}
                None => {
                    on_path.remove(owner);
                    done.insert(owner.clone());
                    path.pop();
                }
            }
        }
    }
    found
}

/// The types that a type contains without indirection, with the index of the field or variant.
fn contained(decided: Option<&Decided>) -> Vec<(usize, &str)> {
    let members: Vec<&RustType> = match decided {
        Some(Decided::Object(fields)) => fields.values().collect(),
        Some(Decided::Union(variants)) => variants.iter().collect(),
        _ => Vec::new(),
    };
    let members = members.into_iter().enumerate();
    members
        .filter_map(|(place, held)| Some((place, direct(held)?)))
        .collect()
}

/// The type in a value that is neither boxed nor in a list or a map.
fn direct(held: &RustType) -> Option<&str> {
    match held {
        RustType::Named(name) => Some(name),
        RustType::Optional(inner) => direct(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> RustType {
        RustType::Named(name.to_owned())
    }

    fn object(fields: &[(&str, RustType)]) -> Decided {
        let fields = fields.iter().cloned();
        Decided::Object(fields.map(|(name, held)| (name.to_owned(), held)).collect())
    }

    #[test]
    fn a_type_that_contains_itself_through_an_alias_is_boxed_once() {
        let mut types = BTreeMap::from([
            (
                "Card".to_owned(),
                object(&[("customer", named("CardCustomer"))]),
            ),
            (
                "CardCustomer".to_owned(),
                Decided::Union(vec![RustType::String, named("Customer")]),
            ),
            (
                "Customer".to_owned(),
                object(&[(
                    "source",
                    RustType::Optional(Box::new(named("CustomerSource"))),
                )]),
            ),
            // progenitor boxed this one; it is an alias of a type without a box.
            (
                "CustomerSource".to_owned(),
                Decided::Union(vec![RustType::Boxed(Box::new(named("Card")))]),
            ),
            ("Source".to_owned(), Decided::Union(vec![named("Card")])),
        ]);
        break_cycles(&mut types, |name| {
            (name == "CustomerSource").then_some("Source")
        });
        assert_eq!(
            types["Source"],
            Decided::Union(vec![RustType::Boxed(Box::new(named("Card")))])
        );
        assert_eq!(
            types["Card"],
            object(&[("customer", named("CardCustomer"))])
        );
        let once = types.clone();
        break_cycles(&mut types, |name| {
            (name == "CustomerSource").then_some("Source")
        });
        assert_eq!(types, once);
    }

    #[test]
    fn lists_and_maps_need_no_box() {
        let list = RustType::List(Box::new(named("Node")));
        let map = RustType::Map(Box::new(named("Node")));
        let mut types = BTreeMap::from([(
            "Node".to_owned(),
            object(&[("children", list), ("named", map)]),
        )]);
        let before = types.clone();
        break_cycles(&mut types, |_| None);
        assert_eq!(types, before);
    }
}
