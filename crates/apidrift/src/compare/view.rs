//! A schema as it is meant, whatever way it is written.

use crate::document::{Cursor, Document, Number};

/// More wrappings than this are taken as they stand.
const MAX_WRAPPINGS: usize = 100;

/// Keywords that say something about a value without deciding which values are valid.
pub(super) const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "summary",
    "default",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "writeOnly",
    "xml",
    "$comment",
    "$id",
    "$schema",
    "$anchor",
    "$defs",
    "definitions",
];

pub(crate) fn is_annotation(keyword: &str) -> bool {
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

/// What a place says about the schema it uses, apart from the schema itself.
#[derive(Debug, Clone, Copy, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each keyword that is a switch"
)]
pub(super) struct Use<'a> {
    pub(super) nullable: bool,
    pub(super) default: Option<Cursor<'a>>,
    pub(super) deprecated: bool,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) sunset: Option<Cursor<'a>>,
    pub(super) stability: Option<Cursor<'a>>,
}

impl<'a> Use<'a> {
    pub(super) fn of(node: Cursor<'a>) -> Self {
        Self {
            nullable: node.get("nullable").is_some_and(Cursor::is_true),
            default: node.get_any("default"),
            deprecated: node.get("deprecated").is_some_and(Cursor::is_true),
            read_only: node.get("readOnly").is_some_and(Cursor::is_true),
            write_only: node.get("writeOnly").is_some_and(Cursor::is_true),
            sunset: node.get("x-sunset"),
            stability: node.get("x-stability-level"),
        }
    }

    /// This use, with what it leaves open taken from within.
    pub(super) fn over(self, inner: Use<'a>) -> Self {
        Self {
            nullable: self.nullable || inner.nullable,
            default: self.default.or(inner.default),
            deprecated: self.deprecated || inner.deprecated,
            read_only: self.read_only || inner.read_only,
            write_only: self.write_only || inner.write_only,
            sunset: self.sunset.or(inner.sunset),
            stability: self.stability.or(inner.stability),
        }
    }

    pub(super) fn same(&self, other: &Use<'_>) -> bool {
        let digests = |of: &Use<'_>| {
            [of.default, of.sunset, of.stability].map(|value| value.map(Cursor::digest))
        };
        self.nullable == other.nullable
            && self.deprecated == other.deprecated
            && self.read_only == other.read_only
            && self.write_only == other.write_only
            && digests(self) == digests(other)
    }
}

/// A place where a schema is used, and the schema that is meant.
#[derive(Debug, Clone)]
pub(super) struct Meant<'a> {
    /// The schema with the constraints.
    pub(super) target: Cursor<'a>,
    /// What the place and the wrappings around the target say.
    pub(super) usage: Use<'a>,
    /// Whether a reference was followed, or branches merged.
    pub(super) followed: bool,
    /// The last component on the way, if any.
    pub(super) component: Option<Cursor<'a>>,
    /// Components passed on the way that only stand for another schema.
    pub(super) aliases: Vec<Cursor<'a>>,
    /// The last choice of one form that was unwrapped, and the component passed before it.
    lone_choice: Option<(Cursor<'a>, Option<Cursor<'a>>)>,
    /// The reference that leads nowhere.
    pub(super) dangling: Option<&'a str>,
}

impl<'a> Meant<'a> {
    /// Use and target taken together.
    pub(super) fn effective(&self) -> Use<'a> {
        let mut inner = Use::of(self.target);
        inner.nullable |= admits_null(self.target);
        self.usage.over(inner)
    }
}

/// Where one side is a choice of one form and the other a choice of more, the one form is compared as a
/// choice too.
pub(super) fn even_out<'a>(was: &mut Meant<'a>, is: &mut Meant<'a>) {
    let chooses = |meant: &Meant<'a>| {
        ["oneOf", "anyOf"].into_iter().find(|keyword| {
            meant
                .target
                .get(keyword)
                .is_some_and(|forms| forms.len() > 1)
        })
    };
    let (many_was, many_is) = (chooses(was), chooses(is));
    for (one, many) in [(was, many_is), (is, many_was)] {
        if let (Some(keyword), Some((choice, component))) = (many, one.lone_choice)
            && choice.get(keyword).is_some()
        {
            one.target = choice;
            one.component = component;
            one.followed = true;
        }
    }
}

