//! Compares servers.

use std::collections::{BTreeMap, HashSet};

use super::paths::{METHODS, template};
use super::{Engine, Shown};
use crate::Verdict;
use crate::rules::General;
use apidrift_document::Cursor;

/// The common prefix of all paths, in each document.
#[derive(Debug)]
pub(super) struct Prefixes {
    pub(super) old: String,
    pub(super) new: String,
}

impl<'a> Engine<'a> {
    /// The prefixes, if a part of all URLs moved between the servers and the paths: more operations keep their URL than their
    /// path, and every host is kept.
    pub(super) fn prefix_moved(old: Cursor<'a>, new: Cursor<'a>) -> Option<Prefixes> {
        let prefixes = Prefixes {
            old: prefix(old)?,
            new: prefix(new)?,
        };
        if prefixes.old == prefixes.new || hosts(old) != hosts(new) {
            return None;
        }
        let paths = |root: Cursor<'a>, prefix: &str| -> HashSet<String> {
            let paths = root.get("paths").into_iter().flat_map(Cursor::members);
            paths
                .map(|(path, _)| template(&format!("{prefix}{path}")))
                .collect()
        };
        let shared = |from: &str, to: &str| paths(old, from).intersection(&paths(new, to)).count();
        (shared(&prefixes.old, &prefixes.new) > shared("", "")).then_some(prefixes)
    }

    /// Compares the servers of the whole API, which apply to operations and paths without their own.
    pub(super) fn servers(&mut self, old: Cursor<'a>, new: Cursor<'a>, moved: bool) {
        let own = |operation: Cursor<'a>| own_servers(operation).is_some();
        if self.is_shared(own) {
            let lists = (old.get("servers"), new.get("servers"));
            self.server_lists(lists.0, lists.1, moved);
        }
    }

    /// Compares the servers that an operation or its path overrides in either document.
    pub(super) fn operation_servers(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let (was, is) = (own_servers(old), own_servers(new));
        if was.is_some() || is.is_some() {
            let was = was.or_else(|| self.old.root().get("servers"));
            let is = is.or_else(|| self.new.root().get("servers"));
            self.server_lists(was, is, false);
        }
    }

    fn server_lists(&mut self, old: Option<Cursor<'a>>, new: Option<Cursor<'a>>, moved: bool) {
        let (was, is) = (by_url(old), by_url(new));
        let usual = |urls: &BTreeMap<String, (&str, Cursor<'a>)>| {
            urls.keys().all(|url| url == "/" || url.is_empty())
        };
        if usual(&was) && usual(&is) {
            // A document without servers is served from its own location.
            return;
        }
        for (url, (written, server)) in &was {
            if let Some((_, other)) = is.get(url) {
                self.server_variables(*server, *other);
                continue;
            }
            let found = self.general(General::ServerRemoved, Some(*server), None);
            found.shows(Shown::Text((*written).to_owned()), Shown::Nothing);
            if moved {
                // The part moved from the server to the paths, or the reverse.
                found.wire(Verdict::Compatible);
            }
        }
        for (_, (written, server)) in is.iter().filter(|(url, _)| !was.contains_key(*url)) {
            self.general(General::ServerAdded, None, Some(*server))
                .shows(Shown::Nothing, Shown::Text((*written).to_owned()));
        }
    }

    /// Compares the variables of a URL: their defaults and permitted values.
    fn server_variables(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let variables = |server: Cursor<'a>| server.get("variables");
        for (name, was) in variables(old).into_iter().flat_map(Cursor::members) {
            let Some(is) = variables(new).and_then(|map| map.get_any(name)) else {
                continue;
            };
            let default = |variable: Cursor<'a>| variable.get_any("default");
            if let (Some(from), Some(to)) = (default(was), default(is))
                && from.digest() != to.digest()
            {
                self.general(General::ServerDefaultChanged, Some(was), Some(is))
                    .shows(Shown::Old(from.id), Shown::New(to.id));
            }
            let values = |variable: Cursor<'a>| {
                let list = variable.get("enum").filter(|list| !list.is_empty());
                list.map(|list| list.items().collect::<Vec<_>>())
            };
            let (Some(from), Some(to)) = (values(was), values(is)) else {
                continue;
            };
            let lacks = |list: &[Cursor<'a>], value: &Cursor<'a>| {
                !list.iter().any(|other| other.digest() == value.digest())
            };
            for value in from.iter().filter(|value| lacks(&to, value)) {
                self.general(General::ServerValueRemoved, Some(was), Some(is))
                    .shows(Shown::Old(value.id), Shown::Nothing);
            }
            for value in to.iter().filter(|value| lacks(&from, value)) {
                self.general(General::ServerValueAdded, Some(was), Some(is))
                    .shows(Shown::Nothing, Shown::New(value.id));
            }
        }
    }

    /// Whether a keyword of the whole API applies to an operation: one that both documents contain and neither overrides, or if
    /// there are no such operations.
    pub(super) fn is_shared(&self, says: impl Fn(Cursor<'a>) -> bool) -> bool {
        let silent = |root: Cursor<'a>| -> (HashSet<(&'a str, &'a str)>, usize) {
            let mut all = 0;
            let items = root.get("paths").into_iter().flat_map(Cursor::members);
            let operations = items.flat_map(|(path, item)| {
                let methods = item.members().filter(|(name, _)| METHODS.contains(name));
                methods.map(move |(method, operation)| ((path, method), operation))
            });
            let silent = operations.inspect(|_| all += 1);
            let silent = silent.filter(|entry| !says(entry.1)).map(|entry| entry.0);
            (silent.collect(), all)
        };
        let (old, old_count) = silent(self.old.root());
        let (new, new_count) = silent(self.new.root());
        // Moved paths have other names, so it is sufficient that both documents contain such operations.
        old_count == 0
            || new_count == 0
            || old.intersection(&new).next().is_some()
            || (!old.is_empty() && !new.is_empty() && old.len() == old_count)
    }
}

