//! Calls by name: describes the operations and the environment variables as a document.

mod columns;
mod example;
mod members;
mod plain;
mod shape;
mod words;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::Options;
use specmill_model::Model;
use specmill_model::{
    Body, Encoding, Idempotency, Operation, Parameter, ParameterLocation, Stream, StreamFlag,
    StreamForm, Success,
};
use specmill_openapi::diagnostic::Result;

use self::shape::{Shape, Types};
use self::words::Words;
use super::source::{Source, literal};
use super::{descriptions, fields, operations, variables};

/// The file of the `dynamic` module.
pub(super) fn file(options: &Options, model: &Model) -> String {
    let mut source = Source::new(
        options,
        "Calls operations by name, with a description of each.\n\nSee [`specmill_client::dynamic`].",
    );
    source.push(
        "\nuse specmill_client::dynamic::{Api, Operations, Role, Variable};\n\nuse crate::client;\n\n\
         /// The API, for programs that choose operations at run time.\npub static API: Api = Api {\n    \
         api: &client::API,\n",
    );
    let settings = options;
    for (name, value) in [
        ("feature", &settings.feature),
        ("module", &settings.module),
        ("environment", &settings.environment),
    ] {
        source.line(1, &format!("{name}: {},", literal(value)));
    }
    source.line(1, "variables: &[");
    for variable in fields::variables(options, model) {
        let role = match variable.role {
            variables::Role::Address => "Address",
            variables::Role::AddressPart => "AddressPart",
            variables::Role::Credential => "Credential",
            variables::Role::TokenUrl => "TokenUrl",
            variables::Role::Other => "Other",
        };
        let values: Vec<String> = variable.values.iter().map(|value| literal(value)).collect();
        source.line(2, "Variable {");
        source.line(3, &format!("name: {},", literal(&variable.name)));
        let own = variable.own.as_deref().map(literal);
        let own = own.map_or_else(|| "None".to_owned(), |own| format!("Some({own})"));
        source.line(3, &format!("own: {own},"));
        source.line(
            3,
            &format!(
                "description: {},",
                literal(&plain::line(&variable.description))
            ),
        );
        source.line(3, &format!("role: Role::{role},"));
        source.line(3, &format!("secret: {},", variable.secret));
        source.line(3, &format!("required: {},", variable.required));
        let instead = variable.instead.iter();
        let instead: Vec<String> = instead.map(|name| literal(name)).collect();
        source.line(3, &format!("instead: &[{}],", instead.join(", ")));
        source.line(3, &format!("values: &[{}],", values.join(", ")));
        source.line(2, "},");
    }
    source.line(1, "],");
    source.line(
        1,
        "operations: Operations::from_json(include_str!(\"dynamic.json\")),",
    );
    source.line(
        1,
        "transport: |variables| Ok(client::read(variables)?.transport),",
    );
    source.line(0, "};");
    source.finish()
}

/// The document that the module reads: an operation on each line.
///
/// # Errors
/// The words in the options are invalid.
pub(super) fn data(options: &Options, model: &Model) -> Result<String> {
    let types = Types::of(model);
    let commands = words::of(options, &model.operations)?;
    let groups = groups(&model.operations, &commands);
    let operations = model.operations.iter().zip(&commands);
    let lines: Vec<String> = operations
        .map(|(one, words)| operation(model, one, words, &groups, &types).to_string())
        .collect();
    let mark = format!(
        "{} from specs/{}/openapi.json. Do not edit.",
        options.mark, options.name
    );
    Ok(format!(
        "{{\n\"generated\": {},\n\"api\": {},\n\"operations\": [\n{}\n]\n}}\n",
        Value::from(mark),
        Value::from(options.name.as_str()),
        lines.join(",\n")
    ))
}

/// The description of each group: that of its first tag with a description.
fn groups<'m>(operations: &'m [Operation], commands: &'m [Words]) -> BTreeMap<&'m str, String> {
    let mut groups = BTreeMap::new();
    for (operation, words) in operations.iter().zip(commands) {
        let described = operation.tag_description.as_deref().map(plain::sentence);
        if let Some(described) = described.filter(|one| !one.is_empty()) {
            groups.entry(words.group.as_str()).or_insert(described);
        }
    }
    groups
}

