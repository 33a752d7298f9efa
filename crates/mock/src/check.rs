//! Finds the operation of a request, and checks the request against the document.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, COOKIE};
use percent_encoding::percent_decode_str;
use specmill_http::operation::{Operation, ParameterLocation, StreamFlag, Style};

use crate::operation::MockOperation;
use crate::parts;
use crate::received::ReceivedRequest;

/// The operations that match a request, each with the parsed request. There are several if they differ only in their
/// servers or in the fragments of their paths.
pub(crate) fn received(
    operations: &'static [MockOperation],
    request: &wiremock::Request,
) -> Vec<(&'static MockOperation, ReceivedRequest)> {
    let (method, path) = (request.method.as_str(), request.url.path());
    let query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    let found = operations.iter().filter_map(|mock| {
        let operation = (mock.operation)();
        let parameters = matched(mock.path(), path)?;
        let is_found = operation.method.as_str() == method
            && mock.constants().iter().all(|pair| query.contains(pair));
        is_found.then_some((mock, parameters))
    });
    let mut found: Vec<_> = found.collect();
    let longest = found.iter().map(|(mock, _)| mock.literal_length()).max();
    found.retain(|(mock, _)| Some(mock.literal_length()) == longest);
    let body = Bytes::copy_from_slice(&request.body);
    let received = found.into_iter().map(|(mock, parameters)| {
        let received = ReceivedRequest {
            operation: (mock.operation)().id,
            method: method.to_owned(),
            path: path.to_owned(),
            parameters,
            query: query.clone(),
            headers: request.headers.clone(),
            body: body.clone(),
        };
        (mock, received)
    });
    received.collect()
}

/// Describes the first part of a request that the document does not allow.
pub(crate) fn problem(
    mock: &MockOperation,
    request: &ReceivedRequest,
    credentials: &[&str],
) -> Option<String> {
    let operation = (mock.operation)();
    unknown_query(mock, operation, request, credentials)
        .or_else(|| missing_parameter(operation, request))
        .or_else(|| wrong_body(mock, operation, request))
}

fn unknown_query(
    mock: &MockOperation,
    operation: &Operation,
    request: &ReceivedRequest,
    credentials: &[&str],
) -> Option<String> {
    if mock.open_query {
        return None;
    }
    let constants = mock.constants();
    let unknown = request.query.iter().find(|(name, _)| {
        let known = operation.parameters.iter().any(|parameter| {
            let own = parameter.name;
            let below = name
                .strip_prefix(own)
                .is_some_and(|rest| rest.starts_with('['));
            parameter.location == ParameterLocation::Query
                && (own == name || (parameter.style == Style::DeepObject && below))
        });
        let is_flag =
            matches!(operation.stream_flag, Some(StreamFlag::Query(flag)) if flag == name);
        let is_constant = constants.iter().any(|(constant, _)| constant == name);
        !known && !is_flag && !is_constant && !credentials.contains(&name.as_str())
    });
    unknown.map(|(name, _)| format!("the document has no query parameter `{name}`"))
}

fn missing_parameter(operation: &Operation, request: &ReceivedRequest) -> Option<String> {
    let missing = operation.parameters.iter().find(|parameter| {
        let name = parameter.name;
        let given = match parameter.location {
            ParameterLocation::Query => request.query.iter().any(|(known, _)| {
                known == name
                    || known
                        .strip_prefix(name)
                        .is_some_and(|rest| rest.starts_with('['))
            }),
            ParameterLocation::Header => request.headers.contains_key(name),
            ParameterLocation::Cookie => request.headers.contains_key(COOKIE),
            ParameterLocation::Path => true,
        };
        parameter.required && parameter.style != Style::Form && !given
            || parameter.required
                && parameter.style == Style::Form
                && parameter.location == ParameterLocation::Query
                && request.query.is_empty()
    });
    missing.map(|parameter| {
        format!(
            "the {} parameter `{}` is missing",
            parameter.location, parameter.name
        )
    })
}

fn wrong_body(
    mock: &MockOperation,
    operation: &Operation,
    request: &ReceivedRequest,
) -> Option<String> {
    let Some(table) = operation.body else {
        let unexpected = !request.body.is_empty();
        return unexpected.then(|| "the operation takes no body".to_owned());
    };
    if request.body.is_empty() {
        return table.required.then(|| "the body is missing".to_owned());
    }
    if request.headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let essence = |text: &str| {
        let essence = text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    };
    let content_type = request.headers.get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let given = essence(content_type);
    let wanted = essence(table.content_type);
    let matches = match wanted.split_once('*') {
        Some((start, _)) => given.starts_with(start),
        None => given == wanted,
    };
    if !matches {
        return Some(format!("the body is {given:?} in place of {wanted:?}"));
    }
    if let Some(declared) = mock.form {
        return match parts::read(content_type, &request.body) {
            Ok(received) => parts::problem(declared, &received),
            Err(problem) => Some(format!("the body is no form: {problem}")),
        };
    }
    let problem = (mock.check_body)(&request.body).err()?;
    Some(format!("the body is not of the declared type: {problem}"))
}

/// The decoded parameters of a path, if it matches the template.
fn matched(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (mut templates, mut segments) = (template.split('/'), path.split('/'));
    let mut parameters = Vec::new();
    loop {
        match (templates.next(), segments.next()) {
            (None, None) => return Some(parameters),
            (Some(template), Some(segment)) => {
                matched_segment(template, segment, &mut parameters)?;
            }
            _ => return None,
        }
    }
}

fn matched_segment(
    template: &str,
    segment: &str,
    parameters: &mut Vec<(String, String)>,
) -> Option<()> {
    let Some((literal, rest)) = template.split_once('{') else {
        return (template == segment).then_some(());
    };
    let (name, after) = rest.split_once('}')?;
    let segment = segment.strip_prefix(literal)?;
    let next_literal = after.split('{').next().unwrap_or_default();
    let end = if next_literal.is_empty() {
        segment.len()
    } else if after.contains('{') {
        segment.find(next_literal)?
    } else {
        segment.len().checked_sub(next_literal.len())?
    };
    let value = segment.get(..end).filter(|value| !value.is_empty())?;
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    parameters.push((name.to_owned(), decoded.into_owned()));
    matched_segment(after, &segment[end..], parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(found: Option<Vec<(String, String)>>) -> Option<Vec<String>> {
        let found = found?.into_iter();
        Some(
            found
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        )
    }

    #[test]
    fn a_path_is_matched_segment_by_segment() {
        let all = |template, path| pairs(matched(template, path));
        assert_eq!(all("/users", "/users").unwrap(), [""; 0]);
        assert_eq!(all("/users/{id}", "/users/a%2Fb").unwrap(), ["id=a/b"]);
        assert_eq!(all("/a/{x}.{y}/b", "/a/1.2/b").unwrap(), ["x=1", "y=2"]);
        assert_eq!(all("/f/{name}.json", "/f/a.json").unwrap(), ["name=a"]);
        for (template, path) in [
            ("/users/{id}", "/users"),
            ("/users/{id}", "/users/"),
            ("/users/{id}", "/users/1/roles"),
            ("/f/{name}.json", "/f/a.xml"),
        ] {
            assert_eq!(all(template, path), None, "{template} {path}");
        }
    }
}
