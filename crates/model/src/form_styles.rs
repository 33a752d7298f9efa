//! The styles of the fields of `application/x-www-form-urlencoded` forms.

use serde_json::Value;

use specmill_openapi::document::text;

use crate::all_of;
use crate::media::is_json;
use crate::model::{Encoding, ParameterLocation, Style};
use crate::parameter_style::{self, has_one_part};
use crate::reader::Reason;
use crate::resolve::{members, resolve};

/// The default encoding of a form, and the fields with another style.
///
/// By default a list repeats its name, and an object is JSON. In `encoding`, `style` or `explode` selects a query style;
/// otherwise `contentType` decides.
pub(super) fn of(
    document: &Value,
    media: &Value,
) -> Result<(Encoding, Vec<(String, Style)>), Reason> {
    let schema = resolve(document, media.get("schema").unwrap_or(&Value::Null));
    let merged = schema
        .get("allOf")
        .and_then(|_| all_of::merge(document, schema, "").ok());
    let schema = merged.as_ref().unwrap_or(schema);
    let mut styles = Vec::new();
    for (name, encoding) in members(media, "encoding") {
        let any = Value::Null;
        let property = schema.get("properties").and_then(|all| all.get(name));
        let property = property.unwrap_or(&any);
        if has_one_part(document, property) {
            continue;
        }
        let has_style = encoding.get("style").is_some() || encoding.get("explode").is_some();
        let content_type = text(encoding, "contentType").unwrap_or("application/json");
        let style = if has_style {
            let style =
                parameter_style::style(document, ParameterLocation::Query, encoding, property);
            style.map_err(|reason| format!("its form has the property `{name}`, and {reason}"))?
        } else if is_json(content_type) {
            Style::Json
        } else if parameter_style::is_list(document, property) {
            continue;
        } else {
            return Err(format!(
                "its form has the property `{name}` of the media type `{content_type}`"
            ));
        };
        styles.push((name.clone(), style));
    }
    let is_styled = |name: &str| styles.iter().any(|(styled, _)| styled == name);
    let all_brackets =
        !styles.is_empty() && styles.iter().all(|(_, style)| *style == Style::DeepObject);
    let others_plain = members(schema, "properties")
        .all(|(name, property)| is_styled(name) || has_one_part(document, property));
    if all_brackets && others_plain {
        return Ok((Encoding::FormBrackets, Vec::new()));
    }
    Ok((Encoding::Form, styles))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn styles(encoding: Value) -> Result<(Encoding, Vec<(String, Style)>), Reason> {
        let list = json!({"type": "array", "items": {"type": "string"}});
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let deep = json!({"type": "object", "properties": {"a": object}});
        let schema = json!({
            "type": "object",
            "properties": {"text": {"type": "string"}, "list": list, "object": object, "deep": deep}
        });
        of(&json!({}), &json!({"schema": schema, "encoding": encoding}))
    }

    #[expect(clippy::needless_pass_by_value, reason = "tests build it in place")]
    fn one(field: &str, encoding: Value) -> Style {
        let (form, styles) = styles(json!({field: encoding})).unwrap();
        assert_eq!(form, Encoding::Form);
        assert_eq!(styles.len(), 1, "{styles:?}");
        assert_eq!(styles[0].0, field);
        styles[0].1
    }

    #[test]
    fn a_style_or_explode_makes_a_field_a_query_parameter() {
        let joined = json!({"explode": false});
        assert_eq!(one("list", joined.clone()), Style::FormJoined);
        assert_eq!(one("object", joined), Style::FormJoined);
        let piped = json!({"style": "pipeDelimited", "contentType": "application/json"});
        assert_eq!(one("list", piped), Style::PipeDelimited);
        assert_eq!(one("object", json!({"style": "form"})), Style::Form);
        assert_eq!(
            one("deep", json!({"style": "deepObject"})),
            Style::DeepObject
        );
        let nested = styles(json!({"deep": {"explode": false}})).unwrap_err();
        assert!(nested.contains("the property `deep`"), "{nested}");
    }

    #[test]
    fn a_media_type_makes_a_field_json() {
        let json = json!({"contentType": "application/json"});
        assert_eq!(one("list", json.clone()), Style::Json);
        assert_eq!(one("object", json), Style::Json);
        let plain =
            styles(json!({"list": {"contentType": "text/plain"}, "text": {"explode": false}}));
        assert_eq!(plain.unwrap(), (Encoding::Form, Vec::new()));
        let xml = styles(json!({"object": {"contentType": "text/xml"}})).unwrap_err();
        assert!(xml.contains("`text/xml`"), "{xml}");
    }

    #[test]
    fn a_form_with_brackets_on_every_list_and_object_uses_them_everywhere() {
        let deep = json!({"style": "deepObject", "explode": true});
        let all = styles(json!({"list": deep, "object": deep, "deep": deep}));
        assert_eq!(all.unwrap(), (Encoding::FormBrackets, Vec::new()));
    }
}
