//! Drafts an `OpenAPI` document from printed pages, as a first version of a hand-written spec.
//!
//! `x-unknown` marks facts that the pages do not contain: it lists the names of properties, or is `true` if nothing is known. The
//! notes list contradictions between the pages.

mod headers;
mod operation;
mod paging;
mod parameters;
pub(crate) mod schemas;
mod service;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::verify::{self, Spec};
use scp_pages::{OperationSection, Page, ServiceSection, VersionRow};
use specmill_normalize::{Input, Options, normalize};
use specmill_openapi::diagnostic::{Diagnostic, Result};
use specmill_openapi::document::METHODS;
use specmill_openapi::layout::GIVEN;
use specmill_openapi::names;

/// How many notes a draft begins with, at most.
const MOST_NOTES: usize = 200;

/// A document made of pages.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Draft {
    /// The `OpenAPI` 3.1 document.
    pub document: Value,
    /// What the document could not take from the pages, a line each.
    pub notes: Vec<String>,
    /// The service that the document is of, as its version header names it.
    pub service: Option<String>,
}

impl Draft {
    /// The document in YAML, its notes as comments before it.
    ///
    /// # Errors
    /// The document cannot be serialized.
    pub fn to_yaml(&self) -> Result<String> {
        let mut out = String::from(
            "# Drafted from printed pages. `x-unknown` marks what they do not tell: look it up, then remove the mark.\n",
        );
        for note in self.notes.iter().take(MOST_NOTES) {
            let note: String = note
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            // Writing to a text cannot fail.
            let _ = writeln!(out, "# {note}");
        }
        if let Some(rest) = self
            .notes
            .len()
            .checked_sub(MOST_NOTES)
            .filter(|rest| *rest > 0)
        {
            let _ = writeln!(out, "# … {rest} more notes");
        }
        let yaml = yaml_serde::to_string(&self.document).map_err(|error| {
            Diagnostic::new(format!("the draft cannot be written as YAML: {error}"))
                .help("draft the pages one by one to see which it is")
        })?;
        out.push_str(&yaml);
        Ok(out)
    }
}

/// What is gathered while drafting.
#[derive(Default)]
struct Gathered {
    /// The models that something refers to.
    models: BTreeSet<String>,
    /// Header parameters, by their name among the components.
    headers: Map<String, Value>,
    /// Security schemes, by name.
    schemes: Map<String, Value>,
    notes: Vec<String>,
}

/// Drafts a document for each service that pages document, in the order of the pages.
///
/// An operation whose page names no service is of the service before it. A document has the models that its operations reach;
/// where there is one service, it has all.
pub fn drafts(pages: &[(String, Page)]) -> Vec<Draft> {
    let mut services: Vec<&str> = Vec::new();
    let sections = || pages.iter().flat_map(|(_, page)| &page.operations);
    for (service, _) in sections().filter_map(OperationSection::header_version) {
        if !services.contains(&service) {
            services.push(service);
        }
    }
    if services.len() < 2 {
        return vec![draft(pages)];
    }
    let draft_one = |wanted: &&str| {
        let mut current = services[0];
        let mut own = pages.to_vec();
        for (_, page) in &mut own {
            let mut operations = std::mem::take(&mut page.operations);
            let documents_any = !operations.is_empty();
            operations.retain(|section| {
                if let Some((service, _)) = section.header_version() {
                    current = services
                        .iter()
                        .find(|other| **other == service)
                        .unwrap_or(&current);
                }
                current == *wanted
            });
            // A page of another service says nothing of this one.
            if documents_any && operations.is_empty() {
                page.service = ServiceSection::default();
            }
            page.operations = operations;
        }
        let mut draft = draft_of(&own, Some(*wanted));
        schemas::keep_reached(&mut draft.document);
        draft
    };
    services.iter().map(draft_one).collect()
}

/// Drafts one document from pages that were read, by their names.
pub fn draft(pages: &[(String, Page)]) -> Draft {
    draft_of(pages, None)
}

