//! One run: from words to what is written.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::ArgMatches;
use serde_json::Value;
use serde_json::value::RawValue;
use specmill::Event;
use specmill::dynamic::{Call, EventData, Operation, Page, ResponseContent, Stream, Success};
use tokio::sync::oneshot;

use crate::call::call;
use crate::command::{self, Catalogue, Found, Options, completions_shell};
use crate::failure::{Failure, Kind, local};
use crate::output::{Format, Output, Progress, visible};
use crate::settings::Settings;

/// Pages that may be on their way at a time, where they are numbered.
const PAGES_AHEAD: usize = 4;

pub(crate) fn run(catalogue: &Catalogue, matches: &ArgMatches) -> Result<(), Failure> {
    let (words, matches) = command::words(matches);
    if let Some(shell) = completions_shell_of(&words, matches) {
        let mut text = Vec::new();
        clap_complete::generate(
            shell,
            &mut command::for_completions(catalogue),
            "specmill",
            &mut text,
        );
        return quietly(io::stdout().write_all(&text));
    }
    let entry = match catalogue.find(&words) {
        Found::One(entry) => entry,
        Found::Several(longer) => {
            return Err(Failure::usage("several APIs have this command")
                .hint(format!("say which: {}", longer.join(", or "))));
        }
        Found::None => return Err(Failure::usage("there is no such command")),
    };
    let options = Options::of(matches);
    let format = options.format.unwrap_or_else(Format::usual);
    if entry.operation.success == Success::Bytes
        && !options.dry_run
        && options.output_file.is_none()
        && io::stdout().is_terminal()
    {
        return Err(
            Failure::usage("the response is bytes, which are not for a terminal")
                .hint("save it with --output-file FILE"),
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| local("cannot start", error))?;
    let result = runtime.block_on(async {
        tokio::select! {
            result = async {
                let settings = Settings::of(&options, specmill::dynamic::apis()).await?;
                let client = settings.connect(entry.api)?;
                let (call, stream) = call(&client, entry, matches, &options)?;
                execute(call, stream, &options, format).await
            } => result,
            Ok(()) = interruption() => Err(Failure::new(Kind::Interrupted, "interrupted")),
        }
    });
    // What is still on its way is not waited for.
    runtime.shutdown_background();
    result
}

/// Comes when the user interrupts the run.
fn interruption() -> oneshot::Receiver<()> {
    let (interrupted, interruption) = oneshot::channel();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = interrupted.send(());
            // A run that is held up by standard input or output does not hear it.
            tokio::time::sleep(Duration::from_secs(1)).await;
            std::process::exit(Kind::Interrupted.exit_code().into());
        }
    });
    interruption
}

fn completions_shell_of(words: &[&str], matches: &ArgMatches) -> Option<clap_complete::Shell> {
    (words == ["completions"]).then(|| completions_shell(matches))?
}

async fn execute(
    call: Call,
    stream: bool,
    options: &Options,
    format: Format,
) -> Result<(), Failure> {
    let operation = call.operation();
    if options.dry_run {
        let preview = call.preview()?.to_string();
        return quietly(write_text(&format!("{}\n", preview.trim_end())));
    }
    if let Some(path) = &options.output_file {
        return save(call, path).await;
    }
    if stream && let Some(response) = call.clone().send_stream().await {
        return write_response(response?, operation, format).await;
    }
    if operation.table.paging.is_some() {
        return if options.all {
            all_pages(call, format, options.ignore_total).await
        } else {
            one_page(call, format).await
        };
    }
    write_response(call.send().await?, operation, format).await
}

/// Saves the body of the response in a file.
async fn save(call: Call, path: &Path) -> Result<(), Failure> {
    let progress = Arc::new(Progress::of("bytes"));
    let shown = Arc::clone(&progress);
    let saved = call
        .send_to_file(path)
        .progress(move |so_far| shown.show(so_far.bytes(), so_far.total()))
        .await;
    progress.finish();
    let saved = saved?;
    say(&format!("{} bytes are in {}", saved.body(), path.display()));
    Ok(())
}

/// Writes a response to standard output; one that is a stream as it comes.
async fn write_response(
    response: ResponseContent,
    operation: &'static Operation,
    format: Format,
) -> Result<(), Failure> {
    let written = match response {
        ResponseContent::Json(document) => Output::new(format, operation).document(&document),
        ResponseContent::Text(text) => write_text(&text),
        ResponseContent::Bytes(mut bytes) => {
            while let Some(piece) = bytes.try_next().await? {
                if is_closed(&io::stdout().write_all(&piece))? {
                    return Ok(());
                }
            }
            Ok(())
        }
        ResponseContent::Events(mut events) => {
            let whole = matches!(operation.stream, Some(Stream::Events(EventData::Envelope)));
            while let Some(event) = events.try_next().await? {
                let line = if whole {
                    event.data().get().to_owned()
                } else {
                    event_line(&event)
                };
                if is_closed(&write_line(&line))? {
                    return Ok(());
                }
            }
            Ok(())
        }
        ResponseContent::Lines(mut lines) => {
            while let Some(value) = lines.try_next().await? {
                if is_closed(&write_line(value.get()))? {
                    return Ok(());
                }
            }
            Ok(())
        }
        _ => Ok(()),
    };
    quietly(written)
}

