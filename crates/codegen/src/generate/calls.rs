//! The calls that test a generated crate: one table for each tag, and two programs that use it.
//!
//! `tests/wire` makes each call against its own server, and checks the request and the decoded response.
//! `tests/contract` makes the same calls against a given base URL.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::Options;
use specmill_model::Model;
use specmill_model::{
    Authentication, Body, Encoding, Operation, Parameter, ParameterLocation, SecurityScheme,
    Stream, StreamFlag, StreamForm, Style, Success, TypeDefinition, Variant,
};
use specmill_samples::{Instances, Samples, sample_content_type};

use super::arguments::raw_literal;
use super::sample_calls::{Given, client_settings, server_settings, test_credential};
use super::source::{Source, literal};
use super::tag_features::TagFeatures;
use super::{by_tag, descriptions, reads};

/// The files of the tests, below the folder `tests`.
pub(super) fn files(
    options: &Options,
    document: &Value,
    model: &Model,
    file: &mut dyn FnMut(String, String),
) {
    let tags = by_tag(model);
    let names: Vec<&str> = tags.keys().copied().collect();
    file("wire/main.rs".to_owned(), wire(options, model, &names));
    file(
        "contract/main.rs".to_owned(),
        contract(options, model, &names),
    );
    let table = Table {
        model,
        samples: Samples::new(model),
        instances: Instances::new(document),
    };
    for (tag, operations) in tags {
        let mut source = Source::new(options, &format!("Calls of the operations of `{tag}`."));
        source.push(&format!(
            "\n#[allow(unused_imports, reason = \"not every call has typed arguments\")]\nuse {0}::{{Client, operations, types}};\n\n\
             #[allow(unused_imports, reason = \"not every call has every part\")]\nuse super::*;\n\ncalls! {{\n",
            options.crate_name()
        ));
        for operation in operations {
            table.entries(operation, &mut source);
        }
        source.line(0, "}");
        file(format!("calls/{tag}.rs"), source.finish());
    }
}

struct Table<'a> {
    model: &'a Model,
    samples: Samples<'a>,
    instances: Instances<'a>,
}

