//! Compares lists of subschemas: pairs them, and finds added and removed ones.

use super::view::{self, Choice, Types, View};
use super::{Context, Engine, Shown, pairing};
use crate::rules::Finding;
use crate::{Side, Verdict};
use apidrift_document::{Cursor, Document, last_token};

/// The maximum number of pairs of branches that are compared. Branches of longer lists are paired by their text only.
const MAX_TRIALS: usize = 64;

/// The maximum depth of nested unions that are flattened.
const MAX_NESTED: usize = 8;

/// The maximum number of pairs of branches that are compared for similarity. Branches of longer lists match only if they
/// are equal.
const MAX_ASKED: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    AllOf,
    /// The keyword in the older and in the newer document.
    Choice(Choice, Choice),
}

/// Whether two branches belong together.
type Fit<'f, 'a> = dyn Fn(&Branch<'a>, &Branch<'a>) -> bool + 'f;

/// A branch with its distinguishing features.
struct Branch<'a> {
    node: Cursor<'a>,
    target: Cursor<'a>,
    component: Option<&'a str>,
    /// The property with a single value, and the value, which distinguishes branches.
    constant: Option<(&'a str, u64)>,
    /// The discriminator value that selects this branch.
    mapped: Option<&'a str>,
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
        let gone = self.branches(old, was.node, true);
        let come = self.branches(new, is.node, false);
        let (mut gone, mut come, mut pairs) = paired_by_name(gone, come);
        if group != Group::AllOf {
            let before = (gone.len(), come.len());
            gone = self.flattened(gone, true, 0);
            come = self.flattened(come, false, 0);
            if before != (gone.len(), come.len()) {
                let more;
                (gone, come, more) = paired_by_name(gone, come);
                pairs.extend(more);
            }
        }
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
            // A component may only be paired with another if neither document contains both.
            let only = |branch: &Branch<'a>, other_is_old: bool| {
                branch
                    .component
                    .is_none_or(|name| !self.has_schema(other_is_old, name))
            };
            let free = |a: &Branch<'a>, b: &Branch<'a>| only(a, false) && only(b, true);
            let mapped = |a: &Branch<'a>, b: &Branch<'a>| {
                a.mapped.is_some() && a.mapped == b.mapped && free(a, b)
            };
            let constant = |a: &Branch<'a>, b: &Branch<'a>| {
                a.constant.is_some() && a.constant == b.constant && free(a, b)
            };
            let worded = |a: &Branch<'a>, b: &Branch<'a>| {
                free(a, b)
                    && !a.differs(b)
                    && alike(a.target, b.target)
                    && keywords(a.target) == keywords(b.target)
            };
            let one = |a: &Branch<'a>, b: &Branch<'a>| {
                free(a, b) && !a.differs(b) && alike(a.target, b.target)
            };
            let fits: [&Fit<'_, 'a>; 4] = [&mapped, &constant, &worded, &one];
            for fit in fits {
                let more;
                (gone, come, more) = pairing::by_fit(gone, come, fit);
                pairs.extend(more);
            }
        }
        pairs.sort_by_key(|pair| pair.0.node.id);
        for (from, to) in pairs {
            self.schema(from.node, to.node, context);
        }
        self.report_branches(group, &gone, &come, (was, is), (old, new), context);
    }

    /// The branches, with nested unions replaced by their branches.
    fn flattened(&mut self, forms: Vec<Branch<'a>>, old: bool, depth: usize) -> Vec<Branch<'a>> {
        let mut flat = Vec::new();
        for form in forms {
            match choice_alone(form.target) {
                Some(inner) if depth < MAX_NESTED && flat.len() + inner.len() <= MAX_ASKED => {
                    // The other document writes the branches of this named union inline, so the component counts as an
                    // alias.
                    let passed = view::meant(if old { self.old } else { self.new }, form.node);
                    let names = passed.aliases.iter().chain(&passed.component);
                    let ids = names.map(|name| name.id).collect::<Vec<_>>();
                    if old {
                        self.aliases.0.extend(ids);
                    } else {
                        self.aliases.1.extend(ids);
                    }
                    let inner = self.branches(&inner, form.target, old);
                    flat.extend(self.flattened(inner, old, depth + 1));
                }
                _ => flat.push(form),
            }
        }
        flat
    }

    fn branches(&self, list: &[Cursor<'a>], of: Cursor<'a>, old: bool) -> Vec<Branch<'a>> {
        let document = if old { self.old } else { self.new };
        let discriminator = of.get("discriminator");
        let property = discriminator.and_then(|of| of.get("propertyName")?.as_str());
        let mapping = discriminator.and_then(|of| of.get("mapping"));
        // A discriminator value that selects this branch and no other.
        let mapped = |component: Cursor<'a>| {
            let mut values = mapping
                .into_iter()
                .flat_map(Cursor::members)
                .filter(|entry| {
                    let target = entry.1.as_str().unwrap_or_default();
                    last_token(target) == component.name()
                });
            let (value, _) = values.next()?;
            values.next().is_none().then_some(value)
        };
        list.iter()
            .map(|&node| {
                let meant = view::meant(document, node);
                Branch {
                    node,
                    target: meant.target,
                    component: meant.component.map(Cursor::name),
                    constant: constant(document, meant.target, property),
                    mapped: meant.component.and_then(mapped),
                }
            })
            .collect()
    }

    pub(super) fn has_schema(&self, old: bool, name: &str) -> bool {
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
        (old, new): (&[Cursor<'a>], &[Cursor<'a>]),
        context: Context,
    ) {
        let (before, now) = (old.len(), new.len());
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
            let kept = match finding {
                Finding::AnyOfIntroduced if place.side() == Side::Request => {
                    let mut forms = forms(self.new, is.node);
                    forms.any(|form| self.covers(was.node, form, context))
                }
                Finding::AnyOfDropped if place.side() == Side::Response => {
                    let mut forms = forms(self.old, was.node);
                    forms.any(|form| self.covered(form, is.node, context))
                }
                _ => false,
            };
            let found = self.finding(finding, place, Some(was.node), Some(is.node));
            if kept {
                // The branch, merged with the keywords beside the union, equals the schema without the union.
                found.wire_at(place, Verdict::Compatible);
            }
            return;
        }
        for branch in gone {
            let finding = match group {
                Group::AllOf if says_nothing(branch.target) => Finding::AllOfRemovedAnnotation,
                Group::AllOf => Finding::AllOfRemoved,
                Group::Choice(Choice::OneOf, _) => Finding::OneOfRemoved,
                Group::Choice(Choice::AnyOf, _) => Finding::AnyOfRemoved,
            };
            // Values that matched this branch may match an existing one.
            let taken = group != Group::AllOf
                && place.side() == Side::Request
                && gone.len() * now <= MAX_TRIALS
                && new.iter().any(|form| {
                    let target = view::meant(self.new, *form).target;
                    branch.is_part_of(target) && self.covers(branch.node, *form, context)
                });
            let found = self.finding(finding, place, Some(branch.node), Some(is.node));
            found.shows(Shown::Old(branch.node.id), Shown::Nothing);
            found.about(branch.label());
            if taken {
                found.wire_at(place, Verdict::Compatible);
            }
            if finding == Finding::AllOfRemoved && place.side() == Side::Request {
                // The other keywords are merged and compared, so one requirement was removed.
                found.wire_at(place, Verdict::Compatible);
            }
        }
        for branch in come {
            let finding = match group {
                Group::AllOf if says_nothing(branch.target) => Finding::AllOfAddedAnnotation,
                Group::AllOf => Finding::AllOfAdded,
                Group::Choice(_, Choice::OneOf) => Finding::OneOfAdded,
                Group::Choice(_, Choice::AnyOf) => Finding::AnyOfAdded,
            };
            // Values of this branch may have matched a previous one.
            let promised = group != Group::AllOf
                && place.side() == Side::Response
                && come.len() * before <= MAX_TRIALS
                && old.iter().any(|form| {
                    let target = view::meant(self.old, *form).target;
                    branch.is_part_of(target) && self.covered(*form, branch.node, context)
                });
            let found = self.finding(finding, place, Some(was.node), Some(branch.node));
            found.shows(Shown::Nothing, Shown::New(branch.node.id));
            found.about(branch.label());
            if promised {
                found.wire_at(place, Verdict::Compatible);
            }
        }
    }
}

