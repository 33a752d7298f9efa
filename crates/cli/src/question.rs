//! Questions to the user at a terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::failure::{Failure, Kind, local};
use crate::output::say;
#[cfg(unix)]
use crate::runtime::interruptible;
use crate::visible::visible;

/// Whether a user is at the terminal.
pub(crate) fn is_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for confirmation at a terminal; without one, returns true.
pub(crate) fn confirm(what: &str) -> Result<(), Failure> {
    if !is_possible() {
        return Ok(());
    }
    // If the question cannot be shown, the result is no.
    let answer = prompt(&format!("{what}\nSend it? [y/N] ")).unwrap_or_default();
    if is_yes(&answer) {
        return Ok(());
    }
    say("Nothing was sent. Use --yes to send it without confirmation.");
    Err(Failure::new(Kind::Interrupted, "nothing was sent"))
}

/// Asks whether a file may be changed.
pub(crate) fn confirm_change(what: &str) -> Result<(), Failure> {
    let answer = prompt(&format!("{what} [y/N] ")).unwrap_or_default();
    if is_yes(&answer) {
        return Ok(());
    }
    say("Nothing was changed.");
    Err(Failure::new(Kind::Interrupted, "nothing was changed"))
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// Prompts for a line.
pub(crate) fn line(text: &str) -> Result<String, Failure> {
    prompt(text).map_err(unread)
}

/// Reads a line of standard input after a prompt.
fn prompt(text: &str) -> io::Result<String> {
    let mut errors = io::stderr().lock();
    let shown: Vec<_> = text.split('\n').map(visible).collect();
    errors.write_all(shown.join("\n").as_bytes())?;
    errors.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Like [`prompt`], without echo. The terminal is restored afterwards, even if the run is interrupted.
#[cfg(unix)]
pub(crate) fn secret(text: &str) -> Result<String, Failure> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

    let failed = |error: rustix::io::Errno| unread(error.into());
    let terminal = io::stdin();
    let before = tcgetattr(&terminal).map_err(failed)?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    hidden.local_modes.insert(LocalModes::ECHONL);
    let text = text.to_owned();
    let line = interruptible(async {
        // The signals are handled from here on, so the terminal is not changed before.
        tcsetattr(&terminal, OptionalActions::Flush, &hidden).map_err(failed)?;
        let read = tokio::task::spawn_blocking(move || prompt(&text)).await;
        let line = read.map_err(io::Error::other).and_then(|line| line);
        line.map_err(unread)
    });
    tcsetattr(&terminal, OptionalActions::Now, &before).map_err(failed)?;
    line
}

/// Without a way to hide input, secrets are not read from a terminal.
#[cfg(not(unix))]
pub(crate) fn secret(_: &str) -> Result<String, Failure> {
    Err(unread(io::Error::new(
        io::ErrorKind::Unsupported,
        "this terminal cannot hide the input: pass the secret on standard input",
    )))
}

fn unread(error: io::Error) -> Failure {
    local("cannot read the input", error)
}
