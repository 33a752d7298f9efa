//! Compares two schemas.

use super::view::{self, Meant, Use, View};
use super::{Context, Engine, Part, Retargeted, Shown};
use crate::rules::{Finding, Place};
use apidrift_document::{Cursor, leads_out};

impl<'a> Engine<'a> {
    /// Compares the schemas at two locations. A part that both sides share by reference becomes a unit.
    pub(super) fn schema(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        if old.digest() == new.digest() && !old.refers() && !new.refers() {
            return;
        }
        let (mut was, mut is) = (view::meant(self.old, old), view::meant(self.new, new));
        if was.only_form && !is.only_form && view::is_choice(is.target) {
            was = view::meant_as_choice(self.old, old);
        } else if is.only_form && !was.only_form && view::is_choice(was.target) {
            is = view::meant_as_choice(self.new, new);
        }
        self.aliases
            .0
            .extend(was.aliases.iter().map(|alias| alias.id));
        self.aliases
            .1
            .extend(is.aliases.iter().map(|alias| alias.id));
        self.note_extended(&was, &is);
        if was.dangling.is_some() || is.dangling.is_some() {
            if was.dangling != is.dangling || leads_out(is.dangling) {
                self.finding(Finding::NotComparable, context.place, Some(old), Some(new));
            }
            return;
        }
        self.note_names(&was, &is, context.place, old, new);
        if was.written.digest() != is.written.digest() {
            self.all_of_lists(&was, &is, context);
        }
        let mut inner = Context {
            used: false,
            ..context
        };
        if !was.usage.same(&is.usage) {
            inner.used = true;
            self.usage(old, new, was.effective(), is.effective(), context.place);
        }
        if was.followed || is.followed {
            self.enter(Part::Schema(inner), was.target, is.target);
        } else {
            self.schema_content(was.target, is.target, inner);
        }
    }

