//! From a lowered API to the files of its client crate.
//!
//! progenitor makes the types and their builders. Operations have builders of our own, which call
//! `specmill-client`, told by tables. Everything is put together as syntax trees and printed by
//! prettyplease, so that the text is the same on any machine.

mod client;
mod common_settings;
mod contract_program;
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
mod operation_builders;
mod operations;
mod pages;
mod paths;
mod progenitor;
pub mod reference;
mod sample_calls;
mod samples;
mod setters;
mod settings;
mod source;
mod statuses;
mod tables;
mod tagged;
mod type_builders;
mod types;
mod versions;
mod wire_tests;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::{Lowered, Model};
use crate::output::Output;

/// Adds the files of an API's crate to the output. `digest` is that of the normalised document.
pub fn generate(
    api: &Api,
    document: &Value,
    lowered: &Lowered,
    digest: &str,
    output: &mut Output,
) -> Result<()> {
    let model = &lowered.model;
    let produced = progenitor::run(&lowered.document)?;
    let examples = examples::Examples::new(model, &produced)?;
    let folder = api.crate_folder();
    let sources = folder.join("src");
    output.owns(&folder);

    output.add(folder.join("Cargo.toml"), crate_files::manifest(api, model));
    output.add(folder.join("rustfmt.toml"), crate_files::formatting(api));
    output.add(folder.join("README.md"), crate_files::readme(api, model));
    for (name, text) in licences::LICENCES {
        output.add(folder.join(name), text);
    }
    output.add(
        sources.join("lib.rs"),
        crate_files::library(api, model, digest)?,
    );
    output.add(sources.join("client.rs"), client::file(api, model)?);
    if let Some(file) = settings::file(api, model)? {
        output.add(sources.join("settings.rs"), file);
    }
    if let Some(file) = versions::file(api, model)? {
        output.add(sources.join("versions.rs"), file);
    }
    output.add(sources.join("dynamic.rs"), dynamic::file(api, model)?);
    for (file, text) in types::files(api, model, &produced)? {
        output.add(sources.join(file), text);
    }
    for (file, text) in operations::files(api, model, &produced, &examples)? {
        output.add(sources.join(file), text);
    }
    output.add(
        api.reference_page(),
        reference::page(api, model, &examples)?,
    );
    for (file, text) in wire_tests::files(api, model)? {
        output.add(folder.join("tests/wire").join(file), text);
    }
    for (file, text) in contract_program::files(api, document, model)? {
        output.add(folder.join("tests/contract").join(file), text);
    }
    Ok(())
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
