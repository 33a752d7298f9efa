//! The pieces of a row, and their meaning by position.

use super::facts::{self, Fact, Limit};
use super::line::Line;
use super::page::{Located, Told};
use super::schema::{Schema, is_lower_case_model_name, open_brackets};

/// The most pieces that one schema is put together from.
const LONGEST_SPLIT: usize = 20;

/// A piece of a row: a line of plain text, or a line of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) line: usize,
    pub(super) text: String,
    /// Whether the page shows where the cell around it ends.
    pub(super) in_cell: bool,
}

impl Token {
    #[cfg(test)]
    pub(super) fn new(line: usize, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
            in_cell: false,
        }
    }

    fn located(&self) -> Located<String> {
        Located::new(self.line, self.text.clone())
    }
}

/// The pieces of a line; a separator has none.
pub(super) fn tokens(line: &Line<'_>) -> Vec<Token> {
    if line.separator.is_some() {
        return Vec::new();
    }
    let pieces = |text: &str, in_cell: bool| {
        let pieces = text.split('\n').filter(|piece| !piece.is_empty());
        pieces
            .map(|piece| Token {
                line: line.number,
                text: piece.to_owned(),
                in_cell,
            })
            .collect::<Vec<_>>()
    };
    match &line.cells {
        Some(cells) => cells.iter().flat_map(|cell| pieces(cell, true)).collect(),
        None => pieces(&line.text, false),
    }
}

/// Whether a piece says required or optional.
pub(super) fn marker(text: &str) -> Option<bool> {
    match text
        .trim_matches(['(', ')', '*', ' '])
        .to_lowercase()
        .as_str()
    {
        "required" | "필수" => Some(true),
        "optional" | "선택" => Some(false),
        _ => None,
    }
}

/// Whether a text can name a parameter or a property.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '@'))
        && text.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@' | ':')
        })
}

/// A name and its marker in one piece: `size optional`.
pub(super) fn name_and_marker(text: &str) -> Option<(&str, bool)> {
    let (name, last) = text.rsplit_once(' ')?;
    Some((name.trim(), marker(last)?)).filter(|(name, _)| is_name(name))
}

/// Whether a text says that there is nothing.
pub(super) fn is_none(text: &str) -> bool {
    matches!(text, "None" | "none" | "없음")
}

/// What stands behind name and marker.
#[derive(Debug, Default)]
pub(super) struct Rest {
    pub(super) description: Option<Located<String>>,
    pub(super) example: Option<Located<String>>,
    pub(super) limits: Vec<(Limit, Located<String>)>,
    pub(super) schema: Told<Schema>,
    pub(super) default: Told<String>,
    pub(super) together: Option<Located<String>>,
    /// Pieces that could not be given a meaning.
    pub(super) unread: usize,
}

/// Reads description, example, schema and default from the pieces behind name and marker.
pub(super) fn rest(tokens: &[Token], has_default: bool) -> Rest {
    let tokens = join_brackets(tokens);
    let mut out = Rest::default();
    let has_fact = |token: &Token| !facts::split(&token.text, token.in_cell).1.is_empty();
    let (Some(first), Some(last)) = (
        tokens.iter().position(has_fact),
        tokens.iter().rposition(has_fact),
    ) else {
        let tokens = without_what_follows(&tokens, has_default, false, &mut out);
        let end = tail(tokens, has_default, false, &mut out);
        out.description = join(&tokens[..end], " ");
        return out;
    };
    let after = without_what_follows(&tokens[last + 1..], has_default, true, &mut out);
    let end = tail(after, has_default, true, &mut out);
    let mut pieces = tokens[..=last].to_vec();
    if out.schema.is_known() {
        // A value may go on over several lines, up to the schema.
        pieces.extend_from_slice(&after[..end]);
    } else {
        out.unread += end;
    }
    let mut told = told(&pieces, first);
    if !out.schema.is_known() && tokens[last].in_cell {
        // Without the schema behind it nobody knows where the last value ends.
        told.facts.pop();
    }
    out.description = told.description;
    (out.example, out.limits) = sorted(told.facts);
    out
}

/// What stands before the schema.
struct Described {
    description: Option<Located<String>>,
    facts: Vec<(Fact, Located<String>)>,
}

