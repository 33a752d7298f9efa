//! The files with the types: declarations of the types that progenitor chose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Options;
use specmill_model::Model;
use specmill_model::{JsonKind, Shape, TypeDefinition};
use specmill_openapi::diagnostic::Result;
use specmill_openapi::document::child;
use specmill_openapi::names;

use super::enumerations::{self, Enumeration, named_values};
use super::object_fields::{Field, additional, fields};
use super::progenitor::{Decided, Types};
use super::rust_types::RustType;
use super::source::{Source, literal};
use super::tag_features::TagFeatures;
use super::usage::Usage;
use super::{descriptions, documentation, pages, prose};

/// The feature with the builders of types that no request contains.
pub(super) const BUILDERS: &str = "builders";

/// The files of the `types` module: one for the types of each tag, `types.rs` over them.
pub(super) fn files(
    options: &Options,
    model: &Model,
    types: &Types,
    usage: &Usage<'_>,
    file: &mut dyn FnMut(String, String),
) -> Result<()> {
    let mut groups: BTreeMap<String, Vec<&TypeDefinition>> = BTreeMap::new();
    for definition in &model.types {
        groups
            .entry(usage.group(definition))
            .or_default()
            .push(definition);
    }
    file("types.rs".to_owned(), root(options, model, &groups, usage));
    let printer = Printer {
        model,
        types,
        usage,
        roles: descriptions::roles(model),
    };
    for (group, definitions) in groups {
        let mut source = Source::new(options, &format!("Types of {}: `{group}`.", options.title));
        source.push(
            "\n#[allow(unused_imports, reason = \"not every file declares types of every kind\")]\n\
             use specmill_client::{by_status, object, open_enum, page, tagged_union, typed_fields, union};\n\n\
             #[allow(unused_imports, reason = \"most types refer to others\")]\nuse super::*;\n",
        );
        for definition in definitions {
            source.blank();
            printer.declare(definition, &mut source)?;
        }
        file(format!("types/{group}.rs"), source.finish());
    }
    Ok(())
}

fn root(
    options: &Options,
    model: &Model,
    groups: &BTreeMap<String, Vec<&TypeDefinition>>,
    usage: &Usage<'_>,
) -> String {
    let mut source = Source::new(
        options,
        "The types of requests and responses.\n\nUnknown properties are ignored. `null` means that a value is absent, or \
         that a required list is empty. The types of requests have a `builder()`; with the feature `builders`, for \
         tests, all structs have one.",
    );
    let features = TagFeatures::of(model);
    let needed = if features.is_empty() && model.webhooks.is_empty() {
        BTreeMap::new()
    } else {
        needed(groups, usage)
    };
    for declares in [true, false] {
        source.blank();
        for group in groups.keys() {
            if let Some(Some(tags)) = needed.get(group.as_str())
                && let Some(condition) = features.condition(tags.iter().copied())
            {
                source.line(0, &condition);
            }
            source.line(
                0,
                &if declares {
                    names::module_declaration("types", group)
                } else {
                    format!("pub use {group}::*;")
                },
            );
        }
    }
    source.line(0, "pub use specmill_client::declare::ConversionError;");
    source.finish()
}

/// The tags that need each file of types; `None` for a file with a type that no operation reaches, which is always needed.
///
/// A file is compiled as a whole: its features also enable the files of the types that it refers to.
fn needed<'m>(
    groups: &BTreeMap<String, Vec<&TypeDefinition>>,
    usage: &Usage<'m>,
) -> BTreeMap<String, Option<BTreeSet<&'m str>>> {
    let mut needed = BTreeMap::new();
    let mut of_type: BTreeMap<&str, &str> = BTreeMap::new();
    for (group, definitions) in groups {
        let mut tags = Some(BTreeSet::new());
        for definition in definitions {
            of_type.insert(&definition.name, group);
            match (&mut tags, usage.tags(&definition.name)) {
                (_, []) => tags = None,
                (Some(tags), more) => tags.extend(more.iter().copied()),
                (None, _) => {}
            }
        }
        needed.insert(group.clone(), tags);
    }
    let mut waiting: Vec<&String> = groups.keys().collect();
    while let Some(group) = waiting.pop() {
        let tags: Option<BTreeSet<&str>> = needed[group].clone();
        let named = groups[group]
            .iter()
            .flat_map(|one| usage.named_by(&one.name));
        let others: BTreeSet<&str> = named
            .filter_map(|name| of_type.get(name).copied())
            .collect();
        for other in others {
            let (Some((other, _)), Some(there)) =
                (groups.get_key_value(other), needed.get_mut(other))
            else {
                continue;
            };
            let grown = match (there.as_mut(), &tags) {
                (None, _) => false,
                (Some(_), None) => {
                    *there = None;
                    true
                }
                (Some(there), Some(tags)) => {
                    let before = there.len();
                    there.extend(tags.iter().copied());
                    there.len() > before
                }
            };
            if grown {
                waiting.push(other);
            }
        }
    }
    needed
}

