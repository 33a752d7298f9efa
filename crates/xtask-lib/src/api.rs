//! The settings of an API, `specs/<api>/api.toml`, and the APIs of a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use specmill_normalize::Paging;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::layout::API_FILE;
use specmill_openapi::rename::Rename;

use crate::workspace::Workspace;

/// An API, as `specs/<name>/api.toml` describes it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Api {
    /// The name of its folder in `specs/` and in `crates/`.
    pub name: String,
    /// The content of the file.
    pub settings: Settings,
    /// The workspace that it is in.
    workspace: Arc<Workspace>,
}

/// The keys of `api.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the file, and all combine"
)]
#[non_exhaustive]
pub struct Settings {
    /// The API's name in prose: `Panther`.
    pub title: String,
    /// The https URL of the vendor's documentation, if it is known.
    #[serde(default)]
    pub documentation: Option<String>,
    /// The path of its module in the facade: `scp::identity_center`.
    pub module: String,
    /// The facade's feature that includes it.
    pub feature: String,
    /// The prefix of the environment variables that `from_env` reads: `PANTHER`.
    pub environment: String,
    /// The component schema that describes an error no response declares.
    #[serde(default)]
    pub error_schema: Option<String>,
    /// Whether the bodies of webhooks have types, behind the feature `webhooks`.
    #[serde(default)]
    pub webhooks: bool,
    /// The path of the document, relative to the API's folder, if it is neither `spec.yaml` nor `spec.json`.
    #[serde(default)]
    pub document: Option<String>,
    /// Whether the document may contain unresolved references. The parts that need them are then skipped or accept any value,
    /// and are listed; otherwise, such a reference is an error.
    #[serde(default)]
    pub partial: bool,
    /// Whether the sandbox serves it: the examples of its reference run on it as tests then.
    #[serde(default)]
    pub sandbox: bool,
    /// The property names by which paged lists are recognised.
    #[serde(default)]
    pub paging: Option<Paging>,
    /// The paging of single lists, by operationId, in the form of `x-paging`; `false` if the operation is not a list.
    #[serde(default)]
    pub lists: BTreeMap<String, serde_json::Value>,
    /// The end of the namespace in published names of schemas, such as `API` for `UserAPI.Role`.
    #[serde(default)]
    pub namespace_suffix: Option<String>,
    /// Names that are set by hand, if two published names result in one.
    #[serde(default)]
    pub rename: Rename,
    /// The pages' locations: the name in the record, and the https URL of its Markdown.
    #[serde(default)]
    pub pages: BTreeMap<String, String>,
    /// For published documents with contradictory definitions of a component schema: its published name, and the operationId
    /// whose document applies.
    #[serde(default)]
    pub prefer: BTreeMap<String, String>,
    /// Command words that replace those derived from the document.
    #[serde(default)]
    pub words: Words,
    /// Whether the facade includes it by default.
    #[serde(default)]
    pub default_feature: bool,
}

/// The table `[words]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Words {
    /// Words of groups, by tag: `albums = "record"`.
    #[serde(default)]
    pub groups: BTreeMap<String, String>,
    /// Verbs, by operation: `get_an_album = "fetch"`; a group before the verb moves the operation there.
    #[serde(default)]
    pub verbs: BTreeMap<String, String>,
}

/// The remedy for an unknown API: a similar name, or the list of APIs.
pub(crate) fn remedy(root: &Path, name: &str) -> String {
    let mut names: Vec<String> = std::fs::read_dir(root.join("specs"))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join(API_FILE).is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let closest = names
        .iter()
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .max_by(|(one, _), (other, _)| one.total_cmp(other));
    match closest {
        Some((closeness, known)) if closeness > CLOSE => format!("did you mean `{known}`?"),
        Some(_) => format!(
            "the APIs are: {}; `cargo xtask new` adds another",
            names.join(", ")
        ),
        None => "`cargo xtask new` adds one".to_owned(),
    }
}

