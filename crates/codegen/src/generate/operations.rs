//! The files with the operations: a declaration for each, by tag.

use serde_json::{Map, Value, json};

use crate::Options;
use specmill_model::Model;
use specmill_model::steps;
use specmill_model::{
    Body, Encoding, Idempotency, Operation, Paging, Parameter, ParameterLocation, Stream,
    StreamFlag, StreamForm, Style, Success,
};
use specmill_openapi::{markdown, names};

use super::examples::Examples;
use super::operation_names::{form_name, headers_name, request_name};
use super::rust_types::RustType;
use super::source::{Source, literal};
use super::statuses::{self, Statuses};
use super::tag_features::TagFeatures;
use super::{by_tag, descriptions, documentation, forms, prose, response_headers};

/// The files of the `operations` module.
pub(super) fn files(
    options: &Options,
    model: &Model,
    examples: &Examples<'_>,
    file: &mut dyn FnMut(String, String),
) {
    let statuses = Statuses::of(model);
    let tags = by_tag(model);
    let mut docs = String::from(
        "The requests of each operation: set the parameters, then `send()`.\n\nNothing is sent before that; an \
         invalid argument makes the call fail.",
    );
    let common = statuses.common();
    if !common.is_empty() {
        docs += "\n\n# Errors of many operations\n";
        for line in common {
            docs += &format!("\n- {line}");
        }
    }
    let mut root = Source::new(options, &docs);
    let features = TagFeatures::of(model);
    for declares in [true, false] {
        root.blank();
        for tag in tags.keys() {
            if let Some(condition) = features.condition([*tag]) {
                root.line(0, &condition);
            }
            root.line(
                0,
                &if declares {
                    names::module_declaration("operations", tag)
                } else {
                    format!("pub use {tag}::*;")
                },
            );
        }
    }
    file("operations.rs".to_owned(), root.finish());
    for (tag, operations) in tags {
        let mut source = Source::new(
            options,
            &format!("Operations of {}: `{tag}`.", options.title),
        );
        let has_form = |operation: &&Operation| {
            operation
                .body
                .as_ref()
                .is_some_and(|body| !body.form.is_empty())
        };
        let mut macros = vec!["operation"];
        if operations.iter().any(has_form) {
            macros.insert(0, "form");
        }
        if operations.iter().any(|one| !one.headers.is_empty()) {
            macros.push("response_headers");
        }
        let macros = match &macros[..] {
            [one] => (*one).to_owned(),
            several => format!("{{{}}}", several.join(", ")),
        };
        source.push(&format!("\nuse specmill_client::{macros};\n"));
        source.push(
            "\nuse crate::Client;\n\
             #[allow(unused_imports, reason = \"not every operation has types\")]\nuse crate::types;\n",
        );
        for operation in operations {
            source.blank();
            declare(options, model, operation, examples, &statuses, &mut source);
        }
        file(format!("operations/{tag}.rs"), source.finish());
    }
}

fn declare(
    options: &Options,
    model: &Model,
    operation: &Operation,
    examples: &Examples<'_>,
    statuses: &Statuses<'_>,
    source: &mut Source,
) {
    if let Some(body) = operation.body.as_ref().filter(|body| !body.form.is_empty()) {
        forms::declare(model, operation, &body.form, source);
        source.blank();
    }
    if !operation.headers.is_empty() {
        response_headers::declare(model, operation, source);
        source.blank();
    }
    source.line(0, "operation! {");
    source.docs(1, &docs(options, model, operation, examples, statuses));
    if operation.deprecated {
        source.line(
            1,
            "#[deprecated = \"the vendor advises against this operation\"]",
        );
    }
    let head = format!(
        "fn {} -> {} = {} {}",
        operation.id,
        request_name(operation),
        operation.method,
        literal(&operation.path)
    );
    if operation.parameters.is_empty() {
        source.line(1, &format!("{head} {{}}"));
    } else {
        source.line(1, &format!("{head} {{"));
        for parameter in &operation.parameters {
            declare_parameter(operation, parameter, source);
        }
        source.line(1, "}");
    }
    if !operation.authenticated {
        source.line(1, "authenticated false;");
    }
    if !operation.security.is_empty() && operation.authenticated {
        let alternatives = operation.security.iter().map(|names| {
            let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
            format!("[{}]", names.join(", "))
        });
        let alternatives: Vec<String> = alternatives.collect();
        source.line(1, &format!("security [{}];", alternatives.join(", ")));
    }
    if let Some(server) = &operation.server {
        source.line(1, &format!("server {};", literal(server)));
    }
    if let Some(accept) = &operation.accept {
        source.line(1, &format!("accept {};", literal(accept)));
    }
    if let Some(permission) = &operation.permission {
        source.line(1, &format!("permission {};", literal(permission)));
    }
    match &operation.idempotency {
        Idempotency::ByMethod => {}
        Idempotency::Always => source.line(1, "idempotency Always;"),
        Idempotency::Key { header } => {
            let header = literal(header);
            source.line(1, &format!("idempotency Key {{ header: {header} }};"));
        }
    }
    if let Some(paging) = paging(model, operation) {
        source.line(1, &paging);
    }
    if let Some(body) = &operation.body {
        declare_body(model, operation, body, source);
    }
    let response = response(model, &operation.success);
    let successes = statuses::successes(operation);
    if successes.len() > 1 {
        source.line(1, "response {");
        let successes: Vec<String> = successes
            .iter()
            .map(|status| format!("- {status}"))
            .collect();
        let told = format!(
            "\nThe status distinguishes the successes:\n{}",
            successes.join("\n")
        );
        source.line(2, "///");
        source.docs(2, &told);
        source.line(2, &response);
        source.line(1, "}");
    } else {
        source.line(1, &format!("response {{ {response} }}"));
    }
    if let Some(stream) = &operation.stream {
        source.line(1, &self::stream(stream));
    }
    source.line(0, "}");
}

