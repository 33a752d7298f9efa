//! The command line: `cargo xtask`.

#[cfg(not(feature = "full"))]
mod first_build;
#[cfg(feature = "full")]
mod full;

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "full")]
    return full::run();
    #[cfg(not(feature = "full"))]
    return first_build::run();
}
