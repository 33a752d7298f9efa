//! The commands as a separate program: `cargo specmill`.

/// The documents are millions of small parts: with the system's allocator they take twice the time.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    specmill_xtask::main()
}
