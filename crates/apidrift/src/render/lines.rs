//! Finds the line of a location in the text of a document.

/// The lines of a document, by JSON pointer. JSON and YAML in block style are supported; a location in any other syntax has the
/// line of the nearest enclosing location that is found.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'a> {
    text: &'a str,
}

impl<'a> Lines<'a> {
    /// The lines of the text.
    pub fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The line of a place, from 1. `None` for places of other files.
    pub fn of(&self, pointer: &str) -> Option<usize> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let tokens: Vec<String> = pointer
            .split('/')
            .skip(1)
            .map(|token| token.replace("~1", "/").replace("~0", "~"))
            .collect();
        if self.text.trim_start().starts_with('{') {
            let mut scanner = Scanner {
                bytes: self.text.as_bytes(),
                at: 0,
            };
            Some(self.line(scanner.find(&tokens)))
        } else {
            Some(self.block(&tokens))
        }
    }

    fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        before.split(|byte| *byte == b'\n').count()
    }

    /// Descends into a YAML document by indentation.
    fn block(&self, tokens: &[String]) -> usize {
        let entries = entries(self.text);
        let (mut from, mut to, mut found) = (0, entries.len(), 1);
        for token in tokens {
            let Some(first) = entries.get(from).filter(|_| from < to) else {
                break;
            };
            let mut items = 0;
            let here = (from..to).find(|&at| {
                let entry = &entries[at];
                if entry.indent != first.indent {
                    return false;
                }
                items += usize::from(entry.is_item);
                if entry.is_item {
                    token.parse() == Ok(items - 1)
                } else {
                    key(entry.text).is_some_and(|key| key == *token)
                }
            });
            let Some(here) = here else {
                break;
            };
            let Entry {
                indent, is_item, ..
            } = entries[here];
            found = entries[here].line;
            from = here + 1;
            // The items of a list may have the same indentation as its name.
            let ends = |entry: &Entry<'_>| {
                entry.indent < indent || (entry.indent == indent && (is_item || !entry.is_item))
            };
            to = (from..to).find(|&at| ends(&entries[at])).unwrap_or(to);
        }
        found
    }
}

/// A property name with its value, or the dash of an item.
struct Entry<'a> {
    line: usize,
    indent: usize,
    text: &'a str,
    is_item: bool,
}

/// The entries of each line: `- name: n` is an item and a property of it.
fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let Some(mut indent) = indent(text) else {
            continue;
        };
        while let Some(rest) = text[indent..].strip_prefix('-') {
            if !rest.is_empty() && !rest.starts_with(' ') {
                break;
            }
            entries.push(Entry {
                line,
                indent,
                text: "",
                is_item: true,
            });
            indent += 1 + rest.len() - rest.trim_start().len();
        }
        if indent < text.len() {
            entries.push(Entry {
                line,
                indent,
                text: &text[indent..],
                is_item: false,
            });
        }
    }
    entries
}

/// The indentation of a line. `None` if it contains nothing but a comment.
fn indent(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches(' ');
    (!rest.trim().is_empty() && !rest.starts_with('#')).then(|| line.len() - rest.len())
}

/// The name before the colon.
fn key(line: &str) -> Option<String> {
    for quote in ['\'', '"'] {
        if let Some(rest) = line.strip_prefix(quote) {
            let (name, rest) = rest.split_once(quote)?;
            return rest.trim_start().starts_with(':').then(|| name.to_owned());
        }
    }
    let end = line
        .find(": ")
        .or_else(|| line.strip_suffix(':').map(str::len))?;
    Some(line[..end].trim_end().to_owned())
}

/// Scans JSON that has been parsed before, so it is valid.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The start of the location, or of the closest enclosing value that exists.
    fn find(&mut self, tokens: &[String]) -> usize {
        let mut found = 0;
        for token in tokens {
            self.space();
            let object = match self.bytes.get(self.at) {
                Some(b'{') => true,
                Some(b'[') => false,
                _ => return found,
            };
            self.at += 1;
            let mut index = 0usize;
            loop {
                self.space();
                if matches!(self.bytes.get(self.at), None | Some(b'}' | b']')) {
                    return found;
                }
                let start = self.at;
                let here = if object {
                    self.value();
                    let name = &self.bytes[start..self.at];
                    self.space();
                    self.at += 1;
                    serde_json::from_slice::<String>(name).is_ok_and(|name| name == *token)
                } else {
                    index.to_string() == *token
                };
                if here {
                    found = start;
                    break;
                }
                self.space();
                self.value();
                self.space();
                if self.bytes.get(self.at) == Some(&b',') {
                    self.at += 1;
                }
                index += 1;
            }
        }
        found
    }

    fn space(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    /// Skips a value.
    fn value(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    while let Some(byte) = self.bytes.get(self.at) {
                        match byte {
                            b'"' => break,
                            b'\\' => self.at += 2,
                            _ => self.at += 1,
                        }
                    }
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' | b',' | b':' if depth == 0 => return,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    const JSON: &str =
        "{\n  \"a\": {\"x\": [1,\n    {\"b/c\": \"}\"}]},\n  \"d\\u0065\": [\n    2\n  ]\n}\n";
    const YAML: &str =
        "# first\na:\n  x:\n    - 1\n    - name: n\n      'b/c': v\n  y: {z: 1}\nde:\n- 2\n- 3\n";

    #[test]
    fn places_of_json_are_found() {
        let line = |pointer| Lines::new(JSON).of(pointer);
        assert_eq!(line(""), Some(1));
        assert_eq!(line("/a"), Some(2));
        assert_eq!(line("/a/x/1/b~1c"), Some(3));
        assert_eq!(line("/de/0"), Some(5));
        // Falls back to the closest enclosing value that exists.
        assert_eq!(line("/de/7"), Some(4));
        assert_eq!(line("b.json#/a"), None);
    }

    #[test]
    fn places_of_yaml_are_found() {
        let line = |pointer| Lines::new(YAML).of(pointer);
        assert_eq!(line("/a"), Some(2));
        assert_eq!(line("/a/x/1"), Some(5));
        assert_eq!(line("/a/x/1/b~1c"), Some(6));
        assert_eq!(line("/a/x/1/name"), Some(5));
        assert_eq!(line("/a/y/z"), Some(7));
        assert_eq!(line("/de/1"), Some(10));
    }
}
