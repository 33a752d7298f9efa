//! The command as a program of its own, which its tests run.

use specmill_contract::Command;

fn main() -> std::process::ExitCode {
    specmill_xtask::run::<Command>(std::env::args_os())
}
