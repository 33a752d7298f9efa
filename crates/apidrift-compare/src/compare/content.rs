//! Compares bodies and their media types.

use super::{Caller, Context, Engine, Part, pairing, view};
use crate::Verdict;
use crate::rules::{General, Place};
use apidrift_document::{Cursor, Document, leads_out};

/// The rules for the media types of one side.
struct Findings {
    added: General,
    removed: General,
    generalized: General,
    specialized: General,
    renamed: General,
    schema_added: General,
    schema_removed: General,
    encoding: General,
}

const REQUEST: Findings = Findings {
    added: General::RequestMediaTypeAdded,
    removed: General::RequestMediaTypeRemoved,
    generalized: General::RequestMediaTypeGeneralized,
    specialized: General::RequestMediaTypeSpecialized,
    renamed: General::RequestMediaTypeChanged,
    schema_added: General::RequestMediaTypeSchemaAdded,
    schema_removed: General::RequestMediaTypeSchemaRemoved,
    encoding: General::RequestEncodingChanged,
};

const RESPONSE: Findings = Findings {
    added: General::ResponseMediaTypeAdded,
    removed: General::ResponseMediaTypeRemoved,
    generalized: General::ResponseMediaTypeGeneralized,
    specialized: General::ResponseMediaTypeSpecialized,
    renamed: General::ResponseMediaTypeChanged,
    schema_added: General::ResponseMediaTypeSchemaAdded,
    schema_removed: General::ResponseMediaTypeSchemaRemoved,
    encoding: General::ResponseEncodingChanged,
};

/// Longer lists of media types are paired only by name.
const MAX_ASKED: usize = 10_000;

type Entry<'a> = (&'a str, Cursor<'a>);

impl<'a> Engine<'a> {
    pub(super) fn bodies(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let body = |operation: Cursor<'a>| operation.get("requestBody");
        match (body(old), body(new)) {
            (Some(from), Some(to)) => {
                let (was, is) = (self.old.resolve(from), self.new.resolve(to));
                if was.dangling != is.dangling || leads_out(is.dangling) {
                    self.general(General::NotComparable, Some(from), Some(to));
                } else if was.target.digest() != is.target.digest() || was.target.refers() {
                    self.enter(Part::RequestBody(caller), was.target, is.target);
                }
            }
            (None, Some(to)) => {
                let required = self
                    .new
                    .resolve(to)
                    .target
                    .get("required")
                    .is_some_and(Cursor::is_true);
                let finding = if required {
                    General::RequestBodyAddedRequired
                } else {
                    General::RequestBodyAddedOptional
                };
                let found = self.general(finding, None, Some(to));
                if caller == Caller::Api {
                    found.wire(Verdict::Compatible).rust(Verdict::Compatible);
                }
            }
            (Some(from), None) => {
                self.general(General::RequestBodyRemoved, Some(from), None);
            }
            (None, None) => {}
        }
    }

    pub(super) fn request_body(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        if caller == Caller::Client {
            self.need(old, new, Place::RequestBody);
        }
        let place = caller.pick(Place::RequestBody, Place::ResponseBody);
        self.content(old, new, caller.pick(&REQUEST, &RESPONSE), place);
    }

    pub(super) fn response_content(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let place = caller.pick(Place::ResponseBody, Place::RequestBody);
        self.content(old, new, caller.pick(&RESPONSE, &REQUEST), place);
    }

