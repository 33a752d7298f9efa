//! From the normalised document to what the generator needs, in memory.
//!
//! The normalised document never bends to progenitor's limits; what is done for their sake is done
//! here. Two things come out: a document that progenitor accepts whatever the API looks like, and a
//! model of the API with what progenitor does not know (where parameters go, paging, versions).

mod accept;
mod all_of;
mod api_facts;
mod bodies;
mod examples;
mod forms;
mod inheritance;
pub mod model;
mod operations;
pub(crate) mod paging;
mod parameter_style;
mod parameters;
mod path_template;
pub(crate) mod progenitor_document;
mod resolve;
mod response_headers;
mod schema_kind;
mod schemas;
mod security;
mod servers;
mod shape;
pub mod stock_document;
mod streams;
mod union;

use serde_json::Value;

use crate::Options;
use specmill_openapi::diagnostic::Result;

pub use model::{LeftOut, Model};
pub(crate) use schemas::untyped_here;

/// Lowers a normalised document.
///
/// An operation that cannot be lowered is left out and named in [`Model::left_out`]; it never costs
/// the others. A schema that progenitor cannot express becomes any JSON value, which is always right
/// on the wire, and is named in [`Model::widened`].
pub fn lower(options: &Options, document: &Value) -> Result<Model> {
    let expanded = inheritance::expand(document);
    let document = &*expanded;
    let mut schemas = schemas::Schemas::new(document);
    let facts = api_facts::read(document)?;
    let mut operations = operations::read(document, options.error_schema.as_deref(), &mut schemas)?;
    for operation in &mut operations.read {
        facts.security.settle(operation);
    }
    let types = schemas.finish(options.error_schema.as_deref());
    let unpaged = paging::check(&mut operations.read, &types.definitions);
    let model = Model {
        title: options.title.clone(),
        description: specmill_openapi::document::text(&document["info"], "description")
            .map(str::to_owned),
        version: specmill_openapi::document::text(&document["info"], "version")
            .unwrap_or_default()
            .to_owned(),
        servers: facts.servers,
        base_url_suffixes: facts.base_url_suffixes,
        operation_servers: servers::named(document, &operations.read),
        authentication: facts.security.authentication,
        settings: operations.settings,
        api_versions: facts.api_versions,
        request_names: operations
            .read
            .iter()
            .map(|operation| specmill_openapi::names::type_name(&operation.id))
            .collect(),
        operations: operations.read,
        types: types.definitions,
        places: types.places,
        widened: types.widened,
        left_out: operations.left_out,
        unpaged,
        notes: facts.notes,
    };
    Ok(model)
}
