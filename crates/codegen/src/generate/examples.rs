//! Programs that call an operation with its required arguments, for doc comments and the reference.

use serde_json::Value;

use specmill_model::Model;
use specmill_model::{
    Body, Encoding, FormPart, Operation, Parameter, ParameterLocation, PartKind, StreamForm,
    Success, TypeDefinition,
};
use specmill_samples::{Samples, sample_content_type, within};

use super::descriptions;
use super::enumerations::named_values;
use super::object_fields::fields;
use super::operation_names::form_name;
use super::progenitor::Types;
use super::program::{Chain, Code};
use super::rust_types::RustType;
use super::source::{indented, literal, whole_number};

/// A program that reads a stream.
fn stream(call: Chain, operation: &Operation, method: &str) -> String {
    let lines = operation.stream.as_ref().map(|stream| stream.form) == Some(StreamForm::JsonLines);
    let (all, one) = if lines {
        ("lines", "line")
    } else {
        ("events", "event")
    };
    let sent = Code::Chain(call.send_by(method, Vec::new()));
    let sent = sent.print(0, &format!("let mut {all} = "), ";");
    format!(
        "{sent}\nwhile let Some({one}) = {all}.try_next().await? {{\n    println!(\"{{{one}:?}}\");\n}}\n"
    )
}

/// The maximum nesting of values in an example.
const DEEPEST: usize = 8;

/// Writes examples for the operations of an API.
pub(super) struct Examples<'a> {
    model: &'a Model,
    types: &'a Types,
    samples: Samples<'a>,
}

impl<'a> Examples<'a> {
    pub(super) fn new(model: &'a Model, types: &'a Types) -> Self {
        Self {
            model,
            types,
            samples: Samples::for_people(model),
        }
    }

    /// A block of code that is compiled but not run. `path` is the path of the API's crate or module.
    pub(super) fn no_run(&self, path: &str, operation: &Operation) -> String {
        let program = self.program(path, operation);
        let deprecated = deprecated(operation);
        format!(
            "```no_run\n{deprecated}# async fn example(client: {path}::Client) -> Result<(), \
             Box<dyn std::error::Error>> {{\n{program}# Ok(())\n# }}\n```"
        )
    }

    /// The function around the program: a test if the sandbox serves the API, otherwise only compiled.
    pub(super) fn function(&self, path: &str, operation: &Operation, sandbox: bool) -> String {
        let program = self.program(path, operation);
        let outcome = "Result<(), Box<dyn std::error::Error>>";
        if sandbox {
            let client = indented(&format!(
                "let sandbox = specmill_sandbox::Sandbox::start().await?;\nlet client = \
                 {path}::Client::from_variables(sandbox.environment())?;\nif specmill_sandbox::Operation::at({:?}, \
                 {:?}).is_none() {{\n    return Ok(());\n}}\n",
                operation.method, operation.path
            ));
            format!(
                "\n#[tokio::test]\nasync fn {}() -> {outcome} {{\n{client}{}    Ok(())\n}}\n",
                operation.id,
                indented(&program)
            )
        } else {
            format!(
                "\nasync fn {}(client: {path}::Client) -> {outcome} {{\n{}    Ok(())\n}}\n",
                operation.id,
                indented(&program)
            )
        }
    }