fn docs(
    options: &Options,
    model: &Model,
    operation: &Operation,
    examples: &Examples<'_>,
    statuses: &Statuses<'_>,
) -> String {
    let mut text = documentation::operation(operation);
    let arguments: Vec<String> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterLocation::Path)
        .filter_map(|parameter| {
            let facts = documentation::parameter(operation, parameter);
            let facts: Vec<&str> = facts.split_whitespace().collect();
            (!facts.is_empty())
                .then(|| format!("- `{}`: {}", parameter.identifier, facts.join(" ")))
        })
        .collect();
    if !arguments.is_empty() {
        text += &format!("\n\n# Arguments\n\n{}", arguments.join("\n"));
    }
    if !operation.skipped_parameters.is_empty() {
        text += "\n\n# Skipped parameters\n";
        for (which, reason) in &operation.skipped_parameters {
            text += &format!(
                "\n- {}: {}",
                markdown::escape(which),
                markdown::escape(reason)
            );
        }
    }
    let errors = statuses.errors(operation);
    if !errors.is_empty() {
        text += "\n\n# Errors of the service\n";
        for error in errors {
            text += &format!("\n- {error}");
        }
    }
    let bodies = error_bodies(operation);
    if !bodies.is_empty() {
        text += &format!(
            "\n\nTheir bodies, which [`decode_body`](specmill_client::Error::decode_body) of the error reads, are {}.",
            bodies.join(" or ")
        );
    }
    if !operation.headers.is_empty() {
        let name = headers_name(model, operation);
        let headers = operation.headers.iter();
        let headers: Vec<String> = headers.map(|one| format!("`{}`", one.name)).collect();
        text += &format!(
            "\n\n# Headers of the response\n\n[`{name}`](crate::operations::{name}) reads those that are declared: {}.",
            headers.join(", ")
        );
    }
    let example = examples.no_run(&options.crate_name(), operation);
    text + &format!("\n\n# Example\n\n{example}")
}

/// Links to the error types that an operation declares.
fn error_bodies(operation: &Operation) -> Vec<String> {
    let mut bodies = Vec::new();
    for error in &operation.errors {
        if let RustType::Named(name) = RustType::of(error).value() {
            let link = format!("[`{name}`](crate::types::{name})");
            if !bodies.contains(&link) {
                bodies.push(link);
            }
        }
    }
    bodies
}

fn declare_parameter(operation: &Operation, parameter: &Parameter, source: &mut Source) {
    let kind = RustType::of(&parameter.lowered).value();
    let in_path = parameter.location == ParameterLocation::Path;
    let (word, value) = match kind {
        RustType::List(item) if in_path => ("path_list", *item),
        kind if in_path => ("path", kind),
        kind => {
            let held = kind.held(parameter.required);
            (held.word(), held.value)
        }
    };
    // Path parameters are arguments of the method, whose documentation describes them.
    if !in_path {
        source.docs(2, &documentation::parameter(operation, parameter));
    }
    let (location, usual) = match parameter.location {
        ParameterLocation::Path => ("Path", Style::Simple),
        ParameterLocation::Query => ("Query", Style::Form),
        ParameterLocation::Header => ("Header", Style::Simple),
        ParameterLocation::Cookie => ("Cookie", Style::Form),
    };
    let style = if parameter.style == usual {
        String::new()
    } else {
        format!(" as {:?}", parameter.style)
    };
    let reserved = if parameter.allow_reserved {
        " allow reserved"
    } else {
        ""
    };
    let bounds: Vec<String> = bounds(&parameter.schema)
        .iter()
        .map(|(name, bound)| match bound {
            Value::Number(number) => format!("{name}: Some({number})"),
            flag => format!("{name}: {flag}"),
        })
        .collect();
    let bounds = if bounds.is_empty() {
        String::new()
    } else {
        format!(" {{ {} }}", bounds.join(", "))
    };
    source.line(
        2,
        &format!(
            "{}: {word} {}, in {location} {}{style}{reserved}{bounds};",
            parameter.identifier,
            value.written("types::"),
            literal(&parameter.name)
        ),
    );
}

