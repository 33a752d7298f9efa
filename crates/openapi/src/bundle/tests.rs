use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::changes::Changes;
use crate::document::parse_yaml;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// The document of `main`, with the referenced files included.
fn bundled_as(own: &str, main: &str, files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let mut files = Folder::new(folder.path(), "api").unwrap();
    bundle(parse_yaml(main).unwrap(), own, &mut files).unwrap()
}

fn bundled(main: &str, files: &[(&str, &str)]) -> Value {
    let mut document = bundled_as("openapi.yaml", main, files);
    crate::prepare(&mut document.clone(), &mut Changes::default()).unwrap();
    document.as_object_mut().unwrap().remove("openapi");
    document
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Split, version: '1'}\n";

fn with(rest: &str) -> String {
    format!("{HEAD}{rest}")
}

#[test]
fn referenced_files_become_components() {
    let main = with(
        "
paths:
  /posts/{id}:
    parameters: [{$ref: 'common.yaml#/parameters/Id'}]
    post:
      requestBody: {$ref: 'common.yaml#/bodies/Post'}
      responses:
        '200': {$ref: 'responses/ok.json'}
        default: {description: '', headers: {X-Left: {$ref: 'common.yaml#/headers/Left'}}}
",
    );
    let document = bundled(
        &main,
        &[
            (
                "common.yaml",
                "
parameters: {Id: {name: id, in: path, required: true, schema: {$ref: '#/schemas/Id'}}}
headers: {Left: {schema: {type: integer}}}
bodies: {Post: {content: {application/json: {schema: {$ref: schemas/post.yaml}, examples: {one: {$ref: 'examples.yaml#/one'}}}}}}
schemas: {Id: {type: string}}
",
            ),
            ("examples.yaml", "one: {value: {$ref: data}}"),
            (
                "responses/ok.json",
                r#"{"description": "OK", "content": {"application/json": {"schema": {"$ref": "../schemas/post.yaml"}}}}"#,
            ),
            (
                "schemas/post.yaml",
                "type: object\nproperties: {author: {$ref: 'user.yaml#'}, more: {type: array, items: {$ref: '#'}}}",
            ),
            ("schemas/user.yaml", "type: object\nproperties: {name: {$ref: '../common.yaml#/schemas/Id'}}"),
        ],
    );
    let operation = &document["paths"]["/posts/{id}"];
    assert_eq!(
        operation["parameters"],
        json!([{"$ref": "#/components/parameters/Id"}])
    );
    assert_eq!(
        operation["post"]["responses"]["200"],
        json!({"$ref": "#/components/responses/ok"})
    );
    let components = &document["components"];
    assert_eq!(
        components["schemas"],
        json!({
            "Id": {"type": "string"},
            "post": {"type": "object", "properties": {
                "author": {"$ref": "#/components/schemas/user"},
                "more": {"type": "array", "items": {"$ref": "#/components/schemas/post"}}
            }},
            "user": {"type": "object", "properties": {"name": {"$ref": "#/components/schemas/Id"}}}
        })
    );
    assert_eq!(
        components["examples"],
        json!({"one": {"value": {"$ref": "data"}}})
    );
    assert_eq!(
        components["headers"],
        json!({"Left": {"schema": {"type": "integer"}}})
    );
}