impl Table<'_> {
    fn entries(&self, operation: &Operation, source: &mut Source) {
        let id = operation.id.trim_end_matches('_');
        for (every, name, with) in [
            (false, "is_sent_with_what_is_required", "required"),
            (true, "is_sent_with_all_its_parameters", "all"),
        ] {
            // Values that the document allows, or else at least values of the types.
            let (given, with) = match Given::of(operation, &self.instances, every) {
                Some(given) => (given, with),
                None => match Given::of(operation, &self.samples, every) {
                    Some(given) => (given, "sample"),
                    None => continue,
                },
            };
            let Some(received) = self.received(operation, every) else {
                continue;
            };
            let is_stream = operation.success == Success::Stream;
            self.entry(
                &format!("{id}_{name}"),
                operation,
                (&given, with),
                (&given.call(operation, self.model, &self.samples), is_stream),
                &received,
                source,
            );
            if let Some(stream) = operation.stream.as_ref().filter(|_| !is_stream)
                && let Some(streamed) = self.streamed(stream, every)
            {
                let tail = name.strip_prefix("is_sent").unwrap_or(name);
                self.entry(
                    &format!("{id}_streams{tail}"),
                    operation,
                    (&given, with),
                    (
                        &given.stream_call(operation, stream, self.model, &self.samples),
                        true,
                    ),
                    &streamed,
                    source,
                );
            }
            if let (Success::OptionalJson(_), false) = (&operation.success, every) {
                let name = format!("{id}_may_respond_without_a_body");
                self.entry(
                    &name,
                    operation,
                    (&given, "sample"),
                    (&given.call(operation, self.model, &self.samples), false),
                    "empty(204)",
                    source,
                );
            }
        }
    }

    fn entry(
        &self,
        name: &str,
        operation: &Operation,
        (given, with): (&Given<'_>, &str),
        (call, is_stream): (&str, bool),
        received: &str,
        source: &mut Source,
    ) {
        let (method, path) = (literal(&operation.method), literal(&operation.path));
        source.line(1, &format!("{name}: {method} {path} {},", literal(with)));
        source.line(2, &format!("|client: Client| {call},"));
        source.line(2, &format!("{},", self.sent(operation, given, is_stream)));
        source.line(2, &format!("{received};"));
    }

    /// The expected request.
    fn sent(&self, operation: &Operation, given: &Given<'_>, is_stream: bool) -> String {
        let flag = operation
            .stream
            .as_ref()
            .and_then(|stream| stream.flag.as_ref());
        let at = |location| {
            let parameters = given.parameters.iter();
            parameters.filter(move |(one, _)| one.location == location)
        };
        let (path, constants) = operation.path_and_query();
        let mut path = path.to_owned();
        for (parameter, value) in at(ParameterLocation::Path) {
            let placeholder = format!("{{{}}}", parameter.name);
            path = path.replace(&placeholder, &in_path(parameter, value));
        }
        let mut text = format!("sent({}, {})", literal(&operation.method), literal(&path));
        if !operation.authenticated {
            text += ".without_credentials()";
        }
        let constants = constants.split('&').filter(|pair| !pair.is_empty());
        let mut query: Vec<(String, String)> = constants
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect();
        query.extend(
            at(ParameterLocation::Query)
                .flat_map(|(parameter, value)| query_pairs(parameter, value)),
        );
        if let Some(StreamFlag::Query(flag)) = flag {
            query.retain(|(name, _)| name != flag);
            query.push((flag.clone(), is_stream.to_string()));
        }
        let [headers, in_query, in_cookies] = credentials_of(self.model, operation);
        query.extend(in_query);
        query.sort_by(|one, other| one.0.cmp(&other.0));
        for (name, value) in headers {
            let _ = write!(text, ".header({}, {})", literal(&name), literal(&value));
        }
        if !query.is_empty() {
            let pairs: Vec<String> = query
                .iter()
                .map(|(name, value)| format!("({}, {})", literal(name), literal(value)))
                .collect();
            let _ = write!(text, ".query(&[{}])", pairs.join(", "));
        }
        for (parameter, value) in at(ParameterLocation::Header) {
            let value = simple(parameter, value, str::to_owned);
            let _ = write!(
                text,
                ".header({}, {})",
                literal(&parameter.name),
                literal(&value)
            );
        }
        let cookies: Vec<String> = at(ParameterLocation::Cookie)
            .flat_map(|(parameter, value)| cookie_pairs(parameter, value))
            .chain(
                in_cookies
                    .iter()
                    .map(|(name, value)| format!("{name}={value}")),
            )
            .collect();
        if !cookies.is_empty() {
            let _ = write!(
                text,
                ".header(\"cookie\", {})",
                literal(&cookies.join("; "))
            );
        }
        match (&given.body, flag) {
            (Some((body, value)), Some(StreamFlag::Body(flag))) if value.is_object() => {
                let mut value = value.clone();
                value[flag] = is_stream.into();
                text += &self.body(body, &value);
            }
            (Some((body, _)), _) if !body.form.is_empty() => {
                let parts = body.form.iter();
                let parts: Vec<String> = parts
                    .filter(|part| part.required || given.every && !part.additional)
                    .map(|part| literal(&part.name))
                    .collect();
                let _ = write!(text, ".multipart(&[{}])", parts.join(", "));
            }
            (Some((body, value)), _) => text += &self.body(body, value),
            (None, Some(StreamFlag::Body(flag))) if is_stream => {
                let body = serde_json::json!({ flag: true }).to_string();
                let content_type = operation
                    .body
                    .as_ref()
                    .map_or("", |body| &body.content_type);
                let _ = write!(
                    text,
                    ".json({}, {})",
                    literal(content_type),
                    raw_literal(&body)
                );
            }
            _ => {}
        }
        text
    }

    fn body(&self, body: &Body, value: &Value) -> String {
        let content_type = match body.encoding {
            Encoding::BytesOfType => sample_content_type(&body.content_type),
            _ => body.content_type.clone(),
        };
        let content_type = literal(&content_type);
        match body.encoding {
            Encoding::Json => {
                let kept = self.kept(&body.lowered, value, 0);
                format!(".json({content_type}, {})", raw_literal(&kept.to_string()))
            }
            Encoding::Form | Encoding::FormBrackets
                if value.as_object().is_some_and(Map::is_empty) =>
            {
                format!(".text({content_type}, \"\")")
            }
            Encoding::Form | Encoding::FormBrackets => format!(".form({content_type})"),
            Encoding::BytesOfType | Encoding::Text | Encoding::Bytes => {
                let text = value.as_str().unwrap_or_default();
                format!(".text({content_type}, {})", literal(text))
            }
        }
    }

    /// The part of a value that a type preserves: an object without additional properties drops unknown ones.
    fn kept(&self, lowered: &Value, value: &Value, depth: usize) -> Value {
        /// The maximum nesting of values; samples are less deep.
        const DEEPEST: usize = 64;
        if depth > DEEPEST {
            return value.clone();
        }
        if let Some(definition) = descriptions::type_of(self.model, lowered) {
            if definition.values.is_empty() {
                return self.kept_of(&definition.lowered, Some(definition), value, depth + 1);
            }
            return value.clone();
        }
        self.kept_of(
            lowered.pointer("/allOf/0").unwrap_or(lowered),
            None,
            value,
            depth + 1,
        )
    }

    fn kept_of(
        &self,
        lowered: &Value,
        definition: Option<&TypeDefinition>,
        value: &Value,
        depth: usize,
    ) -> Value {
        let tag = definition.and_then(|definition| definition.tag.as_ref());
        let variants = definition.map_or(&[][..], |definition| &definition.variants);
        if let Some(branches) = lowered.get("oneOf").and_then(Value::as_array) {
            let Some(tag) = tag else {
                return self.kept_of_branches(branches, variants, value, depth);
            };
            let told = value.get(&tag.property).and_then(Value::as_str);
            let mut values = tag.values.iter();
            let place = values.position(|all| all.iter().any(|one| Some(one.as_str()) == told));
            let branch = place.and_then(|place| branches.get(place));
            return branch.map_or_else(|| value.clone(), |branch| self.kept(branch, value, depth));
        }
        match value {
            Value::Array(items) => match lowered.get("items") {
                Some(item) => items
                    .iter()
                    .map(|value| self.kept(item, value, depth))
                    .collect(),
                None => value.clone(),
            },
            Value::Object(members) => {
                let properties = lowered.get("properties").and_then(Value::as_object);
                let more = lowered.get("additionalProperties");
                if properties.is_none() && more.is_none() {
                    return value.clone();
                }
                let kept = members.iter().filter_map(|(name, value)| {
                    let schema = properties.and_then(|all| all.get(name)).or(more)?;
                    Some((name.clone(), self.kept(schema, value, depth)))
                });
                Value::Object(kept.collect::<Map<_, _>>())
            }
            _ => value.clone(),
        }
    }

    /// The part of a value that a union preserves: that of the branch that preserves everything that any other one does.
    fn kept_of_branches(
        &self,
        branches: &[Value],
        variants: &[Variant],
        value: &Value,
        depth: usize,
    ) -> Value {
        let fitting = branches.iter().zip(variants).filter(|(branch, variant)| {
            let mut shapes = variant.shapes.iter();
            shapes.any(|shape| reads::looks_like(value, shape))
                && reads::reads(self.model, branch, value)
        });
        let kept: Vec<Value> = fitting
            .map(|(branch, _)| self.kept(branch, value, depth))
            .collect();
        let best = kept.iter().find(|one| {
            let mut others = kept.iter();
            others.all(|other| reads::keeps(value, one, other))
        });
        best.cloned().unwrap_or_else(|| value.clone())
    }

    /// The response of the server; `None` if its type has no finite value.
    fn received(&self, operation: &Operation, every: bool) -> Option<String> {
        let statuses = operation.statuses.iter();
        let mut statuses = statuses.filter_map(|(status, _)| status.parse::<u16>().ok());
        let status = statuses
            .find(|status| (200..300).contains(status))
            .unwrap_or(200);
        Some(match &operation.success {
            Success::Empty => format!("empty({status})"),
            Success::Json(lowered) | Success::OptionalJson(lowered) => {
                let body = self.samples.value(lowered, every)?;
                let by_status = descriptions::type_of(self.model, lowered);
                let by_status = by_status.and_then(|definition| {
                    let mut statuses = definition.statuses.iter();
                    statuses.find(|status| status.branch == Some(0))
                });
                let status = by_status.map_or(status, |named| named.status.parse().unwrap_or(200));
                // A 204 has no body; if another success has one, the body is tested.
                let status = if status == 204 { 200 } else { status };
                format!("json_body({status}, {})", raw_literal(&body.to_string()))
            }
            Success::Text => format!("text({status}, \"text\")"),
            Success::Bytes => format!("bytes({status}, \"text\")"),
            Success::Stream => self.streamed(operation.stream.as_ref()?, every)?,
        })
    }

    /// The response of the server if a stream is requested: one value, twice.
    fn streamed(&self, stream: &Stream, every: bool) -> Option<String> {
        let value = match stream.form {
            StreamForm::TextEvents => Value::from("text"),
            _ => self.samples.value(&stream.item, every)?,
        };
        let value = raw_literal(&value.to_string());
        Some(match stream.form {
            StreamForm::JsonLines => {
                format!("lines({}, {value})", literal(&stream.content_type))
            }
            StreamForm::TextEvents => format!("text_events({value})"),
            StreamForm::JsonEvents => format!("json_events({value})"),
            StreamForm::WholeEvents => format!("whole_events({value})"),
        })
    }
}

