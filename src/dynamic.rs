//! Calls operations by name, for programs that choose them at run time.
//!
//! [`apis()`] lists the enabled APIs, each with its variables and operations.
//!
//! ```no_run
//! # async fn example() -> Result<(), specmill::Error> {
//! for api in specmill::dynamic::apis() {
//!     println!("{}: {} operations", api.api.title, api.operations.len());
//! }
//! let Some(api) = specmill::dynamic::api("panther") else { return Ok(()) };
//! let panther = api.connect(&specmill::dynamic::Variables::environment())?;
//! if let Some(call) = panther.call("user_list") {
//!     println!("{:?}", call.send().await?);
//! }
//! # Ok(())
//! # }
//! ```

pub use specmill_client::dynamic::*;
pub use specmill_client::environment::Variables;
pub use specmill_client::operation::{
    Body, BodyEncoding, Bounds, EventData, Idempotency, Items, Operation as Table, Paging,
    Parameter as TableParameter, ParameterLocation, StreamFlag, Style,
};

/// The enabled APIs, by name.
pub fn apis() -> &'static [&'static Api] {
    crate::apis::DYNAMIC
}

/// The API of this name: `panther`.
pub fn api(name: &str) -> Option<&'static Api> {
    apis().iter().copied().find(|api| api.api.name == name)
}
