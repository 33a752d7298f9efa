//! The commands as a separate program: `cargo specmill`.

fn main() -> std::process::ExitCode {
    specmill_xtask::main()
}