fn modules(model: &Model, tags: &[&str], source: &mut Source) {
    let features = TagFeatures::of(model);
    for tag in tags {
        if let Some(condition) = features.condition([*tag]) {
            source.line(0, &condition);
        }
        source.line(0, &format!("#[path = \"../calls/{tag}.rs\"]"));
        source.line(0, &format!("mod {tag};"));
    }
}

fn wire(options: &Options, model: &Model, tags: &[&str]) -> String {
    let mut source = Source::new(
        options,
        "What each operation sends, with the required parameters alone and with all of them, and that a response made \
         from the document is read.",
    );
    source.push(
        "#![allow(clippy::unwrap_used, missing_docs, reason = \"these are tests\")]\n\
         #![allow(dead_code, deprecated, reason = \"not every API has operations of every kind\")]\n\n",
    );
    source.push(include_str!("calls/wire_macro.rs"));
    source.blank();
    modules(model, tags, &mut source);
    let text = include_str!("calls/wire.rs")
        .replace("specmill_client_crate", &options.crate_name())
        .replace(
            "/* settings */",
            &(client_settings(model) + &server_settings(model, "server.uri()")),
        )
        .replace(
            "/* hidden */",
            &match &model.authentication {
                Authentication::ApiKeyQuery(name) => format!("Some({})", literal(name)),
                _ => "None".to_owned(),
            },
        )
        .replace(
            "    /* credentials */\n",
            &credential_checks(&model.authentication),
        );
    source.blank();
    source.push(&text);
    source.finish()
}

