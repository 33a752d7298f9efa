//! The command for requests that no operation describes.

use std::path::PathBuf;

use clap::{Arg, Command, value_parser};
use specmill::dynamic::Api;

/// The methods that a request may have.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// The command.
pub(super) fn command(apis: &[&'static Api]) -> Command {
    let names: Vec<&'static str> = apis.iter().map(|api| api.api.name).collect();
    Command::new("api")
        .about("Sends any request with the base URL and credentials of an API")
        .after_help("The path is appended to the base URL of the API; special characters are percent-encoded. The response must be JSON, unless --output-file saves it.")
        .arg(
            Arg::new("method")
                .value_name("METHOD")
                .required(true)
                .ignore_case(true)
                .value_parser(METHODS)
                .help("The HTTP method"),
        )
        .arg(
            Arg::new("path")
                .value_name("PATH")
                .required(true)
                .help("The path below the base URL, with an optional query: '/users?limit=2'"),
        )
        .arg(
            Arg::new("api")
                .long("api")
                .value_name("NAME")
                .required(names.len() != 1)
                .value_parser(names)
                .help("The API whose base URL and credentials are used"),
        )
        .arg(
            Arg::new("body")
                .long("body")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("A file with the JSON body [- for standard input]"),
        )
}
