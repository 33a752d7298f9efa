//! Cases about schemas: each pair is compared at every location.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::expected::Expected;
use super::places::{PLACES, Place};
use super::{Policy, compare, differences, read};

/// Two schemas, and the expected findings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    old: Value,
    new: Value,
    /// The findings from the older to the newer schema, and the reverse (`back`).
    #[serde(default)]
    forth: Vec<Finding>,
    #[serde(default)]
    back: Vec<Finding>,
    /// The locations, by name, or `json`, `text` or `members`. Default: every location.
    at: Option<String>,
    /// The media type, if the location is a body.
    media: Option<String>,
    /// Components that both documents have.
    #[serde(default = "nothing")]
    components: Value,
    #[serde(default)]
    policy: Policy,
}

fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

/// An expected finding. A string with ` / ` has one part for requests and one for responses.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    /// The rule. A leading `-` stands for the prefix of rules at the location; PLACE stands for the name of the
    /// location, NOUN for that name without the side, SIDE for the side.
    rule: String,
    wire: String,
    rust: String,
    /// The message without the location.
    says: String,
    /// The path below the schema, as messages show it.
    #[serde(default, rename = "in")]
    path: String,
    /// Whether it is about a property of the schema. Default: whether there is a path.
    member: Option<bool>,
    /// The location, as a pointer from the schema: in both documents, or in each. `none` if a document does not
    /// have it.
    at: Option<String>,
    old: Option<String>,
    new: Option<String>,
    before: Option<Value>,
    after: Option<Value>,
    /// The differences at some locations, by their names.
    #[serde(default)]
    except: BTreeMap<String, Exception>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    rule: Option<String>,
    wire: Option<String>,
    rust: Option<String>,
    says: Option<String>,
}

/// A case at a location, in one direction.
#[derive(Debug)]
pub(super) struct Run {
    title: String,
    old: Value,
    new: Value,
    policy: Policy,
    expected: Vec<Expected>,
}

impl Run {
    pub(super) fn differences(&self) -> Vec<String> {
        let report = compare(&self.old, &self.new, &self.policy);
        differences(&self.title, &self.expected, &report)
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &str> {
        self.expected.iter().map(|entry| entry.rule.as_str())
    }
}

/// Every case at every location, in both directions.
pub(super) fn runs() -> Vec<Run> {
    let mut runs = Vec::new();
    for case in read::<Case>("schemas") {
        for place in PLACES.into_iter().filter(|place| case.is_at(*place)) {
            for (direction, old, new, findings) in [
                ("forth", &case.old, &case.new, &case.forth),
                ("back", &case.new, &case.old, &case.back),
            ] {
                let document = |schema| place.document(schema, case.media(), &case.components);
                runs.push(Run {
                    title: format!("{} ({direction}, {})", case.name, place.name),
                    old: document(old),
                    new: document(new),
                    policy: case.policy.clone(),
                    expected: findings
                        .iter()
                        .map(|finding| finding.at(place, case.media()))
                        .collect(),
                });
            }
        }
    }
    runs
}

impl Case {
    fn media(&self) -> &str {
        self.media.as_deref().unwrap_or("application/json")
    }

    fn is_at(&self, place: Place) -> bool {
        let wanted = self.at.as_deref().unwrap_or("json text");
        let text = place.is_text || self.media.is_some();
        wanted.split(' ').any(|name| match name {
            "json" => !text,
            "text" => text,
            "members" => place.is_member,
            name => name == place.name,
        })
    }
}

impl Finding {
    fn at(&self, place: Place, media: &str) -> Expected {
        let exception = self
            .except
            .iter()
            .find(|(names, _)| names.split(' ').any(|name| name == place.name))
            .map(|(_, exception)| exception);
        let or = |special: Option<&String>, usual: &str| -> String {
            sided(special.map_or(usual, String::as_str), place).to_owned()
        };
        let special = |pick: fn(&Exception) -> Option<&String>| exception.and_then(pick);
        let wire = match special(|exception| exception.wire.as_ref()) {
            Some(wire) => wire.clone(),
            None if place.is_silent() => "compatible".to_owned(),
            None => sided(&self.wire, place).to_owned(),
        };
        let rust = match special(|exception| exception.rust.as_ref()) {
            Some(rust) => rust.clone(),
            None if !place.shows(&self.rule) => "compatible".to_owned(),
            None => sided(&self.rust, place).to_owned(),
        };
        let rule = or(special(|exception| exception.rule.as_ref()), &self.rule);
        let says = or(special(|exception| exception.says.as_ref()), &self.says);
        let pointer = |own: &Option<String>| {
            let below = own.as_deref().or(self.at.as_deref()).unwrap_or_default();
            (below != "none").then(|| format!("{}{below}", place.pointer(media)))
        };
        Expected {
            rule: self.rule_name(&rule, place),
            wire,
            rust,
            side: if place.is_request() {
                "request"
            } else {
                "response"
            }
            .to_owned(),
            old: pointer(&self.old),
            new: pointer(&self.new),
            message: format!("{}: {says}", place.words(&self.path, media)),
            reaches: vec!["POST /a".to_owned()],
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    fn rule_name(&self, rule: &str, place: Place) -> String {
        let prefix = if self.member.unwrap_or(!self.path.is_empty()) {
            place.members
        } else {
            place.prefix
        };
        if rule.starts_with('-') {
            return format!("{prefix}{rule}");
        }
        let own = place.own_name(prefix);
        let (side, noun) = own.split_once('-').unwrap_or((own, ""));
        rule.replace("PLACE", own)
            .replace("NOUN", noun)
            .replace("SIDE", side)
    }
}

/// The part of a string for the side of the location.
fn sided(text: &str, place: Place) -> &str {
    match text.split_once(" / ") {
        Some((request, _)) if place.is_request() => request,
        Some((_, response)) => response,
        None => text,
    }
}