/// Pairs branches that refer to one component, have equal text, or have one title.
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
    // Inline in one document, a component in the other.
    let (gone, come, more) = pairing::by_key(gone, come, named, unnamed);
    pairs.extend(more);
    let (gone, come, more) = pairing::by_key(gone, come, unnamed, named);
    pairs.extend(more);
    let (gone, come, more) = pairing::by_key(gone, come, title, title);
    pairs.extend(more);
    (gone, come, pairs)
}

/// The value of a schema that permits a single value.
fn only_value(schema: Cursor<'_>) -> Option<Cursor<'_>> {
    let listed = schema.get("enum").filter(|values| values.len() == 1);
    let constant = schema.get_any("const");
    constant.or_else(|| listed.and_then(|values| values.items().next()))
}

/// The maximum number of properties in the description of an unnamed branch.
const NAMED_PROPERTIES: usize = 3;

impl Branch<'_> {
    /// The description of a branch: its component, title, constant or properties, or else its type.
    fn label(&self) -> Option<String> {
        let title = self.target.get("title").and_then(Cursor::as_str);
        if let Some(name) = self.component.or(title) {
            return Some(name.to_owned());
        }
        let value = |value: Cursor<'_>| match value.as_str() {
            Some(text) => Some(text.to_owned()),
            None => value.to_json(&mut 10).map(|value| value.to_string()),
        };
        if let Some(constant) = only_value(self.target) {
            return value(constant);
        }
        let properties = self.target.get("properties");
        if let Some((name, _)) = self.constant.filter(|constant| !constant.0.is_empty())
            && let Some(constant) = properties.and_then(|map| only_value(map.get_any(name)?))
            && let Some(value) = value(constant)
        {
            return Some(format!("{name}: {value}"));
        }
        let names: Vec<&str> = properties
            .into_iter()
            .flat_map(Cursor::members)
            .map(|(name, _)| name)
            .collect();
        let kind = self.target.get("type").and_then(Cursor::as_str);
        match names.as_slice() {
            [] => kind.map(str::to_owned),
            names => {
                let more = if names.len() > NAMED_PROPERTIES {
                    ", …"
                } else {
                    ""
                };
                let names = &names[..names.len().min(NAMED_PROPERTIES)];
                Some(format!("{{{}{more}}}", names.join(", ")))
            }
        }
    }

    /// Whether it may be a variant of another branch. Components are branches of their own, and inline objects must share
    /// most of their properties: otherwise every untyped object would match.
    fn is_part_of(&self, form: Cursor<'_>) -> bool {
        self.component.is_none() && alike(self.target, form)
    }

    /// Whether both have distinguishing features, and they differ.
    fn differs(&self, other: &Self) -> bool {
        match (self.constant, other.constant) {
            (Some(one), Some(other)) => one.0 == other.0 && one.1 != other.1,
            _ => false,
        }
    }
}

