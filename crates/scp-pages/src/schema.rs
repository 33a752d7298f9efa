//! The grammar of the `Schema` column.

use std::fmt;

/// How deep array and union brackets may nest; what is deeper is not understood.
pub const DEEPEST_SCHEMA: usize = 32;

/// The types that the pages write in lower case.
const PRIMITIVES: [&str; 5] = ["string", "integer", "boolean", "number", "object"];

/// What a cell of the `Schema` column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Schema {
    /// `string`, or `string (date-time)` with a format.
    Primitive {
        /// `string`, `integer`, `boolean`, `number` or `object`.
        name: String,
        /// The format, where there is one.
        format: Option<String>,
    },
    /// `enum (A, B)`.
    Enum(Vec<String>),
    /// `array[T]`.
    Array(Box<Schema>),
    /// `any of [T, U]`.
    AnyOf(Vec<Schema>),
    /// `null`, as a branch of a union.
    Null,
    /// The name of a model.
    Model(String),
}

impl Schema {
    /// Reads a cell that holds a schema and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, rest) = Self::prefix(text)?;
        rest.trim().is_empty().then_some(schema)
    }

    /// Reads the schema that a text begins with, and gives what follows it.
    ///
    /// A model's name has no end that can be seen; it takes all of its characters.
    pub fn prefix(text: &str) -> Option<(Self, &str)> {
        parse(text.trim(), DEEPEST_SCHEMA)
    }

    /// Whether a reader can tell it from prose: everything but the name of a model.
    pub fn is_definite(&self) -> bool {
        !matches!(self, Self::Model(_))
    }

    /// The schema in its simplest form: unions flattened, without branches that stand twice, `null`
    /// last; a union of one branch is that branch.
    pub fn simplified(&self) -> Self {
        match self {
            Self::Array(items) => Self::Array(Box::new(items.simplified())),
            Self::AnyOf(branches) => {
                let mut flat: Vec<Self> = Vec::new();
                for branch in branches.iter().map(Self::simplified) {
                    let inner = if let Self::AnyOf(inner) = branch {
                        inner
                    } else {
                        vec![branch]
                    };
                    for branch in inner {
                        if !flat.contains(&branch) {
                            flat.push(branch);
                        }
                    }
                }
                flat.sort_by_key(|branch| *branch == Self::Null);
                if flat.len() == 1 {
                    flat.remove(0)
                } else {
                    Self::AnyOf(flat)
                }
            }
            other => other.clone(),
        }
    }

    /// The simplified schema without its branch `null`, and whether it had one.
    pub fn without_null(&self) -> (Self, bool) {
        match self.simplified() {
            Self::AnyOf(mut branches) if branches.contains(&Self::Null) => {
                branches.retain(|branch| *branch != Self::Null);
                (Self::AnyOf(branches).simplified(), true)
            }
            other => (other, false),
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Self]| {
            for (index, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
            }
            Ok(())
        };
        match self {
            Self::Primitive { name, format: None } | Self::Model(name) => f.write_str(name),
            Self::Primitive {
                name,
                format: Some(format),
            } => write!(f, "{name} ({format})"),
            Self::Enum(values) => write!(f, "enum ({})", values.join(", ")),
            Self::Array(items) => write!(f, "array[{items}]"),
            Self::AnyOf(branches) => {
                f.write_str("any of [")?;
                list(f, branches)?;
                f.write_str("]")
            }
            Self::Null => f.write_str("null"),
        }
    }
}

