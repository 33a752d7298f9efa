//! Commands that call nothing: help, version, completions and manual pages.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;

use clap::ArgMatches;
use clap_complete::Shell;

use crate::command::{self, Catalogue, INSTALLATION};
use crate::failure::{Failure, local};
use crate::output::say;
use crate::written::quietly;

pub(crate) fn completions(catalogue: &Catalogue, matches: &ArgMatches) -> Result<(), Failure> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Err(Failure::usage("name a shell"));
    };
    let mut text = Vec::new();
    let mut command = command::for_completions(catalogue);
    clap_complete::generate(*shell, &mut command, "specmill", &mut text);
    quietly(io::stdout().write_all(&text))?;
    if io::stdout().is_terminal() {
        INSTALLATION.lines().for_each(say);
    }
    Ok(())
}

pub(crate) fn man(catalogue: &Catalogue, matches: &ArgMatches) -> Result<(), Failure> {
    let command = command::command(catalogue);
    let Some(folder) = matches.get_one::<PathBuf>("folder") else {
        let mut text = Vec::new();
        let rendered = clap_mangen::Man::new(command).render(&mut text);
        return quietly(rendered.and_then(|()| io::stdout().write_all(&text)));
    };
    let shown = folder.display();
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| local(&format!("cannot write the manual pages to {shown}"), error))?;
    say(&format!("Wrote the manual pages to {shown}."));
    Ok(())
}

pub(crate) fn help(catalogue: &Catalogue, matches: &ArgMatches) -> Result<(), Failure> {
    let words = matches.get_many::<String>("words");
    let words = words.into_iter().flatten().map(String::as_str);
    let line: Vec<&str> = std::iter::once("specmill")
        .chain(words)
        .chain(["--help"])
        .collect();
    match command::command(catalogue).try_get_matches_from(line) {
        Err(help) if !help.use_stderr() => quietly(help.print()),
        // clap's error contains suggestions.
        Err(error) => error.exit(),
        Ok(_) => Ok(()),
    }
}

pub(crate) fn version() -> Result<(), Failure> {
    quietly(writeln!(
        io::stdout(),
        "specmill {}",
        env!("CARGO_PKG_VERSION")
    ))
}
