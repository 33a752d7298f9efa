//! Combines a document with the files that it references.

mod files;
mod names;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use crate::diagnostic::Result;
use crate::document::places::{Kind, Place, each_object};
use crate::document::{child, reference_target, text};

pub use files::Folder;
pub(crate) use names::Names;

/// The maximum length of a chain of references.
const LONGEST_CHAIN: usize = 100;

/// The maximum nesting of parts that are not components: each is copied to the place of its reference.
const DEEPEST: usize = 50;

/// Adds the parts that a document references in other files of a folder to it, as components.
///
/// `file` is the file of the document, relative to the folder. A component that only references a file is replaced by the
/// content of the file. Any other part is named after the end of its reference, and path items are moved to their place of use.
/// References to other folders, to the network or to missing files are not changed.
///
/// # Errors
/// A file cannot be parsed, or the files are too large together.
pub fn bundle(document: Value, file: &str, folder: &mut Folder) -> Result<Value> {
    let swagger = document.get("swagger").is_some();
    let mut bundler = Bundler {
        folder,
        swagger,
        own: file.to_owned(),
        documents: BTreeMap::new(),
        lifted: BTreeMap::new(),
        names: Names::default(),
        queue: VecDeque::new(),
    };
    bundler.whole(document)
}

/// A place in a file: the file, relative to the folder, and a JSON pointer.
type Location = (String, String);

struct Bundler<'f> {
    folder: &'f mut Folder,
    /// Whether the document is one of Swagger 2.0.
    swagger: bool,
    /// The document's own file.
    own: String,
    /// The files that were read; `None` for a missing file.
    documents: BTreeMap<String, Option<Value>>,
    /// The pointers to the components that places in files became.
    lifted: BTreeMap<(Location, Kind), String>,
    names: Names,
    /// The parts to add to the components: the pointer of each, its source, and its content.
    queue: VecDeque<(String, Location, Kind)>,
}

