//! The generators that are compared.

use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::resource::UsageWho;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};

use crate::Outcome;
use crate::cost::{Cost, measure};
use crate::generators;
use crate::workspace::{Workspace, XTASK};

/// The argument that makes this program generate progenitor's client.
pub(crate) const PROGENITOR: &str = "progenitor";

/// A generator and its command.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    commands: Vec<Command>,
    /// The output folder, which is removed before each run.
    into: PathBuf,
}

impl Tool {
    /// Generates all clients.
    pub(crate) fn run(&mut self) -> Outcome<Cost> {
        if self.into.exists() {
            std::fs::remove_dir_all(&self.into)?;
        }
        let ((), cost) = measure(UsageWho::RUSAGE_CHILDREN, || {
            self.commands.iter_mut().try_for_each(generators::run)
        })?;
        Ok(cost)
    }
}

/// The generator of this project.
pub(crate) fn own(workspace: &Workspace) -> Tool {
    let mut xtask = Command::new(XTASK);
    xtask.arg("regen").current_dir(&workspace.root);
    Tool {
        name: "`cargo xtask regen`",
        commands: vec![xtask],
        into: workspace.root.join("crates"),
    }
}

/// The tools, the generator of this project first.
pub(crate) fn all(workspace: &Workspace) -> Outcome<Vec<Tool>> {
    let root = &workspace.root;
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let jar = generators::openapi_generator(&target)?;
    let into = root.join("openapi-generator");
    let documents = workspace.documents.iter().enumerate();
    let java = documents.map(|(number, document)| {
        let into = into.join(number.to_string());
        generators::openapi_generator_command(&jar, document, &into)
    });
    let java = java.collect();

    let bent = root.join("progenitor");
    let mut progenitor = Command::new(std::env::current_exe()?);
    progenitor
        .arg(PROGENITOR)
        .args(&workspace.documents)
        .arg(&bent);
    Ok(vec![
        own(workspace),
        Tool {
            name: "openapi-generator",
            commands: java,
            into,
        },
        Tool {
            name: "progenitor",
            commands: vec![progenitor],
            into: bent,
        },
    ])
}

/// Generates progenitor's client of each document, as its documentation recommends for a build
/// script.
pub(crate) fn progenitor(documents: &[String], into: &str) -> Outcome {
    std::fs::create_dir_all(into)?;
    for (number, document) in documents.iter().enumerate() {
        let document = serde_json::from_slice(&std::fs::read(document)?)?;
        let document = serde_json::from_value(generators::for_progenitor(document))?;
        let mut settings = GenerationSettings::new();
        settings.with_interface(InterfaceStyle::Builder);
        let tokens = Generator::new(&settings).generate_tokens(&document)?;
        let text = prettyplease::unparse(&syn::parse2(tokens)?);
        std::fs::write(Path::new(into).join(format!("{number}.rs")), text)?;
    }
    Ok(())
}
