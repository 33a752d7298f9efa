//! Calls operations by name, and describes each operation, for programs that choose operations at run time: commands,
//! gateways, assistants.
//!
//! The tables are a document that the generator writes, one [`Api`] for each client, and are parsed on first use.
//! [`Api::connect`] creates a [`Client`]; [`Client::call`] starts a [`Call`] with JSON arguments and responses.
//! Retries, limits, credentials and paging are those of the typed client.

mod api;
mod call;
mod client;
mod data;
mod listing;
mod operation;
mod operations;
mod page;
mod preview;
mod text;

pub use api::{Api, Role, Variable};
pub use call::{Call, ResponseContent};
pub use client::Client;
pub use listing::Pages;
pub use operation::{Kind, Member, Operation, Parameter, Stream, Success};
pub use operations::Operations;
pub use page::Page;
pub use preview::Preview;
pub use text::is_unprintable;