struct Printer<'a> {
    model: &'a Model,
    types: &'a Types,
    usage: &'a Usage<'a>,
    roles: BTreeMap<String, String>,
}

impl Printer<'_> {
    /// Declares a type.
    fn declare(&self, definition: &TypeDefinition, source: &mut Source) -> Result<()> {
        let name = &definition.name;
        let docs = self.docs(definition);
        if let Some(same) = self.usage.same(name) {
            source.docs(0, &docs);
            source.line(0, &format!("pub type {name} = {same};"));
            return Ok(());
        }
        if !definition.values.is_empty() {
            let enumeration = Enumeration {
                name,
                description: docs,
                values: named_values(&definition.values),
            };
            enumerations::declare(&enumeration, source);
            return Ok(());
        }
        match self.types.get(name) {
            Some(Decided::Object(fields)) => self.object(definition, fields, &docs, source),
            Some(Decided::Union(held)) => {
                self.union(definition, held, &docs, source);
                Ok(())
            }
            Some(Decided::Json) | None => {
                let reason = "progenitor has no type for it";
                let fallback = format!("It {}", documentation::falls_back(reason));
                let paragraphs = [docs, fallback].into_iter().filter(|one| !one.is_empty());
                source.docs(0, &paragraphs.collect::<Vec<_>>().join("\n\n"));
                source.line(0, &format!("pub type {name} = serde_json::Value;"));
                Ok(())
            }
        }
    }

    fn object(
        &self,
        definition: &TypeDefinition,
        types: &BTreeMap<String, RustType>,
        docs: &str,
        source: &mut Source,
    ) -> Result<()> {
        let name = &definition.name;
        let fields = fields(definition, types)?;
        let page = self.usage.paging(name).is_some();
        source.line(0, "object! {");
        source.docs(1, docs);
        if fields.iter().all(|field| !field.held.required) {
            source.line(1, "#[derive(Default)]");
        }
        source.line(1, &format!("pub struct {name} {{"));
        for field in &fields {
            let described = descriptions::described(self.model, definition, &field.wire);
            let property = definition
                .lowered
                .pointer(&child("/properties", &field.wire));
            let fallback = property.and_then(documentation::fallback);
            let paragraphs: Vec<String> = described.into_iter().chain(fallback).collect();
            source.docs(2, &paragraphs.join("\n\n"));
            let null = self.null_setter(definition, field);
            let mut attributes = field.attributes(page);
            if null.is_some() {
                attributes.push("default".to_owned());
                let function = "specmill_client::deserialize::null_as_value";
                attributes.push(format!("deserialize_with = \"{function}\""));
            }
            if !attributes.is_empty() {
                source.line(2, &format!("#[serde({})]", attributes.join(", ")));
            }
            let value = field.held.value.written("");
            let (word, null) = match &null {
                Some(null) => (field.held.nullable_word(), format!(", null {null}")),
                None => (field.held.word(), String::new()),
            };
            source.line(2, &format!("pub {}: {word} {value}{null},", field.name));
        }
        if let Some((name, value)) = additional(types, definition) {
            source.docs(2, "Properties that the documents do not name.");
            source.line(2, "#[serde(flatten)]");
            source.line(2, &format!("pub {name}: additional {},", value.written("")));
        }
        source.line(1, "}");
        if !self.usage.sent.contains(name.as_str()) {
            source.line(1, &format!("#[cfg(feature = \"{BUILDERS}\")]"));
        }
        source.line(1, &format!("builder {};", builder_name(self.model, name)));
        source.line(0, "}");
        self.typed_fields(definition, &fields, source);
        if let Some(page) =
            pages::declaration(definition, self.model, self.types, self.usage, &fields)?
        {
            source.blank();
            source.line(0, &page);
        }
        Ok(())
    }

    /// Declares the methods for strings of formats that have types.
    fn typed_fields(&self, definition: &TypeDefinition, fields: &[Field], source: &mut Source) {
        let name = &definition.name;
        let nulls = fields.iter().filter_map(|field| {
            let null = self.null_setter(definition, field)?;
            Some((field.name.as_str(), null))
        });
        let nulls: BTreeMap<&str, String> = nulls.collect();
        let others = ["build", "builder"].map(str::to_owned);
        let mut taken: BTreeSet<String> = definition.properties.keys().cloned().collect();
        taken.extend(definition.additional.clone().into_iter().chain(others));
        taken.extend(nulls.values().cloned());
        let mut lines = Vec::new();
        for field in fields {
            let format = definition.formats.get(&field.wire);
            let Some(word) = format.and_then(|format| format_word(format)) else {
                continue;
            };
            let need = match &field.held.value {
                RustType::String if field.held.is_list() => continue,
                RustType::String if nulls.contains_key(field.name.as_str()) => "nullable",
                RustType::String => field.held.word(),
                RustType::Optional(inner) if **inner == RustType::String => "optional",
                _ => continue,
            };
            let mut method = format!("{}_{word}", field.name.trim_end_matches('_'));
            while !taken.insert(method.clone()) {
                method.push('_');
            }
            lines.push(format!("{method}: {word} of {need} {};", field.name));
        }
        if lines.is_empty() {
            return;
        }
        source.blank();
        source.line(0, "typed_fields! {");
        source.line(1, &format!("impl {name} {{"));
        for line in lines {
            source.line(2, &line);
        }
        source.line(1, "}");
        if !self.usage.sent.contains(name.as_str()) {
            source.line(1, &format!("#[cfg(feature = \"{BUILDERS}\")]"));
        }
        source.line(1, &format!("builder {};", builder_name(self.model, name)));
        source.line(0, "}");
    }

    /// The name of the setter that sets a field to `null`, if requests contain it and absence has another meaning.
    fn null_setter(&self, definition: &TypeDefinition, field: &Field) -> Option<String> {
        let distinguished = self.usage.sent.contains(definition.name.as_str())
            && definition.nullable.contains(&field.wire)
            && !field.held.required
            && field.held.value != RustType::Json;
        if !distinguished {
            return None;
        }
        let mut name = format!("{}_null", field.name.trim_end_matches('_'));
        while definition.properties.contains_key(&name)
            || definition.additional.as_ref() == Some(&name)
        {
            name.push('_');
        }
        Some(name)
    }

    fn union(
        &self,
        definition: &TypeDefinition,
        held: &[RustType],
        docs: &str,
        source: &mut Source,
    ) {
        let name = &definition.name;
        if !definition.statuses.is_empty() {
            source.line(0, "by_status! {");
            source.docs(1, docs);
            source.line(1, &format!("pub enum {name} {{"));
            for status in &definition.statuses {
                source.docs(2, &prose::line(&status.description));
                let held = status.branch.and_then(|branch| held.get(branch));
                let held = held.map(|held| format!("({})", held.written("")));
                let (variant, held) = (&status.name, held.unwrap_or_default());
                source.line(
                    2,
                    &format!("{variant}{held} = {},", literal(&status.status)),
                );
            }
            source.line(1, "}");
            source.line(0, "}");
            return;
        }
        let Some(tag) = &definition.tag else {
            source.line(0, "union! {");
            source.docs(1, docs);
            source.line(1, &format!("pub enum {name} {{"));
            let mut known = BTreeSet::new();
            let branches = definition.lowered.get("oneOf").and_then(Value::as_array);
            for (index, (variant, held)) in definition.variants.iter().zip(held).enumerate() {
                // Branches with the same type become one, since a union converts from each.
                if !known.insert(self.same(held)) {
                    continue;
                }
                let branch = branches.and_then(|branches| branches.get(index));
                let what = descriptions::variant(held).to_owned();
                let fallback = branch.and_then(documentation::fallback);
                let paragraphs = std::iter::once(what).chain(fallback);
                let paragraphs: Vec<String> = paragraphs.filter(|one| !one.is_empty()).collect();
                source.docs(2, &paragraphs.join("\n\n"));
                let shapes: Vec<String> = variant.shapes.iter().map(shape).collect();
                let shapes = shapes.join(" | ");
                let (variant, held) = (&variant.name, held.written(""));
                source.line(2, &format!("{variant}({held}): {shapes},"));
            }
            source.line(1, "}");
            source.line(0, "}");
            return;
        };
        source.line(0, "tagged_union! {");
        source.docs(1, docs);
        source.line(
            1,
            &format!("pub enum {name} by {} {{", literal(&tag.property)),
        );
        for (held, values) in held.iter().zip(&tag.values) {
            let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
            let (variant, held) = (variant_name(held), held.written(""));
            source.line(2, &format!("{variant}({held}) = {},", values.join(" | ")));
        }
        source.line(1, "}");
        source.line(0, "}");
    }

    /// The syntax of a type without aliases.
    fn same(&self, held: &RustType) -> String {
        match held {
            RustType::Named(name) => match self.types.get(name) {
                Some(Decided::Json) => RustType::Json.written(""),
                _ => self.usage.same(name).unwrap_or(name).to_owned(),
            },
            RustType::List(item) => format!("Vec<{}>", self.same(item)),
            RustType::Map(value) => format!("map of {}", self.same(value)),
            RustType::Optional(inner) => format!("Option<{}>", self.same(inner)),
            RustType::Boxed(inner) => format!("Box<{}>", self.same(inner)),
            other => other.written(""),
        }
    }

    /// The description of a type, the vendor's name for it, and the operations that use it.
    fn docs(&self, definition: &TypeDefinition) -> String {
        let described = descriptions::named(definition);
        let role = self
            .roles
            .get(&definition.name)
            .filter(|_| described.is_none());
        let mut paragraphs: Vec<String> = described.iter().chain(role).cloned().collect();
        if let Some(published) = &definition.published
            && *published != definition.name
        {
            paragraphs.push(format!("Published as `{}`.", published.replace('`', "'")));
        }
        if let (None, Some(operations)) = (role, self.usage.direct.get(definition.name.as_str())) {
            paragraphs.push(format!("Used by {}.", descriptions::links(operations)));
        }
        paragraphs.join("\n\n")
    }
}

