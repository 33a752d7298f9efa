//! Formats tokens as rustfmt does.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Formats tokens. `path` returns the public path of a name, if it differs.
pub(super) fn written(tokens: TokenStream, path: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    write(tokens, path, &mut out);
    out
}

fn write(tokens: TokenStream, path: &dyn Fn(&str) -> Option<String>, out: &mut String) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |index: usize, sign: char| matches!(tokens.get(index), Some(TokenTree::Punct(one)) if one.as_char() == sign);
    for (index, token) in tokens.iter().enumerate() {
        let after_word = out
            .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | ')' | '}' | '>'));
        match token {
            TokenTree::Ident(name) => {
                if after_word {
                    out.push(' ');
                }
                let name = name.to_string();
                let in_path = (index >= 2 && is(index - 1, ':') && is(index - 2, ':'))
                    || (is(index + 1, ':') && is(index + 2, ':'));
                out.push_str(&path(&name).filter(|_| !in_path).unwrap_or(name));
            }
            TokenTree::Literal(literal) => {
                if after_word {
                    out.push(' ');
                }
                out.push_str(&literal.to_string());
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                // A slice after a lifetime.
                if open == "[" && index >= 2 && is(index - 2, '\'') {
                    out.push(' ');
                }
                out.push_str(open);
                write(group.stream(), path, out);
                out.push_str(close);
            }
            TokenTree::Punct(sign) => {
                let joint = sign.spacing() == Spacing::Joint;
                match sign.as_char() {
                    ',' | ';' => {
                        out.push(sign.as_char());
                        out.push(' ');
                    }
                    ':' if !joint && !is(index.wrapping_sub(1), ':') => out.push_str(": "),
                    '=' | '+' | '|' if !joint => {
                        out.push(' ');
                        out.push(sign.as_char());
                        out.push(' ');
                    }
                    '-' if joint => out.push_str(" -"),
                    '>' if is(index.wrapping_sub(1), '-') => out.push_str("> "),
                    other => out.push(other),
                }
            }
        }
    }
    while out.ends_with([' ', ',']) && !out.ends_with("{ ") {
        out.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_formatted_like_source_code() {
        let text = |code: &str| {
            written(code.parse().unwrap(), &|name| {
                (name == "User").then(|| "types::User".to_owned())
            })
        };
        for (code, expected) in [
            ("Option < Vec < User > >", "Option<Vec<types::User>>"),
            (
                "std :: collections :: BTreeMap<String,types::User>",
                "std::collections::BTreeMap<String, types::User>",
            ),
            (
                "impl IntoIterator<Item=impl Into<String>>",
                "impl IntoIterator<Item = impl Into<String>>",
            ),
            ("& 'static [ Self ]", "&'static [Self]"),
            (
                "Query \"limit\" {minimum: Some(1.0), }",
                "Query \"limit\" { minimum: Some(1.0) }",
            ),
        ] {
            assert_eq!(text(code), expected);
        }
    }
}
