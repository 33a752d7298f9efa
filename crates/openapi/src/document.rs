//! JSON and YAML documents: reads them strictly, prints them, and finds locations in them.

mod difference;
mod extensions;
mod indent;
mod parameters;
pub(crate) mod places;
mod pointer;
mod read;
mod references;
mod schemas;

pub use difference::first_difference;
pub use extensions::{UNRESOLVED, WEBHOOKS};
pub use indent::indent_json;
pub use parameters::visit_parameters;
pub(crate) use pointer::percent_decoded;
pub use pointer::{Step, at, child, escape, lookup, reference_target};
pub(crate) use read::INFINITE;
pub use read::{parse_json, parse_yaml, read, read_text, utf_8, without_mark};
pub use references::{Reference, each_reference, references, rewrite_references};
pub use schemas::{Visit, visit_schemas};

use serde_json::{Map, Value};

/// Pretty-printed JSON with a final newline, the form of every JSON file that is written.
pub fn to_json(value: &Value) -> String {
    // The alternate form of a JSON value is its pretty-printed text; it cannot fail.
    format!("{value:#}\n")
}

/// The methods that a path item can have.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// A property as a string, if it is one.
pub fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

/// The JSON type of a value, as schemas name it; `integer` for a number without a fraction.
pub fn value_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The operations of a document: pointer, path, method and the operation itself.
pub fn operations(document: &Value) -> impl Iterator<Item = (String, &str, &'static str, &Value)> {
    let paths = document.get("paths").and_then(Value::as_object);
    // A key that does not begin with a slash is an extension, not a path.
    let paths = paths
        .into_iter()
        .flatten()
        .filter(|(path, _)| path.starts_with('/'));
    paths.flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?;
            let pointer = child(&child("/paths", path), method);
            Some((pointer, path.as_str(), method, operation))
        })
    })
}

/// The reason why a normalised document has no operation; `None` if it has one.
pub fn why_no_operation(document: &Value) -> Option<String> {
    if operations(document).next().is_some() {
        return None;
    }
    let paths = document.get("paths").and_then(Value::as_object);
    let items: Vec<(&String, &Value)> = paths.into_iter().flatten().collect();
    let unresolved = items
        .iter()
        .find_map(|(path, item)| Some((path, text(item, UNRESOLVED)?)));
    let webhooks = document
        .get(WEBHOOKS)
        .and_then(Value::as_object)
        .map_or(0, Map::len);
    Some(match (items.len(), unresolved) {
        (_, Some((path, target))) => {
            format!("the path `{path}` refers to `{target}`, which does not exist")
        }
        (0, None) if webhooks > 0 => {
            format!(
                "the document has no paths: it has {webhooks} webhooks, which the service sends"
            )
        }
        (0, None) => "the document has no paths".to_owned(),
        (count, None) => format!("none of the {count} paths of the document has an operation"),
    })
}
