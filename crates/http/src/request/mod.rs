//! Converts the arguments of a call to a request.

pub mod accept;
mod argument;
mod body;
mod bounds;
mod headers;
mod link;
mod path;
mod query;
pub mod value;

use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::{HeaderName, HeaderValue};
use reqwest::Url;

pub use argument::Argument;
pub use body::{encode as encode_body, with_field};
pub use bounds::check as check_bounds;
pub use headers::Headers;
pub use link::follow;
pub use path::without_query;
pub use query::with_pair;
pub use value::lost;

use crate::base_url::BaseUrl;
use crate::body::BodySource;
use crate::operation::{Operation, Parameter, ParameterLocation, Style};
use crate::percent::{self, encode};
use value::Parts;

/// The arguments of a call.
pub type Arguments = Vec<(&'static Parameter, Argument)>;

/// A request without its credentials, which are added for each attempt.
#[derive(Clone)]
pub struct Prepared {
    /// The URL, without credentials in the query.
    pub url: Url,
    /// The headers.
    pub headers: Headers,
    /// The body, if there is one.
    pub body: Option<BodySource>,
}

impl Prepared {
    /// Whether the request can be sent now: its body, if it has one, can be opened.
    pub fn can_be_sent(&self) -> bool {
        self.body.as_ref().is_none_or(BodySource::can_be_opened)
    }
}

/// Builds a request. Its headers are added to `headers`.
///
/// # Errors
/// An argument is missing or cannot be sent. The error does not contain the values of arguments.
pub fn prepare(
    operation: &'static Operation,
    base: &BaseUrl,
    mut headers: Headers,
    arguments: &Arguments,
    body: Option<BodySource>,
    accept: &'static str,
) -> Result<Prepared, String> {
    if let Some(missing) = operation.parameters.iter().find(|parameter| {
        parameter.required
            && !arguments
                .iter()
                .any(|(given, _)| std::ptr::eq(*given, *parameter))
    }) {
        return Err(format!(
            "missing {} parameter `{}`",
            missing.location, missing.name
        ));
    }
    if body.is_none() && operation.body.is_some_and(|body| body.required) {
        return Err("missing body".to_owned());
    }
    let url = url(operation, base, arguments)?;
    // A value set by the caller takes precedence.
    if !headers.contains(&ACCEPT) {
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
    }
    if let (Some(table), Some(_)) = (operation.body, &body) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(table.content_type));
    }
    header_parameters(operation, arguments, &mut headers)?;
    Ok(Prepared { url, headers, body })
}

/// The capacity for the path and query of nearly every request, in addition to the values.
const USUAL_LENGTH: usize = 96;

fn url(
    operation: &'static Operation,
    base: &BaseUrl,
    arguments: &Arguments,
) -> Result<Url, String> {
    let values = arguments.iter().filter_map(|(_, value)| value.as_str());
    let values: usize = values.map(str::len).sum();
    let (template, constants) = without_query(operation.path);
    let mut text = String::with_capacity(base.prefix().len() + values + USUAL_LENGTH);
    text.push_str(base.prefix());
    let plain = path::render(&mut text, template, arguments)?;
    let path_length = text.len();
    query::render(&mut text, constants, operation, arguments);
    let (path, query) = text.split_at(path_length);
    let query = query.strip_prefix('?');
    // Only path and query are parsed, since the base URL was parsed before.
    let mut url = base.url().clone();
    url.set_path(path);
    if query.is_some() {
        url.set_query(query);
    }
    // A URL parser may drop dot segments or convert backslashes, so the result is compared with the intended URL.
    let follows = || path::follows(template, base.prefix(), url.path());
    if url.path() != path || url.query() != query || !(plain || follows()) {
        return Err("an argument would change the address of the operation".to_owned());
    }
    Ok(url)
}

