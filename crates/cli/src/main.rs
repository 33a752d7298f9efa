//! The command `specmill`: the operations of every API that specmill has a client of.
//!
//! Nothing here knows an API: commands, flags, columns and variables are read from the tables of
//! [`specmill::dynamic`].

mod call;
mod command;
mod exact;
mod failure;
mod output;
mod run;
mod settings;

use std::process::ExitCode;

fn main() -> ExitCode {
    let catalogue = command::Catalogue::new(specmill::dynamic::apis());
    let matches = command::command(&catalogue).get_matches();
    match run::run(&catalogue, &matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
