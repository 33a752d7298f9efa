//! The commands on printed pages as a program of their own, which their tests run.

use scp_docs::Command;

fn main() -> std::process::ExitCode {
    specmill_xtask::run::<Command>(std::env::args_os())
}
