//! Where `$ref` leads.

use std::collections::HashMap;

use super::{Cursor, Document, NodeId};

/// Longer chains of references are taken for a circle.
const MAX_HOPS: usize = 100;

/// `$anchor` and `$id` by name.
pub(crate) type Anchors = HashMap<String, NodeId>;

/// A place after following the references it starts with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolved<'a> {
    /// Where the content stands. The place itself if it is no reference, or leads nowhere.
    pub(crate) target: Cursor<'a>,
    /// Whether a reference was followed.
    pub(crate) followed: bool,
    /// The reference that could not be followed, as written.
    pub(crate) dangling: Option<&'a str>,
}

/// All anchors of a document, found without recursion over references.
pub(super) fn anchors(root: Cursor<'_>) -> Anchors {
    let mut anchors = Anchors::new();
    let mut open = vec![root];
    while let Some(here) = open.pop() {
        for (name, value) in here.members() {
            if matches!(name, "$anchor" | "$dynamicAnchor" | "$id")
                && let Some(text) = value.as_str()
            {
                let key = if name == "$id" { text.to_owned() } else { format!("#{text}") };
                anchors.entry(key).or_insert(here.id);
            }
            if value.len() > 0 && !matches!(name, "example" | "examples" | "default" | "enum" | "const") {
                open.push(value);
            }
        }
        open.extend(here.items().filter(|item| item.len() > 0));
    }
    anchors
}

impl Document {
    /// Follows `$ref` from `place` to content, over any number of references, around no circle.
    pub(crate) fn resolve<'a>(&'a self, place: Cursor<'a>) -> Resolved<'a> {
        let mut here = place;
        for hop in 0..MAX_HOPS {
            let Some(reference) = here.get("$ref").and_then(Cursor::as_str) else {
                return Resolved {
                    target: here,
                    followed: hop > 0,
                    dangling: None,
                };
            };
            match self.look_up(reference) {
                Some(next) if next.id != place.id => here = next,
                _ => break,
            }
        }
        Resolved {
            target: place,
            followed: false,
            dangling: place.get("$ref").and_then(Cursor::as_str),
        }
    }

    fn look_up(&self, reference: &str) -> Option<Cursor<'_>> {
        if let Some(&id) = self.anchors.get(reference) {
            return Some(self.tree.at(id));
        }
        let fragment = reference.strip_prefix('#')?;
        let mut here = self.root();
        for token in fragment.split('/').skip(1) {
            let token = unescape(token);
            here = match here.get_any(&token) {
                Some(member) => member,
                None => here.items().nth(token.parse().ok()?)?,
            };
        }
        (fragment.is_empty() || fragment.starts_with('/')).then_some(here)
    }
}

/// The component name a reference ends in, `User` for `#/components/schemas/User`.
pub(crate) fn last_token(reference: &str) -> String {
    unescape(reference.rsplit('/').next().unwrap_or(reference))
}

/// Undoes percent encoding, then the escapes of JSON pointers.
fn unescape(token: &str) -> String {
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
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
