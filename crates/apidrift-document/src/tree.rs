//! JSON values in a compact form.
//!
//! A 12 MB document contains about a million values. With an allocation for each, they would need many times the memory of the
//! text; here a value takes 32 bytes in one vector, and equal strings are stored once. Values know their parent, so a value can
//! return its JSON pointer, and contain a digest, so that equal subtrees are recognised without a traversal.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;

use super::file_reference::FILES;
use super::strings::{Strings, Symbol};

/// Digests are keyed per process, so that no input can cause collisions.
static DIGEST: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A value's position in its tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    const NONE: NodeId = NodeId(u32::MAX);

    fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Null,
    Bool(bool),
    Number(u32),
    String(Symbol),
    Array(u32, u32),
    Object(u32, u32),
}

#[derive(Debug, Clone, Copy)]
struct Node {
    digest: u64,
    parent: NodeId,
    /// The index of the property name in an object, or the position in an array.
    key: u32,
    kind: Kind,
    /// Whether it or a nested value contains a `$ref` or the mapping of a discriminator.
    refers: bool,
}

/// A number, as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// An integer.
    Integer(i64),
    /// An unsigned 64-bit integer above the largest [`Number::Integer`].
    Unsigned(u64),
    /// A number with a fraction, or out of the range of 64 bits.
    Float(f64),
}

impl Number {
    /// `1.0` and `1` are one number in JSON.
    pub fn from_f64(value: f64) -> Self {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
            let whole = value as i64;
            Number::Integer(whole)
        } else {
            Number::Float(value)
        }
    }

    /// The number, if it is a 64-bit integer.
    pub fn as_integer(self) -> Option<i128> {
        match self {
            Number::Integer(value) => Some(value.into()),
            Number::Unsigned(value) => Some(value.into()),
            Number::Float(_) => None,
        }
    }

    /// The nearest double.
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds are compared as doubles, as JSON readers do"
    )]
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Unsigned(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// The values of one document.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    /// A short hash of each child's name, so that most lookups do not read the children.
    names: Vec<u32>,
    numbers: Vec<Number>,
    strings: Strings,
    root: NodeId,
}

impl Tree {
    pub(crate) fn root(&self) -> Cursor<'_> {
        Cursor {
            tree: self,
            id: self.root,
        }
    }

    pub(crate) fn at(&self, id: NodeId) -> Cursor<'_> {
        Cursor { tree: self, id }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Every value, in an unspecified order.
    pub(crate) fn all(&self) -> impl Iterator<Item = Cursor<'_>> {
        (0u32..)
            .take(self.nodes.len())
            .map(|index| self.at(NodeId(index)))
    }

    /// Creates an object from values of this tree, which keep their location. The object has the location `place`. `None` if
    /// the tree is full.
    pub(crate) fn made_object(
        &mut self,
        place: NodeId,
        mut members: Vec<NodeId>,
    ) -> Option<NodeId> {
        let name = |id: NodeId| self.strings.get(Symbol(self.node(id).key));
        members.sort_by(|a, b| name(*a).cmp(name(*b)));
        let digest = digest_of_object(members.iter().map(|&id| (name(id), self.node(id).digest)));
        let names: Vec<u32> = members.iter().map(|&id| short(name(id))).collect();
        self.made(place, digest, &members, names, Kind::Object)
    }

    /// The same with an array.
    pub(crate) fn made_array(&mut self, place: NodeId, items: &[NodeId]) -> Option<NodeId> {
        let digest = digest_of_array(items.iter().map(|&id| self.node(id).digest));
        self.made(place, digest, items, vec![0; items.len()], Kind::Array)
    }

    /// Records that references were followed to create a value, although it contains none.
    pub(crate) fn refers(&mut self, made: NodeId) {
        self.nodes[made.index()].refers = true;
    }

    fn made(
        &mut self,
        place: NodeId,
        digest: u64,
        values: &[NodeId],
        names: Vec<u32>,
        kind: fn(u32, u32) -> Kind,
    ) -> Option<NodeId> {
        if self.nodes.len() >= MAX_VALUES {
            return None;
        }
        let id = NodeId(u32::try_from(self.nodes.len()).ok()?);
        let start = u32::try_from(self.children.len()).ok()?;
        let end = u32::try_from(self.children.len() + values.len()).ok()?;
        let refers = values.iter().any(|value| self.node(*value).refers);
        let Node { parent, key, .. } = *self.node(place);
        self.children.extend(values);
        self.names.extend(names);
        self.nodes.push(Node {
            digest,
            parent,
            key,
            kind: kind(start, end),
            refers,
        });
        Some(id)
    }

    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    fn span(&self, start: u32, end: u32) -> &[NodeId] {
        &self.children[start as usize..end as usize]
    }
}

