//! `apidrift OLD NEW`: what changed between two OpenAPI documents.

mod command;

fn main() -> std::process::ExitCode {
    command::run()
}