fn draft_of(pages: &[(String, Page)], service: Option<&str>) -> Draft {
    let mut gathered = Gathered::default();
    let sections: Vec<&OperationSection> = pages
        .iter()
        .flat_map(|(_, page)| &page.operations)
        .collect();
    let mut groups: Vec<(&str, &str, Vec<&OperationSection>)> = Vec::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for section in &sections {
        let place = *places
            .entry((&section.path, &section.method))
            .or_insert_with(|| {
                groups.push((&section.path, &section.method, Vec::new()));
                groups.len() - 1
            });
        groups[place].2.push(section);
    }
    let mut paths = Map::new();
    let mut taken = BTreeSet::new();
    let mut newest_of_all: Option<&OperationSection> = None;
    let shared = shared_titles(&sections);
    for (path, method, group) in &groups {
        let (path, method) = (*path, *method);
        let known = METHODS.contains(&method);
        let newest = versions::newest(group.iter().copied());
        let Some(newest) = newest.filter(|_| known) else {
            continue;
        };
        let title = newest.title.as_ref().map(|title| title.value.as_str());
        // A title that several operations stand under is that of their section.
        let title = title.filter(|title| !shared.contains(title));
        let id = operation_id(newest, title, &mut taken);
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation::draft(newest, &id, title, pages, &mut gathered);
        newest_of_all = versions::newest(newest_of_all.into_iter().chain([newest]));
    }
    let own_table: Vec<&VersionRow> = pages
        .iter()
        .flat_map(|(_, page)| &page.service.versions)
        .collect();
    let table = versions::table(&sections, &own_table);
    for (path, method, group) in &groups {
        let operation = paths.get_mut(*path).and_then(|item| item.get_mut(*method));
        if let (Some(operation), Some(own)) = (operation, versions::own(&sections, group)) {
            operation["x-source"]["versions"] = json!(own);
        }
    }
    let schemas = schemas::components(pages, &mut gathered);
    let mut document = Map::new();
    document.insert("openapi".into(), json!("3.1.0"));
    document.insert("info".into(), info(newest_of_all));
    let servers = service::servers(pages, service);
    if servers.is_empty() {
        document.insert("x-unknown".into(), json!(["servers"]));
    } else {
        document.insert("servers".into(), Value::Array(servers));
    }
    if !gathered.schemes.is_empty() {
        let requirement: Map<String, Value> = gathered
            .schemes
            .keys()
            .map(|name| (name.clone(), json!([])))
            .collect();
        document.insert("security".into(), json!([requirement]));
    }
    if !table.is_empty() {
        document.insert("x-api-versions".into(), Value::Array(table));
    }
    document.insert("paths".into(), Value::Object(paths));
    let mut components = Map::new();
    for (name, members) in [
        ("parameters", gathered.headers),
        ("securitySchemes", gathered.schemes),
        ("schemas", schemas),
    ] {
        if !members.is_empty() {
            components.insert(name.into(), Value::Object(members));
        }
    }
    document.insert("components".into(), Value::Object(components));
    let document = Value::Object(document);
    let mut notes = gathered.notes;
    notes.extend(contradictions(&document, pages));
    let named = newest_of_all
        .and_then(|section| section.header_version())
        .map(|(service, _)| service.to_owned());
    Draft {
        document,
        notes,
        service: named,
    }
}

/// The titles that operations of different paths or methods stand under.
fn shared_titles<'a>(sections: &[&'a OperationSection]) -> BTreeSet<&'a str> {
    let mut operations: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for section in sections {
        if let Some(title) = &section.title {
            operations
                .entry(&title.value)
                .or_default()
                .insert((&section.method, &section.path));
        }
    }
    operations
        .into_iter()
        .filter(|(_, of)| of.len() > 1)
        .map(|(title, _)| title)
        .collect()
}

fn info(newest: Option<&OperationSection>) -> Value {
    let service = newest.and_then(|section| {
        section
            .header_version()
            .map(|(service, _)| service.to_owned())
    });
    let title = service.or_else(|| newest?.title.as_ref().map(|title| title.value.clone()));
    let version = newest.and_then(OperationSection::version);
    let mut unknown = Vec::new();
    if title.is_none() {
        unknown.push("title");
    }
    if version.is_none() {
        unknown.push("version");
    }
    let mut info = json!({
        "title": title.unwrap_or_else(|| "unknown".to_owned()),
        "version": version.unwrap_or("unknown"),
    });
    mark_unknown(&mut info, &unknown);
    info
}

/// The name of the page, or one made of method and path; never one that another operation has.
fn operation_id(
    section: &OperationSection,
    title: Option<&str>,
    taken: &mut BTreeSet<String>,
) -> String {
    let made = names::snake_case(&format!("{} {}", section.method, section.path));
    let title = title.map(|title| {
        if title.contains(' ') {
            names::pascal_case(title)
        } else {
            title.to_owned()
        }
    });
    let mut id = title.unwrap_or_else(|| made.clone());
    if names::snake_case(&id).is_empty() || taken.contains(&names::pascal_case(&id).to_lowercase())
    {
        id = made;
    }
    let mut count = 1;
    let base = id.clone();
    while !taken.insert(names::pascal_case(&id).to_lowercase()) {
        count += 1;
        id = format!("{base}_v{count}");
    }
    id
}

/// Marks members of an object as unknown.
fn mark_unknown(object: &mut Value, names: &[&str]) {
    if let Some(members) = object.as_object_mut().filter(|_| !names.is_empty()) {
        members.insert("x-unknown".into(), json!(names));
    }
}

/// Where pages, or versions of an operation, say other things than the draft took.
fn contradictions(document: &Value, pages: &[(String, Page)]) -> Vec<String> {
    let options = Options::new("draft");
    let file = PathBuf::from(GIVEN[0]);
    let input = Input::Document(file.clone(), document.clone());
    match normalize(&options, input, None) {
        Ok(normalised) => {
            let spec = Spec::new(options, normalised.document, Some((file, document.clone())));
            let report = verify::compare(&spec, pages);
            let line = |found: &verify::Difference| {
                format!(
                    "{}:{}: {}: the page says {}, the draft {}",
                    found.page, found.line, found.what, found.page_says, found.spec_says
                )
            };
            report.differences.iter().map(line).collect()
        }
        Err(error) => vec![format!(
            "The draft needs a correction first: {}",
            error.message()
        )],
    }
}
