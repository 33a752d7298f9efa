//! Verdicts that depend on more than the changed keyword.

use apidrift::Verdict;

use crate::support::{both_sides, only, report, request, response, wire};

fn schemas(message: &str, schemas: &str) -> String {
    format!("{message}components: {{schemas: {schemas}}}\n")
}

#[track_caller]
fn no_break(old: &str, new: &str) {
    let found = report(old, new);
    let worst = found.changes.iter().map(|change| change.wire).max();
    assert!(worst <= Some(Verdict::Compatible), "{:?}", wire(&found));
}

#[test]
fn an_enum_within_the_removed_limits_breaks_no_response() {
    no_break(
        &response("{type: integer, format: uint64, minimum: 0, maximum: 4096}"),
        &response("{type: integer, enum: [512, 2048]}"),
    );
    no_break(
        &response("{type: string, maxLength: 3}"),
        &response("{type: string, enum: [abc, d]}"),
    );
}

#[test]
fn an_enumerated_value_beyond_the_old_limits_is_reported() {
    let found = report(
        &response("{type: integer, maximum: 100}"),
        &response("{type: integer, enum: [512]}"),
    );
    assert_eq!(wire(&found), ["response-body-became-enum: breaking"]);
}

#[test]
fn a_schema_without_a_type_accepts_null() {
    no_break(
        &request("{type: [object, 'null'], properties: {n: {type: string}}}"),
        &request("{properties: {n: {type: string}}}"),
    );
}

#[test]
fn a_required_property_that_is_no_longer_read_only_must_be_sent() {
    let schema = |rest: &str| {
        request(&format!(
            "{{type: object, required: [id], properties: {{id: {{type: string{rest}}}}}}}"
        ))
    };
    let found = report(&schema(", readOnly: true"), &schema(""));
    assert_eq!(
        wire(&found),
        ["request-required-property-became-not-read-only: breaking"]
    );
    no_break(
        &schema(", readOnly: true, default: a"),
        &schema(", default: a"),
    );
}

#[test]
fn a_change_of_one_side_only_is_reported_once() {
    let message = |properties: &str| {
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{post: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}, responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{A: {{type: object, properties: {{{properties}}}}}}}}}\n"
        )
    };
    let found = report(
        &message("p: {type: string, writeOnly: true}, n: {type: string}"),
        &message("n: {type: string}"),
    );
    assert_eq!(only(&found).wire, Verdict::Warning);
}

#[test]
fn the_encoding_of_a_new_property_is_not_reported_separately() {
    let form = |properties: &str, encoding: &str| {
        format!(
            "openapi: 3.0.3\npaths: {{/a: {{post: {{requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{type: object, properties: {{{properties}}}}}, encoding: {{{encoding}}}}}}}}}, responses: {{}}}}}}}}\n"
        )
    };
    let old = form("a: {type: object}", "a: {style: deepObject}");
    let new = form(
        "a: {type: object}, b: {type: object}",
        "a: {style: deepObject}, b: {style: deepObject}",
    );
    assert_eq!(
        only(&report(&old, &new)).rule.id(),
        "new-optional-request-property"
    );
    let changed = form("a: {type: object}", "a: {style: form}");
    assert_eq!(
        only(&report(&old, &changed)).rule.id(),
        "request-body-encoding-changed"
    );
}

#[test]
fn a_discriminator_value_that_selects_another_branch_is_reported() {
    let document = |cat: &str| {
        schemas(
            &response("{$ref: '#/components/schemas/Pet'}"),
            &format!(
                "{{Cat: {{type: object, properties: {{claws: {{type: integer}}}}}}, Dog: {{type: object, properties: {{barks: {{type: boolean}}}}}}, Pet: {{oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Dog'}}], discriminator: {{propertyName: kind, mapping: {{cat: {cat}, dog: Dog}}}}}}}}"
            ),
        )
    };
    let found = report(&document("Cat"), &document("Dog"));
    assert_eq!(only(&found).wire, Verdict::Breaking);
}

#[test]
fn a_reference_to_another_document_is_always_reported() {
    let messages = [
        request("{$ref: './schemas/thing.yaml'}"),
        response("{type: array, items: {$ref: 'thing.json#/A'}}"),
        "openapi: 3.0.3\npaths: {/a: {get: {parameters: [{$ref: 'p.yaml#/P'}], responses: {}}}}\n"
            .to_owned(),
        "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {$ref: 'r.yaml#/R'}}}}}\n"
            .to_owned(),
        "openapi: 3.0.3\npaths: {/a: {get: {responses: {'200': {headers: {X-A: {$ref: 'h.yaml#/H'}}}}}}}\n"
            .to_owned(),
        "openapi: 3.0.3\npaths: {/a: {post: {requestBody: {$ref: 'b.yaml#/B'}, responses: {}}}}\n"
            .to_owned(),
        "openapi: 3.0.3\npaths: {/a: {$ref: 'paths.yaml#/a'}}\n".to_owned(),
    ];
    for message in messages {
        for other in [message.clone(), format!("{message}x-made: 1\n")] {
            let found = report(&message, &other);
            assert_eq!(only(&found).wire, Verdict::Unknown, "{message}");
        }
    }
}

