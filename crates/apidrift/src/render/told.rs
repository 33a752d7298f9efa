//! Combines changes into one line: values of one list, a change of requests and responses, and
//! new schemas.

use std::collections::HashMap;

use crate::Change;
use crate::{Side, Verdict};

/// The maximum number of values or schemas that a line names.
const NAMED: usize = 12;

/// The changes of one line.
#[derive(Debug)]
pub(crate) struct Told<'a> {
    /// The changes, at least one.
    pub(crate) changes: Vec<&'a Change>,
    pub(crate) message: String,
}

impl<'a> Told<'a> {
    fn one(change: &'a Change) -> Self {
        Self {
            changes: vec![change],
            message: change.message.clone(),
        }
    }

    /// The main change of the line: its rule, its location and its action are shown.
    pub(crate) fn first(&self) -> &'a Change {
        self.changes[0]
    }

    pub(crate) fn wire(&self) -> Verdict {
        self.worst(|change| change.wire)
    }

    pub(crate) fn rust(&self) -> Verdict {
        self.worst(|change| change.rust)
    }

    fn worst(&self, verdict: impl Fn(&Change) -> Verdict) -> Verdict {
        let verdicts = self.changes.iter().map(|change| verdict(change));
        verdicts.max().unwrap_or(Verdict::Compatible)
    }

    pub(crate) fn side(&self) -> Side {
        let sides = self.changes.iter().map(|change| change.side);
        let joined = sides.reduce(|one, other| if one == other { one } else { Side::Both });
        joined.unwrap_or(Side::None)
    }

    /// The first fingerprint, and the number of the others.
    pub(crate) fn fingerprints(&self) -> String {
        let first = &self.first().fingerprint;
        match self.changes.len() {
            1 => first.clone(),
            count => format!("{first} and {} more", count - 1),
        }
    }
}

/// Combines changes into lines, in the order of the first change of each line.
pub(crate) fn told<'a>(changes: &[&'a Change]) -> Vec<Told<'a>> {
    sides(values(changes))
}

/// Combines values of one list, and schemas, that were added or removed together.
fn values<'a>(changes: &[&'a Change]) -> Vec<Told<'a>> {
    type Key<'a> = (&'a str, Option<&'a str>, Option<&'a str>);
    let mut lines: Vec<Told<'a>> = Vec::new();
    let mut index: HashMap<Key<'a>, usize> = HashMap::new();
    for change in changes {
        let id = change.rule.id();
        let key = if id == "api-schema-added" || id == "api-schema-removed" {
            (id, None, None)
        } else if id.contains("enum-value-") || id.contains("variable-value-") {
            let pointer = &change.pointer;
            (id, pointer.old.as_deref(), pointer.new.as_deref())
        } else {
            lines.push(Told::one(change));
            continue;
        };
        if let Some(&at) = index.get(&key) {
            lines[at].changes.push(change);
        } else {
            index.insert(key, lines.len());
            lines.push(Told::one(change));
        }
    }
    for line in lines.iter_mut().filter(|line| line.changes.len() > 1) {
        line.message = joined(&line.changes);
    }
    lines
}

/// `GET /a, query parameter `q`: values were added: a, b, c`
fn joined(changes: &[&Change]) -> String {
    let first = changes[0];
    let schemas = first.rule.id().starts_with("api-schema-");
    let names: Vec<String> = changes
        .iter()
        .take(NAMED)
        .map(|change| {
            if schemas {
                let place = change.place();
                return format!("`{}`", place.rsplit('/').next().unwrap_or(place));
            }
            match change.after.as_ref().or(change.before.as_ref()) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => String::new(),
            }
        })
        .collect();
    let more = match changes.len() - names.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let listed = names.join(", ") + &more;
    let what = first.rule.what();
    if schemas {
        let what = what.trim_start_matches("schema was ");
        return format!("{} schemas were {what}: {listed}", changes.len());
    }
    let place = first.message.split(&format!(": {what}")).next();
    let what = what.replacen("value was", "values were", 1).replacen(
        "value of the variable was",
        "values of the variable were",
        1,
    );
    format!("{}: {what}: {listed}", place.unwrap_or_default())
}

/// Combines the changes of requests with the same changes of responses.
fn sides(lines: Vec<Told<'_>>) -> Vec<Told<'_>> {
    type Key = (String, Option<String>, Option<String>);
    let mut joined: Vec<Told<'_>> = Vec::new();
    let mut index: HashMap<Key, usize> = HashMap::new();
    for line in lines {
        let pointer = &line.first().pointer;
        let key = (
            line.message.clone(),
            pointer.old.clone(),
            pointer.new.clone(),
        );
        match index.get(&key) {
            Some(&at) if joined[at].side() != line.side() => {
                joined[at].changes.extend(line.changes);
            }
            _ => {
                index.insert(key, joined.len());
                joined.push(line);
            }
        }
    }
    for line in &mut joined {
        line.changes
            .sort_by_key(|change| std::cmp::Reverse(change.wire.max(change.rust)));
    }
    joined
}
