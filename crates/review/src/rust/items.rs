//! Compares two items with the same path.

use apidrift::Verdict;
use specmill_surface::Surface;
use specmill_surface::{Argument, Item, Kind};

use super::RustChange;
use super::accepts::accepts;
use super::types::resolved;

/// The surfaces that are compared.
#[derive(Clone, Copy)]
pub(super) struct Both<'a> {
    pub(super) old: &'a Surface,
    pub(super) new: &'a Surface,
}

/// A change of an item that exists in one or both surfaces.
pub(super) fn change(
    old: Option<&Item>,
    new: Option<&Item>,
    message: String,
    verdict: Verdict,
    adds: bool,
) -> RustChange {
    RustChange {
        item: new.or(old).map(name).unwrap_or_default(),
        message,
        verdict,
        adds,
        before: old.map(ToString::to_string),
        after: new.map(ToString::to_string),
        causes: Vec::new(),
        places: [old, new].map(|item| item.and_then(|item| item.place.clone())),
    }
}

/// The name of an item in messages.
pub(super) fn name(item: &Item) -> String {
    item.path.clone()
}

fn quoted(item: &Item) -> String {
    match item.kind {
        Kind::Feature => format!("the {}", item.path.replacen(' ', " `", 1) + "`"),
        Kind::Variable => format!("the environment variable `{}`", item.path),
        _ => format!("`{}`", item.path),
    }
}

/// The headers that a client sends with every request.
fn sent(item: &Item) -> String {
    let value = item.wire.clone().unwrap_or_default();
    if item.path == "credentials" {
        format!("{value} as credentials")
    } else {
        format!("the header `{}` as {value}", item.path)
    }
}

/// A trait, and the type that implements it.
fn implemented(item: &Item) -> (&str, &str) {
    item.path.split_once(" for ").unwrap_or((&item.path, ""))
}

/// The difference for a removed item.
pub(super) fn removed(old: &Item) -> RustChange {
    let (verdict, message) = match old.kind {
        Kind::Header => (
            Verdict::Compatible,
            format!("`Client` no longer sends {}", sent(old)),
        ),
        Kind::Variable => (
            Verdict::Breaking,
            format!("{} is no longer read", quoted(old)),
        ),
        Kind::Implements(_) => {
            let (name, of) = implemented(old);
            let message = format!("`{of}` no longer implements `{name}`");
            (Verdict::Breaking, message)
        }
        _ => (Verdict::Breaking, format!("{} is gone", quoted(old))),
    };
    change(Some(old), None, message, verdict, false)
}

/// The difference for an added item.
pub(super) fn added(new: &Item) -> RustChange {
    let name = quoted(new);
    let item = Some(new);
    if new.required {
        return change(
            None,
            item,
            format!("{name} must be set{}", when(new)),
            demand(new),
            true,
        );
    }
    let (verdict, message) = match new.kind {
        // The setting or the credentials for a header are separate items.
        Kind::Header => (Verdict::Compatible, format!("`Client` sends {}", sent(new))),
        Kind::Implements(_) => {
            let (name, of) = implemented(new);
            let message = format!("`{of}` implements `{name}`");
            (Verdict::Compatible, message)
        }
        _ => (Verdict::Compatible, format!("{name} is new")),
    };
    change(None, item, message, verdict, true)
}

/// The consequence of a required item that is not set, which the compiler does not report.
fn when(item: &Item) -> &'static str {
    match item.kind {
        Kind::Variable => ": without it, there is no client from the environment",
        _ => ": programs without it compile, and fail when they run",
    }
}

/// The consequence of a newly required item. The builders of the feature `builders` are for tests, which report a missing
/// value.
fn demand(item: &Item) -> Verdict {
    let for_tests = item
        .features
        .0
        .iter()
        .flatten()
        .any(|one| one == "builders");
    if for_tests {
        Verdict::Compatible
    } else {
        Verdict::Breaking
    }
}

