//! The accepted forms of a page.

use serde_json::{Value, json};
use specmill_openapi::document::indent_json;

use specmill_scratch::{Workspace, page, published};

fn list() -> Value {
    published("user#list", "get", "/users")
}

/// Imports a page, and returns its operations.
fn operations(text: &str) -> Vec<String> {
    let workspace = Workspace::new();
    let report = workspace.import(&[("users.md", text)]).unwrap();
    report
        .into_iter()
        .filter_map(|line| line.strip_prefix("added ").map(str::to_owned))
        .collect()
}

/// The error for a page.
fn refused(text: &str) -> String {
    Workspace::new()
        .import(&[("users.md", text)])
        .unwrap_err()
        .to_string()
}

#[test]
fn each_operation_is_stored_in_a_file_of_its_own() {
    let workspace = Workspace::new();
    let text = page(&[
        list(),
        published("api token#rotate", "post", "/api-tokens/{id}"),
    ]);
    assert_eq!(
        workspace.import(&[("users.md", &text)]).unwrap(),
        ["added api token#rotate", "added user#list"]
    );
    assert!(workspace.exists("specs/acme/published/user_list.json"));
    assert!(workspace.exists("specs/acme/published/api_token_rotate.json"));
}

#[test]
fn a_document_is_stored_as_published_except_for_whitespace() {
    let block = r#"{"openapi":"3.0.3","info":{"title":"Acme\u0021","version":"1.0"},"x-big":12345678901234567890.10,"x-e":1E3,"paths":{"/u":{"get":{"operationId":"u","responses":{}}}}}"#;
    let workspace = Workspace::new();
    workspace
        .import(&[("users.md", &format!("```json\n{block}\n```\n"))])
        .unwrap();
    let stored = workspace.read("specs/acme/published/u.json");
    assert_eq!(stored, indent_json(block));
    for kept in [r#""Acme\u0021""#, "12345678901234567890.10", "1E3"] {
        assert!(stored.contains(kept), "{kept}");
    }
}

#[test]
fn headings_are_ignored() {
    let one = list();
    let two = published("user#create", "post", "/users");
    let text = format!(
        "## GET /users&#x20;\n\n> List users\n\n```json\n{one}\n```\n\n## Create a user\n\n> Creates one.\n\n```json\n{two}\n```\n"
    );
    assert_eq!(operations(&text), ["user#create", "user#list"]);
    assert_eq!(
        operations(&format!("## DELETE /elsewhere\n```json\n{one}\n```\n")),
        ["user#list"]
    );
}

#[test]
fn prose_in_any_language_and_hints_are_ignored() {
    let document = list();
    let text = format!(
        "> For the index see [llms.txt](https://acme.test/llms.txt).\n\n# 사용자\n\n{{% hint style=\"info\" %}}\n\
         베타입니다 — «бета» ١٢٣ 🎉 {{\"no\": json}}\n{{% endhint %}}\n\n작업&#x20;\n\n```json\n{document}\n```\n\n끝"
    );
    assert_eq!(operations(&text), ["user#list"]);
}

