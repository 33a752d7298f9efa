//! Creates `specs/<name>/` for another API, from an `OpenAPI` document or from docs pages.

mod collisions;
mod documents;
mod error_schema;
mod input;
mod overlay;
mod settings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use specmill_docs::source::Given;
use specmill_normalize::{Input, naming};
use specmill_openapi::changes::Changes;
use specmill_openapi::document;
use specmill_openapi::layout::{API_FILE, OVERLAY};
use specmill_openapi::names;
use specmill_openapi::prepare_partial;
use specmill_openapi::rename::Rename;

use crate::api::{self, Api};
use crate::output::{Action, Output, Plan};
use crate::regen;
use crate::workspace::Workspace;
use crate::{facade, import, input as api_input, marks};
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};

use input::Kind;
use overlay::Overlay;

/// The options of a new API. The defaults are derived from the name and the document.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The API's name in prose.
    pub title: Option<String>,
    /// The path of its module in the facade.
    pub module: Option<String>,
    /// The facade's feature that includes it.
    pub feature: Option<String>,
    /// The prefix of its environment variables.
    pub environment: Option<String>,
    /// The https URL of its documentation.
    pub documentation: Option<String>,
    /// The folder with the files that the document may reference; by default its own.
    pub files: Option<PathBuf>,
    /// The bundled overlay that is added: `scp`.
    pub overlay: Option<String>,
}

/// The plan for a new API.
#[derive(Debug)]
#[non_exhaustive]
pub struct New {
    /// The decisions, a line each.
    pub report: Vec<String>,
    /// The files to write.
    pub plan: Plan,
}

/// Checks that a name is valid for an API, and not yet used.
///
/// # Errors
/// The name is invalid or taken.
pub fn check_free(root: &Path, name: &str) -> Result<()> {
    api::check_name(name)?;
    for folder in [
        Path::new("specs").join(name),
        Path::new("crates").join(name),
    ] {
        if root.join(&folder).symlink_metadata().is_ok() {
            return Err(Diagnostic::new(format!("`{name}` exists already"))
                .at(folder, Place::Whole)
                .help(
                    "choose another name; to update the pages of an API, use `cargo xtask import`",
                ));
        }
    }
    Ok(())
}

/// Prepares an API from one `OpenAPI` document or from docs pages.
///
/// Names that collide in Rust are resolved once, in api.toml. The error schema is the one that all error responses
/// use, if there is one. Nothing is written until the plan is carried out. `today` is the date, `YYYY-MM-DD`.
///
/// # Errors
/// The name, an option or the input is invalid.
pub fn prepare(
    root: &Path,
    name: &str,
    options: &Options,
    inputs: Vec<Given>,
    today: &str,
) -> Result<New> {
    check_free(root, name)?;
    let mut given = Content::read(root, name, options, inputs, today)?;
    let suffix = given.namespace_suffix();
    let prepared = given.prepared()?;
    let (operations, schemas) = prepared.names(suffix);
    let renames = collisions::settle(&operations, &schemas);
    let error_schema = error_schema::find(&given.documents()).map(|published| {
        let settled = renames
            .schemas
            .iter()
            .find(|(from, _)| *from == published)
            .map(|(_, to)| to.clone());
        settled.unwrap_or_else(|| names::schema_name(&published, suffix))
    });
    let text = settings::api_toml(
        name,
        options,
        &settings::Source {
            document: given.first(),
            file: given.setting(),
            is_partial: prepared.is_partial,
        },
        error_schema.as_deref(),
        suffix,
        &renames,
    );
    let workspace = Arc::new(Workspace::open(root)?);
    regen::check_place(&workspace, name)?;
    let api = read_settings(&workspace, name, &text)?;
    check_facade(&workspace, &api)?;
    let mut report = vec![format!(
        "created specs/{name}: {}, {}, from {}",
        regen::counted(operations.len(), "operation"),
        regen::counted(schemas.len(), "schema"),
        given.describe()
    )];
    report.extend(given.unread());
    for (from, to) in renames.operations.iter().chain(&renames.schemas) {
        report.push(format!(
            "renamed {from} to {to}, since its name is already used"
        ));
    }
    report.push(match &error_schema {
        Some(schema) => format!("the error schema is {schema}"),
        None => {
            "no single schema describes the errors; if there is one, set `error-schema` in api.toml"
                .to_owned()
        }
    });
    let overlay = match &options.overlay {
        Some(ready) => Some(Overlay::new(ready, name, given.whole(ready)?)?),
        None => None,
    };
    for document in given.documents() {
        report.extend(marks::lines(document));
    }
    let mut plan = given.plan();
    if let Some(overlay) = &overlay {
        report.push(overlay.report.clone());
        let (file, text) = (api.file(OVERLAY), overlay.text.clone());
        plan.touched
            .push((file, Action::Create, String::new(), text));
    }
    // An input that cannot be normalised is rejected early.
    let normalized = specmill_normalize::normalize(
        &api.normalize_options(),
        given.into_input(prepared),
        overlay.as_ref().map(|overlay| &overlay.content),
    )?;
    if let Some(reason) = document::why_no_operation(&normalized.document) {
        report.insert(1, format!("no operations: {reason}"));
    }
    // This file is written last, since the folder is not an API without it.
    plan.touched
        .push((api.file(API_FILE), Action::Create, String::new(), text));
    Ok(New { report, plan })
}