/// `type` lists `null`, or is it.
fn admits_null(schema: Cursor<'_>) -> bool {
    schema.get("type").is_some_and(|kind| {
        kind.as_str() == Some("null") || kind.items().any(|item| item.as_str() == Some("null"))
    })
}

/// Follows references and unwraps what wraps one schema: `allOf` of one, and a choice of one, or of one
/// and null.
pub(super) fn meant<'a>(document: &'a Document, place: Cursor<'a>) -> Meant<'a> {
    let mut meant = Meant {
        target: place,
        usage: Use::default(),
        followed: false,
        component: None,
        aliases: Vec::new(),
        lone_choice: None,
        dangling: None,
    };
    for _ in 0..=MAX_WRAPPINGS {
        let here = meant.target;
        if let Some(reference) = here.get("$ref").and_then(Cursor::as_str) {
            let Some(target) = document.follow(here) else {
                meant.dangling = Some(reference);
                return meant;
            };
            meant.usage = meant.usage.over(Use::of(here));
            meant.target = target;
            meant.followed = true;
            if is_component(target) {
                meant.aliases.extend(meant.component.replace(target));
            }
        } else if let Some((inner, nullable)) = wrapped(document, here) {
            if here.get("allOf").is_none() {
                meant.lone_choice = Some((here, meant.component));
            }
            let mut usage = Use::of(here);
            usage.nullable |= nullable;
            meant.usage = meant.usage.over(usage);
            for beside in here.get("allOf").into_iter().flat_map(Cursor::items) {
                if beside.id != inner.id {
                    let beside = document.resolve(beside).target;
                    meant.usage = meant.usage.over(Use::of(beside));
                }
            }
            meant.target = inner;
        } else {
            let written = here.id;
            if let Some(merged) = document.merged(here) {
                meant.target = merged;
                // What is merged may hold itself, as what is referred to may.
                meant.followed = true;
            }
            // What follows the last component is written in place, so the component is an alias too.
            if meant
                .component
                .is_some_and(|component| component.id != written)
            {
                meant.aliases.extend(meant.component.take());
            }
            return meant;
        }
    }
    // A circle of references means nothing; all of it are aliases.
    meant.aliases.extend(meant.component.take());
    meant.dangling = Some("");
    meant
}

/// Whether this is a schema of `components/schemas`.
pub(super) fn is_component(schema: Cursor<'_>) -> bool {
    let Some(schemas) = schema.parent() else {
        return false;
    };
    schemas.name() == "schemas"
        && schemas
            .parent()
            .is_some_and(|parent| parent.name() == "components")
}

/// The one schema that `schema` stands for, and whether it adds null.
fn wrapped<'a>(document: &'a Document, schema: Cursor<'a>) -> Option<(Cursor<'a>, bool)> {
    let keyword = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| schema.get(keyword).is_some_and(Cursor::is_array))?;
    let branches = schema.get(keyword)?;
    let all = keyword == "allOf";
    let mut kept = branches.items().filter(|branch| {
        // Beside a reference, what only describes changes nothing.
        branches.len() == 1
            || if all {
                !says_nothing(*branch)
            } else {
                !is_null(*branch)
            }
    });
    let inner = kept.next()?;
    if kept.next().is_some() {
        return None;
    }
    let nullable = !all && branches.len() > 1;
    let repeats = |name: &str, value: Cursor<'a>| {
        name == "type" && {
            let target = document.resolve(inner).target;
            target
                .get("type")
                .is_some_and(|kind| kind.digest() == value.digest())
        }
    };
    schema
        .members()
        .all(|(name, value)| name == keyword || is_annotation(name) || repeats(name, value))
        .then_some((inner, nullable))
}

/// Only title, description and the like.
pub(super) fn says_nothing(schema: Cursor<'_>) -> bool {
    schema.is_object() && schema.members().all(|(name, _)| is_annotation(name))
}

/// A schema for null and nothing else.
pub(super) fn is_null(schema: Cursor<'_>) -> bool {
    schema.get("type").and_then(Cursor::as_str) == Some("null")
        || schema.get_any("const").is_some_and(Cursor::is_null)
        || schema
            .get("enum")
            .is_some_and(|values| values.len() == 1 && values.items().all(Cursor::is_null))
}

