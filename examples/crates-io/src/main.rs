//! Prints the five most downloaded crates for a search: `cargo run -- openapi`.

use std::process::ExitCode;

use crates_io::{Client, Error};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words.join(" ")).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(words: &str) -> Result<(), Error> {
    // crates.io requires programs to identify their owner.
    let crates_io = Client::builder()
        .user_agent_suffix("crate-search (you@example.com)")
        .build()?;
    for (name, downloads) in crate_search::most_downloaded(&crates_io, words, 5).await? {
        let licence = crate_search::licence(&crates_io, &name).await?;
        println!(
            "{downloads:>12}  {name}  {}",
            licence.as_deref().unwrap_or("no licence")
        );
    }
    Ok(())
}
