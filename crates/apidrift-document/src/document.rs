//! A parsed document: its values, and the targets of its references.

use super::all_of::{self, AllOf, Merged};
use super::parse::{any, build, unreadable};
use super::reference::{self, Targets, leads_out};
use super::tree::{Builder, Cursor, NodeId, Tree};
use super::{Error, files};

/// The maximum length of a chain of references; longer chains are treated as circular.
const MAX_HOPS: usize = 100;

/// A location after its references were followed.
#[derive(Debug, Clone, Copy)]
pub struct Resolved<'a> {
    /// The location of the content. If the location is not a reference, or a dangling one, it is the location itself.
    pub target: Cursor<'a>,
    /// The reference that could not be followed, as written.
    pub dangling: Option<&'a str>,
}

/// A parsed OpenAPI document, ready to be compared.
#[derive(Debug)]
pub struct Document {
    name: String,
    tree: Tree,
    targets: Targets,
    all_of: AllOf,
}

impl Document {
    /// Parses JSON or YAML. `name` is the name of the input in errors.
    ///
    /// # Errors
    /// The text is neither JSON nor YAML, is larger than [`MAX_BYTES`](crate::MAX_BYTES), is nested deeper than 128 levels, or
    /// does not contain an OpenAPI 3 document. Minor mistakes inside a document are tolerated.
    pub fn parse(text: &str, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let mut builder = Builder::default();
        let root = any(text, &name, &mut builder, None)?;
        Self::from_tree(builder.finish(root), name)
    }

    /// Like [`parse`](Self::parse), with the files that the document references directly or indirectly. `files` returns the
    /// text of a file by its path relative to the folder of the document, or `None` if it does not exist. It is called only for
    /// paths within that folder, at most 1000 of them.
    ///
    /// # Errors
    /// As for [`Document::parse`], or all files together are larger than [`MAX_BYTES`](crate::MAX_BYTES). A file that cannot be
    /// read is not an error: references to it cannot be compared, and are reported.
    pub fn parse_with_files(
        text: &str,
        name: impl Into<String>,
        files: &mut dyn FnMut(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let name = name.into();
        let mut builder = Builder::default();
        let root = any(text, &name, &mut builder, Some(""))?;
        let root = files::read(root, text.len(), &mut builder, files)
            .map_err(|problem| Error::new(&name, problem, "compare parts of it"))?;
        Self::from_tree(builder.finish(root), name)
    }

    /// Takes a parsed value. `name` is its name in errors.
    ///
    /// # Errors
    /// A value that is not an OpenAPI 3 document, or nests deeper than 128 levels.
    pub fn from_value(value: &serde_json::Value, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let mut builder = Builder::default();
        let root = build(value, &mut builder, None)
            .map_err(|error: serde_json::Error| unreadable(&name, &error.to_string()))?;
        Self::from_tree(builder.finish(root), name)
    }

    /// The caller's name for this document.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document as a value.
    pub fn root(&self) -> Cursor<'_> {
        self.tree.root()
    }

    /// The value at a position of this document.
    ///
    /// # Panics
    /// Methods of the result may panic if the position is one of another document.
    #[inline]
    pub fn at(&self, id: NodeId) -> Cursor<'_> {
        self.tree.at(id)
    }

    /// The number of values, with those of merged schemas.
    pub fn size(&self) -> usize {
        self.tree.len()
    }

    /// The schema that means the same as `schema` with its `allOf`, without one.
    pub fn merged(&self, schema: NodeId) -> Option<&Merged> {
        self.all_of.get(schema)
    }

    /// The merged schema, if `schema` has one.
    pub fn as_merged<'a>(&'a self, schema: Cursor<'a>) -> Cursor<'a> {
        let merged = self.merged(schema.id);
        merged.map_or(schema, |merged| self.tree.at(merged.schema))
    }

    /// The union of a schema with further keywords: each branch is merged with those.
    pub fn as_choice(&self, schema: Cursor<'_>) -> Option<Cursor<'_>> {
        self.all_of
            .choice_of(schema.id)
            .map(|choice| self.tree.at(choice))
    }

    /// The original schema, if this one was merged from it.
    pub fn written(&self, schema: NodeId) -> NodeId {
        self.all_of.written(schema).unwrap_or(schema)
    }

    /// The schemas that a merged schema was merged from.
    pub fn parts(&self, merged: NodeId) -> impl Iterator<Item = Cursor<'_>> {
        let parts = self.all_of.parts_of(merged);
        parts.iter().map(|part| self.tree.at(*part))
    }

    /// Whether any reference leaves the document.
    pub fn refers_outside(&self) -> bool {
        let mut references = self.tree.all().filter(|value| value.name() == "$ref");
        references.any(|reference| {
            let known = reference
                .as_symbol()
                .is_some_and(|text| self.targets.contains_key(&text));
            !known && leads_out(reference.as_str())
        })
    }

    /// Follows `$ref` from `place` to content, through any number of references. Circular references have no target.
    pub fn resolve<'a>(&'a self, place: Cursor<'a>) -> Resolved<'a> {
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

    /// The target of the reference at `place`, without following further ones.
    pub fn follow<'a>(&'a self, place: Cursor<'a>) -> Option<Cursor<'a>> {
        let reference = place.get("$ref")?.as_symbol()?;
        self.targets
            .get(&reference)
            .map(|&target| self.tree.at(target))
    }

    fn from_tree(mut tree: Tree, name: String) -> Result<Self, Error> {
        let root = tree.root();
        if !root.is_object() {
            return Err(Error::new(
                name,
                "this is not an OpenAPI document: its root is not an object",
                "give a file that starts with `openapi: 3…`",
            ));
        }
        if root.get("swagger").is_some() && root.get("openapi").is_none() {
            return Err(Error::new(
                name,
                "this is a Swagger 2 document, which is not compared",
                "convert it to OpenAPI 3 first",
            ));
        }
        let targets = reference::targets(&tree);
        let all_of = all_of::merge(&mut tree, &targets);
        Ok(Self {
            name,
            tree,
            targets,
            all_of,
        })
    }
}
