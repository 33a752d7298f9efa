use std::process::ExitCode;

use specmill_client_crate::{Client, Error, RetryPolicy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(address) = std::env::args().nth(1) else {
        eprintln!("usage: contract ADDRESS");
        return ExitCode::from(2);
    };
    // A call is not retried.
    let client = Client::builder().base_url(address).retry(RetryPolicy::none())/* settings */.build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let mut calls = Calls { failed: false };
    /* calls */
    if calls.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A value for the type of an argument.
#[allow(dead_code, reason = "not every operation takes more than strings and numbers")]
pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// The results of the calls.
pub(crate) struct Calls {
    failed: bool,
}

impl Calls {
    /// Prints the result of a call, with its operation and parameters.
    pub(crate) fn made<T>(&mut self, operation: &str, with: &str, result: Result<T, Error>) {
        match result {
            Ok(_) => println!("passed {operation} ({with})"),
            Err(error) => {
                self.failed = true;
                println!("failed {operation} ({with}): {}", error.to_string().escape_debug());
            }
        }
    }
}
