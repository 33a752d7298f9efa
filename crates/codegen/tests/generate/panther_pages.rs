//! Pages in the published form become a readable client.

use crate::project::compiled;

fn file(name: &str) -> String {
    compiled().project.read(&format!("crates/pages/{name}"))
}

#[test]
fn every_behaviour_of_the_client_that_is_tested_by_hand_holds() {
    let by_hand = compiled()
        .tests
        .iter()
        .filter(|(name, _)| name.starts_with("by_hand_"));
    let by_hand: Vec<_> = by_hand.collect();
    assert!(by_hand.len() > 15, "{}", compiled().output);
    for (name, passed) in by_hand {
        assert!(passed, "{name}\n{}", compiled().output);
    }
}

#[test]
fn each_tag_has_its_file_whatever_blanks_slashes_and_capitals_it_has() {
    for (tag, methods) in [
        (
            "rule",
            &[
                "rule_list",
                "rule_create",
                "rule_get",
                "rule_put",
                "rule_delete",
            ][..],
        ),
        (
            "api_token",
            &[
                "api_token_list",
                "api_token_create",
                "api_token_rotate",
                "api_token_disable",
            ],
        ),
        (
            "pub_sub_source",
            &["pub_sub_source_list", "pub_sub_source_put"],
        ),
        ("contexttag", &["contexttag_bulk_update"]),
    ] {
        let text = file(&format!("src/operations/{tag}.rs"));
        for method in methods {
            assert!(
                text.contains(&format!("    fn {method} -> ")),
                "{tag} {method}"
            );
        }
    }
}

#[test]
fn one_short_name_in_two_services_is_two_types() {
    assert!(file("src/types/api_token.rs").contains("pub struct ApiTokenListResp"));
    assert!(file("src/types/pub_sub_source.rs").contains("pub struct PubSubListResp"));
    assert!(file("src/types/api_token.rs").contains("pub struct ApiTokenRole"));
    assert!(file("src/types/pub_sub_source.rs").contains("pub struct PubSubRole"));
}

#[test]
fn a_list_pages_only_where_it_takes_a_cursor() {
    assert!(file("src/operations/rule.rs").contains("paging Cursor of types::RuleListResp {"));
    assert!(file("src/operations/pub_sub_source.rs").contains("paging Cursor of "));
    assert!(!file("src/operations/api_token.rs").contains("paging Cursor"));
    assert!(!file("src/operations/role.rs").contains("paging Cursor"));
}

#[test]
fn an_overlay_fixes_an_enum_on_the_wrong_property() {
    let text = file("src/types/api_token.rs");
    assert!(text.contains("pub struct ApiTokenCreatedBy"));
    assert!(!text.contains("pub enum ApiTokenCreatedById"), "{text}");
}

#[test]
fn error_schemas_of_one_shape_are_one_and_others_stay() {
    assert!(file("src/types/error.rs").contains("pub struct Error {"));
    assert!(file("src/types/rule.rs").contains("pub struct RuleBadRequestTestsError"));
    assert!(!file("src/types/rule.rs").contains("pub struct RuleNotFoundError"));
    assert!(file("src/types/pub_sub_source.rs").contains("pub struct PubSubTimeout"));
}

#[test]
fn the_successes_of_an_operation_are_listed_if_the_status_distinguishes_them() {
    let text = file("src/operations/rule.rs");
    assert!(
        text.contains("The status distinguishes the successes:"),
        "{text}"
    );
}

#[test]
fn no_operation_of_the_pages_is_skipped_and_no_schema_falls_back() {
    let report = compiled()
        .reports
        .iter()
        .find(|report| report.name == "pages")
        .unwrap();
    assert!(report.skipped.is_empty(), "{:?}", report.skipped);
    assert_eq!(report.fallbacks, []);
}