/// A document with more values is rejected. Each value is a child of at most one other, so indices of children fit too.
const MAX_VALUES: usize = 1 << 30;

/// Collects values from the leaves up.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    names: Vec<u32>,
    numbers: Vec<Number>,
    strings: Strings,
}

impl Builder {
    fn push(&mut self, digest: u64, kind: Kind) -> NodeId {
        // `full` is called before each value, so the index fits.
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `full`")]
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            digest,
            parent: NodeId::NONE,
            key: 0,
            kind,
            refers: false,
        });
        id
    }

    /// The number of values.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The strings of references, among the values from a position on.
    pub(crate) fn references(&self, from: usize) -> impl Iterator<Item = &str> {
        let nodes = self.nodes[from..].iter();
        nodes.filter_map(|node| match node.kind {
            Kind::String(symbol)
                if node.parent != NodeId::NONE
                    && matches!(self.nodes[node.parent.index()].kind, Kind::Object(..))
                    && self.strings.get(Symbol(node.key)) == "$ref" =>
            {
                Some(self.strings.get(symbol))
            }
            _ => None,
        })
    }

    /// Whether the tree cannot take another value.
    pub(crate) fn full(&self) -> bool {
        self.nodes.len() >= MAX_VALUES
    }

    pub(crate) fn null(&mut self) -> NodeId {
        self.push(digest_of(&0u8), Kind::Null)
    }

    pub(crate) fn bool(&mut self, value: bool) -> NodeId {
        self.push(digest_of(&(1u8, value)), Kind::Bool(value))
    }

    pub(crate) fn number(&mut self, value: Number) -> NodeId {
        let digest = match value {
            Number::Integer(value) => digest_of(&(2u8, value)),
            Number::Unsigned(value) => digest_of(&(3u8, value)),
            Number::Float(value) => digest_of(&(4u8, value.to_bits())),
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no more numbers than values"
        )]
        let index = self.numbers.len() as u32;
        self.numbers.push(value);
        self.push(digest, Kind::Number(index))
    }

    pub(crate) fn string(&mut self, value: &str) -> NodeId {
        let symbol = self.symbol(value);
        self.push(digest_of(&(5u8, value)), Kind::String(symbol))
    }

    pub(crate) fn symbol(&mut self, value: &str) -> Symbol {
        self.strings.intern(value, digest_of(value))
    }

    pub(crate) fn array(&mut self, items: &[NodeId]) -> NodeId {
        let digest = digest_of_array(items.iter().map(|item| self.nodes[item.index()].digest));
        self.names.resize(self.names.len() + items.len(), 0);
        let (start, end) = self.append(items.iter().copied());
        let id = self.push(digest, Kind::Array(start, end));
        for (position, &item) in (0u32..).zip(items) {
            let node = &mut self.nodes[item.index()];
            node.parent = id;
            node.key = position;
        }
        self.nodes[id.index()].refers = items.iter().any(|item| self.nodes[item.index()].refers);
        id
    }

    /// Properties are sorted by name, since their order has no meaning. Of a duplicate name, the last applies.
    pub(crate) fn object(&mut self, members: &mut Vec<(Symbol, NodeId)>) -> NodeId {
        let strings = &self.strings;
        members.sort_by(|a, b| strings.get(a.0).cmp(strings.get(b.0)));
        members.reverse();
        members.dedup_by_key(|member| member.0);
        members.reverse();
        let digest = digest_of_object(
            members
                .iter()
                .map(|&(name, value)| (strings.get(name), self.nodes[value.index()].digest)),
        );
        let strings = &self.strings;
        self.names
            .extend(members.iter().map(|member| short(strings.get(member.0))));
        let (start, end) = self.append(members.iter().map(|member| member.1));
        let id = self.push(digest, Kind::Object(start, end));
        for &(name, value) in members.iter() {
            let node = &mut self.nodes[value.index()];
            node.parent = id;
            node.key = name.0;
        }
        // A discriminator refers to schemas too, by its mapping or by their names.
        let refers = |&(name, value): &(Symbol, NodeId)| {
            self.nodes[value.index()].refers
                || matches!(self.strings.get(name), "$ref" | "discriminator")
        };
        self.nodes[id.index()].refers = members.iter().any(refers);
        id
    }

    /// The properties of an existing object, for the merge keys of YAML.
    pub(crate) fn members(&self, id: NodeId) -> Option<Vec<(Symbol, NodeId)>> {
        match self.nodes[id.index()].kind {
            Kind::Object(start, end) => Some(
                self.children[start as usize..end as usize]
                    .iter()
                    .map(|&child| (Symbol(self.nodes[child.index()].key), child))
                    .collect(),
            ),
            _ => None,
        }
    }

    pub(crate) fn text(&self, id: NodeId) -> Option<&str> {
        match self.nodes[id.index()].kind {
            Kind::String(symbol) => Some(self.strings.get(symbol)),
            _ => None,
        }
    }

    pub(crate) fn items(&self, id: NodeId) -> Vec<NodeId> {
        match self.nodes[id.index()].kind {
            Kind::Array(start, end) => self.children[start as usize..end as usize].to_vec(),
            _ => Vec::new(),
        }
    }

    fn append(&mut self, values: impl Iterator<Item = NodeId>) -> (u32, u32) {
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `full`")]
        let start = self.children.len() as u32;
        self.children.extend(values);
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `full`")]
        let end = self.children.len() as u32;
        (start, end)
    }

    pub(crate) fn finish(mut self, root: NodeId) -> Tree {
        self.nodes.shrink_to_fit();
        self.children.shrink_to_fit();
        self.names.shrink_to_fit();
        self.strings.finish();
        Tree {
            nodes: self.nodes,
            children: self.children,
            names: self.names,
            numbers: self.numbers,
            strings: self.strings,
            root,
        }
    }
}

