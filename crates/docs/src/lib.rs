//! Converts docs pages with `OpenAPI` fragments to files: one document per operation, and a record of their sources.
//!
//! ````
//! use specmill_docs::{Options, Page, import};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let text = r#"
//! ## List pets
//!
//! ```json
//! {"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get":
//!   {"operationId": "pet#list", "responses": {"204": {"description": "Nothing"}}}}}}
//! ```
//! "#;
//! let page = Page::new("pets.md", text.into())?;
//! # let folder = tempfile::tempdir().unwrap();
//! # let root = folder.path();
//! let imported = import(root, &Options::new("pets"), &[page], "2026-01-02")?;
//! assert_eq!(imported.report, ["added pet#list"]);
//! let files: Vec<_> = imported.files.keys().map(|file| file.to_str().unwrap()).collect();
//! assert_eq!(files, ["specs/pets/published/pet_list.json", "specs/pets/sources.json"]);
//! # Ok(())
//! # }
//! ````
//!
//! An import writes nothing: it returns the files to write, and a report of the operations.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod block;
mod cause;
mod fetch;
mod gitbook;
mod import;
mod markdown;
mod page;
pub mod published;
pub mod source;

use std::path::{Path, PathBuf};

use specmill_openapi::rename::Rename;

pub use fetch::fetch;
pub use import::{Imported, Loss, import};
pub use page::{LARGEST_PAGE, Page};

/// The API that pages are imported into.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The name of its folder in `specs/`.
    pub name: String,
    /// Names that are set manually.
    pub rename: Rename,
}

impl Options {
    /// An API by the name of its folder in `specs/`.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            rename: Rename::default(),
        }
    }

    /// A file of the API's folder, relative to the root of the workspace.
    pub fn file(&self, name: &str) -> PathBuf {
        Path::new("specs").join(&self.name).join(name)
    }
}
