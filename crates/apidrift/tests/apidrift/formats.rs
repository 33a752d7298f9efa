//! The outputs, whole.

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

/// Names that try to be markup, commands and terminal controls.
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
fn markdown_opens_what_breaks_and_folds_the_rest() {
    insta::assert_snapshot!(render::markdown(&sample()));
}

#[test]
fn json_is_as_the_published_schema_says() {
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
fn json_holds_every_change_with_what_it_reaches() {
    insta::assert_snapshot!(render::json(&sample()));
}

#[test]
fn annotations_stand_on_the_newer_document() {
    insta::assert_snapshot!(render::github(&sample()));
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
    for line in render::github(&found).lines() {
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
fn a_comment_stays_below_the_limit_of_the_site_and_says_what_it_left_out() {
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
