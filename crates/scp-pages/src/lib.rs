//! Parses the pages of Samsung's documentation into a model of their content.
//!
//! [`read`] accepts HTML, text copied from a browser, the output of `w3m -dump` and `lynx -dump`, plain text in which the cells of a
//! row run together, and Markdown, even if its tables are damaged. It never fails and never guesses: a fact that a page does not
//! contain is [`Told::Unknown`], which differs from [`Told::Nothing`], and a [`Fault`] describes a page that cannot be compared.
//!
//! ```
//! let page = scp_pages::read("get /v1/groups\n\nParameters\n\nNone\n\nResponses\n\n200OKNone\n");
//! assert_eq!(page.operations[0].path, "/v1/groups");
//! ```

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

mod boxes;
mod columns;
mod complete;
mod example;
mod facts;
mod flow;
mod grid;
mod html;
mod label;
mod layout;
mod line;
mod marks;
mod page;
mod parts;
mod properties;
mod references;
mod responses;
mod row;
mod schema;
mod sections;
mod service;
mod source;
mod table;
mod text;
mod versions;

pub use facts::Limit;
pub use page::{
    End, Extent, Fault, Header, JsonExample, Kind, Located, ModelSection, OperationSection, Page,
    Parameter, ParameterLocation, RegionRow, Response, Rows, ServiceSection, Told, VersionRow,
};
pub use references::compare_pages;
pub use schema::{DEEPEST_SCHEMA, Schema};
pub use sections::read;
pub use source::{LARGEST_PAGE, Source, read_source};
