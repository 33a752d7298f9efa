//! Every fact of the vendors' pages, as tables of our own, in the normalised documents.
//!
//! Panther's users page has two forms: the Markdown contains documents and permissions, and the rendered page adds the beta
//! note. Samsung's `ListUsers` page exists in five versions.

use serde_json::Value;
use specmill_openapi::document::lookup;

use crate::snapshots::document_of;

/// The rows of a table, without indentation.
fn rows(table: &str) -> Vec<String> {
    table
        .lines()
        .map(str::trim)
        .filter(|row| !row.is_empty())
        .map(str::to_owned)
        .collect()
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value
        .get("$ref")
        .and_then(Value::as_str)
        .map_or(value, |reference| lookup(document, reference).unwrap())
}

/// A short form of a type: `integer int64 1..60 = 60`, `array of string`, `UserRole`.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.rsplit('/').next().unwrap().to_owned();
    }
    let mut words = schema["type"].as_str().unwrap_or("any").to_owned();
    if let Some(items) = schema.get("items") {
        words += &format!(" of {}", kind(items));
    }
    if let Some(format) = schema.get("format") {
        words += &format!(" {}", format.as_str().unwrap());
    }
    if schema.get("minimum").is_some() || schema.get("maximum").is_some() {
        words += &format!(" {}..{}", schema["minimum"], schema["maximum"]);
    }
    if let Some(values) = schema.get("enum") {
        words += &format!(" {values}");
    }
    if schema.get("nullable").is_some() {
        words += " or null";
    }
    if let Some(default) = schema.get("default") {
        words += &format!(" = {default}");
    }
    words
}

fn requiredness(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

/// `name | place | requiredness | type | description | example` of each parameter of an operation.
fn parameters(document: &Value, path: &str, method: &str) -> Vec<String> {
    let parameters = document["paths"][path][method]["parameters"].as_array();
    let rows = parameters.into_iter().flatten().map(|parameter| {
        let parameter = resolve(document, parameter);
        let text = |member: &str| {
            parameter
                .get(member)
                .map_or("-".to_owned(), |value| value.to_string().replace('"', ""))
        };
        let required = requiredness(parameter.get("required") == Some(&Value::Bool(true)));
        let (name, place, kind) = (text("name"), text("in"), kind(&parameter["schema"]));
        format!(
            "{name} | {place} | {required} | {kind} | {} | {}",
            text("description"),
            text("example")
        )
    });
    rows.collect()
}

/// `status | description | schema` of each response of an operation.
fn responses(document: &Value, path: &str, method: &str) -> Vec<String> {
    let responses = document["paths"][path][method]["responses"]
        .as_object()
        .unwrap();
    let rows = responses
        .iter()
        .filter(|(status, _)| *status != "default")
        .map(|(status, response)| {
            let schema = response
                .pointer("/content/application~1json/schema")
                .map_or("-".to_owned(), kind);
            format!(
                "{status} | {} | {schema}",
                response["description"].as_str().unwrap()
            )
        });
    rows.collect()
}

/// `name | requiredness | type | description` of each field of a schema.
fn fields(document: &Value, schema: &str) -> Vec<String> {
    let schema = &document["components"]["schemas"][schema];
    let rows = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, field)| {
            let required = schema["required"]
                .as_array()
                .is_some_and(|required| required.iter().any(|one| one == name.as_str()));
            let description = field["description"].as_str().unwrap_or("-");
            format!(
                "{name} | {} | {} | {description}",
                requiredness(required),
                kind(field)
            )
        });
    rows.collect()
}

mod panther {
    use super::*;

    fn document() -> Value {
        document_of("panther")
    }