    /// The program, in lines that end with a line break.
    pub(super) fn program(&self, path: &str, operation: &Operation) -> String {
        let call = self.call(operation);
        let paged = operation.paging.is_some() && matches!(operation.success, Success::Json(_));
        let statements = if paged {
            let stream = call.call("stream", Vec::new());
            let stream = Code::Chain(stream).print(0, "let mut items = ", ";");
            format!(
                "{stream}\nwhile let Some(item) = items.try_next().await? {{\n    println!(\"{{item:?}}\");\n}}\n"
            )
        } else if operation.success == Success::Stream {
            stream(call, operation, "send")
        } else if operation.success == Success::Bytes {
            let path = vec![Code::Text("\"download\"".to_owned())];
            let saved = Code::Chain(call.send_by("send_to_file", path));
            let saved = saved.print(0, "let saved = ", ";");
            format!("{saved}\nprintln!(\"{{}} bytes\", saved.body());\n")
        } else if operation.success == Success::Empty {
            Code::Chain(call.send()).print(0, "", ";\n")
        } else {
            let sent = Code::Chain(call.send()).print(0, "let response = ", ";");
            format!("{sent}\nprintln!(\"{{response:?}}\");\n")
        };
        let statements = match &operation.stream {
            Some(other) if operation.success != Success::Stream => {
                let method = match other.form {
                    StreamForm::JsonLines => "send_lines",
                    _ => "send_events",
                };
                let streamed = stream(self.call(operation), operation, method);
                format!("{statements}\n// As a stream:\n{streamed}")
            }
            _ => statements,
        };
        let statements = if statements.contains("operations::") {
            format!("use {path}::operations;\n\n{statements}")
        } else {
            statements
        };
        if statements.contains("types::") {
            format!("use {path}::types;\n\n{statements}")
        } else {
            statements
        }
    }

    fn call(&self, operation: &Operation) -> Chain {
        let (in_path, others): (Vec<_>, Vec<_>) = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .partition(|parameter| parameter.location == ParameterLocation::Path);
        let arguments = in_path.iter().map(|one| self.parameter(one)).collect();
        let mut call = Chain::new("client").call(&operation.id, arguments);
        for parameter in others {
            call = call.call(&parameter.identifier, vec![self.parameter(parameter)]);
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            call = if body.form.is_empty() {
                call.call("body", self.body(body))
            } else {
                call.call("body", vec![self.form(operation, &body.form)])
            };
        }
        call
    }

    /// A form with the required parts.
    fn form(&self, operation: &Operation, parts: &[FormPart]) -> Code {
        let name = form_name(self.model, operation);
        let mut form = Chain::new(format!("operations::{name}::new()"));
        for part in parts.iter().filter(|part| part.required) {
            let value = if part.kind == PartKind::File {
                Code::Text("\"…\".as_bytes()".to_owned())
            } else {
                // A required part whose schema has no finite value is `null` in the example.
                let value = self.samples.value(&part.lowered, false).unwrap_or_default();
                self.argument_or_json(&RustType::of(&part.lowered).value(), &value)
            };
            let value = if part.many {
                Code::Array(vec![value])
            } else {
                value
            };
            form = form.call(&part.identifier, vec![value]);
        }
        Code::Chain(form)
    }

    fn parameter(&self, parameter: &Parameter) -> Code {
        let value = parameter.example.clone().unwrap_or_else(|| {
            let value = self.samples.value(&parameter.lowered, false);
            within(value.unwrap_or_default(), &parameter.schema)
        });
        self.argument_or_json(&RustType::of(&parameter.lowered).value(), &value)
    }

    fn body(&self, body: &Body) -> Vec<Code> {
        let dots = Code::Text("\"…\"".to_owned());
        match body.encoding {
            Encoding::BytesOfType => {
                let content_type = sample_content_type(&body.content_type);
                vec![Code::Text(literal(&content_type)), dots]
            }
            Encoding::Bytes | Encoding::Text => vec![dots],
            Encoding::Json | Encoding::Form | Encoding::FormBrackets => {
                let value = body.example.clone();
                let value = value.or_else(|| self.samples.value(&body.lowered, false));
                // A type without a finite value is shown as `null`.
                let value = value.unwrap_or_default();
                vec![self.argument_or_json(&RustType::of(&body.lowered).value(), &value)]
            }
        }
    }

    /// A value as the argument of a setter for the type.
    fn argument_or_json(&self, kind: &RustType, value: &Value) -> Code {
        self.argument(kind, value, DEEPEST).unwrap_or_else(|| {
            let kind = kind.written("types::");
            Code::Text(format!(
                "serde_json::from_value::<{kind}>({})?",
                json(value)
            ))
        })
    }

