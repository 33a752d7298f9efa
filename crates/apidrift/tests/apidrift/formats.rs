//! The complete output of each format.

use apidrift::{Report, render};

use crate::support::report;

const OLD: &str = "openapi: 3.0.3
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {in: query, name: limit, schema: {type: integer, maximum: 100}}
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
    post:
      operationId: addUser
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
  /old: {get: {operationId: getOld, responses: {}}}
components:
  schemas:
    User: {type: object, required: [id], properties: {id: {type: string}, role: {enum: [admin, guest]}}}
";

const NEW: &str = "openapi: 3.0.3
paths:
  /users:
    get:
      operationId: readUsers
      parameters:
        - {in: query, name: limit, schema: {type: integer, maximum: 50}}
      responses:
        '200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/User'}}}}}
    post:
      operationId: addUser
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses:
        '201': {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
components:
  schemas:
    User:
      type: object
      required: [id, email]
      properties: {id: {type: string}, email: {type: string}, role: {enum: [admin, guest, owner]}}
";

/// Names that contain markup, commands and terminal escapes.
const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)> `x` @all | ::error:: \u{1b}[31m \u{202e} %0A";

fn sample() -> Report {
    report(OLD, NEW)
}

fn hostile() -> Report {
    let quoted = serde_json::Value::String(HOSTILE.to_owned());
    let document = |properties: &str| {
        format!(
            "{{\"openapi\": \"3.0.0\", \"paths\": {{\"/a\": {{\"post\": {{\"operationId\": {quoted}, \"requestBody\": {{\"content\": \
             {{\"application/json\": {{\"schema\": {{\"type\": \"object\", \"properties\": {{{properties}}}}}}}}}}}}}}}}}}}"
        )
    };
    let old = document(&format!(
        "{quoted}: {{\"type\": \"string\", \"default\": {quoted}}}"
    ));
    report(&old, &document(""))
}

#[test]
fn text_is_grouped_by_operation_then_by_side() {
    insta::assert_snapshot!(render::text(&sample(), false));
}

#[test]
fn text_on_a_terminal_is_coloured() {
    insta::assert_snapshot!(render::text(&sample(), true).replace('\u{1b}', "ESC"));
}

#[test]
fn markdown_unfolds_breaking_changes_and_folds_the_rest() {
    insta::assert_snapshot!(render::markdown(&sample()));
}

#[test]
fn json_follows_the_published_schema() {
    let schema: serde_json::Value = serde_json::from_str(render::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for report in [sample(), hostile(), report(OLD, OLD)] {
        let output: serde_json::Value = serde_json::from_str(&render::json(&report)).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&output)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut wrong: serde_json::Value = serde_json::from_str(&render::json(&sample())).unwrap();
    wrong["changes"][0]["wire"] = "fine".into();
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn json_contains_every_change_with_its_operations() {
    insta::assert_snapshot!(render::json(&sample()));
}

#[test]
fn annotations_stand_on_the_newer_document() {
    insta::assert_snapshot!(render::github(&sample(), None));
}

#[test]
fn the_page_holds_every_change_and_loads_nothing() {
    let page = render::html(&sample());
    for word in ["http://", "https://", "src=", "url(", "@import"] {
        assert!(!page.contains(word), "{word}");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn no_name_in_a_document_becomes_markup_or_a_command() {
    let found = hostile();
    let page = render::html(&found);
    assert!(!page.contains("<img"));
    assert_eq!(page.matches("</script>").count(), 1);
    let text = render::text(&found, false);
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text}"
    );
    let markdown = render::markdown(&found);
    for line in markdown.lines().filter(|line| line.contains("<img")) {
        let spans: Vec<&str> = line.split("``").collect();
        let outside: String = spans.iter().step_by(2).copied().collect();
        assert!(
            !outside.contains("<img") && !outside.contains("@all"),
            "{line}"
        );
    }
    for line in render::github(&found, None).lines() {
        assert!(
            line.starts_with("::error ")
                || line.starts_with("::notice ")
                || line.starts_with("::warning "),
            "{line}"
        );
        assert!(!line.contains("%0A"), "{line}");
    }
}

#[test]
fn a_comment_stays_below_the_limit_of_the_site_and_counts_other_changes() {
    let path = |index: usize, kind: &str| {
        format!(
            "  /a{index}: {{get: {{operationId: get{index}, parameters: [{{in: query, name: q, schema: {{type: {kind}}}}}], responses: {{}}}}}}\n"
        )
    };
    let document = |kind: &str| {
        let paths: String = (0..2000).map(|index| path(index, kind)).collect();
        format!("openapi: 3.0.0\npaths:\n{paths}")
    };
    let comment = render::markdown(&report(&document("integer"), &document("boolean")));
    assert!(comment.len() < 65_536, "{}", comment.len());
    assert!(
        comment.contains("more changes that do not fit here."),
        "no count of what was left out"
    );
    assert_eq!(
        comment.matches("<details>").count(),
        comment.matches("</details>").count()
    );
}

/// A change for each verdict on the wire: breaking, unknown, warning and compatible.
fn of_every_verdict() -> Report {
    let document = |kind: &str, file: &str, pattern: &str, tag: &str| {
        format!(
            "openapi: 3.0.3
paths:
  /a:
    get:
      tags: [{tag}]
      parameters:
        - {{in: query, name: q, schema: {{type: {kind}}}}}
        - {{in: query, name: r, schema: {{type: string, pattern: {pattern}}}}}
        - {{in: query, name: s, schema: {{$ref: '{file}'}}}}
"
        )
    };
    report(
        &document("boolean", "a.yaml", "^a", "[]"),
        &document("object", "b.yaml", "^b", "t"),
    )
}

#[test]
fn every_verdict_has_its_colour_its_heading_and_its_level() {
    let found = of_every_verdict();
    let text = render::text(&found, true);
    for (code, verdict) in [
        ("31", "breaking"),
        ("33", "warning"),
        ("35", "unknown"),
        ("32", "compatible"),
    ] {
        assert!(
            text.contains(&format!("      \u{1b}[{code}m{verdict} on the wire, ")),
            "{text}"
        );
    }
    let markdown = render::markdown(&found);
    let headings: Vec<&str> = markdown
        .lines()
        .filter(|line| line.starts_with("###") || line.starts_with("<details"))
        .collect();
    assert_eq!(
        headings,
        [
            "### Breaking on the wire: 1",
            "### To be looked at: 2",
            "<details><summary>Compatible: 1</summary>"
        ]
    );
    let github = render::github(&found, None);
    let levels: Vec<&str> = github
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        levels,
        ["::error", "::warning", "::warning", "::notice", "::notice"]
    );
}

#[test]
fn a_summary_counts_both_verdicts_from_the_worst() {
    let text = render::text(&of_every_verdict(), false);
    assert_eq!(
        text.lines().last(),
        Some(
            "On the wire: 1 breaking, 1 warning, 1 unknown, 1 compatible. \
             For Rust callers, as an estimate: 1 breaking, 1 unknown, 2 compatible. Version step: major."
        )
    );
    assert_eq!(render::text(&report(OLD, OLD), false), "No change.\n");
}

#[test]
fn accepted_changes_are_reported_in_every_format() {
    let mut found = sample();
    let fingerprints: Vec<String> = found
        .changes
        .iter()
        .map(|change| change.fingerprint.clone())
        .collect();
    let entry = |fingerprint: &str, expires: &str| {
        format!("  - {{fingerprint: {fingerprint}, reason: agreed, expires: {expires}}}\n")
    };
    let text = format!(
        "accepted:\n{}{}{}",
        entry(&fingerprints[0], "2030-01-02"),
        entry(&fingerprints[1], "2030-01-01"),
        entry("0123456789abcdef", "2031-01-01"),
    );
    let acceptances = apidrift::policy::Acceptances::parse(&text, "accepted.yaml").unwrap();
    acceptances.apply(&mut found, "2030-01-02".parse().unwrap());
    let notes = [
        "1 accepted.".to_owned(),
        format!(
            "The accepted change {} (agreed) expired on 2030-01-01.",
            fingerprints[1]
        ),
        "The accepted change 0123456789abcdef (agreed) names no change any more; delete it."
            .to_owned(),
    ];
    let outputs = [
        (render::text(&found, false), "", ""),
        (render::markdown(&found), "`", "`"),
        (
            render::github(&found, None),
            "::warning title=accepted changes::",
            "",
        ),
        (render::html(&found), "<p class=\"note\">", "</p>"),
    ];
    for (output, before, after) in outputs {
        for note in &notes {
            let line = format!("{before}{note}{after}");
            assert!(
                output.lines().any(|other| other == line),
                "{line} is not in {output}"
            );
        }
    }
}

#[test]
fn the_summary_reports_that_all_changes_are_accepted() {
    let mut found = report(
        "openapi: 3.0.0\npaths: {/a: {get: {tags: [a]}}}\n",
        "openapi: 3.0.0\npaths: {/a: {get: {}}}\n",
    );
    let text = format!(
        "accepted: [{{fingerprint: {}, reason: agreed, expires: 2030-01-01}}]",
        found.changes[0].fingerprint
    );
    let acceptances = apidrift::policy::Acceptances::parse(&text, "accepted.yaml").unwrap();
    acceptances.apply(&mut found, "2030-01-01".parse().unwrap());
    assert_eq!(
        render::text(&found, false),
        "1 accepted.\nOn the wire: none. For Rust callers, as an estimate: none. Version step: patch.\n"
    );
}

#[test]
fn the_page_lists_no_operations_for_a_change_that_affects_none() {
    let found = report(
        "openapi: 3.0.0\nsecurity: []\n",
        "openapi: 3.0.0\nsecurity: [{key: []}]\n",
    );
    let page = render::html(&found);
    assert!(page.contains("<h2>The API</h2>") && !page.contains("operation(s)"));
    assert!(
        page.contains("<h3>Before</h3><p><code>#</code></p><p class=\"none\">nothing</p>"),
        "{page}"
    );
    assert!(
        page.contains("<h3>After</h3><p><code>#</code></p><pre>key</pre>"),
        "{page}"
    );
}

#[test]
fn a_message_omits_the_operation_that_the_heading_contains() {
    let document = |limit: u32| {
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{operationId: getA, tags: [t{limit}], parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]}}}}}}\n"
        )
    };
    let text = render::text(&report(&document(9), &document(8)), false);
    let messages: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
        .collect();
    assert_eq!(
        messages,
        [
            "    query parameter `q`: `maximum` was decreased: 9 → 8",
            "    tag was added to the operation: t8",
            "    tag was removed from the operation: t9",
        ]
    );
    assert!(text.contains("\nGET /a (getA)\n"), "{text}");
}

