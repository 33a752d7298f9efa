//! Generates the files of a client crate from the model of an API.
//!
//! progenitor chooses the types. The generated code is declarations, as text; the macros of `specmill-client` expand
//! them to structs, enums, builders and methods.

mod arguments;
mod builder_field;
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
mod grants;
mod mock;
mod object_fields;
mod operation_names;
mod operations;
mod pages;
mod progenitor;
mod program;
mod prose;
mod reads;
mod recursion;
mod reference;
mod response_headers;
mod rust_types;
mod sample_calls;
mod sample_forms;
mod settings;
mod source;
mod statuses;
mod surface;
pub mod tag_features;
mod types;
mod usage;
mod variables;
mod versions;
mod webhooks;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::Options;
use specmill_model::Fallback;
use specmill_model::Model;
use specmill_openapi::diagnostic::Result;
use specmill_surface::{FILE, Surface};

pub use coverage::Coverage;
use examples::Examples;
use progenitor::Types;
use usage::Usage;

/// The generated files of an API, and facts about them.
#[derive(Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The files of its crate, by their path in the crate's folder.
    pub files: BTreeMap<PathBuf, String>,
    /// The page of the reference, in Markdown; `None` without a facade, because the page contains its paths.
    pub reference: Option<String>,
    /// The programs of that page's examples, in Rust; `None` without a facade.
    pub reference_programs: Option<String>,
    /// The schemas that progenitor has no types for.
    pub refused: Vec<Fallback>,
    /// The public surface of the crate; `surface.txt` is the same as text.
    pub surface: Surface,
    /// The share of the document's typed values that have a type.
    pub coverage: Coverage,
}

/// Generates the crate of an API. `digest` is that of the normalised document.
///
/// # Errors
/// The generator produced invalid code, which is a defect.
pub fn generate(
    options: &Options,
    document: &Value,
    model: &Model,
    digest: &str,
) -> Result<Generated> {
    let mut types = Types::of(model)?;
    let usage = Usage::of(model);
    types.break_cycles(|name| usage.same(name));
    let examples = Examples::new(model, &types);
    let mut files = BTreeMap::new();
    let mut add = |file: &str, text: String| {
        files.insert(PathBuf::from(file), text);
    };
    add("Cargo.toml", crate_files::manifest(options, model));
    add("rustfmt.toml", crate_files::formatting(options));
    // The README also lists the schemas that progenitor rejected.
    let mut with_refused;
    let told = if types.refused.is_empty() {
        model
    } else {
        with_refused = model.clone();
        with_refused.fallbacks.extend(types.refused.iter().cloned());
        &with_refused
    };
    add("README.md", crate_files::readme(options, told));
    add(
        "src/lib.rs",
        crate_files::library(options, told, &examples, digest),
    );
    add("src/client.rs", client::file(options, model));
    if let Some(file) = settings::file(options, model) {
        add("src/settings.rs", file);
    }
    if let Some(file) = versions::file(options, model) {
        add("src/versions.rs", file);
    }
    if let Some(file) = webhooks::file(options, model) {
        add("src/webhooks.rs", file);
    }
    add("src/mock.rs", mock::file(options, model));
    add("src/dynamic.rs", dynamic::file(options, model));
    add("src/dynamic.json", dynamic::data(options, model)?);
    types::files(options, model, &types, &usage, &mut |file, text| {
        add(&format!("src/{file}"), text);
    })?;
    operations::files(options, model, &examples, &mut |file, text| {
        add(&format!("src/{file}"), text);
    });
    calls::files(options, document, model, &mut |file, text| {
        add(&format!("tests/{file}"), text);
    });
    let surface = surface::of(options, model, &files)?;
    files.insert(PathBuf::from(FILE), surface.to_string());
    Ok(Generated {
        coverage: Coverage::of(model, &types),
        files,
        reference: options
            .facade
            .as_deref()
            .map(|facade| reference::page(facade, options, model, &examples)),
        reference_programs: options
            .facade
            .as_deref()
            .map(|facade| reference::programs(facade, options, model, &examples)),
        refused: types.refused,
        surface,
    })
}

/// The operations of each tag, in the order of the document.
fn by_tag(model: &Model) -> BTreeMap<&str, Vec<&specmill_model::Operation>> {
    let mut tags: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for operation in &model.operations {
        tags.entry(operation.tag.as_str())
            .or_default()
            .push(operation);
    }
    tags
}
