//! The uses of the types of an API: the operations, the tags, and whether requests contain them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::Value;

use specmill_model::Model;
use specmill_model::{Operation, Paging, Success, TypeDefinition};
use specmill_openapi::{document, names};

/// The tag of the types of webhooks, and the module of those that no operation uses. No tag of the document has it.
pub(super) const WEBHOOKS: &str = "webhook_payloads";

/// The uses of types.
pub(super) struct Usage<'m> {
    /// The types that requests contain.
    pub(super) sent: BTreeSet<&'m str>,
    /// The operations that name a type in their parameters, body or response.
    pub(super) direct: BTreeMap<&'m str, Vec<&'m Operation>>,
    /// For each type, the tags whose operations reach it, in document order.
    tags: Vec<Vec<&'m str>>,
    /// The types that equal another one.
    same: BTreeMap<&'m str, &'m str>,
    /// The paging of the lists whose pages have a type.
    paging: BTreeMap<&'m str, &'m Paging>,
    graph: Graph<'m>,
}

impl<'m> Usage<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let same = same(model);
        let graph = Graph::of(model, &same);
        let mut sent = vec![false; graph.names.len()];
        let mut direct: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
        let mut roots: Vec<(&str, BTreeSet<&str>)> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in &model.operations {
            let mut named = BTreeSet::new();
            for parameter in &operation.parameters {
                graph.references(&parameter.lowered, &mut named);
            }
            if let Some(body) = &operation.body {
                graph.references(&body.lowered, &mut named);
                for part in &body.form {
                    graph.references(&part.lowered, &mut named);
                }
            }
            graph.reach(named.iter().copied(), &mut sent);
            if let Success::Json(body) | Success::OptionalJson(body) = &operation.success {
                graph.references(body, &mut named);
            }
            if let Some(stream) = &operation.stream {
                graph.references(&stream.item, &mut named);
            }
            let place = *places.entry(&operation.tag).or_insert_with(|| {
                roots.push((&operation.tag, BTreeSet::new()));
                roots.len() - 1
            });
            roots[place].1.extend(&named);
            for error in &operation.errors {
                graph.references(error, &mut roots[place].1);
            }
            for name in named {
                direct.entry(name).or_default().push(operation);
            }
        }
        let mut payloads = BTreeSet::new();
        for webhook in &model.webhooks {
            graph.references(&webhook.lowered, &mut payloads);
        }
        roots.push((WEBHOOKS, payloads));
        let mut tags: Vec<Vec<&str>> = vec![Vec::new(); graph.names.len()];
        for (tag, named) in roots {
            let mut reached = vec![false; graph.names.len()];
            graph.reach(named, &mut reached);
            for (tags, _) in tags.iter_mut().zip(reached).filter(|(_, reached)| *reached) {
                tags.push(tag);
            }
        }
        let mut paging = BTreeMap::new();
        for operation in &model.operations {
            if let (Some(pages), Success::Json(body)) = (&operation.paging, &operation.success)
                && let Some(reference) = body.get("$ref").and_then(Value::as_str)
            {
                let name = reference.rsplit('/').next().unwrap_or_default();
                paging.entry(name).or_insert(pages);
            }
        }
        let sent = graph.names.iter().zip(sent).filter(|(_, sent)| *sent);
        Self {
            sent: sent.map(|(name, _)| *name).collect(),
            direct,
            tags,
            same,
            paging,
            graph,
        }
    }

    /// The paging of the list whose pages have a type, if there is one.
    pub(super) fn paging(&self, name: &str) -> Option<&'m Paging> {
        self.paging.get(name).copied()
    }

    /// The tags whose operations reach a type, in document order.
    pub(super) fn tags(&self, name: &str) -> &[&'m str] {
        let index = self.graph.index(name);
        index.map_or(&[], |index| self.tags[index].as_slice())
    }

    /// The module of a type. It depends on facts that stay the same when the document grows: the tag of the operation that
    /// contains the inline type, or else the tag that reaches it and shares most words with its name, or else the first word of
    /// its name.
    pub(super) fn group(&self, definition: &TypeDefinition) -> String {
        if let Some(tag) = &definition.tag_of_place {
            return tag.clone();
        }
        if self.tags(&definition.name) == [WEBHOOKS] {
            return WEBHOOKS.to_owned();
        }
        let words: Vec<String> = names::words(&definition.name)
            .iter()
            .map(|word| singular(&word.to_lowercase()))
            .collect();
        let shared = |tag: &str| {
            let tag: Vec<String> = tag
                .split('_')
                .filter(|word| !word.is_empty())
                .map(singular)
                .collect();
            if !tag.is_empty() && words.windows(tag.len()).any(|window| window == tag) {
                return tag.len();
            }
            words
                .iter()
                .zip(&tag)
                .take_while(|(word, of_tag)| word == of_tag)
                .count()
        };
        let tags = self
            .tags(&definition.name)
            .iter()
            .filter(|tag| **tag != WEBHOOKS)
            .map(|tag| (shared(tag), std::cmp::Reverse(*tag)));
        match tags.filter(|(shared, _)| *shared > 0).max() {
            Some((_, std::cmp::Reverse(tag))) => tag.to_owned(),
            None => names::module_name(
                names::words(&definition.name)
                    .first()
                    .map_or("other", String::as_str),
            ),
        }
    }

    /// The types that the declaration of a type refers to.
    pub(super) fn named_by(&self, name: &str) -> impl Iterator<Item = &'m str> + '_ {
        let index = self.graph.index(name);
        let edges = index.map_or(&[][..], |index| &self.graph.edges[index]);
        edges.iter().map(|index| self.graph.names[*index])
    }

    /// The type that this one is an alias of.
    pub(super) fn same(&self, name: &str) -> Option<&'m str> {
        self.same.get(name).copied()
    }
}

