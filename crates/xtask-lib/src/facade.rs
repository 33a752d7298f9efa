//! The facade: its re-exports (`src/apis.rs`), the parts of `Cargo.toml` that name the APIs, and the reference.

pub(crate) mod reference;

use std::collections::{BTreeMap, BTreeSet};

use crate::api::Api;
use crate::output::Output;
use crate::workspace::{MANIFEST, Workspace};
use specmill_codegen::generate::tag_features::ALL;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::layout::API_FILE;

/// The file of the re-exports.
const RE_EXPORTS: &str = "src/apis.rs";

/// A module of the facade: its submodules, and the API that it re-exports.
#[derive(Default)]
struct Module<'a> {
    inner: BTreeMap<&'a str, Module<'a>>,
    api: Option<&'a Api>,
}

/// Adds the facade's files to the output.
///
/// `tagged` contains the APIs whose crates have a feature for each tag.
pub(crate) fn generate(
    workspace: &Workspace,
    apis: &[Api],
    tagged: &BTreeSet<String>,
    output: &mut Output,
) -> Result<()> {
    output.add(RE_EXPORTS, re_exports(workspace, apis)?);
    output.add(MANIFEST, manifest(workspace, apis, tagged)?);
    reference::generate(workspace, apis, output);
    Ok(())
}

fn re_exports(workspace: &Workspace, apis: &[Api]) -> Result<String> {
    let mut top = Module::default();
    for api in apis {
        let mut module = &mut top;
        for name in api.settings.module.split("::") {
            module = module.inner.entry(name).or_default();
        }
        module.api = Some(api);
    }
    let mut text = format!(
        "// {} from specs/*/api.toml. Do not edit.\n\n//! The clients, each behind its feature.\n",
        workspace.mark()
    );
    for (name, module) in &top.inner {
        text.push('\n');
        write_module(name, module, 0, &mut text)?;
    }
    text += &dynamic(apis);
    Ok(text)
}

/// The function that lists the enabled APIs, for dynamic calls.
fn dynamic(apis: &[Api]) -> String {
    let mut text = String::from(
        "\n/// The enabled APIs.\n#[cfg(feature = \"dynamic\")]\n\
         pub(crate) static DYNAMIC: &[&specmill_client::dynamic::Api] = &[\n",
    );
    for api in apis {
        text += &format!(
            "    #[cfg(feature = \"{}\")]\n    &{}::dynamic::API,\n",
            api.settings.feature,
            api.crate_name()
        );
    }
    text + "];\n"
}

fn write_module(name: &str, module: &Module<'_>, depth: usize, text: &mut String) -> Result<()> {
    let blanks = "    ".repeat(depth);
    if let Some(api) = module.api {
        if !module.inner.is_empty() {
            return Err(Diagnostic::new(format!(
                "the module `{}` contains the modules of other APIs",
                api.settings.module
            ))
            .at(api.file(API_FILE), Place::Whole)
            .help("set another module for the API"));
        }
        let (feature, krate) = (&api.settings.feature, api.crate_name());
        *text += &format!("{blanks}#[cfg(feature = \"{feature}\")]\n");
        *text += &format!("{blanks}#[doc(inline)]\n{blanks}pub use {krate} as {name};\n");
        return Ok(());
    }
    let features: BTreeSet<&str> = features(module);
    let conditions: Vec<String> = features
        .iter()
        .map(|feature| format!("feature = \"{feature}\""))
        .collect();
    let condition = match &conditions[..] {
        [condition] => condition.clone(),
        several => format!("any({})", several.join(", ")),
    };
    *text += &format!(
        "{blanks}#[cfg({condition})]\n{blanks}/// APIs of `{name}`.\n{blanks}pub mod {name} {{\n"
    );
    for (index, (name, module)) in module.inner.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        write_module(name, module, depth + 1, text)?;
    }
    *text += &format!("{blanks}}}\n");
    Ok(())
}

fn features<'a>(module: &Module<'a>) -> BTreeSet<&'a str> {
    let own = module.api.map(|api| api.settings.feature.as_str());
    own.into_iter()
        .chain(module.inner.values().flat_map(features))
        .collect()
}

