//! specmill
mod apis;
pub use apis::*;