fn parse(text: &str, depth: usize) -> Option<(Schema, &str)> {
    let depth = depth.checked_sub(1)?;
    if let Some(inner) = bracket(text, &["any of", "anyof", "one of", "oneof"], '[') {
        let mut branches = Vec::new();
        let mut rest = inner;
        loop {
            let (branch, after) = parse(rest.trim_start(), depth)?;
            branches.push(branch);
            let after = after.trim_start();
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => return Some((Schema::AnyOf(branches), after.strip_prefix(']')?)),
            }
        }
    }
    if let Some(inner) = bracket(text, &["array"], '[') {
        let (items, after) = parse(inner.trim_start(), depth)?;
        return Some((
            Schema::Array(Box::new(items)),
            after.trim_start().strip_prefix(']')?,
        ));
    }
    if let Some(inner) = bracket(text, &["enum"], '(') {
        let (values, after) = inner.split_once(')')?;
        let values: Vec<String> = values
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        return values
            .iter()
            .all(|value| !value.is_empty())
            .then_some((Schema::Enum(values), after));
    }
    for name in PRIMITIVES {
        let Some(rest) = text.strip_prefix(name) else {
            continue;
        };
        let format = rest
            .trim_start()
            .strip_prefix('(')
            .and_then(|inner| inner.split_once(')'));
        return Some(match format {
            Some((format, rest)) if is_format(format.trim()) => (
                Schema::Primitive {
                    name: name.to_owned(),
                    format: Some(format.trim().to_owned()),
                },
                rest,
            ),
            _ => (
                Schema::Primitive {
                    name: name.to_owned(),
                    format: None,
                },
                rest,
            ),
        });
    }
    if let Some(rest) = text.strip_prefix("null")
        && rest
            .trim_start()
            .chars()
            .next()
            .is_none_or(|next| matches!(next, ',' | ']'))
    {
        return Some((Schema::Null, rest));
    }
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let inside_brackets = depth + 1 < DEEPEST_SCHEMA;
    let is_model = is_model_name(name) || (inside_brackets && is_lower_case_model_name(name));
    is_model.then(|| (Schema::Model(name.to_owned()), rest))
}

/// What follows a keyword and its opening bracket.
fn bracket<'a>(text: &'a str, keywords: &[&str], open: char) -> Option<&'a str> {
    keywords.iter().find_map(|keyword| {
        let head = text
            .get(..keyword.len())
            .filter(|head| head.eq_ignore_ascii_case(keyword))?;
        text[head.len()..].trim_start().strip_prefix(open)
    })
}

/// Models are written like types: `UserPageResponse`.
fn is_model_name(name: &str) -> bool {
    name.len() <= 200
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && !["None", "True", "False"].contains(&name)
}

/// Some models are written `user_type` or `userType`; a plain word is never taken for one.
pub(super) fn is_lower_case_model_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.contains(|c: char| c == '_' || c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_format(format: &str) -> bool {
    !format.is_empty()
        && format
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// How many more brackets a text opens than it closes.
pub(super) fn open_brackets(text: &str) -> usize {
    text.chars()
        .fold(0, |open: usize, character| match character {
            '[' | '(' => open + 1,
            ']' | ')' => open.saturating_sub(1),
            _ => open,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_grammar_is_read_and_printed_again() {
        for text in [
            "string",
            "integer",
            "boolean",
            "object",
            "number (float)",
            "string (date-time)",
            "enum (ACTIVE, INACTIVE)",
            "array[User]",
            "any of [integer, null]",
            "array[any of [string, null]]",
            "any of [string, array[string], null]",
            "any of [array[enum (A, B)], User, null]",
            "UserPageResponse",
        ] {
            let schema = Schema::parse(text).unwrap_or_else(|| panic!("{text} is not read"));
            assert_eq!(schema.to_string(), text);
        }
    }

    #[test]
    fn what_follows_a_schema_is_kept_apart_by_the_depth_of_brackets() {
        for (text, schema, rest) in [
            ("stringNone", "string", "None"),
            ("any of [integer, null]20", "any of [integer, null]", "20"),
            (
                "array[any of [string, null]][]",
                "array[any of [string, null]]",
                "[]",
            ),
            ("string (date-time)None", "string (date-time)", "None"),
            ("enum (A, B)A", "enum (A, B)", "A"),
            ("booleanFalse", "boolean", "False"),
            ("object{}", "object", "{}"),
        ] {
            let (found, after) = Schema::prefix(text).unwrap();
            assert_eq!((found.to_string().as_str(), after), (schema, rest));
        }
    }

    #[test]
    fn prose_and_broken_brackets_are_no_schema() {
        for text in [
            "",
            "None",
            "size",
            "array[",
            "array[string",
            "any of []",
            "any of [string,",
            "enum ()",
            "20",
            "[",
        ] {
            assert_eq!(Schema::parse(text), None, "{text}");
        }
    }

    #[test]
    fn nesting_without_end_is_not_understood() {
        let deep = format!("{}string{}", "array[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(Schema::parse(&deep), None);
    }

    #[test]
    fn a_union_is_simplified_to_its_branches_and_null() {
        let schema = Schema::parse("any of [null, any of [string, null], string]").unwrap();
        assert_eq!(schema.simplified().to_string(), "any of [string, null]");
        assert_eq!(
            schema.without_null(),
            (Schema::parse("string").unwrap(), true)
        );
    }
}