    #[test]
    fn five_operations_with_their_permissions_and_the_beta_note() {
        let document = document();
        let mut found = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let text = |member: &str| operation[member].as_str().unwrap();
                found.push(format!(
                    "{} {path} | {} | {} | {} | {} | {} | {}",
                    method.to_uppercase(),
                    text("operationId"),
                    operation["x-source"]["operation"].as_str().unwrap(),
                    text("summary"),
                    operation["tags"][0].as_str().unwrap(),
                    text("x-required-permission"),
                    text("description"),
                ));
            }
        }
        let expected = "
            GET /users | user_list | user#list | List users | user | Read User Info | In open beta since Panther 1.112.
            POST /users | user_create | user#create | Create a user | user | Manage Users | In open beta since Panther 1.112.
            GET /users/{id} | user_get | user#get | Get a user | user | Read User Info | In open beta since Panther 1.112.
            POST /users/{id} | user_update | user#update | Update a user | user | Manage Users | In open beta since Panther 1.112.
            DELETE /users/{id} | user_delete | user#delete | Delete a user | user | Manage Users | In open beta since Panther 1.112.
        ";
        assert_eq!(found, rows(expected));
    }

    #[test]
    fn the_parameters_of_the_list() {
        let expected = "
            cursor | query | optional | string | Pagination token | -
            limit | query | optional | integer int64 1..60 = 60 | Maximum number of results to return | -
            contains | query | optional | string | Search name and email fields in a case-insensitive fashion | -
            email | query | optional | string | An exact match of a user's email to return. If provided all other parameters are ignored | -
            id | query | optional | array of string | Set of IDS to return | -
            ids | query | optional | string | A comma delimited list of IDs | -
            include-deactivated | query | optional | boolean | Include deactivated users | -
            status | query | optional | string | Show only users with this Cognito status | -
        ";
        assert_eq!(parameters(&document(), "/users", "get"), rows(expected));
    }

    #[test]
    fn one_user_is_identified_by_an_id_in_the_path() {
        for method in ["get", "post", "delete"] {
            let expected = [
                "id | path | required | string | ID of the user | 9a45cd88-8d59-40d6-8144-5b6a189663f5",
            ];
            assert_eq!(
                parameters(&document(), "/users/{id}", method),
                expected,
                "{method}"
            );
        }
        assert_eq!(parameters(&document(), "/users", "post"), [] as [String; 0]);
    }

    #[test]
    fn both_bodies_are_required_and_share_a_schema() {
        for path in ["/users", "/users/{id}"] {
            let body = &document()["paths"][path]["post"]["requestBody"];
            assert_eq!(body["required"], true);
            assert_eq!(
                kind(body.pointer("/content/application~1json/schema").unwrap()),
                "ModifyUser"
            );
        }
    }

    #[test]
    fn the_responses_of_each_operation() {
        const BAD: &str = "400 | bad_request: Bad Request response. | Error";
        const GONE: &str = "404 | not_found: Not Found response. | Error";
        const USER: &str = "200 | OK response. | User";
        let document = document();
        assert_eq!(
            responses(&document, "/users", "get"),
            ["200 | OK response. | UserListResp"]
        );
        assert_eq!(responses(&document, "/users", "post"), [USER, BAD]);
        assert_eq!(
            responses(&document, "/users/{id}", "get"),
            [USER, BAD, GONE]
        );
        assert_eq!(
            responses(&document, "/users/{id}", "post"),
            [USER, BAD, GONE]
        );
        assert_eq!(
            responses(&document, "/users/{id}", "delete"),
            ["200 | OK response. | -", BAD, GONE]
        );
    }

    #[test]
    fn an_undeclared_status_is_an_error_too() {
        let document = document();
        for item in document["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let schema =
                    operation.pointer("/responses/default/content/application~1json/schema");
                assert_eq!(kind(schema.unwrap()), "Error");
            }
        }
    }

    #[test]
    fn the_fields_of_every_schema() {
        let document = document();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["Error", "ModifyUser", "User", "UserListResp", "UserRole"]
        );
        let user = "
            createdAt | optional | string | -
            email | required | string | The email address of the user
            enabled | required | boolean | Whether the user is active or deactivated
            familyName | required | string | The family/last name of the user
            givenName | required | string | The given/first name of the user
            id | optional | string | ID of the user
            lastLoggedInAt | optional | string | -
            role | required | UserRole | -
            status | optional | string | The Cognito auth-related status of this User
        ";
        assert_eq!(fields(&document, "User"), rows(user));
        let modify = "
            email | required | string | The email address of the user
            familyName | required | string | The family/last name of the user
            givenName | required | string | The given/first name of the user
            role | required | UserRole | -
        ";
        assert_eq!(fields(&document, "ModifyUser"), rows(modify));
        let list = "
            next | optional | string | Pagination token for the next page of results
            results | required | array of User | -
        ";
        assert_eq!(fields(&document, "UserListResp"), rows(list));
        let role = "
            id | optional | string | The id of the role. Note: id should be excluded if name is provided during a modify operation
            name | optional | string | The name of the role. Note: name should be excluded if id is provided during a modify operation
        ";
        assert_eq!(fields(&document, "UserRole"), rows(role));
        assert_eq!(
            fields(&document, "Error"),
            ["message | required | string | -"]
        );
    }

    #[test]
    fn the_published_names_are_kept() {
        let document = document();
        for (name, published) in [
            ("User", "UserAPI.User"),
            ("ModifyUser", "UserAPI.ModifyUser"),
            ("UserListResp", "UserAPI.ListResp"),
            ("UserRole", "UserAPI.Role"),
        ] {
            assert_eq!(
                document["components"]["schemas"][name]["x-published-name"],
                published
            );
        }
    }

    #[test]
    fn the_list_pages_by_cursor() {
        let document = document();
        let paging = &document["paths"]["/users"]["get"]["x-paging"];
        assert_eq!(
            paging.to_string(),
            r#"{"kind":"cursor","parameter":"cursor","next":"next","items":"results"}"#
        );
    }

    #[test]
    fn the_base_url_and_the_header_of_the_key() {
        let document = document();
        assert_eq!(document["info"]["title"], "Panther REST API");
        assert_eq!(document["info"]["version"], "1.0");
        assert_eq!(
            document["tags"][0]["description"],
            "The user api handles all operations for users"
        );
        assert_eq!(document["servers"][0]["url"], "https://{api_host}");
        assert_eq!(
            document["servers"][0]["variables"]["api_host"]["default"],
            "your-api-host"
        );
        assert_eq!(document["security"][0]["ApiKeyAuth"], serde_json::json!([]));
        let key = &document["components"]["securitySchemes"]["ApiKeyAuth"];
        assert_eq!(
            (&key["type"], &key["in"], &key["name"]),
            (&"apiKey".into(), &"header".into(), &"X-API-Key".into())
        );
    }
}

