//! The query of a request.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::argument::Argument;
use super::value::{Pairs, Parts};
use super::{Arguments, value};
use crate::operation::{Operation, ParameterLocation, Style};
use crate::percent::encode_into;

/// Adds the query, with the `?` before it: the constants of the operation's path, and then its parameters in the order of its
/// table.
///
/// Everything but unreserved characters is percent-encoded, spaces as `%20`: every server reads that alike, and no
/// URL parser on the way changes it, which a signature over the URL depends on.
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

/// Adds the pairs of a value in a style of the query.
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
        (style, value) => {
            let text = Parts::of(value).joined(separator(style), false, encode);
            pairs.begin(name).push_str(&text);
        }
    }
}

/// What stands between the parts of a value that is sent as one parameter.
fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    }
}

/// What `allowReserved` leaves as it is: the reserved characters of RFC 3986 that mean nothing in a query. `&`, `#` and
/// `+` would end the value or change it, brackets have no place there, and a URL parser encodes the apostrophe.
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

/// Adds a value with its reserved characters; what is percent-encoded already stays so, as RFC 6570 has it.
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

/// The query with one more pair.
pub fn with_pair(query: Option<&str>, name: &str, value: &str) -> String {
    let mut text = query.unwrap_or_default().to_owned();
    let separator = if text.is_empty() { "" } else { "&" };
    Pairs::after(&mut text, separator).add(name, value);
    text
}
