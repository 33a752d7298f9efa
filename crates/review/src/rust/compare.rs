//! Compares two surfaces.

use std::collections::{BTreeMap, BTreeSet};

use apidrift::Verdict;
use specmill_surface::Surface;
use specmill_surface::{Item, Kind};

use super::RustChange;
use super::items::{Both, added, change, changed, removed};

/// The differing items of one owner, before and after.
type Group<'a> = Vec<(Option<&'a Item>, Option<&'a Item>)>;

/// The differences of two surfaces.
///
/// Items that belong to another one, such as the fields of a struct, are reported with it. If the code differs but no
/// item does, that is a difference too.
pub fn compare_surfaces(old: &Surface, new: &Surface) -> Vec<RustChange> {
    let both = Both { old, new };
    let mut changes = Vec::new();
    servers(old, new, &mut changes);
    let renamed = renamed(old, new);
    for (before, after) in &renamed {
        let message = format!("`{}` is `{}` now", before.path, after.path);
        changes.push(change(
            Some(before),
            Some(after),
            message,
            Verdict::Breaking,
            false,
        ));
    }
    let told: BTreeSet<&str> = renamed
        .iter()
        .flat_map(|(before, after)| [before.owner.as_str(), after.owner.as_str()])
        .collect();
    for (owner, group) in groups(old, new) {
        if !told.contains(owner) {
            owned(both, owner, &group, &mut changes);
        }
    }
    if changes.is_empty() {
        code(old, new, &mut changes);
    }
    changes.sort_by_key(|change| std::cmp::Reverse(change.verdict));
    changes
}

/// The differing items, by owner.
fn groups<'a>(old: &'a Surface, new: &'a Surface) -> BTreeMap<&'a str, Group<'a>> {
    let mut groups: BTreeMap<&str, Group<'_>> = BTreeMap::new();
    let gone_or_changed = old.items().map(|item| (Some(item), new.same(item)));
    let added = new
        .items()
        .filter(|item| old.same(item).is_none())
        .map(|item| (None, Some(item)));
    for pair in gone_or_changed.chain(added) {
        if pair.0 != pair.1
            && let Some(item) = pair.0.or(pair.1)
        {
            groups.entry(&item.owner).or_default().push(pair);
        }
    }
    groups
}

/// The operations that were renamed and are otherwise equal: they have the same method and path.
fn renamed<'a>(old: &'a Surface, new: &'a Surface) -> Vec<(&'a Item, &'a Item)> {
    let operation = |item: &Item| {
        let is_call = item.path.starts_with("Client::") && item.place.is_some();
        let wire = item.wire.as_deref().filter(|_| is_call)?;
        Some(wire.split(';').next()?.to_owned())
    };
    let mut came: BTreeMap<String, &Item> = new
        .items()
        .filter(|item| old.same(item).is_none())
        .filter_map(|item| Some((operation(item)?, item)))
        .collect();
    let gone = old.items().filter(|item| new.same(item).is_none());
    gone.filter_map(|item| Some((item, came.remove(&operation(item)?)?)))
        .collect()
}

/// The differences of the items of one owner.
fn owned(both: Both<'_>, owner: &str, group: &Group<'_>, changes: &mut Vec<RustChange>) {
    let head = group.iter().find(|(old, new)| {
        let item = new.or(*old);
        item.is_some_and(|item| item.path == owner)
    });
    match head {
        Some((Some(old), None)) => {
            changes.push(removed(old));
            return;
        }
        Some((None, Some(new))) => {
            changes.push(added(new));
            return;
        }
        Some((Some(old), Some(new))) if old.kind.word() != new.kind.word() => {
            changes.push(another_kind(both, old, new));
            return;
        }
        _ => {}
    }
    let builder = builder_moved(both, owner, changes);
    for pair in group {
        match *pair {
            (Some(old), Some(new)) => {
                let mut old = old.clone();
                if builder {
                    old.features.clone_from(&new.features);
                }
                changes.extend(changed(both, &old, new));
            }
            (Some(old), None) => changes.push(removed(old)),
            (None, Some(new)) => changes.push(added(new)),
            (None, None) => {}
        }
    }
}

/// Whether the builder of a type requires other features, which is reported once.
fn builder_moved(both: Both<'_>, owner: &str, changes: &mut Vec<RustChange>) -> bool {
    let path = format!("{owner}::builder");
    let (Some(old), Some(new)) = (both.old.function(&path), both.new.function(&path)) else {
        return false;
    };
    if old.features == new.features {
        return false;
    }
    if let Some(mut only) = changed(both, old, new).into_iter().next() {
        if only.verdict == Verdict::Breaking {
            only.message += ": no request contains it";
        }
        changes.push(only);
    }
    true
}

