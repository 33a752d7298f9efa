//! Sanitizes untrusted text for errors and events.

/// The maximum number of characters of untrusted text in an error.
pub const LIMIT: usize = 500;

/// Converts untrusted text to one line that is safe to print to a terminal or log.
///
/// Control and formatting characters become spaces, consecutive white space becomes one space, and the line is
/// truncated after `limit` characters. `None` if the line is empty.
pub fn one_line(text: &str, limit: usize) -> Option<String> {
    let mut line = String::new();
    let mut characters = 0;
    for word in text.split(|character: char| character.is_whitespace() || is_unprintable(character))
    {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
            characters += 1;
        }
        for character in word.chars() {
            if characters >= limit {
                line.push('…');
                return Some(line);
            }
            line.push(character);
            characters += 1;
        }
    }
    (!line.is_empty()).then_some(line)
}

/// Whether a character is a control character, or hides or reorders text: default-ignorable code points, and
/// separators of lines.
pub fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_colours_and_direction_marks_become_spaces() {
        let hostile = "a\r\nERROR fake log line\u{1b}[31m red\u{202e}desrever\u{0}";
        assert_eq!(
            one_line(hostile, 500).unwrap(),
            "a ERROR fake log line [31m red desrever"
        );
    }

    #[test]
    fn long_text_is_cut() {
        let line = one_line(&"é".repeat(2_000), 500).unwrap();
        assert_eq!(line.chars().count(), 501);
        assert!(line.ends_with('…'));
    }

    #[test]
    fn nothing_is_left_of_blank_text() {
        assert_eq!(one_line(" \t\n\u{200b}", 500), None);
    }
}
