//! Another API, from an `OpenAPI` document or from pages.

use serde_json::{Value, json};
use specmill_docs::source;
use specmill_openapi::diagnostic::Result;
use specmill_xtask::api::Api;
use specmill_xtask::new::{self, Options};

use specmill_scratch::{Workspace, document, page, published, published_with, response, schema};

/// Creates the API `pets` from files of the workspace, and returns the report.
fn make(workspace: &Workspace, options: &Options, inputs: &[(&str, &str)]) -> Result<Vec<String>> {
    let mut given = Vec::new();
    for (name, text) in inputs {
        workspace.write(name, text);
        given.push(source::read(
            workspace.root().join(name).to_str().unwrap(),
            None,
        )?);
    }
    let new = new::prepare(workspace.root(), "pets", options, given, "2026-01-02")?;
    new.plan.carry_out(workspace.root())?;
    Ok(new.report)
}

fn made(inputs: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new();
    make(&workspace, &Options::default(), inputs).unwrap();
    workspace
}

/// The normalised document of `pets`.
fn normalised(workspace: &Workspace) -> Value {
    let api = Api::read(workspace.root(), "pets").unwrap();
    let (input, overlay) = specmill_xtask::input::read(workspace.root(), &api).unwrap();
    specmill_normalize::normalize(&api.normalize_options(), input, overlay.as_ref())
        .unwrap()
        .document
}

