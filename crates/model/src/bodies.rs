//! The request body of an operation, and the body of its success response.

use serde_json::{Value, json};

use specmill_openapi::document::text;
use specmill_openapi::names;
use specmill_openapi::references::UNRESOLVED;

use crate::examples::example;
use crate::form_styles;
use crate::media::is_json;
use crate::model::{Body, Encoding, Success};
use crate::reader::{Reader, Reason, unresolved};
use crate::resolve::{members, resolve};
use crate::schema_kind::is_nullable;
use crate::streams::{is_stream, stream_media};

impl Reader<'_, '_> {
    pub(super) fn body(&mut self, id: &str, operation: &Value) -> Result<Option<Body>, Reason> {
        let Some(body) = operation.get("requestBody") else {
            return Ok(None);
        };
        let body = resolve(self.document, body);
        if let Some(reference) = text(body, UNRESOLVED) {
            return Err(unresolved("its body", reference));
        }
        let content = body.get("content").and_then(Value::as_object);
        // JSON is preferred; otherwise the first media type is used.
        let media = content.and_then(|all| {
            all.iter()
                .find(|(kind, _)| is_json(kind))
                .or_else(|| all.iter().next())
        });
        let Some((content_type, media)) = media else {
            return Ok(None);
        };
        let any = json!({});
        let schema = media.get("schema").unwrap_or(&any);
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        let kind = kind.to_ascii_lowercase();
        let encoding = match &*kind {
            json if is_json(json) => Encoding::Json,
            "application/x-www-form-urlencoded" => Encoding::Form,
            multipart if multipart.starts_with("multipart/") => Encoding::BytesOfType,
            any if any.contains('*') => Encoding::BytesOfType,
            text if text.starts_with("text/") => Encoding::Text,
            _ => Encoding::Bytes,
        };
        if !content_type
            .bytes()
            .all(|byte| (b' '..=b'~').contains(&byte))
            || !kind.contains('/')
        {
            return Err(format!(
                "its body is of the media type `{}`",
                content_type.escape_debug()
            ));
        }
        let (encoding, styles) = match encoding {
            Encoding::Form => form_styles::of(self.document, media)?,
            encoding => (encoding, Vec::new()),
        };
        let lowered = match encoding {
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                let pointer = format!("{}/requestBody", self.pointer);
                self.schemas
                    .lower(schema, &format!("{}Body", names::pascal_case(id)), &pointer)
            }
            _ => json!({ "type": "string" }),
        };
        let form = if kind == "multipart/form-data" {
            self.form(id, media)
        } else {
            Vec::new()
        };
        Ok(Some(Body {
            form,
            content_type: if kind == "*/*" {
                "application/json".to_owned()
            } else {
                content_type.clone()
            },
            encoding,
            styles,
            required: body.get("required") == Some(&Value::Bool(true)),
            description: text(body, "description").map(str::to_owned),
            schema: schema.clone(),
            lowered,
            example: example(media),
        }))
    }

    pub(super) fn success(
        &mut self,
        id: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Success, Reason> {
        let any = json!({});
        let mut successes = Vec::new();
        for (status, response) in members(operation, "responses") {
            let response = resolve(self.document, response);
            if status.starts_with('2') {
                if let Some(reference) = text(response, UNRESOLVED) {
                    return Err(unresolved("its response", reference));
                }
                successes.push((status, response));
            }
        }
        let mut bodies: Vec<(&str, &Value)> = Vec::new();
        let mut by_status: Vec<(&str, &str, Option<&Value>)> = Vec::new();
        let unions: Vec<Option<Value>> = successes
            .iter()
            .map(|(_, response)| union_of_json(response))
            .collect();
        for ((status, response), union) in successes.iter().zip(&unions) {
            let mut content = members(response, "content")
                .map(|(kind, media)| (kind.as_str(), media))
                .filter(|(kind, _)| !is_stream(kind));
            // JSON is preferred, since the client requests it.
            let found = content
                .clone()
                .find(|(kind, _)| is_json(kind))
                .map(|(kind, media)| (kind, union.as_ref().unwrap_or(media)))
                .or_else(|| content.next());
            let description = text(response, "description").unwrap_or_default();
            let schema = found.map(|(_, media)| media.get("schema").unwrap_or(&any));
            by_status.push((status, description, schema));
            bodies.extend(found);
        }
        if method == "head" {
            return Ok(Success::Empty);
        }
        if bodies.is_empty() {
            return Ok(match stream_media(self.document, operation) {
                Some(_) => Success::Stream,
                None => Success::Empty,
            });
        }
        let is_text = |kind: &str| kind.starts_with("text/") && !kind.contains('*');
        if !bodies.iter().all(|(kind, _)| is_json(kind)) {
            let text = bodies
                .iter()
                .all(|(kind, _)| is_json(kind) || is_text(kind));
            return Ok(if text { Success::Text } else { Success::Bytes });
        }
        let mut schemas: Vec<&Value> = Vec::new();
        for (_, media) in &bodies {
            let schema = media.get("schema").unwrap_or(&any);
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
        let pointer = format!("{}/responses", self.pointer);
        #[expect(
            clippy::single_match_else,
            reason = "a response, and the other case of several"
        )]
        let lowered = match schemas[..] {
            [schema] => {
                let name = format!("{}Response", names::pascal_case(id));
                let lowered = self.schemas.lower(schema, &name, &pointer);
                if is_nullable(self.document, schema) {
                    return Ok(Success::OptionalJson(lowered));
                }
                lowered
            }
            _ => {
                // An exact status takes precedence over the range that contains it.
                by_status.sort_by_key(|(status, ..)| status.parse::<u16>().is_err());
                let name = format!("{}Response", names::pascal_case(id));
                return Ok(Success::Json(
                    self.schemas.lower_statuses(&by_status, &name, &pointer),
                ));
            }
        };
        Ok(if bodies.len() < successes.len() {
            Success::OptionalJson(lowered)
        } else {
            Success::Json(lowered)
        })
    }
}

/// The schema of a response with several JSON media types and different schemas, of which the service chooses one. `None` if
/// the schemas are equal.
fn union_of_json(response: &Value) -> Option<Value> {
    let mut schemas: Vec<&Value> = Vec::new();
    for (kind, media) in members(response, "content") {
        let schema = media
            .get("schema")
            .filter(|_| is_json(kind) && !is_stream(kind));
        if let Some(schema) = schema
            && !schemas.contains(&schema)
        {
            schemas.push(schema);
        }
    }
    (schemas.len() > 1).then(|| json!({ "schema": { "oneOf": schemas } }))
}
