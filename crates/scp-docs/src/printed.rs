//! Reading the pages that Samsung prints: text in, a model of what the page says out.
//!
//! The pages exist as HTML, as text that was copied from a browser or that `w3m -dump` or `lynx -dump` printed, as plain text
//! whose cells run together, as Markdown tables, and as Markdown that was damaged on the way. [`read`] takes all of them. It
//! never fails and never guesses: what a page does not show is [`Told::Unknown`], which is not the same as [`Told::Nothing`],
//! and what makes it invalid to be compared is a [`Fault`].

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
    Parameter, ParameterPlace, RegionRow, Response, Rows, ServiceSection, Told, VersionRow,
};
pub use schema::{DEEPEST_SCHEMA, Schema};
pub use sections::read;
pub use source::{LARGEST_PAGE, Source, read_source};