/// The differences of an item that is in both surfaces.
pub(super) fn changed(both: Both<'_>, old: &Item, new: &Item) -> Vec<RustChange> {
    let mut changes = Vec::new();
    let mut add = |message: String, verdict: Verdict, adds: bool| {
        changes.push(change(Some(old), Some(new), message, verdict, adds));
    };
    let name = quoted(new);
    if old.features != new.features {
        if old.features.give(&new.features) {
            add(
                format!("{name} needs fewer features"),
                Verdict::Compatible,
                true,
            );
        } else {
            let message = format!("{name} needs the feature `{}` now", new.features);
            add(message, Verdict::Breaking, false);
        }
    }
    if !old.deprecated && new.deprecated {
        add(format!("{name} is deprecated"), Verdict::Warning, false);
    }
    if old.deprecated && !new.deprecated {
        add(
            format!("{name} is no longer deprecated"),
            Verdict::Compatible,
            false,
        );
    }
    if !old.required && new.required {
        add(
            format!("{name} must be set now{}", when(new)),
            demand(new),
            false,
        );
    }
    if old.required && !new.required {
        add(
            format!("{name} need not be set"),
            Verdict::Compatible,
            false,
        );
    }
    kinds(both, old, new, &mut add);
    if old.wire != new.wire
        && let Some((message, verdict)) = wire(both, old, new)
    {
        add(message, verdict, false);
    }
    changes
}

/// The changed name on the wire, if it changed.
fn wire(both: Both<'_>, old: &Item, new: &Item) -> Option<(String, Verdict)> {
    let text = |item: &Item| {
        let wire = item.wire.clone().unwrap_or_else(|| {
            let name = item.path.rsplit("::").next().unwrap_or_default();
            format!("{name:?}")
        });
        // `Query "limit"`: the location of a parameter.
        let mut letters = wire.chars();
        match letters.next() {
            Some(first) if !first.is_lowercase() => {
                first.to_lowercase().chain(letters).collect::<String>()
            }
            _ => wire,
        }
    };
    let name = quoted(new);
    match &new.kind {
        Kind::Header => {
            let verdict = if new.path == "credentials" {
                Verdict::Compatible
            } else {
                Verdict::Warning
            };
            let message = format!("`Client` sends {}, was {}", sent(new), text(old));
            Some((message, verdict))
        }
        Kind::Function { .. } if new.path.starts_with("Client::") => {
            let message = table(both, old, new)?;
            Some((format!("{name} {message}"), Verdict::Compatible))
        }
        Kind::Variant(_) => {
            let is_default = |item: &Item| text(item).ends_with("the default");
            let verdict = if is_default(old) == is_default(new) {
                Verdict::Compatible
            } else {
                Verdict::Warning
            };
            Some((
                format!("{name} is {}, was {}", text(new), text(old)),
                verdict,
            ))
        }
        _ => {
            let message = format!("{name} is sent as {}, was {}", text(new), text(old));
            Some((message, Verdict::Compatible))
        }
    }
}

/// The clauses of an operation's declaration that differ.
fn table(both: Both<'_>, old: &Item, new: &Item) -> Option<String> {
    // If one of the crates has no credentials, `authenticated false` is not a difference.
    let with_credentials = [both.old, both.new]
        .iter()
        .all(|surface| surface.items().any(|item| item.path == "credentials"));
    let clauses = |item: &Item| -> Vec<String> {
        let wire = item.wire.as_deref().unwrap_or_default();
        wire.split("; ")
            .filter(|clause| with_credentials || *clause != "authenticated false")
            .map(str::to_owned)
            .collect()
    };
    let (before, after) = (clauses(old), clauses(new));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let only = these.iter().filter(|clause| !those.contains(clause));
        only.map(|clause| format!("`{clause}`")).collect()
    };
    let (gone, came) = (only(&before, &after), only(&after, &before));
    match (&gone[..], &came[..]) {
        ([], []) => None,
        ([], came) => Some(format!("has {}", came.join(" and "))),
        (gone, []) => Some(format!("no longer has {}", gone.join(" and "))),
        (gone, came) => Some(format!(
            "has {}, was {}",
            came.join(" and "),
            gone.join(" and ")
        )),
    }
}

