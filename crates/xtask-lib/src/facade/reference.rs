//! The facade's reference: an index of the pages, and the modules that show them.

use std::fmt::Write as _;

use specmill_openapi::names;

use crate::api::Api;
use crate::output::Output;
use crate::workspace::Workspace;

/// The folder of the pages.
pub(crate) const FOLDER: &str = "docs/reference";

/// The folder of the programs of the pages' examples: a test of the facade.
pub(crate) const PROGRAMS: &str = "tests/reference";

/// The facade's file that shows the pages.
const MODULES: &str = "src/reference.rs";

/// Adds the common files: the index, and the modules of the facade.
pub(crate) fn generate(workspace: &Workspace, apis: &[Api], output: &mut Output) {
    output.add(format!("{FOLDER}/README.md"), index(workspace, apis));
    output.add(MODULES, modules(workspace, apis));
    output.add(format!("{PROGRAMS}/main.rs"), programs(workspace, apis));
}

fn index(workspace: &Workspace, apis: &[Api]) -> String {
    let mut text = format!(
        "<!-- {} from specs/*/api.toml. Do not edit. -->\n# Reference\n\nEvery operation of every API: its \
         parameters, its response, its errors and an example.\n\n| API | module | feature |\n|---|---|---|\n",
        workspace.mark()
    );
    let facade = workspace.facade().unwrap_or_default().replace('-', "_");
    for api in apis {
        let settings = &api.settings;
        let _ = writeln!(
            text,
            "| [{}]({}.md) | `{facade}::{}` | `{}` |",
            settings.title.replace('|', "\\|"),
            api.name,
            settings.module,
            settings.feature
        );
    }
    text
}

fn modules(workspace: &Workspace, apis: &[Api]) -> String {
    let mut text = format!(
        "// {} from specs/*/api.toml. Do not edit.\n\n//! Every operation of every API: its parameters, its \
         response, its errors and an example.\n\n// The examples are tests: see `{PROGRAMS}`.\n",
        workspace.mark()
    );
    for api in apis {
        let module = names::field_identifier(&api.name);
        let _ = write!(
            text,
            "\n#[cfg(feature = \"{}\")]\n#[cfg_attr(not(doctest), doc = include_str!(\"../{FOLDER}/{}.md\"))]\npub \
             mod {module} {{}}\n",
            api.settings.feature, api.name
        );
    }
    text
}

fn programs(workspace: &Workspace, apis: &[Api]) -> String {
    let mut text = format!(
        "// {} from specs/*/api.toml. Do not edit.\n\n//! The examples of the reference. Those of an API that the \
         sandbox serves run on it; the others are compiled.\n\n#![allow(\n    clippy::all,\n    \
         clippy::pedantic,\n    dead_code,\n    deprecated,\n    unused,\n    reason = \"an example is written to be \
         read\"\n)]\n",
        workspace.mark()
    );
    for api in apis {
        let module = names::field_identifier(&api.name);
        let _ = write!(
            text,
            "\n#[cfg(feature = \"{}\")]\n#[rustfmt::skip]\nmod {module};\n",
            api.settings.feature
        );
    }
    text
}
