//! The query of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::argument::Argument;
use super::value::{Pairs, Parts};
use super::{Arguments, value};
use crate::operation::{Operation, ParameterLocation, Style};
use crate::percent::encode_into;

/// Appends the query with a leading `?`: the constant pairs of the operation's path, then the parameters in the order
/// of its table.
///
/// All characters except the unreserved ones are percent-encoded, spaces as `%20`. Every server decodes that in the
/// same way, and no URL parser changes it, which signatures of the URL require.
pub(super) fn render(
    url: &mut String,
    constants: &str,
    operation: &'static Operation,
    arguments: &Arguments,
) {
    let mut separator = "?";
    if !constants.is_empty() {
        url.push('?');
        url.push_str(constants);
        separator = "&";
    }
    let mut pairs = Pairs::after(url, separator);
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterLocation::Query)
    {
        if let Some((_, value)) = arguments
            .iter()
            .find(|(given, _)| std::ptr::eq(*given, parameter))
        {
            let encode = if parameter.allow_reserved {
                encode_reserved_into
            } else {
                encode_into
            };
            write(parameter.name, parameter.style, value, encode, &mut pairs);
        }
    }
}

/// Appends the pairs of a value in the style of a query parameter.
pub(super) fn write(
    name: &str,
    style: Style,
    value: &Argument,
    encode: impl Fn(&mut String, &str),
    pairs: &mut Pairs<'_>,
) {
    let mut add = |name: &str, value: &str| encode(pairs.begin(name), value);
    match (style, value) {
        (Style::DeepObject, value) => value::brackets(name, value, &mut add),
        (Style::Form, Argument::Object(fields)) => {
            for (field, value) in fields.iter().filter(|(_, value)| *value != Argument::Null) {
                for item in value::items(value) {
                    add(field, &item);
                }
            }
        }
        (Style::Form, Argument::List(_)) => {
            for item in value::items(value) {
                add(name, &item);
            }
        }
        (style, Argument::List(_) | Argument::Object(_)) => {
            let text = Parts::of(value).joined(separator(style), false, encode);
            pairs.begin(name).push_str(&text);
        }
        (_, value) => add(name, &value::scalar(value)),
    }
}

/// The separator between the parts of a value that is sent as one parameter.
fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    }
}

/// The characters that are encoded with `allowReserved`. The reserved characters of RFC 3986 that have no meaning in a
/// query are not among them. `&`, `#` and `+` would end or change the value, brackets are not allowed, and URL parsers
/// encode the apostrophe.
const EVEN_RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Appends a value without encoding reserved characters. Percent-encoded triplets are unchanged, as in RFC 6570.
fn encode_reserved_into(encoded: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        encoded.extend(utf8_percent_encode(before, &EVEN_RESERVED));
        let triple = after.as_bytes().get(1..3);
        let length = if triple.is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) {
            encoded.push_str(&after[..3]);
            3
        } else {
            encoded.push_str("%25");
            1
        };
        rest = &after[length..];
    }
    encoded.extend(utf8_percent_encode(rest, &EVEN_RESERVED));
}

/// Appends a pair to a query.
pub fn with_pair(query: Option<&str>, name: &str, value: &str) -> String {
    let mut text = query.unwrap_or_default().to_owned();
    let separator = if text.is_empty() { "" } else { "&" };
    Pairs::after(&mut text, separator).add(name, value);
    text
}