/// The bounds of a parameter, by their names in the runtime.
pub(super) fn bounds(schema: &Value) -> Map<String, Value> {
    let mut set = Map::new();
    for name in ["minimum", "maximum"] {
        if let Some(bound) = schema.get(name).and_then(Value::as_f64) {
            set.insert(name.to_owned(), json!(bound));
        }
    }
    for (name, keyword) in [
        ("exclusive_minimum", "exclusiveMinimum"),
        ("exclusive_maximum", "exclusiveMaximum"),
    ] {
        if schema.get(keyword) == Some(&Value::Bool(true)) {
            set.insert(name.to_owned(), json!(true));
        }
    }
    for (name, keyword) in [
        ("min_length", "minLength"),
        ("max_length", "maxLength"),
        ("min_items", "minItems"),
        ("max_items", "maxItems"),
    ] {
        if let Some(count) = schema.get(keyword).and_then(Value::as_u64) {
            set.insert(name.to_owned(), json!(count));
        }
    }
    set
}

/// Whether the field with the items of a page is required.
pub(super) fn items_are_required(model: &Model, operation: &Operation, items: &str) -> bool {
    let Success::Json(body) = &operation.success else {
        return false;
    };
    let mut steps = steps(items).into_iter();
    let Some(first) = steps.next() else {
        return true;
    };
    let page = descriptions::type_of(model, body);
    let required = page.and_then(|page| page.lowered.get("required")?.as_array());
    // A nested field may be absent together with its parent.
    steps.next().is_none() && required.is_some_and(|names| names.iter().any(|name| *name == first))
}

/// The paging of a list, by its names in the runtime: the kind, and its fields with their values as JSON.
pub(super) fn paging_table(
    model: &Model,
    operation: &Operation,
) -> Option<(&'static str, Vec<(&'static str, Value)>)> {
    let paging = operation.paging.as_ref()?;
    let (kind, mut fields) = match paging {
        Paging::Cursor {
            parameter,
            next,
            more,
            ..
        } => (
            "Cursor",
            vec![
                ("parameter", json!(parameter)),
                ("next", json!(next)),
                ("more", json!(more)),
            ],
        ),
        Paging::HeaderCursor {
            parameter, header, ..
        } => (
            "HeaderCursor",
            vec![("parameter", json!(parameter)), ("header", json!(header))],
        ),
        Paging::BodyCursor {
            field, next, more, ..
        } => (
            "BodyCursor",
            vec![
                ("field", json!(field)),
                ("next", json!(next)),
                ("more", json!(more)),
            ],
        ),
        Paging::LastItem {
            parameter,
            id,
            more,
            ..
        } => (
            "LastItem",
            vec![
                ("parameter", json!(parameter)),
                ("id", json!(id)),
                ("more", json!(more)),
            ],
        ),
        Paging::Link { next, .. } => ("Link", vec![("next", json!(next))]),
        Paging::Numbered {
            parameter,
            by_items,
            first,
            size,
            default_size,
            more,
            ..
        } => (
            if *by_items { "Offset" } else { "PageNumber" },
            vec![
                ("parameter", json!(parameter)),
                ("first", json!(first)),
                ("size_parameter", json!(size)),
                ("default_size", json!(default_size.unwrap_or_default())),
                ("more", json!(more)),
            ],
        ),
    };
    let items = paging.items();
    fields.push(("items", json!(items)));
    fields.push((
        "items_required",
        json!(items_are_required(model, operation, items)),
    ));
    Some((kind, fields))
}

