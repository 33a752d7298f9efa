//! The public surface of a generated crate: the items that a program can use, the values that it must supply, and the requests
//! that they send.
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::path::PathBuf;
//!
//! use specmill_model::{Options, lower};
//! use specmill_openapi::document;
//! use specmill_surface::Surface;
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let document = document::parse_yaml(
//!     "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths: {}\n",
//! )?;
//! let model = lower(&Options::new("Pets"), &document)?;
//! let file = |path: &str, text: &str| (PathBuf::from(path), text.to_owned());
//! let files = BTreeMap::from([
//!     file("src/lib.rs", "pub mod types;"),
//!     file("src/types.rs", "open_enum! { pub enum Kind { Cat = \"cat\", } }"),
//! ]);
//! let surface = Surface::read("pets-client", "Generated".to_owned(), &files, &[], &model)?;
//! assert!(surface.to_string().contains("variant types::Kind::Cat"));
//! # Ok(())
//! # }
//! ```
//!
//! The surface is read from the declarations of the generated files, so it follows the generator. `specmill-client` defines the
//! expansion of each declaration, and `declarations` summarises it. An unknown declaration becomes an item that contains all
//! its tokens.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod crate_wide;
mod declarations;
mod forms;
mod headers;
mod held;
mod item;
mod methods;
mod mock;
mod modules;
mod operation;
mod read;
mod scope;
mod settings;
mod struct_of;
mod surface;
mod tokens;

pub use item::{Argument, Features, Item, Kind, Takes};
pub use settings::{CREDENTIALS, Setting, setting_place};
pub use surface::{FILE, Surface};
