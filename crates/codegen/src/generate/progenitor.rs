//! The types that progenitor chooses.
//!
//! progenitor receives the schemas that operations reach, through its public interface, and returns its type space:
//! the type of each field, which fields are boxed, and the names of the variants of a union. It prints no code.

use std::collections::BTreeMap;
use std::sync::Once;

use openapiv3::OpenAPI;
use progenitor::{Error, GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;
use typify::{TypeDetails, TypeSpace};

use crate::progenitor_document::{self, LAST_REJECTED};
use specmill_model::{Fallback, Model, TypeDefinition};
use specmill_openapi::diagnostic::{Diagnostic, Result};

use super::recursion;
use super::rust_types::RustType;

/// The stack size of progenitor's thread, in bytes: its recursion is as deep as the document.
const STACK: usize = 256 << 20;

/// The name of that thread.
const THREAD: &str = "progenitor";

/// The content of a named type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decided {
    /// An object: the type of each field, by its name in Rust.
    Object(BTreeMap<String, RustType>),
    /// A union: the type of each variant, in the order of the branches.
    Union(Vec<RustType>),
    /// Any JSON value, since progenitor has no type for the schema.
    Json,
}

/// The types of an API.
#[derive(Debug, Default)]
pub(super) struct Types {
    decided: BTreeMap<String, Decided>,
    /// The schemas that progenitor rejects.
    pub(super) refused: Vec<Fallback>,
}

impl Types {
    /// The content of a type; `None` for an enumeration, which has only values.
    pub(super) fn get(&self, name: &str) -> Option<&Decided> {
        self.decided.get(name)
    }

    /// The fields of an object, by their names in Rust.
    pub(super) fn fields(&self, name: &str) -> Option<&BTreeMap<String, RustType>> {
        match self.decided.get(name)? {
            Decided::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// Boxes further fields, so that no type contains itself after equal types were merged.
    pub(super) fn break_cycles<'m>(&mut self, same: impl Fn(&str) -> Option<&'m str>) {
        recursion::break_cycles(&mut self.decided, same);
    }

    /// Lets progenitor choose the types of a model. A schema that it rejects, or that makes it panic, falls back to any JSON
    /// value.
    pub(super) fn of(model: &Model) -> Result<Self> {
        let all: Vec<&TypeDefinition> = model
            .types
            .iter()
            .filter(|one| one.values.is_empty())
            .collect();
        if all.is_empty() {
            return Ok(Self::default());
        }
        let refused: Vec<&str> = match decide(progenitor_document::build(model, |_| true)?) {
            Ok(decided) => return Ok(Self::checked(model, &decided, &[])),
            Err(_) => all
                .iter()
                .filter(|one| {
                    let alone = progenitor_document::build(model, |name| name == one.name);
                    alone.is_err() || alone.is_ok_and(|document| decide(document).is_err())
                })
                .map(|one| one.name.as_str())
                .collect(),
        };
        let rest = progenitor_document::build(model, |name| !refused.contains(&name))?;
        let decided = decide(rest).map_err(|problem| {
            Diagnostic::new(format!(
                "progenitor refuses the lowered document: {problem}"
            ))
            .help("this is a defect of the lowering; report it with the document")
        })?;
        Ok(Self::checked(model, &decided, &refused))
    }

    /// Uses progenitor's choice for each type, if it can be declared.
    fn checked(model: &Model, decided: &Members, refused: &[&str]) -> Self {
        let mut types = Self::default();
        for definition in model.types.iter().filter(|one| one.values.is_empty()) {
            let found = decided
                .get(&definition.name)
                .filter(|_| !refused.contains(&definition.name.as_str()))
                .and_then(|members| of_definition(members, definition));
            if found.is_none() {
                types.refused.push(Fallback {
                    pointer: format!("/components/schemas/{}", definition.name),
                    reason: "progenitor has no type for it".to_owned(),
                });
            }
            types
                .decided
                .insert(definition.name.clone(), found.unwrap_or(Decided::Json));
        }
        types
    }
}

/// The content of a type, from the properties that progenitor received; `None` if it chose no type for one of them.
fn of_definition(
    members: &BTreeMap<String, RustType>,
    definition: &TypeDefinition,
) -> Option<Decided> {
    let member = |index| members.get(&progenitor_document::member(index)).cloned();
    if let Some(branches) = definition.lowered.get("oneOf").and_then(Value::as_array) {
        let variants = (0..branches.len())
            .map(member)
            .collect::<Option<Vec<_>>>()?;
        return Some(Decided::Union(variants));
    }
    let properties = definition.lowered.get("properties")?.as_object()?;
    let names: BTreeMap<&str, &str> = definition
        .properties
        .iter()
        .map(|(name, wire)| (wire.as_str(), name.as_str()))
        .collect();
    let mut fields = BTreeMap::new();
    for (index, wire) in properties.keys().enumerate() {
        fields.insert((*names.get(wire.as_str())?).to_owned(), member(index)?);
    }
    if let Some(name) = &definition.additional {
        let kind = members.get(progenitor_document::ADDITIONAL)?;
        fields.insert(name.clone(), kind.clone());
    }
    Some(Decided::Object(fields))
}

/// The types of the properties of each type, by the names that progenitor received.
type Members = BTreeMap<String, BTreeMap<String, RustType>>;

/// Runs progenitor in a separate thread: it panics on unsupported input, which must affect only that schema.
fn decide(document: OpenAPI) -> std::result::Result<Members, String> {
    quiet_panics();
    let thread = std::thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(STACK);
    let run = thread.spawn(move || {
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(InterfaceStyle::Positional)
            .with_map_type("::std::collections::BTreeMap");
        let mut generator = Generator::new(&settings);
        match generator.generate_tokens(&document) {
            Ok(_) => {}
            Err(Error::UnexpectedFormat(reason)) if reason.starts_with(LAST_REJECTED) => {}
            Err(error) => return Err(error.to_string()),
        }
        Ok(read(generator.get_type_space()))
    });
    let run = run.map_err(|error| format!("no thread: {error}"))?;
    run.join().unwrap_or_else(|_| Err("it panicked".to_owned()))
}

/// Hides the panics of that thread from standard error, since they are handled.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(THREAD) {
                usual(panic);
            }
        }));
    });
}