/// Parses the settings together with those of every other API, as `regen` will.
fn read_settings(workspace: &Arc<Workspace>, name: &str, text: &str) -> Result<Api> {
    let api = Api::from_toml(workspace, name, text).map_err(from_arguments)?;
    let module = &api.settings.module;
    match Api::read_all_in(workspace)?
        .iter()
        .find(|other| other.settings.module == *module)
    {
        None => Ok(api),
        Some(other) => Err(Diagnostic::new(format!(
            "the API `{}` has the module `{module}`",
            other.name
        ))
        .help("set another one with --module")),
    }
}

/// Checks that the facade can contain the API together with the others, as `regen` will.
fn check_facade(workspace: &Arc<Workspace>, api: &Api) -> Result<()> {
    if workspace.facade().is_none() {
        return Ok(());
    }
    let mut apis = Api::read_all_in(workspace)?;
    apis.push(api.clone());
    facade::generate(workspace, &apis, &BTreeSet::new(), &mut Output::default())
}

/// The file does not exist yet, so errors in it originate in the command line.
fn from_arguments(diagnostic: Box<Diagnostic>) -> Box<Diagnostic> {
    diagnostic
        .note("the file is not written; it would hold what the options say, or their defaults")
}

/// The input of the API.
enum Content {
    /// One document.
    Document(Box<documents::Document>),
    /// The documents of pages, with the plan to store them.
    Pages {
        pages: usize,
        import: import::Import,
    },
}

impl Content {
    fn read(
        root: &Path,
        name: &str,
        options: &Options,
        inputs: Vec<Given>,
        today: &str,
    ) -> Result<Self> {
        let folder = Path::new("specs").join(name);
        let kinds: Vec<Kind> = inputs.iter().map(input::kind).collect();
        if kinds.iter().any(|kind| *kind != Kind::Page) {
            let [given] = &inputs[..] else {
                return Err(Diagnostic::new(
                    "an OpenAPI document cannot be combined with other arguments",
                )
                .help("pass a single document that contains the whole API, or only pages"));
            };
            let document =
                documents::Document::read(given, kinds[0], &folder, options.files.as_deref())?;
            return Ok(Self::Document(Box::new(document)));
        }
        // An import only needs the name of the API.
        let settings = settings::api_toml(
            name,
            options,
            &settings::Source::default(),
            None,
            None,
            &collisions::Renames::default(),
        );
        let workspace = Arc::new(Workspace::open(root)?);
        let api = Api::from_toml(&workspace, name, &settings).map_err(from_arguments)?;
        let pages = inputs.into_iter().map(Given::into_page);
        let pages = pages.collect::<Result<Vec<_>>>()?;
        let import = import::import(root, &api, &pages, today)?;
        Ok(Self::Pages {
            pages: pages.len(),
            import,
        })
    }