fn header_parameters(
    operation: &'static Operation,
    arguments: &Arguments,
    headers: &mut Headers,
) -> Result<(), String> {
    let mut cookies = String::new();
    for parameter in operation.parameters {
        if !matches!(
            parameter.location,
            ParameterLocation::Header | ParameterLocation::Cookie
        ) {
            continue;
        }
        let Some((_, value)) = arguments
            .iter()
            .find(|(given, _)| std::ptr::eq(*given, parameter))
        else {
            continue;
        };
        let refuse = || {
            format!(
                "the {} parameter {} cannot be sent",
                parameter.location, parameter.name
            )
        };
        if parameter.location == ParameterLocation::Cookie {
            cookie(parameter, value, &mut cookies);
        } else {
            let exploded = parameter.style == Style::SimpleExploded;
            let text = Parts::of(value).joined(",", exploded, String::push_str);
            let name = HeaderName::from_bytes(parameter.name.as_bytes()).map_err(|_| refuse())?;
            let mut value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| refuse())?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    if !cookies.is_empty() {
        let mut value =
            HeaderValue::from_str(&cookies).map_err(|_| "a cookie cannot be sent".to_owned())?;
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
    Ok(())
}

/// Adds the cookies of a parameter: one for each part if the style is exploded.
fn cookie(parameter: &Parameter, value: &Argument, cookies: &mut String) {
    let mut add = |name: &str, value: &str| {
        let separator = if cookies.is_empty() { "" } else { "; " };
        cookies.push_str(&format!("{separator}{}={value}", encode(name)));
    };
    match (parameter.style, value) {
        (Style::Form, Argument::List(_)) => {
            for item in value::items(value) {
                add(parameter.name, &encode(&item));
            }
        }
        (Style::Form, Argument::Object(_)) => {
            if let Parts::Fields(fields) = Parts::of(value) {
                for (name, value) in fields {
                    add(name, &encode(&value));
                }
            }
        }
        (_, value) => add(
            parameter.name,
            &Parts::of(value).joined(",", false, percent::encode_into),
        ),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    use super::*;
    use crate::operation::{Bounds, Idempotency, Style};

    static OPERATION: Operation = Operation {
        api: "demo",
        id: "get",
        method: Method::GET,
        path: "/users/{id}/roles",
        parameters: &[
            Parameter {
                name: "id",
                location: ParameterLocation::Path,
                required: true,
                style: Style::Simple,
                allow_reserved: false,
                bounds: Bounds::NONE,
            },
            Parameter {
                name: "q",
                location: ParameterLocation::Query,
                required: false,
                style: Style::Form,
                allow_reserved: false,
                bounds: Bounds::NONE,
            },
        ],
        body: None,
        paging: None,
        permission: None,
        authenticated: true,
        security: &[],
        server: None,
        accept: None,
        idempotency: Idempotency::ByMethod,
        stream_flag: None,
    };

    fn built(id: &str, q: &str) -> Result<Url, String> {
        let base = BaseUrl::parse(
            "https://api.acme.test/v1",
            &[],
            false,
            &crate::setting_names::SettingNames::default(),
        )
        .unwrap();
        let arguments = vec![
            (&OPERATION.parameters[0], Argument::String(id.to_owned())),
            (&OPERATION.parameters[1], Argument::String(q.to_owned())),
        ];
        prepare(
            &OPERATION,
            &base,
            Headers::default(),
            &arguments,
            None,
            "*/*",
        )
        .map(|request| request.url)
    }

    /// Sequences that are used for attacks on paths, and arbitrary characters.
    fn tricky() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("..".to_owned()),
            Just(".".to_owned()),
            Just("/".to_owned()),
            Just("\\".to_owned()),
            Just("%2e".to_owned()),
            Just("%2F".to_owned()),
            Just("%5c".to_owned()),
            Just("%25".to_owned()),
            Just(";".to_owned()),
            Just("?".to_owned()),
            Just("#".to_owned()),
            Just("@".to_owned()),
            any::<char>().prop_map(String::from),
            "[a-z]{1,3}",
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_argument_is_refused_or_arrives_unchanged_in_its_place(id in tricky(), q in ".{0,12}") {
            if let Ok(url) = built(&id, &q) {
                prop_assert_eq!(url.host_str(), Some("api.acme.test"));
                prop_assert_eq!(url.fragment(), None);
                let segments: Vec<&str> = url.path().split('/').collect();
                prop_assert_eq!(segments.len(), 5, "{}", url);
                prop_assert_eq!((segments[1], segments[2], segments[4]), ("v1", "users", "roles"));
                let mut text = segments[3].to_owned();
                prop_assert_eq!(percent_decode_str(&text).decode_utf8().unwrap(), id.as_str());
                // No dot segment appears, however often a proxy decodes and normalises the path.
                for _ in 0..10 {
                    prop_assert!(!text.split(['/', '\\']).any(|piece| {
                        matches!(piece.split(';').next(), None | Some("" | "." | ".."))
                    }), "{}", url);
                    text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
                }
                let pairs: Vec<_> = url.query_pairs().collect();
                prop_assert_eq!(pairs, [("q".into(), q.into())]);
            }
        }

        #[test]
        fn an_ordinary_id_is_never_refused(id in "[A-Za-z0-9_:@+=, -][A-Za-z0-9._:@+=, -]{0,40}") {
            prop_assert!(built(&id, "x").is_ok());
        }
    }
}
