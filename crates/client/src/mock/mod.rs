//! A mock server of an API, made from its document: for tests of programs that use a client.
//!
//! Generated crates have it behind their feature `mock`, with a method for each operation. It serves on a loopback port
//! of the test's process; wiremock is under it.

mod check;
mod declare;
mod expectation;
mod operation;
mod parts;
mod received;
mod server;
mod state;
mod stream;

pub use self::expectation::{Expectation, NotJson, NotStreamed};
pub use self::operation::{MockApi, MockOperation};
#[doc(hidden)]
pub use self::operation::{any_body, json_body};
pub use self::parts::ReceivedPart;
pub use self::received::ReceivedRequest;
pub use self::server::{MockError, MockServer};
pub use self::stream::{MockStream, StreamForm};