    fn documents(&self) -> Vec<&Value> {
        match self {
            Self::Document(given) => vec![&given.content],
            Self::Pages { import, .. } => import
                .published
                .iter()
                .map(|published| &published.document)
                .collect(),
        }
    }

    /// The document that a bundled overlay applies to.
    fn whole(&self, overlay: &str) -> Result<&Value> {
        match self {
            Self::Document(given) => Ok(&given.content),
            Self::Pages { .. } => Err(Diagnostic::new(format!(
                "the overlay `{overlay}` applies to documents, not to pages"
            ))
            .help("pass the document, or omit --overlay")),
        }
    }

    fn first(&self) -> Option<&Value> {
        self.documents().first().copied()
    }

    /// The common namespace suffix of all schemas.
    fn namespace_suffix(&self) -> Option<&'static str> {
        let documents = self.documents();
        let schemas = documents.iter().filter_map(|document| {
            document
                .pointer("/components/schemas")
                .and_then(Value::as_object)
        });
        names::namespace_suffix(schemas.flat_map(|schemas| schemas.keys().map(String::as_str)))
    }

    fn prepared(&self) -> Result<Prepared> {
        let mut prepared = Prepared::default();
        for document in self.documents() {
            let mut document = document.clone();
            // The documents of pages were checked when they were read.
            prepared.is_partial |= prepare_partial(&mut document, &mut Changes::default())
                .map_err(|diagnostic| match self {
                    Self::Document(given) => diagnostic.in_file(&given.named),
                    Self::Pages { .. } => diagnostic,
                })?;
            prepared.documents.push(document);
        }
        Ok(prepared)
    }

    /// The file of the document for api.toml; `None` if it has the default name.
    fn setting(&self) -> Option<&str> {
        match self {
            Self::Document(given) => given.setting.as_deref(),
            Self::Pages { .. } => None,
        }
    }

    /// The references to files that were not read, one line each.
    fn unread(&self) -> Vec<String> {
        match self {
            Self::Document(given) => given.unread(),
            Self::Pages { .. } => Vec::new(),
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Document(given) => given.describe(),
            Self::Pages { pages: 1, .. } => "1 page".to_owned(),
            Self::Pages { pages, .. } => format!("{pages} pages"),
        }
    }

    fn plan(&mut self) -> Plan {
        match self {
            Self::Document(given) => {
                let mut plan = Plan::default();
                for (file, text) in std::mem::take(&mut given.files) {
                    plan.touched
                        .push((file, Action::Create, String::new(), text));
                }
                plan
            }
            Self::Pages { import, .. } => std::mem::take(&mut import.plan),
        }
    }

    fn into_input(self, mut prepared: Prepared) -> Input {
        match self {
            Self::Document(given) => {
                let document = prepared.documents.pop().unwrap_or(given.content);
                Input::Prepared(given.named, document)
            }
            Self::Pages { import, .. } => Input::Published(api_input::sources(import.published)),
        }
    }
}

/// The documents in the form that every transform expects, in their order.
#[derive(Default)]
struct Prepared {
    documents: Vec<Value>,
    /// Whether a document contains unresolved references.
    is_partial: bool,
}

impl Prepared {
    /// The names of operations and of schemas, in the order of the documents.
    fn names(&self, suffix: Option<&str>) -> (Vec<naming::Name>, Vec<naming::Name>) {
        let mut rename = Rename::default();
        rename.namespace_suffix = suffix.map(str::to_owned);
        let (mut operations, mut schemas) = (Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for document in &self.documents {
            operations.extend(naming::operation_names(&rename, document));
            // Every document that uses a schema contains it.
            let names = naming::schema_names(&rename, document).into_iter();
            schemas.extend(names.filter(|name| seen.insert(name.pointer.clone())));
        }
        (operations, schemas)
    }
}