impl Bundler<'_> {
    fn whole(&mut self, mut document: Value) -> Result<Value> {
        self.documents
            .insert(self.own.clone(), Some(document.clone()));
        let own = self.own.clone();
        // The files that contain the sections and entries of the document.
        let mut bases = BTreeMap::new();
        self.sections(&mut document, &own, &mut bases)?;
        self.reserve(&document);
        self.names(&document, &bases)?;
        if let Value::Object(members) = &mut document {
            for (name, member) in members.iter_mut() {
                let pointer = child("", name);
                self.section(member, Kind::Document.member(name), &pointer, &bases)?;
            }
        }
        while let Some((pointer, (file, source), kind)) = self.queue.pop_front() {
            let Some(mut part) = self.at(&file, &source) else {
                continue;
            };
            self.object(&mut part, kind, &file, 0)?;
            insert(&mut document, &pointer, part);
        }
        Ok(document)
    }

    /// Replaces whole sections that are references to files: `paths: {$ref: paths.yaml}`.
    fn sections(
        &mut self,
        document: &mut Value,
        own: &str,
        bases: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let top: Vec<String> = document
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .map(|name| child("", name))
            .collect();
        for pointer in top {
            self.inline(document, &pointer, own, bases)?;
        }
        let inner: Vec<String> = document
            .get("components")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(Map::keys)
            .map(|name| child("/components", name))
            .collect();
        for pointer in inner {
            let base = bases.get("/components").map_or(own, String::as_str);
            let base = base.to_owned();
            self.inline(document, &pointer, &base, bases)?;
        }
        Ok(())
    }

    fn inline(
        &mut self,
        document: &mut Value,
        pointer: &str,
        base: &str,
        bases: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        bases.insert(pointer.to_owned(), base.to_owned());
        let Some(reference) = document.pointer(pointer).and_then(only_reference) else {
            return Ok(());
        };
        let Some((file, source)) = self.target(reference, base)? else {
            return Ok(());
        };
        if file == self.own {
            return Ok(());
        }
        if let (Some(part), Some(place)) = (self.at(&file, &source), document.pointer_mut(pointer))
        {
            // Further references to the file refer to this location.
            for name in part.as_object().into_iter().flat_map(Map::keys) {
                let kind = section_kind(pointer);
                if let Some(kind) = kind {
                    let location = (file.clone(), child(&source, name));
                    self.lifted.insert((location, kind), child(pointer, name));
                }
            }
            *place = part;
            bases.insert(pointer.to_owned(), file);
        }
        Ok(())
    }

    /// Takes the names of the components that the document has.
    fn reserve(&mut self, document: &Value) {
        for kind in COMPONENTS {
            let Some(section) = kind.components(self.swagger) else {
                continue;
            };
            let entries = document.pointer(section).and_then(Value::as_object);
            for name in entries.into_iter().flat_map(Map::keys) {
                self.names.take(section, name);
            }
        }
    }

    /// Names the parts that components reference in files after these components.
    fn names(&mut self, document: &Value, bases: &BTreeMap<String, String>) -> Result<()> {
        for kind in COMPONENTS {
            let Some(section) = kind.components(self.swagger) else {
                continue;
            };
            let base = bases.get(section).unwrap_or(&self.own).clone();
            let entries = document.pointer(section).and_then(Value::as_object);
            for (name, entry) in entries.into_iter().flatten() {
                let Some(reference) = only_reference(entry) else {
                    continue;
                };
                if let Some(location) = self.target(reference, &base)?
                    && location.0 != self.own
                {
                    let pointer = child(section, name);
                    self.lifted.entry((location, kind)).or_insert(pointer);
                }
            }
        }
        Ok(())
    }

    /// Adds the targets of the references in a section of the document.
    fn section(
        &mut self,
        section: &mut Value,
        place: Place,
        pointer: &str,
        bases: &BTreeMap<String, String>,
    ) -> Result<()> {
        let base = bases.get(pointer).unwrap_or(&self.own).clone();
        match place {
            Place::One(Kind::Components) => {
                for (name, inner) in section.as_object_mut().into_iter().flatten() {
                    let pointer = child(pointer, name);
                    self.section(inner, Kind::Components.member(name), &pointer, bases)?;
                }
            }
            Place::One(kind) => self.object(section, kind, &base, 0)?,
            Place::Each(kind) => {
                for (name, entry) in section.as_object_mut().into_iter().flatten() {
                    if name.starts_with("x-") && kind == Kind::PathItem {
                        continue;
                    }
                    self.component(entry, kind, &child(pointer, name), &base)?;
                }
            }
            Place::Data => {}
        }
        Ok(())
    }

    /// An entry of a section. If it only references a file, the content of the file replaces it.
    fn component(
        &mut self,
        entry: &mut Value,
        kind: Kind,
        pointer: &str,
        base: &str,
    ) -> Result<()> {
        if let Some(reference) = only_reference(entry)
            && let Some(location) = self.target(reference, base)?
            && let key = (location, kind)
            && self.lifted.get(&key).map(String::as_str) == Some(pointer)
            && let ((file, source), _) = key
            && let Some(part) = self.at(&file, &source)
        {
            *entry = part;
            return self.object(entry, kind, &file, 0);
        }
        self.object(entry, kind, base, 0)
    }

    /// Adds the targets of the references in an object that `file` contains.
    fn object(&mut self, value: &mut Value, kind: Kind, file: &str, depth: usize) -> Result<()> {
        let Value::Object(members) = value else {
            return Ok(());
        };
        if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
            let reference = reference.to_owned();
            if let Some(rewritten) = self.reference(&reference, kind, file)? {
                members.insert("$ref".into(), Value::String(rewritten));
            } else if kind.components(self.swagger).is_none() && depth < DEEPEST {
                self.replace(members, &reference, kind, file, depth)?;
                return Ok(());
            }
        }
        if kind == Kind::Schema {
            self.mapping(members, file)?;
        }
        let mut result = Ok(());
        each_object(members, kind, &mut |_, kind, inner| {
            if result.is_ok() {
                result = self.object(inner, kind, file, depth);
            }
        });
        result
    }

    /// Replaces the reference of an object by its target, which cannot be a component.
    fn replace(
        &mut self,
        members: &mut Map<String, Value>,
        reference: &str,
        kind: Kind,
        file: &str,
        depth: usize,
    ) -> Result<()> {
        let mut beside = Value::Object(std::mem::take(members));
        let target = self.target(reference, file)?;
        let part = target
            .filter(|(target, _)| *target != self.own || file != self.own)
            .and_then(|(target, pointer)| Some((self.at(&target, &pointer)?, target)));
        // Siblings of the reference belong to this file, and the added properties to another.
        let mut result = Ok(());
        if let Value::Object(beside) = &mut beside {
            each_object(beside, kind, &mut |_, kind, inner| {
                if result.is_ok() {
                    result = self.object(inner, kind, file, depth);
                }
            });
        }
        result?;
        if let Some((mut part, target)) = part {
            self.object(&mut part, kind, &target, depth + 1)?;
            if let (Value::Object(part), Some(beside)) = (part, beside.as_object_mut()) {
                beside.shift_remove("$ref");
                for (name, member) in part {
                    beside.entry(name).or_insert(member);
                }
            }
        }
        if let Value::Object(beside) = beside {
            *members = beside;
        }
        Ok(())
    }

    /// The references in a discriminator's mapping.
    fn mapping(&mut self, members: &mut Map<String, Value>, file: &str) -> Result<()> {
        let mapping = members
            .get_mut("discriminator")
            .and_then(|discriminator| discriminator.get_mut("mapping"))
            .and_then(Value::as_object_mut);
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            let Some(reference) = target.as_str().filter(|text| {
                // Anything else is the name of a schema.
                text.contains('#')
                    || [".yaml", ".yml", ".json"]
                        .iter()
                        .any(|end| text.ends_with(end))
            }) else {
                continue;
            };
            if let Some(rewritten) = self.reference(reference, Kind::Schema, file)? {
                *target = Value::String(rewritten);
            }
        }
        Ok(())
    }

    /// The reference in the document for a reference in a file; `None` if it stays unchanged.
    fn reference(&mut self, reference: &str, kind: Kind, file: &str) -> Result<Option<String>> {
        if file == self.own && reference.starts_with('#') {
            return Ok(None);
        }
        let Some(location) = self.target(reference, file)? else {
            return Ok(self.relative_to_folder(reference, file));
        };
        if location.0 == self.own && is_kept(&location.1) {
            return Ok(Some(local(&location.1)));
        }
        let Some(section) = kind.components(self.swagger) else {
            return Ok(None);
        };
        let key = (location, kind);
        if let Some(pointer) = self.lifted.get(&key) {
            return Ok(Some(local(pointer)));
        }
        let ((file, source), _) = &key;
        let name = self.names.free(section, file, source);
        let pointer = child(section, &name);
        self.queue
            .push_back((pointer.clone(), (file.clone(), source.clone()), kind));
        self.lifted.insert(key, pointer.clone());
        Ok(Some(local(&pointer)))
    }

    /// A dangling reference, relative to the folder, for reports.
    fn relative_to_folder(&self, reference: &str, file: &str) -> Option<String> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file == self.own || path.contains("://") {
            return None;
        }
        let path = if path.is_empty() {
            file.to_owned()
        } else {
            files::joined(file, path)?
        };
        let sign = if reference.contains('#') { "#" } else { "" };
        Some(format!("{path}{sign}{fragment}"))
    }

    /// The final target of a reference; `None` if there is none.
    fn target(&mut self, reference: &str, file: &str) -> Result<Option<Location>> {
        let mut reference = reference.to_owned();
        let mut file = file.to_owned();
        'references: for _ in 0..LONGEST_CHAIN {
            let (path, fragment) = reference.split_once('#').unwrap_or((&reference, ""));
            if !path.is_empty() {
                let found = self.folder.find(&file, path);
                // The document itself may have been given under another name.
                let own = || files::joined(&file, path).filter(|file| *file == self.own);
                let Some(found) = found.or_else(own) else {
                    return Ok(None);
                };
                file = found;
            }
            self.load(&file)?;
            let Some(document) = self.documents.get(&file).and_then(Option::as_ref) else {
                return Ok(None);
            };
            let Some(pointer) = pointer_of(document, fragment) else {
                return Ok(None);
            };
            // A value on the path may itself be a reference.
            let mut value = document;
            let mut passed = String::new();
            let mut tokens = pointer.split('/').skip(1).peekable();
            while let Some(token) = tokens.next() {
                let name = token.replace("~1", "/").replace("~0", "~");
                let next = match value {
                    Value::Object(members) => members.get(&name),
                    Value::Array(items) => name.parse().ok().and_then(|at: usize| items.get(at)),
                    _ => None,
                };
                if next.is_none()
                    && let Some(through) = text(value, "$ref")
                {
                    let rest: Vec<&str> = std::iter::once(token).chain(tokens).collect();
                    let joint = if through.contains('#') { "" } else { "#" };
                    reference = format!("{through}{joint}/{}", rest.join("/"));
                    continue 'references;
                }
                let Some(next) = next else {
                    return Ok(None);
                };
                value = next;
                passed = format!("{passed}/{token}");
            }
            match only_reference(value) {
                Some(next) if !(file == self.own && is_kept(&passed)) => {
                    next.clone_into(&mut reference);
                }
                _ => return Ok(Some((file, passed))),
            }
        }
        Ok(None)
    }

    fn load(&mut self, file: &str) -> Result<()> {
        if !self.documents.contains_key(file) {
            let document = self.folder.read(file)?;
            self.documents.insert(file.to_owned(), document);
        }
        Ok(())
    }

    fn at(&self, file: &str, pointer: &str) -> Option<Value> {
        self.documents
            .get(file)?
            .as_ref()?
            .pointer(pointer)
            .cloned()
    }
}

