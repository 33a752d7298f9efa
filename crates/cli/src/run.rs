//! Runs a command: from the arguments to the output.

mod lists;
mod response;

use std::io::{self, IsTerminal as _};

use clap::ArgMatches;
use specmill::dynamic::{Api, Call, Operation, Success};

use crate::call::call;
use crate::command::{self, Catalogue, Found};
use crate::failure::{Failure, local};
use crate::options::Options;
use crate::output::{Format, Output, Sink};
use crate::runtime::interruptible;
use crate::settings::Settings;
use crate::written::quietly;
use crate::{extras, profiles, question, request};

pub(crate) fn run(catalogue: &Catalogue, matches: &ArgMatches) -> Result<(), Failure> {
    let (words, matches) = command::words(matches);
    let options = Options::of(matches);
    match words[..] {
        ["completions"] => return extras::completions(catalogue, matches),
        ["man"] => return extras::man(catalogue, matches),
        ["help"] => return extras::help(catalogue, matches),
        ["version"] => return extras::version(),
        ["profile", what] => return profiles::run(what, matches, &options),
        ["api"] => {
            let api = request::api(matches)?;
            return call_operation(&options, api, request::SUCCESS, |settings| {
                request::call(&settings.connect(api)?, api, matches, &options)
            });
        }
        _ => {}
    }
    let entry = match catalogue.find(&words) {
        Found::One(entry) => entry,
        Found::Several(longer) => {
            return Err(Failure::usage("several APIs have this command")
                .hint(format!("say which: {}", longer.join(", or "))));
        }
        Found::None => return Err(Failure::usage("there is no such command")),
    };
    call_operation(&options, entry.api, entry.operation.success, |settings| {
        call(&settings.connect(entry.api)?, entry, matches, &options)
    })
}

/// Makes the call, and writes its response.
fn call_operation(
    options: &Options,
    api: &'static Api,
    success: Success,
    call: impl FnOnce(&mut Settings) -> Result<(Call, bool), Failure>,
) -> Result<(), Failure> {
    let to_terminal = options.output_file.is_none() && io::stdout().is_terminal();
    if success == Success::Bytes && !options.dry_run && to_terminal {
        return Err(
            Failure::usage("the response is bytes, which are not for a terminal")
                .hint("save it with --output-file FILE"),
        );
    }
    interruptible(async {
        let mut settings = Settings::of(options, api).await?;
        let (call, stream) = call(&mut settings)?;
        execute(call, stream, options).await
    })
}

async fn execute(call: Call, stream: bool, options: &Options) -> Result<(), Failure> {
    let operation = call.operation();
    if options.dry_run {
        let preview = call.preview()?.to_string();
        return quietly(response::text(&format!("{}\n", preview.trim_end())));
    }
    if operation.table.method.as_str() == "DELETE" && !options.yes {
        let preview = call.preview()?;
        question::confirm(&format!("{} {}", preview.method, preview.url))?;
    }
    if let Some(path) = &options.output_file
        && !(options.is_formatted() && matches!(operation.success, Success::Json { .. }))
    {
        return response::save(call, path, options.resume).await;
    }
    if options.resume {
        return Err(Failure::usage("--resume requires an unchanged body")
            .hint("omit --resume, or the output options"));
    }
    if stream && let Some(streamed) = call.clone().send_stream().await {
        return response::write(streamed?, operation, options).await;
    }
    if operation.table.paging.is_some() {
        return if options.all {
            lists::all_pages(call, options).await
        } else {
            lists::one_page(call, options).await
        };
    }
    response::write(call.send().await?, operation, options).await
}

/// The output that the options select.
fn output(operation: &Operation, options: &Options) -> Result<Output, Failure> {
    let sink = match &options.output_file {
        Some(path) => {
            let shown = path.display();
            Sink::file(path).map_err(|error| local(&format!("cannot write {shown}"), error))?
        }
        None => Sink::stdout(),
    };
    let format = options.format.unwrap_or_else(|| match options.output_file {
        Some(_) => Format::Json,
        None => Format::usual(),
    });
    Ok(Output::new(format, operation, &options.selection, sink))
}
