//! The command.

mod arguments;
mod source;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use apidrift::policy::{Acceptances, Levels};
use apidrift::{Document, Error, Options, Report, render};
use clap::Parser;

use arguments::{Arguments, Colour, Format};

/// Findings at the level asked for.
const FOUND: u8 = 1;
/// An input that cannot be read. Wrong usage is 2, by `clap`.
const UNREADABLE: u8 = 3;

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.rules {
        return print(&apidrift::rules::page(), 0);
    }
    match compare(&arguments) {
        Ok(report) => {
            let failed = arguments
                .fail_on
                .iter()
                .any(|condition| condition.is_met(&report));
            let output = rendered(&report, &arguments);
            print(&output, if failed { FOUND } else { 0 })
        }
        Err(error) => {
            eprintln!("apidrift: {error}");
            ExitCode::from(UNREADABLE)
        }
    }
}

fn compare(arguments: &Arguments) -> Result<Report, Error> {
    let read = |argument: &Option<String>| source::read(argument.as_deref().unwrap_or_default());
    let levels = match &arguments.levels {
        Some(path) => Levels::parse(&source::file(path)?, &path.display().to_string())?,
        None => Levels::default(),
    };
    let acceptances = match &arguments.accept {
        Some(path) => Some(Acceptances::parse(
            &source::file(path)?,
            &path.display().to_string(),
        )?),
        None => None,
    };
    let document = |argument: &Option<String>| {
        let (text, name) = read(argument)?;
        Document::parse(&text, name)
    };
    let (old, new) = (document(&arguments.old)?, document(&arguments.new)?);
    let mut options = Options::default();
    if let Some(today) = arguments.today {
        options.today = today;
    }
    levels.configure(&mut options);
    let mut report = apidrift::compare_with(&old, &new, &options);
    levels.apply(&mut report);
    if let Some(acceptances) = acceptances {
        acceptances.apply(&mut report, options.today);
    }
    Ok(report)
}

fn rendered(report: &Report, arguments: &Arguments) -> String {
    match arguments.format {
        Format::Text => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let colour = match arguments.color {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => wanted && io::stdout().is_terminal(),
            };
            render::text(report, colour)
        }
        Format::Markdown => render::markdown(report),
        Format::Json => render::json(report),
        Format::Github => render::github(report),
        Format::Html => render::html(report),
    }
}

/// Prints and returns the code. A reader that stopped reading, as `head` does, is no error.
fn print(text: &str, code: u8) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            eprintln!("apidrift: the output cannot be written: {error}");
            ExitCode::from(UNREADABLE)
        }
        _ => ExitCode::from(code),
    }
}
