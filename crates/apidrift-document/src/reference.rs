//! Resolves `$ref`.

use std::collections::HashMap;

use super::file_reference::{FILES, split};
use super::pointer::unescape;
use super::strings::Symbol;
use super::tree::{NodeId, Tree};

/// The targets of references, by the symbols of their strings.
pub(crate) type Targets = HashMap<Symbol, NodeId>;

/// `$anchor` and `$id` by name.
type Anchors = HashMap<String, NodeId>;

/// The target of each reference of a document, by the string of the reference.
pub(crate) fn targets(tree: &Tree) -> Targets {
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

/// Whether a reference leaves the document, so that changes of its target are not visible.
pub fn leads_out(reference: Option<&str>) -> bool {
    reference.is_some_and(|text| !text.is_empty() && !text.starts_with('#'))
}

fn look_up(tree: &Tree, anchors: &Anchors, reference: &str) -> Option<NodeId> {
    if let Some(&id) = anchors.get(reference) {
        return Some(id);
    }
    let (mut here, fragment) = if let Some(fragment) = reference.strip_prefix('#') {
        (tree.root(), fragment)
    } else {
        let (path, fragment) = split(reference)?;
        (tree.root().get_any(FILES)?.get_any(path)?, fragment)
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
