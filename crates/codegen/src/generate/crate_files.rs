//! The files of a crate other than its modules: manifest, README, `lib.rs`.

use std::fmt::Write as _;

use crate::Options;
use specmill_model::Model;
use specmill_model::{Authentication, Operation, Success};
use specmill_openapi::diagnostic::visible;
use specmill_openapi::markdown;

use super::examples::Examples;
use super::source::{Source, indented, literal};
use super::tag_features::{ALL, TagFeatures, WEBHOOKS};
use super::{documentation, prose, settings};

/// `Cargo.toml`.
pub(super) fn manifest(options: &Options, model: &Model) -> String {
    let signature: &[&str] = if model.authentication == Authentication::ScpSignature {
        &["signature"]
    } else {
        &[]
    };
    let manifest = &options.manifest;
    let (mark, package_lines) = (&options.mark, manifest.package());
    let dependencies = [
        manifest.dependency("schemars", &["optional = true"], &[]),
        manifest.dependency("serde", &[], &[]),
        manifest.dependency("serde_json", &[], &[]),
        manifest.dependency("specmill-client", &[], signature),
    ]
    .concat();
    let dev_dependencies = [
        manifest.dependency("serde_json", &[], &[]),
        manifest.dependency("tokio", &[], &["macros", "rt"]),
        manifest.dependency("wiremock", &[], &[]),
    ]
    .concat();
    let (package, title, name) = (&options.package, &options.title, &options.name);
    let description = serde_json::Value::from(format!("A typed client of {title}")).to_string();
    let keywords = keywords(options).join("\", \"");
    let features = TagFeatures::of(model);
    let (mut default, mut tags) = (String::new(), String::new());
    if !features.is_empty() {
        default = format!("\"{ALL}\", ");
        let names: Vec<String> = features
            .iter()
            .map(|(_, feature)| format!("\"{feature}\""))
            .collect();
        tags = format!(
            "# The operations of every tag.\n{ALL} = [{}]\n",
            names.join(", ")
        );
        for (tag, feature) in features.iter() {
            let _ = writeln!(tags, "# The operations of `{tag}`.\n\"{feature}\" = []");
        }
    }
    if !model.webhooks.is_empty() {
        let _ = writeln!(tags, "# The types of webhooks.\n{WEBHOOKS} = []");
    }
    format!(
        r#"# {mark} from specs/{name}/. Do not edit.
[package]
name = "{package}"
description = {description}
keywords = ["{keywords}"]
categories = ["api-bindings", "web-programming::http-client"]
readme = "README.md"
# Tests stay in the workspace.
include = ["/src", "/README.md", "/LICENSE*"]
{package_lines}
[package.metadata.docs.rs]
all-features = true

[features]
default = [{default}"rustls", "tracing"]
# TLS with rustls.
rustls = ["specmill-client/rustls"]
# TLS with the library of the operating system.
native-tls = ["specmill-client/native-tls"]
# HTTP/2, if the service offers it.
http2 = ["specmill-client/http2"]
# Responses compressed with gzip, Brotli or Zstandard.
gzip = ["specmill-client/gzip"]
brotli = ["specmill-client/brotli"]
zstd = ["specmill-client/zstd"]
# A span for each call and an event for each attempt.
tracing = ["specmill-client/tracing"]
# JSON Schemas of the types.
schemars = ["dep:schemars", "specmill-client/schemars"]
# Builders of the types that only responses contain, for tests.
builders = []
# Typed values of string fields: dates and times, UUIDs, base64.
jiff = ["specmill-client/jiff"]
uuid = ["specmill-client/uuid"]
base64 = ["specmill-client/base64"]
# Calls of operations by name, with a description of each.
dynamic = ["specmill-client/dynamic"]
# A mock server of the API, generated from its document, for tests.
mock = ["specmill-client/mock"]
{tags}
[dependencies]
{dependencies}
[dev-dependencies]
{dev_dependencies}
# Only `cargo xtask contract` builds it: it needs a server that validates requests.
[[test]]
name = "contract"
harness = false
test = false

[lints.rust]
unsafe_code = "forbid"
{}"#,
        unicode_lints(model)
    )
}

/// The keywords of the package: at most five, with at most 20 characters each, which are the limits of the registry.
fn keywords(options: &Options) -> Vec<&str> {
    let names = [options.name.as_str(), options.feature.as_str()];
    let mut keywords = vec!["api-client", "openapi", "rest"];
    for name in names {
        if name.len() <= 20 && !keywords.contains(&name) {
            keywords.push(name);
        }
    }
    keywords
}

