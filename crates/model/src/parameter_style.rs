//! The styles of parameters, and the values that each can encode.

use serde_json::Value;

use specmill_openapi::document::text;

use crate::model::{ParameterLocation, Style};
use crate::reader::Reason;
use crate::resolve::resolve;

/// The maximum depth that is searched in a schema.
const DEEPEST: usize = 12;

/// The style of a parameter. An error if the style cannot encode the values of the schema.
///
/// Scalar values are encoded alike in every style, so they are accepted even with a style that the location does not allow.
pub(super) fn style(
    document: &Value,
    location: ParameterLocation,
    parameter: &Value,
    schema: &Value,
) -> Result<Style, Reason> {
    let usual = match location {
        ParameterLocation::Query | ParameterLocation::Cookie => "form",
        ParameterLocation::Path | ParameterLocation::Header => "simple",
    };
    let given = text(parameter, "style").unwrap_or(usual);
    let explode = parameter.get("explode").and_then(Value::as_bool);
    let form = matches!(given, "form" | "cookie");
    let explode = explode.unwrap_or(form);
    let form_style = if explode {
        Style::Form
    } else {
        Style::FormJoined
    };
    let style = match (location, given) {
        (ParameterLocation::Query, "form") | (ParameterLocation::Cookie, "form" | "cookie") => {
            form_style
        }
        (ParameterLocation::Query, "spaceDelimited" | "pipeDelimited") if explode => Style::Form,
        (ParameterLocation::Query, "spaceDelimited") => Style::SpaceDelimited,
        (ParameterLocation::Query, "pipeDelimited") => Style::PipeDelimited,
        (ParameterLocation::Query, "deepObject") => Style::DeepObject,
        (ParameterLocation::Path | ParameterLocation::Header, "simple") if explode => {
            Style::SimpleExploded
        }
        (ParameterLocation::Path | ParameterLocation::Header, "simple") => Style::Simple,
        (ParameterLocation::Path, "label") if explode => Style::LabelExploded,
        (ParameterLocation::Path, "label") => Style::Label,
        (ParameterLocation::Path, "matrix") if explode => Style::MatrixExploded,
        (ParameterLocation::Path, "matrix") => Style::Matrix,
        _ if form_of(document, schema, 0) == Form::Plain => match location {
            ParameterLocation::Query | ParameterLocation::Cookie => Style::Form,
            ParameterLocation::Path | ParameterLocation::Header => Style::Simple,
        },
        _ => {
            return Err(format!(
                "its style `{given}` is not allowed in its location"
            ));
        }
    };
    let form = form_of(document, schema, 0);
    let writes = match style {
        Style::Json | Style::DeepObject => true,
        Style::Form => form <= Form::ObjectOfLists,
        _ => form <= Form::Flat,
    };
    if !writes {
        return Err(format!(
            "its style, `{given}`, cannot encode {}",
            if form == Form::ObjectOfLists {
                "an object that contains lists"
            } else {
                "lists or objects that contain others"
            }
        ));
    }
    // Scalars are encoded alike exploded or not, and so are lists in the simple style.
    let one_part = has_one_part(document, schema);
    Ok(match style {
        Style::SimpleExploded if one_part || is_list(document, schema) => Style::Simple,
        Style::LabelExploded if one_part => Style::Label,
        Style::MatrixExploded if one_part => Style::Matrix,
        Style::FormJoined | Style::SpaceDelimited | Style::PipeDelimited if one_part => Style::Form,
        style => style,
    })
}

/// Whether every value of a schema is a string, a number or a boolean.
pub(super) fn has_one_part(document: &Value, schema: &Value) -> bool {
    matches!(
        text(resolve(document, schema), "type"),
        Some("string" | "number" | "integer" | "boolean")
    )
}

/// The nesting of a schema's values, in ascending order. An untyped value counts as a scalar, since the runtime encodes nested
/// values as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// A scalar.
    Plain,
    /// A list or an object of scalars.
    Flat,
    /// An object that contains lists of scalars.
    ObjectOfLists,
    /// Any deeper nesting.
    Nested,
}

