//! Whether existing callers are still authorized.

use crate::support::{report, wire};

fn document(security: &str, schemes: &str) -> String {
    format!(
        "openapi: 3.1.0\npaths:\n  /a:\n    get: {{operationId: a, {security}responses: {{}}}}\ncomponents: {{securitySchemes: {schemes}}}\n"
    )
}

const SCHEMES: &str = "{key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}, auth: {type: oauth2, flows: {}}}";

#[track_caller]
fn found(old: &str, new: &str) -> Vec<String> {
    wire(&report(&document(old, SCHEMES), &document(new, SCHEMES)))
}

#[test]
fn alternatives_may_be_in_any_order() {
    let alternatives = "security: [{auth: [read]}, {auth: [admin]}, {key: []}], ";
    let reordered = "security: [{key: []}, {auth: [admin]}, {auth: [read]}], ";
    assert_eq!(found(alternatives, reordered), [""; 0]);
}

#[test]
fn a_newly_required_credential_is_breaking() {
    assert_eq!(
        found("", "security: [{key: []}], "),
        ["api-security-added: breaking"]
    );
    assert_eq!(
        found("security: [{key: []}, {}], ", "security: [{key: []}], "),
        ["api-security-added: breaking"]
    );
    assert_eq!(
        found("security: [{key: []}], ", "security: [{}, {key: []}], "),
        ["api-security-removed: compatible"]
    );
}

#[test]
fn a_replaced_scheme_is_breaking_and_a_removed_alternative_is_a_warning() {
    assert_eq!(
        found("security: [{key: []}], ", "security: [{token: []}], "),
        [
            "api-security-added: breaking",
            "api-security-removed: breaking"
        ]
    );
    assert_eq!(
        found(
            "security: [{key: []}, {token: []}], ",
            "security: [{token: []}], "
        ),
        ["api-security-removed: warning"]
    );
}

#[test]
fn an_additional_credential_is_breaking_and_a_removed_one_is_not() {
    let (one, both) = (
        "security: [{key: []}], ",
        "security: [{key: [], token: []}], ",
    );
    assert_eq!(
        found(one, both),
        [
            "api-security-added: breaking",
            "api-security-removed: breaking"
        ]
    );
    assert_eq!(
        found(both, one),
        [
            "api-security-added: compatible",
            "api-security-removed: compatible"
        ]
    );
}

#[test]
fn a_credential_in_another_location_is_breaking() {
    let schemes = |key: &str| {
        wire(&report(
            &document(
                "security: [{key: []}], ",
                "{key: {type: apiKey, in: header, name: X-Key}}",
            ),
            &document("security: [{key: []}], ", &format!("{{key: {key}}}")),
        ))
    };
    assert_eq!(
        schemes("{type: apiKey, in: header, name: X-Api-Key}"),
        ["api-security-component-changed: breaking"]
    );
    assert_eq!(
        schemes("{type: apiKey, in: query, name: X-Key}"),
        ["api-security-component-changed: breaking"]
    );
    assert_eq!(
        schemes("{type: http, scheme: basic}"),
        ["api-security-component-type-changed: breaking"]
    );
    assert_eq!(schemes("{type: apiKey, in: header, name: x-key}"), [""; 0]);
}

#[test]
fn a_renamed_scheme_is_the_same_scheme() {
    let named = |name: &str| {
        document(
            &format!("security: [{{{name}: []}}], "),
            &format!("{{{name}: {{type: http, scheme: bearer}}}}"),
        )
    };
    let found = wire(&report(&named("token"), &named("bearer")));
    assert_eq!(
        found,
        [
            "api-security-component-added: compatible",
            "api-security-component-removed: compatible"
        ]
    );
}