/// The description of each feature.
const FEATURES: [(&str, &str); 14] = [
    ("`rustls` (default)", "TLS with rustls"),
    (
        "`native-tls`",
        "TLS with the library of the operating system",
    ),
    ("`http2`", "HTTP/2, if the service offers it"),
    ("`gzip`", "responses compressed with gzip"),
    ("`brotli`", "responses compressed with Brotli"),
    ("`zstd`", "responses compressed with Zstandard"),
    (
        "`tracing` (default)",
        "a span for each call and an event for each attempt",
    ),
    ("`schemars`", "JSON Schemas of the types"),
    (
        "`jiff`",
        "string fields of the formats `date-time`, `date` and `duration` as values of the crate jiff: \
         `created_at_timestamp()`, `birthday_date()`, `lifetime_span()`, and setters of these names",
    ),
    (
        "`uuid`",
        "string fields of the format `uuid` as values of the crate uuid: `id_uuid()`",
    ),
    (
        "`base64`",
        "string fields of the format `byte` as bytes: `content_bytes()`",
    ),
    (
        "`builders`",
        "builders of the types that only responses contain, for tests",
    ),
    (
        "`dynamic`",
        "calls of operations by name, with a description of each",
    ),
    (
        "`mock`",
        "a mock server of the API, generated from its document, for tests",
    ),
];

/// The section on features.
fn features(model: &Model) -> String {
    let mut text = "\n## Features\n\n".to_owned();
    for (feature, what) in FEATURES {
        let _ = writeln!(text, "- {feature}: {what}.");
    }
    if !model.webhooks.is_empty() {
        let _ = writeln!(
            text,
            "- `{WEBHOOKS}`: the types of webhooks, requests that the service sends, in the module `webhooks`."
        );
    }
    let tags = TagFeatures::of(model);
    if !tags.is_empty() {
        let tags: Vec<String> = tags
            .iter()
            .map(|(_, feature)| format!("`{feature}`"))
            .collect();
        let _ = writeln!(
            text,
            "- `{ALL}` (default): the operations of every tag. A program that switches the default features off can \
             name tags alone, and compiles their operations only: {}.",
            tags.join(", ")
        );
    }
    text
}

/// Disables the lints about names in the vendor's script.
fn unicode_lints(model: &Model) -> &'static str {
    let operations = model.operations.iter();
    let mut names = operations
        .flat_map(|operation| {
            let parameters = operation
                .parameters
                .iter()
                .map(|parameter| &parameter.identifier);
            parameters.chain([&operation.id, &operation.tag])
        })
        .chain(model.types.iter().flat_map(|definition| {
            definition
                .properties
                .keys()
                .chain([&definition.name])
                .chain(&definition.values)
        }));
    if names.all(|name| name.is_ascii()) {
        return "";
    }
    "# Names in the vendor's script.\nconfusable_idents = \"allow\"\nmixed_script_confusables = \"allow\"\n\
     uncommon_codepoints = \"allow\"\n"
}

/// `rustfmt.toml`, which disables formatting of the generated files.
pub(super) fn formatting(options: &Options) -> String {
    format!(
        "# {} from specs/{}/. Do not edit.\ndisable_all_formatting = true\n",
        options.mark, options.name
    )
}

/// `README.md`.
pub(super) fn readme(options: &Options, model: &Model) -> String {
    let (title, package) = (&options.title, &options.package);
    let mut text = format!(
        "<!-- {} from specs/{}/. Do not edit. -->\n# {package}\n\nA typed client of {title}, generated by specmill.",
        options.mark, options.name
    );
    if let Some(facade) = &options.facade {
        let _ = write!(
            text,
            " Most programs depend on `{facade}` with its feature `{}` instead, and use `{facade}::{}`.",
            options.feature, options.module
        );
    }
    text.push('\n');
    if let Some(address) = &options.documentation {
        let _ = writeln!(text, "\nThe vendor's documentation: <{address}>.");
    }
    text += "\n## Operations\n\n| method of `Client` | request | description |\n|---|---|---|\n";
    for operation in &model.operations {
        let _ = writeln!(
            text,
            "| `{}` | `{} {}` | {} |",
            operation.id,
            operation.method,
            prose::inline(&operation.path).replace('|', "\\|"),
            documentation::summary(operation).replace('|', "\\|")
        );
    }
    text += &features(model);
    text += &notes(model);
    text
}

