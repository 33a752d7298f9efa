//! The commands as a separate program: `cargo specmill`.

/// Documents consist of millions of small values, for which the system allocator takes twice the
/// time.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    specmill_xtask::main()
}