/// A type that changed between struct, enum and alias.
fn another_kind(both: Both<'_>, old: &Item, new: &Item) -> RustChange {
    let path = &new.path;
    let (message, verdict) = match (&old.kind, &new.kind) {
        (Kind::Alias(of), _) => (
            format!("`{path}` is a type of its own, was the same as `{of}`"),
            Verdict::Breaking,
        ),
        (_, Kind::Alias(of)) => {
            let verdict = if keeps_members(both, path, of) {
                Verdict::Compatible
            } else {
                Verdict::Breaking
            };
            (format!("`{path}` is the same as `{of}` now"), verdict)
        }
        _ => (
            format!(
                "`{path}` is {} {}, was {} {}",
                article(new),
                new.kind.word(),
                article(old),
                old.kind.word()
            ),
            Verdict::Breaking,
        ),
    };
    change(Some(old), Some(new), message, verdict, true)
}

fn article(item: &Item) -> &'static str {
    match item.kind {
        Kind::Enum(_) => "an",
        _ => "a",
    }
}

/// Whether the type with another name has all items of the old one.
fn keeps_members(both: Both<'_>, path: &str, of: &str) -> bool {
    let owned = both.old.items().filter(|item| item.owner == path);
    owned.filter(|item| item.path != path).all(|item| {
        let Some(member) = item.path.strip_prefix(&format!("{path}::")) else {
            // The builder has another name.
            return !item.features.0.is_empty();
        };
        let mut there = item.clone();
        there.path = format!("{of}::{member}");
        both.new
            .same(&there)
            .is_some_and(|there| there.kind == item.kind)
    })
}

/// The maximum number of choices of server variables that are listed.
const MOST_CHOICES: usize = 2;

/// The choices of server variables whose URL was removed or changed.
fn servers(old: &Surface, new: &Surface, changes: &mut Vec<RustChange>) {
    if old.servers.is_empty() || new.servers.is_empty() {
        // The methods that select a server are added and removed together with the servers.
        return;
    }
    let mut lost = Vec::new();
    let mut moved: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (choice, before) in &old.servers {
        match new.servers.get(choice) {
            None => lost.push(choice.as_str()),
            Some(after) if after != before => {
                moved.entry((before, after)).or_default().push(choice);
            }
            Some(_) => {}
        }
    }
    let came: Vec<&str> = new
        .servers
        .keys()
        .filter(|choice| !old.servers.contains_key(*choice))
        .map(String::as_str)
        .collect();
    let mut add = |message: String, verdict: Verdict, adds: bool| {
        let mut one = change(None, None, message, verdict, adds);
        "Client::builder".clone_into(&mut one.item);
        one.places = [Some("/servers".to_owned()), Some("/servers".to_owned())];
        changes.push(one);
    };
    if !lost.is_empty() {
        let message = format!("`Client::builder` has no server for {}", listed(&lost));
        add(message, Verdict::Breaking, false);
    }
    for ((before, after), choices) in moved {
        let choices = listed(&choices);
        let message =
            format!("`Client::builder` has the server {after}, was {before}, for {choices}");
        add(message, Verdict::Compatible, false);
    }
    if !came.is_empty() {
        let message = format!("`Client::builder` has a server for {}", listed(&came));
        add(message, Verdict::Compatible, true);
    }
}

/// The first few, and the number of the others.
fn listed(all: &[&str]) -> String {
    let first = all.iter().take(MOST_CHOICES).map(|one| (*one).to_owned());
    let more = all.len().saturating_sub(MOST_CHOICES);
    let more = (more > 0).then(|| format!("{more} more"));
    first.chain(more).collect::<Vec<_>>().join(" and ")
}

/// Differences of the code that are not visible in any item.
fn code(old: &Surface, new: &Surface, changes: &mut Vec<RustChange>) {
    let files: BTreeSet<&String> = old.code.keys().chain(new.code.keys()).collect();
    // The line with the digest of the document is ignored.
    let own = |code: Option<&String>| -> Vec<String> {
        let lines = code.into_iter().flat_map(|code| code.lines());
        let lines = lines.filter(|line| !line.contains("SPEC_DIGEST"));
        lines.map(str::to_owned).collect()
    };
    let differing = files
        .into_iter()
        .filter(|file| own(old.code.get(*file)) != own(new.code.get(*file)));
    let differing: Vec<String> = differing.map(|file| format!("`src/{file}`")).collect();
    if let [first, ..] = &differing[..] {
        let names: Vec<&str> = differing.iter().map(String::as_str).collect();
        let message = format!("other code in {}, which callers do not see", listed(&names));
        let mut one = change(None, None, message, Verdict::Compatible, false);
        first.trim_matches('`').clone_into(&mut one.item);
        changes.push(one);
    }
}