/// The skipped operations and parameters, the fallbacks, and the unsupported features.
fn notes(model: &Model) -> String {
    let mut text = String::new();
    if !model.skipped.is_empty() {
        text += "\n## Skipped operations\n\n";
        for skipped in &model.skipped {
            let _ = writeln!(
                text,
                "- `{}`: {}.",
                prose::inline(&skipped.operation),
                visible(&markdown::escape(&skipped.reason))
            );
        }
    }
    let skipped: Vec<_> = model.skipped_parameters().collect();
    if !skipped.is_empty() {
        text += "\n## Skipped parameters\n\n";
        for (operation, which, reason) in skipped {
            let _ = writeln!(
                text,
                "- `{operation}`, {}: {}.",
                visible(&markdown::escape(which)),
                visible(&markdown::escape(reason))
            );
        }
    }
    if !model.fallbacks.is_empty() {
        text += "\n## Fallbacks to `serde_json::Value`\n\n";
        for fallback in &model.fallbacks {
            let _ = writeln!(
                text,
                "- `{}`: {}.",
                prose::inline(&fallback.pointer),
                visible(&fallback.reason)
            );
        }
    }
    if !model.notes.is_empty() {
        text += "\n## Left to the caller\n\n";
        for note in &model.notes {
            let _ = writeln!(text, "- {}.", visible(note));
        }
    }
    text
}

/// The operation of the example at the start of the crate's documentation: one without required arguments, if there is one.
fn shown_first(model: &Model) -> Option<&Operation> {
    let usable = || model.operations.iter().filter(|one| !one.deprecated);
    let simple = |one: &&Operation| {
        matches!(one.success, Success::Json(_))
            && one.parameters.iter().all(|parameter| !parameter.required)
            && one.body.is_none()
    };
    usable().find(simple).or_else(|| usable().next())
}

/// `lib.rs`.
pub(super) fn library(
    options: &Options,
    model: &Model,
    examples: &Examples<'_>,
    digest: &str,
) -> String {
    let mut text = format!("A typed client of {}.", options.title);
    if let Some(description) = &model.description {
        text += &format!("\n\n{}", prose::description(description));
    }
    if let Some(address) = &options.documentation {
        text += &format!("\n\nThe vendor's documentation: <{address}>.");
    }
    if let Some(operation) = shown_first(model) {
        let krate = options.crate_name();
        let program = examples.program(&krate, operation);
        let program = indented(&program);
        text += &format!(
            "\n\n```no_run\nuse {krate}::Client;\n\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() -> \
             Result<(), Box<dyn std::error::Error>> {{\n    let client = Client::from_env()?;\n{program}    \
             Ok(())\n}}\n```"
        );
    }
    text += "\n\nBuild a [`Client`] with [`Client::builder`] or [`Client::from_env`], call one of its methods, set \
             parameters, and `send()`. Every failure is an [`Error`].";
    if let Some(paged) = model
        .operations
        .iter()
        .find(|operation| operation.paging.is_some())
    {
        text += &format!(
            " Paged lists have `stream()`: see [`operations::{}`].",
            specmill_openapi::names::type_identifier(&paged.id)
        );
    }
    text.push('\n');
    text += &(features(model) + &notes(model)).replace("\n## ", "\n# ");
    let has_settings =
        !settings::variables(model).is_empty() || model.settings.iter().any(settings::has_type);
    let has_versions = !model.api_versions.is_empty();
    let mut source = Source::new(options, &text);
    source.push("#![forbid(unsafe_code)]\n\nmod client;\n#[cfg(feature = \"dynamic\")]\npub mod dynamic;\n#[cfg(feature = \"mock\")]\npub mod mock;\npub mod operations;\n");
    if has_settings {
        source.line(0, "mod settings;");
    }
    source.line(0, "pub mod types;");
    if has_versions {
        source.line(0, "mod versions;");
    }
    if !model.webhooks.is_empty() {
        source.line(
            0,
            &format!("#[cfg(feature = \"{WEBHOOKS}\")]\npub mod webhooks;"),
        );
    }
    source.push("\npub use client::{Client, ClientBuilder};\n");
    if has_settings {
        source.line(0, "pub use settings::*;");
    }
    source.push(
        "pub use specmill_client::{\n    CallOptions, Date, Error, ErrorKind, Response, RetryBudget, RetryPolicy, Secret, VersionState, credentials, middleware,\n    \
         paging,\n};\n",
    );
    let has_forms = model.operations.iter().any(|operation| {
        let body = operation.body.as_ref();
        body.is_some_and(|body| !body.form.is_empty())
    });
    if has_forms {
        source.line(0, "pub use specmill_client::multipart;");
    }
    if has_versions {
        source.line(0, "pub use versions::{ApiVersion, UnknownApiVersion};");
    }
    source.blank();
    source.docs(
        0,
        "The SHA-256 of the normalised document that the crate was generated from, in hexadecimal.",
    );
    source.line(
        0,
        &format!("pub const SPEC_DIGEST: &str = {};", literal(digest)),
    );
    source.finish()
}
