//! Mock servers of APIs, generated from their documents, for tests of programs that use a client.
//!
//! Generated crates contain a mock server behind the feature `mock`, with a method for each operation:
//! [`mock_server!`] declares it. It listens on a loopback port in the process of the test, and uses wiremock.
//!
//! ```
//! use specmill_http::operation::{Idempotency, Method, Operation};
//! use specmill_mock::{MockApi, MockOperation, MockServer, NotStreamed};
//! # use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! # use tokio::net::TcpStream;
//!
//! static PING: Operation = Operation {
//!     api: "demo",
//!     id: "ping",
//!     method: Method::GET,
//!     path: "/ping",
//!     parameters: &[],
//!     body: None,
//!     paging: None,
//!     permission: None,
//!     authenticated: false,
//!     security: &[],
//!     server: None,
//!     accept: None,
//!     idempotency: Idempotency::ByMethod,
//!     stream_flag: None,
//! };
//!
//! static API: MockApi = MockApi {
//!     operations: &[MockOperation {
//!         operation: || &PING,
//!         status: 200,
//!         content_type: "application/json",
//!         body: "\"pong\"",
//!         stream: None,
//!         open_query: false,
//!         check_body: |_| Ok(()),
//!         form: None,
//!     }],
//!     credentials: &[],
//!     token_paths: &[],
//! };
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start(&API).await;
//! server.expect::<String, NotStreamed>(&PING).respond(&"hello".to_owned());
//!
//! let mut connection = TcpStream::connect(server.url().trim_start_matches("http://")).await?;
//! let request = b"GET /ping HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
//! connection.write_all(request).await?;
//! let mut response = String::new();
//! connection.read_to_string(&mut response).await?;
//! assert!(response.ends_with("\"hello\""));
//! server.verify()?;
//! # Ok(())
//! # }
//! ```

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
