//! The surface of a crate, and its text form.

use std::collections::BTreeMap;
use std::fmt;

use crate::item::{Item, Kind};

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
    pub(crate) mark: String,
    pub(crate) items: BTreeMap<(String, u8), Item>,
}

/// The name of the file with the surface, in the folder of the crate.
pub const FILE: &str = "surface.txt";

impl Surface {
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
        // The generator does not emit aliases of aliases; the bound protects against other
        // files.
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