fn form_of(document: &Value, schema: &Value, depth: usize) -> Form {
    if depth > DEEPEST {
        return Form::Nested;
    }
    let schema = resolve(document, schema);
    let form = |schema: &Value| form_of(document, schema, depth + 1);
    // A union can be encoded if one of its branches can.
    for keyword in ["oneOf", "anyOf"] {
        if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
            return branches.iter().map(form).min().unwrap_or(Form::Plain);
        }
    }
    let mut found = Form::Plain;
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        found = found.max(form(part));
    }
    if let Some(items) = schema.get("items") {
        found = found.max(match form(items) {
            Form::Plain => Form::Flat,
            _ => Form::Nested,
        });
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let more = schema
        .get("additionalProperties")
        .filter(|more| more.is_object());
    for property in properties
        .into_iter()
        .flat_map(|all| all.values())
        .chain(more)
    {
        found = found.max(match form(property) {
            Form::Plain => Form::Flat,
            Form::Flat if is_list(document, property) => Form::ObjectOfLists,
            _ => Form::Nested,
        });
    }
    let bare = matches!(text(schema, "type"), Some("array" | "object"));
    if bare { found.max(Form::Flat) } else { found }
}

pub(super) fn is_list(document: &Value, schema: &Value) -> bool {
    let schema = resolve(document, schema);
    text(schema, "type") == Some("array") || schema.get("items").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn of(location: ParameterLocation, style: Value, schema: Value) -> Result<Style, Reason> {
        super::style(&Value::Null, location, &style, &schema)
    }

    #[test]
    fn a_style_follows_the_specification_by_location_and_explode() {
        let list = || json!({"type": "array", "items": {"type": "string"}});
        let object = || json!({"type": "object", "properties": {"a": {"type": "string"}}});
        for (location, given, schema, expected) in [
            (ParameterLocation::Query, json!({}), list(), Style::Form),
            (
                ParameterLocation::Query,
                json!({"explode": false}),
                list(),
                Style::FormJoined,
            ),
            (
                ParameterLocation::Query,
                json!({"style": "pipeDelimited"}),
                list(),
                Style::PipeDelimited,
            ),
            (
                ParameterLocation::Query,
                json!({"style": "pipeDelimited", "explode": true}),
                list(),
                Style::Form,
            ),
            (
                ParameterLocation::Header,
                json!({}),
                object(),
                Style::Simple,
            ),
            (
                ParameterLocation::Header,
                json!({"explode": true}),
                object(),
                Style::SimpleExploded,
            ),
            (
                ParameterLocation::Header,
                json!({"explode": true}),
                list(),
                Style::Simple,
            ),
            (
                ParameterLocation::Path,
                json!({"style": "label"}),
                list(),
                Style::Label,
            ),
            (
                ParameterLocation::Path,
                json!({"style": "matrix", "explode": true}),
                list(),
                Style::MatrixExploded,
            ),
            (
                ParameterLocation::Cookie,
                json!({"explode": false}),
                object(),
                Style::FormJoined,
            ),
            // Scalars are encoded alike in each style.
            (
                ParameterLocation::Header,
                json!({"style": "deepObject"}),
                json!({"type": "string"}),
                Style::Simple,
            ),
        ] {
            assert_eq!(of(location, given.clone(), schema), Ok(expected), "{given}");
        }
    }

    #[test]
    fn a_style_that_cannot_encode_the_values_is_refused_with_the_reason() {
        let deep = json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "string"}}}}});
        let reason = of(ParameterLocation::Query, json!({}), deep.clone()).unwrap_err();
        assert_eq!(
            reason,
            "its style, `form`, cannot encode lists or objects that contain others"
        );
        assert_eq!(
            of(
                ParameterLocation::Query,
                json!({"style": "deepObject"}),
                deep
            ),
            Ok(Style::DeepObject)
        );
        let lists = json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}});
        assert_eq!(
            of(ParameterLocation::Query, json!({}), lists.clone()),
            Ok(Style::Form)
        );
        let reason = of(ParameterLocation::Header, json!({}), lists).unwrap_err();
        assert!(reason.contains("an object that contains lists"), "{reason}");
        let reason = of(
            ParameterLocation::Cookie,
            json!({"style": "deepObject"}),
            json!({"type": "array", "items": {}}),
        );
        assert_eq!(
            reason.unwrap_err(),
            "its style `deepObject` is not allowed in its location"
        );
    }
}
