//! Markdown tables that are valid whatever their cells contain.

use super::super::prose;

/// A table after an empty line; empty if there are no rows.
pub(super) fn table<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> String {
    let mut text = String::new();
    for row in rows {
        if text.is_empty() {
            text = format!("\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(COLUMNS));
        }
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}

/// Markdown as a cell: one line, without characters that end the cell. Only the text before a code block is used.
pub(super) fn cell(markdown: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    for line in markdown.lines() {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            words.push("…");
            break;
        }
        words.extend(line.split_whitespace());
    }
    escape_pipes(&words.join(" "))
}

/// Text from the document as code in a cell; empty if there is none.
pub(super) fn code(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() {
        String::new()
    } else {
        escape_pipes(&span(&words.join(" ")))
    }
}

/// Text from the document as code outside of a table.
pub(super) fn span(text: &str) -> String {
    format!("`{}`", prose::inline(text))
}

/// Escapes every `|` with an odd number of backslashes, so that no renderer treats it as the end of the cell.
fn escape_pipes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut backslashes = 0;
    for character in text.chars() {
        if character == '|' && backslashes % 2 == 0 {
            out.push('\\');
        }
        backslashes = if character == '\\' {
            backslashes + 1
        } else {
            0
        };
        out.push(character);
    }
    // A trailing backslash would escape the delimiter of the cell.
    if backslashes % 2 == 1 {
        out.push('\\');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_line_and_does_not_end_early() {
        assert_eq!(cell("a\n\n- b | c"), r"a - b \| c");
        assert_eq!(cell(r"a \| b \\| c"), r"a \| b \\\| c");
        assert_eq!(cell("a\\"), "a\\\\");
        assert_eq!(code("GET /a|b\n`c`"), r"`GET /a\|b 'c'`");
    }

    #[test]
    fn a_code_block_is_omitted_from_a_cell() {
        assert_eq!(cell("See:\n~~~text\n<b>\n~~~\nand"), "See: …");
    }

    #[test]
    fn a_table_without_rows_is_empty() {
        assert_eq!(table(["a"], std::iter::empty()), "");
        let rows = [["1".to_owned(), "2".to_owned()]].into_iter();
        assert_eq!(
            table(["a", "b"], rows),
            "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
        );
    }
}