/// The references between types. A type is its index: the references of each tag's types are followed to their end.
struct Graph<'m> {
    /// The names of the types, sorted.
    names: Vec<&'m str>,
    /// The types that each type references.
    edges: Vec<Vec<usize>>,
}

impl<'m> Graph<'m> {
    fn of(model: &'m Model, same: &BTreeMap<&'m str, &'m str>) -> Self {
        let mut graph = Self {
            names: model.types.iter().map(|one| one.name.as_str()).collect(),
            edges: vec![Vec::new(); model.types.len()],
        };
        graph.names.sort_unstable();
        for definition in &model.types {
            let mut named = BTreeSet::new();
            match same.get(definition.name.as_str()) {
                Some(same) => named.extend([*same]),
                None => graph.references(&definition.lowered, &mut named),
            }
            let edges = named.iter().filter_map(|name| graph.index(name)).collect();
            if let Some(index) = graph.index(&definition.name) {
                graph.edges[index] = edges;
            }
        }
        graph
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.binary_search(&name).ok()
    }

    /// Adds the types that a lowered schema references directly.
    fn references(&self, lowered: &'m Value, named: &mut BTreeSet<&'m str>) {
        let mut waiting = vec![lowered];
        while let Some(schema) = waiting.pop() {
            match schema {
                Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
                    Some(reference) => {
                        let name = reference.rsplit('/').next().unwrap_or_default();
                        named.extend(self.index(name).map(|index| self.names[index]));
                    }
                    None => waiting.extend(members.values()),
                },
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
    }

    /// Marks types as reached, and all types that they refer to.
    fn reach(&self, from: impl IntoIterator<Item = &'m str>, reached: &mut [bool]) {
        let from = from.into_iter().filter_map(|name| self.index(name));
        let mut waiting: Vec<usize> = from.collect();
        while let Some(index) = waiting.pop() {
            if !std::mem::replace(&mut reached[index], true) {
                waiting.extend(&self.edges[index]);
            }
        }
    }
}

/// The types that equal another one: enumerations with the same values, and inline objects and unions with the same properties,
/// whose types may be equal in turn.
///
/// The variants of a tagged union remain separate types, since the union converts from each of them. So does a response that is
/// a page, since it implements traits of its own.
fn same(model: &Model) -> BTreeMap<&str, &str> {
    let mut kept: BTreeSet<&str> = BTreeSet::new();
    for definition in model.types.iter().filter(|one| one.tag.is_some()) {
        let branches = definition.lowered.get("oneOf").and_then(Value::as_array);
        kept.extend(branches.into_iter().flatten().filter_map(reference));
    }
    for operation in model.operations.iter().filter(|one| one.paging.is_some()) {
        if let Success::Json(body) | Success::OptionalJson(body) = &operation.success {
            kept.extend(reference(body));
        }
    }
    // A component comes before a type that is named after its location, then the shorter name.
    let mut all: Vec<&TypeDefinition> = model.types.iter().collect();
    all.sort_by_key(|one| (!one.component, one.name.len(), &one.name));
    let mut same: BTreeMap<&str, &str> = BTreeMap::new();
    let mut keys: Vec<Key> = all.iter().map(|definition| Key::of(definition)).collect();
    // Types that contain equal types are found in the next round.
    for _ in 0..DEEPEST_SAME {
        let before = same.len();
        let mut first: HashMap<Rc<str>, &str> = HashMap::new();
        for (definition, key) in all.iter().zip(&mut keys) {
            let name = definition.name.as_str();
            if same.contains_key(name) {
                continue;
            }
            let key = key.current(definition, &same);
            // Components are always separate types. Enumerations are equal if their values are.
            if definition.component && definition.values.is_empty() {
                first.entry(key).or_insert(name);
                continue;
            }
            match first.get(&key) {
                Some(known) if !kept.contains(name) && !kept.contains(known) => {
                    same.insert(name, *known);
                }
                Some(_) => {}
                None => {
                    first.insert(key, name);
                }
            }
        }
        if same.len() == before {
            break;
        }
    }
    // Equality is transitive.
    let direct: Vec<(&str, &str)> = same.iter().map(|(name, other)| (*name, *other)).collect();
    for (name, mut other) in direct {
        while let Some(next) = same.get(other) {
            other = next;
        }
        same.insert(name, other);
    }
    same
}

/// The maximum nesting of equal types.
const DEEPEST_SAME: usize = 16;

/// The key that two types share if they are equal. Few keys change in a round: a key is only rebuilt if more of the types that
/// it references are known to equal others.
struct Key<'m> {
    text: Rc<str>,
    /// The types that the type references.
    named: Vec<&'m str>,
    /// The number of known equal types when the key was built.
    replaced: usize,
}