/// The servers of an operation or of its path.
fn own_servers(operation: Cursor<'_>) -> Option<Cursor<'_>> {
    let listed = |place: Cursor<'_>| place.get("servers").is_some_and(|list| !list.is_empty());
    let path = operation.parent().filter(|path| path.name() != "paths");
    [Some(operation), path]
        .into_iter()
        .flatten()
        .find(|place| listed(*place))
        .and_then(|place| place.get("servers"))
}

/// Servers by their normalized URL, with the original URL.
fn by_url(list: Option<Cursor<'_>>) -> BTreeMap<String, (&str, Cursor<'_>)> {
    let list = list.into_iter().flat_map(Cursor::items);
    list.filter_map(|server| {
        let url = server.get("url")?.as_str()?;
        let (host, path) = split(url);
        // Scheme and host are case-insensitive, and a trailing slash has no effect before a path.
        Some((
            format!("{}{path}", host.to_ascii_lowercase()),
            (url, server),
        ))
    })
    .collect()
}

fn servers(root: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    root.get("servers").into_iter().flat_map(Cursor::items)
}

/// Splits a URL into host and path. Without a host, all of it is the path.
fn split(url: &str) -> (&str, &str) {
    let start = url.find("://").map_or(0, |scheme| scheme + 3);
    if start == 0 && !url.starts_with("//") {
        return ("", url.trim_end_matches('/'));
    }
    let start = if start == 0 { 2 } else { start };
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    (&url[..end], url[end..].trim_end_matches('/'))
}

/// The path that all servers have in common. `None` if they differ.
fn prefix(root: Cursor<'_>) -> Option<String> {
    let mut paths = servers(root).filter_map(|server| server.get("url")?.as_str());
    let first = paths.next().map_or("", |url| split(url).1);
    let same = paths.all(|url| split(url).1 == first);
    same.then(|| first.to_owned())
}

fn hosts(root: Cursor<'_>) -> HashSet<&str> {
    servers(root)
        .filter_map(|server| Some(split(server.get("url")?.as_str()?).0))
        .filter(|host| !host.is_empty())
        .collect()
}
