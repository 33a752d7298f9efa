//! Branches of unions are paired by their distinguishing features.

use apidrift::Verdict;

use crate::support::{both_sides, only, report, request, response, wire};

#[track_caller]
fn verdicts(old: &str, new: &str, expected: [Verdict; 2]) {
    assert_eq!(
        both_sides(old, new).map(|side| side.1),
        expected,
        "{old} → {new}"
    );
}

fn form(kind: &str, rest: &str) -> String {
    format!("{{type: object, properties: {{kind: {{const: {kind}}}, {rest}}}}}")
}

#[test]
fn branches_are_paired_by_the_constant_that_distinguishes_them() {
    let old = format!(
        "{{oneOf: [{}, {}]}}",
        form("cat", "a: {type: string}, b: {type: string}"),
        form("dog", "a: {type: string}, b: {type: string}")
    );
    let new = format!(
        "{{oneOf: [{}, {}]}}",
        form(
            "dog",
            "a: {type: string}, b: {type: string}, c: {type: string}"
        ),
        form("cat", "a: {type: string}, b: {type: string}")
    );
    let found = report(&response(&old), &response(&new));
    let change = only(&found);
    assert_eq!(change.rule.id(), "response-optional-property-added");
    assert!(
        change
            .pointer
            .new
            .as_deref()
            .is_some_and(|at| at.contains("/oneOf/0/"))
    );
}

#[test]
fn a_branch_with_another_constant_is_another_branch() {
    let old = format!(
        "{{oneOf: [{}, {{type: string}}]}}",
        form("cat", "a: {type: string}")
    );
    let new = format!(
        "{{oneOf: [{}, {{type: string}}]}}",
        form("dog", "a: {type: string}")
    );
    assert_eq!(
        wire(&report(&request(&old), &request(&new))),
        [
            "request-body-one-of-added: compatible",
            "request-body-one-of-removed: breaking"
        ]
    );
}

#[test]
fn a_branch_is_recognised_by_the_discriminator_when_its_schema_is_renamed() {
    let document = |name: &str| {
        let pet = format!(
            "{{oneOf: [{{$ref: '#/components/schemas/{name}'}}, {{$ref: '#/components/schemas/Fish'}}], discriminator: {{propertyName: kind, mapping: {{bird: '#/components/schemas/{name}', fish: '#/components/schemas/Fish'}}}}}}"
        );
        format!(
            "{}components: {{schemas: {{{name}: {{type: object, properties: {{kind: {{type: string}}, wings: {{type: integer}}}}}}, Fish: {{type: object, properties: {{kind: {{type: string}}, fins: {{type: integer}}}}}}}}}}\n",
            response(&pet)
        )
    };
    let found = report(&document("Bird"), &document("Parrot"));
    assert!(
        found
            .changes
            .iter()
            .all(|change| change.wire == Verdict::Compatible),
        "{:?}",
        wire(&found)
    );
}

#[test]
fn a_union_of_one_branch_may_get_a_second_one() {
    let one = "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}]}";
    let two = "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: array, minItems: 1}]}";
    verdicts(one, two, [Verdict::Compatible, Verdict::Breaking]);
    verdicts(two, one, [Verdict::Breaking, Verdict::Compatible]);
}

#[test]
fn a_type_that_every_branch_has_distinguishes_nothing() {
    let forms = "oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]";
    let found = report(
        &request(&format!("{{{forms}}}")),
        &request(&format!("{{type: object, {forms}}}")),
    );
    assert_eq!(wire(&found), [""; 0]);
}

#[test]
fn a_type_of_a_union_may_narrow() {
    verdicts(
        "{anyOf: [{type: string}, {type: number}]}",
        "{anyOf: [{type: string}, {type: integer, format: int64}]}",
        [Verdict::Breaking, Verdict::Compatible],
    );
}

#[test]
fn branches_within_the_old_schema_are_compatible_in_responses() {
    verdicts(
        "{type: object}",
        "{oneOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, required: [b], properties: {b: {type: string}}}]}",
        [Verdict::Breaking, Verdict::Compatible],
    );
}