/// The kinds that have a place among the components.
const COMPONENTS: [Kind; 9] = [
    Kind::Schema,
    Kind::Parameter,
    Kind::Header,
    Kind::Body,
    Kind::Response,
    Kind::Example,
    Kind::Link,
    Kind::Callback,
    Kind::SecurityScheme,
];

/// The kind of values in a section of a document.
fn section_kind(pointer: &str) -> Option<Kind> {
    let place = match pointer.strip_prefix("/components/") {
        Some(section) => Kind::Components.member(section),
        None => Kind::Document.member(pointer.trim_start_matches('/')),
    };
    match place {
        Place::Each(kind) => Some(kind),
        _ => None,
    }
}

/// Whether a location in the document's own file keeps its pointer.
fn is_kept(pointer: &str) -> bool {
    [
        "/components/",
        "/paths/",
        "/definitions/",
        "/parameters/",
        "/responses/",
    ]
    .iter()
    .any(|section| pointer.starts_with(section))
}

/// The reference of an object without other keywords.
fn only_reference(value: &Value) -> Option<&str> {
    let members = value.as_object()?;
    let beside = |name: &String| !matches!(name.as_str(), "$ref" | "description" | "summary");
    if members.keys().any(beside) {
        return None;
    }
    members.get("$ref")?.as_str()
}