const YAML: &str = "\
# Pets, by hand.
openapi: 3.1.0
info: { title: \"The\\n pet  store\", version: '1' }
externalDocs: { url: https://pets.test/docs }
paths:
  /pets/{id}:
    get: { responses: { 200: { description: OK } } }
components: {}
";

fn pets() -> Value {
    document(
        json!({"/pets": {"get": {"operationId": "listPets", "responses": {
            "200": response(schema("Pet")), "400": response(schema("problem")), "default": response(schema("problem"))
        }}}}),
        json!({"Pet": {"type": "object"}, "problem": {"type": "object"}}),
    )
}

#[test]
fn a_document_in_yaml_is_stored_as_given() {
    let workspace = made(&[("pets.yml", YAML)]);
    assert_eq!(workspace.read("specs/pets/spec.yaml"), YAML);
    assert_eq!(
        normalised(&workspace)["paths"]["/pets/{id}"]["get"]["operationId"],
        "get_pets_by_id"
    );
}

#[test]
fn a_document_in_json_is_stored_as_given() {
    let text = format!("{}\r\n\r\n", pets());
    let workspace = made(&[("pets.json", &text)]);
    assert_eq!(workspace.read("specs/pets/spec.json"), text);
    assert_eq!(
        normalised(&workspace)["paths"]["/pets"]["get"]["operationId"],
        "list_pets"
    );
}

#[test]
fn a_document_without_an_extension_is_recognised_by_its_first_characters() {
    assert!(made(&[("pets", &pets().to_string())]).exists("specs/pets/spec.json"));
    assert!(made(&[("pets", YAML)]).exists("specs/pets/spec.yaml"));
    assert!(
        made(&[("pets", &page(&[published("pet#list", "get", "/pets")]))])
            .exists("specs/pets/published/pet_list.json")
    );
}

#[test]
fn pages_are_stored_as_an_import_stores_them() {
    let text = page(&[published("pet#list", "get", "/pets")]);
    let workspace = made(&[
        ("pets.md", &text),
        ("toys.md", &page(&[published("toy#list", "get", "/toys")])),
    ]);
    assert!(workspace.exists("specs/pets/published/toy_list.json"));
    let record: Value = serde_json::from_str(&workspace.read("specs/pets/sources.json")).unwrap();
    assert_eq!(record["pet_list.json"]["page"], "pets.md");
    assert_eq!(
        normalised(&workspace)["paths"].as_object().unwrap().len(),
        2
    );
}

#[test]
fn settings_follow_from_the_name_and_the_document() {
    let workspace = made(&[("pets.yaml", YAML)]);
    insta::assert_snapshot!(workspace.read("specs/pets/api.toml"), @r#"
    title = "The pet store"
    documentation = "https://pets.test/docs"
    module = "pets"
    feature = "pets"
    environment = "PETS"
    "#);
}

#[test]
fn settings_can_be_options() {
    let workspace = Workspace::new();
    let options = Options {
        title: Some("Pets \"R\" us".into()),
        module: Some("acme::pets".into()),
        feature: Some("acme".into()),
        environment: Some("ACME_PETS".into()),
        documentation: Some("https://acme.test".into()),
        ..Options::default()
    };
    make(&workspace, &options, &[("pets.yaml", YAML)]).unwrap();
    insta::assert_snapshot!(workspace.read("specs/pets/api.toml"), @r#"
    title = "Pets \"R\" us"
    documentation = "https://acme.test"
    module = "acme::pets"
    feature = "acme"
    environment = "ACME_PETS"
    "#);
    assert_eq!(
        Api::read(workspace.root(), "pets").unwrap().settings.title,
        "Pets \"R\" us"
    );
}

#[test]
fn the_schema_that_all_errors_use_is_the_error_schema() {
    let workspace = Workspace::new();
    let report = make(
        &workspace,
        &Options::default(),
        &[("pets.json", &pets().to_string())],
    )
    .unwrap();
    assert!(
        report[0].starts_with("created specs/pets: 1 operation, 2 schemas, from "),
        "{report:?}"
    );
    assert_eq!(report[1..], ["the error schema is Problem"]);
    assert!(
        workspace
            .read("specs/pets/api.toml")
            .contains("error-schema = \"Problem\"\n")
    );
    normalised(&workspace);
}

#[test]
fn colliding_names_are_resolved_once() {
    let mut given = pets();
    given["components"]["schemas"]["pet"] = json!({"type": "string"});
    given["components"]["schemas"]["PET"] = json!({"type": "string"});
    given["components"]["schemas"]["a \"quoted\"\nname"] = json!({});
    given["components"]["schemas"]["a quoted name"] = json!({});
    given["paths"]["/pets/all"] = json!({
        "get": {"operationId": "list-pets", "responses": {}}, "put": {"operationId": "listPets", "responses": {}}
    });
    let workspace = Workspace::new();
    let report = make(
        &workspace,
        &Options::default(),
        &[("pets.json", &given.to_string())],
    )
    .unwrap();
    assert!(
        report.contains(
            &"renamed list-pets to list_pets_2, since its name is already used".to_owned()
        ),
        "{report:?}"
    );
    let settings = workspace.read("specs/pets/api.toml");
    insta::assert_snapshot!(settings.split_once("\n\n").unwrap().1, @r#"
    # Settled once: the names that follow were taken.
    [rename.operations]
    "list-pets" = "list_pets_2"
    "PUT /pets/all" = "list_pets_3"

    # Settled once: the names that follow were taken.
    [rename.schemas]
    "pet" = "Pet2"
    "PET" = "Pet3"
    "a quoted name" = "AQuotedName2"
    "#);
    let document = normalised(&workspace);
    assert_eq!(
        document["paths"]["/pets"]["get"]["operationId"],
        "list_pets"
    );
    assert_eq!(
        document["paths"]["/pets/all"]["put"]["operationId"],
        "list_pets_3"
    );
    assert!(document["components"]["schemas"].get("Pet3").is_some());
}

#[test]
fn colliding_names_of_pages_are_resolved_too() {
    let documents = [
        published_with(
            "a#get",
            "get",
            "/a",
            "RoleAPI.User",
            json!({"type": "object"}),
        ),
        published_with("b#get", "get", "/b", "RoleUser", json!({"type": "object"})),
        published_with("c#get", "get", "/c", "RoleUser", json!({"type": "object"})),
    ];
    let workspace = made(&[("pets.md", &page(&documents))]);
    assert!(
        workspace
            .read("specs/pets/api.toml")
            .ends_with("[rename.schemas]\n\"RoleUser\" = \"RoleUser2\"\n")
    );
    assert!(
        normalised(&workspace)["components"]["schemas"]
            .get("RoleUser2")
            .is_some()
    );
}

#[test]
fn a_taken_or_invalid_name_is_refused() {
    let workspace = Workspace::new();
    workspace.write("crates/pets/Cargo.toml", "");
    let error = make(&workspace, &Options::default(), &[("pets.yaml", YAML)]).unwrap_err();
    assert_eq!(error.message(), "`pets` exists already");
    for name in ["acme", "Pets", "../pets", "", "a--b", "-"] {
        assert!(new::check_free(workspace.root(), name).is_err(), "{name}");
    }
}

#[test]
fn a_module_that_another_api_has_is_refused() {
    let workspace = Workspace::new();
    let options = Options {
        module: Some("acme".into()),
        ..Options::default()
    };
    let error = make(&workspace, &options, &[("pets.yaml", YAML)]).unwrap_err();
    assert_eq!(error.message(), "the API `acme` has the module `acme`");
}

#[test]
fn nothing_is_written_when_the_input_is_bad() {
    let whole = pets().to_string();
    for (inputs, message) in [
        (vec![("a.json", "{")], "this is not valid JSON"),
        (
            vec![("a.json", "{}")],
            "this is not an OpenAPI document: it has no `paths`",
        ),
        (
            vec![("a.yaml", "swagger: '1.2'\npaths: {}")],
            "the document's Swagger version is older than 2.0",
        ),
        (
            vec![("a.md", "# Nothing")],
            "the page contains no operation",
        ),
        (
            vec![("a.json", &*whole), ("b.json", &*whole)],
            "an OpenAPI document cannot be combined with other arguments",
        ),
        (
            vec![("a.md", "# Page"), ("b.json", &*whole)],
            "an OpenAPI document cannot be combined with other arguments",
        ),
    ] {
        let workspace = Workspace::new();
        let error = make(&workspace, &Options::default(), &inputs).unwrap_err();
        assert!(error.message().starts_with(message), "{error}");
        assert!(!workspace.exists("specs/pets"), "{message}");
    }
}

#[test]
fn an_invalid_option_is_refused() {
    for options in [
        Options {
            module: Some("acme::type".into()),
            ..Options::default()
        },
        Options {
            feature: Some("A B".into()),
            ..Options::default()
        },
        Options {
            environment: Some("pets".into()),
            ..Options::default()
        },
        Options {
            documentation: Some("http://pets.test".into()),
            ..Options::default()
        },
    ] {
        let workspace = Workspace::new();
        for inputs in [
            [("pets.yaml", YAML)],
            [("pets.md", &*page(&[published("a", "get", "/a")]))],
        ] {
            let error = make(&workspace, &options, &inputs).unwrap_err().to_string();
            assert!(error.contains("note: the file is not written"), "{error}");
            assert!(!workspace.exists("specs/pets"));
        }
    }
}

#[test]
fn a_document_with_unresolved_references_is_partial() {
    let mut broken = pets();
    broken["paths"]["/pets"]["get"]["responses"]["200"] = response(schema("Nothing"));
    let workspace = Workspace::new();
    make(
        &workspace,
        &Options::default(),
        &[("a.json", &broken.to_string())],
    )
    .unwrap();
    assert!(
        workspace
            .read("specs/pets/api.toml")
            .contains("\npartial = true\n")
    );
    let workspace = Workspace::new();
    make(
        &workspace,
        &Options::default(),
        &[("a.json", &pets().to_string())],
    )
    .unwrap();
    assert!(!workspace.read("specs/pets/api.toml").contains("partial"));
}

/// Creates an API from a document in `given/`, which is the first of the files.
fn made_of_files(options: &Options, files: &[(&str, &str)]) -> (Workspace, Result<Vec<String>>) {
    let workspace = Workspace::new();
    for (name, text) in files {
        workspace.write(&format!("given/{name}"), text);
    }
    let document = workspace.root().join("given").join(files[0].0);
    let given = source::read(document.to_str().unwrap(), None).unwrap();
    let new = new::prepare(workspace.root(), "pets", options, vec![given], "2026-01-02");
    let report = new.and_then(|new| {
        new.plan.carry_out(workspace.root())?;
        Ok(new.report)
    });
    (workspace, report)
}

const SPLIT: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets: {$ref: paths/pets.yaml}
";

#[test]
fn files_next_to_a_document_are_copied_and_read() {
    let pets = "get: {operationId: listPets, responses: {200: {description: OK, content: {application/json: {schema: {$ref: ../pet.json}}}}}}";
    let files = [
        ("api.yaml", SPLIT),
        ("paths/pets.yaml", pets),
        (
            "pet.json",
            r#"{"type": "object", "properties": {"name": {"type": "string"}}}"#,
        ),
        ("unused.yaml", "a: 1"),
    ];
    let (workspace, report) = made_of_files(&Options::default(), &files);
    let report = report.unwrap();
    assert!(
        report[0].ends_with("given/api.yaml and 2 referenced files"),
        "{report:?}"
    );
    assert_eq!(workspace.read("specs/pets/source/api.yaml"), SPLIT);
    assert_eq!(workspace.read("specs/pets/source/paths/pets.yaml"), pets);
    assert!(!workspace.exists("specs/pets/source/unused.yaml"));
    let settings = workspace.read("specs/pets/api.toml");
    assert!(
        settings.contains("document = \"source/api.yaml\"\n"),
        "{settings}"
    );
    assert!(!settings.contains("partial"), "{settings}");
    // The given files are no longer needed.
    std::fs::remove_dir_all(workspace.root().join("given")).unwrap();
    let normalised = normalised(&workspace);
    assert_eq!(
        normalised["components"]["schemas"]["Pet"]["properties"]["name"]["type"],
        "string"
    );
}

#[test]
fn files_outside_the_folder_of_a_document_are_read_if_permitted() {
    let main = SPLIT.replace("paths/pets.yaml", "../shared/pets.yaml");
    let files = [
        ("v1/api.yaml", &*main),
        (
            "shared/pets.yaml",
            "get: {operationId: listPets, responses: {204: {description: OK}}}",
        ),
    ];
    let (workspace, report) = made_of_files(&Options::default(), &files);
    let report = report.unwrap().join("\n");
    assert!(
        report.contains("skipped ../shared/pets.yaml: it is outside the folder of the document; `--files FOLDER`"),
        "{report}"
    );
    assert!(
        report.contains("no operations: the path `/pets` refers to `../shared/pets.yaml`"),
        "{report}"
    );
    assert!(
        workspace
            .read("specs/pets/api.toml")
            .contains("partial = true")
    );

    let outer = Workspace::new();
    for (name, text) in &files {
        outer.write(&format!("given/{name}"), text);
    }
    let options = Options {
        files: Some(outer.root().join("given")),
        ..Options::default()
    };
    let given = outer.root().join("given/v1/api.yaml");
    let given = source::read(given.to_str().unwrap(), None).unwrap();
    let new = new::prepare(outer.root(), "pets", &options, vec![given], "2026-01-02").unwrap();
    new.plan.carry_out(outer.root()).unwrap();
    assert!(outer.exists("specs/pets/source/shared/pets.yaml"));
    assert!(normalised(&outer)["paths"]["/pets"]["get"].is_object());
}

#[test]
fn a_missing_or_remote_file_is_reported() {
    let main = SPLIT.to_owned()
        + "  /users: {$ref: 'https://acme.test/users.yaml'}\n  /ping: {get: {operationId: ping, responses: {204: {description: OK}}}}\n";
    let (_, report) = made_of_files(&Options::default(), &[("api.yaml", &main)]);
    let report = report.unwrap().join("\n");
    assert!(
        report.contains(
            "skipped paths/pets.yaml: there is no such file in the folder of the document"
        ),
        "{report}"
    );
    assert!(
        report.contains("skipped https://acme.test/users.yaml: no address is fetched"),
        "{report}"
    );
}

#[test]
fn files_next_to_a_hand_written_document_are_read() {
    let workspace = Workspace::new();
    workspace.write("specs/acme/spec.yaml", SPLIT);
    workspace.write(
        "specs/acme/paths/pets.yaml",
        "get: {operationId: listPets, responses: {204: {description: OK}}}",
    );
    let normalised = workspace.normalise().unwrap();
    assert!(normalised.document["paths"]["/pets"]["get"].is_object());
}

#[test]
fn a_document_without_an_operation_is_reported_with_the_reason() {
    for (rest, why) in [
        ("paths: {}", "the document has no paths"),
        (
            "components: {schemas: {A: {type: string}}}",
            "the document has no paths",
        ),
        (
            "webhooks: {a: {post: {}}, b: {post: {}}}",
            "it has 2 webhooks, which the service sends",
        ),
        (
            "paths: {/a: {summary: A}}",
            "none of the 1 paths of the document has an operation",
        ),
    ] {
        let workspace = Workspace::new();
        let text = format!("openapi: 3.1.0\ninfo: {{title: A, version: '1'}}\n{rest}\n");
        let report = make(&workspace, &Options::default(), &[("a.yaml", &text)]).unwrap();
        assert!(report[1].starts_with("no operations: "), "{report:?}");
        assert!(report[1].contains(why), "{report:?}");
    }
}

#[test]
fn a_rust_keyword_may_be_the_name_of_an_api() {
    let workspace = Workspace::new();
    workspace.write("box.yaml", YAML);
    let given = workspace.root().join("box.yaml");
    let given = source::read(given.to_str().unwrap(), None).unwrap();
    let new = new::prepare(
        workspace.root(),
        "box",
        &Options::default(),
        vec![given],
        "2026-01-02",
    )
    .unwrap();
    new.plan.carry_out(workspace.root()).unwrap();
    let api = Api::read(workspace.root(), "box").unwrap();
    assert_eq!(api.settings.module, "box_api");
    assert_eq!(api.settings.feature, "box");
    // The prefix of this workspace makes the package name valid; without it, the package would be `box-api`.
    assert_eq!(api.package(), "specmill-box");
}
