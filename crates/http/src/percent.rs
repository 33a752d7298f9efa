//! Percent-encoding.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A string as it stands in a path segment or a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    encode_into(&mut encoded, text);
    encoded
}

/// Adds a string as it stands in a path segment or a query.
pub(crate) fn encode_into(encoded: &mut String, text: &str) {
    if text.bytes().all(is_unreserved) {
        encoded.push_str(text);
    } else {
        encoded.extend(utf8_percent_encode(text, &RESERVED));
    }
}

/// Whether a character stands for itself in every part of a URL.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    /// By byte: to look one up takes less than to compare it with all of them.
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