/// The pointer for the fragment of a reference, which is a JSON pointer or the name of an anchor.
fn pointer_of(document: &Value, fragment: &str) -> Option<String> {
    if let Some(pointer) = reference_target(&format!("#{fragment}")) {
        return Some(pointer);
    }
    let mut stack = vec![(String::new(), document)];
    let mut found: BTreeSet<String> = BTreeSet::new();
    while let Some((pointer, value)) = stack.pop() {
        match value {
            Value::Object(members) => {
                if ["$anchor", "$dynamicAnchor"]
                    .iter()
                    .any(|keyword| text(value, keyword) == Some(fragment))
                {
                    found.insert(pointer.clone());
                }
                stack.extend(
                    members
                        .iter()
                        .map(|(name, one)| (child(&pointer, name), one)),
                );
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                stack.extend(items.map(|(index, one)| (format!("{pointer}/{index}"), one)));
            }
            _ => {}
        }
    }
    found.pop_first()
}

/// A pointer as a reference within the document.
fn local(pointer: &str) -> String {
    format!("#{}", pointer.replace('%', "%25"))
}

/// Puts a part among the components.
fn insert(document: &mut Value, pointer: &str, part: Value) {
    let mut value = document;
    let mut tokens = pointer.split('/').skip(1).peekable();
    while let Some(token) = tokens.next() {
        let Some(members) = value.as_object_mut() else {
            return;
        };
        let name = token.replace("~1", "/").replace("~0", "~");
        if tokens.peek().is_none() {
            members.insert(name, part);
            return;
        }
        value = members
            .entry(name)
            .or_insert_with(|| Value::Object(Map::new()));
    }
}

/// Whether a document refers to other files.
pub fn refers_to_files(document: &Value) -> bool {
    let mut stack = vec![document];
    while let Some(value) = stack.pop() {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                if reference.is_some_and(|text| !text.starts_with('#') && !text.contains("://")) {
                    return true;
                }
                stack.extend(members.values());
            }
            Value::Array(items) => stack.extend(items),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