/// The minimum similarity of a name that is suggested for an unknown one; 1 means equal names.
const CLOSE: f64 = 0.8;

impl Settings {
    /// The settings for renaming published names.
    fn rename(&self) -> Rename {
        let mut rename = self.rename.clone();
        rename.namespace_suffix.clone_from(&self.namespace_suffix);
        rename
    }
}

impl Api {
    /// Reads `specs/<name>/api.toml` of the workspace at `root`.
    ///
    /// # Errors
    /// The file cannot be read, or a key is invalid.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        Self::read_in(&Arc::new(Workspace::open(root)?), name)
    }

    fn read_in(workspace: &Arc<Workspace>, name: &str) -> Result<Self> {
        let root = workspace.root();
        let file = Path::new("specs").join(name).join(API_FILE);
        let text = std::fs::read_to_string(root.join(&file)).map_err(|error| {
            let problem = if error.kind() == std::io::ErrorKind::NotFound {
                format!("there is no API `{name}`")
            } else {
                format!("cannot read the settings of the API `{name}`: {error}")
            };
            Diagnostic::new(problem)
                .at(&file, Place::Whole)
                .help(remedy(root, name))
        })?;
        Self::from_toml(workspace, name, &text)
    }

    /// An API by its name and the text of its `api.toml`.
    ///
    /// # Errors
    /// The text is not valid TOML, or a key is invalid.
    pub fn from_toml(workspace: &Arc<Workspace>, name: &str, text: &str) -> Result<Self> {
        let file = Path::new("specs").join(name).join(API_FILE);
        let settings: Settings = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Diagnostic::new(error.message())
                .at(&file, Place::Line(line))
                .help("the README of specmill-xtask lists the keys of api.toml")
        })?;
        let api = Self {
            name: name.to_owned(),
            settings,
            workspace: Arc::clone(workspace),
        };
        api.check()
            .map_err(|diagnostic| diagnostic.at(&file, Place::Whole))?;
        Ok(api)
    }

    /// The APIs of the workspace at `root`, by name; empty if there is no folder `specs`.
    ///
    /// # Errors
    /// A file cannot be read, or APIs contradict each other.
    pub fn read_all(root: &Path) -> Result<Vec<Self>> {
        Self::read_all_in(&Arc::new(Workspace::open(root)?))
    }

    /// The APIs of a workspace, by name; empty if there is no folder `specs`.
    pub(crate) fn read_all_in(workspace: &Arc<Workspace>) -> Result<Vec<Self>> {
        let specs = workspace.root().join("specs");
        let mut names = Vec::new();
        if !specs.exists() {
            return Ok(Vec::new());
        }
        let entries = std::fs::read_dir(&specs).map_err(|error| {
            Diagnostic::new(format!("cannot list the folder: {error}"))
                .at("specs", Place::Whole)
                .help("check its permissions")
        })?;
        for entry in entries.flatten() {
            if entry.path().join(API_FILE).is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        names.sort();
        let apis = names
            .iter()
            .map(|name| Self::read_in(workspace, name))
            .collect::<Result<Vec<_>>>()?;
        for (index, api) in apis.iter().enumerate() {
            let module = &api.settings.module;
            if let Some(other) = apis[..index]
                .iter()
                .find(|other| other.settings.module == *module)
            {
                return Err(
                    Diagnostic::new(format!("two APIs have the module `{module}`"))
                        .at(api.file(API_FILE), Place::Whole)
                        .note(format!(
                            "the other one is {}",
                            other.file(API_FILE).display()
                        ))
                        .help("set another `module` for one of them"),
                );
            }
        }
        Ok(apis)
    }

    /// A file of the API's folder, relative to the root of the workspace.
    pub fn file(&self, name: &str) -> PathBuf {
        Path::new("specs").join(&self.name).join(name)
    }

    /// The options for importing pages of the API.
    pub fn docs_options(&self) -> specmill_docs::Options {
        let mut options = specmill_docs::Options::new(&self.name);
        options.rename = self.settings.rename();
        options
    }

    /// The options for normalising the API.
    pub fn normalize_options(&self) -> specmill_normalize::Options {
        let settings = &self.settings;
        let mut options = specmill_normalize::Options::new(&self.name);
        options.error_schema.clone_from(&settings.error_schema);
        options.partial = settings.partial;
        options.paging.clone_from(&settings.paging);
        options.lists.clone_from(&settings.lists);
        options.rename = settings.rename();
        options.prefer.clone_from(&settings.prefer);
        options.note = Some(serde_json::json!({
            "title": settings.title, "module": settings.module, "feature": settings.feature
        }));
        options
    }

    /// The options for generating the crate of the API.
    pub fn codegen_options(&self) -> specmill_codegen::Options {
        let settings = &self.settings;
        let mut options =
            specmill_codegen::Options::new(&self.name, self.package(), &settings.title);
        options.documentation.clone_from(&settings.documentation);
        options.environment.clone_from(&settings.environment);
        options.service_environment = self.service_environment();
        options.webhooks = settings.webhooks;
        options.error_schema.clone_from(&settings.error_schema);
        options.module.clone_from(&settings.module);
        options.feature.clone_from(&settings.feature);
        options.facade = self.workspace.facade().map(str::to_owned);
        options.sandbox = settings.sandbox;
        options.words.groups.clone_from(&settings.words.groups);
        options.words.verbs.clone_from(&settings.words.verbs);
        options.mark = self.workspace.mark();
        options.manifest = self.workspace.manifests();
        options
    }

    /// The prefix of the variables of this service only, if services of a vendor share `environment`.
    ///
    /// It is the module or the name of the API, with the shared prefix before it unless it begins with that.
    fn service_environment(&self) -> Option<String> {
        let shared = &self.settings.environment;
        let upper = |name: &str| name.replace("::", "_").replace('-', "_").to_uppercase();
        let (module, name) = (upper(&self.settings.module), upper(&self.name));
        if *shared == module || *shared == name {
            return None;
        }
        let vendor = format!("{shared}_");
        let mut begin_with_it = [&module, &name]
            .into_iter()
            .filter(|one| one.starts_with(&vendor));
        Some(match begin_with_it.next() {
            Some(own) => own.clone(),
            None => format!("{vendor}{name}"),
        })
    }

    /// The folder of the generated crate, relative to the root of the workspace.
    pub fn crate_folder(&self) -> PathBuf {
        Path::new("crates").join(&self.name)
    }

    /// The name of the generated package.
    ///
    /// A name that is a keyword of Rust gets `-api` after it, since no crate can be called that.
    pub fn package(&self) -> String {
        let package = format!("{}{}", self.workspace.settings().package_prefix, self.name);
        if specmill_openapi::names::is_keyword(&package.replace('-', "_")) {
            package + "-api"
        } else {
            package
        }
    }

    /// The page of the API's reference, relative to the root of the workspace.
    pub fn reference_page(&self) -> PathBuf {
        Path::new("docs/reference").join(format!("{}.md", self.name))
    }

    /// The programs of that page's examples, relative to the root of the workspace.
    pub fn reference_programs(&self) -> PathBuf {
        let module = specmill_openapi::names::field_identifier(&self.name);
        Path::new("tests/reference").join(format!("{module}.rs"))
    }

    /// The name of the generated crate in Rust code.
    pub fn crate_name(&self) -> String {
        self.package().replace('-', "_")
    }

    fn check(&self) -> Result<()> {
        check_name(&self.name)?;
        let package = self.package();
        if is_taken(&self.crate_name()) {
            return Err(Diagnostic::new(format!(
                "a package cannot be called `{package}`: generated code depends on one of that name"
            ))
            .help("choose another name, or set `package-prefix` in [workspace.metadata.specmill] of Cargo.toml"));
        }
        let settings = &self.settings;
        let mut segments = settings.module.split("::");
        if let Some(keyword) = segments.find(|one| specmill_openapi::names::is_keyword(one)) {
            return Err(Diagnostic::new(format!(
                "`{keyword}` cannot name a module: it is a keyword of Rust"
            ))
            .help("use another word, such as `box_api` for `box`"));
        }
        let identifiers = settings
            .module
            .split("::")
            .chain([settings.feature.as_str()]);
        for name in identifiers {
            if !is_kebab(&name.replace('_', "-")) {
                return Err(
                    Diagnostic::new(format!("`{name}` cannot name a module or a feature")).help(
                        "use lower-case letters, digits and underscores, such as `identity_center`",
                    ),
                );
            }
        }
        if let Some(document) = &settings.document
            && document
                .split('/')
                .any(|part| matches!(part, "" | "." | "..") || part.contains('\\'))
        {
            return Err(Diagnostic::new(format!(
                "`{document}` is not the path of a file in the folder of the API"
            ))
            .help("use a relative path without `..`, such as `source/openapi.yaml`"));
        }
        if settings.environment.is_empty()
            || !settings
                .environment
                .chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        {
            return Err(Diagnostic::new(format!(
                "`{}` cannot begin an environment variable",
                settings.environment
            ))
            .help("use upper-case letters, digits and underscores, such as `PANTHER`"));
        }
        if !is_plain(&settings.title) || settings.title.is_empty() {
            return Err(
                Diagnostic::new(format!("`{}` cannot be a title", settings.title))
                    .help("use words on one line, without backticks, angle brackets and brackets"),
            );
        }
        let feature = settings.feature.as_str();
        if RESERVED_FEATURES.contains(&feature) || RESERVED_WORDS.contains(&feature) {
            return Err(Diagnostic::new(format!(
                "`{}` is already a feature of the facade or a word of the command",
                settings.feature
            ))
            .help("choose another name for `feature`"));
        }
        let top = settings.module.split("::").next().unwrap_or_default();
        if RESERVED_MODULES.contains(&top) {
            return Err(
                Diagnostic::new(format!("`{top}` is already a module of the facade"))
                    .help("choose another name for `module`"),
            );
        }
        if let Some(address) = settings.documentation.as_deref()
            && !is_address(address)
        {
            return Err(Diagnostic::new(format!("`{address}` is not an https URL"))
                .help("set `documentation` to the URL of the vendor's page"));
        }
        Ok(())
    }
}