/// The branches of a schema that consists only of a union.
fn choice_alone(schema: Cursor<'_>) -> Option<Vec<Cursor<'_>>> {
    let mut forms = None;
    for (name, value) in schema.members() {
        match name {
            "oneOf" | "anyOf" if forms.is_none() => forms = Some(value.items().collect()),
            "discriminator" => {}
            "nullable" => return None,
            name if view::is_annotation(name) => {}
            _ => return None,
        }
    }
    forms
}

/// The branches of a union, each merged with the keywords beside the union.
fn forms<'a>(document: &'a Document, schema: Cursor<'a>) -> impl Iterator<Item = Cursor<'a>> {
    let choice = document.as_choice(schema).into_iter();
    choice
        .flat_map(Cursor::members)
        .flat_map(|(_, forms)| forms.items())
}

/// The property with a single value: the discriminator, if there is one.
fn constant<'a>(
    document: &'a Document,
    form: Cursor<'a>,
    discriminator: Option<&str>,
) -> Option<(&'a str, u64)> {
    if let Some(value) = form.get_any("const") {
        return Some(("", value.digest()));
    }
    let mut properties = form.get("properties")?.members();
    properties.find_map(|(name, property)| {
        if discriminator.is_some_and(|of| of != name) {
            return None;
        }
        let value = only_value(view::meant(document, property).target)?;
        Some((name, value.digest()))
    })
}

/// The names of the keywords that constrain.
fn keywords(schema: Cursor<'_>) -> Vec<&str> {
    let names = schema.members().map(|(name, _)| name);
    names.filter(|name| !view::is_annotation(name)).collect()
}

/// Whether a schema consists only of annotations.
pub(super) fn says_nothing(schema: Cursor<'_>) -> bool {
    schema.members().all(|(name, _)| view::is_annotation(name))
}

/// Whether two schemas are versions of one rather than two: they have one type and, if they are objects, more properties in
/// common than not.
fn alike(old: Cursor<'_>, new: Cursor<'_>) -> bool {
    let kind = |schema: Cursor<'_>| {
        // Every integer is a number.
        let kind = schema.get("type").map(view::types_of)?;
        Some(if kind == Types::INTEGER {
            Types::NUMBER
        } else {
            kind
        })
    };
    if kind(old) != kind(new) {
        return false;
    }
    let properties = |schema: Cursor<'_>| schema.get("properties").map_or(0, Cursor::len);
    let (from, to) = (properties(old), properties(new));
    if from == 0 && to == 0 {
        return kind(old).is_some() || (!old.is_empty() && keywords(old) == keywords(new));
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
