//! Responses that are not pages of a list.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;
use specmill::Event;
use specmill::dynamic::{Call, EventData, Operation, ResponseContent, Stream};
use specmill::http::Method;

use super::lists::finish;
use super::output;
use crate::failure::Failure;
use crate::options::Options;
use crate::output::{Progress, say};
use crate::visible::visible;
use crate::written::{is_closed, quietly};

/// Saves the body of the response in a file, and continues an earlier download with `--resume`.
pub(super) async fn save(call: Call, path: &Path, resume: bool) -> Result<(), Failure> {
    if resume && call.operation().table.method != Method::GET {
        return Err(
            Failure::usage("only the response to a GET can be resumed").hint("omit --resume")
        );
    }
    // The response may be confidential.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let progress = Arc::new(Progress::of("bytes"));
    let shown = Arc::clone(&progress);
    let download = call.send_to_file(path);
    let download = if resume {
        download.resumable()
    } else {
        download
    };
    let saved = download
        .progress(move |so_far| shown.show(so_far.bytes(), so_far.total()))
        .await;
    progress.finish();
    let saved = saved?;
    say(&format!("{} bytes are in {}", saved.body(), path.display()));
    Ok(())
}

/// Writes a response to standard output; a stream is written as it arrives.
pub(super) async fn write(
    response: ResponseContent,
    operation: &'static Operation,
    options: &Options,
) -> Result<(), Failure> {
    let written = match response {
        ResponseContent::Json(document) => {
            let mut output = output(operation, options)?;
            let written = output.document(&document);
            return finish(output, written, || None);
        }
        ResponseContent::Text(content) => text(&content),
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

/// Writes a JSON value on a line of its own and flushes it, since the reader may be waiting for
/// it.
fn write_line(value: &str) -> io::Result<()> {
    // The value may span several lines: JSON has line breaks only between values.
    let mut line = value.replace(['\n', '\r'], " ");
    if io::stdout().is_terminal() {
        line = visible(&line).into_owned();
    }
    line.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Writes a string unchanged, or on a terminal with control characters escaped.
pub(super) fn text(text: &str) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return io::stdout().write_all(text.as_bytes());
    }
    let lines: Vec<_> = text.lines().map(visible).collect();
    io::stdout().write_all(format!("{}\n", lines.join("\n")).as_bytes())
}
