//! One run of the mill: every output from every input, in memory.

use std::path::Path;

use crate::api::Api;
use crate::diagnostic::{Diagnostic, Place, Result};
use crate::document;
use crate::normalise::{self, Change};
use crate::output::Output;

/// What a run made.
#[derive(Debug)]
#[non_exhaustive]
pub struct Regenerated {
    /// The files, and what folders are generated.
    pub output: Output,
    /// What happened, by API.
    pub apis: Vec<ApiReport>,
}

/// What happened to one API.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApiReport {
    /// The API's name.
    pub name: String,
    /// How many operations its document has.
    pub operations: usize,
    /// How many component schemas its document has.
    pub schemas: usize,
    /// What each transform changed.
    pub changes: Vec<Change>,
}

impl ApiReport {
    /// One line: what the API has, and how much was changed to get there.
    pub fn summary(&self) -> String {
        format!(
            "{}: {} operations, {} schemas, {} changes by transforms",
            self.name,
            self.operations,
            self.schemas,
            self.changes.len()
        )
    }
}

/// Makes everything that is generated; `only` names one API, for every one where it is `None`.
pub fn regenerate(root: &Path, only: Option<&str>) -> Result<Regenerated> {
    let apis = Api::read_all(root)?;
    if let Some(name) = only
        && !apis.iter().any(|api| api.name == name)
    {
        let names: Vec<&str> = apis.iter().map(|api| api.name.as_str()).collect();
        return Err(Diagnostic::new(format!("there is no API `{name}`"))
            .at("specs", Place::Whole)
            .help(format!("the APIs are: {}", names.join(", "))));
    }
    let mut output = Output::default();
    let mut reports = Vec::new();
    for api in apis.iter().filter(|api| only.is_none_or(|name| api.name == name)) {
        reports.push(regenerate_api(root, api, &mut output)?);
    }
    Ok(Regenerated { output, apis: reports })
}

fn regenerate_api(root: &Path, api: &Api, output: &mut Output) -> Result<ApiReport> {
    let (input, overlay) = normalise::read(root, api)?;
    let normalised = normalise::normalise(api, input, overlay.as_ref())?;
    output.add(api.file(normalise::NORMALISED), document::to_json(&normalised.document));
    let schemas = normalised.document.pointer("/components/schemas");
    Ok(ApiReport {
        name: api.name.clone(),
        operations: normalise::operations(&normalised.document).count(),
        schemas: schemas.and_then(|schemas| schemas.as_object()).map_or(0, serde_json::Map::len),
        changes: normalised.changes,
    })
}
