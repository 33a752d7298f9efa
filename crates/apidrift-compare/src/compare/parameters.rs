//! Compares the parameters of operations.

use std::collections::HashSet;

use super::lifecycle::Removal;
use super::view::{self, Types, Use};
use super::{Caller, Context, Engine, Part, Shown, pairing};
use crate::Verdict;
use crate::rules::{Finding, General, Place};
use apidrift_document::{Cursor, Document, leads_out};

/// A parameter as an operation has it.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    /// The entry in the list of the operation or its path.
    listed: Cursor<'a>,
    /// The definition, after references were resolved.
    target: Cursor<'a>,
    location: &'a str,
    name: &'a str,
    /// Whether it is listed for the whole path.
    shared: bool,
}

impl<'a> Parameter<'a> {
    /// The identity of a parameter; header names are case-insensitive.
    fn key(&self) -> (&'a str, String) {
        match self.location {
            "header" => ("header", self.name.to_ascii_lowercase()),
            location => (location, self.name.to_owned()),
        }
    }

    fn is_required(&self) -> bool {
        self.location == "path" || is_required(self.target)
    }
}

fn is_required(object: Cursor<'_>) -> bool {
    object.get("required").is_some_and(Cursor::is_true)
}

/// The parameters of an operation and those of its path that it does not replace.
fn parameters<'a>(document: &'a Document, operation: Cursor<'a>) -> Vec<Parameter<'a>> {
    let own = operation.get("parameters");
    let shared = operation.parent().and_then(|item| item.get("parameters"));
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    for (list, shared) in [(own, false), (shared, true)] {
        for listed in list.into_iter().flat_map(Cursor::items) {
            let target = document.resolve(listed).target;
            let text = |name| target.get(name).and_then(Cursor::as_str);
            let parameter = Parameter {
                listed,
                target,
                location: text("in").unwrap_or_default(),
                name: text("name").or_else(|| text("$ref")).unwrap_or_default(),
                shared,
            };
            if known.insert(parameter.key()) {
                found.push(parameter);
            }
        }
    }
    found
}

/// The names of the variables in a path, in order.
fn variables(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .collect()
}

impl<'a> Engine<'a> {
    pub(super) fn parameters(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let (was, is) = (parameters(self.old, old), parameters(self.new, new));
        let key = |parameter: &Parameter<'a>| Some(parameter.key());
        // A path variable keeps its position when its name changes.
        let names = |operation: Cursor<'a>| {
            variables(operation.parent().map(Cursor::name).unwrap_or_default())
        };
        let position = |names: &[&'a str], parameter: &Parameter<'a>| {
            let position = names.iter().position(|name| *name == parameter.name);
            position.filter(|_| parameter.location == "path")
        };
        let (from, to) = (names(old), names(new));
        let same_length = from.len() == to.len();
        let (was, is, renamed) = pairing::by_key(
            was,
            is,
            |parameter| position(&from, parameter).filter(|_| same_length),
            |parameter| position(&to, parameter).filter(|_| same_length),
        );
        let (gone, come, pairs) = pairing::by_key(was, is, key, key);
        let (gone, come, more) = pairing::by_key(
            gone,
            come,
            |parameter| position(&from, parameter),
            |parameter| position(&to, parameter),
        );
        for (was, is) in pairs.into_iter().chain(renamed).chain(more) {
            self.parameter_kept(was, is, caller);
        }
        for parameter in gone {
            self.parameter_removed(parameter, caller);
        }
        for parameter in come {
            self.parameter_added(parameter, caller);
        }
    }

    fn parameter_kept(&mut self, was: Parameter<'a>, is: Parameter<'a>, caller: Caller) {
        if was.name != is.name && was.location == "path" {
            self.general(
                General::PathParameterRenamed,
                Some(was.listed),
                Some(is.listed),
            )
            .shows(
                Shown::Text(was.name.to_owned()),
                Shown::Text(is.name.to_owned()),
            );
        }
        if is_ignored(&is) {
            return;
        }
        if leads_out(is.target.get("$ref").and_then(Cursor::as_str)) {
            self.general(General::NotComparable, Some(was.listed), Some(is.listed));
        } else if was.target.digest() != is.target.digest() || was.target.refers() {
            self.enter(Part::Parameter(caller), was.target, is.target);
        }
    }

    fn parameter_removed(&mut self, was: Parameter<'a>, caller: Caller) {
        let finding = match self.removal(was.target) {
            Removal::Unannounced => General::ParameterRemoved,
            Removal::Announced => General::ParameterRemovedWithDeprecation,
            Removal::TooSoon => General::ParameterRemovedBeforeSunset,
            Removal::Unreadable => {
                let place = Place::RequestParameter;
                let finding = Finding::DeprecatedSunsetInvalid;
                // The rule concerns the date; the setter is removed as well.
                self.finding(finding, place, Some(was.listed), None)
                    .rust(Verdict::Breaking);
                return;
            }
        };
        let found = self.general(finding, Some(was.listed), None);
        found.shows(Shown::Old(was.target.id), Shown::Nothing);
        if is_ignored(&was) {
            found.wire(Verdict::Compatible);
        } else if caller == Caller::Api {
            found.wire(Verdict::Warning);
        }
    }