fn contract(options: &Options, model: &Model, tags: &[&str]) -> String {
    let mut source = Source::new(
        options,
        &format!(
            "Makes the calls of {} at an address, and prints a line for each call.\n\n`cargo xtask contract` runs it \
             against a mock server that checks what it is sent.",
            specmill_openapi::markdown::escape(&options.title)
        ),
    );
    source.push("#![allow(deprecated, reason = \"deprecated operations are called too\")]\n\n");
    source.push(include_str!("calls/contract_macro.rs"));
    source.blank();
    modules(model, tags, &mut source);
    let features = TagFeatures::of(model);
    let calls: String = tags
        .iter()
        .map(|tag| {
            let condition = features.condition([*tag]);
            let condition = condition
                .map(|line| format!("    {line}\n"))
                .unwrap_or_default();
            format!("{condition}    {tag}::make(&client, &mut calls).await;\n")
        })
        .collect();
    let text = include_str!("calls/contract.rs")
        .replace("specmill_client_crate", &options.crate_name())
        .replace("/* settings */", &client_settings(model))
        // The base URL is used here before it is moved.
        .replace(
            ".base_url(address)",
            &(server_settings(model, "address.clone()") + ".base_url(address)"),
        )
        .replace("    /* calls */\n", &calls);
    source.blank();
    source.push(&text);
    source.finish()
}

