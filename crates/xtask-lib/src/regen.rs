//! Runs the generator in memory: every output from every input.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use specmill_codegen::generate::tag_features::has_tag_features;
use specmill_docs::published;
use specmill_model::Fallback;
use specmill_model::SkippedOperation;
use specmill_normalize::Input;
use specmill_openapi::changes::Change;
use specmill_openapi::infinite::IGNORE_INFINITE_BOUNDS;
use specmill_openapi::layout::NORMALISED;

use crate::api::{Api, remedy};
use crate::output::{Output, is_generated};
use crate::workspace::Workspace;
use crate::{facade, input, marks};
use specmill_model::Model;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document;

/// The result of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Regenerated {
    /// The files, and the folders that are generated.
    pub output: Output,
    /// The report for each API.
    pub apis: Vec<ApiReport>,
    /// The folders of crates that are not members of the workspace.
    pub strangers: Vec<String>,
}

/// The report for one API.
#[derive(Debug)]
#[non_exhaustive]
pub struct ApiReport {
    /// The API's name.
    pub name: String,
    /// The number of operations in its document.
    pub operations: usize,
    /// The number of component schemas in its document.
    pub schemas: usize,
    /// The changes of each transform.
    pub changes: Vec<Change>,
    /// Operations that are not in the crate, with the reasons.
    pub skipped: Vec<SkippedOperation>,
    /// Parameters that are not in the crate, in a line each, with the reasons.
    pub skipped_parameters: Vec<String>,
    /// The paging of each list, in one line each, or the reason why declared paging is not used.
    pub lists: Vec<String>,
    /// Places that fall back to `serde_json::Value`, with the reasons.
    pub fallbacks: Vec<Fallback>,
    /// Other features of the document that the crate does not support, in sentences.
    pub notes: Vec<String>,
    /// The number of marks `x-unknown` in the document and their places, a line each.
    pub unknown: Vec<String>,
    /// The reason why the document has no operations; `None` if it has some.
    pub empty: Option<String>,
    /// Whether the crate has a feature for each tag.
    tag_features: bool,
}

impl ApiReport {
    /// The changes that removed bounds which restrict no number.
    pub fn ignored_bounds(&self) -> impl Iterator<Item = &Change> {
        let changes = self.changes.iter();
        changes.filter(|change| change.transform == IGNORE_INFINITE_BOUNDS)
    }

    /// The size of the API, and the number of changes.
    pub fn summary(&self) -> String {
        let mut transforms: Vec<&str> =
            self.changes.iter().map(|change| change.transform).collect();
        transforms.sort_unstable();
        transforms.dedup();
        let mut summary = format!(
            "{}: {}, {}; {} made {}",
            self.name,
            counted(self.operations, "operation"),
            counted(self.schemas, "schema"),
            counted(transforms.len(), "transform"),
            counted(self.changes.len(), "change")
        );
        let [parameters, bounds] = [self.skipped_parameters.len(), self.ignored_bounds().count()];
        for (count, what) in [
            (
                self.skipped.len(),
                format!("{} skipped", self.skipped.len()),
            ),
            (
                parameters,
                format!("{} skipped", counted(parameters, "parameter")),
            ),
            (
                self.fallbacks.len(),
                format!(
                    "{} to serde_json::Value",
                    counted(self.fallbacks.len(), "fallback")
                ),
            ),
            (
                self.notes.len(),
                format!("{} not supported", self.notes.len()),
            ),
            (bounds, format!("{} ignored", counted(bounds, "bound"))),
        ] {
            if count > 0 {
                summary += &format!("; {what}");
            }
        }
        summary
    }
}

/// A number with its noun: `1 operation`, `2 operations`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Generates everything; `only` selects one API, `None` all of them.
///
/// # Errors
/// A setting, a document or an overlay is invalid, or no API has the name.
pub fn regenerate(root: &Path, only: Option<&str>) -> Result<Regenerated> {
    let workspace = Arc::new(Workspace::open(root)?);
    let apis = Api::read_all_in(&workspace)?;
    if let Some(name) = only
        && !apis.iter().any(|api| api.name == name)
    {
        return Err(Diagnostic::new(format!("there is no API `{name}`"))
            .at("specs", Place::Whole)
            .help(remedy(root, name)));
    }
    regenerate_apis(&workspace, &apis, only)
}

/// Regenerates everything as if the API with this name did not exist.
pub(crate) fn regenerate_without(root: &Path, name: &str) -> Result<Regenerated> {
    let workspace = Arc::new(Workspace::open(root)?);
    let mut apis = Api::read_all_in(&workspace)?;
    apis.retain(|api| api.name != name);
    regenerate_apis(&workspace, &apis, None)
}

fn regenerate_apis(workspace: &Workspace, apis: &[Api], only: Option<&str>) -> Result<Regenerated> {
    let root = workspace.root();
    let mut output = Output::default();
    let licences = licences(root);
    for text in licences.values() {
        output.recognise(text);
    }
    let mut reports = Vec::new();
    for api in apis
        .iter()
        .filter(|api| only.is_none_or(|name| api.name == name))
    {
        reports.push(regenerate_api(workspace, api, &licences, &mut output)?);
    }
    if workspace.facade().is_some() {
        let tagged = tagged(root, apis, &reports)?;
        facade::generate(workspace, apis, &tagged, &mut output)?;
        if only.is_none() {
            output.owns(facade::reference::FOLDER);
            output.owns(facade::reference::PROGRAMS);
        }
    }
    if only.is_none() {
        own_orphans(root, apis, &mut output);
    }
    let strangers = apis.iter().filter(|api| !workspace.has_member(&api.name));
    Ok(Regenerated {
        output,
        strangers: strangers
            .map(|api| format!("crates/{}", api.name))
            .collect(),
        apis: reports,
    })
}

