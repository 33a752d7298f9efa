//! The change of a document that caused a difference of the surfaces.

use std::collections::{BTreeMap, BTreeSet};

use apidrift::{Change, Report};
use serde_json::Value;

use specmill_openapi::document;

use super::RustChange;

/// The schemas that a location of a document references, directly or indirectly.
struct Reached<'a> {
    document: &'a Value,
    found: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Reached<'a> {
    fn new(document: &'a Value) -> Self {
        Self {
            document,
            found: BTreeMap::new(),
        }
    }

    /// The references at a location and, transitively, at their targets.
    fn from(&mut self, place: &str) -> &BTreeSet<String> {
        if !self.found.contains_key(place) {
            let mut reached = BTreeSet::new();
            let mut waiting: Vec<&Value> = self.document.pointer(place).into_iter().collect();
            while let Some(value) = waiting.pop() {
                match value {
                    Value::Object(members) => {
                        let reference = members.get("$ref").and_then(Value::as_str);
                        if let Some(target) = reference.and_then(|target| target.strip_prefix('#'))
                            && reached.insert(target.to_owned())
                        {
                            waiting.extend(self.document.pointer(target));
                        }
                        waiting.extend(members.values());
                    }
                    Value::Array(items) => waiting.extend(items),
                    _ => {}
                }
            }
            self.found.insert(place.to_owned(), reached);
        }
        &self.found[place]
    }
}

/// Assigns the causing changes to each difference.
pub(super) fn causes(changes: &mut [RustChange], report: &Report, old: &Value, new: &Value) {
    let mut reached = [Reached::new(old), Reached::new(new)];
    let operations = [operations(old), operations(new)];
    for one in changes.iter_mut() {
        let mut found = of_client(one, report, [old, new]);
        if found.is_empty() {
            found = nearest(one, report);
        }
        if found.is_empty() {
            found = by_reference(one, report, &mut reached);
        }
        if found.is_empty() {
            found = by_target(one, report, &mut reached);
        }
        if found.is_empty() {
            found = by_operation(one, report, &operations);
        }
        one.causes = fingerprints(&found);
    }
    // A type that is no longer generated is assigned to the item that contained it.
    let telling: BTreeSet<String> = changes
        .iter()
        .flat_map(|one| one.causes.iter().cloned())
        .collect();
    for one in changes.iter_mut().filter(|one| one.causes.is_empty()) {
        let found = by_whole(one, report, &mut reached);
        let found = found
            .into_iter()
            .filter(|change| telling.contains(&change.fingerprint));
        one.causes = fingerprints(&found.collect::<Vec<_>>());
    }
}

fn fingerprints(changes: &[&Change]) -> Vec<String> {
    let all = changes.iter().map(|change| change.fingerprint.clone());
    all.collect()
}

/// The changes of the client's settings: credentials, and headers that are set once per client.
fn of_client<'r>(one: &RustChange, report: &'r Report, documents: [&Value; 2]) -> Vec<&'r Change> {
    let Some(place) = one.places.iter().flatten().next() else {
        return Vec::new();
    };
    if place == "/security" {
        let changes = report.changes.iter();
        return changes
            .filter(|change| change.rule.id().contains("security"))
            .collect();
    }
    let Some(header) = place.strip_prefix("/x-client-setting/") else {
        return Vec::new();
    };
    let is_header = |change: &&Change| {
        let pointers = [&change.pointer.old, &change.pointer.new];
        pointers.iter().zip(documents).any(|(pointer, document)| {
            let place = pointer
                .as_deref()
                .and_then(|pointer| document.pointer(pointer));
            place.is_some_and(|place| place["name"] == header && place["in"] == "header")
        })
    };
    report.changes.iter().filter(is_header).collect()
}

/// The nearest changes: of the location itself, inside it, or around it.
fn nearest<'r>(one: &RustChange, report: &'r Report) -> Vec<&'r Change> {
    let mut best = (usize::MAX, Vec::new());
    for change in &report.changes {
        let pointers = [&change.pointer.old, &change.pointer.new];
        let places = one.places.iter().flatten();
        let distances = places.flat_map(|place| {
            let pointers = pointers.into_iter().flatten();
            pointers.filter_map(|pointer| distance(place, pointer))
        });
        let Some(distance) = distances.min() else {
            continue;
        };
        if distance < best.0 {
            best = (distance, Vec::new());
        }
        if distance == best.0 {
            best.1.push(change);
        }
    }
    best.1
}

/// The number of tokens between a location and a change inside or around it; `None` if they are unrelated.
fn distance(place: &str, pointer: &str) -> Option<usize> {
    let (place, pointer): (Vec<&str>, Vec<&str>) = (
        place.split('/').skip(1).collect(),
        pointer.split('/').skip(1).collect(),
    );
    let common = place
        .iter()
        .zip(&pointer)
        .take_while(|(one, other)| one == other)
        .count();
    // A change of an operation or a schema affects all of it.
    if common == place.len() {
        return Some(pointer.len() - common);
    }
    let whole = matches!(place.as_slice(), ["paths", ..]) && common >= 2
        || matches!(place.as_slice(), ["components", _, ..]) && common >= 3;
    (common == pointer.len() && whole).then(|| 100 + place.len() - common)
}