#[test]
fn a_component_that_is_a_reference_becomes_the_content_of_the_file() {
    let main = with(
        "
paths:
  /users: {get: {responses: {'200': {description: '', content: {application/json: {schema: {$ref: schemas/user.yaml}}}}}}}
components:
  schemas:
    Person: {$ref: schemas/user.yaml}
    Alias: {$ref: schemas/user.yaml}
    Name: {$ref: '#/components/schemas/Person/properties/name'}
",
    );
    let document = bundled(
        &main,
        &[(
            "schemas/user.yaml",
            "type: object\nproperties: {name: {type: string}, boss: {$ref: user.yaml}}",
        )],
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Person"]["type"], "object");
    assert_eq!(
        schemas["Person"]["properties"]["boss"]["$ref"],
        "#/components/schemas/Person"
    );
    assert_eq!(schemas["Alias"]["$ref"], "#/components/schemas/Person");
    assert_eq!(schemas.as_object().unwrap().len(), 3);
    assert_eq!(
        document["paths"]["/users"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            ["$ref"],
        "#/components/schemas/Person"
    );
}

#[test]
fn path_items_are_moved_to_their_place_of_use() {
    let main = with(
        "
paths:
  /posts: {$ref: 'paths/posts.yaml#/~1posts'}
  /users: {$ref: paths/users.yaml, summary: Users}
  /people: {$ref: '#/paths/~1users'}
",
    );
    let document = bundled(
        &main,
        &[
            (
                "paths/posts.yaml",
                "/posts: {get: {responses: {'200': {description: '', content: {application/json: {schema: {$ref: ../post.yaml}}}}}}}",
            ),
            (
                "paths/users.yaml",
                "get: {parameters: [{$ref: '#/x-limit'}], responses: {'204': {description: ''}}}\nx-limit: {name: limit, in: query, schema: {type: integer}}",
            ),
            ("post.yaml", "type: string"),
        ],
    );
    let paths = &document["paths"];
    assert_eq!(
        paths["/posts"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/post"
    );
    assert_eq!(paths["/users"]["summary"], "Users");
    assert_eq!(
        paths["/users"]["get"]["parameters"][0]["$ref"],
        "#/components/parameters/x-limit"
    );
}

#[test]
fn whole_sections_may_be_in_files() {
    let main = with(
        "
paths: {$ref: paths/index.yaml}
components:
  schemas: {$ref: schemas/index.yaml}
  parameters: {$ref: parameters.yaml}
",
    );
    let document = bundled(
        &main,
        &[
            (
                "paths/index.yaml",
                "/users: {$ref: users.yaml}\n/ping: {get: {responses: {'204': {description: ''}}}}",
            ),
            (
                "paths/users.yaml",
                "get: {parameters: [{$ref: '../openapi.yaml#/components/parameters/Limit'}], responses: {'200': {description: '', content: {application/json: {schema: {$ref: '../schemas/index.yaml#/User'}}}}}}",
            ),
            (
                "schemas/index.yaml",
                "User: {$ref: ./user.yaml}\nTeam: {type: array, items: {$ref: '#/User'}}",
            ),
            (
                "schemas/user.yaml",
                "type: object\nproperties: {team: {$ref: 'index.yaml#/Team'}}",
            ),
            (
                "parameters.yaml",
                "Limit: {name: limit, in: query, schema: {type: integer}}",
            ),
        ],
    );
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let names: Vec<&String> = schemas.keys().collect();
    assert_eq!(names, ["User", "Team"]);
    assert_eq!(
        schemas["User"]["properties"]["team"]["$ref"],
        "#/components/schemas/Team"
    );
    assert_eq!(
        schemas["Team"]["items"]["$ref"],
        "#/components/schemas/User"
    );
    let get = &document["paths"]["/users"]["get"];
    assert_eq!(
        get["parameters"][0]["$ref"],
        "#/components/parameters/Limit"
    );
    assert_eq!(
        get["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/User"
    );
    assert!(document["paths"]["/ping"]["get"].is_object());
}

#[test]
fn files_may_reference_each_other() {
    let main = with(
        "paths: {/a: {get: {responses: {'200': {description: '', content: {application/json: {schema: {$ref: a.yaml}}}}}}}}",
    );
    let document = bundled(
        &main,
        &[
            ("a.yaml", "type: object\nproperties: {b: {$ref: b.json}}"),
            (
                "b.json",
                r#"{"type": "object", "properties": {"a": {"$ref": "a.yaml"}}}"#,
            ),
        ],
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        schemas["a"]["properties"]["b"]["$ref"],
        "#/components/schemas/b"
    );
    assert_eq!(
        schemas["b"]["properties"]["a"]["$ref"],
        "#/components/schemas/a"
    );
}

#[test]
fn circular_references_terminate() {
    let main = with("paths: {/a: {$ref: a.yaml}}\ncomponents: {schemas: {A: {$ref: b.yaml}}}");
    let document = bundled_as(
        "openapi.yaml",
        &main,
        &[
            ("a.yaml", "$ref: c.yaml"),
            ("c.yaml", "$ref: a.yaml"),
            ("b.yaml", "$ref: b.yaml"),
        ],
    );
    assert_eq!(document["components"]["schemas"]["A"]["$ref"], "b.yaml");
}

#[test]
fn file_names_may_contain_spaces_and_escapes() {
    let main = with(
        "components:
  schemas:
    A: {properties: {x: {$ref: 'my schemas/a b.yaml'}, y: {$ref: 'my%20schemas/a%20b.yaml'}, z: {$ref: 'my%20schemas/100%25.yaml#/a~1b'}, w: {$ref: '.\\my schemas\\a b.yaml'}}}
paths: {}",
    );
    let document = bundled(
        &main,
        &[
            ("my schemas/a b.yaml", "type: string"),
            ("my schemas/100%.yaml", "a/b: {type: integer}"),
        ],
    );
    let schemas = &document["components"]["schemas"];
    let at = |name: &str| schemas["A"]["properties"][name]["$ref"].clone();
    assert_eq!(at("x"), "#/components/schemas/a_b");
    assert_eq!((at("y"), at("w")), (at("x"), at("x")));
    assert_eq!(at("z"), "#/components/schemas/100__a_b");
    assert_eq!(schemas["100__a_b"]["type"], "integer");
}

#[test]
fn equal_names_are_distinguished_by_their_files() {
    let main = with(
        "components:
  schemas:
    User: {properties: {x: {$ref: 'a/user.yaml'}, y: {$ref: 'b.yaml#/User'}, z: {$ref: 'c.yaml#/User'}}}
paths: {}",
    );
    let files = [
        ("a/user.yaml", "type: string"),
        ("b.yaml", "User: {type: integer}"),
        ("c.yaml", "User: {type: boolean}"),
    ];
    let document = bundled(&main, &files);
    let names: Vec<&String> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(names, ["User", "user_user", "b_User", "c_User"]);
}

#[test]
fn a_mapping_may_reference_files() {
    let main = with(
        "components:
  schemas:
    Pet: {oneOf: [{$ref: cat.yaml}, {$ref: dog.yaml}], discriminator: {propertyName: kind, mapping: {cat: cat.yaml, dog: ./dog.yaml, other: Pet}}}
paths: {}",
    );
    let files = [("cat.yaml", "type: object"), ("dog.yaml", "type: object")];
    let document = bundled(&main, &files);
    assert_eq!(
        document["components"]["schemas"]["Pet"]["discriminator"]["mapping"],
        json!({"cat": "#/components/schemas/cat", "dog": "#/components/schemas/dog", "other": "Pet"})
    );
}

#[test]
fn a_reference_may_lead_through_another_one_and_to_an_anchor() {
    let main = with(
        "components:
  schemas:
    A: {properties: {x: {$ref: 'index.yaml#/User/properties/name'}, y: {$ref: 'user.yaml#Name'}}}
paths: {}",
    );
    let files = [
        ("index.yaml", "User: {$ref: user.yaml}"),
        (
            "user.yaml",
            "properties: {name: {$anchor: Name, type: string}}",
        ),
    ];
    let document = bundled(&main, &files);
    let properties = &document["components"]["schemas"]["A"]["properties"];
    assert_eq!(properties["x"], properties["y"]);
    assert_eq!(
        document["components"]["schemas"]["user_name"]["type"],
        "string"
    );
}

#[test]
fn nothing_outside_the_folder_and_no_url_is_read() {
    let outer = folder(&[
        ("secret.yaml", "type: string"),
        ("api/inner.yaml", "properties: {x: {$ref: ../secret.yaml}}"),
    ]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        outer.path().join("secret.yaml"),
        outer.path().join("api/link.yaml"),
    )
    .unwrap();
    let absolute = outer.path().join("secret.yaml");
    let absolute = absolute.to_str().unwrap();
    let main = with(&format!(
        "components: {{schemas: {{A: {{oneOf: [{{$ref: ../secret.yaml}}, {{$ref: link.yaml}}, {{$ref: '{absolute}'}}, \
         {{$ref: 'file://{absolute}'}}, {{$ref: 'https://a.test/x.yaml'}}, {{$ref: missing.yaml}}, {{$ref: inner.yaml}}]}}}}}}"
    ));
    let mut files = Folder::new(&outer.path().join("api"), "api").unwrap();
    let document = bundle(parse_yaml(&main).unwrap(), "openapi.yaml", &mut files).unwrap();
    let branches = &document["components"]["schemas"]["A"]["oneOf"];
    let stays: Vec<&str> = branches
        .as_array()
        .unwrap()
        .iter()
        .map(|branch| branch["$ref"].as_str().unwrap())
        .collect();
    assert_eq!(stays[0], "../secret.yaml");
    assert_eq!(stays[1], "link.yaml");
    assert_eq!(stays[2], absolute);
    assert_eq!(stays[4], "https://a.test/x.yaml");
    assert_eq!(stays[5], "missing.yaml");
    assert_eq!(stays[6], "#/components/schemas/inner");
    assert_eq!(
        document["components"]["schemas"]["inner"]["properties"]["x"]["$ref"],
        "../secret.yaml"
    );
    let read: Vec<String> = files.into_texts().into_keys().collect();
    assert_eq!(read, ["inner.yaml"]);
}

#[test]
fn a_file_that_cannot_be_parsed_is_named() {
    let outer = folder(&[("bad.yaml", "a: 1\na: 2\n")]);
    let mut files = Folder::new(outer.path(), "api").unwrap();
    let main = parse_yaml("components: {schemas: {A: {$ref: bad.yaml}}}").unwrap();
    let error = bundle(main, "openapi.yaml", &mut files).unwrap_err();
    assert!(error.to_string().contains("--> api/bad.yaml:"), "{error}");
}

#[test]
fn components_of_a_swagger_document_are_placed_in_its_own_sections() {
    let mut document = bundled_as(
        "swagger.yaml",
        "
swagger: '2.0'
info: {title: Split, version: '1'}
paths:
  /users:
    get:
      parameters: [{$ref: 'parameters.yaml#/limit'}, {name: body, in: body, schema: {$ref: user.yaml}}]
      responses: {200: {$ref: 'responses.yaml#/ok'}}
definitions: {Person: {$ref: user.yaml}}
",
        &[
            ("parameters.yaml", "limit: {name: limit, in: query, type: integer}"),
            ("responses.yaml", "ok: {description: OK, schema: {$ref: user.yaml}}"),
            ("user.yaml", "type: object\nproperties: {name: {type: string}}"),
        ],
    );
    crate::prepare(&mut document, &mut Changes::default()).unwrap();
    assert_eq!(
        document["components"]["responses"]["ok"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/Person"
    );
    assert_eq!(
        document["components"]["parameters"]["limit"]["schema"]["type"],
        "integer"
    );
}

#[test]
fn a_document_may_be_in_a_subfolder() {
    let document = bundled_as(
        "v1/openapi.yaml",
        &with("components: {schemas: {A: {$ref: '../common/a.yaml'}}}"),
        &[("common/a.yaml", "type: string")],
    );
    assert_eq!(document["components"]["schemas"]["A"]["type"], "string");
}