/// The APIs whose crates have a feature for each tag. For an API that is not regenerated, its document determines it.
fn tagged(root: &Path, apis: &[Api], reports: &[ApiReport]) -> Result<BTreeSet<String>> {
    let mut tagged = BTreeSet::new();
    for api in apis {
        let report = reports.iter().find(|report| report.name == api.name);
        let has = if let Some(report) = report {
            report.tag_features
        } else {
            let file = root.join(api.file(NORMALISED));
            file.exists() && {
                let model = specmill_model::lower(
                    &api.codegen_options().lowering(),
                    &document::read(&file)?,
                )?;
                has_tag_features(&model)
            }
        };
        if has {
            tagged.insert(api.name.clone());
        }
    }
    Ok(tagged)
}

/// Removes the generated crate of a removed API.
fn own_orphans(root: &Path, apis: &[Api], output: &mut Output) {
    for entry in std::fs::read_dir(root.join("crates"))
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name();
        let manifest = std::fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        if is_generated(&manifest) && !apis.iter().any(|api| api.name.as_str() == name) {
            output.owns(Path::new("crates").join(name));
        }
    }
}

fn regenerate_api(
    workspace: &Workspace,
    api: &Api,
    licences: &BTreeMap<String, String>,
    output: &mut Output,
) -> Result<ApiReport> {
    let root = workspace.root();
    check_place(workspace, &api.name)?;
    let (input, overlay) = input::read(root, api)?;
    let unknown = match &input {
        Input::Document(_, document) => marks::lines(document),
        _ => Vec::new(),
    };
    let normalised =
        specmill_normalize::normalize(&api.normalize_options(), input, overlay.as_ref())?;
    let text = document::to_json(&normalised.document);
    let digest = published::digest(&text);
    output.add(api.file(NORMALISED), text);
    let in_document = |diagnostic: Box<Diagnostic>| diagnostic.in_file(api.file(NORMALISED));
    let options = api.codegen_options();
    let model =
        specmill_model::lower(&options.lowering(), &normalised.document).map_err(in_document)?;
    let generated = specmill_codegen::generate(&options, &normalised.document, &model, &digest)
        .map_err(in_document)?;
    let folder = api.crate_folder();
    output.owns(&folder);
    for (file, text) in generated.files {
        output.add(folder.join(file), text);
    }
    for (name, text) in licences {
        output.add(folder.join(name), text);
    }
    if let Some(page) = generated.reference {
        output.add(api.reference_page(), page);
    }
    if let Some(programs) = generated.reference_programs {
        output.add(api.reference_programs(), programs);
    }
    let schemas = normalised.document.pointer("/components/schemas");
    Ok(ApiReport {
        name: api.name.clone(),
        operations: document::operations(&normalised.document).count(),
        schemas: schemas
            .and_then(|schemas| schemas.as_object())
            .map_or(0, serde_json::Map::len),
        changes: normalised.changes,
        tag_features: has_tag_features(&model),
        skipped_parameters: model
            .skipped_parameters()
            .map(|(operation, which, reason)| format!("{which} of {operation}: {reason}"))
            .collect(),
        lists: lists(&model),
        empty: document::why_no_operation(&normalised.document),
        skipped: model.skipped,
        fallbacks: model
            .fallbacks
            .into_iter()
            .chain(generated.refused)
            .collect(),
        notes: model.notes,
        unknown,
    })
}

/// The paging of the lists of an API, in one line each.
fn lists(model: &Model) -> Vec<String> {
    let pages = model.operations.iter().filter_map(|operation| {
        let paging = operation.paging.as_ref()?;
        let items = match paging.items() {
            "" => "the response".to_owned(),
            items => format!("`{items}`"),
        };
        Some(format!(
            "{} pages {}; items in {items}",
            operation.id,
            paging.describe()
        ))
    });
    let not = model.unpaged.iter();
    let not = not.map(|(operation, reason)| format!("{operation} does not page: {reason}"));
    pages.chain(not).collect()
}

/// Checks that the crate of an API can be generated: its folder must not contain another crate.
pub(crate) fn check_place(workspace: &Workspace, api: &str) -> Result<()> {
    let manifest = Path::new("crates").join(api).join("Cargo.toml");
    match std::fs::read_to_string(workspace.root().join(&manifest)) {
        Ok(text) if !is_generated(&text) => Err(Diagnostic::new(format!(
            "`crates/{api}` holds a package that is not generated"
        ))
        .at(&manifest, Place::Whole)
        .help("give the API another name, or move the package")),
        _ => Ok(()),
    }
}

/// The licence files in the root of the workspace, which are copied to each package.
fn licences(root: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let is_licence = name.starts_with("LICENSE") && entry.path().is_file();
        let text = is_licence.then(|| std::fs::read_to_string(entry.path()).ok())??;
        Some((name, text))
    });
    files.collect()
}