/// The word of `typed_fields!` for a format, which is the suffix of the method names; `None` for a format without a type.
fn format_word(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "timestamp",
        "date" => "date",
        "duration" => "span",
        "uuid" => "uuid",
        "byte" => "bytes",
        _ => return None,
    })
}

/// The shapes of a variant's values, in the syntax of a declaration.
fn shape(shape: &Shape) -> String {
    let kind = match shape.kind {
        JsonKind::Boolean => "boolean",
        JsonKind::Integer => "integer",
        JsonKind::Unsigned => "unsigned",
        JsonKind::Number => "number",
        JsonKind::String => "string",
        JsonKind::Enumeration => "enumeration",
        JsonKind::Array => "array",
        JsonKind::Object => "object",
        JsonKind::Any => "any",
    };
    let properties = shape.properties.iter().map(|property| {
        let values = property.values.iter().map(|value| match value {
            Value::String(text) => literal(text),
            Value::Number(number) => format!("{number}i64"),
            other => other.to_string(),
        });
        let values: Vec<String> = values.collect();
        let optional = if property.required { "" } else { " optional" };
        let colon = if values.is_empty() { "" } else { ": " };
        format!(
            "{}{optional}{colon}{}",
            literal(&property.name),
            values.join(" | ")
        )
    });
    let properties: Vec<String> = properties.collect();
    if properties.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} {{ {} }}", properties.join(", "))
    }
}

/// A variant of a tagged union is named after its type, so that another branch does not rename any.
fn variant_name(held: &RustType) -> String {
    match held {
        RustType::Boxed(inner) => variant_name(inner),
        RustType::Named(name) if name == "Unknown" => "Unknown_".to_owned(),
        RustType::Named(name) => name.clone(),
        _ => "Other".to_owned(),
    }
}

/// The name of a type's builder, with another `Builder` if the name is used, by a type or by the builder of a type.
fn builder_name(model: &Model, name: &str) -> String {
    let own = name.trim_end_matches('_');
    let mut of = own.to_owned();
    loop {
        let builder = format!("{of}Builder");
        let is_type = |name: &str| descriptions::find(model, name).is_some();
        if !is_type(&builder) && (of == own || !is_type(&of)) {
            return builder;
        }
        of = builder;
    }
}
