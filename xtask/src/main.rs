//! The command line: `cargo xtask`.

fn main() -> std::process::ExitCode {
    xtask::command::run(std::env::args_os())
}
