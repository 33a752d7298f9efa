#![doc = include_str!("../README.md")]

mod builder;
mod clock;
mod error_body;
mod fault;
mod identity_center;
mod log;
mod operation;
mod panther;
mod people;
mod pipeline;
mod query;
mod sandbox;
mod server;

pub use builder::Builder;
pub use error_body::ErrorBody;
pub use fault::{Fault, Faults, ParseFaultError, ResponseError};
pub use log::{RecordedRequest, RequestLog, WaitError};
pub use operation::{Api, Operation, ParseOperationError};
pub use panther::Role;
pub use sandbox::{Sandbox, StartError};
