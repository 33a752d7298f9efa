//! The macros that expand the declarations of a generated client.
//!
//! A generated crate contains declarations and their documentation. These macros define the code to which they expand:
//!
//! | declaration | expands to |
//! |---|---|
//! | [`object!`](crate::object) | a struct with serde's traits, and its builder |
//! | [`open_enum!`](crate::open_enum) | an enum of strings that preserves unknown values |
//! | [`typed_fields!`](crate::typed_fields) | methods that convert strings with a format, such as `date-time`, behind features |
//! | [`union!`](crate::union) | an enum of the types of a value, distinguished by its structure |
//! | [`tagged_union!`](crate::tagged_union) | an enum of objects, distinguished by a property |
//! | [`by_status!`](crate::by_status) | an enum of the responses of an operation, distinguished by the status |
//! | [`page!`](crate::page) | the implementation that makes a response a page of a list |
//! | [`api_versions!`](crate::api_versions) | the versions of an API, with their states |
//! | [`common_settings!`](crate::common_settings) | the methods that the builder of every client has |
//! | [`form!`](crate::form!) | a multipart form, with a setter for each part |
//! | [`response_headers!`](crate::response_headers) | the declared headers of responses, with a method for each |
//! | [`operation!`](crate::operation!) | a method of the client, the builder of its request, and its table |
//!
//! The expanded code uses `serde`, `serde_json` and, with the crate's feature `schemars`, `schemars`: a crate that
//! uses the macros must depend on them.

mod api_versions;
mod branches;
mod by_status;
mod conversion;
#[doc(hidden)]
pub mod form;
mod object;
mod open_enum;
mod operation;
mod page;
#[doc(hidden)]
pub mod response_headers;
mod settings;
mod typed_fields;
mod union;

#[doc(hidden)]
pub use branches::{Branch, holds, read_union};
#[doc(hidden)]
pub use by_status::{ByStatus, is_status, read_body};
pub use conversion::ConversionError;
#[doc(hidden)]
pub use conversion::{
    Problem, Stored, present, store, store_boxed, store_items, store_nullable, store_nullable_boxed,
};
#[doc(hidden)]
pub use open_enum::deserialize_str;
#[doc(hidden)]
pub use operation::{set, set_body, set_body_items, set_items, style};
pub use typed_fields::FormatError;
#[doc(hidden)]
pub use typed_fields::{Formatted, printed, typed, typed_optional};
