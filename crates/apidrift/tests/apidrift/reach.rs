//! A change is reported once, where it is declared, with all operations that it affects.

use apidrift::Side;

use crate::support::{only, report, wire};

fn users(schema: &str) -> String {
    format!(
        "openapi: 3.0.0
paths:
  /users:
    get:
      operationId: listUsers
      responses: {{'200': {{content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/User'}}}}}}}}}}}}
    post:
      operationId: addUser
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}
      responses: {{'201': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}}}
components:
  schemas:
    User: {schema}
"
    )
}

#[test]
fn a_change_of_a_shared_schema_is_reported_once_for_each_side_with_its_operations() {
    let old = users("{type: object, properties: {name: {type: string, maxLength: 9}}}");
    let new = users("{type: object, properties: {name: {type: string, maxLength: 5}}}");
    let found = report(&old, &new);
    assert_eq!(
        wire(&found),
        [
            "request-property-max-length-decreased: breaking",
            "response-property-max-length-decreased: compatible"
        ]
    );
    for change in &found.changes {
        assert_eq!(
            change.pointer.old.as_deref(),
            Some("/components/schemas/User/properties/name")
        );
        let operations: Vec<_> = change
            .operations()
            .map(|operation| operation.operation_id.clone().unwrap())
            .collect();
        match change.side {
            Side::Request => assert_eq!(operations, ["addUser"]),
            _ => assert_eq!(operations, ["listUsers", "addUser"]),
        }
    }
}

#[test]
fn a_schema_of_a_body_and_of_an_item_is_reported_once() {
    let found = report(&users("{type: string}"), &users("{type: boolean}"));
    assert_eq!(
        wire(&found),
        [
            "request-body-type-changed: breaking",
            "response-property-type-changed: breaking"
        ]
    );
}

#[test]
fn changes_in_a_cycle_affect_every_operation_that_uses_it() {
    let circle = |kind: &str| {
        format!(
            "openapi: 3.0.0
paths:
  /a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}
  /b: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/B'}}}}}}}}}}}}}}
components:
  schemas:
    A: {{type: object, properties: {{b: {{$ref: '#/components/schemas/B'}}}}}}
    B: {{type: object, properties: {{a: {{$ref: '#/components/schemas/A'}}, x: {{type: {kind}}}}}}}
"
        )
    };
    let found = report(&circle("string"), &circle("integer"));
    let change = only(&found);
    assert_eq!(
        change
            .operations()
            .map(|operation| operation.path.as_str())
            .collect::<Vec<_>>(),
        ["/a", "/b"]
    );
}

#[test]
fn a_changed_parameter_of_a_path_is_reported_once_for_all_its_operations() {
    let path = |limit: u32| {
        format!(
            "openapi: 3.0.0
paths:
  /a:
    parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]
    get: {{responses: {{}}}}
    put: {{responses: {{}}}}
"
        )
    };
    let found = report(&path(20), &path(10));
    assert_eq!(only(&found).operations().len(), 2);
}

#[test]
fn a_change_keeps_its_fingerprint_when_something_is_inserted_before_it() {
    let parameters = |list: &str| {
        format!(
            "openapi: 3.0.0\npaths: {{/a: {{get: {{parameters: [{list}], responses: {{}}}}}}}}\n"
        )
    };
    let one =
        |limit: u32| format!("{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}");
    let other = "{in: query, name: before, schema: {type: string}}, ";
    let plain = report(&parameters(&one(20)), &parameters(&one(10)));
    let shifted = report(
        &parameters(&format!("{other}{}", one(20))),
        &parameters(&format!("{other}{}", one(10))),
    );
    assert_eq!(only(&plain).fingerprint, only(&shifted).fingerprint);
    assert_ne!(only(&plain).pointer, only(&shifted).pointer);
}

