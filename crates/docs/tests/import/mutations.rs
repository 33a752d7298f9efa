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

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_operation_of_a_known_page_is_kept_or_reported_as_removed(
        mutations in prop::collection::vec((0..OPERATIONS.len(), mutation()), 0..4),
        cut in prop::option::of(0.0..1.0_f64),
        ending in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        mark in any::<bool>(),
    ) {
        let workspace = Workspace::new();
        let mut parts: Vec<Part> = OPERATIONS.map(Part::of).into();
        import(&workspace, &page(&parts)).unwrap();
        let before = workspace.files();
        for (id, mutation) in &mutations {
            mutation.apply(&mut parts[*id], *id);
        }
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
                }
            }
        }
    }

    #[test]
    fn an_operation_of_a_new_page_is_imported_or_its_block_is_reported(
        mutations in prop::collection::vec((0..OPERATIONS.len(), mutation()), 0..4),
    ) {
        let mut parts: Vec<Part> = OPERATIONS.map(Part::of).into();
        for (id, mutation) in &mutations {
            mutation.apply(&mut parts[*id], *id);
        }
        if let Ok((report, recorded)) = import(&Workspace::new(), &page(&parts)) {
            let lost = OPERATIONS.iter().filter(|(id, ..)| !recorded.contains(*id)).count();
            let notes = report.iter().filter(|line| line.starts_with("note: ")).count();
            prop_assert!(notes >= lost, "{:?}\n{}", report, page(&parts));
        }
    }
}

#[test]
fn a_page_truncated_at_any_block_is_refused_or_reports_its_losses() {
    let parts: Vec<Part> = OPERATIONS.map(Part::of).into();
    let text = page(&parts);
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
