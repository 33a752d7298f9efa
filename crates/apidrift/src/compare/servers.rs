//! Where the API is served.

use std::collections::{BTreeMap, HashSet};

use super::operations::template;
use super::{Engine, Shown};
use crate::Verdict;
use crate::document::Cursor;
use crate::rules::General;

/// What stands before every path, in each document.
#[derive(Debug)]
pub(super) struct Prefixes {
    pub(super) old: String,
    pub(super) new: String,
}

impl<'a> Engine<'a> {
    /// The prefixes, where a part of all URLs moved between the servers and the paths: more paths have the
    /// URL of before than have the text of before, and every host is kept.
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

    pub(super) fn servers(&mut self, old: Cursor<'a>, new: Cursor<'a>, moved: bool) {
        let urls = |root: Cursor<'a>| -> BTreeMap<&'a str, Cursor<'a>> {
            servers(root)
                .filter_map(|server| Some((server.get("url")?.as_str()?, server)))
                .collect()
        };
        let (was, is) = (urls(old), urls(new));
        for (url, server) in was.iter().filter(|(url, _)| !is.contains_key(*url)) {
            let found = self.general(General::ServerRemoved, Some(*server), None);
            found.shows(Shown::Text((*url).to_owned()), Shown::Nothing);
            if moved {
                // The paths have what the server lost, or the other way.
                found.wire(Verdict::Compatible);
            }
        }
        for (url, server) in is.iter().filter(|(url, _)| !was.contains_key(*url)) {
            self.general(General::ServerAdded, None, Some(*server))
                .shows(Shown::Nothing, Shown::Text((*url).to_owned()));
        }
    }
}

fn servers(root: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    root.get("servers").into_iter().flat_map(Cursor::items)
}

/// Host and path of a URL; without a host, all of it is the path.
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
