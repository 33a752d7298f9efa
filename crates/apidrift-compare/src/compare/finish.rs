//! Converts findings to the report: a change of a shared part is reported once, with all operations that it affects.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value;

use super::reach::Reached;
use super::{Engine, Found, Kind, Shown, describe};
use crate::report::{Change, Operation, Pointer, Reach, Report};
use crate::{Side, Verdict};
use apidrift_document::{Cursor, Document, NodeId};

/// The maximum number of values of a shown value; a larger one is described by its size.
const SHOWN_VALUES: usize = 300;

/// A finding, with the operations of all units that have it.
struct Merged {
    found: Found,
    bits: Vec<u64>,
}

type Key = (Kind, Side, Option<NodeId>, Option<NodeId>, String);

pub(super) fn report(mut engine: Engine<'_>) -> Report {
    let found = std::mem::take(&mut engine.found);
    let asked = found.iter().map(|found| found.unit);
    let reached = Reached::new(&engine.units, &engine.edges, engine.operations.len(), asked);
    let mut merged: Vec<Merged> = Vec::new();
    let mut index: HashMap<Key, usize> = HashMap::new();
    for mut found in found {
        engine.put_where_written(&mut found);
        let bits = reached.of(found.unit);
        let key = (
            found.kind,
            found.side,
            found.old,
            found.new,
            format!("{:?} {:?}", found.before, found.after),
        );
        if let Some(&at) = index.get(&key) {
            merged[at].join(&found, bits);
            continue;
        }
        index.insert(key, merged.len());
        merged.push(Merged {
            found,
            bits: bits.to_vec(),
        });
    }
    settle_unused(&mut merged);
    settle_silent(&mut merged);
    let order = order(&engine);
    let all: Arc<[Operation]> = order
        .iter()
        .map(|&index| engine.operations[index as usize].operation.clone())
        .collect();
    let mut position = vec![0u32; order.len()];
    for (place, &index) in (0u32..).zip(&order) {
        position[index as usize] = place;
    }
    let mut sets: HashMap<Vec<u64>, Arc<[u32]>> = HashMap::new();
    let mut changes: Vec<Change> = merged
        .into_iter()
        .map(|mut entry| {
            if entry.found.wire == Verdict::Breaking && engine.promises_nothing(&entry.bits) {
                entry.found.wire = Verdict::Warning;
            }
            let members = sets
                .entry(std::mem::take(&mut entry.bits))
                .or_insert_with_key(|bits| {
                    let mut members: Vec<u32> = ones(bits).map(|index| position[index]).collect();
                    members.sort_unstable();
                    members.into()
                });
            let reach = Reach {
                all: Arc::clone(&all),
                members: Arc::clone(members),
            };
            engine.change(&entry.found, reach)
        })
        .collect();
    changes.sort_by_cached_key(|change| {
        let first = change.reach.members.first().copied().unwrap_or(u32::MAX);
        let grave = std::cmp::Reverse(change.wire.max(change.rust));
        (
            first,
            grave,
            change.place().to_owned(),
            change.rule.id(),
            change.fingerprint.clone(),
        )
    });
    distinguish(&mut changes);
    let mut report = Report::new(engine.old.name(), engine.new.name(), changes);
    let info = engine.new.root().get("info");
    let title = info.and_then(|info| info.get("title")?.as_str());
    report.title = title.map(str::to_owned);
    report
}

/// A part that no operation reaches has no effect on the wire. If a message reaches the same location, its findings suffice.
fn settle_unused(merged: &mut Vec<Merged>) {
    let unused = |entry: &Merged| {
        matches!(entry.found.kind, Kind::Schema(_)) && entry.bits.iter().all(|word| *word == 0)
    };
    let place = |entry: &Merged| (entry.found.old, entry.found.new);
    let used: HashSet<_> = merged
        .iter()
        .filter(|entry| !unused(entry))
        .map(place)
        .collect();
    merged.retain(|entry| !unused(entry) || !used.contains(&place(entry)));
    for entry in merged.iter_mut().filter(|entry| unused(entry)) {
        entry.found.wire = Verdict::Compatible;
        entry.found.side = Side::None;
    }
}

