//! `cargo xtask draft`: what pages say becomes `OpenAPI`, what they do not say is marked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use std::path::Path;
use std::process::Command;

use scp_docs::draft::{Draft, draft};
use scp_docs::printed::Source;
use scp_docs::verify::{Spec, compare, read_pages};
use serde_json::{Value, json};
use specmill_normalize::{Input, Options, normalize};
use specmill_openapi::document::parse_yaml;

const LIST: &str = include_str!("printed-pages/list-members.txt");
const LIST_MARKDOWN: &str = include_str!("printed-pages/list-members.md");
const LIST_DAMAGED: &str = include_str!("printed-pages/list-members-damaged.md");
const CREATE: &str = include_str!("printed-pages/create-member.txt");
const CREATE_MARKDOWN: &str = include_str!("printed-pages/create-member.md");
const MODELS: &str = include_str!("printed-pages/models.txt");
const MODELS_MARKDOWN: &str = include_str!("printed-pages/models.md");
const SERVICE: &str = include_str!("printed-pages/service.txt");

fn drafted(pages: &[&str]) -> Draft {
    let sources: Vec<_> = pages
        .iter()
        .map(|page| Source::new("page.txt", page.as_bytes().to_vec()).unwrap())
        .collect();
    draft(&read_pages(&sources).unwrap())
}

/// The differences between a draft, read back from its YAML, and the pages that it was made of.
fn differences(pages: &[&str]) -> usize {
    let yaml = drafted(pages).to_yaml().unwrap();
    let options = Options::new("t");
    let document = parse_yaml(&yaml).unwrap();
    let input = Input::Document("spec.yaml".into(), document.clone());
    let normalised = normalize(&options, input, None).unwrap();
    let spec = Spec::new(
        options,
        normalised.document,
        Some(("spec.yaml".into(), document)),
    );
    let sources: Vec<_> = pages
        .iter()
        .map(|page| Source::new("page.txt", page.as_bytes().to_vec()).unwrap())
        .collect();
    compare(&spec, &read_pages(&sources).unwrap())
        .differences
        .len()
}

#[test]
fn a_draft_says_what_its_pages_say() {
    for pages in [
        &[LIST][..],
        &[LIST_MARKDOWN],
        &[LIST_DAMAGED],
        &[CREATE],
        &[CREATE_MARKDOWN],
        &[MODELS],
        &[SERVICE],
        &[LIST, CREATE, MODELS],
        &[MODELS_MARKDOWN, CREATE_MARKDOWN],
    ] {
        assert_eq!(differences(pages), 0);
        assert_eq!(drafted(pages).notes, [""; 0]);
    }
}

#[test]
fn parameters_are_drafted_with_all_that_the_page_tells() {
    let document = drafted(&[LIST]).document;
    let parameters = &document["paths"]["/v2/teams/{team_id}/members"]["get"]["parameters"];
    assert_eq!(
        parameters[2],
        json!({
            "name": "team_id", "in": "path", "required": true, "description": "Team",
            "schema": { "type": "string" }, "example": "tm-778"
        })
    );
    assert_eq!(
        parameters[3],
        json!({
            "name": "size", "in": "query", "description": "How many",
            "schema": { "type": ["integer", "null"], "default": 50 }, "example": 50
        })
    );
    assert_eq!(
        parameters[8]["schema"],
        json!({ "type": "boolean", "default": false })
    );
}

#[test]
fn versions_are_drafted_as_a_table_newest_first() {
    assert_eq!(
        drafted(&[LIST]).document["x-api-versions"],
        json!([
            { "version": "2.4", "state": "CURRENT" },
            { "version": "2.3", "state": "SUPPORTED", "not_before": "2027-12-31" },
            { "version": "2.2", "state": "SUPPORTED", "not_before": "2027-09-30" },
            { "version": "2.1", "state": "DEPRECATED", "not_before": "2027-04-15" },
            { "version": "2.0", "state": "DEPRECATED", "not_before": "2027-02-28" }
        ])
    );
}

#[test]
fn what_a_page_does_not_tell_is_marked_as_unknown() {
    let document = drafted(&[LIST_DAMAGED]).document;
    let operation = &document["paths"]["/v2/teams/{team_id}/members"]["get"];
    assert_eq!(
        operation["x-unknown"],
        json!(["security", "parameters", "requestBody", "responses"])
    );
    assert_eq!(operation["responses"], json!({}));
    let document = drafted(&[CREATE_MARKDOWN]).document;
    assert_eq!(
        document["x-api-versions"][0]["x-unknown"],
        json!(["state", "not_before"])
    );
    assert_eq!(
        document["components"]["schemas"]["Member"],
        json!({ "x-unknown": true })
    );
    let body = &document["paths"]["/v2/teams/{team_id}/members"]["post"]["requestBody"];
    assert_eq!(body["x-unknown"], json!(["content type"]));
}

