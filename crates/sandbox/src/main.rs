//! Serves both APIs until Ctrl-C, for trying them with curl.

mod program;

use std::process::ExitCode;

use clap::Parser as _;
use program::{Arguments, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