/// The manifest with its generated parts regenerated. Hand-written parts are preserved.
fn manifest(workspace: &Workspace, apis: &[Api], tagged: &BTreeSet<String>) -> Result<String> {
    let text = std::fs::read_to_string(workspace.root().join(MANIFEST)).map_err(|error| {
        Diagnostic::new(format!("cannot read the file: {error}"))
            .at(MANIFEST, Place::Whole)
            .help("restore it")
    })?;
    let mut features: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for api in apis {
        features
            .entry(&api.settings.feature)
            .or_default()
            .push(format!("dep:{}", api.package()));
        if tagged.contains(&api.name) {
            let all = format!("{}/{ALL}", api.package());
            features.entry(&api.settings.feature).or_default().push(all);
        }
    }
    let names: Vec<String> = features.keys().map(|name| format!("\"{name}\"")).collect();
    let is_default = |name: &str| {
        let mut of_feature = apis.iter().filter(|api| api.settings.feature == name);
        of_feature.any(|api| api.settings.default_feature)
    };
    let defaults = features.keys().filter(|name| is_default(name));
    let defaults = defaults.copied().chain(["rustls", "tracing"]);
    let defaults: Vec<String> = defaults.map(|name| format!("\"{name}\"")).collect();
    let mut feature_lines = format!(
        "default = [{}]\nall-apis = [{}]\n",
        defaults.join(", "),
        names.join(", ")
    );
    for (name, packages) in &features {
        let packages: Vec<String> = packages
            .iter()
            .map(|package| format!("\"{package}\""))
            .collect();
        feature_lines += &format!("{name} = [{}]\n", packages.join(", "));
    }
    for feature in ["builders", "schemars", "jiff", "uuid", "base64"] {
        let of_apis: Vec<String> = apis
            .iter()
            .map(|api| format!("\"{}?/{feature}\"", api.package()))
            .collect();
        feature_lines += &format!("{feature} = [{}]\n", of_apis.join(", "));
    }
    let mut dynamic = vec!["\"specmill-client/dynamic\"".to_owned()];
    dynamic.extend(
        apis.iter()
            .map(|api| format!("\"{}?/dynamic\"", api.package())),
    );
    feature_lines += &format!("dynamic = [{}]\n", dynamic.join(", "));
    let mut mock = vec!["\"specmill-client/mock\"".to_owned()];
    mock.extend(
        apis.iter()
            .map(|api| format!("\"{}?/mock\"", api.package())),
    );
    feature_lines += &format!("mock = [{}]\n", mock.join(", "));
    let mut dependency_lines = String::new();
    for api in apis {
        dependency_lines += &format!(
            "{} = {{ workspace = true, optional = true }}\n",
            api.package()
        );
    }
    let version = workspace.version();
    let mut workspace_lines = String::new();
    for api in apis {
        workspace_lines += &format!(
            "{} = {{ version = \"{version}\", path = \"crates/{}\", default-features = false }}\n",
            api.package(),
            api.name
        );
    }
    let text = replace_part(workspace, &text, "workspace-dependencies", &workspace_lines)?;
    let text = replace_part(workspace, &text, "features", &feature_lines)?;
    replace_part(workspace, &text, "dependencies", &dependency_lines)
}

/// Replaces the lines between `# <name>: …` and `# end of <name>`.
fn replace_part(workspace: &Workspace, text: &str, name: &str, lines: &str) -> Result<String> {
    let begin = format!("# {name}: {}\n", workspace.mark());
    let end = format!("# end of {name}\n");
    let missing = |line: &str| {
        Diagnostic::new(format!("the line `{}` is missing", line.trim_end()))
            .at(MANIFEST, Place::Whole)
            .help("restore the line: it marks the part that `cargo xtask regen` writes")
    };
    let from = text.find(&begin).ok_or_else(|| missing(&begin))? + begin.len();
    let length = text[from..].find(&end).ok_or_else(|| missing(&end))?;
    Ok(format!(
        "{}{lines}{}",
        &text[..from],
        &text[from + length..]
    ))
}