/// Reads a description and the facts behind it, of which the first stands in the piece `first`.
fn told(pieces: &[Token], first: usize) -> Described {
    let mut description = pieces[..first].to_vec();
    let mut facts: Vec<(Fact, Vec<Token>)> = Vec::new();
    for (index, piece) in pieces.iter().enumerate().skip(first) {
        let (before, found) = facts::split(&piece.text, piece.in_cell);
        if !before.is_empty() {
            let before = Token {
                text: before.to_owned(),
                ..piece.clone()
            };
            match facts.last_mut() {
                Some((_, value)) => value.push(before),
                None if index == first => description.push(before),
                None => {}
            }
        }
        for (fact, value) in found {
            let value = Token {
                text: value.to_owned(),
                ..piece.clone()
            };
            facts.push((fact, vec![value]));
        }
    }
    let facts = facts.into_iter().filter_map(|(fact, mut value)| {
        let line = value[0].line;
        value.retain(|piece| !piece.text.is_empty());
        // A fact without a value is one all the same: the page shows the word.
        let text = join(&value, "\n").unwrap_or_else(|| Located::new(line, String::new()));
        (!text.value.is_empty()).then_some((fact, text))
    });
    Described {
        facts: facts.collect(),
        description: join(&description, " "),
    }
}

/// An example, and limits.
type Sorted = (Option<Located<String>>, Vec<(Limit, Located<String>)>);

/// The example among facts, and the limits; of several examples the last.
fn sorted(facts: Vec<(Fact, Located<String>)>) -> Sorted {
    let mut example = None;
    let mut limits = Vec::new();
    for (fact, value) in facts {
        match fact {
            Fact::Example => example = Some(value),
            Fact::Limit(limit) => limits.push((limit, value)),
        }
    }
    (example, limits)
}

/// Whether the pieces of one row seem to hold parts of another one, whose beginning was lost.
pub(super) fn holds_another_row(tokens: &[Token]) -> bool {
    let is_schema = |token: &&Token| {
        Schema::prefix(&token.text).is_some_and(|(schema, _)| schema.is_definite())
    };
    tokens
        .iter()
        .flat_map(|token| facts::split(&token.text, token.in_cell).1)
        .filter(|(fact, _)| *fact == Fact::Example)
        .count()
        > 1
        || tokens.iter().filter(is_schema).count() > 1
}

/// The last piece of a row, where there is a description or an example before it.
pub(super) fn last_behind_description(tokens: &[Token]) -> Option<Located<String>> {
    let (last, before) = tokens.split_last()?;
    (!before.is_empty() && facts::split(&last.text, last.in_cell).1.is_empty())
        .then(|| last.located())
}

/// What a cell with description, example and limits says: `size Example : 20`.
pub(super) fn description_cell(line: usize, cell: &str) -> Rest {
    let pieces: Vec<Token> = cell
        .split('\n')
        .filter(|piece| !piece.is_empty())
        .map(|piece| Token {
            line,
            text: piece.to_owned(),
            in_cell: true,
        })
        .collect();
    let first = pieces
        .iter()
        .position(|piece| !facts::split(&piece.text, true).1.is_empty());
    let told = told(&pieces, first.unwrap_or(pieces.len()));
    let (example, limits) = sorted(told.facts);
    Rest {
        description: told.description,
        example,
        limits,
        ..Rest::default()
    }
}

/// What a cell of the column `Schema` says.
pub(super) fn schema_cell(line: usize, cell: &str) -> Told<Schema> {
    let cell = cell.replace('\n', " ");
    if is_none(&cell) {
        return Told::Nothing(line);
    }
    let named = || is_lower_case_model_name(&cell).then(|| Schema::Model(cell.clone()));
    Schema::parse(&cell)
        .or_else(named)
        .map_or(Told::Unknown, |schema| {
            Told::Says(Located::new(line, schema))
        })
}

/// What a cell of the column `Default` says: an empty one that there is no default.
pub(super) fn default_cell(line: usize, cell: &str) -> Told<String> {
    match cell {
        none if none.is_empty() || is_none(none) => Told::Nothing(line),
        value => Told::Says(Located::new(line, value.to_owned())),
    }
}

