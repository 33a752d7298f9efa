//! Nouns and verbs in English names.

/// Words without information about an operation.
const ARTICLES: [&str; 3] = ["a", "an", "the"];
/// Prepositions before a noun, which are dropped with it.
const LEADING_TO_NOUN: [&str; 8] = ["to", "of", "for", "from", "by", "with", "about", "into"];
/// Suffixes of tags without a meaning.
const GENERIC: [&str; 5] = ["api", "apis", "controller", "endpoint", "endpoints"];
/// Words that end in `s` in the singular, or have no other form, as exceptions of the rules.
const UNCHANGED: [&str; 14] = [
    "alias",
    "always",
    "atlas",
    "bias",
    "canvas",
    "chaos",
    "gas",
    "kubernetes",
    "lens",
    "news",
    "perhaps",
    "series",
    "species",
    "https",
];
/// Plural abbreviations that are as short as words without a plural.
const SHORT_PLURALS: [&str; 6] = ["dbs", "ids", "ips", "prs", "vms", "vpcs"];

/// The group of a tag: its noun in the singular, words joined by hyphens.
pub(super) fn group(tag: &str) -> String {
    let words = nouns(tag);
    let last = words.len().saturating_sub(1);
    let singular: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(index, word)| {
            if index == last {
                singular(word)
            } else {
                (*word).to_owned()
            }
        })
        .collect();
    singular.join("-")
}

/// The name of an operation without the noun of its tag and without articles; the complete name if nothing remains.
pub(super) fn verb(id: &str, tag: &str) -> String {
    let noun = nouns(tag);
    let all: Vec<&str> = id.split('_').filter(|word| !word.is_empty()).collect();
    let mut words: Vec<&str> = all.clone();
    words.retain(|word| !ARTICLES.contains(word));
    let same = |window: &[&str]| {
        window
            .iter()
            .zip(&noun)
            .all(|(one, other)| singular(one) == singular(other))
    };
    let found = words.windows(noun.len().max(1)).position(same);
    if let Some(at) = found.filter(|_| !noun.is_empty()) {
        let end = at + noun.len();
        let at_end = end == words.len();
        words.drain(at..end);
        while at_end
            && words.len() > 1
            && words
                .last()
                .is_some_and(|last| LEADING_TO_NOUN.contains(last))
        {
            words.pop();
        }
    }
    if words.is_empty() {
        words = all;
    }
    words.join("-")
}

/// The words of a tag that describe its subject.
fn nouns(tag: &str) -> Vec<&str> {
    let all: Vec<&str> = tag.split('_').filter(|word| !word.is_empty()).collect();
    let mut words = all.clone();
    words.retain(|word| !ARTICLES.contains(word));
    while words.len() > 1 && words.last().is_some_and(|last| GENERIC.contains(last)) {
        words.pop();
    }
    if words.is_empty() { all } else { words }
}

/// Nouns in `ies` whose singular ends in `ie` instead of `y`.
const IN_IE: [&str; 8] = [
    "brownies", "calories", "collies", "cookies", "movies", "rookies", "selfies", "zombies",
];

/// A noun in the singular. A word that is not a plural, or has no other form, is not changed.
fn singular(word: &str) -> String {
    if SHORT_PLURALS.contains(&word) {
        return word[..word.len() - 1].to_owned();
    }
    let is_singular = word.len() < 4
        || UNCHANGED.contains(&word)
        || ["ss", "us", "is", "ics", "ous"]
            .iter()
            .any(|end| word.ends_with(end));
    if is_singular {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 && !IN_IE.contains(&word) {
            format!("{stem}y")
        } else {
            format!("{stem}ie")
        };
    }
    // `es` is only a plural suffix after a sibilant: `boxes`, but `databases` and `caches`.
    let hisses = [
        "sses", "xes", "shes", "tches", "nches", "rches", "tuses", "ruses", "ases",
    ];
    let keeps_e = ["ases", "axes", "aches"];
    let drops_es = hisses.iter().any(|end| word.ends_with(end))
        && !keeps_e.iter().any(|end| word.ends_with(end));
    let cut = if drops_es || word == "aliases" {
        "es"
    } else {
        "s"
    };
    word.strip_suffix(cut).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plural_noun_becomes_singular() {
        for (plural, expected) in [
            ("users", "user"),
            ("policies", "policy"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("branches", "branch"),
            ("caches", "cache"),
            ("databases", "database"),
            ("aliases", "alias"),
            ("responses", "response"),
            ("statuses", "status"),
            ("movies", "movie"),
            ("ids", "id"),
        ] {
            assert_eq!(singular(plural), expected);
            assert_eq!(singular(expected), expected);
        }
    }

    #[test]
    fn a_singular_noun_is_unchanged() {
        for word in [
            "status",
            "address",
            "analysis",
            "analytics",
            "news",
            "dns",
            "data",
            "series",
            "sms",
        ] {
            assert_eq!(singular(word), word);
        }
    }

    #[test]
    fn a_name_that_consists_of_its_noun_is_kept_as_the_verb() {
        assert_eq!(verb("search", "search"), "search");
        assert_eq!(verb("the", "a"), "the");
        assert_eq!(group("a"), "a");
    }
}
