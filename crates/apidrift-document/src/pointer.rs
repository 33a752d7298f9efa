//! The tokens of JSON pointers in references.

/// The component name at the end of a reference: `User` for `#/components/schemas/User`.
pub fn last_token(reference: &str) -> String {
    unescape(reference.rsplit('/').next().unwrap_or(reference))
}

/// Decodes percent encoding, then the escapes of JSON pointers.
pub(crate) fn unescape(token: &str) -> String {
    let mut bytes = Vec::with_capacity(token.len());
    let mut rest = token.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8_lossy(&bytes)
        .replace("~1", "/")
        .replace("~0", "~")
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