mod identity_center {
    use super::*;

    fn document() -> Value {
        document_of("scp-identity-center")
    }

    #[test]
    fn the_operation() {
        let document = document();
        let operation = &document["paths"]["/v1/users"]["get"];
        assert_eq!(operation["x-source"]["operation"], "ListUsers");
        assert_eq!(operation["operationId"], "list_users");
        assert_eq!(operation["summary"], "get users list");
    }

    #[test]
    fn the_parameters_of_the_query() {
        let document = document();
        let parameters = parameters(&document, "/v1/users", "get")
            .into_iter()
            .filter(|row| row.contains("| query |"));
        let expected = "
            size | query | optional | integer = 20 | size | 20
            page | query | optional | integer = 0 | page | 0
            sort | query | optional | string | sort | created_at:desc
            instance_id | query | required | string | Instance ID | ssoins-12345
            user_id | query | optional | string | User Login ID | johndoe
            excluded_group_id | query | optional | string | Group ID | 138c2fc8c29a449dbfa8681f8f1d78e2
            excluded_account_id | query | optional | string | Account ID | 1234ab567cd64769e8f9g490hi304891
        ";
        assert_eq!(parameters.collect::<Vec<_>>(), rows(expected));
    }

    #[test]
    fn the_headers_of_a_request() {
        let document = document();
        let mut names: Vec<String> = ["ApiVersion", "Language"]
            .map(|name| {
                document["components"]["parameters"][name]["name"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .into();
        for scheme in document["components"]["securitySchemes"]
            .as_object()
            .unwrap()
            .values()
        {
            assert_eq!(scheme["in"], "header");
            names.push(scheme["name"].as_str().unwrap().to_owned());
        }
        names.sort();
        let expected = [
            "Accept-Language",
            "Scp-Accesskey",
            "Scp-Api-Version",
            "Scp-ClientType",
            "Scp-Signature",
            "Scp-Timestamp",
        ];
        assert_eq!(names, expected);
        let parameters = &document["components"]["parameters"];
        assert_eq!(
            parameters["ApiVersion"]["example"],
            "iam-identity-center 1.4"
        );
        assert_eq!(parameters["Language"]["example"], "en-US");
        let client_type = document["components"]["securitySchemes"]["ClientType"]["description"]
            .as_str()
            .unwrap();
        assert!(client_type.contains("`Openapi`"));
    }

    #[test]
    fn the_responses() {
        let expected = "
            200 | OK | UserPageResponse
            400 | Bad Request | -
            401 | Unauthorized | -
            403 | Forbidden | -
            404 | Not Found | -
        ";
        assert_eq!(responses(&document(), "/v1/users", "get"), rows(expected));
    }

    #[test]
    fn the_example_of_the_page() {
        let document = document();
        let operation = &document["paths"]["/v1/users"]["get"];
        let example = operation
            .pointer("/responses/200/content/application~1json/example")
            .unwrap();
        assert_eq!(
            example.to_string(),
            r#"{"count":20,"page":0,"size":20,"sort":["created_at:asc"],"users":[{"id":"138c2fc8c29a449dbfa8681f8f1d78e2","name":"John Doe","user_id":"johndoe"}]}"#
        );
    }

    #[test]
    fn the_fields_of_the_response() {
        let document = document();
        let types = |schema: &str| -> Vec<String> {
            let rows = fields(&document, schema).into_iter();
            rows.map(|row| row.rsplit_once(" | ").unwrap().0.to_owned())
                .collect()
        };
        let page = "
            count | required | integer
            page | required | integer
            size | required | integer
            sort | optional | array of string or null
            users | required | array of User
        ";
        assert_eq!(types("UserPageResponse"), rows(page));
        assert_eq!(
            types("User"),
            [
                "id | required | string",
                "name | required | string",
                "user_id | required | string"
            ]
        );
    }

    #[test]
    fn the_five_versions_with_state_and_date() {
        let document = document();
        let versions = document["x-api-versions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| {
                let text = |member: &str| version[member].as_str().unwrap_or("-");
                format!(
                    "{} | {} | {}",
                    text("version"),
                    text("state"),
                    text("not_before")
                )
            });
        let expected = "
            1.4 | CURRENT | -
            1.3 | SUPPORTED | 2026-11-30
            1.2 | SUPPORTED | 2026-09-30
            1.1 | DEPRECATED | 2026-05-31
            1.0 | DEPRECATED | 2026-02-23
        ";
        assert_eq!(versions.collect::<Vec<_>>(), rows(expected));
    }

    #[test]
    fn the_base_urls_by_region_and_environment() {
        let document = document();
        let mut pairs = Vec::new();
        for server in document["servers"].as_array().unwrap() {
            assert_eq!(
                server["url"],
                "https://iam-identity-center.{region}.{environment}.samsungsdscloud.com"
            );
            let values = |name: &str| {
                server["variables"][name]["enum"]
                    .as_array()
                    .unwrap()
                    .clone()
            };
            for environment in values("environment") {
                for region in values("region") {
                    pairs.push(format!(
                        "{} {}",
                        environment.as_str().unwrap(),
                        region.as_str().unwrap()
                    ));
                }
            }
        }
        let expected = [
            "s kr-west1",
            "s kr-east1",
            "e kr-west1",
            "e kr-east1",
            "g kr-south1",
            "g kr-south2",
            "g kr-south3",
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn the_list_pages_by_number_from_0() {
        let document = document();
        assert_eq!(
            document["paths"]["/v1/users"]["get"]["x-paging"].to_string(),
            r#"{"kind":"page","parameter":"page","first":0,"size":"size","items":"users"}"#
        );
    }

    #[test]
    fn version_discovery_is_not_signed() {
        let document = document();
        let operation = &document["paths"]["/"]["get"];
        assert_eq!(operation["security"], serde_json::json!([]));
        assert_eq!(responses(&document, "/", "get"), ["200 | OK | VersionList"]);
        let types: Vec<String> = fields(&document, "Version")
            .into_iter()
            .map(|row| row.rsplit_once(" | ").unwrap().0.to_owned())
            .collect();
        let expected = "
            id | required | string
            status | required | VersionStatus
            not_before | optional | string or null
            links | optional | array of VersionLink or null
        ";
        assert_eq!(types, rows(expected));
        assert_eq!(
            kind(&document["components"]["schemas"]["VersionStatus"]),
            r#"string ["CURRENT","SUPPORTED","PLANNED","DEPRECATED"]"#
        );
    }

    #[test]
    fn one_error_schema_accepts_every_observed_body() {
        let document = document();
        let seen = [
            (
                "Error",
                vec![
                    "errors",
                    "timestamp",
                    "path",
                    "status",
                    "error",
                    "requestId",
                    "name",
                    "message",
                    "code",
                    "service",
                    "params",
                ],
            ),
            (
                "ErrorItem",
                vec![
                    "code",
                    "detail",
                    "global_request_id",
                    "links",
                    "related_resources",
                    "request_id",
                    "response",
                    "status",
                    "title",
                ],
            ),
        ];
        for (schema, members) in seen {
            let schema = &document["components"]["schemas"][schema];
            assert!(schema.get("required").is_none());
            for member in members {
                assert!(schema["properties"].get(member).is_some(), "{member}");
            }
        }
    }
}
