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

/// Panther's and Samsung Cloud Platform's APIs on loopback ports, to try without an account.
///
/// Prints addresses, credentials and commands to paste, and serves until Ctrl-C.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Active users that Panther has.
    #[arg(long, value_name = "N", default_value_t = 100)]
    panther_users: usize,

    /// Deactivated users that Panther has besides.
    #[arg(long, value_name = "N", default_value_t = 0)]
    panther_deactivated_users: usize,

    /// Users that Identity Center has.
    #[arg(long, value_name = "N", default_value_t = 100)]
    identity_center_users: usize,

    /// Panther's port; Identity Center's is the next one. 0 is any two that are free.
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,

    /// How long every response waits, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,

    /// What goes wrong, and when: `429,retry-after=2@5%`, `reset@2%`, `html=502@every=10`,
    /// `503,on=user_list@next=3`, `unknown-fields,nulls`. May be given repeatedly.
    #[arg(long = "fault", value_name = "FAULT[@WHEN]", value_parser = fault)]
    faults: Vec<String>,

    /// Print addresses and credentials as one line of JSON instead, for programs.
    #[arg(long)]
    json: bool,

    /// Decides all ids, and which requests a share of faults strikes.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

/// Refuses what is no fault while the place in the command line is known.
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
    // Polled in this order, so that Ctrl-C is heard by the time it is spoken of.
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