/// Checks that a name can be a folder and a package: lower-case words joined by hyphens.
///
/// # Errors
/// The name has another form.
pub fn check_name(name: &str) -> Result<()> {
    if !is_kebab(name) {
        return Err(Diagnostic::new(format!("`{name}` cannot name an API"))
            .help("use lower-case words joined by hyphens, such as `scp-identity-center`"));
    }
    Ok(())
}

/// Whether generated code refers to another crate by this name.
fn is_taken(name: &str) -> bool {
    ["alloc", "core", "proc_macro", "std", "test"].contains(&name)
        || specmill_codegen::dependencies().any(|package| package.replace('-', "_") == name)
}

/// Features of the facade and words of the command that belong to no API.
const RESERVED_FEATURES: [&str; 17] = [
    "base64",
    "blocking",
    "builders",
    "completions",
    "default",
    "dynamic",
    "help",
    "http2",
    "jiff",
    "metrics",
    "mock",
    "native-tls",
    "rustls",
    "schemars",
    "tower",
    "tracing",
    "uuid",
];

/// Modules of the facade that belong to no API.
const RESERVED_MODULES: [&str; 8] = [
    "apis",
    "blocking",
    "catalog",
    "credentials",
    "dynamic",
    "guide",
    "middleware",
    "reference",
];