/// Objects with more properties use binary search.
const SCANNED: usize = 24;

/// A short hash of a name. Names with equal hashes are distinguished by their strings.
fn short(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

fn digest_of<T: Hash + ?Sized>(value: &T) -> u64 {
    DIGEST.hash_one(value)
}

fn digest_of_array(items: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = DIGEST.build_hasher();
    6u8.hash(&mut hasher);
    for item in items {
        item.hash(&mut hasher);
    }
    hasher.finish()
}

/// The properties must be sorted by name.
fn digest_of_object<'a>(members: impl Iterator<Item = (&'a str, u64)>) -> u64 {
    let mut hasher = DIGEST.build_hasher();
    7u8.hash(&mut hasher);
    for (name, value) in members {
        name.hash(&mut hasher);
        value.hash(&mut hasher);
    }
    hasher.finish()
}

/// A value, together with the tree that contains it.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    tree: &'a Tree,
    /// The position of the value.
    pub id: NodeId,
}

impl<'a> Cursor<'a> {
    /// Equal for equal values, independent of the order of properties.
    #[inline]
    pub fn digest(self) -> u64 {
        self.tree.node(self.id).digest
    }

    /// Whether this value, a nested one, or a source of the merge contains a `$ref`.
    #[inline]
    pub fn refers(self) -> bool {
        self.tree.node(self.id).refers
    }

