//! The parts of an operation that indicate paging: its query parameters, and the fields of its success response.

use serde_json::Value;

use specmill_openapi::document::{child, lookup, text};

/// The maximum depth of `allOf`s and references.
const DEEPEST: usize = 24;

/// A query parameter.
pub(super) struct Query<'d> {
    pub(super) name: &'d str,
    /// The name, with only lower-case letters and digits.
    pub(super) folded: String,
    pub(super) required: bool,
    pub(super) schema: &'d Value,
    pub(super) description: &'d str,
    /// `string`, `integer`, `number`, or any other type.
    pub(super) kind: Option<&'d str>,
}

impl Query<'_> {
    pub(super) fn is_integer(&self) -> bool {
        matches!(self.kind, Some("integer" | "number"))
    }
}

/// A field of a response.
pub(super) struct Field<'d> {
    /// Its name, or the pointer to it.
    pub(super) place: String,
    pub(super) folded: String,
    /// The normalised name of the object that contains it; empty for the outermost.
    pub(super) parent: String,
    pub(super) schema: &'d Value,
    pub(super) kind: Option<&'d str>,
    pub(super) depth: usize,
}

impl Field<'_> {
    /// Whether the document shows that the value is a URL.
    pub(super) fn is_url(&self) -> bool {
        let names_one = |folded: &str| {
            ["url", "uri", "link", "href"]
                .iter()
                .any(|one| folded.contains(one))
        };
        let format = text(self.schema, "format").unwrap_or_default();
        let example = text(self.schema, "example").unwrap_or_default();
        let description = text(self.schema, "description").unwrap_or_default();
        let mut words = description.split(|c: char| !c.is_ascii_alphanumeric());
        names_one(&self.folded)
            || names_one(&self.parent)
            || format.starts_with("uri")
            || format == "url"
            || ["http://", "https://", "/", "?"]
                .iter()
                .any(|start| example.starts_with(start))
            || words.any(|word| {
                let word = word.to_ascii_lowercase();
                matches!(&*word, "url" | "uri" | "link" | "hyperlink")
            })
    }
}

/// The JSON success response of an operation.
pub(super) struct Success<'d> {
    pub(super) schema: &'d Value,
    /// The declared headers, each as a field with its name as the place.
    pub(super) headers: Vec<Field<'d>>,
}

/// A name with only lower-case letters and digits: `page[number]` and `pageNumber` are equal.
pub(super) fn fold(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|letter| letter.to_ascii_lowercase()).collect()
}

pub(super) fn queries<'d>(document: &'d Value, path: &str, operation: &'d Value) -> Vec<Query<'d>> {
    let item = document
        .pointer(&child("/paths", path))
        .unwrap_or(&Value::Null);
    let mut found: Vec<Query<'d>> = Vec::new();
    for owner in [operation, item] {
        let parameters = owner.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            let parameter = resolve(document, parameter);
            let Some(name) = text(parameter, "name") else {
                continue;
            };
            if text(parameter, "in") != Some("query") || found.iter().any(|one| one.name == name) {
                continue;
            }
            let schema = resolve(document, parameter.get("schema").unwrap_or(&Value::Null));
            found.push(Query {
                name,
                folded: fold(name),
                required: parameter.get("required") == Some(&Value::Bool(true)),
                schema,
                description: text(parameter, "description")
                    .or_else(|| text(schema, "description"))
                    .unwrap_or_default(),
                kind: kind(document, schema, 0),
            });
        }
    }
    found
}

pub(super) fn success<'d>(document: &'d Value, operation: &'d Value) -> Option<Success<'d>> {
    let responses = operation.get("responses")?.as_object()?;
    let is_success = |status: &String| status.starts_with('2');
    // If no status below 400 is declared, the `default` response is the success.
    let only_default = !responses
        .keys()
        .any(|status| status.starts_with(['1', '2', '3']));
    let mut successes = responses
        .iter()
        .filter(|(status, _)| is_success(status) || (only_default && *status == "default"));
    successes.find_map(|(_, response)| {
        let response = resolve(document, response);
        let content = response.get("content")?.as_object()?;
        let (_, media) = content.iter().find(|(kind, _)| is_json(kind))?;
        Some(Success {
            schema: resolve(document, media.get("schema")?),
            headers: headers(document, response),
        })
    })
}

/// The schema of the request's body, if that is JSON.
pub(super) fn request_body<'d>(document: &'d Value, operation: &'d Value) -> Option<&'d Value> {
    let body = resolve(document, operation.get("requestBody")?);
    let content = body.get("content")?.as_object()?;
    let (_, media) = content.iter().find(|(kind, _)| is_json(kind))?;
    Some(resolve(document, media.get("schema")?))
}

fn headers<'d>(document: &'d Value, response: &'d Value) -> Vec<Field<'d>> {
    let headers = response.get("headers").and_then(Value::as_object);
    let headers = headers.into_iter().flatten().map(|(name, header)| {
        let header = resolve(document, header);
        let folded = fold(name);
        // `X-Next-Cursor` and `Next-Cursor` are equal.
        let extended = name
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("x-"));
        Field {
            place: name.clone(),
            folded: folded[usize::from(extended)..].to_owned(),
            parent: String::new(),
            schema: header,
            kind: kind(document, header.get("schema").unwrap_or(&Value::Null), 0),
            depth: 0,
        }
    });
    headers.collect()
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