#[test]
fn values_of_one_list_and_both_sides_of_a_change_are_one_line() {
    let document = |values: &str, kind: &str| {
        format!(
            "openapi: 3.0.0
paths:
  /a:
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}
      responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}
components:
  schemas:
    A: {{type: object, properties: {{e: {{enum: [{values}]}}, k: {{type: {kind}}}}}}}
"
        )
    };
    let found = report(&document("x", "string"), &document("x, y, z", "array"));
    assert_eq!(found.changes.len(), 6);
    let text = render::text(&found, false);
    assert_eq!(text.matches("values were added: y, z").count(), 1, "{text}");
    assert_eq!(
        text.matches("type changed: string → array").count(),
        1,
        "{text}"
    );
}

#[test]
fn wire_breaks_come_before_rust_breaks_and_the_rest() {
    let document = |id: &str, tag: &str, limit: u32| {
        format!(
            "openapi: 3.0.0
paths:
  /a: {{get: {{operationId: {id}, tags: [{tag}]}}}}
  /b: {{get: {{parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]}}}}
"
        )
    };
    let found = report(&document("getA", "s", 9), &document("readA", "t", 8));
    let text = render::text(&found, false);
    let headings: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_uppercase()))
        .collect();
    assert_eq!(
        headings[..6],
        [
            "Breaking on the wire: 1",
            "GET /b",
            "Breaking for Rust: 1",
            "GET /a (readA)",
            "Compatible: 2",
            "GET /a (readA)",
        ]
    );
    assert!(text.contains("→ `.get_a()` is `.read_a()` now"), "{text}");
}

