//! The commands that a new checkout needs; a second build, with the feature `full`, runs the others.

use std::process::ExitCode;

use clap::Subcommand as _;

/// The arguments of the second build of this package; the arguments of this program follow.
const SECOND_BUILD: [&str; 6] = [
    "run",
    "--manifest-path",
    concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    "--features",
    "full",
    "--",
];

pub(crate) fn run() -> ExitCode {
    let command = std::env::args_os().nth(1).unwrap_or_default();
    if specmill_xtask::Command::has_subcommand(&command.to_string_lossy()) {
        return specmill_xtask::run::<specmill_xtask::Command>(std::env::args_os());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = std::process::Command::new(cargo)
        .args(SECOND_BUILD)
        .args(std::env::args_os().skip(1))
        .status();
    match status {
        // A program that was ended by a signal has no exit code.
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("error: cargo cannot be run: {error}\n  help: add cargo to PATH");
            ExitCode::from(2)
        }
    }
}
