//! The mock server of an API.

use serde_json::Value;

use crate::Options;
use specmill_model::Model;
use specmill_model::{
    Authentication, Encoding, Operation, ParameterLocation, Stream, StreamForm, Style, Success,
};
use specmill_samples::Samples;

use super::arguments::raw_literal;
use super::rust_types::RustType;
use super::sample_calls::{client_settings, server_settings};
use super::source::{Source, literal};
use super::tag_features::TagFeatures;
use super::{descriptions, operation_names, prose};

/// `mock.rs`: the operations with their sample responses.
pub(super) fn file(options: &Options, model: &Model) -> String {
    let mut source = Source::new(
        options,
        "A mock server of the API, generated from its document, for tests of programs that use the client.\n\nSee \
         [`specmill_client::mock`].",
    );
    source.push(
        "\nuse specmill_client::mock_server;\n\n\
         #[allow(unused_imports, reason = \"not every operation has types\")]\nuse crate::types;\n\
         use crate::{Client, Error, operations};\n\n",
    );
    source.line(0, "mock_server! {");
    let kinds = kinds(&model.authentication);
    let in_query = kinds.iter().filter_map(|kind| match kind {
        Authentication::ApiKeyQuery(name) => Some(literal(name)),
        _ => None,
    });
    let in_query: Vec<String> = in_query.collect();
    source.line(1, &format!("credentials [{}];", in_query.join(", ")));
    source.line(1, &format!("tokens [{}];", token_paths(&kinds).join(", ")));
    let servers = server_settings(model, "url");
    let url = if servers.is_empty() { "_url" } else { "url" };
    source.line(
        1,
        &format!(
            "client |builder, {url}| builder{}{servers};",
            client_settings(model)
        ),
    );
    let features = TagFeatures::of(model);
    let samples = Samples::new(model);
    for operation in &model.operations {
        if let Some(condition) = features.condition([operation.tag.as_str()]) {
            source.line(1, &condition);
        }
        source.docs(
            1,
            &format!(
                "Expects [`Client::{}`]: `{} {}`.",
                operation.id,
                operation.method,
                prose::inline(&operation.path)
            ),
        );
        source.line(
            1,
            &format!(
                "fn {} -> {} = operations::{} {{",
                operation.id,
                response_type(operation),
                operation_names::request_name(operation)
            ),
        );
        let (status, content_type, body) = sample(model, operation, &samples);
        source.line(2, &format!("responds {status} {content_type} {body};"));
        if let Some(stream) = &operation.stream {
            source.line(2, &streams(stream, &samples));
        }
        if has_open_query(operation) {
            source.line(2, "any_query;");
        }
        if let Some(kind) = body_type(operation) {
            source.line(2, &format!("takes {kind};"));
        }
        if operation
            .body
            .as_ref()
            .is_some_and(|body| !body.form.is_empty())
        {
            let form = operation_names::form_name(model, operation);
            source.line(2, &format!("form operations::{form};"));
        }
        source.line(1, "}");
    }
    source.line(0, "}");
    source.finish()
}

fn response_type(operation: &Operation) -> String {
    match &operation.success {
        Success::Empty => "()".to_owned(),
        Success::Json(body) | Success::OptionalJson(body) => RustType::of(body).written("types::"),
        _ => "specmill_client::mock::NotJson".to_owned(),
    }
}

/// The default response: status, content type and body, as literals.
fn sample(model: &Model, operation: &Operation, samples: &Samples<'_>) -> (u16, String, String) {
    let statuses = operation.statuses.iter();
    let mut statuses = statuses.filter_map(|(status, _)| status.parse::<u16>().ok());
    let status = statuses
        .find(|status| (200..300).contains(status))
        .unwrap_or(200);
    // If there are several bodies, the first is used, with its status.
    let named = match &operation.success {
        Success::Json(lowered) => descriptions::type_of(model, lowered),
        _ => None,
    };
    let named = named.and_then(|definition| {
        let mut statuses = definition.statuses.iter();
        statuses.find(|status| status.branch == Some(0))
    });
    let status = named.map_or(status, |named| named.status.parse().unwrap_or(200));
    let with_body = if status == 204 { 200 } else { status };
    match &operation.success {
        Success::Empty => (status, literal(""), literal("")),
        Success::Json(lowered) | Success::OptionalJson(lowered) => {
            // A sample page has no link or cursor to a next page; otherwise listing would not end.
            let every_member = operation.paging.is_none();
            // If no value of the type is finite, a test has to supply one.
            let body = samples.value(lowered, every_member).unwrap_or_default();
            (
                with_body,
                literal("application/json"),
                raw_literal(&body.to_string()),
            )
        }
        // The clause of the stream contains its samples.
        Success::Stream => (with_body, literal(""), literal("")),
        Success::Text => (with_body, literal("text/plain"), literal("text")),
        Success::Bytes => (
            with_body,
            literal("application/octet-stream"),
            literal("bytes"),
        ),
    }
}

/// The clause for the stream that an operation always or optionally responds with.
fn streams(stream: &Stream, samples: &Samples<'_>) -> String {
    let (form, content_type) = match stream.form {
        StreamForm::JsonEvents => ("JsonEvents", "text/event-stream"),
        StreamForm::TextEvents => ("TextEvents", "text/event-stream"),
        StreamForm::WholeEvents => ("WholeEvents", "text/event-stream"),
        StreamForm::JsonLines => ("JsonLines", stream.content_type.as_str()),
    };
    let item = match stream.form {
        StreamForm::TextEvents => Some(Value::from("text")),
        _ => samples.value(&stream.item, true),
    };
    let item = item.map_or_else(|| literal(""), |item| raw_literal(&item.to_string()));
    format!(
        "streams {form} {} {item} as {};",
        literal(content_type),
        RustType::of(&stream.item).written("types::")
    )
}

/// The names of the query parameters for credentials.
fn kinds(authentication: &Authentication) -> Vec<&Authentication> {
    match authentication {
        Authentication::Several(schemes) => schemes.iter().map(|scheme| &scheme.kind).collect(),
        kind => vec![kind],
    }
}

/// The paths of all token endpoints in the document.
fn token_paths(kinds: &[&Authentication]) -> Vec<String> {
    let endpoints = kinds.iter().filter_map(|kind| match kind {
        Authentication::OAuth2(endpoint) => Some(endpoint),
        _ => None,
    });
    let mut paths: Vec<String> = Vec::new();
    for endpoint in endpoints {
        let rest = endpoint.token_url.split_once("://").map(|(_, rest)| rest);
        let elsewhere = rest.and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned()));
        let known = [&endpoint.token_path, &endpoint.refresh_path, &elsewhere];
        for path in known.into_iter().flatten() {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let path = literal(path);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// Whether the fields of an object become query parameters with their own names.
fn has_open_query(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| {
        let kind = parameter.lowered.get("type").and_then(Value::as_str);
        let scalar = matches!(
            kind,
            Some("string" | "integer" | "number" | "boolean" | "array")
        );
        parameter.location == ParameterLocation::Query && parameter.style == Style::Form && !scalar
    })
}

/// The type of the body, if it is JSON.
fn body_type(operation: &Operation) -> Option<String> {
    let body = operation.body.as_ref()?;
    (body.encoding == Encoding::Json).then(|| RustType::of(&body.lowered).written("types::"))
}
