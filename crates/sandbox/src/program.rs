//! The program `specmill-sandbox`.

mod sheet;

use std::{
    error::Error,
    io::{self, Write as _},
    time::Duration,
};

use clap::Parser;
use futures_util::future;
use specmill_sandbox::{Faults, Sandbox};

/// Serves Panther's and Samsung Cloud Platform's APIs on loopback ports, without an account
///
/// Prints the environment variables to export and commands to paste, and serves until Ctrl-C.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// The number of Panther's active users
    #[arg(long, value_name = "N", default_value_t = 100)]
    panther_users: usize,

    /// The number of Panther's deactivated users
    #[arg(long, value_name = "N", default_value_t = 0)]
    panther_deactivated_users: usize,

    /// The number of Identity Center's users
    #[arg(long, value_name = "N", default_value_t = 100)]
    identity_center_users: usize,

    /// The port of Panther; Identity Center uses the next one. 0 selects two free ports
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,

    /// The latency of every response, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,

    /// A fault, and the requests that it affects: `429,retry-after=2@5%`, `reset@2%`, `html=502@every=10`,
    /// `503,on=user_list@next=3`, `unknown-fields,nulls`. Can be given several times
    #[arg(long = "fault", value_name = "FAULT[@WHEN]", value_parser = fault)]
    faults: Vec<String>,

    /// Prints base URLs and credentials as one line of JSON, for programs
    #[arg(long)]
    json: bool,

    /// The seed of ids and of random faults
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

/// Parses the fault here, so that clap's error names the argument.
fn fault(text: &str) -> Result<String, String> {
    match Faults::new().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let faults = Faults::seeded(arguments.seed);
    let faults = arguments
        .faults
        .iter()
        .try_fold(faults, |faults, text| faults.parse(text))?;
    let sandbox = Sandbox::builder()
        .panther_users(arguments.panther_users)
        .panther_deactivated_users(arguments.panther_deactivated_users)
        .identity_center_users(arguments.identity_center_users)
        .port(arguments.port)
        .latency(Duration::from_millis(arguments.latency))
        .faults(faults)
        .seed(arguments.seed)
        .log_capacity(0)
        .start()
        .await?;
    // Ctrl-C is handled before the hint to press it is printed.
    let sheet = if arguments.json {
        sheet::json(&sandbox)
    } else {
        sheet::render(&sandbox)
    };
    let print = async { io::stdout().write_all(sheet.as_bytes()) };
    future::try_join(tokio::signal::ctrl_c(), print).await?;
    sandbox.stop().await;
    Ok(())
}