#[test]
fn a_schema_renamed_with_the_same_content_is_reported_once() {
    let named = |name: &str| {
        users("{type: string}")
            .replace("schemas/User", &format!("schemas/{name}"))
            .replace("    User:", &format!("    {name}:"))
    };
    let found = report(&named("Person"), &named("Account"));
    let change = only(&found);
    assert_eq!(change.rule.id(), "api-schema-renamed");
    assert_eq!(change.side, Side::Both);
    assert_eq!(
        change.message,
        "schema `Account`: schema was renamed: Person → Account"
    );
    assert_eq!(change.operations().len(), 2);
}

#[test]
fn a_renamed_schema_that_changed_is_reported_as_both() {
    let old = users("{type: object, properties: {a: {type: string}}}")
        .replace("schemas/User", "schemas/Person")
        .replace("    User:", "    Person:");
    let new = users("{type: object, properties: {a: {type: string}, b: {type: string}}}");
    assert_eq!(
        wire(&report(&old, &new)),
        [
            "api-schema-renamed: compatible",
            "new-optional-request-property: compatible",
            "response-optional-property-added: compatible"
        ]
    );
}

#[test]
fn an_unused_schema_is_reported_as_removed() {
    let old = "openapi: 3.0.0\npaths: {}\ncomponents: {schemas: {A: {type: string}}}\n";
    let new = "openapi: 3.0.0\npaths: {}\n";
    assert_eq!(wire(&report(old, new)), ["api-schema-removed: compatible"]);
    assert_eq!(wire(&report(new, old)), ["api-schema-added: compatible"]);
}

#[test]
fn a_change_of_a_schema_that_no_message_uses_affects_rust_only() {
    let unused = |kind: &str| {
        format!("openapi: 3.0.0\npaths: {{}}\ncomponents: {{schemas: {{A: {{type: {kind}}}}}}}\n")
    };
    let found = report(&unused("string"), &unused("integer"));
    let change = only(&found);
    assert_eq!(
        (change.wire, change.rust),
        (apidrift::Verdict::Compatible, apidrift::Verdict::Breaking)
    );
    assert_eq!((change.side, change.operations().len()), (Side::None, 0));
}

#[test]
fn a_schema_inside_an_unused_one_is_reported_by_its_uses() {
    let with = |limit: u32| {
        format!(
            "{}    Unused: {{type: object, properties: {{user: {{$ref: '#/components/schemas/User'}}, own: {{type: integer, maximum: {limit}}}}}}}\n",
            users(&format!("{{type: integer, maximum: {limit}}}"))
        )
    };
    assert_eq!(
        wire(&report(&with(20), &with(10))),
        [
            "request-body-max-decreased: breaking",
            "response-property-max-decreased: compatible",
            "response-property-max-decreased: compatible"
        ]
    );
}

/// 130 operations, one for each number: the schemas S0, S1 and S2 are each used by the operations with that remainder modulo
/// three; S1 references S0, and S2 and S3 reference each other.
fn many(limit: u32) -> String {
    let paths: Vec<String> = (0..130)
        .map(|index| {
            format!(
                "/a{index:03}: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S{}'}}}}}}}}}}}}",
                index % 3
            )
        })
        .collect();
    let schema = |name: &str, other: &str| {
        let other = if other.is_empty() {
            String::new()
        } else {
            format!(", o: {{$ref: '#/components/schemas/{other}'}}")
        };
        format!(
            "{name}: {{type: object, properties: {{{name}: {{type: integer, maximum: {limit}}}{other}}}}}"
        )
    };
    let schemas = [
        schema("S0", ""),
        schema("S1", "S0"),
        schema("S2", "S3"),
        schema("S3", "S2"),
        schema("S4", "S0"),
    ];
    format!(
        "openapi: 3.0.0\npaths: {{{}}}\ncomponents: {{schemas: {{{}}}}}\n",
        paths.join(", "),
        schemas.join(", ")
    )
}

