//! Mock servers of APIs, generated from their documents, for tests of programs that use a client.
//!
//! Generated crates contain one behind the feature `mock`, with a method for each operation. It listens on a loopback port in
//! the process of the test, and uses wiremock.

mod check;
mod declare;
mod expectation;
mod operation;
mod parts;
mod received;
mod server;
mod stream;

pub use self::expectation::{Expectation, NotJson, NotStreamed};
pub use self::operation::{MockApi, MockOperation};
#[doc(hidden)]
pub use self::operation::{any_body, json_body};
pub use self::parts::ReceivedPart;
pub use self::received::ReceivedRequest;
pub use self::server::{MockError, MockServer};
pub use self::stream::{MockStream, StreamForm};
