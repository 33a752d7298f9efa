//! `GitBook` blocks that describe an operation, such as `{% openapi-operation spec="x" path="/users" method="get" %}`.

use super::markdown::Markdown;

/// Names of blocks that show an operation, by a reference to a document or by a description of their own.
const BLOCKS: [&str; 5] = [
    "openapi-operation",
    "openapi",
    "swagger",
    "api-method",
    "openapi-webhook",
];

/// A block that shows an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    /// The line of the page on which it begins.
    pub(super) line: usize,
    /// The line on which it ends, or the last line of the page if it is not closed.
    pub(super) end: usize,
    /// Its name: `openapi-operation`.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Reference {
    fn attribute(&self, names: &[&str]) -> Option<&str> {
        let found = self
            .attributes
            .iter()
            .find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.as_str())
    }

    /// `GET /users`, if the block contains both.
    pub(super) fn method_and_path(&self) -> Option<String> {
        let method = self.attribute(&["method"])?.to_uppercase();
        Some(format!("{method} {}", self.attribute(&["path"])?))
    }

    /// The block and its target, for messages.
    pub(super) fn describe(&self) -> String {
        let part = |label: &str, names: &[&str]| {
            let value = self.attribute(names).unwrap_or("not given");
            format!("{label} {}", value.escape_debug())
        };
        [
            part("spec", &["spec", "src"]),
            part("path", &["path"]),
            part("method", &["method"]),
        ]
        .join(", ")
    }
}

/// The blocks of a page that show an operation.
pub(super) fn references(page: &Markdown) -> Vec<Reference> {
    let mut open: Vec<Reference> = Vec::new();
    let mut closed = Vec::new();
    let last = page.prose.last().map_or(1, |(line, _)| *line);
    let mut lines = page.prose.iter();
    while let Some((line, text)) = lines.next() {
        let mut text = text.clone();
        // A tag may span several lines.
        for (_, next) in lines.clone().take(20) {
            if text.matches("{%").count() <= text.matches("%}").count() {
                break;
            }
            text.push(' ');
            text.push_str(next);
            lines.next();
        }
        for piece in text.split("{%").skip(1) {
            let tag = piece.split("%}").next().unwrap_or_default().trim();
            let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            if BLOCKS.contains(&name) {
                open.push(Reference {
                    line: *line,
                    end: last,
                    name: name.to_owned(),
                    attributes: attributes(rest),
                });
            } else if let Some(ended) = name.strip_prefix("end")
                && let Some(index) = open.iter().rposition(|block| block.name == ended)
            {
                let mut block = open.remove(index);
                block.end = *line;
                closed.push(block);
            }
        }
    }
    // A block without a closing tag ends where the next one begins.
    let starts: Vec<usize> = open.iter().chain(&closed).map(|block| block.line).collect();
    for block in &mut open {
        let next = starts.iter().filter(|line| **line > block.line).min();
        block.end = next.map_or(last, |line| line - 1);
    }
    closed.extend(open);
    closed.sort_by_key(|block| block.line);
    closed
}

/// Attributes of the form `name="value"`, with either kind of quotes or none.
fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '“' | '”'));
        let is_end = |c: char| match quote {
            Some('"' | '\'') => Some(c) == quote,
            Some(_) => matches!(c, '“' | '”'),
            None => c.is_whitespace(),
        };
        let value = &after[quote.map_or(0, char::len_utf8)..];
        let end = value.find(is_end).unwrap_or(value.len());
        let name = name.split_whitespace().last().unwrap_or_default();
        found.push((name.to_owned(), value[..end].to_owned()));
        rest = value[end..].trim_start_matches(is_end).trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    #[test]
    fn a_block_is_read_with_its_attributes_and_its_end() {
        let page = "# A\n\n{% openapi-operation spec=\"acme\"\n   path='/users/{id}' method=\"get\" %}\n[spec](https://a.test)\n{% endopenapi-operation %}\n\n{% swagger src=x.yaml path=\"/b\" method=\"post\" %}\n";
        let found = references(&markdown::read(page));
        let shown: Vec<_> = found
            .iter()
            .map(|block| (block.line, block.end, block.describe()))
            .collect();
        assert_eq!(
            shown,
            [
                (3, 6, "spec acme, path /users/{id}, method get".to_owned()),
                (8, 9, "spec x.yaml, path /b, method post".to_owned()),
            ]
        );
        assert_eq!(
            found[0].method_and_path().as_deref(),
            Some("GET /users/{id}")
        );
    }

    #[test]
    fn other_blocks_and_blocks_in_code_are_ignored() {
        let page = "{% hint style=\"info\" %}\n`{% openapi src=\"x\" %}`\n{% endhint %}\n\n```\n{% swagger %}\n```\n";
        assert!(references(&markdown::read(page)).is_empty());
    }
}
