//! The command: `apidrift OLD NEW` compares two OpenAPI documents.

mod command;

fn main() -> std::process::ExitCode {
    command::run()
}