/// Findings about a side that does not carry the location are reported with the other side, if that has the same finding.
fn settle_silent(merged: &mut Vec<Merged>) {
    let key = |entry: &Merged| {
        let found = &entry.found;
        let shown = format!("{:?} {:?}", found.before, found.after);
        (found.kind, found.old, found.new, shown)
    };
    let silent = |entry: &Merged| entry.found.rule.is_silent();
    let all = std::mem::take(merged);
    let (quiet, told): (Vec<_>, Vec<_>) = all.into_iter().partition(silent);
    *merged = told;
    let index: HashMap<_, usize> = merged.iter().map(key).zip(0..).collect();
    for entry in quiet {
        match index.get(&key(&entry)) {
            Some(&at) => merged[at].join(&entry.found, &entry.bits),
            None => merged.push(entry),
        }
    }
}

impl Merged {
    /// The rule of the more severe finding is kept: a component may be a body in one use and a property in another.
    fn join(&mut self, other: &Found, bits: &[u64]) {
        if other.wire > self.found.wire {
            self.found.rule = other.rule;
            self.found.wire = other.wire;
        }
        self.found.rust = self.found.rust.max(other.rust);
        self.bits.resize(self.bits.len().max(bits.len()), 0);
        for (into, from) in self.bits.iter_mut().zip(bits) {
            *into |= from;
        }
    }
}

fn ones(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(word, bits)| {
        (0..64)
            .filter(move |bit| bits & (1 << bit) != 0)
            .map(move |bit| word * 64 + bit)
    })
}

/// Operations by path and method.
fn order(engine: &Engine<'_>) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..).take(engine.operations.len()).collect();
    let key = |index: &u32| {
        let operation = &engine.operations[*index as usize].operation;
        (operation.path.as_str(), operation.method.as_str())
    };
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order
}

/// Numbers equal changes at one location, so that each has its own fingerprint.
fn distinguish(changes: &mut [Change]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    for change in changes {
        let count = seen.entry(change.fingerprint.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            change.fingerprint = fingerprint(&[&change.fingerprint, &count.to_string()]);
        }
    }
}

/// 64 bits of a digest: enough to name changes, short enough to be copied by hand.
fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = hmac_sha256::Hash::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut text = String::with_capacity(16);
    for byte in hasher.finalize().iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Engine<'_> {
    /// A finding about a keyword of a merged schema is reported at its source, once for all schemas that extend it.
    fn put_where_written(&self, found: &mut Found) {
        let shown = |shown: &Shown| match shown {
            Shown::Old(id) | Shown::New(id) => Some(*id),
            _ => None,
        };
        let old = home(self.old, found.old, shown(&found.before));
        let new = home(self.new, found.new, shown(&found.after));
        if let Some(id) = old.map(|part| part.id) {
            found.old = Some(id);
        } else if found.before == Shown::Nothing {
            found.old = likewise(self.old, found.old, new).or(found.old);
        }
        if let Some(id) = new.map(|part| part.id) {
            found.new = Some(id);
        } else if found.after == Shown::Nothing {
            found.new = likewise(self.new, found.new, old).or(found.new);
        }
    }

    fn promises_nothing(&self, bits: &[u64]) -> bool {
        let mut operations = ones(bits).map(|index| &self.operations[index]).peekable();
        operations.peek().is_some() && operations.all(|entry| entry.unstable)
    }

    fn change(&self, found: &Found, reach: Reach) -> Change {
        let old = found.old.map(|id| self.old.at(id));
        let new = found.new.map(|id| self.new.at(id));
        let (before, after) = (self.shown(&found.before), self.shown(&found.after));
        let place = new.or(old).map(describe::place).unwrap_or_default();
        let text =
            |value: &Option<Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        let stable = |place: Option<Cursor<'_>>| place.map(describe::stable).unwrap_or_default();
        Change {
            fingerprint: fingerprint(&[
                found.rule.id(),
                &stable(old),
                &stable(new),
                &text(&before),
                &text(&after),
            ]),
            message: message(&place, &what(found), before.as_ref(), after.as_ref())
                + &with_schemas(&found.schemas),
            rule: found.rule,
            wire: found.wire,
            rust: found.rust,
            side: found.side,
            pointer: Pointer {
                old: old.map(Cursor::pointer),
                new: new.map(Cursor::pointer),
            },
            before,
            after,
            reach,
        }
    }

    fn shown(&self, shown: &Shown) -> Option<Value> {
        let value = match shown {
            Shown::Nothing => return None,
            Shown::Text(text) => return Some(Value::String(text.clone())),
            Shown::Old(id) => self.old.at(*id),
            Shown::New(id) => self.new.at(*id),
        };
        let whole = value.to_json(&mut SHOWN_VALUES.clone());
        Some(whole.unwrap_or_else(|| Value::String(format!("… ({} properties)", value.len()))))
    }
}

