//! Compares `cargo xtask regen` with other generators: `cargo bench -p specmill-xtask --features mimalloc --bench regen`.
//!
//! Prints the table of BENCHMARKS.md. Every tool is a separate process that reads a document and writes a client to an empty
//! folder; the operating system reports its cost. The first run needs a network, pip and Java. `-- growth` prints how the cost
//! grows with the document, and needs none of them.

#[cfg(unix)]
#[path = "../../../../benches/support/cost.rs"]
mod cost;
#[cfg(unix)]
mod document;
#[cfg(unix)]
#[path = "../../../../benches/support/generators.rs"]
mod generators;
#[cfg(unix)]
mod growth;
#[cfg(unix)]
mod tools;
#[cfg(unix)]
mod workspace;

/// Any error ends the benchmark.
#[cfg(unix)]
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[cfg(unix)]
const OPERATIONS: usize = 1_000;
#[cfg(unix)]
const SEED: u64 = 7;
#[cfg(unix)]
const ROUNDS: usize = 5;

#[cfg(unix)]
fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [tool, documents @ .., into] = arguments.as_slice()
        && tool == tools::PROGENITOR
    {
        return tools::progenitor(documents, into);
    }
    if arguments.iter().any(|argument| argument == "growth") {
        return growth::print();
    }
    println!("| documents | tool | CPU | | wall | |");
    println!("|---|---|---|---|---|---|");
    let scratch = tempfile::tempdir()?;
    let own = workspace::of_this_project(&scratch.path().join("own"))?;
    compare("those of this workspace", &own)?;
    let text = serde_json::to_string_pretty(&document::document(OPERATIONS, SEED))?;
    let large = workspace::of_document(&scratch.path().join("large"), &text)?;
    compare(&format!("one of {OPERATIONS} operations"), &large)
}

#[cfg(unix)]
fn compare(what: &str, workspace: &workspace::Workspace) -> Outcome {
    let mut tools = tools::all(workspace)?;
    let mut costs: Vec<Vec<cost::Cost>> = tools.iter().map(|_| Vec::new()).collect();
    // The first round is a warm-up and is not counted.
    for round in 0..=ROUNDS {
        for (tool, costs) in tools.iter_mut().zip(&mut costs) {
            let cost = tool.run()?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    let medians: Vec<cost::Cost> = costs.iter().map(|costs| cost::median(costs)).collect();
    for (tool, median) in tools.iter().zip(&medians) {
        let [cpu, wall] = [median.cpu, median.wall].map(|time| time.as_secs_f64());
        println!(
            "| {what} | {} | {:.0} ms | **{:.2}** | {:.0} ms | **{:.2}** |",
            tool.name,
            cpu * 1e3,
            medians[0].cpu.as_secs_f64() / cpu,
            wall * 1e3,
            medians[0].wall.as_secs_f64() / wall,
        );
    }
    Ok(())
}

#[cfg(not(unix))]
fn main() {
    eprintln!("the processor time of a process is measured on Unix only");
}