#[test]
fn a_change_affects_exactly_the_operations_that_use_it_among_many() {
    let found = report(&many(9), &many(8));
    let reached = |name: &str| -> Vec<usize> {
        let place = format!("/components/schemas/{name}/properties/{name}");
        let change = found
            .changes
            .iter()
            .find(|change| change.place() == place)
            .unwrap();
        change
            .operations()
            .map(|operation| operation.path[2..].parse().unwrap())
            .collect()
    };
    let with_rests = |rests: &[usize]| -> Vec<usize> {
        (0..130)
            .filter(|index| rests.contains(&(index % 3)))
            .collect()
    };
    assert_eq!(found.changes.len(), 5);
    assert_eq!(reached("S0"), with_rests(&[0, 1]));
    assert_eq!(reached("S1"), with_rests(&[1]));
    assert_eq!(reached("S2"), with_rests(&[2]));
    assert_eq!(reached("S3"), with_rests(&[2]));
    assert_eq!(reached("S4"), [0; 0]);
}

#[test]
fn changes_are_grouped_by_operation_and_the_most_severe_comes_first() {
    let document = |kind: &str, limit: u32, tag: &str, path: &str| {
        format!(
            "openapi: 3.0.0
paths:
  /b: {{get: {{parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]}}}}
  /a:
    put: {{tags: [{tag}], parameters: [{{in: query, name: z, schema: {{type: {kind}}}}}, {{in: query, name: y, schema: {{type: integer, minimum: {limit}}}}}]}}
    get: {{tags: [{tag}]}}
  /{path}: {{}}
components: {{schemas: {{{path}: {{type: string, const: {path}}}}}}}
"
        )
    };
    let found = report(
        &document("boolean", 9, "s", "c"),
        &document("object", 8, "t", "d"),
    );
    let told: Vec<(&str, &str)> = found
        .changes
        .iter()
        .map(|change| (change.rule.id(), change.place()))
        .collect();
    assert_eq!(
        told,
        [
            ("api-tag-added", "/paths/~1a/get"),
            ("api-tag-removed", "/paths/~1a/get"),
            (
                "request-parameter-type-changed",
                "/paths/~1a/put/parameters/0/schema"
            ),
            ("api-tag-added", "/paths/~1a/put"),
            ("api-tag-removed", "/paths/~1a/put"),
            (
                "request-parameter-min-decreased",
                "/paths/~1a/put/parameters/1/schema"
            ),
            (
                "request-parameter-max-decreased",
                "/paths/~1b/get/parameters/0/schema"
            ),
            ("api-schema-removed", "/components/schemas/c"),
            ("api-schema-added", "/components/schemas/d"),
        ]
    );
}

#[test]
fn items_of_a_list_are_named_by_content_or_else_by_index() {
    let forms = |before: &str, limit: u32, form: &str| {
        let form = form.replace("LIMIT", &limit.to_string());
        crate::support::request(&format!(
            "{{oneOf: [{before}{form}, {{type: array, minItems: 2}}]}}"
        ))
    };
    let fingerprint = |before: &str, form: &str| {
        let found = report(&forms(before, 9, form), &forms(before, 8, form));
        only(&found).fingerprint.clone()
    };
    let before = "{type: object, minProperties: 3}, ";
    let titled = "{title: T, type: string, maxLength: LIMIT}";
    assert_eq!(fingerprint("", titled), fingerprint(before, titled));
    let plain = "{type: string, maxLength: LIMIT}";
    assert_ne!(fingerprint("", plain), fingerprint(before, plain));
    assert_ne!(fingerprint("", plain), fingerprint("", titled));
}

#[test]
fn equal_changes_at_one_location_have_different_fingerprints() {
    let scheme = |name: &str, place: &str| {
        format!(
            "openapi: 3.0.0\ncomponents: {{securitySchemes: {{a: {{type: apiKey, in: {place}, name: {name}}}}}}}\n"
        )
    };
    let found = report(&scheme("x", "x"), &scheme("y", "y"));
    let names: Vec<&str> = found
        .changes
        .iter()
        .map(|change| change.fingerprint.as_str())
        .collect();
    assert_eq!(wire(&found).len(), 2);
    assert_ne!(names[0], names[1]);
    assert!(names.iter().all(|name| name.len() == 16));
}
