use apidrift::Verdict::{self, Breaking, Compatible, Warning};

use crate::support::{both_sides, only, report, request, response, wire};

#[track_caller]
fn finds(old: &str, new: &str, request: (&str, Verdict), response: (&str, Verdict)) {
    let found = both_sides(old, new);
    let expected = [request, response].map(|(rule, verdict)| (rule.to_owned(), verdict));
    assert_eq!(found, expected, "{old} → {new}");
}

#[test]
fn a_lower_maximum_breaks_requests_only() {
    finds(
        "{type: integer, maximum: 20}",
        "{type: integer, maximum: 10}",
        ("request-body-max-decreased", Breaking),
        ("response-body-max-decreased", Compatible),
    );
}

#[test]
fn a_limit_that_was_not_written_before_is_a_warning_for_requests() {
    finds(
        "{type: string}",
        "{type: string, maxLength: 10}",
        ("request-body-max-length-set", Warning),
        ("response-body-max-length-set", Compatible),
    );
}

#[test]
fn an_exclusive_limit_is_tighter_than_an_inclusive_one() {
    finds(
        "{type: integer, minimum: 1}",
        "{type: integer, exclusiveMinimum: 1}",
        ("request-body-exclusive-min-increased", Breaking),
        ("response-body-exclusive-min-increased", Compatible),
    );
}

#[test]
fn a_wider_number_breaks_responses_only() {
    finds(
        "{type: integer}",
        "{type: number}",
        ("request-body-type-generalized", Compatible),
        ("response-body-type-generalized", Breaking),
    );
}

#[test]
fn a_new_value_of_an_enum_is_a_warning_in_responses() {
    finds(
        "{type: object, properties: {a: {enum: [x]}}}",
        "{type: object, properties: {a: {enum: [x, y]}}}",
        ("request-property-enum-value-added", Compatible),
        ("response-property-enum-value-added", Warning),
    );
}

#[test]
fn a_removed_value_of_an_enum_breaks_requests() {
    finds(
        "{type: object, properties: {a: {enum: [x, y]}}}",
        "{type: object, properties: {a: {enum: [x]}}}",
        ("request-property-enum-value-removed", Breaking),
        ("response-property-enum-value-removed", Compatible),
    );
}

#[test]
fn a_property_that_becomes_required_breaks_requests() {
    finds(
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, required: [a], properties: {a: {type: string}}}",
        ("request-property-became-required", Breaking),
        ("response-property-became-required", Compatible),
    );
}

#[test]
fn a_removed_property_is_breaking_if_additional_ones_are_forbidden() {
    let open = report(
        &request("{type: object, properties: {a: {type: string}}}"),
        &request("{type: object, properties: {}}"),
    );
    assert_eq!(wire(&open), ["request-property-removed: warning"]);
    let closed = report(
        &request("{type: object, additionalProperties: false, properties: {a: {type: string}}}"),
        &request("{type: object, additionalProperties: false, properties: {}}"),
    );
    assert_eq!(wire(&closed), ["request-property-removed: breaking"]);
}

#[test]
fn a_read_only_property_breaks_no_request() {
    let old = request("{type: object, properties: {a: {type: string, readOnly: true}}}");
    let new =
        request("{type: object, required: [a], properties: {a: {type: integer, readOnly: true}}}");
    for change in &report(&old, &new).changes {
        assert_eq!(change.wire, Compatible, "{}", change.rule.id());
    }
}

#[test]
fn a_new_tuple_position_widens_a_closed_tuple() {
    let tuple =
        |items: &str, rest: &str| format!("{{type: array, prefixItems: [{items}], items: {rest}}}");
    let (one, two) = ("{type: string}", "{type: string}, {type: integer}");
    let wire_of = |rest: &str| {
        only(&report(
            &request(&tuple(one, rest)),
            &request(&tuple(two, rest)),
        ))
        .wire
    };
    assert_eq!(wire_of("false"), Compatible);
    assert_eq!(wire_of("true"), Breaking);
}

#[test]
fn overlapping_branches_accept_as_much_as_one() {
    let object = "{type: object, required: [a], properties: {a: {type: string}}}";
    let other = "{type: object, properties: {b: {type: string}}}";
    let wrapped =
        |keyword: &str, other: &str| request(&format!("{{{keyword}: [{object}, {other}]}}"));
    let verdict = |new: &str| only(&report(&request(object), new)).wire;
    assert_eq!(verdict(&wrapped("oneOf", other)), Breaking);
    assert_eq!(verdict(&wrapped("anyOf", other)), Compatible);
    assert_eq!(
        verdict(&wrapped("oneOf", "{type: array, items: {type: string}}")),
        Compatible
    );
}

#[test]
fn a_number_may_become_a_string_if_all_values_are_sent_as_strings() {
    let form = |kind: &str| {
        request(&format!(
            "{{type: object, properties: {{a: {{type: {kind}}}}}}}"
        ))
        .replace("application/json", "text/xml")
    };
    assert_eq!(
        wire(&report(&form("number"), &form("string"))),
        ["request-property-type-compatible: compatible"]
    );
}

#[test]
fn a_negated_schema_is_only_reported_as_changed() {
    let old = request("{not: {type: string}}");
    let new = request("{not: {type: string, maxLength: 3}}");
    assert_eq!(
        wire(&report(&old, &new)),
        ["request-body-not-changed: unknown"]
    );
}

#[test]
fn an_unknown_keyword_is_reported_as_not_comparable_at_its_location() {
    let found = report(
        &response("{type: string, madeUp: 1}"),
        &response("{type: string, madeUp: 2}"),
    );
    let change = only(&found);
    assert_eq!(change.rule.id(), "response-body-not-comparable");
    assert_eq!(change.wire, Verdict::Unknown);
    assert!(
        change
            .pointer
            .new
            .as_deref()
            .unwrap()
            .ends_with("/schema/madeUp")
    );
}

#[test]
fn a_reference_to_another_file_is_not_comparable_whether_it_changed_or_not() {
    let file = |name: &str| request(&format!("{{$ref: '{name}#/A'}}"));
    for other in ["a.yaml", "b.yaml"] {
        assert_eq!(
            wire(&report(&file("a.yaml"), &file(other))),
            ["request-body-not-comparable: unknown"]
        );
    }
}
