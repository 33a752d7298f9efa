//! The surface of a crate, and its text form.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use specmill_openapi::diagnostic::{Diagnostic, Result};

use specmill_model::Model;

use crate::item::{Item, Kind};
use crate::settings::Setting;
use crate::{crate_wide, modules};

/// The public surface of a generated crate.
///
/// `Display` writes the file `surface.txt`: one item per line, sorted.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Surface {
    /// The name of the package.
    pub package: String,
    /// The default features.
    pub default_features: Vec<String>,
    /// The base URLs that server variables select: the values, and the URL template.
    pub servers: BTreeMap<String, String>,
    /// The code of each file without comments, to detect changes that no item shows.
    pub code: BTreeMap<String, String>,
    mark: String,
    pub(crate) items: BTreeMap<(String, u8), Item>,
}

/// The name of the file with the surface, in the folder of the crate.
pub const FILE: &str = "surface.txt";

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

    /// The items, by path.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The item with this path and the same sort as another.
    pub fn same(&self, item: &Item) -> Option<&Item> {
        self.items.get(&(item.path.clone(), item.kind.sort()))
    }

    /// The type with this path: a struct, an enum or an alias.
    pub fn type_of(&self, path: &str) -> Option<&Item> {
        self.items.get(&(path.to_owned(), Kind::TYPE))
    }

    /// The function with this path.
    pub fn function(&self, path: &str) -> Option<&Item> {
        self.items.get(&(path.to_owned(), Kind::FUNCTION))
    }

    /// Resolves an alias to its type.
    pub fn resolved<'a>(&'a self, path: &'a str) -> &'a str {
        let mut path = path;
        // An alias of an alias is not generated; the bound is for files from elsewhere.
        for _ in 0..8 {
            match self.type_of(path).map(|item| &item.kind) {
                Some(Kind::Alias(of)) => path = of,
                _ => break,
            }
        }
        path
    }

    pub(crate) fn add(&mut self, item: Item) {
        self.items
            .insert((item.path.clone(), item.kind.sort()), item);
    }

    pub(crate) fn item_mut(&mut self, path: &str, sort: u8) -> Option<&mut Item> {
        self.items.get_mut(&(path.to_owned(), sort))
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {}. Do not edit.", self.mark)?;
        writeln!(
            f,
            "# The public surface of {}. A comment shows where an item is sent or received.",
            self.package
        )?;
        for (values, url) in &self.servers {
            writeln!(f, "server {values}: {url}")?;
        }
        for item in self.items() {
            writeln!(f, "{item}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_that_is_not_known_is_an_item_of_its_tokens() {
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
