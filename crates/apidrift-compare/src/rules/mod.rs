//! The rule table: findings, with their locations, verdicts and reasons.
//!
//! The rules for schemas are every finding at every location, so a request rule always has its response rule, and an addition
//! its removal.

mod effect;
mod finding;
mod general_table;
mod name;
mod page;
mod place;
mod schema_table;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use finding::{Bound, Finding, Move};
pub(crate) use general_table::General;
pub(crate) use name::established_level;
pub use page::page;
pub(crate) use place::Place;

use crate::{Side, Verdict};

/// A named kind of change.
#[derive(Debug, Clone)]
pub struct Rule {
    id: String,
    side: Side,
    what: String,
    before: String,
    after: String,
    wire: (Verdict, &'static str),
    rust: (Verdict, &'static str),
    adds: bool,
    silent: bool,
    mirrors: Vec<String>,
}

impl Rule {
    /// The name used in every output, such as `request-property-removed`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which messages it is about.
    pub fn side(&self) -> Side {
        self.side
    }

    /// Whether it concerns parts that messages of its side do not contain.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// The finding, as the end of a sentence about the location.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// An example, before and after the change.
    pub fn example(&self) -> (&str, &str) {
        (&self.before, &self.after)
    }

    /// The usual verdict for the wire. A change may have another one because of its values.
    pub fn wire(&self) -> Verdict {
        self.wire.0
    }

    /// The reason for the verdict for the wire.
    pub fn wire_reason(&self) -> &'static str {
        self.wire.1
    }

    /// The usual verdict for Rust callers. A change may have another one because of its values.
    pub fn rust(&self) -> Verdict {
        self.rust.0
    }

    /// The reason for the verdict for Rust callers.
    pub fn rust_reason(&self) -> &'static str {
        self.rust.1
    }

    /// Whether callers can use something that was not available before.
    pub(crate) fn adds(&self) -> bool {
        self.adds
    }

    /// The rules that report the reverse of the change. Usually one.
    pub fn mirrors(&self) -> &[String] {
        &self.mirrors
    }
}

struct Table {
    rules: Vec<Rule>,
    by_id: HashMap<String, usize>,
    schema: HashMap<(Place, Finding), usize>,
    general: HashMap<General, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

impl Table {
    fn build() -> Self {
        let mut table = Table {
            rules: Vec::new(),
            by_id: HashMap::new(),
            schema: HashMap::new(),
            general: HashMap::new(),
        };
        for row in general_table::ROWS {
            let index = table.add(Rule {
                id: row.id.to_owned(),
                side: row.side,
                what: row.what.to_owned(),
                before: row.before.to_owned(),
                after: row.after.to_owned(),
                wire: row.wire.verdict(row.side),
                rust: row.rust.verdict(row.side),
                adds: row.rust.adds(),
                silent: false,
                mirrors: Vec::new(),
            });
            table.general.insert(row.finding, index);
        }
        let rows = schema_table::rows();
        for place in Place::ALL {
            for row in rows.iter().filter(|row| name::applies(place, row.finding)) {
                let wire = name::exception(place, row.finding)
                    .unwrap_or_else(|| row.wire.verdict(place.side()));
                let index = table.add(Rule {
                    id: name::of(place, row.finding, &row.suffix),
                    side: place.side(),
                    silent: place.is_silent(),
                    what: row.what.clone(),
                    before: row.before.clone(),
                    after: row.after.clone(),
                    wire,
                    rust: name::rust_exception(place, row.finding)
                        .unwrap_or_else(|| row.rust.verdict(place.side())),
                    adds: row.rust.adds(),
                    mirrors: Vec::new(),
                });
                table.schema.insert((place, row.finding), index);
            }
        }
        table.link(&rows);
        table
    }

    /// Some findings share an established rule name; the first one in the table describes the rule.
    fn add(&mut self, rule: Rule) -> usize {
        if let Some(&index) = self.by_id.get(&rule.id) {
            return index;
        }
        self.by_id.insert(rule.id.clone(), self.rules.len());
        self.rules.push(rule);
        self.rules.len() - 1
    }

    fn link(&mut self, rows: &[schema_table::Row]) {
        let mut links = Vec::new();
        for row in general_table::ROWS {
            links.push((self.general[&row.finding], self.general[&row.mirror]));
            links.push((self.general[&row.mirror], self.general[&row.finding]));
        }
        for (&(place, finding), &index) in &self.schema {
            for row in rows.iter().filter(|row| row.finding == finding) {
                let also = schema_table::ALSO
                    .iter()
                    .filter(|pair| pair.0 == finding)
                    .map(|pair| pair.1);
                for mirror in also.filter_map(|other| self.schema.get(&(place, other))) {
                    links.push((index, *mirror));
                    links.push((*mirror, index));
                }
                if let Some(&mirror) = self.schema.get(&(place, row.mirror)) {
                    links.push((index, mirror));
                    links.push((mirror, index));
                }
            }
        }
        for (from, to) in links {
            let id = self.rules[to].id.clone();
            let mirrors = &mut self.rules[from].mirrors;
            if !mirrors.contains(&id) {
                mirrors.push(id);
                mirrors.sort_unstable();
            }
        }
    }
}

/// All rules, in the order of the rules page.
pub fn rules() -> &'static [Rule] {
    &TABLE.rules
}

/// The rule with this name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    TABLE.by_id.get(id).map(|&index| &TABLE.rules[index])
}

pub(crate) fn schema_rule(place: Place, finding: Finding) -> Option<&'static Rule> {
    TABLE
        .schema
        .get(&(place, finding))
        .map(|&index| &TABLE.rules[index])
}

pub(crate) fn general_rule(finding: General) -> &'static Rule {
    // Every finding has a row: the test `every_general_finding_has_one_rule` verifies it.
    &TABLE.rules[TABLE.general[&finding]]
}

#[cfg(test)]
mod tests;
