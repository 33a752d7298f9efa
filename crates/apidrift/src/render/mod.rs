//! Reports in the forms people and programs read.

mod github;
mod groups;
mod html;
mod json;
mod markdown;
mod safe;
mod text;

pub use github::github;
pub use html::html;
pub use json::{SCHEMA, json};
pub use markdown::markdown;
pub use text::text;
