use std::collections::BTreeMap;

use specmill::dynamic::{Api, Operation};

/// An operation with its API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) api: &'static Api,
    pub(crate) operation: &'static Operation,
}

/// The operations of a group, by verb. A verb has several if APIs share a feature.
pub(super) type Verbs = BTreeMap<&'static str, Vec<Entry>>;

/// The APIs, by the words of their commands.
#[derive(Debug)]
pub(crate) struct Catalogue(Vec<Feature>);

/// The APIs that share the first word.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) name: &'static str,
    pub(super) apis: Vec<&'static Api>,
    pub(super) groups: BTreeMap<&'static str, Verbs>,
    /// A word for each API that is a part of the feature, with only its operations below it.
    pub(super) long: BTreeMap<String, &'static Api>,
}

/// The meaning of the words of a command.
#[derive(Debug)]
pub(crate) enum Found {
    One(Entry),
    /// The longer words that distinguish the operations.
    Several(Vec<String>),
    None,
}

impl Catalogue {
    pub(crate) fn new(apis: &[&'static Api]) -> Self {
        let mut features: BTreeMap<&'static str, Vec<&'static Api>> = BTreeMap::new();
        for api in apis {
            features.entry(api.feature).or_default().push(api);
        }
        Self(features.into_iter().map(Feature::new).collect())
    }

    pub(super) fn features(&self) -> &[Feature] {
        &self.0
    }

    /// The operation of the words.
    pub(crate) fn find(&self, words: &[&str]) -> Found {
        let [name, rest @ ..] = words else {
            return Found::None;
        };
        let Some(feature) = self.0.iter().find(|feature| feature.name == *name) else {
            return Found::None;
        };
        let entries = match rest {
            [group, verb] => feature.groups.get(group).and_then(|verbs| verbs.get(verb)),
            [long, group, verb] => {
                let api = feature.long.get(*long);
                let found = api.and_then(|api| find_in(api, group, verb));
                return found.map_or(Found::None, Found::One);
            }
            _ => None,
        };
        match entries.map(Vec::as_slice) {
            None | Some([]) => Found::None,
            Some([entry]) => Found::One(*entry),
            Some(several) => Found::Several(feature.longer(several)),
        }
    }
}

impl Feature {
    fn new((name, apis): (&'static str, Vec<&'static Api>)) -> Self {
        let groups = groups(&apis);
        let mut long: BTreeMap<String, &'static Api> = BTreeMap::new();
        for api in &apis {
            let segment = api.module.rsplit("::").next().unwrap_or_default();
            if segment == api.module && apis.len() == 1 {
                continue;
            }
            // A word that is already used by a group or another API is not available.
            let mut word = segment.replace('_', "-");
            if groups.contains_key(word.as_str()) || long.contains_key(&word) {
                api.api.name.clone_into(&mut word);
            }
            while groups.contains_key(word.as_str()) || long.contains_key(&word) {
                word.push_str("-api");
            }
            long.insert(word, api);
        }
        Self {
            name,
            apis,
            groups,
            long,
        }
    }

    /// The words that distinguish operations, without the common prefix.
    fn longer(&self, entries: &[Entry]) -> Vec<String> {
        let named = entries.iter().filter_map(|entry| {
            let long = self
                .long
                .iter()
                .find(|(_, api)| std::ptr::eq(**api, entry.api));
            let (group, verb) = (entry.operation.group, entry.operation.verb);
            long.map(|(long, _)| format!("specmill {} {long} {group} {verb}", self.name))
        });
        named.collect()
    }
}

/// The operations of APIs, by group and verb.
pub(super) fn groups(apis: &[&'static Api]) -> BTreeMap<&'static str, Verbs> {
    let mut groups: BTreeMap<&'static str, Verbs> = BTreeMap::new();
    for &api in apis {
        for operation in &api.operations {
            let verbs = groups.entry(operation.group).or_default();
            let entries = verbs.entry(operation.verb).or_default();
            entries.push(Entry { api, operation });
        }
    }
    groups
}

/// The plural of a group; `None` if it is another group, or the plural of another.
pub(super) fn plural_of(group: &str, groups: &BTreeMap<&'static str, Verbs>) -> Option<String> {
    let plural = plural(group);
    let mut others = groups.keys().filter(|other| **other != group);
    let is_taken = others.any(|other| *other == plural || self::plural(other) == plural);
    (!is_taken).then_some(plural)
}

/// The regular plural of a noun.
fn plural(noun: &str) -> String {
    let stem = noun.strip_suffix('y');
    match stem.filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("ch") || noun.ends_with("sh") => {
            format!("{noun}es")
        }
        None => format!("{noun}s"),
    }
}

fn find_in(api: &'static Api, group: &str, verb: &str) -> Option<Entry> {
    let mut all = api.operations.iter();
    let operation = all.find(|one| one.group == group && one.verb == verb)?;
    Some(Entry { api, operation })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An API with the operations of Panther, with the given module and name.
    fn api(feature: &'static str, module: &'static str) -> &'static Api {
        let panther = specmill::dynamic::api("panther").unwrap();
        Box::leak(Box::new(Api {
            api: panther.api,
            feature,
            module,
            environment: panther.environment,
            variables: panther.variables,
            operations: specmill::dynamic::Operations::listed(&panther.operations),
            transport: panther.transport,
        }))
    }

    fn one(found: &Found) -> Option<&'static Api> {
        match found {
            Found::One(entry) => Some(entry.api),
            Found::Several(_) | Found::None => None,
        }
    }

