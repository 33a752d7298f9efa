//! The reference: a page for each API with what every operation takes, answers and needs, an index of the
//! pages, and the facade's modules that show them.

mod operation;
mod schema;
mod table;

use std::fmt::Write as _;

use crate::api::Api;
use crate::lower::Model;
use crate::output::{MARK, Output};

use super::documentation;
use super::examples::Examples;
use super::fields;

/// The folder of the pages.
pub const FOLDER: &str = "docs/reference";

/// The facade's file that shows the pages.
const MODULES: &str = "src/reference.rs";

/// Adds what belongs to all APIs: the index, and the facade's modules.
pub fn generate(apis: &[Api], output: &mut Output) {
    output.add(format!("{FOLDER}/README.md"), index(apis));
    output.add(MODULES, modules(apis));
}

fn index(apis: &[Api]) -> String {
    let mut text = format!(
        "<!-- {MARK} from specs/*/api.toml. Do not edit. -->\n# Reference\n\nEvery operation of every API: what \
         it takes, answers and needs, with an example.\n\n| API | module | feature |\n|---|---|---|\n"
    );
    for api in apis {
        let settings = &api.settings;
        let _ = writeln!(
            text,
            "| [{}]({}.md) | `specmill::{}` | `{}` |",
            table::cell(&settings.title),
            api.name,
            settings.module,
            settings.feature
        );
    }
    text
}

fn modules(apis: &[Api]) -> String {
    let mut text = format!(
        "// {MARK} from specs/*/api.toml. Do not edit.\n\n//! Every operation of every API: what it takes, answers \
         and needs, with an example.\n"
    );
    for api in apis {
        let module = crate::names::field_identifier(&api.name);
        let _ = write!(
            text,
            "\n#[cfg(feature = \"{}\")]\n#[doc = include_str!(\"../{FOLDER}/{}.md\")]\npub mod {module} {{}}\n",
            api.settings.feature, api.name
        );
    }
    text
}

/// The page of an API.
pub(super) fn page(api: &Api, model: &Model, examples: &Examples<'_>) -> String {
    let mut text = format!(
        "<!-- {MARK} from specs/{}/openapi.json. Do not edit. -->\n# {}\n\nThe operations of `specmill::{}`, which the \
         feature `{}` includes.",
        api.name, api.settings.title, api.settings.module, api.settings.feature
    );
    if let Some(description) = &model.description {
        let _ = write!(text, "\n\n{}", documentation::description(description));
    }
    if let Some(address) = &api.settings.documentation {
        let _ = write!(text, "\n\nThe vendor's documentation: <{address}>.");
    }
    text += "\n\n`Client::from_env()` makes the `client` of the examples from environment variables:\n\n";
    for variable in fields::variables(api, model) {
        let variable = variable.line();
        let _ = writeln!(text, "- {variable}");
    }
    text +=
        "\nAn answer that is not a success is a `specmill::Error`, whether it is declared or not.";
    let error = schema::error(api, model);
    if let Some(error) = error {
        let _ = write!(
            text,
            " `decode_body()` reads its body as [`{0}`](#type-{1}).",
            error.name,
            error.name.to_lowercase()
        );
    }
    text.push('\n');
    text += &versions(model);
    let rows = model.operations.iter().map(|operation| {
        [
            format!("[`{0}`](#{0})", operation.id),
            table::code(&format!("{} {}", operation.method, operation.path)),
            table::cell(&documentation::summary(operation)),
        ]
    });
    text += &table::table(["operation", "request", "what it does"], rows);
    for one in &model.operations {
        text += &operation::section(api, model, one, examples);
    }
    text += &schema::sections(model, error);
    text
}

/// The versions of the API, where it has some.
fn versions(model: &Model) -> String {
    let rows = model.api_versions.iter().map(|version| {
        [
            table::code(&version.version),
            table::code(&version.state),
            table::cell(version.not_before.as_deref().unwrap_or_default()),
        ]
    });
    table::table(["version", "state", "guaranteed up to"], rows)
}
