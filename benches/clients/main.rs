//! Compares the generated clients with hand-written loops: `cargo bench --bench clients`.
//!
//! Prints the tables of BENCHMARKS.md. The sandbox runs in a separate process, so that only the processor time of the
//! clients is measured. Parts can be selected: `cargo bench --bench clients -- listing calls`.

#[cfg(unix)]
mod allocations;
#[cfg(unix)]
mod calls;
#[cfg(unix)]
#[path = "../support/cost.rs"]
mod cost;
#[cfg(unix)]
mod hand_written;
#[cfg(unix)]
mod instructions;
#[cfg(unix)]
mod latency;
#[cfg(unix)]
mod listing;
#[cfg(unix)]
mod service;
#[cfg(unix)]
mod sides;
#[cfg(unix)]
mod users;

/// Any error ends the benchmark.
#[cfg(unix)]
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[cfg(unix)]
fn main() -> Outcome {
    let names: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| name != "--bench")
        .collect();
    if names == [service::ARGUMENT] {
        return service::serve();
    }
    if let [first, arguments @ ..] = names.as_slice()
        && first == instructions::ARGUMENT
    {
        return instructions::side(arguments);
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|given| given == name);
    if wanted("listing") {
        listing::run()?;
    }
    if wanted("latency") {
        latency::run()?;
    }
    if wanted("calls") {
        calls::run()?;
    }
    if wanted("allocations") {
        allocations::run()?;
    }
    if wanted("instructions") {
        instructions::run()?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() {
    eprintln!("the processor time of a process is measured on Unix only");
}
