//! Makes foreign text safe for a terminal.

use std::borrow::Cow;

use specmill::dynamic::is_unprintable;

/// Foreign text as one line that cannot control a terminal: control characters, invisible characters and those that change the
/// text direction are spelled out.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unprintable(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(
            visible("a\u{1b}[2J\r\n\u{9b}1m\u{202e}b"),
            "a\\u{1b}[2J\\r\\n\\u{9b}1m\\u{202e}b"
        );
        assert_eq!(visible("홍길동 é"), "홍길동 é");
    }
}