/// Checks the credentials of a request, and that an unauthenticated one has none.
fn credential_checks(authentication: &Authentication) -> String {
    let carried = |name: &str, value: &str| {
        format!(
            "    assert_eq!(header(&request, {}), sent.authenticated.then_some({}));\n",
            literal(name),
            literal(value)
        )
    };
    match authentication {
        Authentication::None => "    assert!(!sent.authenticated);\n".to_owned(),
        Authentication::ApiKeyHeader(name) => carried(name, "test-key"),
        Authentication::ApiKeyQuery(name) => format!(
            "    let carried = request.url.query_pairs().any(|pair| pair == ({}.into(), \"test-key\".into()));\n    \
             assert_eq!(carried, sent.authenticated);\n",
            literal(name)
        ),
        Authentication::Bearer | Authentication::OAuth2(_) => {
            carried("authorization", "Bearer test-token")
        }
        Authentication::Basic => carried("authorization", "Basic dGVzdC11c2VyOnRlc3QtcGFzc3dvcmQ="),
        Authentication::ApiKeyCookie(_) => expected_headers(&["cookie".to_owned()]),
        Authentication::Several(schemes) => expected_headers(&headers_of(schemes)),
        Authentication::ScpSignature => {
            carried("scp-accesskey", "test-access")
                + &carried("scp-clienttype", "Openapi")
                + "    for name in [\"scp-signature\", \"scp-timestamp\"] {\n        \
                   assert_eq!(header(&request, name).is_some(), sent.authenticated, \"{name}\");\n    }\n"
        }
    }
}

