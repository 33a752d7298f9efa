//! The command as a separate program, for the tests.

use specmill_contract::Command;

fn main() -> std::process::ExitCode {
    specmill_xtask::run::<Command>(std::env::args_os())
}
