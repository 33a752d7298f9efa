//! The command `specmill`: the operations of every API that specmill has a client of.
//!
//! Nothing here knows an API: commands, flags, columns and variables are read from the tables of
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
