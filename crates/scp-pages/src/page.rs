//! The model of a printed page: its facts, each with its line.

use std::collections::HashMap;

use serde_json::Value;

use super::facts::Limit;
use super::schema::Schema;

/// A value and the line of the page it stands on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The line.
    pub line: usize,
    /// The value.
    pub value: T,
}

impl<T> Located<T> {
    pub(crate) fn new(line: usize, value: T) -> Self {
        Self { line, value }
    }
}

/// A fact that a page may contain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Told<T> {
    /// The page does not contain the fact, or it cannot be parsed.
    #[default]
    Unknown,
    /// The page states on this line that there is no value.
    Nothing(usize),
    /// The value that the page states.
    Says(Located<T>),
}

impl<T> Told<T> {
    /// Whether the page contains the fact.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    /// The value, if the page states one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Says(located) => Some(&located.value),
            _ => None,
        }
    }
}

/// A printed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What kind of page it is.
    pub kind: Kind,
    /// Its operations, once for each version, in the order of the page.
    pub operations: Vec<OperationSection>,
    /// Its models, in the order of the page.
    pub models: Vec<ModelSection>,
    /// Facts about the service, before and between the operations.
    pub service: ServiceSection,
    /// Faults that forbid a comparison, in the order of the page.
    pub faults: Vec<Located<Fault>>,
    /// The end of the page.
    pub end: End,
}

/// The end of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct End {
    /// The last line that contains text.
    pub line: usize,
    /// The last operation or model, as in `GET /v1/users (1.4)`; empty if there is none.
    pub section: String,
    /// Whether the page proves that nothing follows, as `</html>` does.
    pub is_proven: bool,
    /// A description of the missing part, if the page is cut off.
    pub missing: Option<String>,
}

/// A fault of a page as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The end of the page is missing.
    CutOff,
    /// A table has rows that cannot be parsed.
    UnreadableRows,
}

/// The facts that a page contains about the service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceSection {
    /// Its base URL; regions and environments are in braces: `https://servers.{region}.{environment}.example.com`.
    pub url: Option<Located<String>>,
    /// The pairs of environment and region that it has, as the page names them.
    pub regions: Vec<RegionRow>,
    /// Its versions.
    pub versions: Vec<VersionRow>,
}

/// A row of the table of environments and regions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionRow {
    /// The line.
    pub line: usize,
    /// What stands for the environment in the URL: `e`.
    pub environment: String,
    /// What people call the environment: `Enterprise`.
    pub environment_name: Option<String>,
    /// What stands for the region in the URL: `kr-west1`.
    pub region: String,
}

/// What kind of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It documents operations or models.
    Reference,
    /// It only lists other pages.
    TableOfContents,
    /// It documents a command line: no operation has a method and a path.
    CommandLine,
    /// It is none of these.
    Unrecognised,
}

/// One operation in one version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OperationSection {
    /// The line that names method and path.
    pub line: usize,
    /// The name of the operation: `ListUsers`.
    pub title: Option<Located<String>>,
    /// The version that the heading names.
    pub heading: Option<Located<String>>,
    /// The method in lower case.
    pub method: String,
    /// The path, with its parameters in braces.
    pub path: String,
    /// What the operation does.
    pub description: Option<Located<String>>,
    /// The state of the version: `CURRENT`.
    pub state: Option<Located<String>>,
    /// The rows of the version table.
    pub versions: Vec<VersionRow>,
    /// The parameters, bodies among them.
    pub parameters: Rows<Parameter>,
    /// The responses.
    pub responses: Rows<Response>,
    /// The path of the example, with its query.
    pub request_path: Option<Located<String>>,
    /// The headers of the example; none where the page does not show them.
    pub headers: Vec<Header>,
    /// The body of the example request.
    pub request_example: Option<JsonExample>,
    /// The bodies of the example responses, by status.
    pub response_examples: Vec<(String, JsonExample)>,
}

impl OperationSection {
    /// The method and the path: `GET /v1/users`.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// Whether the table of parameters has a body.
    pub(super) fn has_body(&self) -> bool {
        let mut rows = self.parameters.rows.iter();
        rows.any(|row| row.location == ParameterLocation::Body)
    }