/// The changes whose location references the schema in only one of the revisions.
fn by_reference<'r>(
    one: &RustChange,
    report: &'r Report,
    reached: &mut [Reached<'_>; 2],
) -> Vec<&'r Change> {
    let mut found = Vec::new();
    for (side, place) in one.places.iter().enumerate() {
        let Some(schema) = place.as_deref().and_then(component) else {
            continue;
        };
        for change in &report.changes {
            let pointers = [&change.pointer.old, &change.pointer.new];
            let mut has = |side: usize| {
                pointers[side]
                    .as_deref()
                    .is_some_and(|pointer| reached[side].from(pointer).contains(schema))
            };
            if has(side) && !has(1 - side) {
                found.push(change);
            }
        }
    }
    found
}

/// The changes of schemas that the location references.
fn by_target<'r>(
    one: &RustChange,
    report: &'r Report,
    reached: &mut [Reached<'_>; 2],
) -> Vec<&'r Change> {
    let mut found = Vec::new();
    for change in &report.changes {
        let pointers = [&change.pointer.old, &change.pointer.new];
        let refers = (0..2).any(|side| {
            let (place, pointer) = (one.places[side].as_deref(), pointers[side].as_deref());
            let schema = pointer.and_then(component);
            place.zip(schema).is_some_and(|(place, schema)| {
                place.contains("/properties/") && reached[side].from(place).contains(schema)
            })
        });
        if refers {
            found.push(change);
        }
    }
    found
}

/// The changes of schemas that contain the location, through references.
fn by_whole<'r>(
    one: &RustChange,
    report: &'r Report,
    reached: &mut [Reached<'_>; 2],
) -> Vec<&'r Change> {
    let mut found = Vec::new();
    for change in &report.changes {
        let pointers = [&change.pointer.old, &change.pointer.new];
        let is_part = (0..2).any(|side| {
            let schema = one.places[side].as_deref().and_then(component);
            let pointer = pointers[side]
                .as_deref()
                .filter(|pointer| !pointer.is_empty());
            schema
                .zip(pointer)
                .is_some_and(|(schema, pointer)| reached[side].from(pointer).contains(schema))
        });
        if is_part {
            found.push(change);
        }
    }
    found
}

/// The component that contains a location.
fn component(place: &str) -> Option<&str> {
    let rest = place.strip_prefix("/components/")?;
    let mut ends = rest.match_indices('/').map(|(index, _)| index);
    ends.next()?;
    let end = ends.next().unwrap_or(rest.len());
    Some(&place[..place.len() - rest.len() + end])
}

/// The name and location of each operation.
fn operations(document: &Value) -> BTreeMap<String, (String, String)> {
    document::operations(document)
        .map(|(_, path, method, _)| {
            let place = document::child("/paths", path);
            (
                format!("{place}/{method}"),
                (method.to_uppercase(), path.to_owned()),
            )
        })
        .collect()
}

/// The changes that are declared elsewhere, such as in a shared parameter, and affect the operation.
fn by_operation<'r>(
    one: &RustChange,
    report: &'r Report,
    names: &[BTreeMap<String, (String, String)>; 2],
) -> Vec<&'r Change> {
    let operation = one.places.iter().zip(names).find_map(|(place, names)| {
        let place = place.as_deref()?;
        let mut names = names.iter();
        names.find(|(operation, _)| place.starts_with(operation.as_str()))
    });
    let Some((_, (method, path))) = operation else {
        return Vec::new();
    };
    let reaches = |change: &&Change| {
        change
            .operations()
            .any(|one| one.method == *method && one.path == *path)
    };
    let found: Vec<&Change> = report.changes.iter().filter(reaches).collect();
    // An operation without requirements inherits those of the API. Its declaration names them if another
    // operation has different ones, so a change of that one may be the cause.
    let asks = ["`security ", "`authenticated "];
    if found.is_empty() && asks.iter().any(|clause| one.message.contains(clause)) {
        let changes = report.changes.iter();
        return changes
            .filter(|change| change.rule.id().contains("security"))
            .collect();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_inside_the_location_is_nearer_than_one_around_it() {
        let place = "/components/schemas/User/properties/email";
        assert_eq!(distance(place, place), Some(0));
        assert_eq!(distance(place, &format!("{place}/enum")), Some(1));
        assert_eq!(distance(place, "/components/schemas/User"), Some(102));
        assert_eq!(distance(place, "/components/schemas/Role"), None);
        assert_eq!(distance(place, "/components"), None);
    }

    #[test]
    fn the_component_of_a_location_is_its_first_three_tokens() {
        assert_eq!(
            component("/components/schemas/User/properties/a"),
            Some("/components/schemas/User")
        );
        assert_eq!(
            component("/components/schemas/User"),
            Some("/components/schemas/User")
        );
        assert_eq!(component("/paths/~1a/get"), None);
    }
}