    fn content(&mut self, old: Cursor<'a>, new: Cursor<'a>, findings: &Findings, place: Place) {
        let entries = |body: Cursor<'a>| -> Vec<Entry<'a>> {
            body.get("content")
                .into_iter()
                .flat_map(Cursor::members)
                .collect()
        };
        let written = |entry: &Entry<'a>| Some(entry.0.to_owned());
        let meant = |entry: &Entry<'a>| Some(essence(entry.0));
        let (gone, come, mut pairs) = pairing::by_key(entries(old), entries(new), written, written);
        let (mut gone, mut come, more) = pairing::by_key(gone, come, meant, meant);
        pairs.extend(more);
        if gone.len() * come.len() <= MAX_ASKED {
            let related = |from: &Entry<'a>, to: &Entry<'a>| related(from.0, to.0);
            let (open, new, more) = pairing::by_fit(gone, come, related);
            (gone, come) = (open, new);
            pairs.extend(more);
        }
        for (from, to) in pairs {
            self.media_type(from, to, findings, place);
        }
        for (_, media) in gone {
            self.general(findings.removed, Some(media), None);
        }
        for (_, media) in come {
            self.general(findings.added, None, Some(media));
        }
    }

    fn media_type(&mut self, from: Entry<'a>, to: Entry<'a>, findings: &Findings, place: Place) {
        let ((was_name, old), (is_name, new)) = (from, to);
        let (was, is) = (essence(was_name), essence(is_name));
        let renamed = if same_name(was_name, is_name) {
            None
        } else if was == is {
            Some(findings.renamed)
        } else if includes(&is, &was) {
            Some(findings.generalized)
        } else {
            Some(findings.specialized)
        };
        if let Some(finding) = renamed {
            self.general(finding, Some(old), Some(new)).shows(
                super::Shown::Text(was_name.to_owned()),
                super::Shown::Text(is_name.to_owned()),
            );
        }
        let context = Context {
            text: !is_json(&is),
            ..Context::at(place)
        };
        match (old.get("schema"), new.get("schema")) {
            (Some(from), Some(to)) => self.schema(from, to, context),
            (None, Some(to)) if !to.is_empty() => {
                self.general(findings.schema_added, Some(old), Some(to));
            }
            (Some(from), None) if !from.is_empty() => {
                self.general(findings.schema_removed, Some(from), Some(new));
            }
            _ => {}
        }
        let (from, to) = (old.get("encoding"), new.get("encoding"));
        let changed = self.encoding_changed((old, from), (new, to));
        if changed != Recoded::No {
            let found = self.general(findings.encoding, from.or(Some(old)), to.or(Some(new)));
            if changed == Recoded::Written {
                found.wire(Verdict::Breaking);
            }
        }
    }
}

impl<'a> Engine<'a> {
    /// Compares the encoding of properties that both documents contain.
    fn encoding_changed(
        &self,
        (old, from): (Cursor<'a>, Option<Cursor<'a>>),
        (new, to): (Cursor<'a>, Option<Cursor<'a>>),
    ) -> Recoded {
        let names = from.into_iter().chain(to).flat_map(Cursor::members);
        let property = |document: &'a Document, media: Cursor<'a>, name: &str| {
            let schema = view::meant(document, media.get("schema")?).target;
            schema.get("properties")?.get_any(name)
        };
        let changed = names.map(|(name, _)| name).map(|name| {
            let entry = |map: Option<Cursor<'a>>| map.and_then(|map| map.get_any(name));
            let described = |media: Cursor<'a>| media.get("schema").is_some();
            let was = property(self.old, old, name);
            let is = property(self.new, new, name);
            if (was.is_none() && described(old)) || (is.is_none() && described(new)) {
                // The entry belongs to a property that was added or removed.
                return Recoded::No;
            }
            let usual = |document, member: Option<Cursor<'a>>| {
                member.and_then(|member| usual_type(document, member, 0))
            };
            // `style` and `explode` determine how arrays and objects are serialized; they do not affect other values.
            let scalar = |document, member: Option<Cursor<'a>>| {
                member.is_some_and(|member| {
                    let kind = view::meant(document, member).target.get("type");
                    matches!(
                        kind.and_then(Cursor::as_str),
                        Some("string" | "number" | "integer" | "boolean")
                    )
                })
            };
            let one_way = scalar(self.old, was) && scalar(self.new, is);
            let was = Encoding::of(entry(from), usual(self.old, was));
            let is = Encoding::of(entry(to), usual(self.new, is));
            if one_way {
                let same = (&was.content_type, was.reserved, was.headers)
                    == (&is.content_type, is.reserved, is.headers);
                return if same {
                    Recoded::No
                } else {
                    Recoded::Otherwise
                };
            }
            if (&was.style, was.explode) != (&is.style, is.explode) {
                Recoded::Written
            } else if was != is {
                Recoded::Otherwise
            } else {
                Recoded::No
            }
        });
        changed.max().unwrap_or_default()
    }
}

