//! No operation is lost silently: however a page is damaged, each of its operations is kept, changed or reported.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use specmill_scratch::{Workspace, published};

const OPERATIONS: [(&str, &str, &str); 6] = [
    ("user#list", "get", "/users"),
    ("user#create", "post", "/users"),
    ("user#get", "get", "/users/{id}"),
    ("user#delete", "delete", "/users/{id}"),
    ("role#list", "get", "/roles"),
    ("role#get", "get", "/roles/{id}"),
];

/// A part of a page: the document of one operation with the text around it.
#[derive(Debug, Clone)]
struct Part {
    heading: String,
    before: String,
    fence: String,
    language: String,
    content: String,
    closing: String,
    after: String,
}

impl Part {
    fn of((id, method, path): (&str, &str, &str)) -> Self {
        Self {
            heading: format!("## {} {path}", method.to_uppercase()),
            before: "> What it does".to_owned(),
            fence: "```".to_owned(),
            language: "json".to_owned(),
            content: published(id, method, path).to_string(),
            closing: "```".to_owned(),
            after: String::new(),
        }
    }

    fn text(&self) -> String {
        let Self {
            heading,
            before,
            fence,
            language,
            content,
            closing,
            after,
        } = self;
        format!("{heading}\n\n{before}\n\n{fence}{language}\n{content}\n{closing}\n{after}\n\n")
    }
}

