//! A document read: its values, and how references in it resolve.

mod all_of;
mod files;
mod keywords;
mod read;
mod reference;
mod strings;
mod tree;

use serde::de::DeserializeSeed;

pub(crate) use all_of::Merged;
pub(crate) use files::FILES;
pub(crate) use keywords::is_annotation;
pub(crate) use reference::{last_token, leads_out};
pub(crate) use tree::{Builder, Cursor, NodeId, Number, Tree};

use crate::Error;

/// Larger inputs are refused.
pub const MAX_BYTES: usize = 1 << 30;

/// An OpenAPI document, read and ready to be compared.
#[derive(Debug)]
pub struct Document {
    name: String,
    pub(crate) tree: Tree,
    targets: reference::Targets,
    all_of: all_of::AllOf,
}

impl Document {
    /// Reads JSON or YAML. `name` stands for the input in errors.
    ///
    /// # Errors
    /// Text that is neither JSON nor YAML, is larger than [`MAX_BYTES`], nests deeper than 128 levels,
    /// or does not hold an OpenAPI 3 document. What is merely odd inside one is tolerated.
    pub fn parse(text: &str, name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let mut builder = Builder::default();
        let root = any(text, &name, &mut builder, None)?;
        Self::from_tree(builder.finish(root), name)
    }

    /// The same, with the files that the document and those files refer to. `files` is asked for the text
    /// of each, by its path from the folder of the document; `None` stands for a file that there is not.
    /// Only paths within that folder are asked for, at most 1000 of them.
    ///
    /// # Errors
    /// As for [`Document::parse`], and where all files together are larger than [`MAX_BYTES`]. A file that
    /// cannot be read is no error: what refers to it cannot be compared, and is reported as that.
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

    /// Takes a value read elsewhere. `name` stands for it in errors.
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

    /// What the caller named this document.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn root(&self) -> Cursor<'_> {
        self.tree.root()
    }

    /// The schema that means the same as `schema` with its `allOf`, without one.
    pub(crate) fn merged(&self, schema: NodeId) -> Option<&Merged> {
        self.all_of.get(schema)
    }

    /// The merged schema, where `schema` has one.
    pub(crate) fn as_merged<'a>(&'a self, schema: Cursor<'a>) -> Cursor<'a> {
        let merged = self.merged(schema.id);
        merged.map_or(schema, |merged| self.tree.at(merged.schema))
    }

    /// The choice that a schema with more than a choice amounts to: each form is merged with the rest.
    pub(crate) fn as_choice(&self, schema: Cursor<'_>) -> Option<Cursor<'_>> {
        self.all_of
            .choice_of(schema.id)
            .map(|choice| self.tree.at(choice))
    }

    /// The schema as written, where this is one that was merged from it.
    pub(crate) fn written(&self, schema: NodeId) -> NodeId {
        self.all_of.written(schema).unwrap_or(schema)
    }

    /// The schemas that a merged schema was merged from.
    pub(crate) fn parts(&self, merged: NodeId) -> impl Iterator<Item = Cursor<'_>> {
        let parts = self.all_of.parts_of(merged);
        parts.iter().map(|part| self.tree.at(*part))
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

fn build<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, D::Error> {
    let seed = read::Seed {
        builder,
        depth: 0,
        file,
    };
    seed.deserialize(deserializer)
}

/// Reads JSON or YAML. Where `file` is stated, references in it are made to name their files.
fn any(text: &str, name: &str, builder: &mut Builder, file: Option<&str>) -> Result<NodeId, Error> {
    if text.len() > MAX_BYTES {
        let problem = format!("larger than {MAX_BYTES} bytes");
        return Err(Error::new(
            name,
            problem,
            "split the document or compare parts of it",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        // Flow-style YAML starts like JSON; where both fail, JSON's error is the useful one.
        json(text, name, builder, file)
            .or_else(|error| yaml(text, name, builder, file).map_err(|_| error))
    } else {
        yaml(text, name, builder, file)
    }
}

fn json(
    text: &str,
    name: &str,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    build(&mut deserializer, builder, file)
        .and_then(|root| deserializer.end().map(|()| root))
        .map_err(|error| {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            unreadable(name, &message[..end]).at(error.line(), error.column())
        })
}

fn yaml(
    text: &str,
    name: &str,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, Error> {
    build(yaml_serde::Deserializer::from_str(text), builder, file).map_err(|error| {
        let message = error.to_string();
        let end = message.find(" at line ").unwrap_or(message.len());
        let unplaced = unreadable(name, &message[..end]);
        match error.location() {
            Some(location) => unplaced.at(location.line(), location.column()),
            None => unplaced,
        }
    })
}

fn unreadable(name: &str, problem: &str) -> Error {
    Error::new(name, problem, "correct the JSON or YAML at this place")
}

#[cfg(test)]
mod tests;