/// An event as a line of JSON.
fn event_line(event: &Event<Box<RawValue>>) -> String {
    let mut line = format!("{{\"event\":{}", Value::from(event.event()));
    if let Some(id) = event.id() {
        line.push_str(&format!(",\"id\":{}", Value::from(id)));
    }
    line.push_str(&format!(",\"data\":{}}}", event.data().get()));
    line
}

/// Writes a JSON value on a line of its own, at once: whoever reads it may be waiting for it.
fn write_line(value: &str) -> io::Result<()> {
    // The value may be on several lines: a line break in JSON stands between values only.
    let mut line = value.replace(['\n', '\r'], " ");
    if io::stdout().is_terminal() {
        line = visible(&line).into_owned();
    }
    line.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Writes a text as it is; on a terminal, as lines that do not command it.
fn write_text(text: &str) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return io::stdout().write_all(text.as_bytes());
    }
    let lines: Vec<_> = text.lines().map(visible).collect();
    io::stdout().write_all(format!("{}\n", lines.join("\n")).as_bytes())
}

async fn one_page(call: Call, format: Format) -> Result<(), Failure> {
    let operation = call.operation();
    let Some(page) = call.page().await else {
        return Err(Failure::usage("the operation does not page"));
    };
    let page = page?;
    let mut output = Output::new(format, operation);
    quietly(output.items(page.items()).and_then(|()| output.finish()))?;
    if let Some(note) = more(operation, &page) {
        say(&note);
    }
    Ok(())
}

/// Says something beside the output. Where nobody reads it any more, nothing is said.
fn say(note: &str) {
    let _ = io::stderr().write_all(format!("{}\n", visible(note)).as_bytes());
}

/// What to say where a page is not the last one.
fn more(operation: &Operation, page: &Page) -> Option<String> {
    if let Some(cursor) = page.next_cursor() {
        let next = page_argument(operation, cursor)?;
        return Some(format!(
            "There is more: add --all, or {next} for the next page."
        ));
    }
    let count = page.items().len() as u64;
    let total = page.total().filter(|total| *total > count)?;
    let flag = page_flag(operation)?;
    Some(format!(
        "These are {count} of {total}: add --all, or --{flag} NUMBER for another page."
    ))
}

/// The flag that says which page is wanted.
fn page_flag(operation: &Operation) -> Option<String> {
    let parameter = operation.table.paging?.parameter()?;
    let mut flags = command::flags_of(operation).into_iter();
    let flag = flags.find(|flag| match flag.target {
        command::Target::Parameter(index) => operation.table.parameters[index].name == parameter,
        command::Target::Member(_) => false,
    });
    flag.map(|flag| flag.name)
}

/// The argument that asks for a page, as one to be pasted: a cursor that begins with a hyphen is no flag.
fn page_argument(operation: &Operation, position: &str) -> Option<String> {
    let flag = page_flag(operation)?;
    Some(format!("--{flag}='{}'", position.replace('\'', r"'\''")))
}

async fn all_pages(call: Call, format: Format, ignore_total: bool) -> Result<(), Failure> {
    let operation = call.operation();
    let Some(pages) = call.pages() else {
        return Err(Failure::usage("the operation does not page"));
    };
    let pages = pages.concurrency(PAGES_AHEAD);
    let mut pages = if ignore_total {
        pages.ignore_total()
    } else {
        pages
    };
    let mut output = Output::new(format, operation);
    let progress = Progress::new();
    let mut count = 0;
    loop {
        let page = match pages.try_next().await {
            Ok(Some(page)) => page,
            Ok(None) => break,
            Err(error) => {
                // What came is shown; that it is not all, the exit code and the error say.
                progress.hide(|| output.flush()).ok();
                progress.finish();
                let is_paging = error.is_paging();
                let failure = Failure::from(error);
                let failure = if is_paging {
                    failure.hint("--ignore-total accepts a total that is wrong")
                } else {
                    failure
                };
                if count == 0 {
                    return Err(failure);
                }
                let failure = failure.hint(came_before(count));
                let next = pages
                    .position()
                    .and_then(|position| page_argument(operation, &position));
                return Err(match next {
                    Some(next) => failure.hint(format!("{next} goes on from there")),
                    None => failure,
                });
            }
        };
        count += page.items().len() as u64;
        progress.show(count, page.total());
        if is_closed(&progress.hide(|| output.items(page.items())))? {
            return Ok(());
        }
    }
    progress.finish();
    quietly(output.finish())
}

fn came_before(count: u64) -> String {
    let items = if count == 1 { "item" } else { "items" };
    format!("{count} {items} came before that")
}

/// Whether nobody reads the output any more; any other failure to write is one of the run.
fn is_closed(written: &io::Result<()>) -> Result<bool, Failure> {
    match written {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        // A value that is JSON, but nests deeper than is read.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let problem = format!("the response cannot be shown: {error}");
            Err(Failure::new(Kind::Unreadable, problem).hint("--output json passes it on as it is"))
        }
        Err(error) => Err(local("cannot write the output", error)),
    }
}

/// An output that nobody reads any more ends the run as if it were done.
fn quietly(written: io::Result<()>) -> Result<(), Failure> {
    let written = written.and_then(|()| io::stdout().flush());
    is_closed(&written).map(drop)
}