#[test]
fn a_comment_links_to_the_complete_report() {
    let path = |index: usize, kind: &str| {
        format!(
            "  /a{index}: {{get: {{parameters: [{{in: query, name: q, schema: {{type: {kind}}}}}]}}}}\n"
        )
    };
    let document = |kind: &str| {
        let paths: String = (0..100).map(|index| path(index, kind)).collect();
        format!("openapi: 3.0.0\npaths:\n{paths}")
    };
    let found = report(&document("integer"), &document("boolean"));
    let link = Some("https://ci.test/1>x");
    let comment = render::markdown_within(&found, 4000, link);
    assert!(comment.len() <= 4000);
    assert!(comment.contains("changes that do not fit here: [all of them](<https://ci.test/1x>)"));
}

#[test]
fn annotations_are_the_ten_most_severe_changes() {
    let path = |index: usize, kind: &str, tag: &str| {
        format!(
            "  /a{index}: {{get: {{tags: [{tag}], parameters: [{{in: query, name: q, schema: {{type: {kind}}}}}]}}}}\n"
        )
    };
    let document = |kind: &str, tag: &str| {
        let paths: String = (0..12).map(|index| path(index, kind, tag)).collect();
        format!("openapi: 3.0.0\npaths:\n{paths}")
    };
    let found = report(&document("integer", "s"), &document("boolean", "t"));
    let text = render::github(&found, None);
    assert_eq!(text.matches("::error ").count(), 10);
    assert!(
        text.contains("::26 more changes are in the other formats. On the wire: "),
        "{text}"
    );
}

#[test]
fn several_documents_are_one_page() {
    let found = sample();
    let mut sections = [render::Section::new(&found), render::Section::new(&found)];
    sections[0].name = "One".to_owned();
    sections[1].name = "Two".to_owned();
    sections[1].step = "0.1.0 to 0.2.0".to_owned();
    let page = render::html_of(&sections);
    assert!(page.contains("<h1>One</h1>") && page.contains("<h1>Two</h1>"));
    assert!(page.contains("<strong>0.1.0 to 0.2.0</strong>"));
}
