//! Runs the sandbox in a separate process, and communicates with it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use specmill::{panther, scp::identity_center};
use specmill_sandbox::Sandbox;

use crate::Outcome;

/// The argument that makes this program run the sandbox.
pub(crate) const ARGUMENT: &str = "serve";

/// The settings for clients.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Addresses {
    pub(crate) panther: String,
    pub(crate) api_key: String,
    pub(crate) identity_center: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) instance_id: String,
    /// The ids of Panther's users for single calls.
    pub(crate) some_ids: Vec<String>,
}

/// Commands to the sandbox over its standard input, one per line.
#[derive(Debug, Serialize, Deserialize)]
enum Question {
    /// Returns the number of requests so far.
    Requests,
    /// Sets the latency of every further response, in milliseconds.
    Latency(u64),
}

/// A sandbox with the given number of users, which ends when this is dropped.
pub(crate) struct Service {
    pub(crate) addresses: Addresses,
    child: Child,
    questions: Option<ChildStdin>,
    responses: BufReader<ChildStdout>,
}

impl Service {
    pub(crate) fn start(users: usize) -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(ARGUMENT)
            .env("USERS", users.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = child.stdin.take();
        let output = child.stdout.take().ok_or("the service has no output")?;
        let mut responses = BufReader::new(output);
        let addresses = read(&mut responses)?;
        Ok(Self {
            addresses,
            child,
            questions,
            responses,
        })
    }

    /// The number of requests so far.
    pub(crate) fn requests(&mut self) -> Outcome<u64> {
        self.ask(&Question::Requests)
    }

    /// Sets the latency of every response.
    pub(crate) fn set_latency(&mut self, latency: Duration) -> Outcome {
        self.ask(&Question::Latency(u64::try_from(latency.as_millis())?))
    }

    /// A generated client with default settings.
    pub(crate) fn panther(&self) -> Outcome<panther::Client> {
        panther(&self.addresses)
    }

    /// A generated client with default settings.
    pub(crate) fn identity_center(&self) -> Outcome<identity_center::Client> {
        identity_center(&self.addresses)
    }

    fn ask<T: serde::de::DeserializeOwned>(&mut self, question: &Question) -> Outcome<T> {
        let questions = self.questions.as_mut().ok_or("the service was stopped")?;
        writeln!(questions, "{}", serde_json::to_string(question)?)?;
        questions.flush()?;
        read(&mut self.responses)
    }
}

pub(crate) fn panther(addresses: &Addresses) -> Outcome<panther::Client> {
    Ok(panther::Client::builder()
        .base_url(&addresses.panther)
        .api_key(addresses.api_key.as_str())
        .build()?)
}

pub(crate) fn identity_center(addresses: &Addresses) -> Outcome<identity_center::Client> {
    Ok(identity_center::Client::builder()
        .base_url(&addresses.identity_center)
        .credentials(addresses.access_key.as_str(), addresses.secret_key.as_str())
        .build()?)
}

impl Drop for Service {
    fn drop(&mut self) {
        // Closing its standard input ends the sandbox, whose exit status is irrelevant.
        self.questions = None;
        let _ = self.child.wait();
    }
}

fn read<T: serde::de::DeserializeOwned>(lines: &mut impl BufRead) -> Outcome<T> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Serves until standard input ends.
pub(crate) fn serve() -> Outcome {
    let users = std::env::var("USERS")?.parse()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let sandbox = runtime.block_on(
        Sandbox::builder()
            .panther_users(users)
            .identity_center_users(users)
            .log_capacity(0)
            .start(),
    )?;
    let some_ids = sandbox.panther_user_ids().into_iter().take(100).collect();
    say(&Addresses {
        panther: sandbox.panther_url().to_owned(),
        api_key: sandbox.panther_api_key().to_owned(),
        identity_center: sandbox.identity_center_url().to_owned(),
        access_key: sandbox.access_key().to_owned(),
        secret_key: sandbox.secret_key().to_owned(),
        instance_id: sandbox.instance_id().to_owned(),
        some_ids,
    })?;
    for line in std::io::stdin().lines() {
        match serde_json::from_str(&line?)? {
            Question::Requests => say(&sandbox.requests().count())?,
            Question::Latency(milliseconds) => {
                sandbox.set_latency(Duration::from_millis(milliseconds));
                say(&())?;
            }
        }
    }
    Ok(())
}

fn say(response: &impl Serialize) -> Outcome {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", serde_json::to_string(response)?)?;
    output.flush()?;
    Ok(())
}
