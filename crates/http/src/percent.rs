//! Percent-encoding.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes a string for a path segment or a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(&mut encoded, text);
    encoded
}

/// Appends a string, encoded for a path segment or a query.
pub(crate) fn encode_into(encoded: &mut String, text: &str) {
    let plain = text.bytes().position(|byte| !is_unreserved(byte));
    let (plain, rest) = text.split_at(plain.unwrap_or(text.len()));
    encoded.push_str(plain);
    if !rest.is_empty() {
        encoded.extend(utf8_percent_encode(rest, &RESERVED));
    }
}

/// Whether a character is unreserved in RFC 3986, so that it is never encoded.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    /// A table by byte value, which is faster than comparisons.
    const UNRESERVED: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = u8::MAX;
        while byte > 0 {
            table[byte as usize] =
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
            byte -= 1;
        }
        table
    };
    UNRESERVED[usize::from(byte)]
}