/// Words of the command that belong to no API, and the feature of all APIs.
const RESERVED_WORDS: [&str; 5] = ["all-apis", "api", "man", "profile", "version"];

/// Whether a string can be part of prose, Markdown and comments without escaping.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars().all(is_plain_character)
}

/// Whether a character needs no escaping: it is not markup, and neither controls a terminal nor changes the text direction.
pub(crate) fn is_plain_character(character: char) -> bool {
    let turns = matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !character.is_control() && !turns && !matches!(character, '<' | '>' | '[' | ']' | '`')
}

/// Whether a string is an https URL that Markdown recognises completely.
pub(crate) fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or_default();
    !host.is_empty()
        && is_plain(text)
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\\'))
}

fn is_kebab(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str =
        "[workspace]\n[workspace.metadata.specmill]\npackage-prefix = \"specmill-\"\n";

    fn workspace(text: &str) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("specs/acme")).unwrap();
        std::fs::write(root.path().join("Cargo.toml"), MANIFEST).unwrap();
        std::fs::write(root.path().join("specs/acme/api.toml"), text).unwrap();
        root
    }

    const GOOD: &str = "title = \"Acme\"\ndocumentation = \"https://acme.test\"\nmodule = \"acme\"\n\
                        feature = \"acme\"\nenvironment = \"ACME\"\n";

    #[test]
    fn a_folder_with_an_api_file_is_an_api() {
        let root = workspace(GOOD);
        std::fs::create_dir_all(root.path().join("specs/no-api")).unwrap();
        let apis = Api::read_all(root.path()).unwrap();
        assert_eq!(apis.len(), 1);
        assert_eq!(apis[0].package(), "specmill-acme");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = Api::read_all(workspace(&format!("{GOOD}tiitle = 1\n")).path())
            .unwrap_err()
            .to_string();
        assert!(error.contains("specs/acme/api.toml:6"), "{error}");
        assert!(error.contains("tiitle"), "{error}");
    }

    #[test]
    fn a_misspelled_api_is_suggested() {
        let root = workspace(GOOD);
        let help = |name: &str| Api::read(root.path(), name).unwrap_err().to_string();
        assert!(help("acmee").contains("did you mean `acme`?"));
        assert!(help("zebra").contains("the APIs are: acme; `cargo xtask new` adds another"));
    }

    #[test]
    fn words_of_the_command_are_passed_to_the_generator() {
        let words = "[words.groups]\nalbums = \"record\"\n[words.verbs]\nget_album = \"fetch\"\n";
        let apis = Api::read_all(workspace(&format!("{GOOD}{words}")).path()).unwrap();
        let words = apis[0].codegen_options().words;
        assert_eq!(words.groups["albums"], "record");
        assert_eq!(words.verbs["get_album"], "fetch");
    }

    #[test]
    fn a_module_that_is_not_an_identifier_is_refused() {
        let error = Api::read_all(
            workspace(&GOOD.replace("module = \"acme\"", "module = \"a::type\"")).path(),
        );
        assert!(
            error
                .unwrap_err()
                .message()
                .contains("`type` cannot name a module")
        );
    }

    #[test]
    fn services_that_share_a_prefix_have_variables_of_their_own() {
        for (module, environment, own) in [
            ("acme", "ACME", None),
            ("cloud::mail", "CLOUD", Some("CLOUD_MAIL")),
            ("cloud::mail", "ACME_CLOUD", Some("ACME_CLOUD_ACME")),
            ("mail", "CLOUD", Some("CLOUD_ACME")),
        ] {
            let text = GOOD
                .replace("module = \"acme\"", &format!("module = \"{module}\""))
                .replace("ACME", environment);
            let apis = Api::read_all(workspace(&text).path()).unwrap();
            let options = apis[0].codegen_options();
            assert_eq!(options.service_environment.as_deref(), own, "{environment}");
        }
    }
}
