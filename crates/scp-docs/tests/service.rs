//! A service with ten operations, from its pages to a client: what the tool asks for is three steps at most, each of them named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use scp_docs::draft;
use scp_docs::printed::Source;
use scp_docs::verify::read_pages;
use serde_json::{Value, json};
use specmill_openapi::document::parse_yaml;

const COMPUTE: &str = include_str!("printed-pages/compute/compute.txt");
const MODELS: &str = include_str!("printed-pages/compute/compute-models.txt");

fn drafts(pages: &[&str]) -> Vec<Value> {
    let sources: Vec<_> = pages
        .iter()
        .map(|page| Source::new("page.txt", page.as_bytes().to_vec()).unwrap())
        .collect();
    let pages = read_pages(&sources).unwrap();
    let drafts = draft::drafts(&pages);
    for draft in &drafts {
        assert_eq!(draft.notes, Vec::<String>::new());
    }
    drafts
        .iter()
        .map(|draft| parse_yaml(&draft.to_yaml().unwrap()).unwrap())
        .collect()
}

fn drafted() -> Value {
    drafts(&[COMPUTE, MODELS]).remove(0)
}

#[test]
fn a_whole_page_leaves_no_mark() {
    let document = drafted();
    assert!(!document.to_string().contains("x-unknown"), "{document:#}");
    assert_eq!(
        document["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|item| item.as_object().unwrap().len())
            .sum::<usize>(),
        10
    );
}

#[test]
fn the_base_url_has_its_environments_and_regions_as_pairs() {
    let servers = &drafted()["servers"];
    let url = "https://compute.{region}.{environment}.acme-cloud.test";
    let variable = |default: &str, values: Value, description: &str| json!({"default": default, "enum": values, "description": description});
    let of = |region: Value, environment: Value| json!({"url": url, "variables": {"region": region, "environment": environment}});
    let named = |mut variable: Value, names: Value| {
        variable["x-names"] = names;
        variable
    };
    let (regions, environments) = (
        "The region of the service.",
        "The environment of the platform.",
    );
    assert_eq!(
        servers,
        &json!([
            of(
                variable("kr-west1", json!(["kr-west1"]), regions),
                named(
                    variable("s", json!(["s"]), environments),
                    json!({"s": "Samsung"})
                )
            ),
            of(
                variable("kr-west1", json!(["kr-west1", "kr-east1"]), regions),
                named(
                    variable("e", json!(["e"]), environments),
                    json!({"e": "Enterprise"})
                )
            ),
            of(
                variable("kr-south1", json!(["kr-south1"]), regions),
                named(
                    variable("g", json!(["g"]), environments),
                    json!({"g": "Sovereign"})
                )
            ),
        ])
    );
}

#[test]
fn the_versions_of_the_service_are_those_of_its_own_table() {
    assert_eq!(
        drafted()["x-api-versions"],
        json!([
            {"version": "1.2", "state": "CURRENT"},
            {"version": "1.1", "state": "SUPPORTED", "not_before": "2027-01-31"},
        ])
    );
}

#[test]
fn limits_are_limits_and_no_part_of_the_example() {
    let document = drafted();
    let parameters = &document["paths"]["/v1/servers"]["get"]["parameters"];
    assert_eq!(
        parameters[2]["schema"],
        json!({"type": ["integer", "null"], "default": 20, "minimum": 1, "maximum": 100})
    );
    assert_eq!(
        parameters[4],
        json!({
            "name": "name", "in": "query", "description": "Name", "example": "web-1",
            "schema": {"type": ["string", "null"], "pattern": "^[a-z0-9-]+$", "minLength": 1, "maxLength": 63}
        })
    );
    let gigabytes = &document["components"]["schemas"]["Volume"]["properties"]["gigabytes"];
    assert_eq!(
        (&gigabytes["minimum"], &gigabytes["example"]),
        (&json!(1), &json!(10))
    );
}

#[test]
fn lists_page_from_the_default_of_the_page_on() {
    let document = drafted();
    for (path, items) in [("/v1/servers", "servers"), ("/v1/volumes", "volumes")] {
        assert_eq!(
            document["paths"][path]["get"]["x-paging"],
            json!({"kind": "page", "parameter": "page", "first": 0, "size": "size", "items": items})
        );
    }
    let from_one = COMPUTE.replace(
        "Example : 0\nany of [integer, null]0",
        "Example : 1\nany of [integer, null]1",
    );
    let document = drafts(&[&from_one, MODELS]).remove(0);
    assert_eq!(
        document["paths"]["/v1/servers"]["get"]["x-paging"]["first"],
        1
    );
    // A list whose first page nobody tells gets a mark.
    let untold = COMPUTE.replace("any of [integer, null]0", "any of [integer, null]None");
    let document = drafts(&[&untold, MODELS]).remove(0);
    assert_eq!(
        document["paths"]["/v1/servers"]["get"]["x-unknown"],
        json!(["x-paging"])
    );
}

#[test]
fn a_list_by_marker_pages_by_the_field_that_brings_the_next_one() {
    let page = COMPUTE
        .replace("querysize", "querylimit")
        .replace("querypage", "querymarker")
        .replace("any of [integer, null]0", "any of [string, null]None")
        .replace("\"page\": 0", "\"next_marker\": \"a\"");
    let models = MODELS.replace(
        "page\nrequired\nThe page\ninteger",
        "next_marker\noptional\nThe next\nany of [string, null]",
    );
    let document = drafts(&[&page, &models]).remove(0);
    assert_eq!(
        document["paths"]["/v1/volumes"]["get"]["x-paging"],
        json!({"kind": "cursor", "parameter": "marker", "next": "next_marker", "items": "volumes"})
    );
}

#[test]
fn a_title_of_several_words_names_its_operation() {
    let document = drafted();
    let lock = &document["paths"]["/v1/servers/{server_id}/lock"]["post"];
    assert_eq!(
        (&lock["operationId"], &lock["x-source"]["operation"]),
        (&json!("LockServer"), &json!("Lock Server"))
    );
}

#[test]
fn a_title_that_several_operations_stand_under_names_none_of_them() {
    let one = &COMPUTE[..COMPUTE.find("\nCreateServer").unwrap()];
    let create =
        &COMPUTE[COMPUTE.find("2.1 - 1.2").unwrap()..COMPUTE.find("\nShowServer").unwrap()];
    let page = format!("{}\n{create}", one.replace("ListServers", "Servers"));
    let document = drafts(&[&page, MODELS]).remove(0);
    let operations = &document["paths"]["/v1/servers"];
    assert_eq!(operations["get"]["operationId"], "get_v1_servers");
    assert_eq!(operations["post"]["operationId"], "post_v1_servers");
    assert_eq!(operations["post"]["x-unknown"], json!(["operationId"]));
}

#[test]
fn pages_of_several_services_are_a_document_for_each() {
    let other = COMPUTE
        .replace("compute", "storage")
        .replace("/v1/servers", "/v1/buckets")
        .replace("Server", "Bucket");
    let models = MODELS.replace("Server", "Bucket");
    let drafts = drafts(&[COMPUTE, MODELS, &other, &models]);
    let titles: Vec<_> = drafts
        .iter()
        .map(|document| document["info"]["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["compute", "storage"]);
    let schemas = |index: usize| -> Vec<&String> {
        drafts[index]["components"]["schemas"]
            .as_object()
            .unwrap()
            .keys()
            .collect()
    };
    assert_eq!(
        schemas(0),
        [
            "Server",
            "ServerCreateRequest",
            "ServerPage",
            "Volume",
            "VolumePage"
        ]
    );
    assert_eq!(
        schemas(1),
        [
            "Bucket",
            "BucketCreateRequest",
            "BucketPage",
            "Volume",
            "VolumePage"
        ]
    );
    assert_eq!(
        drafts[1]["servers"][0]["url"],
        "https://storage.{region}.{environment}.acme-cloud.test"
    );
}