#[test]
fn keywords_beside_a_union_may_move_into_every_branch() {
    let schemas = "components: {schemas: {A: {type: object, properties: {a: {type: string}}}, B: {type: object, required: [b], properties: {b: {type: string}}}, C: {type: object, required: [c], properties: {c: {type: string}}}}}\n";
    let [a, b, c] = ["A", "B", "C"].map(|name| format!("{{$ref: '#/components/schemas/{name}'}}"));
    let beside = format!("{{allOf: [{a}, {{oneOf: [{b}, {c}]}}]}}");
    let inside = format!("{{oneOf: [{{allOf: [{a}, {b}]}}, {{allOf: [{a}, {c}]}}]}}");
    for (old, new) in [(&beside, &inside), (&inside, &beside)] {
        for message in [request, response] {
            let found = report(
                &format!("{}{schemas}", message(old)),
                &format!("{}{schemas}", message(new)),
            );
            assert_eq!(wire(&found), [""; 0], "{old} → {new}");
        }
    }
}

#[test]
fn a_schema_that_becomes_a_named_branch_is_kept() {
    let schemas = "components: {schemas: {A: {type: object, properties: {a: {type: string}}}, B: {type: object, properties: {b: {type: string}}}}}\n";
    let one = "{$ref: '#/components/schemas/A'}";
    let two = "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}";
    let found = report(
        &format!("{}{schemas}", request(one)),
        &format!("{}{schemas}", request(two)),
    );
    assert_eq!(only(&found).wire, Verdict::Compatible);
    let found = report(
        &format!("{}{schemas}", response(two)),
        &format!("{}{schemas}", response(one)),
    );
    assert_eq!(only(&found).wire, Verdict::Compatible);
}

#[test]
fn a_removed_branch_that_another_branch_includes_is_compatible() {
    let form = |kind: &str| format!("{{type: object, properties: {{l: {{type: {kind}}}}}}}");
    let old = format!("{{oneOf: [{}, {}]}}", form("string"), form("integer"));
    let new = format!("{{oneOf: [{}]}}", form("[string, integer]"));
    let wires: Vec<Verdict> = report(&request(&old), &request(&new))
        .changes
        .iter()
        .map(|change| change.wire)
        .collect();
    assert_eq!(wires, [Verdict::Compatible, Verdict::Compatible]);
}

#[test]
fn a_string_that_becomes_one_of_several_branches_may_be_nullable() {
    let old = "{type: string, nullable: true}";
    let new = "{nullable: true, oneOf: [{type: string}, {type: object, properties: {a: {}}}]}";
    let found = report(&request(old), &request(new));
    let change = only(&found);
    assert_eq!(
        (change.rule.id(), change.wire),
        ("request-body-type-generalized", Verdict::Compatible)
    );
}

#[test]
fn the_subtypes_of_a_discriminator_are_compared_without_a_union() {
    // Without a mapping, the name of a subtype is its value.
    for mapping in ["", ", mapping: {cat: Cat}"] {
        let (old, new) = ("lives: {type: integer}", "lives: {type: string}");
        let found = report(&with_subtype(mapping, old), &with_subtype(mapping, new));
        let change = only(&found);
        assert_eq!(change.rule.id(), "response-property-type-changed");
        assert_eq!(change.operations().len(), 1, "{mapping}");
    }
}

/// A response whose schema has a subtype.
fn with_subtype(mapping: &str, member: &str) -> String {
    format!(
        "{{openapi: 3.0.3, paths: {{/a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: \
             {{$ref: '#/components/schemas/Pet'}}}}}}}}}}}}}}}}, components: {{schemas: {{\
             Pet: {{type: object, discriminator: {{propertyName: kind{mapping}}}, properties: {{kind: {{type: string}}}}}},\
             Cat: {{allOf: [{{$ref: '#/components/schemas/Pet'}}, {{type: object, required: [lives], properties: {{{member}}}}}]}}}}}}}}"
    )
}

#[test]
fn a_nested_union_is_flattened() {
    let nested = format!(
        "{{oneOf: [{{oneOf: [{}, {}]}}, {{type: string}}]}}",
        form("cat", "a: {type: string}"),
        form("dog", "b: {type: string}")
    );
    let flat = format!(
        "{{oneOf: [{}, {{type: string}}, {}]}}",
        form("cat", "a: {type: string}"),
        form("dog", "b: {type: string}")
    );
    assert!(
        report(&request(&nested), &request(&flat))
            .changes
            .is_empty()
    );
    assert!(
        report(&response(&flat), &response(&nested))
            .changes
            .is_empty()
    );
}
