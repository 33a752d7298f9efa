//! Prism: a mock server for a document, which reports invalid requests.

use std::path::Path;
use std::time::Duration;

use specmill_openapi::diagnostic::Result;

use super::install::Tools;
use super::process::{Interrupt, Output, Running};

/// The time limit for the start of Prism.
const START: Duration = Duration::from_secs(60);

/// The source of a mock's responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Responses {
    /// The examples of the document, or else values of its schemas, which are the same each
    /// time.
    Static,
    /// Random values of the schemas, from a fixed seed.
    Dynamic,
}

/// A mock server on a loopback port.
pub(super) struct Mock {
    pub(super) address: String,
    pub(super) output: Output,
    _running: Running,
}

impl Mock {
    /// Serves a document, given by its path from the root.
    pub(super) fn start(
        tools: &Tools,
        document: &Path,
        responses: Responses,
        output: Output,
        interrupt: &Interrupt,
    ) -> Result<Self> {
        let mut command = tools.prism();
        // With port 0, the system selects a free port.
        command
            .args(["mock", "--errors", "--host", "127.0.0.1", "--port", "0"])
            .arg(document);
        if responses == Responses::Dynamic {
            command.args(["--dynamic", "--seed", "specmill"]);
        }
        let mut running = Running::start("Prism", &mut command, &output)?;
        let address = running.until(interrupt, START, address)?;
        Ok(Self {
            address,
            output,
            _running: running,
        })
    }
}

/// The URL in Prism's message about listening.
fn address(printed: &str) -> Option<String> {
    let (_, rest) = printed.split_once("Prism is listening on ")?;
    // An incomplete line may contain a part of the port.
    let (address, _) = rest.split_once('\n')?;
    Some(address.trim().to_owned())
}

/// Prism's findings about the requests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Log {
    /// The number of requests.
    pub requests: usize,
    /// The violations of requests, or of Prism's own responses: `GET /users: …`.
    pub violations: Vec<String>,
}

impl Log {
    /// Reads Prism's output.
    pub fn read(printed: &str) -> Self {
        let mut log = Self::default();
        let mut request = String::new();
        for line in printed.lines() {
            if let Some(received) = received(line) {
                log.requests += 1;
                request = received;
            } else if let Some(what) = violation(line) {
                log.violations.push(format!("{request}: {what}"));
            }
        }
        log
    }
}

/// The request of a line such as `… › [HTTP SERVER] get /users ℹ  info      Request received`.
fn received(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("[HTTP SERVER] ")?;
    let request = rest.strip_suffix("Request received")?;
    let mut words = request.split_whitespace();
    Some(format!(
        "{} {}",
        words.next()?.to_uppercase(),
        words.next()?
    ))
}

/// The violation in a line: of the document, or a request without an operation.
fn violation(line: &str) -> Option<&str> {
    ["Violation: ", "Request terminated with error: "]
        .iter()
        .find_map(|mark| line.split_once(mark))
        .map(|(_, what)| what.trim())
}
