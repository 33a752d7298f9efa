//! The command `specmill`, which calls the operations of every API that specmill has a client for.
//!
//! It contains no code for a specific API: commands, flags, columns and variables come from the tables of
//! [`specmill::dynamic`].

mod body_file;
mod call;
mod command;
mod exact;
mod extras;
mod failure;
mod options;
mod output;
mod profiles;
mod question;
mod request;
mod run;
mod runtime;
mod settings;
mod variables;
mod visible;
mod written;

use std::process::ExitCode;

fn main() -> ExitCode {
    let catalogue = command::Catalogue::new(specmill::dynamic::apis());
    let matches = command::command(&catalogue).get_matches();
    match run::run(&catalogue, &matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
