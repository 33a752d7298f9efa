//! Labelled facts that follow a description: an example, and the limits of a value.

/// A limit of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// A regular expression that the value matches.
    Pattern,
    /// The fewest characters or items.
    MinimumLength,
    /// The most characters or items.
    MaximumLength,
    /// The least number.
    Minimum,
    /// The greatest number.
    Maximum,
}

impl Limit {
    /// The limit for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::MinimumLength => "minimum length",
            Self::MaximumLength => "maximum length",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
        }
    }
}

/// What a word announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Example,
    Limit(Limit),
}

/// The words; the longer ones first.
const WORDS: [(&str, Fact); 24] = [
    ("Minimum length", Fact::Limit(Limit::MinimumLength)),
    ("Maximum length", Fact::Limit(Limit::MaximumLength)),
    ("Minimum items", Fact::Limit(Limit::MinimumLength)),
    ("Maximum items", Fact::Limit(Limit::MaximumLength)),
    ("Minimum value", Fact::Limit(Limit::Minimum)),
    ("Maximum value", Fact::Limit(Limit::Maximum)),
    ("Minimum", Fact::Limit(Limit::Minimum)),
    ("Maximum", Fact::Limit(Limit::Maximum)),
    ("Pattern", Fact::Limit(Limit::Pattern)),
    ("Example", Fact::Example),
    ("최소 길이", Fact::Limit(Limit::MinimumLength)),
    ("최대 길이", Fact::Limit(Limit::MaximumLength)),
    ("최소길이", Fact::Limit(Limit::MinimumLength)),
    ("최대길이", Fact::Limit(Limit::MaximumLength)),
    ("최솟값", Fact::Limit(Limit::Minimum)),
    ("최댓값", Fact::Limit(Limit::Maximum)),
    ("최소값", Fact::Limit(Limit::Minimum)),
    ("최대값", Fact::Limit(Limit::Maximum)),
    ("최소", Fact::Limit(Limit::Minimum)),
    ("최대", Fact::Limit(Limit::Maximum)),
    ("정규식", Fact::Limit(Limit::Pattern)),
    ("패턴", Fact::Limit(Limit::Pattern)),
    ("예시", Fact::Example),
    ("예제", Fact::Example),
];

/// The fact that a text begins with, and what follows the colon.
fn begins(text: &str) -> Option<(Fact, &str)> {
    WORDS.iter().find_map(|(word, fact)| {
        let head = text
            .get(..word.len())
            .filter(|head| head.eq_ignore_ascii_case(word))?;
        let rest = text[head.len()..].trim_start().strip_prefix([':', '：'])?;
        Some((*fact, rest.trim_start()))
    })
}

/// A text in parts: what stands before its first fact, and each fact with its value. Within a cell a fact may begin behind any
/// blank; elsewhere it begins its line.
pub(super) fn split(text: &str, in_cell: bool) -> (&str, Vec<(Fact, &str)>) {
    let mut starts: Vec<(usize, Fact, &str)> = Vec::new();
    let places = text
        .match_indices(' ')
        .map(|(at, _)| at + 1)
        .filter(|_| in_cell);
    for at in std::iter::once(0).chain(places) {
        if let Some((fact, value)) = begins(&text[at..]) {
            starts.push((at, fact, value));
        }
    }
    let Some((first, ..)) = starts.first() else {
        return (text, Vec::new());
    };
    let ends = starts
        .iter()
        .skip(1)
        .map(|(at, ..)| *at)
        .chain([text.len()]);
    let facts = starts.iter().zip(ends).map(|((at, fact, value), end)| {
        let begins = text.len() - value.len();
        (*fact, text[begins.max(*at).min(end)..end].trim())
    });
    (text[..*first].trim(), facts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_of_a_cell_is_parted_from_the_others() {
        let text = "How many Example : 20 Minimum : 1 Maximum : 100 Pattern : ^[0-9]{1,3}$ Minimum length : 1";
        assert_eq!(
            split(text, true),
            (
                "How many",
                vec![
                    (Fact::Example, "20"),
                    (Fact::Limit(Limit::Minimum), "1"),
                    (Fact::Limit(Limit::Maximum), "100"),
                    (Fact::Limit(Limit::Pattern), "^[0-9]{1,3}$"),
                    (Fact::Limit(Limit::MinimumLength), "1"),
                ]
            )
        );
        assert_eq!(
            split("최대 길이 : 63", false),
            ("", vec![(Fact::Limit(Limit::MaximumLength), "63")])
        );
    }

    #[test]
    fn words_without_a_colon_and_those_within_a_line_of_text_are_prose() {
        for text in ["Minimum charge", "Example", "The maximum", "Patterns : a"] {
            assert_eq!(split(text, true), (text, vec![]), "{text}");
        }
        assert_eq!(split("see Example : 1", false), ("see Example : 1", vec![]));
    }
}
