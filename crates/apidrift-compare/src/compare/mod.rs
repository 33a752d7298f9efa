//! The comparison.
//!
//! Parts that both documents share by reference are compared once, as *units* keyed by their two locations and their context. A
//! unit records the units that refer to it, so that its findings can be reported for every operation that it affects. Units are
//! processed from a queue, so neither cycles nor long chains of references deepen the stack.

mod all_of;
mod bounds;
mod branches;
mod components;
mod content;
mod describe;
mod finish;
mod lifecycle;
mod members;
mod operations;
mod ownership;
mod pairing;
mod parameters;
mod paths;
mod reach;
mod responses;
mod schema;
mod security;
mod servers;
mod subschemas;
mod type_set;
mod types;
mod values;
mod view;

use std::cell::{Cell, OnceCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use crate::report::{Operation, Report};
use crate::rules::{Finding, General, Place, Rule, general_rule, schema_rule};
use crate::{Side, Verdict};
use apidrift_document::{Cursor, Document, NodeId};

pub use lifecycle::Options;

/// Compares two documents with today's date, without a policy for deprecations.
pub fn compare(old: &Document, new: &Document) -> Report {
    compare_with(old, new, &Options::default())
}

/// Compares two documents.
pub fn compare_with(old: &Document, new: &Document, options: &Options) -> Report {
    let mut engine = Engine::new(old, new, options);
    if old.root().digest() != new.root().digest() || old.refers_outside() {
        engine.documents();
        engine.run();
        engine.unused_schemas();
        engine.run();
        engine.components();
    }
    finish::report(engine)
}

/// The context in which a schema is used. Findings depend on it, so it is part of a unit's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Context {
    place: Place,
    /// Values are written as text: parameters, forms, XML. A number may then become a string.
    text: bool,
    /// The location of use determines whether the value may be null, and its annotations. Set again wherever a schema is used.
    used: bool,
}

impl Context {
    fn at(place: Place) -> Self {
        Self {
            place,
            text: false,
            used: false,
        }
    }

    fn of_members(self) -> Self {
        Self {
            place: self.place.of_members(),
            ..self
        }
    }
}

/// The direction of an operation's messages. In webhooks and callbacks the API is the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    Client,
    Api,
}

