//! Calls of operations by their name, with a description of each, for programs that are told at run time what to call:
//! commands, gateways, assistants.
//!
//! The tables are a document that the generator writes, one [`Api`] for each client, read when it is first asked for. [`Api::connect`] makes a [`Client`];
//! [`Client::call`] begins a [`Call`], whose arguments and responses are JSON. Retries, limits, credentials and paging are
//! those of the typed client.

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
