//! Equivalent documents have no changes.

use crate::support::{report, request, wire};

#[track_caller]
fn same(old: &str, new: &str) {
    for (old, new) in [(old, new), (new, old)] {
        let found = report(&request(old), &request(new));
        assert_eq!(wire(&found), Vec::<String>::new(), "{old} → {new}");
    }
}

#[test]
fn an_all_of_with_one_subschema_equals_it() {
    same(
        "{type: string, maxLength: 3}",
        "{allOf: [{type: string, maxLength: 3}]}",
    );
    same(
        "{type: object, properties: {a: {type: string}}}",
        "{type: object, allOf: [{type: object, properties: {a: {type: string}}}]}",
    );
}

#[test]
fn a_choice_of_constants_is_an_enum() {
    same(
        "{type: string, enum: [a, b]}",
        "{oneOf: [{const: a}, {const: b, title: B}]}",
    );
    same("{type: string, enum: [a]}", "{type: string, const: a}");
}

#[test]
fn a_choice_of_types_is_a_list_of_types() {
    same(
        "{type: [string, integer]}",
        "{anyOf: [{type: integer}, {type: string}]}",
    );
}

#[test]
fn null_may_be_written_in_any_way() {
    for other in [
        "{type: [string, 'null']}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        "{oneOf: [{type: 'null'}, {type: string}]}",
        "{allOf: [{type: string}], nullable: true}",
    ] {
        same("{type: string, nullable: true}", other);
    }
}

#[test]
fn exclusive_limits_may_be_written_as_a_boolean() {
    same(
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        "{type: integer, exclusiveMinimum: 1}",
    );
}

#[test]
fn a_default_may_be_written_explicitly() {
    same(
        "{properties: {a: {type: string}}}",
        "{type: object, properties: {a: {type: string}}}",
    );
    same("{enum: [a]}", "{type: string, enum: [a]}");
    same(
        "{type: string}",
        "{type: string, minLength: 0, pattern: ''}",
    );
    same(
        "{type: array}",
        "{type: array, items: {}, uniqueItems: false}",
    );
    same(
        "{type: object}",
        "{type: object, additionalProperties: true}",
    );
}

#[test]
fn the_order_of_names_and_values_has_no_effect() {
    same(
        "{type: object, required: [a, b], properties: {a: {}, b: {}}}",
        "{required: [b, a], properties: {b: {}, a: {}}, type: object}",
    );
    same("{enum: [a, b]}", "{enum: [b, a]}");
    same(
        "{oneOf: [{type: array, items: {type: string}}, {type: object, properties: {a: {type: string}}}]}",
        "{oneOf: [{type: object, properties: {a: {type: string}}}, {type: array, items: {type: string}}]}",
    );
}

#[test]
fn descriptions_examples_and_extensions_change_nothing() {
    same(
        "{type: string}",
        "{type: string, description: d, example: e, title: t, x-internal: {a: 1}}",
    );
}

#[test]
fn a_parameter_of_the_path_applies_to_each_operation() {
    let shared = "openapi: 3.0.0
paths:
  /a:
    parameters: [{in: query, name: q, schema: {type: string}}]
    get: {responses: {}}
    put: {responses: {}}
";
    let own = "openapi: 3.0.0
paths:
  /a:
    get: {parameters: [{in: query, name: q, schema: {type: string}}], responses: {}}
    put: {parameters: [{in: query, name: q, schema: {type: string}}], responses: {}}
";
    assert!(report(shared, own).changes.is_empty());
    assert!(report(own, shared).changes.is_empty());
}

#[test]
fn components_of_any_kind_may_be_inlined() {
    let by_reference = "openapi: 3.0.0
paths:
  /a:
    post:
      parameters: [{$ref: '#/components/parameters/Q'}]
      requestBody: {$ref: '#/components/requestBodies/B'}
      responses: {'200': {$ref: '#/components/responses/R'}}
components:
  parameters: {Q: {in: query, name: q, schema: {$ref: '#/components/schemas/S'}}}
  requestBodies: {B: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}
  responses: {R: {description: r, headers: {H: {$ref: '#/components/headers/H'}}}}
  headers: {H: {schema: {$ref: '#/components/schemas/S'}}}
  schemas: {S: {type: string, maxLength: 9}}
";
    let in_place = "openapi: 3.0.0
paths:
  /a:
    post:
      parameters: [{in: query, name: q, schema: {type: string, maxLength: 9}}]
      requestBody: {content: {application/json: {schema: {type: string, maxLength: 9}}}}
      responses: {'200': {description: r, headers: {H: {schema: {type: string, maxLength: 9}}}}}
";
    assert!(report(by_reference, in_place).changes.is_empty());
    assert!(report(in_place, by_reference).changes.is_empty());
}

#[test]
fn an_alias_of_a_schema_may_be_removed() {
    let alias = "openapi: 3.0.0
paths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Alias'}}}}}}}
components: {schemas: {Alias: {$ref: '#/components/schemas/S'}, S: {type: string}}}
";
    let direct = "openapi: 3.0.0
paths: {/a: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}}}}}
components: {schemas: {S: {type: string}}}
";
    assert!(report(alias, direct).changes.is_empty());
    assert!(report(direct, alias).changes.is_empty());
}