/// Types as bits. No bit: any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Types = Types(1);
    pub(super) const INTEGER: Types = Types(2);
    pub(super) const NUMBER: Types = Types(4);
    pub(super) const STRING: Types = Types(8);
    pub(super) const BOOLEAN: Types = Types(16);
    pub(super) const OBJECT: Types = Types(32);
    pub(super) const ARRAY: Types = Types(64);
    /// A type nobody knows.
    const OTHER: Types = Types(128);

    fn named(name: Option<&str>) -> Self {
        match name {
            Some("null") => Self::NULL,
            Some("integer") => Self::INTEGER,
            Some("number") => Self::NUMBER,
            Some("string") => Self::STRING,
            Some("boolean") => Self::BOOLEAN,
            Some("object") => Self::OBJECT,
            Some("array") => Self::ARRAY,
            _ => Self::OTHER,
        }
    }

    pub(super) fn is_any(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn with(self, other: Types) -> Self {
        Types(self.0 | other.0)
    }

    pub(super) fn without(self, other: Types) -> Self {
        Types(self.0 & !other.0)
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// A number may be an integer, so where both are listed one says nothing.
    pub(super) fn covers(self, other: Types) -> bool {
        let widened = if self.has(Self::NUMBER) {
            self.with(Self::INTEGER)
        } else {
            self
        };
        self.is_any() || (!other.is_any() && other.without(widened).is_any())
    }

    pub(super) fn is_scalar(self) -> bool {
        !self.is_any() && !self.has(Self::OBJECT.with(Self::ARRAY).with(Self::OTHER))
    }
}

/// How the alternatives of a schema are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    OneOf,
    AnyOf,
}

/// A schema with its spelling evened out.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says how one keyword was written"
)]
pub(super) struct View<'a> {
    pub(super) node: Cursor<'a>,
    pub(super) types: Types,
    /// The types that all forms of its one choice have together; no type where one of them has none.
    pub(super) types_of_forms: Types,
    pub(super) nullable: bool,
    pub(super) format: Option<&'a str>,
    /// The values listed, without null. Also from `const`, and from a choice of constants.
    pub(super) listed: Option<Vec<Cursor<'a>>>,
    /// Whether the one value listed was written as `const`.
    pub(super) constant: bool,
    pub(super) choices: Vec<(Choice, Vec<Cursor<'a>>)>,
    pub(super) all_of: Vec<Cursor<'a>>,
    /// Whether its types were listed as forms of a choice.
    pub(super) took_types: bool,
    /// Components that gave their values or types to this schema.
    pub(super) consumed: Vec<Cursor<'a>>,
    /// What follows the scheme of no schema: kept to be compared as it stands.
    pub(super) odd: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Document, node: Cursor<'a>) -> Self {
        Self::read(document, node, true)
    }

    /// The schema with its choices as they are written, even where they only list types.
    pub(super) fn with_forms(document: &'a Document, node: Cursor<'a>) -> Self {
        Self::read(document, node, false)
    }

    fn read(document: &'a Document, node: Cursor<'a>, take_types: bool) -> Self {
        let mut view = Self {
            node,
            types: Types::default(),
            types_of_forms: Types::default(),
            nullable: node.get("nullable").is_some_and(Cursor::is_true),
            format: node.get("format").and_then(Cursor::as_str),
            listed: None,
            constant: false,
            choices: Vec::new(),
            all_of: branches(node, "allOf"),
            took_types: false,
            consumed: Vec::new(),
            odd: !node.is_object() && node.as_bool() != Some(true),
        };
        if let Some(kind) = node.get("type") {
            view.types = types_of(kind);
        }
        if let Some(values) = node.get("enum").filter(|values| values.is_array()) {
            view.list(values.items().collect());
        } else if let Some(value) = node.get_any("const") {
            view.list(vec![value]);
            view.constant = true;
        }
        for (choice, keyword) in [(Choice::OneOf, "oneOf"), (Choice::AnyOf, "anyOf")] {
            let branches = branches(node, keyword);
            if !branches.is_empty() {
                view.choose(document, choice, branches, take_types);
            }
        }
        if let [(_, forms)] = view.choices.as_slice() {
            let types = forms.iter().map(|form| {
                let form = meant(document, *form).target;
                form.get("type")
                    .map_or_else(|| implied(form, &[]), types_of)
            });
            let known = types.map(|types| (!types.is_any()).then_some(types));
            let all = known.collect::<Option<Vec<_>>>().unwrap_or_default();
            view.types_of_forms = all.into_iter().fold(Types::default(), Types::with);
        }
        if view.types.is_any() {
            view.types = implied(node, view.listed.as_deref().unwrap_or_default());
        }
        if view.types.has(Types::NULL) && view.types != Types::NULL {
            view.types = view.types.without(Types::NULL);
            view.nullable = true;
        }
        view
    }

    fn list(&mut self, values: Vec<Cursor<'a>>) {
        let nulls = values.iter().any(|value| value.is_null());
        // In 3.0 a null among the values counts only together with `nullable`; it is written for both.
        self.nullable |= nulls && values.len() > 1;
        self.listed = Some(
            values
                .into_iter()
                .filter(|value| !value.is_null())
                .collect(),
        );
    }

    /// Takes a choice as a list of values or of types where it is no more than that.
    fn choose(
        &mut self,
        document: &'a Document,
        choice: Choice,
        mut branches: Vec<Cursor<'a>>,
        take_types: bool,
    ) {
        let count = branches.len();
        branches.retain(|branch| !is_null(*branch));
        self.nullable |= branches.len() < count;
        let resolve = |branch: &Cursor<'a>| meant(document, *branch).target;
        let before = self.choices.len();
        if self.listed.is_none()
            && let Some(values) = branches
                .iter()
                .map(|branch| constants(resolve(branch)))
                .collect::<Option<Vec<_>>>()
        {
            if self.types.is_any() {
                let kinds = branches
                    .iter()
                    .filter_map(|branch| resolve(branch).get("type"));
                self.types = kinds.fold(Types::default(), |types, kind| types.with(types_of(kind)));
            }
            self.list(values.concat());
        } else if take_types
            && self.types.is_any()
            && let Some(types) = branches
                .iter()
                .map(|branch| bare_type(resolve(branch)))
                .collect::<Option<Vec<_>>>()
        {
            self.types = types.into_iter().fold(Types::default(), Types::with);
            self.took_types = true;
        } else {
            self.choices.push((choice, branches.clone()));
        }
        if self.choices.len() == before {
            for branch in branches {
                let meant = meant(document, branch);
                self.consumed
                    .extend(meant.aliases.into_iter().chain(meant.component));
            }
        }
    }
}