/// The headers that schemes send.
fn headers_of(schemes: &[SecurityScheme]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for scheme in schemes {
        let name = match &scheme.kind {
            Authentication::ApiKeyHeader(name) => name.to_ascii_lowercase(),
            Authentication::ApiKeyCookie(_) => "cookie".to_owned(),
            Authentication::Bearer | Authentication::OAuth2(_) | Authentication::Basic => {
                "authorization".to_owned()
            }
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Checks that a request contains a credential in these headers only if expected.
fn expected_headers(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
    format!(
        "    for name in [{}] as [&str; {}] {{\n        \
         let expected = sent.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));\n        \
         assert_eq!(header(&request, name).is_some(), expected, \"{{name}}\");\n    }}\n",
        names.join(", "),
        names.len()
    )
}

/// The headers, the query and the cookies of the first alternative of an operation's credentials.
fn credentials_of(model: &Model, operation: &Operation) -> [Vec<(String, String)>; 3] {
    let mut made = [Vec::new(), Vec::new(), Vec::new()];
    let schemes = match &model.authentication {
        Authentication::Several(schemes) => schemes,
        Authentication::ApiKeyCookie(name) if operation.authenticated => {
            made[2].push((name.clone(), "test-key".to_owned()));
            return made;
        }
        _ => return made,
    };
    let names = operation.security.iter().find(|names| !names.is_empty());
    for name in names.into_iter().flatten() {
        let Some(scheme) = schemes.iter().find(|scheme| scheme.name == *name) else {
            continue;
        };
        let credential = test_credential(scheme);
        let authorization = "authorization".to_owned();
        match &scheme.kind {
            Authentication::ApiKeyHeader(name) => made[0].push((name.clone(), credential)),
            Authentication::ApiKeyQuery(name) => made[1].push((name.clone(), credential)),
            Authentication::ApiKeyCookie(name) => made[2].push((name.clone(), credential)),
            Authentication::Bearer | Authentication::OAuth2(_) => {
                made[0].push((authorization, format!("Bearer {credential}")));
            }
            Authentication::Basic => made[0].push((
                authorization,
                "Basic dGVzdC11c2VyOnRlc3QtcGFzc3dvcmQ=".to_owned(),
            )),
            _ => {}
        }
    }
    made
}

/// The decoded query pairs of a parameter.
fn query_pairs(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = parameter.name.clone();
    let pairs = |name: String, value: &Value| -> Vec<(String, String)> {
        match value {
            Value::Array(items) => items
                .iter()
                .map(|item| (name.clone(), text(item)))
                .collect(),
            one => vec![(name, text(one))],
        }
    };
    match (parameter.style, value) {
        (Style::DeepObject, value) => {
            let mut found = Vec::new();
            brackets(name, value, &mut found);
            found
        }
        (Style::Form, Value::Object(members)) => members
            .iter()
            .flat_map(|(member, value)| pairs(member.clone(), value))
            .collect(),
        (Style::Form, value) => pairs(name, value),
        (Style::SpaceDelimited, value) => vec![(name, parts(value, " ", false, str::to_owned))],
        (Style::PipeDelimited, value) => vec![(name, parts(value, "|", false, str::to_owned))],
        _ => vec![(name, simple(parameter, value, str::to_owned))],
    }
}

/// The pairs of a value in brackets.
fn brackets(name: String, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                brackets(format!("{name}[{member}]"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                brackets(format!("{name}[{index}]"), value, found);
            }
        }
        other => found.push((name, text(other))),
    }
}

/// The cookies of a parameter.
fn cookie_pairs(parameter: &Parameter, value: &Value) -> Vec<String> {
    match (parameter.style, value) {
        (Style::Form, Value::Array(items)) => items
            .iter()
            .map(|item| format!("{}={}", parameter.name, percent_encoded(&text(item))))
            .collect(),
        (Style::Form, Value::Object(members)) => members
            .iter()
            .map(|(name, value)| {
                format!(
                    "{}={}",
                    percent_encoded(name),
                    percent_encoded(&text(value))
                )
            })
            .collect(),
        _ => vec![format!(
            "{}={}",
            parameter.name,
            simple(parameter, value, percent_encoded)
        )],
    }
}

/// A value as a part of a path.
fn in_path(parameter: &Parameter, value: &Value) -> String {
    let name = percent_encoded(&parameter.name);
    match (parameter.style, value) {
        (Style::Label, value) => format!(".{}", parts(value, ",", false, percent_encoded)),
        (Style::LabelExploded, value) => format!(".{}", parts(value, ".", true, percent_encoded)),
        (Style::Matrix, value) => format!(";{name}={}", parts(value, ",", false, percent_encoded)),
        (Style::MatrixExploded, Value::Array(items)) => items
            .iter()
            .map(|item| format!(";{name}={}", percent_encoded(&text(item))))
            .collect(),
        (Style::MatrixExploded, value) => format!(";{}", parts(value, ";", true, percent_encoded)),
        _ => simple(parameter, value, percent_encoded),
    }
}

/// A value as one string, in which each part is encoded.
fn simple(parameter: &Parameter, value: &Value, encode: impl Fn(&str) -> String) -> String {
    match parameter.style {
        Style::Json => encode(&value.to_string()),
        Style::SimpleExploded => parts(value, ",", true, encode),
        _ => parts(value, ",", false, encode),
    }
}

/// The items of an array or the fields of an object, joined.
fn parts(
    value: &Value,
    separator: &str,
    exploded: bool,
    encode: impl Fn(&str) -> String,
) -> String {
    let parts: Vec<String> = match value {
        Value::Array(items) => items.iter().map(|item| encode(&text(item))).collect(),
        Value::Object(members) => {
            let equals = if exploded { "=" } else { separator };
            members
                .iter()
                .map(|(name, value)| format!("{}{equals}{}", encode(name), encode(&text(value))))
                .collect()
        }
        lone => vec![encode(&text(lone))],
    };
    parts.join(separator)
}

/// Percent-encodes everything except the unreserved characters of RFC 3986.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// The decoded form of a part of a query.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = text_of(after.get(..2).filter(|_| *first == b'%'));
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn text_of(bytes: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(bytes?).ok()
}

/// A scalar as a string. An integer has no fraction.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                format!("{float}")
            }
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_query_is_encoded_in_the_style_of_its_parameter() {
        assert_eq!(parts(&json!(["a", 1.0]), "|", false, str::to_owned), "a|1");
        assert_eq!(percent_encoded("a b/é"), "a%20b%2F%C3%A9");
    }
}
