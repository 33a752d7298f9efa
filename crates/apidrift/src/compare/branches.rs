//! Lists of alternatives, and of schemas that hold together: which is which, what came and what went.

use std::collections::HashSet;

use super::view::{self, Choice, View};
use super::{Context, Engine, Shown, pairing};
use crate::document::Cursor;
use crate::rules::{Finding, Place};

/// Pairs of branches compared to find those that mean the same. Of longer lists only the text is compared.
const MAX_TRIALS: usize = 64;

/// Pairs of branches looked at for likeness. Branches of longer lists are the same or others.
const MAX_ASKED: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    AllOf,
    /// The keyword in the older and in the newer document.
    Choice(Choice, Choice),
}

/// A branch with what tells it from others.
struct Branch<'a> {
    node: Cursor<'a>,
    target: Cursor<'a>,
    component: Option<&'a str>,
}

impl<'a> Engine<'a> {
    pub(super) fn group(
        &mut self,
        group: Group,
        (was, old): (&View<'a>, &[Cursor<'a>]),
        (is, new): (&View<'a>, &[Cursor<'a>]),
        context: Context,
    ) {
        if old.is_empty() && new.is_empty() {
            return;
        }
        let (gone, come) = (self.branches(old, true), self.branches(new, false));
        let (gone, come, mut pairs) = paired_by_name(gone, come);
        let (mut gone, mut come) = (gone, come);
        let asked = gone.len() * come.len();
        if asked <= MAX_TRIALS {
            let same = |a: &Branch<'a>, b: &Branch<'a>| {
                (a.component.is_none() || b.component.is_none())
                    && self.same(a.node, b.node, context)
            };
            let more;
            (gone, come, more) = pairing::by_fit(gone, come, same);
            pairs.extend(more);
        }
        if asked <= MAX_ASKED {
            // A component may only be taken for another if neither document has both.
            let only = |branch: &Branch<'a>, other_is_old: bool| {
                branch
                    .component
                    .is_none_or(|name| !self.has_schema(other_is_old, name))
            };
            let one = |a: &Branch<'a>, b: &Branch<'a>| {
                only(a, false) && only(b, true) && alike(a.target, b.target)
            };
            let more;
            (gone, come, more) = pairing::by_fit(gone, come, one);
            pairs.extend(more);
        }
        if matches!(group, Group::Choice(..)) && gone.len() * come.len() <= MAX_TRIALS {
            // A form that only narrowed or widened is the same form.
            let related = |a: &Branch<'a>, b: &Branch<'a>| {
                (a.component.is_none() || b.component.is_none())
                    && is_wider_or_narrower(a.target, b.target)
            };
            let more;
            (gone, come, more) = pairing::by_fit(gone, come, related);
            pairs.extend(more);
        }
        pairs.sort_by_key(|pair| pair.0.node.id);
        for (from, to) in pairs {
            self.schema(from.node, to.node, context);
        }
        self.report_branches(
            group,
            &gone,
            &come,
            (was, is),
            (old.len(), new.len()),
            context,
        );
    }

    /// Tells of references in `allOf` that came or went without a constraint of their own, and of branches
    /// that only describe: merging leaves nothing of them.
    pub(super) fn redundant_branches(&mut self, old: Cursor<'a>, new: Cursor<'a>, place: Place) {
        let (was, is) = (self.old.source(old.id), self.new.source(new.id));
        if was == old.id && is == new.id {
            return;
        }
        let (from, to) = (self.old.tree.at(was), self.new.tree.at(is));
        let list = |schema: Cursor<'a>| schema.get("allOf").into_iter().flat_map(Cursor::items);
        let named = |schema: Cursor<'a>| -> HashSet<&'a str> {
            list(schema)
                .filter_map(|branch| branch.get("$ref")?.as_str())
                .collect()
        };
        let (known, kept) = (named(from), named(to));
        let (before, now) = (list(from).count(), list(to).count());
        if before != now && !known.is_empty() && !kept.is_empty() {
            let other = |names: &HashSet<&str>, branch: &Cursor<'a>| {
                let name = branch.get("$ref").and_then(Cursor::as_str);
                name.is_some_and(|name| !names.contains(name))
            };
            let gone: Vec<_> = self
                .old
                .redundant(old.id)
                .filter(|branch| other(&kept, branch))
                .collect();
            let come: Vec<_> = self
                .new
                .redundant(new.id)
                .filter(|branch| other(&known, branch))
                .collect();
            for branch in gone {
                self.finding(Finding::AllOfRemoved, place, Some(branch), Some(to))
                    .shows(Shown::Old(branch.id), Shown::Nothing);
            }
            for branch in come {
                self.finding(Finding::AllOfAdded, place, Some(from), Some(branch))
                    .shows(Shown::Nothing, Shown::New(branch.id));
            }
        }
        let describing = |schema: Cursor<'a>| -> Vec<Cursor<'a>> {
            list(schema)
                .filter(|branch| view::says_nothing(*branch))
                .collect()
        };
        let (before, now) = (describing(from), describing(to));
        for &branch in before.iter().skip(now.len()) {
            self.finding(
                Finding::AllOfRemovedAnnotation,
                place,
                Some(branch),
                Some(to),
            )
            .shows(Shown::Old(branch.id), Shown::Nothing);
        }
        for &branch in now.iter().skip(before.len()) {
            self.finding(
                Finding::AllOfAddedAnnotation,
                place,
                Some(from),
                Some(branch),
            )
            .shows(Shown::Nothing, Shown::New(branch.id));
        }
    }

    fn branches(&self, list: &[Cursor<'a>], old: bool) -> Vec<Branch<'a>> {
        let document = if old { self.old } else { self.new };
        list.iter()
            .map(|&node| {
                let meant = view::meant(document, node);
                Branch {
                    node,
                    target: meant.target,
                    component: meant.component.map(Cursor::name),
                }
            })
            .collect()
    }

    fn has_schema(&self, old: bool, name: &str) -> bool {
        let document = if old { self.old } else { self.new };
        let schemas = document
            .root()
            .get("components")
            .and_then(|components| components.get("schemas"));
        schemas.is_some_and(|schemas| schemas.get(name).is_some())
    }

    fn report_branches(
        &mut self,
        group: Group,
        gone: &[Branch<'a>],
        come: &[Branch<'a>],
        (was, is): (&View<'a>, &View<'a>),
        (before, now): (usize, usize),
        context: Context,
    ) {
        let place = context.place;
        if let Group::Choice(from, to) = group
            && (before == 0 || now == 0)
        {
            let finding = match (before == 0, if before == 0 { to } else { from }) {
                (true, Choice::OneOf) => Finding::OneOfIntroduced,
                (true, Choice::AnyOf) => Finding::AnyOfIntroduced,
                (false, Choice::OneOf) => Finding::OneOfDropped,
                (false, Choice::AnyOf) => Finding::AnyOfDropped,
            };
            let (with, without) = if before == 0 { (is, was) } else { (was, is) };
            let any = matches!(finding, Finding::AnyOfIntroduced | Finding::AnyOfDropped);
            let free = any && fits_one_form(with, without);
            let found = self.finding(finding, place, Some(was.node), Some(is.node));
            if free {
                // What fitted without the forms fits one of them.
                found.wire(crate::Verdict::Compatible);
            }
            return;
        }
        for branch in gone {
            let finding = match group {
                Group::AllOf if view::says_nothing(branch.target) => {
                    Finding::AllOfRemovedAnnotation
                }
                Group::AllOf => Finding::AllOfRemoved,
                Group::Choice(Choice::OneOf, _) => Finding::OneOfRemoved,
                Group::Choice(Choice::AnyOf, _) => Finding::AnyOfRemoved,
            };
            self.finding(finding, place, Some(branch.node), Some(is.node))
                .shows(Shown::Old(branch.node.id), Shown::Nothing);
        }
        for branch in come {
            let finding = match group {
                Group::AllOf if view::says_nothing(branch.target) => Finding::AllOfAddedAnnotation,
                Group::AllOf => Finding::AllOfAdded,
                Group::Choice(_, Choice::OneOf) => Finding::OneOfAdded,
                Group::Choice(_, Choice::AnyOf) => Finding::AnyOfAdded,
            };
            self.finding(finding, place, Some(was.node), Some(branch.node))
                .shows(Shown::Nothing, Shown::New(branch.node.id));
        }
    }
}

/// Pairs what refers to one component, what is written alike, and what has one title.
fn paired_by_name<'a>(gone: Vec<Branch<'a>>, come: Vec<Branch<'a>>) -> pairing::Paired<Branch<'a>> {
    let inline = |branch: &Branch<'a>| branch.component.is_none();
    let name = |branch: &Branch<'a>| branch.component;
    let text = |branch: &Branch<'a>| Some(branch.node.digest());
    let content = |branch: &Branch<'a>| Some(branch.target.digest());
    let named = |branch: &Branch<'a>| content(branch).filter(|_| !inline(branch));
    let unnamed = |branch: &Branch<'a>| content(branch).filter(|_| inline(branch));
    let title = |branch: &Branch<'a>| {
        let title = branch.target.get("title").and_then(Cursor::as_str);
        title.filter(|_| inline(branch))
    };
    let (gone, come, mut pairs) = pairing::by_key(gone, come, name, name);
    let (gone, come, more) = pairing::by_key(gone, come, text, text);
    pairs.extend(more);
    // Written in place in one document, named in the other.
    let (gone, come, more) = pairing::by_key(gone, come, named, unnamed);
    pairs.extend(more);
    let (gone, come, more) = pairing::by_key(gone, come, unnamed, named);
    pairs.extend(more);
    let (gone, come, more) = pairing::by_key(gone, come, title, title);
    pairs.extend(more);
    (gone, come, pairs)
}

/// Whether one schema is of a scalar type that the type of the other includes, as numbers include integers.
fn is_wider_or_narrower(one: Cursor<'_>, other: Cursor<'_>) -> bool {
    let types = |schema: Cursor<'_>| schema.get("type").map(view::types_of);
    let (Some(one), Some(other)) = (types(one), types(other)) else {
        return false;
    };
    one.is_scalar() && other.is_scalar() && (one.covers(other) || other.covers(one))
}

/// Whether a form of `with` only demands what `without` demands anyway.
fn fits_one_form(with: &View<'_>, without: &View<'_>) -> bool {
    let required = without.node.get("required");
    let demanded = |name: Cursor<'_>| {
        let mut names = required.into_iter().flat_map(Cursor::items);
        names.any(|other| other.digest() == name.digest())
    };
    let forms = with.choices.iter().flat_map(|choice| &choice.1);
    forms.into_iter().any(|form| {
        form.members().all(|(keyword, value)| match keyword {
            "required" => value.items().all(demanded),
            keyword if view::is_annotation(keyword) => true,
            keyword => {
                let other = without.node.get(keyword);
                other.is_some_and(|other| other.digest() == value.digest())
            }
        })
    })
}

/// Whether two schemas are one that changed, rather than two: of one type, and if objects, with more
/// properties in common than not.
fn alike(old: Cursor<'_>, new: Cursor<'_>) -> bool {
    let kind = |schema: Cursor<'_>| schema.get("type").map(Cursor::digest);
    if kind(old) != kind(new) {
        return false;
    }
    let properties = |schema: Cursor<'_>| schema.get("properties").map_or(0, Cursor::len);
    let (from, to) = (properties(old), properties(new));
    if from == 0 && to == 0 {
        let keywords = |schema: Cursor<'_>| -> Vec<String> {
            let names = schema.members().map(|(name, _)| name);
            names
                .filter(|name| !view::is_annotation(name))
                .map(str::to_owned)
                .collect()
        };
        return kind(old).is_some() || (old.len() > 0 && keywords(old) == keywords(new));
    }
    let shared = old
        .get("properties")
        .into_iter()
        .flat_map(Cursor::members)
        .filter(|(name, _)| {
            let others = new.get("properties");
            others.is_some_and(|others| others.get_any(name).is_some())
        });
    shared.count() * 2 >= from.max(to)
}