impl<'m> Key<'m> {
    fn of(definition: &'m TypeDefinition) -> Self {
        let mut named = Vec::new();
        let mut waiting = vec![&definition.lowered];
        while let Some(schema) = waiting.pop() {
            match schema {
                Value::Object(members) => {
                    named.extend(reference_name(members.get("$ref")));
                    waiting.extend(members.values());
                }
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
        Self {
            text: key(definition, &definition.lowered),
            named,
            replaced: 0,
        }
    }

    /// The key with the currently known equalities. An equality does not change once it is known.
    fn current(&mut self, definition: &TypeDefinition, same: &BTreeMap<&str, &str>) -> Rc<str> {
        let replaced = self.named.iter().filter(|name| same.contains_key(*name));
        let replaced = replaced.count();
        if replaced != self.replaced {
            self.replaced = replaced;
            self.text = key(definition, &canonical(&definition.lowered, same));
        }
        Rc::clone(&self.text)
    }
}

/// A lowered schema in which references to types are replaced by references to the types that they equal.
fn canonical(lowered: &Value, same: &BTreeMap<&str, &str>) -> Value {
    match lowered {
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| {
                let reference = reference_name(Some(member)).filter(|_| name == "$ref");
                let member = match reference.and_then(|one| same.get(one)) {
                    Some(target) => Value::from(format!("#/components/schemas/{target}")),
                    None => canonical(member, same),
                };
                (name.clone(), member)
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(|item| canonical(item, same)).collect(),
        other => other.clone(),
    }
}

/// The name of the type that a reference refers to.
fn reference_name(reference: Option<&Value>) -> Option<&str> {
    reference?.as_str()?.rsplit('/').next()
}

/// The key of a type with this lowered schema.
fn key(definition: &TypeDefinition, lowered: &Value) -> Rc<str> {
    if !definition.values.is_empty() {
        // The order of the values does not matter.
        let values: BTreeSet<&String> = definition.values.iter().collect();
        return serde_json::json!(values).to_string().into();
    }
    let tag = definition
        .tag
        .as_ref()
        .map(|tag| (&tag.property, &tag.values));
    let variants = format!("{:?} {:?}", definition.variants, definition.statuses);
    let rest = serde_json::json!([tag, definition.nullable, variants]);
    // Both parts are JSON, so the end of the schema is unambiguous.
    format!("{lowered}{rest}").into()
}

/// A word without a common plural suffix.
fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

/// The type that a lowered schema refers to.
fn reference(lowered: &Value) -> Option<&str> {
    let lowered = document::at(lowered, "/allOf/0").unwrap_or(lowered);
    lowered.get("$ref")?.as_str()?.rsplit('/').next()
}