/// The type that goes without saying: of the values listed, or of whoever has properties or items.
fn implied(schema: Cursor<'_>, listed: &[Cursor<'_>]) -> Types {
    let of_value = |value: &Cursor<'_>| {
        if value.as_str().is_some() {
            Types::STRING
        } else if value.as_bool().is_some() {
            Types::BOOLEAN
        } else if let Some(number) = value.as_number() {
            if matches!(number, Number::Float(_)) {
                Types::NUMBER
            } else {
                Types::INTEGER
            }
        } else if value.is_array() {
            Types::ARRAY
        } else {
            Types::OBJECT
        }
    };
    if !listed.is_empty() {
        return listed
            .iter()
            .map(of_value)
            .fold(Types::default(), Types::with);
    }
    let has = |keyword| schema.get(keyword).is_some();
    if ["properties", "additionalProperties"].into_iter().any(has) {
        Types::OBJECT
    } else if has("items") {
        Types::ARRAY
    } else {
        Types::default()
    }
}

fn branches<'a>(schema: Cursor<'a>, keyword: &str) -> Vec<Cursor<'a>> {
    schema
        .get(keyword)
        .map(|list| list.items().collect())
        .unwrap_or_default()
}

pub(super) fn types_of(kind: Cursor<'_>) -> Types {
    if kind.is_array() {
        kind.items().fold(Types::default(), |types, item| {
            types.with(Types::named(item.as_str()))
        })
    } else {
        Types::named(kind.as_str())
    }
}

/// The values of a schema that is nothing but constants.
fn constants(schema: Cursor<'_>) -> Option<Vec<Cursor<'_>>> {
    let plain = |(name, _): (&str, Cursor<'_>)| {
        matches!(name, "const" | "enum" | "type") || is_annotation(name)
    };
    if !schema.is_object() || !schema.members().all(plain) {
        return None;
    }
    match (schema.get_any("const"), schema.get("enum")) {
        (Some(value), None) => Some(vec![value]),
        (None, Some(values)) if values.is_array() => Some(values.items().collect()),
        _ => None,
    }
}

/// The type of a schema that says no more than its type.
fn bare_type(schema: Cursor<'_>) -> Option<Types> {
    let kind = schema.get("type")?;
    let types = types_of(kind);
    let plain = schema
        .members()
        .all(|(name, _)| name == "type" || is_annotation(name));
    (plain && !types.is_any() && !types.has(Types::OTHER)).then_some(types)
}