    /// A value as an expression of the type; `None` if the value does not match it.
    fn argument(&self, kind: &RustType, value: &Value, depth: usize) -> Option<Code> {
        let depth = depth.checked_sub(1)?;
        match kind {
            RustType::List(item) => {
                let items = value.as_array().filter(|items| !items.is_empty())?;
                let items = items.iter().map(|value| self.item(item, value, depth));
                Some(Code::Array(items.collect::<Option<_>>()?))
            }
            RustType::Named(name) => {
                let definition = descriptions::find(self.model, name)?;
                if definition.values.is_empty() {
                    return self.object(definition, value, depth).map(Code::Chain);
                }
                let text = value.as_str()?;
                let values = named_values(&definition.values);
                let found = values.iter().find(|(wire, _)| *wire == text);
                Some(Code::Text(match found {
                    Some((_, variant)) => format!("types::{name}::{variant}"),
                    None => literal(text),
                }))
            }
            RustType::Boxed(inner) => self.argument(inner, value, depth),
            plain => self::plain(plain, value).map(Code::Text),
        }
    }

    /// A value in a list, whose items are converted infallibly.
    fn item(&self, kind: &RustType, value: &Value, depth: usize) -> Option<Code> {
        match kind {
            RustType::U64 => Some(Code::Text(format!("{}u64", value.as_u64()?))),
            RustType::List(_) | RustType::Optional(_) | RustType::Map(_) => None,
            kind => match self.argument(kind, value, depth)? {
                Code::Chain(chain) => Some(Code::Chain(chain.call_and("build", Vec::new(), "?"))),
                item => Some(item),
            },
        }
    }

    /// A struct by its builder, with the fields that the value has.
    fn object(&self, definition: &TypeDefinition, value: &Value, depth: usize) -> Option<Chain> {
        let fields = fields(definition, self.types.fields(&definition.name)?).ok()?;
        let members = value.as_object()?;
        let mut chain = Chain::new(format!("types::{}::builder()", definition.name));
        let mut set = 0;
        for (wire, member) in members {
            let Some(field) = fields.iter().find(|field| field.wire == *wire) else {
                continue;
            };
            let required = field.held.required;
            let kind = if field.held.is_list() {
                RustType::List(Box::new(field.held.value.clone()))
            } else {
                field.held.value.clone()
            };
            match self.argument(&kind, member, depth) {
                Some(value) => chain = chain.call(&field.name, vec![value]),
                None if !required => continue,
                None => return None,
            }
            set += usize::from(required);
        }
        (set == fields.iter().filter(|field| field.held.required).count()).then_some(chain)
    }
}

/// A value of a JSON type; `None` if it does not match the type.
fn plain(kind: &RustType, value: &Value) -> Option<String> {
    // A number may be written as a string, and a string as a number.
    let number = match value {
        Value::String(text) => text.parse::<Value>().ok().filter(Value::is_number),
        other => Some(other.clone()),
    };
    match kind {
        RustType::String => match value {
            Value::String(text) => Some(literal(text)),
            Value::Number(_) | Value::Bool(_) => Some(literal(&value.to_string())),
            _ => None,
        },
        RustType::Bool => value.as_bool().map(|flag| flag.to_string()),
        RustType::I64 => number?.as_i64().map(whole_number),
        RustType::U64 => {
            let number = number?.as_u64()?;
            Some(i64::try_from(number).map_or_else(|_| format!("{number}u64"), whole_number))
        }
        RustType::F64 => number?.as_f64().map(real),
        RustType::Json => Some(json(value)),
        _ => None,
    }
}

fn real(number: f64) -> String {
    // JSON has no infinite numbers.
    format!("{:?}", if number.is_finite() { number } else { 0.0 })
}

/// A value as an invocation of `json!`.
fn json(value: &Value) -> String {
    format!("serde_json::json!({})", json_tokens(value))
}

/// A value inside `json!`.
fn json_tokens(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::String(text) => literal(text),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(number), ..) => whole_number(number),
            (_, Some(number), _) => format!("{number}u64"),
            (.., number) => real(number.unwrap_or_default()),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(json_tokens).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", literal(name), json_tokens(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
    }
}

fn deprecated(operation: &Operation) -> &'static str {
    if operation.deprecated {
        "# #[allow(deprecated)]\n"
    } else {
        ""
    }
}