/// A change of one part of a page.
#[derive(Debug, Clone)]
enum Mutation {
    Fence(&'static str),
    Opening(&'static str),
    Language(&'static str),
    Indent(&'static str, bool),
    Insert(&'static str),
    Replace(&'static str, &'static str),
    Yaml,
    Pretty,
    GitBook(&'static str, bool),
    Html,
    Wrap(&'static str, &'static str),
    Nested(&'static str),
    Comment,
    Drop,
    /// The heading is a summary, as on pages whose operations have descriptions.
    Summary,
    /// Text that is hard to parse precedes or follows the document.
    Noise(String, bool),
}

impl Mutation {
    fn apply(&self, part: &mut Part, id: usize) {
        let (_, method, path) = OPERATIONS[id];
        match self {
            Self::Fence(fence) => {
                (part.fence, part.closing) = ((*fence).to_owned(), (*fence).to_owned());
            }
            Self::Opening(fence) => (*fence).clone_into(&mut part.fence),
            Self::Language(language) => (*language).clone_into(&mut part.language),
            Self::Indent(margin, content) => {
                part.fence.insert_str(0, margin);
                part.closing.insert_str(0, margin);
                if *content {
                    part.content.insert_str(0, margin);
                }
            }
            Self::Insert(text) => part.fence.insert_str(0, text),
            Self::Replace(from, to) => part.content = part.content.replace(from, to),
            Self::Yaml => {
                let (id, method, path) = OPERATIONS[id];
                "yaml".clone_into(&mut part.language);
                part.content = format!(
                    "openapi: 3.0.3\ninfo:\n  title: Acme\n  version: '1'\npaths:\n  {path}:\n    {method}:\n      operationId: {id}\n      responses:\n        '204':\n          description: Done"
                );
            }
            Self::Pretty => {
                if let Ok(value) = serde_json::from_str::<Value>(&part.content) {
                    part.content = format!("{value:#}");
                }
            }
            Self::GitBook(name, around) => {
                part.before =
                    format!("{{% {name} spec=\"acme\" path=\"{path}\" method=\"{method}\" %}}");
                part.after = format!("{{% end{name} %}}");
                if !around {
                    (part.fence, part.language, part.closing) = Default::default();
                    "[the document](https://acme.test/openapi.json)".clone_into(&mut part.content);
                }
            }
            Self::Html => {
                "<pre><code>".clone_into(&mut part.fence);
                "</code></pre>".clone_into(&mut part.closing);
                part.language.clear();
            }
            Self::Wrap(before, after) => {
                part.fence.insert_str(0, before);
                part.closing.push_str(after);
            }
            Self::Nested(margin) => {
                if let Ok(value) = serde_json::from_str::<Value>(&part.content) {
                    part.content = format!("{value:#}");
                }
                part.content = part.content.replace('\n', &format!("\n{margin}"));
                for text in [&mut part.fence, &mut part.content, &mut part.closing] {
                    text.insert_str(0, margin);
                }
            }
            Self::Comment => {
                part.fence.insert_str(0, "<!--\n");
                part.closing.push_str("\n-->");
            }
            Self::Summary => "## Do it".clone_into(&mut part.heading),
            Self::Noise(text, true) => part.before = format!("{}\n\n{text}", part.before),
            Self::Noise(text, false) => part.after = format!("{}\n\n{text}", part.after),
            Self::Drop => {
                *part = Part {
                    heading: part.heading.clone(),
                    ..Part::of(("x", "get", "/x"))
                }
            }
        }
        if matches!(self, Self::Drop) {
            "Soon.".clone_into(&mut part.content);
            (part.fence, part.language, part.closing) = Default::default();
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    use Mutation::*;
    prop_oneof![
        prop::sample::select(vec!["````", "~~~", "~~~~~", "``", "`", "", "'''", "‘‘‘"])
            .prop_map(Fence),
        prop::sample::select(vec!["````", "~~~", "``", ""]).prop_map(Opening),
        prop::sample::select(vec![
            "",
            "yaml",
            "jsonc",
            "json5",
            "none",
            "json {% code lineNumbers=\"true\" %}",
            "JSON",
            "text",
            "bash",
            "json title=\"x\"",
            "\u{200b}json",
            "openapi"
        ])
        .prop_map(Language),
        (
            prop::sample::select(vec![" ", "   ", "    ", "\t", "> ", "      ", "- "]),
            any::<bool>()
        )
            .prop_map(|(margin, content)| Indent(margin, content)),
        prop::sample::select(vec![
            "\u{200b}",
            "\u{feff}",
            "\u{2060}",
            "\u{a0}",
            "&#x20;",
            "\u{200b}\u{200d}",
            "x "
        ])
        .prop_map(Insert),
        prop::sample::select(vec![
            ("\"", "&quot;"),
            ("\"", "”"),
            (":", ":\u{a0}"),
            ("{", "{\u{200b}"),
            ("}", ""),
            (",", ",\n\n"),
            ("\"openapi\"", "\"swagger\""),
            ("\"openapi\":\"3.0.3\",", ""),
            ("operationId", "operationID"),
        ])
        .prop_map(|(from, to)| Replace(from, to)),
        Just(Yaml),
        Just(Pretty),
        (
            prop::sample::select(vec!["openapi-operation", "openapi", "swagger"]),
            any::<bool>()
        )
            .prop_map(|(name, around)| GitBook(name, around)),
        Just(Html),
        prop::sample::select(vec![
            (
                "<details>\n<summary>Document</summary>\n\n",
                "\n\n</details>"
            ),
            ("<details>\n", "\n</details>"),
            ("<div>\n", "\n</div>"),
            (
                "{% tabs %}\n{% tab title=\"JSON\" %}\n",
                "\n{% endtab %}\n{% endtabs %}"
            ),
            ("{% code title=\"openapi.json\" %}\n", "\n{% endcode %}"),
            ("{% hint style=\"info\" %}\n", "\n{% endhint %}"),
            ("| a |\n|---|\n", ""),
        ])
        .prop_map(|(before, after)| Wrap(before, after)),
        prop::sample::select(vec![
            "> ", ">", "> > ", "  ", "   ", "    ", "\t", "- ", "* "
        ])
        .prop_map(Nested),
        Just(Comment),
        Just(Drop),
        Just(Summary),
        (prop::sample::select(noises()), any::<bool>())
            .prop_map(|(text, before)| Noise(text, before)),
    ]
}

/// Texts that are no operation: deep, long, open and unusual.
fn noises() -> Vec<String> {
    let row = "| a | `b` | {\"c\": 1} |\n";
    let list: String = (0..40).fold(String::new(), |list, level| {
        format!("{list}{}- item\n", "  ".repeat(level))
    });
    vec![
        format!("{}deep", "> ".repeat(300)),
        format!("{}x{}", "[".repeat(2000), "]".repeat(2000)),
        format!("{}1{}", "{\"a\":".repeat(300), "}".repeat(300)),
        format!("| a | b | c |\n|---|---|---|\n{}", row.repeat(500)),
        list,
        "a\0b\u{1}c".to_owned(),
        "\tcolumn\tcolumn\t".to_owned(),
        "word ".repeat(5000),
        "```".to_owned(),
        "~~~ yaml\nnot: closed".to_owned(),
        "`open".to_owned(),
        "<!-- open".to_owned(),
        "<pre>\nopen".to_owned(),
        "<script>".to_owned(),
        "{% tabs %}\n{% tab title=\"open\" %}".to_owned(),
        "{% openapi".to_owned(),
        "```json\n{\"an\": \"example\"}\n```".to_owned(),
        "```json\n{“openapi”: 3}\n```".to_owned(),
        "&#x20;&quot;openapi&quot;".to_owned(),
        "---\ntitle: front\n---".to_owned(),
        "\\```json".to_owned(),
    ]
}

/// The report of an import and the operations that are recorded after it, or the error. As in the command, a page that loses
/// too many operations is an error.
fn import(workspace: &Workspace, text: &str) -> Result<(Vec<String>, BTreeSet<String>), String> {
    let page = specmill_docs::Page::new("users.md", text.as_bytes().to_vec())
        .map_err(|error| error.to_string())?;
    let import = workspace
        .prepare(&[page])
        .map_err(|error| error.to_string())?;
    if import.losses.iter().any(specmill_docs::Loss::is_large) {
        return Err("a page loses too much".to_owned());
    }
    import.plan.carry_out(workspace.root()).unwrap();
    let record: Value = serde_json::from_str(&workspace.read("specs/acme/sources.json")).unwrap();
    let recorded = record.as_object().unwrap().values();
    let recorded = recorded.map(|source| source["operation"].as_str().unwrap().to_owned());
    Ok((import.report, recorded.collect()))
}

fn page(parts: &[Part]) -> String {
    let parts: Vec<String> = parts.iter().map(Part::text).collect();
    format!("# Acme\n\nProse with `code`.\n\n{}", parts.concat())
}

/// The parts of a page with mutations, each on the part of its number.
fn mutated(mutations: &[(usize, Mutation)]) -> Vec<Part> {
    let mut parts: Vec<Part> = OPERATIONS.map(Part::of).into();
    for (id, mutation) in mutations {
        mutation.apply(&mut parts[*id], *id);
    }
    parts
}

/// Mutations of any parts, and two of one part.
fn mutations() -> impl Strategy<Value = Vec<(usize, Mutation)>> {
    let any = prop::collection::vec((0..OPERATIONS.len(), mutation()), 0..4);
    let two = (0..OPERATIONS.len(), mutation(), mutation());
    prop_oneof![
        any,
        two.prop_map(|(id, one, other)| vec![(id, one), (id, other)]),
    ]
}

/// How many lines of a report say what became of an operation.
fn fates(report: &[String], id: &str) -> usize {
    let says = |line: &&String| {
        ["added", "unchanged", "changed", "removed", "renamed"]
            .iter()
            .any(|fate| {
                let rest = line.strip_prefix(fate);
                rest.and_then(|rest| rest.strip_prefix(' '))
                    .and_then(|rest| rest.strip_prefix(id))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            })
    };
    report.iter().filter(says).count()
}

/// The line that a note names.
fn line_of(note: &str) -> Option<usize> {
    let place = note.strip_prefix("note: users.md:")?;
    place.split(':').next()?.parse().ok()
}

/// The lines of each part of a page.
fn lines_of(parts: &[Part]) -> Vec<std::ops::Range<usize>> {
    let mut from = page(&[]).matches('\n').count() + 1;
    let range = |part: &Part| {
        let to = from + part.text().matches('\n').count();
        std::mem::replace(&mut from, to)..to
    };
    parts.iter().map(range).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_operation_of_a_known_page_is_kept_or_named_when_it_is_removed(
        mutations in mutations(),
        cut in prop::option::of(0.0..1.0_f64),
        ending in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        mark in any::<bool>(),
    ) {
        let workspace = Workspace::new();
        import(&workspace, &page(&mutated(&[]))).unwrap();
        let before = workspace.files();
        let parts = mutated(&mutations);
        let mut text = page(&parts);
        if let Some(cut) = cut {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
            let mut at = (text.len() as f64 * cut) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            text.truncate(at);
        }
        let mark = if mark { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", text.replace('\n', ending));
        match import(&workspace, &text) {
            Err(_) => prop_assert_eq!(workspace.files(), before),
            Ok((report, recorded)) => {
                for (id, ..) in OPERATIONS {
                    let named = report.iter().any(|line| line.starts_with(&format!("removed {id}: ")));
                    prop_assert!(recorded.contains(id) != named, "{}: {:?}\n{}", id, report, text);
                    prop_assert_eq!(fates(&report, id), 1, "{}: {:?}\n{}", id, report, text);
                }
            }
        }
    }

    #[test]
    fn an_operation_of_a_new_page_is_taken_or_its_block_is_named(
        mutations in mutations(),
    ) {
        let parts = mutated(&mutations);
        if let Ok((report, recorded)) = import(&Workspace::new(), &page(&parts)) {
            for (((id, _, path), part), lines) in OPERATIONS.iter().zip(&parts).zip(lines_of(&parts)) {
                let text = part.text();
                if !text.contains(id) && !text.contains(path) {
                    continue;
                }
                let mut named = report.iter().filter_map(|note| line_of(note));
                let is_named = named.any(|line| lines.contains(&line));
                prop_assert!(recorded.contains(*id) || is_named, "{}: {:?}\n{}", id, report, page(&parts));
            }
        }
    }
}

#[test]
fn a_page_that_is_cut_at_any_line_is_refused_or_says_what_is_gone() {
    use Mutation::{Fence, GitBook, Indent, Nested, Summary, Wrap, Yaml};
    let details = (
        "<details>\n<summary>Document</summary>\n\n",
        "\n\n</details>",
    );
    let pages = [
        vec![],
        vec![Summary],
        vec![Fence("~~~~")],
        vec![Indent("  ", false)],
        vec![Nested("> ")],
        vec![GitBook("openapi-operation", true)],
        vec![Wrap(details.0, details.1)],
        vec![Yaml],
    ];
    for page_mutations in pages {
        let all = (0..OPERATIONS.len()).flat_map(|id| {
            let each = page_mutations.iter().cloned();
            each.map(move |mutation| (id, mutation))
        });
        let text = page(&mutated(&all.collect::<Vec<_>>()));
        for (at, _) in text.match_indices('\n') {
            let workspace = Workspace::new();
            import(&workspace, &text).unwrap();
            if let Ok((report, recorded)) = import(&workspace, &text[..at]) {
                let removed = report
                    .iter()
                    .filter(|line| line.starts_with("removed "))
                    .count();
                assert_eq!(recorded.len() + removed, OPERATIONS.len());
                assert!(removed <= OPERATIONS.len() / 3, "{report:?}");
            }
        }
    }
}
