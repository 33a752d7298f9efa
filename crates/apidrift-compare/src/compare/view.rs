//! A schema in a canonical form, independent of its notation.

pub(super) use super::type_set::{Types, types_of};
pub(super) use apidrift_document::is_annotation;
use apidrift_document::{Cursor, Document, Merged, NodeId, Number};

/// The maximum number of wrappers that are unwrapped.
const MAX_WRAPPINGS: usize = 100;

/// The annotations at a location of use, in addition to those of the schema.
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

    /// This use, with missing annotations taken from the inner use.
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

/// A location of use, with its resolved schema.
#[derive(Debug, Clone)]
pub(super) struct Meant<'a> {
    /// The schema with the constraints.
    pub(super) target: Cursor<'a>,
    /// The unmerged schema, with its `allOf`.
    pub(super) written: Cursor<'a>,
    /// The annotations of the location and of the wrappers around the target.
    pub(super) usage: Use<'a>,
    /// Whether a reference was followed, or a schema merged from others.
    pub(super) followed: bool,
    /// The last component that was followed, if any.
    pub(super) component: Option<Cursor<'a>>,
    /// The components that were followed and are only aliases.
    pub(super) aliases: Vec<Cursor<'a>>,
    /// Whether a union with one branch was replaced by the branch.
    pub(super) only_form: bool,
    /// The dangling reference.
    pub(super) dangling: Option<&'a str>,
    /// Components that the target was merged from.
    pub(super) merged: Vec<Cursor<'a>>,
    /// The number of further sources that it was merged from.
    pub(super) in_place: usize,
}

impl<'a> Meant<'a> {
    /// Replaces the schema that contains an `allOf` by the merged one.
    fn take(&mut self, document: &'a Document, merged: &Merged) {
        let at =
            |ids: &[NodeId]| -> Vec<Cursor<'a>> { ids.iter().map(|id| document.at(*id)).collect() };
        let (components, others): (Vec<_>, Vec<_>) = at(&merged.parts)
            .into_iter()
            .partition(|part| is_component(*part));
        let is_reference = |part: &&Cursor<'a>| part.len() == 1 && part.get("$ref").is_some();
        self.in_place = others.iter().filter(|part| !is_reference(part)).count();
        self.merged = components;
        let repeats = at(&merged.repeats);
        self.aliases
            .extend(repeats.into_iter().filter(|schema| is_component(*schema)));
        self.target = document.at(merged.schema);
        // A source of the merge may reference it.
        self.followed = true;
    }

    /// The annotations of the use combined with those of the target.
    pub(super) fn effective(&self) -> Use<'a> {
        let mut inner = Use::of(self.target);
        inner.nullable |= admits_null(self.target);
        self.usage.over(inner)
    }
}

/// Whether `type` is or includes `null`.
fn admits_null(schema: Cursor<'_>) -> bool {
    schema.get("type").is_some_and(|kind| {
        kind.as_str() == Some("null") || kind.items().any(|item| item.as_str() == Some("null"))
    })
}

/// Follows references and unwraps wrappers of one schema: an `allOf` with one part, and a union with one branch or with one
/// branch and null.
pub(super) fn meant<'a>(document: &'a Document, place: Cursor<'a>) -> Meant<'a> {
    follow(document, place, true)
}

/// Like [`meant`], but keeps a union with one branch, so that it can be compared with a larger union.
pub(super) fn meant_as_choice<'a>(document: &'a Document, place: Cursor<'a>) -> Meant<'a> {
    follow(document, place, false)
}

fn follow<'a>(document: &'a Document, place: Cursor<'a>, unwraps_choices: bool) -> Meant<'a> {
    let mut meant = Meant {
        target: place,
        written: place,
        usage: Use::default(),
        followed: false,
        component: None,
        aliases: Vec::new(),
        only_form: false,
        dangling: None,
        merged: Vec::new(),
        in_place: 0,
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
        } else if let Some((inner, nullable)) = wrapped(document, here)
            && (unwraps_choices || here.get("allOf").is_some())
        {
            meant.only_form |= here.get("allOf").is_none();
            let mut usage = Use::of(here);
            usage.nullable |= nullable;
            meant.usage = meant.usage.over(usage);
            meant.target = inner;
        } else {
            // The content after the last component is inline, so the component is an alias too.
            if meant
                .component
                .is_some_and(|component| component.id != meant.target.id)
            {
                meant.aliases.extend(meant.component.take());
            }
            meant.written = meant.target;
            if let Some(merged) = document.merged(meant.target.id) {
                meant.take(document, merged);
            }
            return meant;
        }
    }
    // A circular reference has no target; all of its components are aliases.
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

