//! Reads Samsung's printed documentation, which consists of tables of parameters, properties and responses.
//!
//! ```
//! use scp_docs::{draft, printed, verify};
//!
//! # fn main() -> specmill_openapi::diagnostic::Result<()> {
//! let text = "get /v1/groups/{group_id}\n\nParameters\n\nNone\n\nResponses\n\n200OKNone\n";
//! let page = printed::Source::new("show-group.md", text.into())?;
//! let pages = verify::read_pages(&[page])?;
//! let draft = draft::draft(&pages);
//! assert!(draft.document["paths"]["/v1/groups/{group_id}"]["get"].is_object());
//! # Ok(())
//! # }
//! ```
//!
//! [`printed`] reads a page; it is the crate `scp-pages`. [`verify`] compares pages with a document, and [`draft`]
//! drafts a document from them. Only these two crates contain code for this vendor.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod command;
pub mod draft;
mod limits;
pub mod verify;

pub use command::Command;
pub use scp_pages as printed;
