//! `apidrift OLD NEW`: what changed between two OpenAPI documents.

#![expect(clippy::doc_markdown, reason = "OpenAPI is a name, not code")]

mod command;

fn main() -> std::process::ExitCode {
    command::run()
}
