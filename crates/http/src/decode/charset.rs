//! Bodies in other charsets than UTF-8.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Converts a body to UTF-8 without a byte order mark. The mark, or else the content type, determines the charset; a
/// body in an unknown charset is returned unchanged.
pub fn to_utf8(headers: &HeaderMap, body: Bytes) -> Bytes {
    if body.starts_with(UTF8_MARK) {
        return body.slice(UTF8_MARK.len()..);
    }
    transcoded(headers, body)
}

fn transcoded(headers: &HeaderMap, body: Bytes) -> Bytes {
    use encoding_rs::{Encoding, UTF_8};

    let marked = Encoding::for_bom(&body).map(|(encoding, _)| encoding);
    let labelled = || {
        let content_type = headers.get(CONTENT_TYPE)?;
        // Most content types have no parameters.
        if !content_type.as_bytes().contains(&b';') {
            return None;
        }
        let charset = charset(content_type.to_str().ok()?)?;
        // The common case needs no lookup.
        (!charset.eq_ignore_ascii_case("utf-8")).then(|| Encoding::for_label(charset.as_bytes()))?
    };
    match marked.or_else(labelled) {
        None => body,
        Some(encoding) if encoding == UTF_8 => body,
        Some(encoding) => Bytes::from(encoding.decode(&body).0.into_owned()),
    }
}

/// The parameter `charset` of a content type.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &'static [u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        let read = to_utf8(&headers, Bytes::from_static(body));
        String::from_utf8_lossy(&read).into_owned()
    }

    #[test]
    fn a_body_is_read_in_the_charset_of_its_content_type() {
        assert_eq!(read("text/plain; charset=ISO-8859-1", b"caf\xe9"), "café");
        assert_eq!(read("text/plain;Charset=\"windows-1252\"", b"\x80"), "€");
        assert_eq!(read("application/json; charset=euc-kr", b"\xc7\xd1"), "한");
        assert_eq!(read("text/plain; charset=Shift_JIS", b"\x93\xfa"), "日");
        assert_eq!(read("text/plain; charset=utf-16be", b"\0a\0b"), "ab");
    }

    #[test]
    fn utf_8_and_unknown_charsets_are_unchanged() {
        for content_type in [
            "text/plain",
            "text/plain; charset=UTF-8",
            "text/plain; charset=klingon",
            "x",
        ] {
            assert_eq!(read(content_type, "é".as_bytes()), "é", "{content_type}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped_and_comes_before_the_content_type() {
        assert_eq!(read("text/plain", b"\xef\xbb\xbf{}"), "{}");
        assert_eq!(read("text/plain; charset=utf-8", b"\xff\xfea\0"), "a");
        assert_eq!(read("text/plain; charset=iso-8859-1", b"\xfe\xff\0a"), "a");
    }
}
