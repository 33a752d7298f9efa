//! `specmill api`: requests that no operation describes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ArgMatches;
use serde_json::Value;
use specmill::CallOptions;
use specmill::dynamic::{
    Api, Body, BodyEncoding, Bounds, Call, Client, Idempotency, Operation, Operations,
    ParameterLocation, Style, Success, Table, TableParameter,
};
use specmill::http::Method;

use crate::body_file::json_file;
use crate::failure::Failure;
use crate::options::Options;

/// How the response is decoded.
pub(crate) const SUCCESS: Success = Success::Json {
    optional: true,
    rows: None,
    columns: &[],
};

/// The API that the request is for.
pub(crate) fn api(matches: &ArgMatches) -> Result<&'static Api, Failure> {
    let named: Option<&String> = matches.get_one("api");
    let mut all = specmill::dynamic::apis().iter().copied();
    let found = match named {
        Some(name) => all.find(|api| api.api.name == name),
        None => all.next(),
    };
    let known = found.ok_or_else(|| Failure::usage("there is no such API"))?;
    let method = matches
        .get_one::<String>("method")
        .map_or("", String::as_str);
    let path = matches.get_one::<String>("path").map_or("", String::as_str);
    let has_body = matches.contains_id("body");
    let operation = described(known, method, path, has_body)?;
    // These values live until the program ends, and it makes only one request.
    Ok(Box::leak(Box::new(Api {
        api: known.api,
        feature: known.feature,
        module: known.module,
        environment: known.environment,
        variables: known.variables,
        operations: Operations::listed(Vec::leak(vec![operation])),
        transport: known.transport,
    })))
}

/// The request as the one operation of the API.
pub(crate) fn call(
    client: &Client,
    api: &'static Api,
    matches: &ArgMatches,
    options: &Options,
) -> Result<(Call, bool), Failure> {
    let mut call_options = CallOptions::default();
    if let Some(timeout) = options.timeout {
        call_options = call_options.timeout(timeout);
    }
    let id = api
        .operations
        .first()
        .map_or("", |operation| operation.table.id);
    let call = client.call_with(id, call_options);
    let mut call = call.ok_or_else(|| Failure::usage("there is no such request"))?;
    let path = matches.get_one::<String>("path").map_or("", String::as_str);
    let (_, query) = split(path);
    let operation = call.operation();
    for (parameter, values) in operation
        .table
        .parameters
        .iter()
        .zip(arguments(query).into_values())
    {
        call = call.parameter(parameter, &Value::Array(values));
    }
    if let Some(file) = matches.get_one::<PathBuf>("body") {
        call = call.body_bytes(json_file(file)?);
    }
    Ok((call, false))
}

fn split(path: &str) -> (&str, &str) {
    path.split_once('?').unwrap_or((path, ""))
}

/// The values of a query, by their names.
fn arguments(query: &str) -> BTreeMap<String, Vec<Value>> {
    let mut arguments: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let values = arguments.entry(name.into_owned()).or_default();
        values.push(Value::String(value.into_owned()));
    }
    arguments
}

fn described(
    api: &Api,
    method: &str,
    path: &str,
    has_body: bool,
) -> Result<&'static Operation, Failure> {
    let method = Method::from_bytes(method.to_uppercase().as_bytes());
    let method = method.map_err(|_| Failure::usage("that is not a method"))?;
    let (path, query) = split(path);
    check(path)?;
    let parameters = arguments(query).into_keys().map(|name| TableParameter {
        name: name.leak(),
        location: ParameterLocation::Query,
        required: false,
        style: Style::Form,
        allow_reserved: false,
        bounds: Bounds::NONE,
    });
    let parameters: Vec<TableParameter> = parameters.collect();
    // With several security schemes, those of the first operation that requires any are used.
    let mut all = api.operations.iter();
    let security = all.find(|one| one.table.authenticated && !one.table.security.is_empty());
    let table = Table {
        api: api.api.name,
        id: format!("{method} {path}").leak(),
        method,
        path: path.to_owned().leak(),
        parameters: parameters.leak(),
        body: has_body.then_some(Body {
            content_type: "application/json",
            encoding: BodyEncoding::Json,
            required: false,
            styles: &[],
        }),
        paging: None,
        permission: None,
        authenticated: true,
        security: security.map_or(&[], |one| one.table.security),
        server: None,
        accept: None,
        idempotency: Idempotency::ByMethod,
        stream_flag: None,
    };
    Ok(Box::leak(Box::new(Operation {
        table: Box::leak(Box::new(table)),
        group: "",
        group_description: "",
        verb: "",
        summary: "",
        description: "",
        deprecated: false,
        parameters: &[],
        body: &[],
        success: SUCCESS,
        stream: None,
    })))
}

/// Rejects a path that an intermediary could normalise to another one.
fn check(path: &str) -> Result<(), Failure> {
    let refuse = |problem: &str| Err(Failure::usage(format!("the path {path} {problem}")));
    if !path.starts_with('/') || path.starts_with("//") {
        return refuse("does not begin with one slash")
            .map_err(|failure| failure.hint("give what follows the base URL: /users"));
    }
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte);
    if !path.bytes().all(is_plain) {
        return refuse("has a character that must be percent-encoded");
    }
    let is_dots = |segment: &str| {
        let decoded = segment.to_lowercase().replace("%2e", ".");
        matches!(decoded.as_str(), "." | "..")
    };
    if path.split('/').any(is_dots) {
        return refuse("has a segment that leads elsewhere");
    }
    let lower = path.to_lowercase();
    if ["%2f", "%5c", "%00", "%25"]
        .iter()
        .any(|encoded| lower.contains(encoded))
    {
        return refuse("has an encoded slash, backslash, percent sign or zero");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_to_another_location_is_refused() {
        for path in [
            "users",
            "//a.test/users",
            "https://a.test",
            "/a/../b",
            "/a/%2E./b",
            "/a b",
            "/é",
            "/{id}",
            "/a\\b",
            "/a%2fb",
            "/a%252e",
            "/#a",
            "",
        ] {
            assert!(check(path).is_err(), "{path}");
        }
        for path in ["/", "/users", "/users/a%20b", "/a.b/..c"] {
            assert!(check(path).is_ok(), "{path}");
        }
    }

    #[test]
    fn values_with_the_same_name_are_sent_together() {
        let arguments = arguments("a=1&b=x%20y&a=2+3");
        assert_eq!(arguments["a"], ["1", "2 3"]);
        assert_eq!(arguments["b"], ["x y"]);
    }
}
