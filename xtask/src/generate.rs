//! From a lowered API to the files of its client crate.
//!
//! progenitor decides the types. What is written are declarations, as text: the macros of `specmill-client` turn them
//! into structs, enums, builders and methods.

mod calls;
mod client;
mod crate_files;
mod credentials;
mod descriptions;
mod documentation;
mod dynamic;
mod enumerations;
mod examples;
pub mod facade;
mod fields;
mod instances;
pub mod licences;
mod operations;
mod pages;
mod progenitor;
mod program;
pub mod reference;
mod rust_types;
mod sample_calls;
mod samples;
mod settings;
mod source;
mod statuses;
pub(crate) mod tag_features;
mod types;
mod usage;
mod versions;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::Widened;
use crate::output::Output;

use examples::Examples;
use progenitor::Types;
use usage::Usage;

/// Adds the files of an API's crate to the output. `digest` is that of the normalised document. Returns the schemas that
/// progenitor has no types for.
pub fn generate(
    api: &Api,
    document: &Value,
    model: &Model,
    digest: &str,
    output: &mut Output,
) -> Result<Vec<Widened>> {
    let types = Types::of(model)?;
    let usage = Usage::of(model);
    let examples = Examples::new(model, &types);
    let folder = api.crate_folder();
    let sources = folder.join("src");
    output.owns(&folder);

    output.add(folder.join("Cargo.toml"), crate_files::manifest(api, model));
    output.add(folder.join("rustfmt.toml"), crate_files::formatting(api));
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
    output.add(folder.join("README.md"), crate_files::readme(api, told));
    for (name, text) in licences::LICENCES {
        output.add(folder.join(name), text);
    }
    output.add(
        sources.join("lib.rs"),
        crate_files::library(api, told, digest),
    );
    output.add(sources.join("client.rs"), client::file(api, model));
    if let Some(file) = settings::file(api, model) {
        output.add(sources.join("settings.rs"), file);
    }
    if let Some(file) = versions::file(api, model) {
        output.add(sources.join("versions.rs"), file);
    }
    output.add(sources.join("dynamic.rs"), dynamic::file(api, model));
    output.add(sources.join("dynamic.json"), dynamic::data(api, model));
    types::files(api, model, &types, &usage, &mut |file, text| {
        output.add(sources.join(file), text);
    })?;
    operations::files(api, model, &examples, &mut |file, text| {
        output.add(sources.join(file), text);
    });
    output.add(api.reference_page(), reference::page(api, model, &examples));
    calls::files(api, document, model, &mut |file, text| {
        output.add(folder.join("tests").join(file), text);
    });
    Ok(types.refused)
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