    /// Whether it is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        matches!(self.tree.node(self.id).kind, Kind::Null)
    }

    /// Whether it is an object.
    #[inline]
    pub fn is_object(self) -> bool {
        matches!(self.tree.node(self.id).kind, Kind::Object(..))
    }

    /// Whether it is an array.
    #[inline]
    pub fn is_array(self) -> bool {
        matches!(self.tree.node(self.id).kind, Kind::Array(..))
    }

    /// The value of a boolean.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        match self.tree.node(self.id).kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it is `true`.
    #[inline]
    pub fn is_true(self) -> bool {
        self.as_bool() == Some(true)
    }

    /// The value of a number.
    #[inline]
    pub fn as_number(self) -> Option<Number> {
        match self.tree.node(self.id).kind {
            Kind::Number(index) => Some(self.tree.numbers[index as usize]),
            _ => None,
        }
    }

    /// The value of a string.
    #[inline]
    pub fn as_str(self) -> Option<&'a str> {
        match self.tree.node(self.id).kind {
            Kind::String(symbol) => Some(self.tree.strings.get(symbol)),
            _ => None,
        }
    }

    /// The symbol of this string in its document.
    pub(crate) fn as_symbol(self) -> Option<Symbol> {
        match self.tree.node(self.id).kind {
            Kind::String(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// The property name of this value in its object.
    #[inline]
    pub fn name(self) -> &'a str {
        let node = self.tree.node(self.id);
        if node.parent == NodeId::NONE || !self.tree.at(node.parent).is_object() {
            return "";
        }
        self.tree.strings.get(Symbol(node.key))
    }

    /// The object or array that contains it; `None` for the root.
    #[inline]
    pub fn parent(self) -> Option<Cursor<'a>> {
        let parent = self.tree.node(self.id).parent;
        (parent != NodeId::NONE).then(|| self.tree.at(parent))
    }

    /// The number of properties of an object, or of items of an array; 0 for other values.
    #[inline]
    pub fn len(self) -> usize {
        match self.tree.node(self.id).kind {
            Kind::Array(start, end) | Kind::Object(start, end) => (end - start) as usize,
            _ => 0,
        }
    }

    /// Whether it contains no values.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value of the property `name`. A `null` counts as absent.
    #[inline]
    pub fn get(self, name: &str) -> Option<Cursor<'a>> {
        self.get_any(name).filter(|value| !value.is_null())
    }

    /// The value of the property `name`, including `null`.
    #[inline]
    pub fn get_any(self, name: &str) -> Option<Cursor<'a>> {
        let Kind::Object(start, end) = self.tree.node(self.id).kind else {
            return None;
        };
        let members = self.tree.span(start, end);
        if members.len() <= SCANNED {
            let wanted = short(name);
            let names = &self.tree.names[start as usize..end as usize];
            return names
                .iter()
                .zip(members)
                .filter(|(found, _)| **found == wanted)
                .map(|(_, &child)| self.tree.at(child))
                .find(|child| child.name() == name);
        }
        let key = |child: &NodeId| self.tree.strings.get(Symbol(self.tree.node(*child).key));
        let found = members
            .binary_search_by(|child| key(child).cmp(name))
            .ok()?;
        Some(self.tree.at(members[found]))
    }

    /// The properties of an object, sorted by name; empty for other values.
    pub fn members(self) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + Clone {
        let span = match self.tree.node(self.id).kind {
            Kind::Object(start, end) => self.tree.span(start, end),
            _ => &[],
        };
        let tree = self.tree;
        span.iter().map(move |&child| {
            (
                tree.strings.get(Symbol(tree.node(child).key)),
                tree.at(child),
            )
        })
    }

    /// The items of an array; empty for other values.
    pub fn items(self) -> impl ExactSizeIterator<Item = Cursor<'a>> + Clone {
        let span = match self.tree.node(self.id).kind {
            Kind::Array(start, end) => self.tree.span(start, end),
            _ => &[],
        };
        let tree = self.tree;
        span.iter().map(move |&child| tree.at(child))
    }

    /// The unescaped reference tokens from the root to this value.
    pub fn tokens(self) -> Vec<String> {
        let mut tokens = Vec::new();
        let mut here = self;
        while let Some(parent) = here.parent() {
            let key = self.tree.node(here.id).key;
            tokens.push(if parent.is_object() {
                self.tree.strings.get(Symbol(key)).to_owned()
            } else {
                key.to_string()
            });
            here = parent;
        }
        tokens.reverse();
        tokens
    }

    /// The JSON pointer of this value; `""` for the root.
    pub fn pointer(self) -> String {
        let mut pointer = String::new();
        let tokens = self.tokens();
        let tokens = match tokens.as_slice() {
            // A location in another file begins with the path of the file.
            [section, path, rest @ ..] if section == FILES => {
                pointer = format!("{path}#");
                rest
            }
            tokens => tokens,
        };
        for token in tokens {
            pointer.push('/');
            pointer.push_str(&token.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }

    /// The value as `serde_json::Value`, or `None` if it contains more than `budget` values.
    pub fn to_json(self, budget: &mut usize) -> Option<serde_json::Value> {
        use serde_json::Value;
        *budget = budget.checked_sub(1)?;
        Some(match self.tree.node(self.id).kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Number(index) => match self.tree.numbers[index as usize] {
                Number::Integer(value) => value.into(),
                Number::Unsigned(value) => value.into(),
                Number::Float(value) => value.into(),
            },
            Kind::String(symbol) => self.tree.strings.get(symbol).into(),
            Kind::Array(..) => Value::Array(
                self.items()
                    .map(|item| item.to_json(budget))
                    .collect::<Option<_>>()?,
            ),
            Kind::Object(..) => Value::Object(
                self.members()
                    .map(|(name, value)| Some((name.to_owned(), value.to_json(budget)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }
}