/// Whether a schema is a union of several branches, ignoring null.
pub(super) fn is_choice(schema: Cursor<'_>) -> bool {
    ["oneOf", "anyOf"].iter().any(|keyword| {
        let forms = branches(schema, keyword);
        forms.iter().filter(|form| !is_null(**form)).count() > 1
    })
}

/// The only schema that `schema` wraps, and whether it adds null.
fn wrapped<'a>(document: &'a Document, schema: Cursor<'a>) -> Option<(Cursor<'a>, bool)> {
    let keyword = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .find(|keyword| schema.get(keyword).is_some_and(Cursor::is_array))?;
    let branches = schema.get(keyword)?;
    let mut kept = branches
        .items()
        .filter(|branch| keyword == "allOf" || !is_null(*branch));
    let inner = kept.next()?;
    if kept.next().is_some() {
        return None;
    }
    let nullable = branches.len() > 1;
    if keyword == "allOf" && nullable {
        return None;
    }
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

/// Whether the type of a value is unrestricted.
pub(super) fn is_untyped(schema: Cursor<'_>) -> bool {
    let typing = [
        "type", "enum", "const", "$ref", "oneOf", "anyOf", "allOf", "nullable",
    ];
    schema.is_object()
        && typing
            .iter()
            .all(|keyword| schema.get_any(keyword).is_none())
}

/// Whether a schema accepts only null.
pub(super) fn is_null(schema: Cursor<'_>) -> bool {
    schema.get("type").and_then(Cursor::as_str) == Some("null")
        || schema.get_any("const").is_some_and(Cursor::is_null)
        || schema
            .get("enum")
            .is_some_and(|values| values.len() == 1 && values.items().all(Cursor::is_null))
}

/// The keyword that combines the branches of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    OneOf,
    AnyOf,
}