    /// The version of the section: the one that most of heading, version table and example header
    /// name, the heading's where all differ.
    pub fn version(&self) -> Option<&str> {
        let heading = self.heading.as_ref().map(|heading| heading.value.as_str());
        let row = match &self.versions[..] {
            [row] => row.version.as_ref().map(|version| version.value.as_str()),
            _ => None,
        };
        let header = self.header_version().map(|(_, version)| version);
        match (heading, row, header) {
            (_, Some(row), Some(header)) if row == header => Some(row),
            _ => heading.or(row).or(header),
        }
    }

    /// The version that the example header `Scp-Api-Version` names, and the service before it.
    pub fn header_version(&self) -> Option<(&str, &str)> {
        let header = self
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case("Scp-Api-Version"))?;
        let (service, version) = header.value.rsplit_once(' ')?;
        super::label::is_version(version).then_some((service, version))
    }
}

/// A row of the version table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRow {
    /// The version: `1.4`.
    pub version: Option<Located<String>>,
    /// The state, where the table has it.
    pub state: Option<Located<String>>,
    /// The date up to which it is guaranteed, as `YYYY-MM-DD`.
    pub not_before: Told<String>,
}

/// The rows of a table, and how much of it could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// The line where the table, or its label, begins.
    pub line: Option<usize>,
    /// The rows.
    pub rows: Vec<T>,
    /// How much of the table that is.
    pub extent: Extent,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self {
            line: None,
            rows: Vec::new(),
            extent: Extent::Missing,
        }
    }
}

/// How much of a table could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The page shows no table: nothing is known of it.
    Missing,
    /// The table is damaged, or has lines that could not be understood: there may be more rows.
    Part,
    /// All of it: what is not in the rows is not there.
    Whole,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
    /// The body itself.
    Body,
    /// A field of a form.
    Form,
    /// No parameter: a property of a model.
    Property,
}

impl ParameterLocation {
    /// The word for it in `OpenAPI`, or for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body => "body",
            Self::Form => "form",
            Self::Property => "property",
        }
    }
}

/// A parameter, a body or a property of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The first line of its row.
    pub line: usize,
    /// Its location.
    pub location: ParameterLocation,
    /// Its name; a body need not have one.
    pub name: Option<Located<String>>,
    /// Whether it is required.
    pub required: Option<Located<bool>>,
    /// What it is.
    pub description: Option<Located<String>>,
    /// The example, as printed.
    pub example: Option<Located<String>>,
    /// The limits of its value, as printed.
    pub limits: Vec<(Limit, Located<String>)>,
    /// Its type.
    pub schema: Told<Schema>,
    /// The default, as printed.
    pub default: Told<String>,
    /// Schema and default as printed in one, where the page does not show where one ends, or what
    /// stands in their place and is neither.
    pub together: Option<Located<String>>,
}

impl Parameter {
    /// Whether it is required, and its type, for people: `optional, integer`.
    pub fn shown(&self) -> String {
        let schema = self
            .schema
            .value()
            .map_or_else(|| "of unknown type".to_owned(), Schema::to_string);
        match &self.required {
            Some(required) if required.value => format!("required, {schema}"),
            Some(_) => format!("optional, {schema}"),
            None => schema,
        }
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The first line of its row.
    pub line: usize,
    /// The status: `200`, or `default`.
    pub status: String,
    /// What it means.
    pub description: Option<Located<String>>,
    /// The schema of its body.
    pub schema: Told<Schema>,
    /// Description and schema as printed in one, where the cells run together.
    pub together: Option<Located<String>>,
}

/// A header of the example request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The line.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The value of the example.
    pub value: String,
}

/// A model, in one version where the page has several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelSection {
    /// The line where its table begins.
    pub line: usize,
    /// Its name.
    pub name: Option<Located<String>>,
    /// The version that the heading names.
    pub heading: Option<Located<String>>,
    /// What it is.
    pub description: Option<Located<String>>,
    /// Its properties.
    pub properties: Rows<Parameter>,
    /// Its type, where it is no object with properties: an enumeration.
    pub schema: Option<Located<Schema>>,
}

/// A JSON body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonExample {
    /// The line where it begins.
    pub line: usize,
    /// The body.
    pub value: Value,
    /// The line of each value, by JSON pointer.
    pub(super) lines: HashMap<String, usize>,
}

impl JsonExample {
    /// The line of what a JSON pointer points to, or of what is around it.
    pub fn line_of(&self, pointer: &str) -> usize {
        let mut pointer = pointer;
        loop {
            if let Some(line) = self.lines.get(pointer) {
                return *line;
            }
            match pointer.rfind('/') {
                Some(end) => pointer = &pointer[..end],
                None => return self.line,
            }
        }
    }
}
