//! The mill's command line: `cargo xtask`.

/// Syntax trees are millions of small parts: with the system's allocator they take twice the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    xtask::command::run(std::env::args_os())
}
