//! Reads the surface of a crate from its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use specmill_model::Model;
use specmill_openapi::diagnostic::{Diagnostic, Result};

use crate::settings::Setting;
use crate::surface::Surface;
use crate::{crate_wide, modules};

impl Surface {
    /// Reads the surface of a generated crate from its files, by their path in the crate's folder.
    ///
    /// `mark` names the command that generated the crate, and `settings` are the environment variables of its client.
    ///
    /// # Errors
    ///
    /// A generated file is not valid Rust, which is a defect of the generator.
    pub fn read(
        package: &str,
        mark: String,
        files: &BTreeMap<PathBuf, String>,
        settings: &[Setting],
        model: &Model,
    ) -> Result<Self> {
        let mut surface = Self {
            package: package.to_owned(),
            mark,
            ..Self::default()
        };
        let sources = files.iter().filter_map(|(file, text)| {
            Some((file.strip_prefix("src").ok()?.to_str()?, text.as_str()))
        });
        let sources = sources
            .filter(|(file, _)| Path::new(file).extension().is_some_and(|kind| kind == "rs"))
            .map(|(file, text)| (file.to_owned(), text));
        let defect = |(file, error): (String, syn::Error)| {
            Diagnostic::new(format!("the generated {file} cannot be read: {error}"))
                .help("this is a defect of the generator; report it with the document")
        };
        modules::read(&sources.collect(), &mut surface).map_err(defect)?;
        let manifest = files.get(Path::new("Cargo.toml"));
        crate_wide::read(
            manifest.map_or("", String::as_str),
            settings,
            model,
            &mut surface,
        );
        Ok(surface)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_declaration_becomes_an_item_of_its_tokens() {
        let files = BTreeMap::from([(
            "lib.rs".to_owned(),
            "specmill_client::novelty! { pub struct Pet { pub name: curious String } }",
        )]);
        let mut surface = Surface::default();
        modules::read(&files, &mut surface).unwrap();
        let items: Vec<String> = surface.items().map(ToString::to_string).collect();
        assert_eq!(
            items,
            ["declaration novelty! Pet pub struct Pet { pub name: curious String }"]
        );
    }
}
