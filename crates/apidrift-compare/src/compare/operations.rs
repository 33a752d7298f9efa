//! Pairs operations, and compares their own properties.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::lifecycle::{self, Removal};
use super::ownership::Lone;
use super::paths::{Entry, entries, members_of, template, variables};
use super::servers::Prefixes;
use super::{Caller, Engine, OperationEntry, Part, Shown, Unit, pairing};
use crate::Verdict;
use crate::method_name;
use crate::report::Operation;
use crate::rules::General;
use apidrift_document::{Cursor, Document, leads_out};

impl<'a> Engine<'a> {
    pub(super) fn paths(&mut self, old: Cursor<'a>, new: Cursor<'a>, moved: Option<Prefixes>) {
        let (from, to) = (old.get("paths"), new.get("paths"));
        for map in [from, to].into_iter().flatten() {
            if !map.is_object() {
                if from.map(Cursor::digest) != to.map(Cursor::digest) {
                    self.general(General::NotComparable, from, to);
                }
                return;
            }
        }
        self.unresolved_items(from, to);
        let (gone, come) = (entries(self.old, from), entries(self.new, to));
        let (gone, come) = match &self.options.path_prefixes {
            Some((old, new)) => self.pair_without_prefixes(gone, come, (old, new)),
            None => (gone, come),
        };
        let (gone, come) = match moved {
            Some(prefixes) => self.pair_by_url(gone, come, &prefixes),
            None => (gone, come),
        };
        let (gone, come) = self.pair_operations(gone, come);
        let kept: HashSet<String> = to
            .into_iter()
            .flat_map(Cursor::members)
            .map(|(path, _)| template(path))
            .collect();
        let (gone, come) = self.pair_moved(gone, come);
        for entry in gone {
            self.removed(entry, kept.contains(&template(entry.path)));
        }
        for entry in come {
            self.lone(entry, Caller::Client);
            self.lone
                .1
                .push(Lone::new(entry.operation, self.found.len()));
            self.general(General::OperationAdded, None, Some(entry.operation))
                .shows(Shown::Nothing, Shown::Text(entry.label()));
        }
    }

    /// Path items that are in other files.
    fn unresolved_items(&mut self, from: Option<Cursor<'a>>, to: Option<Cursor<'a>>) {
        for (path, item) in to.into_iter().flat_map(Cursor::members) {
            let Some(before) = from.and_then(|paths| paths.get_any(path)) else {
                continue;
            };
            let (was, is) = (self.old.resolve(before), self.new.resolve(item));
            if was.dangling != is.dangling || leads_out(is.dangling) {
                self.general(General::NotComparable, Some(before), Some(item));
            }
        }
    }

    /// Pairs by path and method, first as written, then without the names of path variables.
    fn pair_operations(
        &mut self,
        old: Vec<Entry<'a>>,
        new: Vec<Entry<'a>>,
    ) -> (Vec<Entry<'a>>, Vec<Entry<'a>>) {
        let by_name = |entry: &Entry<'a>| Some((entry.path, entry.method));
        let by_template = |entry: &Entry<'a>| Some((template(entry.path), entry.method));
        let (gone, come, pairs) = pairing::by_key(old, new, by_name, by_name);
        let (gone, come, more) = pairing::by_key(gone, come, by_template, by_template);
        for (from, to) in pairs.into_iter().chain(more) {
            self.pair(from, to, Caller::Client);
        }
        (gone, come)
    }

