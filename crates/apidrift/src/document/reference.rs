//! Where `$ref` leads.

use std::collections::HashMap;

use super::strings::Symbol;
use super::{Cursor, Document, NodeId, Tree, files};

/// Longer chains of references are taken for a circle.
const MAX_HOPS: usize = 100;

/// Where references lead, by the number of their text.
pub(super) type Targets = HashMap<Symbol, NodeId>;

/// `$anchor` and `$id` by name.
type Anchors = HashMap<String, NodeId>;

/// A place after following the references it starts with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolved<'a> {
    /// Where the content stands. The place itself if it is no reference, or leads nowhere.
    pub(crate) target: Cursor<'a>,
    /// The reference that could not be followed, as written.
    pub(crate) dangling: Option<&'a str>,
}

/// Where each reference of a document leads, by its text.
pub(super) fn targets(tree: &Tree) -> Targets {
    let mut anchors = Anchors::new();
    let mut references: HashMap<Symbol, &str> = HashMap::new();
    for value in tree.all() {
        let (Some(symbol), Some(text)) = (value.as_symbol(), value.as_str()) else {
            continue;
        };
        match (value.name(), value.parent()) {
            ("$ref", _) => {
                references.insert(symbol, text);
            }
            ("$id", Some(schema)) => {
                anchors.entry(text.to_owned()).or_insert(schema.id);
            }
            ("$anchor" | "$dynamicAnchor", Some(schema)) => {
                anchors.entry(format!("#{text}")).or_insert(schema.id);
            }
            _ => {}
        }
    }
    let target = |(symbol, text)| Some((symbol, look_up(tree, &anchors, text)?));
    references.into_iter().filter_map(target).collect()
}

/// Whether a reference leads out of the document, to what may differ without being seen.
pub(crate) fn leads_out(reference: Option<&str>) -> bool {
    reference.is_some_and(|text| !text.is_empty() && !text.starts_with('#'))
}

impl Document {
    /// Whether any reference leads out of the document.
    pub(crate) fn refers_outside(&self) -> bool {
        let mut references = self.tree.all().filter(|value| value.name() == "$ref");
        references.any(|reference| {
            let known = reference
                .as_symbol()
                .is_some_and(|text| self.targets.contains_key(&text));
            !known && leads_out(reference.as_str())
        })
    }

    /// Follows `$ref` from `place` to content, over any number of references, around no circle.
    pub(crate) fn resolve<'a>(&'a self, place: Cursor<'a>) -> Resolved<'a> {
        let mut here = place;
        for _ in 0..=MAX_HOPS {
            if here.get("$ref").and_then(Cursor::as_symbol).is_none() {
                return Resolved {
                    target: here,
                    dangling: None,
                };
            }
            match self.follow(here) {
                Some(next) => here = next,
                None => break,
            }
        }
        Resolved {
            target: place,
            dangling: place.get("$ref").and_then(Cursor::as_str),
        }
    }

    /// Where the reference at `place` leads, one step far.
    pub(crate) fn follow<'a>(&'a self, place: Cursor<'a>) -> Option<Cursor<'a>> {
        let reference = place.get("$ref")?.as_symbol()?;
        self.targets
            .get(&reference)
            .map(|&target| self.tree.at(target))
    }
}

fn look_up(tree: &Tree, anchors: &Anchors, reference: &str) -> Option<NodeId> {
    if let Some(&id) = anchors.get(reference) {
        return Some(id);
    }
    let (mut here, fragment) = match reference.strip_prefix('#') {
        Some(fragment) => (tree.root(), fragment),
        None => {
            let (path, fragment) = files::split(reference)?;
            (tree.root().get_any(files::FILES)?.get_any(path)?, fragment)
        }
    };
    for token in fragment.split('/').skip(1) {
        let token = unescape(token);
        here = match here.get_any(&token) {
            Some(member) => member,
            None => here.items().nth(token.parse().ok()?)?,
        };
    }
    (fragment.is_empty() || fragment.starts_with('/')).then_some(here.id)
}

/// The component name a reference ends in, `User` for `#/components/schemas/User`.
pub(crate) fn last_token(reference: &str) -> String {
    unescape(reference.rsplit('/').next().unwrap_or(reference))
}

/// Undoes percent encoding, then the escapes of JSON pointers.
pub(super) fn unescape(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8_lossy(&bytes)
        .replace("~1", "/")
        .replace("~0", "~")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
