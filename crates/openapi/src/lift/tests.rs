use serde_json::json;

use super::*;
use crate::document::parse_yaml;

/// The schemas of a 3.1 document, converted to 3.0.
fn lifted(schemas: &str) -> Value {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
    );
    let mut document = parse_yaml(&text).unwrap();
    crate::prepare(&mut document, &mut Changes::default()).unwrap();
    document["components"]["schemas"].clone()
}

#[test]
fn schemas_in_schemas_are_components() {
    let schemas = lifted(
        "
    User:
      type: object
      $defs:
        Name: {type: string}
        Address: {type: object, properties: {city: {$ref: '#/components/schemas/User/$defs/Name'}}}
        Unused: {type: string}
      properties:
        name: {$ref: '#/components/schemas/User/$defs/Name'}
        home: {$ref: '#/components/schemas/User/$defs/Address'}
        city: {$ref: '#/components/schemas/User/$defs/Address/properties/city'}
",
    );
    assert_eq!(
        schemas,
        json!({
            "User": {"type": "object", "properties": {
                "name": {"$ref": "#/components/schemas/Name"},
                "home": {"$ref": "#/components/schemas/Address"},
                "city": {"$ref": "#/components/schemas/Address/properties/city"}
            }},
            "Name": {"type": "string"},
            "Address": {"type": "object", "properties": {"city": {"$ref": "#/components/schemas/Name"}}}
        })
    );
}

#[test]
fn a_colliding_name_is_prefixed_with_the_name_of_its_owner() {
    let schemas = lifted(
        "
    Item: {type: string}
    A: {$defs: {Item: {type: integer}}, items: {$ref: '#/components/schemas/A/$defs/Item'}}
    B: {definitions: {item: {type: boolean}}, items: {$ref: '#/components/schemas/B/definitions/item'}}
",
    );
    assert_eq!(schemas["A"]["items"]["$ref"], "#/components/schemas/A_Item");
    assert_eq!(schemas["A_Item"]["type"], "integer");
    assert_eq!(schemas["B_item"]["type"], "boolean");
}

#[test]
fn schemas_in_lifted_schemas_are_lifted_too() {
    let schemas = lifted(
        "
    A:
      $defs:
        B:
          $defs: {C: {type: string}}
          properties: {c: {$ref: '#/components/schemas/A/$defs/B/$defs/C'}}
      properties: {b: {$ref: '#/components/schemas/A/$defs/B'}}
",
    );
    assert_eq!(
        schemas["B"]["properties"]["c"]["$ref"],
        "#/components/schemas/C"
    );
    assert_eq!(schemas["C"], json!({"type": "string"}));
}

#[test]
fn a_pasted_json_schema_may_refer_to_itself() {
    let schemas = lifted(
        "
    Node:
      type: object
      definitions: {Leaf: {type: string}}
      properties: {next: {$ref: '#'}, leaf: {$ref: '#/definitions/Leaf'}}
",
    );
    assert_eq!(
        schemas["Node"]["properties"],
        json!({"next": {"$ref": "#/components/schemas/Node"}, "leaf": {"$ref": "#/components/schemas/Leaf"}})
    );
}

#[test]
fn identifiers_and_anchors_are_pointers() {
    let schemas = lifted(
        "
    User:
      $id: https://acme.test/schemas/user
      type: object
      $defs:
        name: {$anchor: Name, type: string}
        city: {$id: city, $defs: {zip: {$anchor: zip, type: integer}}, properties: {zip: {$ref: '#zip'}}}
      properties:
        name: {$ref: '#Name'}
        same: {$ref: '#/$defs/name'}
        home: {$ref: city}
        self: {$ref: '#'}
        other: {$ref: '#/components/schemas/Team'}
    Team:
      $id: https://acme.test/schemas/team
      properties:
        lead: {$ref: user}
        boss: {$ref: 'https://acme.test/schemas/user'}
        name: {$ref: 'user#Name'}
        zip: {$ref: 'city#/$defs/zip'}
    Old: {properties: {team: {$ref: Team}, name: {$ref: '#Name'}}}
",
    );
    let user = &schemas["User"]["properties"];
    assert_eq!(user["name"]["$ref"], "#/components/schemas/name");
    assert_eq!(user["same"], user["name"]);
    assert_eq!(user["home"]["$ref"], "#/components/schemas/city");
    assert_eq!(user["self"]["$ref"], "#/components/schemas/User");
    assert_eq!(user["other"]["$ref"], "#/components/schemas/Team");
    let team = &schemas["Team"]["properties"];
    assert_eq!(team["lead"]["$ref"], "#/components/schemas/User");
    assert_eq!(team["boss"], team["lead"]);
    assert_eq!(team["name"]["$ref"], "#/components/schemas/name");
    assert_eq!(team["zip"]["$ref"], "#/components/schemas/zip");
    assert_eq!(
        schemas["city"]["properties"]["zip"]["$ref"],
        "#/components/schemas/zip"
    );
    assert_eq!(
        schemas["Old"]["properties"]["team"]["$ref"],
        "#/components/schemas/Team"
    );
    assert_eq!(
        schemas["Old"]["properties"]["name"]["$ref"],
        "#/components/schemas/name"
    );
}