    /// Pairs operations with equal paths, without the prefixes in the options.
    fn pair_without_prefixes(
        &mut self,
        old: Vec<Entry<'a>>,
        new: Vec<Entry<'a>>,
        (old_prefix, new_prefix): (&str, &str),
    ) -> (Vec<Entry<'a>>, Vec<Entry<'a>>) {
        let key = |prefix: &str, entry: &Entry<'a>| {
            let rest = entry.path.strip_prefix(prefix.trim_end_matches('/'));
            let rest = rest.filter(|rest| rest.is_empty() || rest.starts_with('/'));
            Some((template(rest.unwrap_or(entry.path)), entry.method))
        };
        let (gone, come, pairs) = pairing::by_key(
            old,
            new,
            |entry| key(old_prefix, entry),
            |entry| key(new_prefix, entry),
        );
        for (from, to) in pairs {
            self.pair(from, to, Caller::Client);
        }
        (gone, come)
    }

    /// Pairs operations with equal URLs, even if a part of it moved between server and path.
    fn pair_by_url(
        &mut self,
        old: Vec<Entry<'a>>,
        new: Vec<Entry<'a>>,
        prefixes: &Prefixes,
    ) -> (Vec<Entry<'a>>, Vec<Entry<'a>>) {
        let url = |prefix: &str, entry: &Entry<'a>| {
            Some((template(&format!("{prefix}{}", entry.path)), entry.method))
        };
        let (gone, come, pairs) = pairing::by_key(
            old,
            new,
            |entry| url(&prefixes.old, entry),
            |entry| url(&prefixes.new, entry),
        );
        for (from, to) in pairs {
            self.pair(from, to, Caller::Client);
        }
        (gone, come)
    }

    /// Pairs the remaining operations by id, or without an id by content, if it is unique.
    fn pair_moved(
        &mut self,
        gone: Vec<Entry<'a>>,
        come: Vec<Entry<'a>>,
    ) -> (Vec<Entry<'a>>, Vec<Entry<'a>>) {
        let key = |entry: &Entry<'a>| match entry.id() {
            Some(id) => (entry.method, id.to_owned(), 0),
            None => (entry.method, String::new(), entry.operation.digest()),
        };
        let unique = |entries: Vec<Entry<'a>>| {
            let mut count: HashMap<_, usize> = HashMap::new();
            for entry in &entries {
                *count.entry(key(entry)).or_default() += 1;
            }
            entries
                .into_iter()
                .partition::<Vec<_>, _>(|entry| count[&key(entry)] == 1)
        };
        let ((gone, many_gone), (come, many_come)) = (unique(gone), unique(come));
        let (mut gone, mut come, pairs) = pairing::by_key(
            gone,
            come,
            |entry| Some(key(entry)),
            |entry| Some(key(entry)),
        );
        for (from, to) in pairs {
            self.pair(from, to, Caller::Client);
            let (was, is) = (variables(from.path), variables(to.path));
            let found = self.general(
                General::OperationMoved,
                Some(from.operation),
                Some(to.operation),
            );
            found.shows(Shown::Text(from.label()), Shown::Text(to.label()));
            let all = |names: &[&'a str]| names.iter().copied().collect::<BTreeSet<_>>();
            if was != is && all(&was) == all(&is) {
                // Path parameters are arguments of the method, in path order.
                found.rust(Verdict::Breaking);
            }
        }
        gone.extend(many_gone);
        come.extend(many_come);
        (gone, come)
    }

    /// Makes the unit of a pair of operations the current one, and queues it.
    fn pair(&mut self, from: Entry<'a>, to: Entry<'a>, caller: Caller) {
        let index = self.register(to, lifecycle::is_unstable(from.operation));
        self.current = self.unit(Part::Operation(index, caller), from.operation, to.operation);
    }

    fn register(&mut self, entry: Entry<'a>, unstable: bool) -> u32 {
        // There are fewer operations than values, whose number is below `u32::MAX`.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded by the number of values"
        )]
        let index = self.operations.len() as u32;
        self.operations.push(OperationEntry {
            operation: Operation {
                method: entry.method.to_uppercase(),
                path: entry.path.to_owned(),
                operation_id: entry.id().map(str::to_owned),
            },
            unstable,
        });
        index
    }

    /// Makes the unit of an operation that only one document contains the current one.
    fn lone(&mut self, entry: Entry<'a>, caller: Caller) {
        let index = self.register(entry, lifecycle::is_unstable(entry.operation));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded by the number of values"
        )]
        let number = self.units.len() as u32;
        self.units.push(Unit {
            part: Part::Operation(index, caller),
            old: self.old.root().id,
            new: self.new.root().id,
        });
        self.current = number;
    }

    fn removed(&mut self, entry: Entry<'a>, path_is_kept: bool) {
        self.lone(entry, Caller::Client);
        let finding = match (self.removal(entry.operation), path_is_kept) {
            (Removal::Unannounced, true) => General::OperationRemoved,
            (Removal::Unannounced, false) => General::PathRemoved,
            (Removal::Announced, true) => General::OperationRemovedWithDeprecation,
            (Removal::Announced, false) => General::PathRemovedWithDeprecation,
            (Removal::TooSoon, true) => General::OperationRemovedBeforeSunset,
            (Removal::TooSoon, false) => General::PathRemovedBeforeSunset,
            (Removal::Unreadable, _) => General::SunsetUnreadable,
        };
        self.lone
            .0
            .push(Lone::new(entry.operation, self.found.len()));
        let found = self.general(finding, Some(entry.operation), None);
        found.shows(Shown::Text(entry.label()), Shown::Nothing);
        if finding == General::SunsetUnreadable {
            // The rule is about the date; the method is removed as well.
            found.rust(Verdict::Breaking);
        }
    }

    /// Compares two operations, independent of who calls them.
    pub(super) fn operation(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        if old.digest() != new.digest() {
            self.operation_id(old, new);
            self.tags(old, new);
            self.operation_lifecycle(old, new);
        }
        self.operation_security(old, new);
        if caller == Caller::Client {
            self.operation_servers(old, new);
        }
        self.parameters(old, new, caller);
        self.bodies(old, new, caller);
        self.responses(old, new, caller);
        self.callbacks(old, new, caller);
    }

    fn operation_id(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let id = |operation: Cursor<'a>| operation.get("operationId");
        let (was, is) = (id(old), id(new));
        let finding = match (was, is) {
            (None, Some(_)) => General::OperationIdAdded,
            (Some(_), None) => General::OperationIdRemoved,
            (Some(was), Some(is)) if was.digest() != is.digest() => General::OperationRenamed,
            _ => return,
        };
        let shown_old = was.map_or(Shown::Nothing, |value| Shown::Old(value.id));
        let shown_new = is.map_or(Shown::Nothing, |value| Shown::New(value.id));
        let method = |value: Option<Cursor<'a>>| value.and_then(Cursor::as_str).map(method_name);
        let found = self.general(finding, Some(old), Some(new));
        found.shows(shown_old, shown_new);
        if finding == General::OperationRenamed && method(was) == method(is) {
            // `getUser` and `get_user` are one method.
            found.rust(Verdict::Compatible);
        }
    }

    fn tags(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let tags = |operation: Cursor<'a>| -> BTreeSet<&'a str> {
            let list = operation.get("tags").into_iter().flat_map(Cursor::items);
            list.filter_map(Cursor::as_str).collect()
        };
        let (was, is) = (tags(old), tags(new));
        for tag in was.difference(&is) {
            self.general(General::TagRemoved, Some(old), Some(new))
                .shows(Shown::Text((*tag).to_owned()), Shown::Nothing);
        }
        for tag in is.difference(&was) {
            self.general(General::TagAdded, Some(old), Some(new))
                .shows(Shown::Nothing, Shown::Text((*tag).to_owned()));
        }
    }

    pub(super) fn webhooks(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let hooks = |root: Cursor<'a>| root.get("webhooks").or_else(|| root.get("x-webhooks"));
        let findings = (General::WebhookAdded, General::WebhookRemoved);
        self.called_by_api(hooks(old), hooks(new), findings);
    }

    fn callbacks(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        if caller == Caller::Api {
            return;
        }
        let (from, to) = (old.get("callbacks"), new.get("callbacks"));
        let unit = self.current;
        let names = members_of(from).chain(members_of(to)).map(|(name, _)| name);
        for name in names.collect::<BTreeSet<_>>() {
            let entry = |map: Option<Cursor<'a>>, document: &'a Document| {
                map.and_then(|map| map.get(name))
                    .map(|place| document.resolve(place).target)
            };
            let findings = (General::CallbackAdded, General::CallbackRemoved);
            self.called_by_api(entry(from, self.old), entry(to, self.new), findings);
            self.current = unit;
        }
    }

    /// Compares operations that the API calls and the client serves.
    fn called_by_api(
        &mut self,
        from: Option<Cursor<'a>>,
        to: Option<Cursor<'a>>,
        (added, removed): (General, General),
    ) {
        let caller = Caller::Api;
        let name = |entry: &Entry<'a>| Some((entry.path, entry.method));
        let (gone, come, pairs) =
            pairing::by_key(entries(self.old, from), entries(self.new, to), name, name);
        for (from, to) in pairs {
            self.pair(from, to, caller);
        }
        for entry in gone {
            self.lone(entry, caller);
            self.general(removed, Some(entry.operation), None)
                .shows(Shown::Text(entry.label()), Shown::Nothing);
        }
        for entry in come {
            self.lone(entry, caller);
            self.general(added, None, Some(entry.operation))
                .shows(Shown::Nothing, Shown::Text(entry.label()));
        }
    }
}