    /// Records the sources of a merged schema. A component that is inlined now, or was before, is neither removed nor added.
    fn note_extended(&mut self, was: &Meant<'a>, is: &Meant<'a>) {
        let ids = |meant: &Meant<'a>| {
            let parts = meant.merged.iter().map(|part| part.id);
            parts.collect::<Vec<_>>()
        };
        self.extended.0.extend(ids(was));
        self.extended.1.extend(ids(is));
        if is.in_place > was.in_place {
            self.aliases.0.extend(ids(was));
        }
        if was.in_place > is.in_place {
            self.aliases.1.extend(ids(is));
        }
    }

    fn note_names(
        &mut self,
        was: &Meant<'a>,
        is: &Meant<'a>,
        place: Place,
        old: Cursor<'a>,
        new: Cursor<'a>,
    ) {
        let (Some(from), Some(to)) = (was.component, is.component) else {
            return;
        };
        if from.name() != to.name() && self.trials == 0 {
            self.retargeted.push(Retargeted {
                unit: self.current,
                place,
                old: old.id,
                new: new.id,
                old_target: from.id,
                new_target: to.id,
            });
        }
    }

    /// Compares the content of two schemas, already resolved.
    pub(super) fn schema_content(&mut self, old: Cursor<'a>, new: Cursor<'a>, context: Context) {
        if self.trials > 0 {
            let left = self.allowance.get();
            if left == 0 {
                return;
            }
            self.allowance.set(left - 1);
        }
        let (old, new) = (self.old.as_merged(old), self.new.as_merged(new));
        if old.digest() == new.digest() {
            if old.refers() || new.refers() {
                self.same_text(old, new, context);
            }
            return;
        }
        let (mut was, mut is) = (View::of(self.old, old), View::of(self.new, new));
        // Keywords beside a union in one document may be inside each branch in the other.
        if was.is_choice_alone()
            && let Some(choice) = self.new.as_choice(new)
        {
            is = View::of(self.new, choice);
        } else if is.is_choice_alone()
            && let Some(choice) = self.old.as_choice(old)
        {
            was = View::of(self.old, choice);
        }
        View::pair(&mut was, &mut is);
        self.aliases
            .0
            .extend(was.consumed.iter().map(|schema| schema.id));
        self.aliases
            .1
            .extend(is.consumed.iter().map(|schema| schema.id));
        if was.odd || is.odd {
            self.finding(Finding::NotComparable, context.place, Some(old), Some(new));
            return;
        }
        if !context.used {
            let with_null = |view: &View<'a>| Use {
                nullable: view.nullable,
                ..Use::of(view.node)
            };
            self.usage(old, new, with_null(&was), with_null(&is), context.place);
        }
        if self.types(&was, &is, context) {
            self.values(&was, &is, context);
            self.members(&was, &is, context);
            self.subschemas(&was, &is, context);
        }
    }

    /// The annotations of the value at its location of use.
    fn usage(&mut self, old: Cursor<'a>, new: Cursor<'a>, was: Use<'a>, is: Use<'a>, place: Place) {
        let typed = |schema: Cursor<'a>| !is_anything(schema);
        // A schema without a type accepts null too.
        let untyped = if was.nullable {
            view::is_untyped(view::meant(self.new, new).target)
        } else {
            view::is_untyped(view::meant(self.old, old).target)
        };
        if was.nullable != is.nullable && typed(old) && typed(new) && !untyped {
            let finding = if is.nullable {
                Finding::BecameNullable
            } else {
                Finding::BecameNotNullable
            };
            let shown = |nullable: bool| {
                Shown::Text(if nullable { "nullable" } else { "not nullable" }.to_owned())
            };
            let optional = place.is_member() && is_optional(old, new);
            let found = self.finding(finding, place, Some(old), Some(new));
            found.shows(shown(was.nullable), shown(is.nullable));
            if optional {
                // The field is an `Option` either way.
                found.rust(crate::Verdict::Compatible);
            }
        }
        self.keyword(
            was.default,
            is.default,
            (old, new),
            place,
            [
                Finding::DefaultAdded,
                Finding::DefaultRemoved,
                Finding::DefaultChanged,
            ],
        );
        self.schema_lifecycle(old, new, &was, &is, place);
    }

    /// Reports a keyword that was added, removed or changed.
    pub(super) fn keyword(
        &mut self,
        was: Option<Cursor<'a>>,
        is: Option<Cursor<'a>>,
        (old, new): (Cursor<'a>, Cursor<'a>),
        place: Place,
        [added, removed, changed]: [Finding; 3],
    ) {
        let finding = match (was, is) {
            (None, Some(_)) => added,
            (Some(_), None) => removed,
            (Some(was), Some(is)) if was.digest() != is.digest() => changed,
            _ => return,
        };
        let shown_old = was.map_or(Shown::Nothing, |value| Shown::Old(value.id));
        let shown_new = is.map_or(Shown::Nothing, |value| Shown::New(value.id));
        self.finding(finding, place, Some(old), Some(new))
            .shows(shown_old, shown_new);
    }
}

/// Whether both locations are properties that are not required.
fn is_optional(old: Cursor<'_>, new: Cursor<'_>) -> bool {
    let optional = |member: Cursor<'_>| {
        let Some(properties) = member
            .parent()
            .filter(|parent| parent.name() == "properties")
        else {
            return false;
        };
        let required = properties
            .parent()
            .and_then(|schema| schema.get("required"));
        !required.is_some_and(|names| {
            names
                .items()
                .any(|name| name.as_str() == Some(member.name()))
        })
    };
    optional(old) && optional(new)
}

/// A schema without constraints.
pub(super) fn is_anything(schema: Cursor<'_>) -> bool {
    schema.as_bool() == Some(true)
        || (schema.is_object()
            && schema
                .members()
                .all(|(name, _)| view::is_annotation(name) && name != "nullable"))
}