#[test]
fn a_template_is_copied_with_its_arguments() {
    let schemas = lifted(
        "
    Page:
      $id: page
      type: object
      required: [items]
      $defs: {item: {$dynamicAnchor: item, not: {}}}
      properties:
        items: {type: array, items: {$dynamicRef: '#item'}}
        next: {type: string}
    Pet: {type: object, properties: {name: {type: string}}}
    Pets:
      $id: pets
      $defs: {item: {$dynamicAnchor: item, $ref: '#/components/schemas/Pet'}}
      $ref: page
    More:
      $id: more
      $defs: {item: {$dynamicAnchor: item, type: string}}
      allOf: [{$ref: page}, {type: object, properties: {total: {type: integer}}}]
",
    );
    let items = |name: &str| schemas[name]["properties"]["items"]["items"]["$ref"].clone();
    let target = items("Pets")
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(schemas[&target]["$ref"], "#/components/schemas/Pet");
    assert_eq!(schemas["Pets"]["required"], json!(["items"]));
    let part = &schemas["More"]["allOf"][0]["properties"]["items"]["items"]["$ref"];
    let target = part
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(schemas[&target]["type"], "string");
}

#[test]
fn an_extended_recursive_schema_refers_to_itself() {
    let schemas = lifted(
        "
    Tree:
      $id: tree
      $dynamicAnchor: node
      type: object
      properties: {children: {type: array, items: {$dynamicRef: '#node'}}}
    Labelled:
      $id: labelled
      $dynamicAnchor: node
      $ref: tree
      type: object
      properties: {label: {type: string}}
",
    );
    assert_eq!(
        schemas["Tree"]["properties"]["children"]["items"]["$ref"],
        "#/components/schemas/Tree"
    );
    let labelled = &schemas["Labelled"];
    assert_eq!(labelled["properties"]["label"]["type"], "string");
    assert_eq!(
        labelled["properties"]["children"]["items"]["$ref"],
        "#/components/schemas/Labelled"
    );
}

#[test]
fn a_recursive_reference_resolves_to_the_enclosing_schema() {
    let schemas = lifted(
        "
    Tree: {type: object, $recursiveAnchor: true, properties: {left: {$recursiveRef: '#'}}}
",
    );
    assert_eq!(
        schemas["Tree"]["properties"]["left"]["$ref"],
        "#/components/schemas/Tree"
    );
}

#[test]
fn properties_named_like_keywords_are_kept() {
    let schemas = lifted(
        "
    A: {type: object, properties: {$defs: {type: object}, definitions: {type: string}, $id: {type: string}, $ref: {type: string}}}
",
    );
    assert_eq!(schemas["A"]["properties"].as_object().unwrap().len(), 4);
}

#[test]
fn schemas_of_operations_are_lifted_too() {
    let text = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /users/{id}:
    post:
      requestBody: {content: {application/json: {schema: {definitions: {Name: {type: string}}, properties: {name: {$ref: '#/definitions/Name'}}}}}}
      responses: {'204': {description: ''}}
";
    let mut document = parse_yaml(text).unwrap();
    crate::prepare(&mut document, &mut Changes::default()).unwrap();
    assert_eq!(
        document["components"]["schemas"],
        json!({"Name": {"type": "string"}})
    );
}