/// The named types of a type space. A property without a type is missing.
fn read(space: &TypeSpace) -> Members {
    let mut decided = BTreeMap::new();
    for one in space.iter_types() {
        if let TypeDetails::Struct(object) = one.details() {
            let members = object.properties().filter_map(|(name, id)| {
                let kind = space.get_type(&id).ok()?;
                Some((name.to_owned(), rust_type(space, &kind, 0)?))
            });
            decided.insert(one.name(), members.collect());
        }
    }
    decided
}

/// The maximum nesting of lists, maps and options in a type.
const DEEPEST: usize = 200;

/// A type of the type space, as data; `None` for a type that lowering never uses.
fn rust_type(space: &TypeSpace, one: &typify::Type<'_>, depth: usize) -> Option<RustType> {
    let inner = |id| {
        let inner = space.get_type(id).ok()?;
        rust_type(space, &inner, depth + 1).map(Box::new)
    };
    if depth > DEEPEST {
        return None;
    }
    Some(match one.details() {
        TypeDetails::Enum(_) | TypeDetails::Struct(_) | TypeDetails::Newtype(_) => {
            RustType::Named(one.name())
        }
        TypeDetails::Option(id) => RustType::Optional(inner(&id)?),
        TypeDetails::Vec(id) => RustType::List(inner(&id)?),
        TypeDetails::Map(_, id) => RustType::Map(inner(&id)?),
        TypeDetails::Box(id) => RustType::Boxed(inner(&id)?),
        TypeDetails::String => RustType::String,
        TypeDetails::Builtin("bool") => RustType::Bool,
        TypeDetails::Builtin("i64") => RustType::I64,
        TypeDetails::Builtin("u64") => RustType::U64,
        TypeDetails::Builtin("f64") => RustType::F64,
        TypeDetails::Builtin("::serde_json::Value") => RustType::Json,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition(name: &str, lowered: Value) -> TypeDefinition {
        let properties = lowered["properties"].as_object();
        let members = properties.into_iter().flatten();
        TypeDefinition {
            name: name.to_owned(),
            component: true,
            tag_of_place: None,
            published: None,
            description: None,
            properties: members
                .map(|(name, _)| (name.clone(), name.clone()))
                .collect(),
            lowered,
            values: Vec::new(),
            example: None,
            property_examples: BTreeMap::new(),
            tag: None,
            variants: Vec::new(),
            statuses: Vec::new(),
            additional: None,
            nullable: std::collections::BTreeSet::new(),
            formats: BTreeMap::new(),
        }
    }

    fn model(types: Vec<TypeDefinition>) -> Model {
        let document = json!({
            "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": {}
        });
        let mut model = specmill_model::lower(&specmill_model::Options::new("Acme"), &document)
            .expect("a document without operations is lowered");
        model.types = types;
        model
    }

    #[test]
    fn a_panic_of_progenitor_affects_only_its_schema() {
        let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let model = model(vec![
            definition(
                "Bad",
                json!({ "type": "object", "properties": { "a": reference("Nowhere") } }),
            ),
            definition(
                "Good",
                json!({ "type": "object", "properties": { "bad": reference("Bad") }, "required": ["bad"] }),
            ),
        ]);
        let types = Types::of(&model).unwrap();
        assert_eq!(types.get("Bad"), Some(&Decided::Json));
        let fields = types.fields("Good").unwrap();
        assert_eq!(fields["bad"], RustType::Named("Bad".to_owned()));
        assert_eq!(types.refused.len(), 1);
    }

    #[test]
    fn progenitor_prints_no_code() {
        let model = model(vec![definition("Empty", json!({ "type": "object" }))]);
        let document = progenitor_document::build(&model, |_| true).unwrap();
        let error = Generator::default().generate_tokens(&document).unwrap_err();
        let Error::UnexpectedFormat(reason) = error else {
            panic!("{error}");
        };
        assert!(reason.starts_with(LAST_REJECTED), "{reason}");
    }

    #[test]
    fn a_recursive_type_is_boxed_at_its_recursion() {
        let node = json!({ "$ref": "#/components/schemas/Node" });
        let model = model(vec![definition(
            "Node",
            json!({ "type": "object", "properties": { "next": node }, "required": [] }),
        )]);
        let types = Types::of(&model).unwrap();
        let held = types.fields("Node").unwrap()["next"].clone().held(false);
        assert_eq!(held.word(), "optional_boxed");
    }
}