impl Caller {
    /// `client` if the client is the caller, otherwise `api`.
    fn pick<T>(self, client: T, api: T) -> T {
        match self {
            Caller::Client => client,
            Caller::Api => api,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Document,
    Operation(u32, Caller),
    Parameter(Caller),
    RequestBody(Caller),
    Response(Caller),
    Header(Caller),
    Schema(Context),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Unit {
    part: Part,
    old: NodeId,
    new: NodeId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Schema(Finding),
    General(General),
}

/// A value that is shown with a change.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Nothing,
    Old(NodeId),
    New(NodeId),
    Text(String),
}

/// A change as found, before places that share it are merged.
#[derive(Debug)]
struct Found {
    unit: u32,
    kind: Kind,
    rule: &'static Rule,
    old: Option<NodeId>,
    new: Option<NodeId>,
    before: Shown,
    after: Shown,
    wire: Verdict,
    rust: Verdict,
    side: Side,
    /// Schemas that are part of this change, since only added or removed parts use them.
    schemas: Vec<String>,
    /// The subject of the change, if the location has several of the kind: a branch or a value.
    subject: Option<String>,
}

impl Found {
    fn about(&mut self, subject: Option<String>) -> &mut Self {
        self.subject = subject;
        self
    }

    fn wire(&mut self, verdict: Verdict) -> &mut Self {
        self.wire = verdict;
        self
    }

    /// The verdict if messages carry the location; otherwise the other verdict applies.
    fn wire_at(&mut self, place: Place, verdict: Verdict) -> &mut Self {
        if !place.is_silent() {
            self.wire = verdict;
        }
        self
    }

    fn rust(&mut self, verdict: Verdict) -> &mut Self {
        self.rust = verdict;
        self
    }

    fn shows(&mut self, before: Shown, after: Shown) -> &mut Self {
        self.before = before;
        self.after = after;
        self
    }
}

/// A reference whose target is a component with another name.
#[derive(Debug)]
struct Retargeted {
    unit: u32,
    place: Place,
    old: NodeId,
    new: NodeId,
    old_target: NodeId,
    new_target: NodeId,
}

struct OperationEntry {
    operation: Operation,
    /// Below the stability levels that make promises: changes to it break no promise.
    unstable: bool,
}

struct Engine<'a> {
    old: &'a Document,
    new: &'a Document,
    options: &'a Options,
    units: Vec<Unit>,
    index: HashMap<Unit, u32>,
    edges: Vec<(u32, u32)>,
    queue: VecDeque<u32>,
    current: u32,
    found: Vec<Found>,
    retargeted: Vec<Retargeted>,
    /// Components, old and new, that are only aliases of another schema.
    aliases: (HashSet<NodeId>, HashSet<NodeId>),
    /// Components, old and new, that were compared as parts of schemas that extend them.
    extended: (HashSet<NodeId>, HashSet<NodeId>),
    operations: Vec<OperationEntry>,
    /// Operations that only one document has, the old ones and the new ones.
    lone: (Vec<ownership::Lone>, Vec<ownership::Lone>),
    /// The maximum number of units; the product of two hostile cycles would not finish in useful time.
    limit: usize,
    /// The nesting of trials of this comparison; 0 for the requested one. Trials do not record renames.
    trials: usize,
    /// The number of schemas that trials may still compare. Without it, nested unions would take exponential time.
    allowance: Rc<Cell<usize>>,
    /// The names of the components that extend each component, old and new, for this comparison and its trials.
    children: Rc<OnceCell<(Children<'a>, Children<'a>)>>,
}

/// The names of the components of a document that extend each schema, in the order of the document.
type Children<'a> = HashMap<NodeId, Vec<&'a str>>;

/// The maximum number of units in a trial.
const TRIAL_UNITS: usize = 64;
/// The maximum number of schemas that all trials of a comparison compare.
const TRIAL_SCHEMAS: usize = 200_000;
/// The maximum nesting of trials.
const TRIAL_DEPTH: usize = 2;

impl<'a> Engine<'a> {
    fn new(old: &'a Document, new: &'a Document, options: &'a Options) -> Self {
        Self {
            old,
            new,
            options,
            units: Vec::new(),
            index: HashMap::new(),
            edges: Vec::new(),
            queue: VecDeque::new(),
            current: 0,
            found: Vec::new(),
            retargeted: Vec::new(),
            aliases: Default::default(),
            extended: Default::default(),
            operations: Vec::new(),
            lone: Default::default(),
            limit: 4 * (old.size() + new.size()) + 1000,
            trials: 0,
            allowance: Rc::new(Cell::new(TRIAL_SCHEMAS)),
            children: Rc::default(),
        }
    }

    fn documents(&mut self) {
        let (old, new) = (self.old.root(), self.new.root());
        self.current = self.unit(Part::Document, old, new);
        let moved = Self::prefix_moved(old, new);
        self.servers(old, new, moved.is_some());
        self.global_security(old, new);
        self.paths(old, new, moved);
        self.webhooks(old, new);
    }

    /// The unit with this key, created and queued if it is new, and linked to the current one.
    fn enter(&mut self, part: Part, old: Cursor<'a>, new: Cursor<'a>) {
        let unit = self.unit(part, old, new);
        self.edges.push((self.current, unit));
    }

    fn unit(&mut self, part: Part, old: Cursor<'a>, new: Cursor<'a>) -> u32 {
        let unit = Unit {
            part,
            old: old.id,
            new: new.id,
        };
        if let Some(&number) = self.index.get(&unit) {
            return number;
        }
        // Units are bounded by `limit`, which is far below `u32::MAX`.
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `limit`")]
        let number = self.units.len() as u32;
        self.units.push(unit);
        self.index.insert(unit, number);
        if self.units.len() <= self.limit {
            self.queue.push_back(number);
        } else if old.digest() != new.digest() {
            let current = std::mem::replace(&mut self.current, number);
            self.general(General::NotComparable, Some(old), Some(new));
            self.current = current;
        }
        number
    }