/// The effect of a changed encoding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Recoded {
    #[default]
    No,
    /// The media type or the headers changed.
    Otherwise,
    /// Arrays and objects are serialized differently.
    Written,
}

/// The serialization of a form field, with defaults applied.
#[derive(Debug, PartialEq)]
struct Encoding {
    content_type: Option<String>,
    style: String,
    explode: bool,
    reserved: bool,
    headers: Option<u64>,
}

impl Encoding {
    fn of(entry: Option<Cursor<'_>>, usual: Option<&str>) -> Self {
        let field = |name: &str| entry.and_then(|entry| entry.get_any(name));
        let content_type = field("contentType").and_then(Cursor::as_str);
        let content_type = content_type.filter(|written| Some(*written) != usual);
        let style = field("style").and_then(Cursor::as_str).unwrap_or("form");
        let explode = field("explode").and_then(Cursor::as_bool);
        let headers = field("headers").filter(|headers| !headers.is_empty());
        Self {
            content_type: content_type.map(str::to_owned),
            style: style.to_owned(),
            explode: explode.unwrap_or(style == "form"),
            reserved: field("allowReserved").is_some_and(Cursor::is_true),
            headers: headers.map(Cursor::digest),
        }
    }
}

/// The maximum depth of nested arrays that are followed.
const MAX_LISTS: usize = 10;

/// The default media type of a form field.
fn usual_type<'a>(
    document: &'a Document,
    member: Cursor<'a>,
    depth: usize,
) -> Option<&'static str> {
    let schema = view::meant(document, member).target;
    if schema.get("contentEncoding").is_some()
        || matches!(
            schema.get("format").and_then(Cursor::as_str),
            Some("binary" | "byte")
        )
    {
        return Some("application/octet-stream");
    }
    match schema.get("type")?.as_str()? {
        "string" | "number" | "integer" | "boolean" => Some("text/plain"),
        "object" => Some("application/json"),
        "array" if depth < MAX_LISTS => usual_type(document, schema.get("items")?, depth + 1),
        _ => None,
    }
}

/// The media type without its parameters.
fn essence(name: &str) -> String {
    name.split(';')
        .next()
        .unwrap_or(name)
        .trim()
        .to_ascii_lowercase()
}

/// Whether two media types are the same with their parameters, which are compared regardless of case and spaces.
fn same_name(one: &str, other: &str) -> bool {
    let mut parts = one.split(';').map(str::trim);
    let mut others = other.split(';').map(str::trim);
    loop {
        match (parts.next(), others.next()) {
            (None, None) => return true,
            (Some(part), Some(other)) if part.eq_ignore_ascii_case(other) => {}
            _ => return false,
        }
    }
}

fn is_json(essence: &str) -> bool {
    essence.ends_with("/json") || essence.ends_with("+json") || essence.ends_with("/*")
}

fn related(from: &str, to: &str) -> bool {
    let (from, to) = (essence(from), essence(to));
    includes(&from, &to) || includes(&to, &from)
}

/// Whether the first media type includes the second: `application/*` includes `application/json`, and `application/json`
/// includes any with `+json`.
fn includes(general: &str, special: &str) -> bool {
    let (Some((kind, name)), Some((special_kind, special_name))) =
        (general.split_once('/'), special.split_once('/'))
    else {
        return false;
    };
    match (kind, name) {
        ("*", _) => true,
        (_, "*") => kind == special_kind,
        _ => {
            kind == special_kind
                && special_name
                    .rsplit_once('+')
                    .is_some_and(|(_, suffix)| suffix == name)
        }
    }
}
