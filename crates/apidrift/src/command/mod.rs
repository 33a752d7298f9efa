//! The command.

mod arguments;
mod folders;
#[cfg(any(feature = "https", test))]
mod https;
mod source;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use apidrift::policy::{Acceptances, Levels};
use apidrift::{Error, Options, Report, render};
use clap::Parser;

use arguments::{Arguments, Colour, Format};

/// Findings at the requested level.
const FOUND: u8 = 1;
/// An input that cannot be read. Wrong usage is 2, by `clap`.
const UNREADABLE: u8 = 3;

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.rules {
        return print(&apidrift::rules::page(), 0);
    }
    match compare(&arguments) {
        Ok(reports) => {
            let mut conditions = arguments.fail_on.iter();
            let failed = conditions.any(|condition| {
                let mut reports = reports.iter();
                reports.any(|report| condition.is_met(report))
            });
            match output(&reports, &arguments) {
                Ok(output) => print(&output, if failed { FOUND } else { 0 }),
                Err(error) => unreadable(&error),
            }
        }
        Err(error) => unreadable(&error),
    }
}

fn unreadable(error: &Error) -> ExitCode {
    eprintln!("apidrift: {error}");
    ExitCode::from(UNREADABLE)
}

/// The output: by the template, or in the format.
fn output(reports: &[Report], arguments: &Arguments) -> Result<String, Error> {
    match &arguments.template {
        Some(path) => {
            let name = path.display().to_string();
            let data = render::template_data(reports);
            render::template(&name, &source::file(path)?, &data)
        }
        None => Ok(rendered(reports, arguments)),
    }
}

/// The report of the two documents, or those of two folders that differ.
fn compare(arguments: &Arguments) -> Result<Vec<Report>, Error> {
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
    let mut options = Options::default();
    if let Some(today) = arguments.today {
        options.today = today;
    }
    if arguments.old_prefix.is_some() || arguments.new_prefix.is_some() {
        let prefix = |prefix: &Option<String>| prefix.clone().unwrap_or_default();
        let prefixes = (prefix(&arguments.old_prefix), prefix(&arguments.new_prefix));
        options.path_prefixes = Some(prefixes);
    }
    levels.configure(&mut options);
    let argument = |argument: &Option<String>| argument.clone().unwrap_or_default();
    let (old, new) = (argument(&arguments.old), argument(&arguments.new));
    let folders = is_several(arguments);
    let pairs = if folders {
        folders::pairs(Path::new(&old), Path::new(&new))?
    } else {
        vec![(source::read(&old)?, source::read(&new)?)]
    };
    let mut reports: Vec<Report> = pairs
        .iter()
        .map(|(old, new)| apidrift::compare_with(old, new, &options))
        .filter(|report| !folders || !report.changes.is_empty())
        .collect();
    for report in &mut reports {
        levels.apply(report);
    }
    if let Some(acceptances) = acceptances {
        let mut all: Vec<&mut Report> = reports.iter_mut().collect();
        acceptances.apply_all(&mut all, options.today);
    }
    Ok(reports)
}

/// Whether both arguments are folders.
fn is_several(arguments: &Arguments) -> bool {
    let folder = |argument: &Option<String>| {
        argument
            .as_ref()
            .is_some_and(|name| Path::new(name).is_dir())
    };
    folder(&arguments.old) && folder(&arguments.new)
}

fn rendered(reports: &[Report], arguments: &Arguments) -> String {
    let several = is_several(arguments);
    let heading = |report: &Report| {
        if several {
            format!("{} → {}\n\n", report.old, report.new)
        } else {
            String::new()
        }
    };
    match arguments.format {
        Format::Text => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let colour = match arguments.color {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => wanted && io::stdout().is_terminal(),
            };
            let text = |report| heading(report) + &render::text(report, colour);
            let texts: Vec<String> = reports.iter().map(text).collect();
            if texts.is_empty() {
                "No change.\n".to_owned()
            } else {
                texts.join("\n")
            }
        }
        Format::Markdown => {
            render::markdown_of(reports, render::COMMENT, arguments.link.as_deref())
        }
        Format::Json => match reports {
            [report] if !several => render::json(report),
            reports => render::json_of(reports),
        },
        Format::Github => render::github_of(&with_lines(reports, &texts(reports))),
        Format::Sarif => render::sarif_of(&with_lines(reports, &texts(reports))),
        Format::Junit => render::junit_of(&reports.iter().collect::<Vec<_>>()),
        Format::Html => {
            let sections: Vec<_> = reports.iter().map(render::Section::new).collect();
            render::html_of(&sections)
        }
    }
}

/// The newer documents, if they are files.
fn texts(reports: &[Report]) -> Vec<Option<String>> {
    let text = |report: &Report| source::file(Path::new(&report.new)).ok();
    reports.iter().map(text).collect()
}

fn with_lines<'a>(
    reports: &'a [Report],
    texts: &'a [Option<String>],
) -> Vec<(&'a Report, Option<render::Lines<'a>>)> {
    let lines = |text: &'a Option<String>| text.as_deref().map(render::Lines::new);
    reports.iter().zip(texts.iter().map(lines)).collect()
}

/// Prints, and returns the exit code. A closed pipe, as with `head`, is not an error.
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