fn kinds(both: Both<'_>, old: &Item, new: &Item, add: &mut dyn FnMut(String, Verdict, bool)) {
    let name = quoted(new);
    let same = |before: &str, after: &str| {
        before == after || resolved(both.old, before) == resolved(both.new, after)
    };
    match (&old.kind, &new.kind) {
        (Kind::Struct(before), Kind::Struct(after)) | (Kind::Enum(before), Kind::Enum(after)) => {
            traits(both, new, before, after, add);
        }
        (Kind::Field(before), Kind::Field(after))
        | (Kind::Constant(before), Kind::Constant(after))
            if !same(before, after) =>
        {
            add(
                format!("{name} is `{after}`, was `{before}`"),
                Verdict::Breaking,
                false,
            );
        }
        (Kind::Field(_), Kind::Field(_)) | (Kind::Constant(_), Kind::Constant(_)) => {}
        (Kind::Variant(before), Kind::Variant(after)) => {
            let text =
                |holds: &Option<String>| holds.clone().unwrap_or_else(|| "nothing".to_owned());
            let (before, after) = (text(before), text(after));
            if !same(&before, &after) {
                add(
                    format!("{name} holds `{after}`, was `{before}`"),
                    Verdict::Breaking,
                    false,
                );
            }
        }
        (
            Kind::Function {
                arguments: took,
                returns: returned,
                asynchronous: was_asynchronous,
                receiver: received,
            },
            Kind::Function {
                arguments: takes,
                returns,
                asynchronous,
                receiver,
            },
        ) => {
            arguments(both, &name, took, takes, add);
            if !same(returned, returns) {
                add(
                    format!("{name} returns `{returns}`, was `{returned}`"),
                    Verdict::Breaking,
                    false,
                );
            }
            if (asynchronous, receiver) != (was_asynchronous, received) {
                add(
                    format!("{name} is called in another way"),
                    Verdict::Breaking,
                    false,
                );
            }
        }
        (before, after) if before != after => {
            let message = format!("{name} is `{}`, was `{}`", new.signature(), old.signature());
            add(message, Verdict::Breaking, false);
        }
        _ => {}
    }
}

fn traits(
    both: Both<'_>,
    new: &Item,
    before: &[String],
    after: &[String],
    add: &mut dyn FnMut(String, Verdict, bool),
) {
    let all = |surface: &Surface, traits: &[String]| -> Vec<String> {
        traits.iter().map(|one| resolved(surface, one)).collect()
    };
    let (before, after) = (all(both.old, before), all(both.new, after));
    for lost in before.iter().filter(|one| !after.contains(one)) {
        let message = format!("{} no longer implements `{lost}`", quoted(new));
        add(message, Verdict::Breaking, false);
    }
    for gained in after.iter().filter(|one| !before.contains(one)) {
        add(
            format!("{} implements `{gained}`", quoted(new)),
            Verdict::Compatible,
            true,
        );
    }
}

fn arguments(
    both: Both<'_>,
    name: &str,
    before: &[Argument],
    after: &[Argument],
    add: &mut dyn FnMut(String, Verdict, bool),
) {
    let written = |all: &[Argument]| {
        let all: Vec<String> = all
            .iter()
            .map(|one| format!("{}: {}", one.name, one.takes))
            .collect();
        format!("({})", all.join(", "))
    };
    if before.len() != after.len() {
        let message = format!(
            "{name} takes `{}`, was `{}`",
            written(after),
            written(before)
        );
        add(message, Verdict::Breaking, false);
        return;
    }
    let names =
        |all: &[Argument]| -> Vec<String> { all.iter().map(|one| one.name.clone()).collect() };
    let (mut old_names, mut new_names) = (names(before), names(after));
    if old_names != new_names {
        old_names.sort();
        new_names.sort();
        if old_names == new_names {
            let message = format!(
                "{name} takes its arguments in another order, `{}`",
                written(after)
            );
            add(message, Verdict::Breaking, false);
            return;
        }
    }
    for (before, after) in before.iter().zip(after) {
        if before.takes == after.takes {
            continue;
        }
        let accepted = accepts(both.new, &after.takes);
        let lost = accepts(both.old, &before.takes)
            .into_iter()
            .find(|of| !accepted.contains(of));
        let message = format!("{name} takes `{}`, was `{}`", after.takes, before.takes);
        match lost {
            Some(_) => add(message, Verdict::Breaking, false),
            None => add(message, Verdict::Compatible, true),
        }
    }
}