/// The paging clause of a list; `None` for other operations.
fn paging(model: &Model, operation: &Operation) -> Option<String> {
    let Success::Json(body) = &operation.success else {
        return None;
    };
    let (kind, fields) = paging_table(model, operation)?;
    let optional = |kind: &str, name: &str| {
        matches!(
            (kind, name),
            (_, "size_parameter")
                | ("Link", "next")
                | ("Cursor" | "BodyCursor" | "PageNumber" | "Offset", "more")
        )
    };
    let text = |value: &Value| match value {
        Value::String(text) => literal(text),
        other => other.to_string(),
    };
    let get = |name: &str| {
        fields
            .iter()
            .find(|(one, _)| *one == name)
            .map(|(_, value)| value)
    };
    let mut written: Vec<String> = fields
        .iter()
        .filter(|(name, _)| !name.starts_with("items"))
        .map(|(name, value)| match value {
            Value::Null => format!("{name}: None"),
            value if optional(kind, name) => format!("{name}: Some({})", text(value)),
            value => format!("{name}: {}", text(value)),
        })
        .collect();
    written.push(format!(
        "items: Items {{ field: {}, required: {} }}",
        get("items").map(text).unwrap_or_default(),
        get("items_required").map(text).unwrap_or_default()
    ));
    let page = RustType::of(body).written("types::");
    Some(format!(
        "paging {kind} of {page} {{ {} }}",
        written.join(", ")
    ))
}

fn declare_body(model: &Model, operation: &Operation, body: &Body, source: &mut Source) {
    let mut docs: Vec<String> = body
        .description
        .as_deref()
        .map(prose::description)
        .into_iter()
        .collect();
    let (encoding, kind) = match body.encoding {
        Encoding::BytesOfType if !body.form.is_empty() => {
            ("Bytes", format!("form {}", form_name(model, operation)))
        }
        Encoding::BytesOfType => {
            let boundary = if body.content_type.starts_with("multipart/") {
                ", with the boundary of the parts"
            } else {
                ""
            };
            docs.push(format!(
                "`content_type` is `{}`{boundary}.",
                body.content_type.replace('`', "'")
            ));
            (
                "Bytes",
                "typed_bytes specmill_client::BodySource".to_owned(),
            )
        }
        Encoding::Bytes => ("Bytes", "bytes specmill_client::BodySource".to_owned()),
        encoding => {
            let kind = match RustType::of(&body.lowered).value() {
                RustType::List(item) => format!("list {}", item.written("types::")),
                kind => format!("value {}", kind.written("types::")),
            };
            let encoding = match encoding {
                Encoding::Form => "Form",
                Encoding::FormBrackets => "FormBrackets",
                Encoding::Text => "Text",
                _ => "Json",
            };
            (encoding, kind)
        }
    };
    if body.required {
        docs.push("Required.".to_owned());
    }
    if body.description.is_none() {
        docs.insert(0, "The request's body.".to_owned());
    }
    let need = if body.required {
        "required"
    } else {
        "optional"
    };
    let styles = body.styles.iter();
    let styles: Vec<String> = styles
        .map(|(name, style)| format!("{} as {style:?}", literal(name)))
        .collect();
    let styles = if styles.is_empty() {
        String::new()
    } else {
        format!(" {{ {} }}", styles.join(", "))
    };
    source.line(1, "body {");
    source.docs(2, &docs.join("\n\n"));
    source.line(
        2,
        &format!(
            "{kind}, as {encoding}{styles} {} {need}",
            literal(&body.content_type)
        ),
    );
    source.line(1, "}");
}

/// The success of an operation.
fn response(model: &Model, success: &Success) -> String {
    let written = |body| RustType::of(body).written("types::");
    let by_status = |body| {
        descriptions::type_of(model, body).is_some_and(|definition| !definition.statuses.is_empty())
    };
    match success {
        Success::Empty => "empty".to_owned(),
        Success::Json(body) if by_status(body) => format!("by_status {}", written(body)),
        Success::Json(body) => format!("json {}", written(body)),
        Success::OptionalJson(body) => format!("optional_json {}", written(body)),
        Success::Text => "text".to_owned(),
        Success::Bytes => "bytes".to_owned(),
        Success::Stream => "stream".to_owned(),
    }
}

/// The stream that a success is or can be.
fn stream(stream: &Stream) -> String {
    let kind = match stream.form {
        StreamForm::JsonEvents => "events Json".to_owned(),
        StreamForm::TextEvents => "events Text".to_owned(),
        StreamForm::WholeEvents => "events Envelope".to_owned(),
        StreamForm::JsonLines => format!("lines {}", literal(&stream.content_type)),
    };
    let item = RustType::of(&stream.item).written("types::");
    let flag = match &stream.flag {
        None => String::new(),
        Some(StreamFlag::Body(name)) => format!(", flag Body {}", literal(name)),
        Some(StreamFlag::Query(name)) => format!(", flag Query {}", literal(name)),
    };
    format!("stream {{ {kind} as {item}{flag} }}")
}
