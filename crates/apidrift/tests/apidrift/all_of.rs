//! `allOf` is merged before anything is compared.

use apidrift::Verdict;

use crate::support::{only, report, request, response, wire};

fn with_schemas(message: &str, schemas: &str) -> String {
    format!("{message}components: {{schemas: {schemas}}}\n")
}

#[track_caller]
fn same(old: &str, new: &str) {
    for (old, new) in [(old, new), (new, old)] {
        let found = report(old, new);
        assert_eq!(wire(&found), Vec::<String>::new(), "{old} → {new}");
    }
}

const CHILD: &str = "{$ref: '#/components/schemas/Child'}";

#[test]
fn a_property_may_move_between_a_schema_and_the_one_it_extends() {
    let old = "{Child: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {b: {type: string}, c: {type: string}}}]}, Base: {type: object, properties: {a: {type: string}}}}";
    let new = "{Child: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {c: {type: string}}}]}, Base: {type: object, properties: {a: {type: string}, b: {type: string}}}}";
    for message in [request(CHILD), response(CHILD)] {
        same(&with_schemas(&message, old), &with_schemas(&message, new));
    }
}

#[test]
fn a_property_of_a_schema_that_is_no_longer_extended_is_reported_as_removed() {
    let schemas = |child| {
        format!(
            "{{Child: {child}, Base: {{type: object, properties: {{a: {{type: string}}}}}}, Other: {{type: object, properties: {{b: {{type: string}}}}}}}}"
        )
    };
    let old = schemas(
        "{allOf: [{$ref: '#/components/schemas/Base'}, {$ref: '#/components/schemas/Other'}]}",
    );
    let new = schemas("{allOf: [{$ref: '#/components/schemas/Base'}]}");
    let found = report(
        &with_schemas(&request(CHILD), &old),
        &with_schemas(&request(CHILD), &new),
    );
    let lost = |change: &&apidrift::Change| change.rule.id() == "request-property-removed";
    assert_eq!(found.changes.iter().filter(lost).count(), 1);
}

#[test]
fn a_property_that_is_read_only_in_one_part_may_become_required_in_another() {
    let schema = |rest| {
        format!(
            "{{allOf: [{{type: object, properties: {{id: {{type: string, readOnly: true}}}}}}, {{type: object{rest}, properties: {{n: {{type: string}}}}}}]}}"
        )
    };
    let found = report(&request(&schema("")), &request(&schema(", required: [id]")));
    assert!(
        found
            .changes
            .iter()
            .all(|change| change.wire == Verdict::Compatible)
    );
}

#[test]
fn a_keyword_of_a_schema_that_several_extend_is_reported_once() {
    let message = request(
        "{type: object, properties: {x: {$ref: '#/components/schemas/X'}, y: {$ref: '#/components/schemas/Y'}}}",
    );
    let schemas = |least| {
        let child = |name| {
            format!(
                "{{allOf: [{{$ref: '#/components/schemas/Base'}}, {{type: object, properties: {{{name}: {{type: string}}}}}}]}}"
            )
        };
        format!(
            "{{Base: {{type: object, minProperties: {least}}}, X: {}, Y: {}}}",
            child("x"),
            child("y")
        )
    };
    let found = report(
        &with_schemas(&message, &schemas(2)),
        &with_schemas(&message, &schemas(3)),
    );
    let change = only(&found);
    assert_eq!(
        change.pointer.new.as_deref(),
        Some("/components/schemas/Base")
    );
}

#[test]
fn a_recursive_schema_is_merged_up_to_its_recursion() {
    let schemas = |more| {
        format!(
            "{{Child: {{allOf: [{{$ref: '#/components/schemas/Child'}}, {{type: object, properties: {{next: {{allOf: [{{$ref: '#/components/schemas/Child'}}, {{description: d}}]}}{more}}}}}]}}}}"
        )
    };
    let found = report(
        &with_schemas(&request(CHILD), &schemas("")),
        &with_schemas(&request(CHILD), &schemas(", a: {type: string}")),
    );
    assert_eq!(only(&found).rule.id(), "new-optional-request-property");
}

#[test]
fn long_chains_of_extended_schemas_exhaust_neither_stack_nor_memory() {
    let chain = |properties: &str| {
        let mut schemas = String::from("{Child: {$ref: '#/components/schemas/S0'}");
        for index in 0..2000 {
            let next = index + 1;
            schemas += &format!(
                ", S{index}: {{allOf: [{{$ref: '#/components/schemas/S{next}'}}, {{type: object, properties: {{p{index}: {{type: string}}}}}}]}}"
            );
        }
        schemas + &format!(", S2000: {{type: object, properties: {properties}}}}}")
    };
    let document = |properties| with_schemas(&request(CHILD), &chain(properties));
    // Deeper than the limit for merging, and large enough that a quadratic merge would be noticed.
    let found = report(&document("{}"), &document("{z: {type: string}}"));
    assert_eq!(only(&found).rule.id(), "new-optional-request-property");
}