/// A schema in canonical form.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of the schema, apart from the others"
)]
#[derive(Debug, Clone)]
pub(super) struct View<'a> {
    pub(super) node: Cursor<'a>,
    pub(super) types: Types,
    pub(super) nullable: bool,
    pub(super) format: Option<&'a str>,
    /// The enumerated values without null, from `enum`, `const` or a union of constants.
    pub(super) listed: Option<Vec<Cursor<'a>>>,
    /// Whether the single enumerated value was written as `const`.
    pub(super) constant: bool,
    pub(super) choices: Vec<(Choice, Vec<Cursor<'a>>)>,
    /// A union that was converted to a list of values or types.
    evened: Option<(Choice, Vec<Cursor<'a>>)>,
    pub(super) all_of: Vec<Cursor<'a>>,
    /// Components whose values or types were merged into this schema.
    pub(super) consumed: Vec<Cursor<'a>>,
    /// The value of a keyword that no valid schema has; it is compared as written.
    pub(super) odd: bool,
    /// Whether one document expresses as a format what the other expresses as `contentEncoding` or `contentMediaType`.
    pub(super) reworded: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Document, node: Cursor<'a>) -> Self {
        let mut view = Self {
            node,
            types: Types::default(),
            nullable: node.get("nullable").is_some_and(Cursor::is_true),
            format: node.get("format").and_then(Cursor::as_str),
            listed: None,
            constant: false,
            choices: Vec::new(),
            evened: None,
            all_of: branches(node, "allOf"),
            consumed: Vec::new(),
            odd: !node.is_object() && node.as_bool() != Some(true),
            reworded: false,
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
                view.choose(document, choice, branches);
            }
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

    /// Adjusts two views for comparison: a union that was converted in only one of them is restored in it.
    pub(super) fn pair(was: &mut Self, is: &mut Self) {
        was.restore(is);
        is.restore(was);
        if was.says_format_of(is) || is.says_format_of(was) {
            let format = was.format.or(is.format);
            for view in [was, is] {
                view.format = format;
                view.reworded = true;
            }
        }
    }

    /// Whether `contentEncoding` or `contentMediaType` has the meaning of the format of `other`. In OpenAPI 3.1 they
    /// replace `byte` and `binary`.
    fn says_format_of(&self, other: &Self) -> bool {
        let text = |view: &Self, name: &str| view.node.get(name).and_then(Cursor::as_str);
        let contents = |view: &Self| {
            (
                text(view, "contentEncoding"),
                text(view, "contentMediaType"),
            )
        };
        let format = match contents(self) {
            (Some("base64"), None) => "byte",
            (None, Some("application/octet-stream")) => "binary",
            _ => return false,
        };
        self.format.is_none() && other.format == Some(format) && contents(other) == (None, None)
    }

    fn restore(&mut self, other: &Self) {
        if other.choices.is_empty() || other.evened.is_some() || !self.choices.is_empty() {
            return;
        }
        if let Some(choice) = self.evened.take() {
            self.listed = None;
            self.types = self.node.get("type").map(types_of).unwrap_or_default();
            self.types = self.types.without(Types::NULL);
            self.choices.push(choice);
        }
    }

    /// Whether the schema has no keywords besides those of a union, a type and annotations.
    pub(super) fn is_only_choice(&self) -> bool {
        self.node.members().all(|(name, _)| {
            matches!(name, "oneOf" | "anyOf" | "discriminator" | "type") || is_annotation(name)
        })
    }

    /// Whether the schema consists only of one union.
    pub(super) fn is_choice_alone(&self) -> bool {
        self.choices.len() == 1 && self.is_only_choice()
    }

    /// The types of the schema or, if it has none, of its branches.
    pub(super) fn all_types(&self, document: &'a Document) -> Types {
        let [(_, branches)] = self.choices.as_slice() else {
            return self.types;
        };
        if !self.types.is_any() {
            return self.types;
        }
        let mut types = Types::default();
        for branch in branches {
            let of = View::of(document, meant(document, *branch).target).types;
            if of.is_any() {
                return Types::default();
            }
            types = types.with(of);
        }
        types
    }

    fn list(&mut self, values: Vec<Cursor<'a>>) {
        let nulls = values.iter().any(|value| value.is_null());
        // In OpenAPI 3.0, null in an enum only has an effect together with `nullable`; both notations are treated as
        // nullable.
        self.nullable |= nulls && values.len() > 1;
        self.listed = Some(
            values
                .into_iter()
                .filter(|value| !value.is_null())
                .collect(),
        );
    }

    /// Converts a union that consists only of values or types to a list of these.
    fn choose(&mut self, document: &'a Document, choice: Choice, mut branches: Vec<Cursor<'a>>) {
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
        } else if self.types.is_any()
            && let Some(types) = branches
                .iter()
                .map(|branch| bare_type(resolve(branch)))
                .collect::<Option<Vec<_>>>()
        {
            self.types = types.into_iter().fold(Types::default(), Types::with);
        } else {
            self.choices.push((choice, branches.clone()));
        }
        if self.choices.len() == before {
            self.evened = Some((choice, branches.clone()));
            for branch in branches {
                let meant = meant(document, branch);
                self.consumed
                    .extend(meant.aliases.into_iter().chain(meant.component));
            }
        }
    }
}

/// The implied type: of the enumerated values, or of a schema with properties or items.
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
    if ["properties", "additionalProperties", "required"]
        .into_iter()
        .any(has)
    {
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

/// The values of a schema that consists only of constants.
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

/// The type of a schema that has no other constraint.
fn bare_type(schema: Cursor<'_>) -> Option<Types> {
    let kind = schema.get("type")?;
    let types = types_of(kind);
    let plain = schema
        .members()
        .all(|(name, _)| name == "type" || is_annotation(name));
    (plain && !types.is_any() && !types.has(Types::OTHER)).then_some(types)
}
