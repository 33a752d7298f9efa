//! The effect of changes on code that uses a crate generated from the document.

use apidrift::{Semver, Verdict};

use crate::support::{only, report, request, response};

fn object(properties: &str, required: &str) -> String {
    format!("{{type: object, required: [{required}], properties: {{{properties}}}}}")
}

#[track_caller]
fn verdicts(old: &str, new: &str, wire: Verdict, rust: Verdict, semver: Semver) {
    let found = report(old, new);
    let change = only(&found);
    assert_eq!(
        (change.wire, change.rust, found.semver),
        (wire, rust, semver),
        "{}",
        change.rule.id()
    );
}

#[test]
fn a_renamed_operation_breaks_rust_and_not_the_wire() {
    let old = response("{}");
    verdicts(
        &old,
        &old.replace("getA", "readA"),
        Verdict::Compatible,
        Verdict::Breaking,
        Semver::Major,
    );
}

#[test]
fn an_operation_renamed_to_the_same_method_breaks_nothing() {
    let old = response("{}");
    verdicts(
        &old,
        &old.replace("getA", "get_a"),
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Patch,
    );
}

#[test]
fn a_new_enum_value_in_a_response_is_compatible_because_enums_are_open() {
    let (old, new) = (response("{enum: [a]}"), response("{enum: [a, b]}"));
    verdicts(
        &old,
        &new,
        Verdict::Warning,
        Verdict::Compatible,
        Semver::Minor,
    );
}

#[test]
fn a_removed_enum_value_in_a_response_breaks_rust_only() {
    let (old, new) = (response("{enum: [a, b]}"), response("{enum: [a]}"));
    verdicts(
        &old,
        &new,
        Verdict::Compatible,
        Verdict::Breaking,
        Semver::Major,
    );
}

#[test]
fn a_new_optional_field_is_compatible_and_minor() {
    let (old, new) = (object("", ""), object("a: {type: string}", ""));
    verdicts(
        &response(&old),
        &response(&new),
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Minor,
    );
    verdicts(
        &request(&old),
        &request(&new),
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Minor,
    );
}

#[test]
fn a_response_field_that_becomes_required_is_no_longer_an_option() {
    let (old, new) = (
        object("a: {type: string}", ""),
        object("a: {type: string}", "a"),
    );
    verdicts(
        &response(&old),
        &response(&new),
        Verdict::Compatible,
        Verdict::Breaking,
        Semver::Major,
    );
}

#[test]
fn a_field_that_is_an_option_either_way_changes_nothing_in_rust() {
    let (old, new) = (
        object("a: {type: string}", ""),
        object("a: {type: [string, 'null']}", ""),
    );
    verdicts(
        &response(&old),
        &response(&new),
        Verdict::Breaking,
        Verdict::Compatible,
        Semver::Patch,
    );
}

#[test]
fn a_new_required_field_of_a_request_fails_builders() {
    let (old, new) = (object("", ""), object("a: {type: string}", "a"));
    verdicts(
        &request(&old),
        &request(&new),
        Verdict::Breaking,
        Verdict::Breaking,
        Semver::Major,
    );
}

#[test]
fn a_changed_error_response_does_not_change_the_error_type() {
    let old = response("{}");
    let new = old.replace(
        "responses:\n",
        "responses:\n        '409': {description: d}\n",
    );
    verdicts(
        &old,
        &new,
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Patch,
    );
}

#[test]
fn no_change_needs_no_version_step() {
    let found = report(&response("{}"), &response("{description: d}"));
    assert_eq!(found.semver, Semver::None);
}

/// A response with these headers.
fn headers(headers: &str) -> String {
    response("{}").replace(
        "content:",
        &format!("headers: {{{headers}}}\n          content:"),
    )
}

#[test]
fn a_changed_header_type_changes_the_result_of_its_method() {
    let header = |kind: &str| headers(&format!("X-Limit: {{schema: {{type: {kind}}}}}"));
    let rust = |new: &str| only(&report(&header("integer"), &header(new))).rust;
    assert_eq!(rust("array"), Verdict::Breaking);
    assert_eq!(rust("number"), Verdict::Breaking);
    assert_eq!(rust("integer, format: int32"), Verdict::Compatible);
    // Both are parsed as strings.
    let found = report(&header("string"), &header("object"));
    assert_eq!(only(&found).rust, Verdict::Compatible);
}

#[test]
fn a_header_of_a_response_has_a_method() {
    let (without, with) = (
        headers("X-A: {schema: {type: string}}"),
        headers("X-A: {schema: {type: string}}, X-B: {schema: {type: string}}"),
    );
    verdicts(
        &without,
        &with,
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Minor,
    );
    verdicts(
        &with,
        &without,
        Verdict::Warning,
        Verdict::Breaking,
        Semver::Major,
    );
}

#[test]
fn a_format_changes_no_type() {
    let (old, new) = (
        response("{type: string}"),
        response("{type: string, format: date-time}"),
    );
    verdicts(
        &old,
        &new,
        Verdict::Compatible,
        Verdict::Compatible,
        Semver::Patch,
    );
    let (old, new) = (
        response("{type: integer}"),
        response("{type: integer, format: uint64}"),
    );
    assert_eq!(only(&report(&old, &new)).rust, Verdict::Breaking);
}

#[test]
fn another_success_status_breaks_rust_if_its_type_differs() {
    let old = response("{type: string}");
    let with = |content: &str| {
        let more = format!("responses:\n        '201': {{description: d{content}}}\n");
        old.replace("responses:\n", &more)
    };
    let rust = |new: &str| only(&report(&old, new)).rust;
    assert_eq!(rust(&with("")), Verdict::Breaking);
    let same = ", content: {application/json: {schema: {type: string}}}";
    assert_eq!(rust(&with(same)), Verdict::Compatible);
}

#[test]
fn path_parameters_in_another_order_are_arguments_in_another_order() {
    let path = |path: &str| {
        format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{'{path}': {{get: {{operationId: a, \
             parameters: [{{name: a, in: path, required: true, schema: {{type: string}}}}, \
             {{name: b, in: path, required: true, schema: {{type: string}}}}], \
             responses: {{'204': {{description: d}}}}}}}}}}}}"
        )
    };
    let rust = |new: &str| {
        let found = report(&path("/{a}/x/{b}"), &path(new));
        let moved = found
            .changes
            .iter()
            .find(|change| change.rule.id() == "endpoint-moved");
        moved.unwrap().rust
    };
    assert_eq!(rust("/y/{b}/x/{a}"), Verdict::Breaking);
    assert_eq!(rust("/y/{a}/x/{b}"), Verdict::Compatible);
}
