//! Lowers the parts of a document in order.

use serde_json::Value;

use specmill_openapi::diagnostic::Result;

use crate::model::Model;
use crate::{
    Options, api_facts, default_response, inheritance, one_way, operations, paging, schemas,
    servers, webhooks,
};

/// Lowers a normalised document.
///
/// An operation that cannot be lowered is skipped and listed in [`Model::skipped`]; the others are lowered. A schema that
/// cannot be a Rust type falls back to any JSON value, which is always correct on the wire, and is listed in
/// [`Model::fallbacks`].
///
/// # Errors
///
/// The title, the servers, the security schemes or the extensions of the document are invalid.
pub fn lower(options: &Options, document: &Value) -> Result<Model> {
    let expanded = inheritance::expand(document);
    let expanded = default_response::expand(expanded, options.error_schema.as_deref());
    let document = &*expanded;
    let mut schemas = schemas::Schemas::new(document);
    let mut facts = api_facts::read(document)?;
    let mut operations = operations::read(document, &mut schemas)?;
    for operation in &mut operations.read {
        facts.security.settle(operation);
    }
    let webhooks = if options.webhooks {
        webhooks::read(document, &mut schemas, &mut facts.notes)
    } else {
        facts.notes.extend(webhooks::not_generated(document));
        Vec::new()
    };
    let mut types = schemas.finish(options.error_schema.as_deref());
    one_way::relax(
        &operations.read,
        &webhooks,
        &mut types.definitions,
        &types.one_way,
    );
    facts.notes.append(&mut types.notes);
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
        webhooks,
        types: types.definitions,
        places: types.places,
        fallbacks: types.fallbacks,
        skipped: operations.skipped,
        unpaged,
        notes: facts.notes,
    };
    Ok(model)
}