#[test]
fn numbers_of_any_size_and_merge_keys_are_read() {
    let old = request(
        "{type: object, properties: {seed: {type: integer, minimum: -9223372036854776000, maximum: 18446744073709551616}}}",
    );
    let new = request(
        "{type: object, properties: {seed: {type: integer, minimum: -9223372036854776000, maximum: 99999999999999999999999999}}}",
    );
    assert_eq!(
        wire(&report(&old, &new)),
        ["request-property-max-increased: compatible"]
    );
    let merged = "openapi: 3.0.3\nx-base: &base {type: string, maxLength: 5}\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {<<: *base, maxLength: 9}}}}, responses: {}}}}\n";
    let plain = "openapi: 3.0.3\npaths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: string, maxLength: 9}}}}, responses: {}}}}\n";
    assert_eq!(wire(&report(merged, plain)), [""; 0]);
}

#[test]
fn a_required_scheme_may_become_one_of_several_alternatives() {
    let properties = "type: object, properties: {a: {type: string}, b: {type: string}}";
    let old = format!("{{{properties}, required: [a]}}");
    let new = format!("{{{properties}, anyOf: [{{required: [a]}}, {{required: [b]}}]}}");
    no_break(&request(&old), &request(&new));
    let other = format!("{{{properties}, anyOf: [{{required: [b]}}, {{required: [c]}}]}}");
    assert!(
        report(&request(&old), &request(&other))
            .changes
            .iter()
            .any(|change| change.wire == Verdict::Breaking)
    );
    let exclusive = format!("{{{properties}, oneOf: [{{required: [a]}}, {{required: [b]}}]}}");
    assert!(
        report(&request(&old), &request(&exclusive))
            .changes
            .iter()
            .any(|change| change.wire == Verdict::Breaking),
        "who sent both is refused"
    );
}

fn served(server: &str, paths: &[&str]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| {
            format!("'{path}': {{get: {{operationId: 'get{path}', responses: {{'200': {{description: d}}}}}}}}")
        })
        .collect();
    format!(
        "openapi: 3.0.3\nservers: [{{url: '{server}'}}]\npaths: {{{}}}\n",
        paths.join(", ")
    )
}

#[test]
fn a_part_of_all_urls_may_move_between_servers_and_paths() {
    let in_paths = served("https://a.test", &["/v1/pets", "/v1/pets/{id}"]);
    let in_server = served("https://a.test/v1/", &["/pets", "/pets/{pet}"]);
    no_break(&in_paths, &in_server);
    no_break(&in_server, &in_paths);
}

#[test]
fn a_prefix_with_another_target_is_not_a_move() {
    let old = served("https://a.test", &["/v1/pets"]);
    for (server, path) in [
        ("https://a.test/v2", "/pets"),
        ("https://b.test/v1", "/pets"),
    ] {
        let found = report(&old, &served(server, &[path]));
        assert!(
            found
                .changes
                .iter()
                .any(|change| change.wire == Verdict::Breaking),
            "{server}"
        );
    }
}

#[test]
fn a_format_that_accepts_all_previous_values_is_compatible() {
    no_break(
        &request("{type: integer, minimum: 1, maximum: 100}"),
        &request("{type: integer, format: int32, minimum: 1, maximum: 100}"),
    );
    no_break(
        &request("{type: integer}"),
        &request("{type: integer, format: int64}"),
    );
    no_break(
        &response("{type: integer, format: int64, minimum: 0, maximum: 9}"),
        &response("{type: integer, format: uint8, minimum: 0, maximum: 9}"),
    );
    let found = report(
        &request("{type: integer, maximum: 3000000000}"),
        &request("{type: integer, format: int32, maximum: 3000000000}"),
    );
    assert_eq!(only(&found).wire, Verdict::Breaking);
}

#[test]
fn integers_above_zero_are_those_from_one() {
    let (old, new) = (
        "{type: integer, minimum: 1}",
        "{type: integer, exclusiveMinimum: 0}",
    );
    assert!(report(&request(old), &request(new)).changes.is_empty());
    assert!(report(&response(new), &response(old)).changes.is_empty());
}

#[test]
fn every_multiple_of_four_is_one_of_two() {
    let (old, new) = (
        "{type: integer, multipleOf: 4}",
        "{type: integer, multipleOf: 2}",
    );
    let verdicts = |old, new| both_sides(old, new).map(|side| side.1);
    assert_eq!(verdicts(old, new), [Verdict::Compatible, Verdict::Breaking]);
    assert_eq!(verdicts(new, old), [Verdict::Breaking, Verdict::Compatible]);
    let one = "{type: integer, multipleOf: 1}";
    assert!(
        report(&request("{type: integer}"), &request(one))
            .changes
            .is_empty()
    );
}