    #[test]
    fn a_noun_has_its_plural() {
        let plurals = ["user", "policy", "key", "box", "branch"].map(plural);
        assert_eq!(plurals, ["users", "policies", "keys", "boxes", "branches"]);
    }

    /// An API with an operation for each pair of words.
    fn with_words(words: &[(&'static str, &'static str)]) -> &'static Api {
        let panther = specmill::dynamic::api("panther").unwrap();
        let known = panther.operation("user_get").unwrap();
        let operations = words.iter().map(|(group, verb)| -> &'static Operation {
            Box::leak(Box::new(Operation {
                table: known.table,
                group,
                group_description: "",
                verb,
                summary: "",
                description: "",
                deprecated: false,
                parameters: known.parameters,
                body: known.body,
                success: known.success,
                stream: None,
            }))
        });
        let operations: Vec<&'static Operation> = operations.collect();
        Box::leak(Box::new(Api {
            api: panther.api,
            feature: "media",
            module: "media::films",
            environment: panther.environment,
            variables: panther.variables,
            operations: specmill::dynamic::Operations::listed(operations.leak()),
            transport: panther.transport,
        }))
    }

    #[test]
    fn each_pair_of_words_selects_its_own_command() {
        const WORDS: [(&str, &str); 9] = [
            ("movie", "get"),
            ("movy", "get"),
            ("movies", "list"),
            ("film", "get"),
            ("films", "get"),
            ("filmes", "get"),
            ("api", "help"),
            ("help", "version"),
            ("media", "all"),
        ];
        let catalogue = Catalogue::new(&[with_words(&WORDS)]);
        let command = super::super::command(&catalogue);
        command.clone().debug_assert();
        for (group, verb) in WORDS {
            let line = ["specmill", "media", group, verb, "id"];
            let matches = command.clone().try_get_matches_from(line).unwrap();
            let (words, _) = super::super::words(&matches);
            assert_eq!(words, ["media", group, verb]);
            let Found::One(entry) = catalogue.find(&words) else {
                panic!("{words:?}")
            };
            assert_eq!((entry.operation.group, entry.operation.verb), (group, verb));
        }
    }

    #[test]
    fn a_single_api_has_the_short_words() {
        let panther = api("panther", "panther");
        let catalogue = Catalogue::new(&[panther]);
        let found = catalogue.find(&["panther", "user", "list"]);
        assert!(one(&found).is_some_and(|api| std::ptr::eq(api, panther)));
        for words in [
            &["panther", "user", "lst"][..],
            &["puma", "user", "list"],
            &[],
        ] {
            assert!(matches!(catalogue.find(words), Found::None));
        }
    }

    #[test]
    fn ambiguous_words_list_the_longer_words_that_distinguish_them() {
        let (network, storage) = (api("scp", "scp::network"), api("scp", "scp::block_storage"));
        let catalogue = Catalogue::new(&[network, storage]);
        let Found::Several(longer) = catalogue.find(&["scp", "user", "list"]) else {
            panic!("the words are of both")
        };
        assert_eq!(
            longer,
            [
                "specmill scp network user list",
                "specmill scp block-storage user list"
            ]
        );
        for (long, api) in [("network", network), ("block-storage", storage)] {
            let found = catalogue.find(&["scp", long, "user", "list"]);
            assert!(one(&found).is_some_and(|found| std::ptr::eq(found, api)));
        }
    }

    #[test]
    fn a_longer_word_that_is_a_group_is_replaced() {
        let user = api("scp", "scp::user");
        let catalogue = Catalogue::new(&[user]);
        assert!(one(&catalogue.find(&["scp", "user", "list"])).is_some());
        assert!(one(&catalogue.find(&["scp", "panther", "user", "list"])).is_some());
    }
}