    fn parameter_added(&mut self, is: Parameter<'a>, caller: Caller) {
        let finding = match (is.location, is.is_required(), is.shared) {
            ("path", _, _) => General::PathParameterAdded,
            (_, true, true) => General::RequiredSharedParameterAdded,
            (_, false, true) => General::OptionalSharedParameterAdded,
            (_, true, false) => General::RequiredParameterAdded,
            (_, false, false) => General::OptionalParameterAdded,
        };
        let found = self.general(finding, None, Some(is.listed));
        found.shows(Shown::Nothing, Shown::New(is.target.id));
        if caller == Caller::Api {
            // The API sends it, and the client that serves the request may ignore it.
            found.wire(Verdict::Compatible).rust(Verdict::Compatible);
        } else if is_ignored(&is) {
            found.wire(Verdict::Compatible);
        }
    }

    pub(super) fn parameter(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let location = new.get("in").and_then(Cursor::as_str).unwrap_or_default();
        let place = match (caller, location) {
            (Caller::Api, _) => Place::ResponseHeader,
            (Caller::Client, "header") => Place::RequestHeader,
            (Caller::Client, _) => Place::RequestParameter,
        };
        // A path parameter is required even if it is not declared so.
        if location != "path" {
            self.need(old, new, place);
        }
        self.schema_lifecycle(old, new, &Use::of(old), &Use::of(new), place);
        self.style(old, new, location);
        self.described(old, new, place);
    }

    /// Compares whether the parameter or header is required.
    pub(super) fn need(&mut self, old: Cursor<'a>, new: Cursor<'a>, place: Place) {
        let (was, is) = (is_required(old), is_required(new));
        if was != is {
            let finding = if is {
                Finding::BecameRequired
            } else {
                Finding::BecameOptional
            };
            let word = |required: bool| {
                Shown::Text(if required { "required" } else { "optional" }.to_owned())
            };
            let found = self.finding(finding, place, Some(old), Some(new));
            found.shows(word(was), word(is));
            if place == Place::ResponseHeader || (!is && place.side() == crate::Side::Request) {
                // Headers are read by name, and the types of setters do not change.
                found.rust(Verdict::Compatible);
            }
        }
    }

    fn style(&mut self, old: Cursor<'a>, new: Cursor<'a>, location: &str) {
        let kind = |document: &'a Document, parameter: Cursor<'a>| {
            let schema = parameter.get("schema")?;
            view::meant(document, schema)
                .target
                .get("type")
                .map(view::types_of)
        };
        let (from, to) = (kind(self.old, old), kind(self.new, new));
        // `style` and `explode` affect only arrays and objects.
        let single = |kind: Option<Types>| kind.is_some_and(Types::is_scalar);
        let was = style(old, location, single(from));
        let is = style(new, location, single(to));
        if was != is && from == to {
            self.general(General::ParameterStyleChanged, Some(old), Some(new))
                .shows(Shown::Text(was), Shown::Text(is));
        }
    }

    /// The schema of a parameter or header, or that of its only media type.
    pub(super) fn described(&mut self, old: Cursor<'a>, new: Cursor<'a>, place: Place) {
        let media = |object: Cursor<'a>| object.get("content").and_then(|map| map.members().next());
        let context = Context {
            text: true,
            ..Context::at(place)
        };
        match (old.get("schema"), new.get("schema"), media(old), media(new)) {
            (Some(from), Some(to), _, _) => self.schema(from, to, context),
            (None, None, Some((from, was)), Some((to, is))) if from == to => {
                if let (Some(was), Some(is)) = (was.get("schema"), is.get("schema")) {
                    self.schema(was, is, Context::at(place));
                }
            }
            (None, None, None, None) => {}
            (None, Some(to), None, _) if to.is_empty() => {}
            (Some(from), None, _, None) if from.is_empty() => {}
            (from, to, _, _) if from.is_some() != to.is_some() || media(old).is_some() => {
                self.general(General::ParameterContentChanged, Some(old), Some(new));
            }
            _ => {}
        }
    }
}

/// The serialization of a parameter, with defaults applied.
fn style(parameter: Cursor<'_>, location: &str, single: bool) -> String {
    let usual = if matches!(location, "query" | "cookie") {
        "form"
    } else {
        "simple"
    };
    let style = parameter.get("style").and_then(Cursor::as_str);
    let style = style.unwrap_or(usual);
    let explode = parameter.get("explode").and_then(Cursor::as_bool);
    let explode = explode.unwrap_or(style == "form") && !single;
    let reserved = parameter.get("allowReserved").is_some_and(Cursor::is_true);
    format!("{style}, explode: {explode}, allowReserved: {reserved}")
}

/// Whether a parameter is ignored, because another part of the document determines this header.
fn is_ignored(parameter: &Parameter<'_>) -> bool {
    let ignored = ["accept", "content-type", "authorization"];
    parameter.location == "header"
        && ignored
            .iter()
            .any(|name| parameter.name.eq_ignore_ascii_case(name))
}
