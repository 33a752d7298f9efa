//! `cargo xtask new`.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::new::{self, Options};
use specmill_docs::source;
use specmill_openapi::diagnostic::Result;

use super::import::{check_arguments, today};

/// Arguments of `cargo xtask new`.
#[derive(Debug, Args)]
#[expect(
    clippy::doc_markdown,
    reason = "shown as help, where backticks would be read as such"
)]
pub struct New {
    /// The API's name, in lower-case words joined by hyphens; names its folders in specs/ and crates/
    #[arg(value_name = "NAME")]
    name: String,
    /// One OpenAPI document (Swagger 2.0 or OpenAPI 3, JSON or YAML), or docs pages in Markdown: files, https
    /// URLs, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// The API's name in prose [default: the document's title]
    #[arg(long)]
    title: Option<String>,
    /// The path of its module in the facade, such as acme::billing [default: NAME with underscores]
    #[arg(long, value_name = "PATH")]
    module: Option<String>,
    /// The facade's feature that includes it [default: NAME]
    #[arg(long)]
    feature: Option<String>,
    /// The prefix of the environment variables that `from_env` reads [default: NAME in upper case]
    #[arg(long, value_name = "PREFIX")]
    environment: Option<String>,
    /// The https URL of the vendor's documentation [default: the document's `externalDocs`]
    #[arg(long, value_name = "ADDRESS")]
    documentation: Option<String>,
    /// The folder with the files that the document may refer to [default: the document's folder]
    #[arg(long, value_name = "FOLDER")]
    files: Option<std::path::PathBuf>,
    /// Add a prepared overlay with facts that the vendor's documents lack: `scp` for Samsung Cloud Platform
    #[arg(long, value_name = "VENDOR")]
    overlay: Option<String>,
    /// The name of the page in the record, if there is only one page [default: the file's name, or
    /// the URL]
    #[arg(long, value_name = "PAGE-NAME")]
    page: Option<String>,
}

pub(super) fn run(root: &Path, arguments: &New) -> Result<ExitCode> {
    new::check_free(root, &arguments.name)?;
    let page = arguments.page.as_deref();
    check_arguments(&arguments.inputs, page)?;
    let inputs = arguments
        .inputs
        .iter()
        .map(|input| source::read(input, page))
        .collect::<Result<Vec<_>>>()?;
    let options = Options {
        title: arguments.title.clone(),
        module: arguments.module.clone(),
        feature: arguments.feature.clone(),
        environment: arguments.environment.clone(),
        documentation: arguments.documentation.clone(),
        files: arguments.files.clone(),
        overlay: arguments.overlay.clone(),
    };
    let new = new::prepare(root, &arguments.name, &options, inputs, &today())?;
    new.plan.carry_out(root).map_err(|diagnostic| {
        diagnostic.note(format!(
            "remove the folder specs/{} before you run the command again",
            arguments.name
        ))
    })?;
    for line in &new.report {
        super::say!("{line}");
    }
    super::say!("");
    super::say!("Now run `cargo xtask regen`.");
    Ok(ExitCode::SUCCESS)
}
