//! Converts names without a letter or a digit, such as `+`, `>=` and `👍`, to words.

/// Operators, which mean more than their signs.
const OPERATORS: [(&str, &str); 16] = [
    ("+", "plus"),
    ("-", "minus"),
    ("*", "times"),
    ("/", "divided by"),
    ("=", "equal"),
    ("==", "equal equal"),
    ("===", "equal equal equal"),
    ("!=", "not equal"),
    ("!==", "not equal equal"),
    ("<>", "less or greater"),
    ("<", "less"),
    ("<=", "less or equal"),
    (">", "greater"),
    (">=", "greater or equal"),
    ("=~", "matches"),
    ("!~", "matches not"),
];

/// The words for a name without a letter or a digit. They depend on the name only.
pub(crate) fn words(name: &str) -> String {
    let operator = OPERATORS.iter().find(|(signs, _)| *signs == name);
    if let Some((_, words)) = operator {
        return (*words).to_owned();
    }
    let words: Vec<String> = name.chars().map(word).collect();
    words.join(" ")
}

fn word(sign: char) -> String {
    let word = match sign {
        ' ' => "space",
        '!' => "exclamation",
        '"' => "quote",
        '#' => "hash",
        '$' => "dollar",
        '%' => "percent",
        '&' => "ampersand",
        '\'' => "apostrophe",
        '(' => "left parenthesis",
        ')' => "right parenthesis",
        '*' => "asterisk",
        '+' => "plus",
        ',' => "comma",
        '-' => "minus",
        '.' => "dot",
        '/' => "slash",
        ':' => "colon",
        ';' => "semicolon",
        '<' => "less",
        '=' => "equal",
        '>' => "greater",
        '?' => "question",
        '@' => "at",
        '[' => "left bracket",
        '\\' => "backslash",
        ']' => "right bracket",
        '^' => "caret",
        '_' => "underscore",
        '`' => "backtick",
        '{' => "left brace",
        '|' => "bar",
        '}' => "right brace",
        '~' => "tilde",
        other => return format!("u{:04x}", u32::from(other)),
    };
    word.to_owned()
}
