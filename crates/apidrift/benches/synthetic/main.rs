//! Time and memory on synthetic documents: `cargo bench -p apidrift --bench synthetic`.
//!
//! First it measures the library alone on growing documents, then the command on two documents of
//! at least 12 MB, with its peak memory.

mod generator;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use apidrift::{Document, compare};
use generator::{Age, Shape, document};

/// The number of runs, of which the fastest counts, so that other load on the machine is not
/// measured.
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("library, shape, operations, MB each, read ms, compare ms, changes");
    for shape in [Shape::Shared, Shape::Cyclic] {
        for operations in [1_250, 2_500, 5_000, 10_000] {
            library(shape, operations)?;
        }
    }
    println!("command, shape, operations, MB each, ms, peak MB");
    for shape in [Shape::Shared, Shape::Cyclic] {
        // 12 MB, and the largest number of operations known from real descriptions.
        for operations in [7_500, 10_000] {
            command(shape, operations)?;
        }
    }
    Ok(())
}

fn library(shape: Shape, operations: usize) -> Result<(), apidrift::Error> {
    let (old, new) = (
        document(operations, shape, Age::Old),
        document(operations, shape, Age::New),
    );
    let (mut read, mut compared, mut changes) = (Duration::MAX, Duration::MAX, 0);
    for _ in 0..RUNS {
        let start = Instant::now();
        let (was, is) = (Document::parse(&old, "old")?, Document::parse(&new, "new")?);
        read = read.min(start.elapsed());
        let start = Instant::now();
        changes = compare(&was, &is).changes.len();
        compared = compared.min(start.elapsed());
    }
    println!(
        "library, {shape:?}, {operations}, {:.1}, {}, {}, {}",
        megabytes(old.len()),
        read.as_millis(),
        compared.as_millis(),
        changes
    );
    Ok(())
}

fn command(shape: Shape, operations: usize) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let (old, new) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    std::fs::write(&old, document(operations, shape, Age::Old))?;
    std::fs::write(&new, document(operations, shape, Age::New))?;
    for format in ["json", "text"] {
        let (mut best, mut peak) = (Duration::MAX, 0);
        for _ in 0..RUNS {
            let (time, memory) = run(&old, &new, format, folder.path())?;
            best = best.min(time);
            peak = peak.max(memory);
        }
        println!(
            "command --format {format}, {shape:?}, {operations}, {:.1}, {}, {:.0}",
            megabytes(usize::try_from(std::fs::metadata(&old)?.len())?),
            best.as_millis(),
            megabytes(peak)
        );
    }
    Ok(())
}

/// The wall time and the peak memory of the command, as the kernel reports it.
fn run(
    old: &Path,
    new: &Path,
    format: &str,
    folder: &Path,
) -> Result<(Duration, usize), Box<dyn std::error::Error>> {
    let output = std::fs::File::create(folder.join("output"))?;
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_apidrift"))
        .args(["--format", format])
        .args([old, new])
        .stdout(Stdio::from(output))
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes =
                line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
            peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        }
        if let Some(status) = child.try_wait()? {
            assert!(status.success(), "the command failed: {status}");
            return Ok((start.elapsed(), peak));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
