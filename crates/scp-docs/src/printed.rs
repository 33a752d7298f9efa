//! Reading the pages that Samsung prints: text in, a model of what the page says out.
//!
//! The pages exist as plain text whose cells run together, as Markdown tables, and as Markdown that was
//! damaged on the way. [`read`] takes all three. It never fails and never guesses: what a page does not
//! show is [`Told::Unknown`], which is not the same as [`Told::Nothing`].

mod example;
mod label;
mod marks;
mod page;
mod parts;
mod properties;
mod responses;
mod row;
mod schema;
mod sections;
mod source;
mod table;
mod text;
mod versions;

pub use example::JsonExample;
pub use page::{
    Extent, Header, Kind, Located, ModelSection, OperationSection, Page, Parameter, ParameterPlace,
    Response, Rows, Told, VersionRow,
};
pub use schema::{DEEPEST_SCHEMA, Schema};
pub use sections::read;
pub use source::{LARGEST_PAGE, Source, read_source};
