//! How the cost of `cargo xtask regen` grows with the document.

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::to_string;

use crate::{Outcome, SEED, cost, document, tools, workspace};

/// The numbers of operations, the smallest first.
const SIZES: [usize; 3] = [1_000, 4_000, 16_000];
const ROUNDS: usize = 3;

/// Prints the cost for each size, and the cost of one operation relative to the smallest size.
pub(crate) fn print() -> Outcome {
    println!("| operations | CPU | for each operation | memory | for each operation |");
    println!("|---|---|---|---|---|");
    let scratch = tempfile::tempdir()?;
    let mut first = None;
    for operations in SIZES {
        let text = to_string(&document::document(operations, SEED))?;
        let folder = scratch.path().join(operations.to_string());
        let workspace = workspace::of_document(&folder, &text)?;
        let mut tool = tools::own(&workspace);
        let costs = (0..ROUNDS)
            .map(|_| tool.run())
            .collect::<Outcome<Vec<_>>>()?;
        let cpu = cost::median(&costs).cpu.as_secs_f64();
        // The peak memory of all processes so far, which is that of the largest document.
        let memory = u32::try_from(getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss())?;
        let memory = f64::from(memory) / 1024.0;
        let (first_cpu, first_memory) = *first.get_or_insert((cpu, memory));
        let times = f64::from(u32::try_from(operations)?) / f64::from(u32::try_from(SIZES[0])?);
        println!(
            "| {operations} | {cpu:.2} s | **{:.2}** | {memory:.0} MB | **{:.2}** |",
            cpu / first_cpu / times,
            memory / first_memory / times
        );
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(())
}