/// An object. `null`, `false` and empty values are omitted, since they are the defaults of its reader.
fn object<const COUNT: usize>(members: [(&str, Value); COUNT]) -> Map<String, Value> {
    let told = members.into_iter().filter(|(_, value)| match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    });
    told.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn operation(
    model: &Model,
    operation: &Operation,
    words: &Words,
    groups: &BTreeMap<&str, String>,
    types: &Types<'_>,
) -> Value {
    let Words { group, verb } = words;
    let one_line = |text: &Option<String>| text.as_deref().map(plain::line).unwrap_or_default();
    let description = operation.description.as_deref().map(plain::paragraphs);
    let parameters = operation.parameters.iter();
    let parameters: Vec<Value> = parameters
        .map(|one| parameter(operation, one, types))
        .collect();
    let mut told = object([
        ("id", json!(operation.id)),
        ("method", json!(operation.method)),
        ("path", json!(operation.path)),
        ("group", json!(group)),
        ("group_description", json!(groups.get(group.as_str()))),
        ("verb", json!(verb)),
        ("summary", json!(one_line(&operation.summary))),
        ("description", json!(description)),
        ("deprecated", json!(operation.deprecated)),
        ("parameters", json!(parameters)),
        (
            "body",
            json!(operation.body.as_ref().map(|one| body(one, types))),
        ),
        ("paging", json!(paging(model, operation))),
        ("permission", json!(operation.permission)),
        ("security", json!(operation.security)),
        ("server", json!(operation.server)),
        ("accept", json!(operation.accept)),
        (
            "idempotency",
            match &operation.idempotency {
                Idempotency::ByMethod => Value::Null,
                Idempotency::Always => json!("always"),
                Idempotency::Key { header } => json!({ "key": { "header": header } }),
            },
        ),
        ("success", success(operation, types)),
        ("stream", json!(operation.stream.as_ref().map(stream))),
    ]);
    told.insert("authenticated".to_owned(), json!(operation.authenticated));
    Value::Object(told)
}

fn body(body: &Body, types: &Types<'_>) -> Value {
    let (encoding, members) = match body.encoding {
        Encoding::Json => ("Json", true),
        Encoding::Form => ("Form", true),
        Encoding::FormBrackets => ("FormBrackets", true),
        Encoding::Text => ("Text", false),
        Encoding::Bytes | Encoding::BytesOfType => ("Bytes", false),
    };
    let members = if members {
        members::of(&body.lowered, body.required, types)
    } else {
        Vec::new()
    };
    let mut told = json!({
        "content_type": body.content_type, "encoding": encoding, "required": body.required, "members": members
    });
    if !body.styles.is_empty() {
        let styles = body.styles.iter();
        let styles: Vec<Value> = styles
            .map(|(name, style)| json!([name, format!("{style:?}")]))
            .collect();
        told["styles"] = json!(styles);
    }
    told
}

fn parameter(operation: &Operation, parameter: &Parameter, types: &Types<'_>) -> Value {
    let location = match parameter.location {
        ParameterLocation::Path => "Path",
        ParameterLocation::Query => "Query",
        ParameterLocation::Header => "Header",
        ParameterLocation::Cookie => "Cookie",
    };
    let words = words::kebab(&parameter.name, &parameter.identifier);
    let shape = types.shape(&parameter.lowered);
    let description = descriptions::of_parameter(operation, parameter);
    let mut told = object([
        ("required", json!(parameter.required)),
        (
            "bounds",
            Value::Object(operations::bounds(&parameter.schema)),
        ),
        (
            "default",
            json!(parameter.schema.get("default").map(Value::to_string)),
        ),
    ]);
    told.insert("name".to_owned(), json!(parameter.name));
    told.insert("location".to_owned(), json!(location));
    told.insert("style".to_owned(), json!(format!("{:?}", parameter.style)));
    if parameter.allow_reserved {
        told.insert("allow_reserved".to_owned(), json!(true));
    }
    told.append(&mut value(
        &words,
        &shape,
        parameter.example.as_ref(),
        description.as_deref(),
    ));
    Value::Object(told)
}

/// The description of a parameter, or of a property of a body, for users.
fn value(
    words: &str,
    shape: &Shape,
    example: Option<&Value>,
    description: Option<&str>,
) -> Map<String, Value> {
    let mut told = object([
        ("repeats", json!(shape.repeats)),
        ("values", json!(shape.values)),
        ("example", json!(example::argument(example, shape))),
        ("description", json!(description.map(plain::line))),
    ]);
    told.insert("words".to_owned(), json!(words));
    told.insert("kind".to_owned(), json!(format!("{:?}", shape.kind)));
    told
}

fn paging(model: &Model, operation: &Operation) -> Option<Value> {
    let (kind, fields) = operations::paging_table(model, operation)?;
    let mut told = Map::new();
    told.insert("kind".to_owned(), json!(kind));
    told.extend(
        fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Some(Value::Object(told))
}

fn success(operation: &Operation, types: &Types<'_>) -> Value {
    let (body, optional) = match &operation.success {
        Success::Empty => return json!("empty"),
        Success::Text => return json!("text"),
        Success::Bytes => return json!("bytes"),
        Success::Stream => return json!("stream"),
        Success::Json(body) => (body, false),
        Success::OptionalJson(body) => (body, true),
    };
    let found = columns::of(body, operation.paging.as_ref(), types);
    json!({ "json": object([
        ("optional", json!(optional)), ("rows", json!(found.rows)), ("columns", json!(found.columns))
    ]) })
}

fn stream(stream: &Stream) -> Value {
    let kind = match stream.form {
        StreamForm::JsonEvents => json!({ "events": "Json" }),
        StreamForm::TextEvents => json!({ "events": "Text" }),
        StreamForm::WholeEvents => json!({ "events": "Envelope" }),
        StreamForm::JsonLines => json!({ "lines": stream.content_type }),
    };
    let flag = stream.flag.as_ref().map(|flag| match flag {
        StreamFlag::Body(name) => json!({ "body": name }),
        StreamFlag::Query(name) => json!({ "query": name }),
    });
    Value::Object(object([("kind", kind), ("flag", json!(flag))]))
}