    fn run(&mut self) {
        while let Some(number) = self.queue.pop_front() {
            self.current = number;
            let Unit { part, old, new } = self.units[number as usize];
            let (old, new) = (self.old.at(old), self.new.at(new));
            match part {
                Part::Document => {}
                Part::Operation(_, caller) => self.operation(old, new, caller),
                Part::Parameter(caller) => self.parameter(old, new, caller),
                Part::RequestBody(caller) => self.request_body(old, new, caller),
                Part::Response(caller) => self.response(old, new, caller),
                Part::Header(caller) => self.header(old, new, caller),
                Part::Schema(context) => self.schema_content(old, new, context),
            }
        }
    }

    fn finding(
        &mut self,
        finding: Finding,
        place: Place,
        old: Option<Cursor<'a>>,
        new: Option<Cursor<'a>>,
    ) -> &mut Found {
        // Every finding applies at every location, except that a response body cannot be required.
        let rule =
            schema_rule(place, finding).unwrap_or_else(|| general_rule(General::NotComparable));
        self.push(Kind::Schema(finding), rule, old, new)
    }

    fn general(
        &mut self,
        finding: General,
        old: Option<Cursor<'a>>,
        new: Option<Cursor<'a>>,
    ) -> &mut Found {
        self.push(Kind::General(finding), general_rule(finding), old, new)
    }

    fn push(
        &mut self,
        kind: Kind,
        rule: &'static Rule,
        old: Option<Cursor<'a>>,
        new: Option<Cursor<'a>>,
    ) -> &mut Found {
        let (old, new) = (old.map(|old| old.id), new.map(|new| new.id));
        let index = self.found.len();
        self.found.push(Found {
            unit: self.current,
            kind,
            rule,
            old,
            new,
            before: old.map_or(Shown::Nothing, Shown::Old),
            after: new.map_or(Shown::Nothing, Shown::New),
            wire: rule.wire(),
            rust: rule.rust(),
            side: rule.side(),
            schemas: Vec::new(),
            subject: None,
        });
        &mut self.found[index]
    }

    /// The findings of a comparison of two schemas alone, or `None` if that takes too long.
    fn trial(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> Option<Vec<Verdict>> {
        let found = self.tried(old, new, context)?;
        Some(found.iter().map(|found| found.wire).collect())
    }

    /// Whether a trial has only compatible findings, and its finding about null at the top level.
    fn fits_but_for_null(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> bool {
        let tops = [old.id, view::meant(self.old, old).target.id];
        let null = [Finding::BecameNullable, Finding::BecameNotNullable].map(Kind::Schema);
        let harmless = |found: &Found| {
            found.wire == Verdict::Compatible
                || (null.contains(&found.kind) && found.old.is_some_and(|id| tops.contains(&id)))
        };
        let found = self.tried(old, new, context);
        found.is_some_and(|found| found.iter().all(harmless))
    }

    fn tried(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> Option<Vec<Found>> {
        if self.trials >= TRIAL_DEPTH || self.allowance.get() == 0 {
            return None;
        }
        let mut engine = Engine::new(self.old, self.new, self.options);
        engine.trials = self.trials + 1;
        engine.allowance = Rc::clone(&self.allowance);
        engine.children = Rc::clone(&self.children);
        engine.limit = TRIAL_UNITS;
        engine.current = engine.unit(Part::Document, self.old.root(), self.new.root());
        engine.schema(old, new, context);
        engine.run();
        (engine.units.len() <= TRIAL_UNITS && self.allowance.get() > 0).then_some(engine.found)
    }

    /// Whether two schemas mean the same.
    fn same(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> bool {
        self.trial(old, new, context)
            .is_some_and(|found| found.is_empty())
    }

    /// Whether `new` accepts every value that `old` accepts.
    fn covers(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> bool {
        let request = Context {
            place: Place::RequestProperty,
            ..context
        };
        self.trial(old, new, request)
            .is_some_and(|found| found.iter().all(|&wire| wire == Verdict::Compatible))
    }
}
