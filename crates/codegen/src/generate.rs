//! From a lowered API to the files of its client crate.
//!
//! progenitor decides the types. What is written are declarations, as text: the macros of `specmill-client` turn them
//! into structs, enums, builders and methods.

mod calls;
mod client;
mod coverage;
mod crate_files;
mod credentials;
mod descriptions;
mod documentation;
mod dynamic;
mod enumerations;
mod examples;
mod fields;
mod forms;
mod instances;
mod operations;
mod pages;
mod progenitor;
mod program;
mod ranks;
mod reads;
mod reference;
mod response_headers;
mod rust_types;
mod sample_calls;
mod samples;
mod settings;
mod source;
mod statuses;
pub mod tag_features;
mod types;
mod usage;
mod versions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::Options;
use crate::lower::Model;
use crate::lower::model::{ClientSetting, Widened};
use crate::surface::{self, Surface};
use specmill_openapi::diagnostic::Result;
use specmill_openapi::document::child;

pub use coverage::Coverage;
use examples::Examples;
use progenitor::Types;
use usage::Usage;

/// What is generated of an API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files of its crate, by their path in the crate's folder.
    pub files: BTreeMap<PathBuf, String>,
    /// The page of its reference, in Markdown; `None` without a facade, whose paths it names.
    pub reference: Option<String>,
    /// The schemas that progenitor has no types for.
    pub refused: Vec<Widened>,
    /// What the crate offers; `surface.txt` is the same as text.
    pub surface: Surface,
    /// How many of the members that the document types have a type.
    pub coverage: Coverage,
}

/// Generates the crate of an API. `digest` is that of the normalised document.
pub fn generate(
    options: &Options,
    document: &Value,
    model: &Model,
    digest: &str,
) -> Result<Generated> {
    let types = Types::of(model)?;
    let usage = Usage::of(model);
    let examples = Examples::new(model, &types);
    let mut files = BTreeMap::new();
    let mut add = |file: &str, text: String| {
        files.insert(PathBuf::from(file), text);
    };
    add("Cargo.toml", crate_files::manifest(options, model));
    add("rustfmt.toml", crate_files::formatting(options));
    // What is said of the crate names the schemas that progenitor refused too.
    let with_refused;
    let told = if types.refused.is_empty() {
        model
    } else {
        let mut widened = model.widened.clone();
        widened.extend(types.refused.iter().cloned());
        with_refused = Model {
            widened,
            ..model.clone()
        };
        &with_refused
    };
    add("README.md", crate_files::readme(options, told));
    add("src/lib.rs", crate_files::library(options, told, digest));
    add("src/client.rs", client::file(options, model));
    if let Some(file) = settings::file(options, model) {
        add("src/settings.rs", file);
    }
    if let Some(file) = versions::file(options, model) {
        add("src/versions.rs", file);
    }
    add("src/dynamic.rs", dynamic::file(options, model));
    add("src/dynamic.json", dynamic::data(options, model));
    types::files(options, model, &types, &usage, &mut |file, text| {
        add(&format!("src/{file}"), text);
    })?;
    operations::files(options, model, &examples, &mut |file, text| {
        add(&format!("src/{file}"), text);
    });
    calls::files(options, document, model, &mut |file, text| {
        add(&format!("tests/{file}"), text);
    });
    let mut generated = Generated {
        coverage: Coverage::of(model, &types),
        files,
        reference: options
            .facade
            .as_deref()
            .map(|facade| reference::page(facade, options, model, &examples)),
        refused: types.refused,
        surface: Surface::default(),
    };
    generated.surface = Surface::of(options, model, &generated)?;
    let surface = generated.surface.to_string();
    generated
        .files
        .insert(PathBuf::from(surface::FILE), surface);
    Ok(generated)
}

/// A variable that a client is set up with, and the method that sets the same.
pub(crate) struct SettingFacts {
    pub(crate) variable: String,
    /// Whether there is no client without it.
    pub(crate) required: bool,
    /// The method of the client's builder.
    pub(crate) setter: Option<String>,
    /// The type of its values, where it has one of its own.
    pub(crate) of: Option<String>,
    /// The place of the document that it is made from.
    pub(crate) place: Option<String>,
}

/// Where a document says how requests are authenticated.
pub(crate) const CREDENTIALS: &str = "/security";

/// Stands for the header parameters of a setting, which may be in many places.
pub(crate) fn setting_place(setting: &ClientSetting) -> String {
    child("/x-client-setting", &setting.header)
}

/// The variables that a client is set up with.
pub(crate) fn setting_facts(options: &Options, model: &Model) -> Vec<SettingFacts> {
    let place = |field: &fields::Field| match field.variable.role {
        fields::Role::Address | fields::Role::AddressPart => Some("/servers".to_owned()),
        fields::Role::Credential => Some(CREDENTIALS.to_owned()),
        fields::Role::Other if field.value == "ApiVersion" => Some("/x-api-versions".to_owned()),
        fields::Role::Other => {
            let mut settings = model.settings.iter();
            let setting = settings.find(|setting| setting.setting == field.name);
            setting.map(setting_place)
        }
    };
    let own = fields::fields(options, model)
        .into_iter()
        .map(|field| SettingFacts {
            place: place(&field),
            variable: field.variable.name,
            required: field.variable.required,
            setter: field.setter.map(|setter| setter.name().to_owned()),
            of: Some(field.value).filter(|of| of != "String" && of != "Secret"),
        });
    let of_tls = fields::tls_variables(&options.environment).map(|variable| SettingFacts {
        variable: variable.name,
        required: false,
        setter: None,
        of: None,
        place: None,
    });
    own.chain(of_tls).collect()
}

/// The operations of each tag, in the order of the document.
fn by_tag(model: &Model) -> BTreeMap<&str, Vec<&crate::lower::model::Operation>> {
    let mut tags: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for operation in &model.operations {
        tags.entry(operation.tag.as_str())
            .or_default()
            .push(operation);
    }
    tags
}