/// The schema, of those that `merged` was merged from, in which a value is written.
fn home(document: &Document, merged: Option<NodeId>, value: Option<NodeId>) -> Option<Cursor<'_>> {
    let (merged, value) = (merged?, document.at(value?));
    // An item of an array is one level deeper.
    let above = value.parent();
    let places = [above, above.and_then(Cursor::parent)].map(|place| place.map(|place| place.id));
    let mut parts = document.parts(merged);
    parts.find(|part| places.contains(&Some(part.id)))
}

/// The schema among the sources of `merged` that is located at `other`.
fn likewise(
    document: &Document,
    merged: Option<NodeId>,
    other: Option<Cursor<'_>>,
) -> Option<NodeId> {
    let (merged, pointer) = (merged?, other?.pointer());
    let mut parts = document.parts(merged);
    parts
        .find(|part| part.pointer() == pointer)
        .map(|part| part.id)
}

/// The description of the change, with the name of its subject.
fn what(found: &Found) -> String {
    let what = found.rule.what();
    let Some(subject) = &found.subject else {
        return what.to_owned();
    };
    let nouns = [
        ("a `oneOf` branch", "branch"),
        ("an `anyOf` branch", "branch"),
        ("an `allOf` subschema", "`allOf` subschema"),
        ("a value", "value"),
    ];
    for (phrase, noun) in nouns {
        if let Some(rest) = what.strip_prefix(phrase) {
            return format!("{noun} `{subject}`{rest}");
        }
    }
    what.to_owned()
}

/// The maximum number of schemas in a message.
const NAMED_SCHEMAS: usize = 5;

/// The schemas that are part of a change.
fn with_schemas(names: &[String]) -> String {
    let listed: Vec<String> = names
        .iter()
        .take(NAMED_SCHEMAS)
        .map(|name| format!("`{name}`"))
        .collect();
    let noun = if names.len() == 1 {
        "schema"
    } else {
        "schemas"
    };
    match names.len() - listed.len() {
        _ if names.is_empty() => String::new(),
        0 => format!(", with {noun} {}", listed.join(", ")),
        more => format!(", with {noun} {} and {more} more", listed.join(", ")),
    }
}

/// The location, the description, and the values if they are short.
fn message(place: &str, what: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    let short = |value: &Value| match value {
        Value::String(text) if text.chars().count() <= 60 => Some(text.clone()),
        Value::Array(_) | Value::Object(_) | Value::String(_) => None,
        other => Some(other.to_string()),
    };
    let (from, to) = (before.and_then(short), after.and_then(short));
    match (from, to) {
        (Some(from), Some(to)) => format!("{place}: {what}: {from} → {to}"),
        (Some(value), None) if after.is_none() => format!("{place}: {what}: {value}"),
        (None, Some(value)) if before.is_none() => format!("{place}: {what}: {value}"),
        _ => format!("{place}: {what}"),
    }
}