/// Names of objects in a response that describe the list.
const AROUND: [&str; 24] = [
    "cursor",
    "cursors",
    "data",
    "embedded",
    "info",
    "link",
    "links",
    "listmetadata",
    "meta",
    "metadata",
    "next",
    "nextpage",
    "page",
    "pageinfo",
    "pages",
    "pagination",
    "paginationinfo",
    "paging",
    "pagingmetadata",
    "paginationmetadata",
    "payload",
    "response",
    "responsemetadata",
    "resultinfo",
];

/// The fields of a response, and of its objects that describe the list, outermost first.
pub(super) fn fields<'d>(document: &'d Value, schema: &'d Value) -> Vec<Field<'d>> {
    let mut found = Vec::new();
    gather(document, schema, "", "", 0, &mut found);
    found.sort_by_key(|field| field.depth);
    found
}

fn gather<'d>(
    document: &'d Value,
    schema: &'d Value,
    pointer: &str,
    parent: &str,
    depth: usize,
    found: &mut Vec<Field<'d>>,
) {
    let properties: Vec<_> = properties(document, schema)
        .into_iter()
        .map(|(name, property)| (name, property, kind(document, property, 0)))
        .collect();
    let of_kind = |wanted: &str| {
        let all = properties.iter();
        all.filter(|(.., kind)| *kind == Some(wanted)).count()
    };
    // The list may be in the only object of a response, whatever its name.
    let within = depth == 0 && of_kind("array") == 0 && of_kind("object") == 1;
    for (name, property, kind) in properties {
        let place = if depth == 0 && !name.is_empty() && !name.starts_with('/') {
            name.to_owned()
        } else {
            child(pointer, name)
        };
        let folded = fold(name);
        let around = within || AROUND.contains(&&*folded);
        if kind == Some("object") && depth < 3 && around && !is_one(document, property) {
            gather(
                document,
                property,
                &child(pointer, name),
                &folded,
                depth + 1,
                found,
            );
        }
        found.push(Field {
            place,
            folded,
            parent: parent.to_owned(),
            schema: property,
            kind,
            depth,
        });
    }
}

/// Whether an object is a single item rather than a list: it has an id, so a list in it belongs to the item.
fn is_one(document: &Value, schema: &Value) -> bool {
    properties(document, schema)
        .iter()
        .any(|(name, _)| fold(name) == "id")
}

/// Whether a value may be a string: a link is a string, or an object that contains one.
pub(super) fn may_be_text(document: &Value, schema: &Value) -> bool {
    let schema = resolve(document, schema);
    let branches = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten();
    kind(document, schema, 0) == Some("string")
        || branches
            .into_iter()
            .any(|branch| kind(document, branch, 0) == Some("string"))
}

/// The properties of an object, including those in its `allOf`; references are followed.
pub(super) fn properties<'d>(document: &'d Value, schema: &'d Value) -> Vec<(&'d str, &'d Value)> {
    let mut found = Vec::new();
    collect(document, schema, 0, &mut found);
    found
}

fn collect<'d>(
    document: &'d Value,
    schema: &'d Value,
    depth: usize,
    found: &mut Vec<(&'d str, &'d Value)>,
) {
    if depth > DEEPEST {
        return;
    }
    let schema = resolve(document, schema);
    let own = schema.get("properties").and_then(Value::as_object);
    for (name, property) in own.into_iter().flatten() {
        if !found.iter().any(|(known, _)| known == name) {
            found.push((name, described(document, property)));
        }
    }
    for part in parts(schema) {
        collect(document, part, depth + 1, found);
    }
}

/// Resolves a property, including a reference inside an `allOf` with a description.
fn described<'d>(document: &'d Value, property: &'d Value) -> &'d Value {
    let mut property = resolve(document, property);
    for _ in 0..DEEPEST {
        match property
            .get("allOf")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
        {
            Some([only]) if property.get("properties").is_none() => {
                property = resolve(document, only);
            }
            _ => break,
        }
    }
    property
}

fn parts(schema: &Value) -> impl Iterator<Item = &Value> {
    schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The JSON type of a schema, ignoring `null`; `None` if it has none or several.
pub(super) fn kind<'d>(document: &'d Value, schema: &'d Value, depth: usize) -> Option<&'d str> {
    if depth > DEEPEST {
        return None;
    }
    let schema = resolve(document, schema);
    if let Some(kind) = text(schema, "type") {
        return Some(kind);
    }
    if let Some(kind) = parts(schema).find_map(|part| kind(document, part, depth + 1)) {
        return Some(kind);
    }
    if schema.get("properties").is_some() {
        return Some("object");
    }
    let branches = ["anyOf", "oneOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array())
        .flatten();
    let mut kinds: Vec<&str> = branches
        .filter_map(|branch| kind(document, branch, depth + 1))
        .filter(|kind| *kind != "null")
        .collect();
    kinds.dedup();
    match kinds[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// The target of a reference that has been checked before.
pub(super) fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    for _ in 0..100 {
        match text(value, "$ref").and_then(|reference| lookup(document, reference)) {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}