#[test]
fn line_ends_of_every_kind_are_recognised() {
    let text = page(&[list(), published("user#create", "post", "/users")]);
    let workspace = Workspace::new();
    workspace.import(&[("users.md", &text)]).unwrap();
    let expected = workspace.files();
    for line_end in ["\r\n", "\r"] {
        let workspace = Workspace::new();
        workspace
            .import(&[("users.md", &text.replace('\n', line_end))])
            .unwrap();
        assert_eq!(workspace.files(), expected, "{line_end:?}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(
        operations(&format!("\u{feff}```json\n{}\n```", list())),
        ["user#list"]
    );
}

#[test]
fn a_block_of_many_lines_is_read() {
    let pretty = serde_json::to_string_pretty(&list()).unwrap();
    assert_eq!(
        operations(&format!("```json\n{pretty}\n```\n")),
        ["user#list"]
    );
}

#[test]
fn a_fence_may_be_indented_quoted_listed_and_of_either_kind() {
    let document = list();
    for text in [
        format!("   ```json\n   {document}\n   ```\n"),
        format!("\t```json\n\t{document}\n\t```\n"),
        format!("      ~~~~json\n      {document}\n      ~~~~\n"),
        format!("> ```json\n> {document}\n> ```\n"),
        format!("- ```json\n  {document}\n  ```\n"),
        format!("12. ```json\n    {document}\n    ```\n"),
        format!("```JSON title=\"x\"\n{document}\n```\n"),
        format!("````json\n{document}\n````\n"),
        format!("{{% code %}}\n```json\n{document}\n```\n{{% endcode %}}"),
    ] {
        assert_eq!(operations(&text), ["user#list"], "{text}");
    }
}

#[test]
fn blocks_of_other_languages_are_ignored() {
    let document = list();
    let text = format!(
        "```bash\n# GET /x\ncurl x | jq '```json'\n```\n```\n{{}}\n```\nSpan ```json```.\n```json\n{document}\n```\n"
    );
    assert_eq!(operations(&text), ["user#list"]);
}

#[test]
fn a_heading_of_an_operation_without_a_document_is_noted() {
    let text = format!(
        "# Users\n## GET /users\n### Details\n```json\n{}\n```\n## POST /users/{{id}}&#x20;\nSoon.\n",
        list()
    );
    let report = Workspace::new().import(&[("users.md", &text)]).unwrap();
    assert_eq!(
        report,
        [
            "added user#list",
            "note: users.md:7: the heading `POST /users/{id}&#x20;` is followed by no document"
        ]
    );
}

#[test]
fn a_page_without_operations_is_refused() {
    insta::assert_snapshot!(refused("# Users\n\nNothing here.\n"), @r"
    error: the page contains no operation
      --> users.md
      = help: give the Markdown of a page that contains OpenAPI documents in code blocks
    ");
    assert!(refused("").contains("the page contains no operation"));
}

#[test]
fn a_broken_block_is_refused_with_its_line() {
    insta::assert_snapshot!(refused("# Users\n\n```json\n{\"openapi\": \"3.0.3\",\n \"paths\": }\n```\n"), @r"
    error: this is not valid JSON: expected value
      --> users.md:5:11
      = help: copy the page again; if the vendor publishes it so, correct the block in a copy of the page
    ");
}

#[test]
fn a_duplicate_property_is_refused() {
    let error = refused("```json\n{\"openapi\": \"3.0.3\", \"paths\": {}, \"paths\": {}}\n```\n");
    assert!(error.starts_with("error: this is not valid JSON: the property `paths` is duplicated in an object\n  --> users.md:2:"), "{error}");
}

#[test]
fn an_example_in_the_prose_is_noted_and_skipped() {
    let text = format!(
        "```json\n{}\n```\n\nResponses:\n\n```json\n{{\"id\": 1}}\n```\n\n```js\n{{ id: 1, … }}\n```\n",
        list()
    );
    let report = Workspace::new().import(&[("users.md", &text)]).unwrap();
    assert_eq!(
        report,
        [
            "added user#list",
            "note: users.md:8: this JSON is no OpenAPI document; it is skipped",
            "note: users.md:12: this is neither JSON nor an OpenAPI document; it is skipped",
        ]
    );
    for text in ["[]", "1", "null", "\"\"", "", "{\"id\": 1}"] {
        assert!(
            refused(&format!("```json\n{text}\n```\n")).contains("the page contains no operation"),
            "{text}"
        );
    }
}

#[test]
fn a_document_without_paths_is_refused() {
    insta::assert_snapshot!(refused("# Users\n\n```json\n{\"openapi\": \"3.0.3\"}\n```\n"), @r"
    error: the document holds 0 operations
      --> users.md:4
      = note: in the document that begins here, at #/paths
      = help: a published document holds exactly one; `cargo xtask new` takes whole documents
    ");
}

#[test]
fn a_document_is_read_in_any_fence_and_language() {
    let document = list();
    let indented = format!("{document:#}").replace('\n', "\n    ");
    for text in [
        format!("```\n{document}\n```\n"),
        format!("```jsonc\n{document}\n```\n"),
        format!("```http\n{document}\n```\n"),
        format!("```json{{1-3}}\n{document}\n```\n"),
        format!("\u{200b}```json\n{document}\n```\n"),
        format!("\u{a0}\u{feff}```json\n{document}\n```\u{200b}\n"),
        format!("A line.\n\n    {indented}\n\nAnother.\n"),
        format!("<details>\n<summary>It</summary>\n```json\n{document}\n```\n</details>\n"),
        format!("`{document}`\n"),
    ] {
        assert_eq!(operations(&text), ["user#list"], "{text}");
    }
}

#[test]
fn a_document_in_yaml_is_stored_as_json() {
    let (json, yaml) = (Workspace::new(), Workspace::new());
    json.import(&[("users.md", &page(&[list()]))]).unwrap();
    let text = "```yaml\n# Acme\nopenapi: 3.0.3\ninfo: {title: Acme, version: '1'}\npaths:\n  /users:\n    get:\n      operationId: user#list\n      responses: {'204': {description: Done}}\n```\n";
    yaml.import(&[("users.md", text)]).unwrap();
    let stored = "specs/acme/published/user_list.json";
    assert_eq!(json.read(stored), yaml.read(stored));
}

#[test]
fn a_document_outside_of_every_code_block_is_refused() {
    insta::assert_snapshot!(refused(&format!("# Users\n\n`json\n{}\n`\n", list())), @r"
    error: an OpenAPI document is in a code span
      --> users.md:3
      = help: put a line of three backticks before and behind it in a copy of the page
    ");
    insta::assert_snapshot!(refused(&format!("# Users\n\n{}\n", list())), @r"
    error: an OpenAPI document stands outside of every code block
      --> users.md:3
      = help: put a line of three backticks before and behind it in a copy of the page
    ");
    // Prose that mentions documents is not a document.
    let text = format!(
        "Documents begin with `\"openapi\": \"3.0.3\"`. OpenAPI: 3.\n\n```\n{}\n```\n",
        list()
    );
    assert_eq!(operations(&text), ["user#list"]);
}

#[test]
fn a_block_that_only_references_a_document_is_refused_with_its_target() {
    let text = format!(
        "```json\n{}\n```\n\n{{% openapi-operation spec=\"acme\" path=\"/users/{{id}}\" method=\"get\" %}}\n[spec](https://a.test)\n{{% endopenapi-operation %}}\n\n{{% swagger src=\"a.yaml\" path=\"/b\" method=\"put\" %}}\n",
        list()
    );
    insta::assert_snapshot!(refused(&text), @r"
    error: the block `openapi-operation` only points to a document: spec acme, path /users/{id}, method get
      --> users.md:5
      = note: so does the one on line 9: spec a.yaml, path /b, method put
      = help: give the page as the site serves it in Markdown, with the documents in code blocks; or make the API from the document itself with `cargo xtask new`
    ");
    let text = format!(
        "{{% openapi src=\"a.yaml\" path=\"/users\" method=\"get\" %}}\n```\n{}\n```\n{{% endopenapi %}}\n",
        list()
    );
    assert_eq!(operations(&text), ["user#list"]);
}

#[test]
fn damage_from_copying_a_block_is_reported() {
    let document = list().to_string();
    insta::assert_snapshot!(refused(&format!("```json\n{}\n```\n", document.replace('"', "&quot;"))), @r"
    error: this is not valid JSON: key must be a string
      --> users.md:2:2
      = note: HTML entities such as `&quot;` stand in place of characters
      = help: give the Markdown of the page as the vendor publishes it, not what a browser or an editor made of it
    ");
    assert!(
        refused(&format!(
            "```json\n{}\n```\n",
            document.replacen('"', "“", 2)
        ))
        .contains("smart quotes")
    );
}

#[test]
fn a_page_in_html_is_refused_as_html() {
    for text in [
        "<!DOCTYPE html>\n<html></html>",
        "\n <html lang=\"en\">",
        "<div>\n<pre>{}</pre></div>",
    ] {
        let error = specmill_docs::Page::new("users.html", text.into()).unwrap_err();
        assert_eq!(error.message(), "the page is HTML, not Markdown");
    }
}

#[test]
fn an_unclosed_block_is_refused_in_any_language() {
    insta::assert_snapshot!(refused(&format!("# Users\n\n```json\n{}\n", list())), @r"
    error: the code block that begins here is never closed
      --> users.md:3
      = help: give the whole page; its end seems to be missing
    ");
    let swallowed = format!("```json\n{}\n```\n\n```bash\ncurl\n\n", list());
    assert!(refused(&swallowed).contains("users.md:5"));
}

#[test]
fn a_document_contains_exactly_one_operation() {
    let mut two = list();
    two["paths"]["/users"]["post"] = json!({"operationId": "user#create", "responses": {}});
    insta::assert_snapshot!(refused(&page(&[two])), @r"
    error: the document holds 2 operations
      --> users.md:8
      = note: in the document that begins here, at #/paths
      = help: a published document holds exactly one; `cargo xtask new` takes whole documents
    ");
    let none = json!({"openapi": "3.0.3", "paths": {}});
    assert!(refused(&page(&[none])).contains("the document holds 0 operations"));
}

#[test]
fn an_operation_without_an_operation_id_is_refused() {
    let mut unnamed = list();
    unnamed["paths"]["/users"]["get"]
        .as_object_mut()
        .unwrap()
        .remove("operationId");
    insta::assert_snapshot!(refused(&page(&[unnamed])), @r"
    error: the operation has no operationId
      --> users.md:8
      = note: in the document that begins here, at #/paths/~1users/get
      = help: its name is needed to name its file and its function
    ");
}

#[test]
fn a_dangling_reference_is_refused() {
    let mut document = list();
    document["paths"]["/users"]["get"]["responses"]["204"] =
        json!({"$ref": "#/components/responses/Gone"});
    insta::assert_snapshot!(refused(&page(&[document])), @r"
    error: the reference `#/components/responses/Gone` has no target
      --> users.md:8
      = note: in the document that begins here, at #/paths/~1users/get/responses/204/$ref
      = help: correct the reference, or add its target
    ");
}

#[test]
fn a_page_that_is_not_utf_8_is_refused_with_its_line() {
    let error = specmill_docs::Page::new("users.md", b"# Users\n\n\xff".to_vec()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "error: the page is not UTF-8\n  --> users.md:3\n  = help: save the page as UTF-8 text"
    );
}

#[test]
fn a_page_beyond_the_limit_is_refused() {
    let bytes = vec![b' '; specmill_docs::LARGEST_PAGE + 1];
    let error = specmill_docs::Page::new("users.md", bytes).unwrap_err();
    assert!(
        error
            .message()
            .starts_with("the page has more than 33554432 bytes"),
        "{error}"
    );
}

#[test]
fn a_page_name_must_be_printable() {
    for name in [
        "",
        " ",
        "a\nb",
        "a\u{202e}b",
        "a\u{1b}[31m",
        &"a".repeat(501),
    ] {
        let error = specmill_docs::Page::new(name, Vec::new()).unwrap_err();
        assert!(error.message().ends_with("cannot name a page"), "{error}");
    }
}