/// Reads schema and default from the end of a row; gives how many pieces stand before them.
fn tail(tokens: &[Token], has_default: bool, after_example: bool, out: &mut Rest) -> usize {
    let Some((last, before)) = tokens.split_last() else {
        return 0;
    };
    let says = |token: &Token, schema: Schema| Told::Says(Located::new(token.line, schema));
    let previous = before.last();
    if let Some((schema, rest)) =
        Schema::prefix(&last.text).filter(|(schema, _)| schema.is_definite())
    {
        if rest.is_empty() || has_default {
            out.schema = says(last, schema);
            // Of a cell that stands alone, the one behind it may be lost; text that runs together loses none.
            if has_default && !(last.in_cell && rest.is_empty()) {
                out.default = default_cell(last.line, rest.trim());
            }
            return before.len();
        }
        return tokens.len();
    }
    let whole = |token: &Token| Schema::parse(&token.text);
    if has_default
        && let Some((token, schema)) = previous.and_then(|token| Some((token, whole(token)?)))
    {
        // Prose in front of a model's name could be one too, so something must tell them apart.
        let told = schema.is_definite()
            || is_none(&last.text)
            || (after_example && before.len() == 1 && whole(last).is_none());
        if told {
            out.schema = says(token, schema);
            out.default = default_cell(last.line, &last.text);
            return before.len() - 1;
        }
    }
    let Some(Schema::Model(name)) = whole(last) else {
        return tokens.len();
    };
    if has_default && previous.is_some_and(|token| whole(token).is_some()) {
        return tokens.len();
    }
    match name
        .strip_suffix("None")
        .and_then(Schema::parse)
        .filter(|_| has_default)
    {
        Some(schema) => {
            out.schema = says(last, schema);
            out.default = Told::Nothing(last.line);
        }
        None => out.schema = says(last, Schema::Model(name)),
    }
    if has_default && !last.in_cell {
        out.together = Some(last.located());
    }
    before.len()
}

/// The pieces up to the schema, where the last row of a table is followed by what belongs to none.
fn without_what_follows<'a>(
    tokens: &'a [Token],
    has_default: bool,
    after_example: bool,
    out: &mut Rest,
) -> &'a [Token] {
    let mut probe = Rest::default();
    tail(tokens, has_default, after_example, &mut probe);
    if probe.schema.is_known() {
        return tokens;
    }
    let ends_row = |token: &Token| {
        let Some((schema, rest)) = Schema::prefix(&token.text) else {
            return false;
        };
        let value = rest.is_empty()
            || is_none(rest)
            || rest.starts_with(['[', '{', '"'])
            || rest.parse::<f64>().is_ok()
            || ["true", "false"].contains(&rest.to_lowercase().as_str());
        schema.is_definite() && value && (has_default || rest.is_empty())
    };
    match tokens.iter().position(ends_row) {
        Some(end) => {
            out.unread += tokens.len() - end - 1;
            &tokens[..=end]
        }
        None => tokens,
    }
}

/// Puts a schema together that was split over lines.
fn join_brackets(tokens: &[Token]) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let token = &tokens[index];
        index += 1;
        let opens = ["any of [", "array[", "enum (", "one of ["]
            .iter()
            .any(|start| token.text.starts_with(start));
        let mut joined = token.clone();
        if opens && open_brackets(&token.text) > 0 {
            for (count, next) in tokens[index..].iter().take(LONGEST_SPLIT).enumerate() {
                joined.text.push(' ');
                joined.text.push_str(&next.text);
                if open_brackets(&joined.text) == 0 {
                    index += count + 1;
                    break;
                }
            }
            if open_brackets(&joined.text) > 0 {
                joined = token.clone();
            }
        }
        out.push(joined);
    }
    out
}

fn join(tokens: &[Token], with: &str) -> Option<Located<String>> {
    let first = tokens.first()?;
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    Some(Located::new(first.line, texts.join(with)))
}

/// Whether the last pieces of a row read so far end it: a schema, or a schema and its default.
pub(super) fn is_complete(tokens: &[Token]) -> bool {
    let definite =
        |token: &Token| Schema::prefix(&token.text).is_some_and(|(schema, _)| schema.is_definite());
    match tokens {
        [.., _, last] | [last] if definite(last) => true,
        [.., previous, last] => {
            definite(previous) || (is_none(&last.text) && Schema::parse(&previous.text).is_some())
        }
        [last] => Schema::parse(&last.text).is_some(),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_piece_of_what_names_are_made_of() {
        for name in ["user_id", "$top", "@type", "filter[a.b]", "이름"] {
            assert!(is_name(name), "{name}");
        }
        let long = "a".repeat(201);
        for other in ["", "user id", "a/b", "-x", ".", "a,b", long.as_str()] {
            assert!(!is_name(other), "{other}");
        }
    }
}