#[test]
fn a_name_in_the_path_is_a_parameter_even_where_the_table_is_missing() {
    let document = drafted(&[SERVICE]).document;
    let parameters =
        &document["paths"]["/v2/teams/{team_id}/members/{member_id}"]["delete"]["parameters"];
    assert_eq!(parameters[1]["name"], "member_id");
    assert_eq!(parameters[1]["x-unknown"], json!(["schema", "default"]));
}

#[test]
fn model_pages_become_the_schemas_that_operations_refer_to() {
    let document = drafted(&[LIST, MODELS]).document;
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["MemberPage"]["required"],
        json!(["count", "page", "size", "members"])
    );
    assert_eq!(
        schemas["MemberPage"]["properties"]["members"]["items"]["$ref"],
        "#/components/schemas/Member"
    );
    assert_eq!(
        schemas["MemberRole"],
        json!({ "type": "string", "enum": ["OWNER", "GUEST"] })
    );
}

#[test]
fn a_version_of_another_shape_is_noted_and_the_newest_is_drafted() {
    // The last of the five versions.
    let at = LIST.rfind("stringNone\nquerysize").unwrap();
    let older = format!(
        "{}integerNone{}",
        &LIST[..at],
        &LIST[at + "stringNone".len()..]
    );
    let draft = drafted(&[&older]);
    let parameters = &draft.document["paths"]["/v2/teams/{team_id}/members"]["get"]["parameters"];
    assert_eq!(parameters[2]["schema"]["type"], "string");
    assert_eq!(draft.notes.len(), 1);
    assert!(
        draft.notes[0].contains("(2.0), path parameter `team_id`: type: the page says integer"),
        "{:?}",
        draft.notes
    );
}

#[test]
fn a_planned_version_gives_way_to_one_that_can_be_called() {
    let planned = LIST
        .replacen("State ACTIVE (CURRENT)", "State ACTIVE (PLANNED)", 1)
        .replacen("Team\n", "Crew\n", 1);
    let document = drafted(&[&planned]).document;
    let parameters = &document["paths"]["/v2/teams/{team_id}/members"]["get"]["parameters"];
    assert_eq!(parameters[2]["description"], "Team");
}

#[test]
fn the_sample_secrets_of_a_page_are_in_no_draft() {
    let yaml = drafted(&[LIST, CREATE]).to_yaml().unwrap();
    for secret in ["an-access-key", "a+signature="] {
        assert!(!yaml.contains(secret));
    }
}

#[test]
fn texts_that_yaml_could_read_otherwise_survive() {
    for odd in [
        "yes",
        "1e3",
        "0x10",
        "null",
        "~",
        "2026-01-01",
        "a: b",
        "# x",
        "- x",
        "'q'",
        "\"d\"",
        "{x",
        "1_000",
    ] {
        let page = LIST.replace("Example : tm-778", &format!("Example : {odd}"));
        let yaml = drafted(&[&page]).to_yaml().unwrap();
        let document: Value = parse_yaml(&yaml).unwrap();
        let parameter = &document["paths"]["/v2/teams/{team_id}/members"]["get"]["parameters"][2];
        assert_eq!(parameter["example"], odd);
    }
}

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_scp-docs"))
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn a_draft_put_into_a_new_api_passes_verify_on_the_same_page() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("specs/fresh");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    std::fs::write(root.path().join("page.txt"), LIST).unwrap();
    let settings =
        "title = \"Fresh\"\nmodule = \"fresh\"\nfeature = \"fresh\"\nenvironment = \"FRESH\"\n";
    std::fs::write(folder.join("api.toml"), settings).unwrap();
    let (code, yaml) = run(root.path(), &["draft", "page.txt"]);
    assert_eq!(code, Some(0));
    std::fs::write(folder.join("spec.yaml"), yaml).unwrap();
    let (code, text) = run(root.path(), &["verify", "--api", "fresh", "page.txt"]);
    assert_eq!(code, Some(0), "{text}");
    let (code, _) = run(root.path(), &["draft", "no-such-page.txt"]);
    assert_eq!(code, Some(2));
}
