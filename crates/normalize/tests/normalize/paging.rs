//! Paged lists are recognised and recorded.

use serde_json::{Value, json};

use specmill_scratch::{document, normalise_with, response, schema};

const SETTINGS: &str = "[paging]\ncursor = \"cursor\"\nnext = \"next\"\nitems = \"results\"\n";

fn list(method: &str, parameters: Value, properties: Value) -> Value {
    let operation = json!({"operationId": "list", "parameters": parameters, "responses": {
        "204": {"description": "Nothing"}, "200": response(schema("Page"))
    }});
    document(
        json!({"/users": {method: operation}}),
        json!({"Page": {"type": "object", "properties": properties}}),
    )
}

fn cursor() -> Value {
    json!([{"name": "cursor", "in": "query", "schema": {"type": "string"}}])
}

fn page() -> Value {
    json!({"next": {"type": "string"}, "results": {"type": "array", "items": {"type": "string"}}})
}

fn paging(method: &str, document: &Value) -> Option<Value> {
    let document = normalise_with(SETTINGS, document).unwrap().document;
    document["paths"]["/users"][method].get("x-paging").cloned()
}

#[test]
fn a_list_that_takes_a_cursor_and_returns_the_next_one_is_paged() {
    let recorded =
        json!({"kind": "cursor", "parameter": "cursor", "next": "next", "items": "results"});
    assert_eq!(
        paging("get", &list("get", cursor(), page())),
        Some(recorded)
    );
}

#[test]
fn the_last_item_is_identified_by_the_property_that_the_parameter_names() {
    let list_of = |description: &str| {
        let parameters = json!([{
            "name": "starting_after", "in": "query", "description": description, "schema": {"type": "string"}
        }]);
        let item = json!({"type": "object", "properties": {"token": {"type": "string"}}});
        let items = json!({"type": "array", "items": item});
        list(
            "get",
            parameters,
            json!({"data": items, "has_more": {"type": "boolean"}}),
        )
    };
    let recorded = json!({
        "kind": "last-item", "parameter": "starting_after", "id": "token", "more": "has_more", "items": "data"
    });
    let named = list_of("An item's token, after which the page begins.");
    assert_eq!(paging("get", &named), Some(recorded));
    for other in ["The token of the next page.", "The item to begin after."] {
        assert_eq!(paging("get", &list_of(other)), None, "{other}");
    }
}

#[test]
fn the_start_of_a_range_is_not_an_offset() {
    let query = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "integer"}});
    let items = || json!({"items": {"type": "array", "items": {"type": "string"}}});
    let offset = list("get", json!([query("from"), query("limit")]), items());
    assert_eq!(paging("get", &offset).unwrap()["kind"], "offset");
    for (begin, end) in [("from", "to"), ("start", "end")] {
        let parameters = json!([query(begin), query(end), query("limit")]);
        assert_eq!(paging("get", &list("get", parameters, items())), None);
    }
}

#[test]
fn a_next_link_is_followed_if_it_contains_a_token_and_a_number() {
    let query =
        |name: &str, kind: &str| json!({"name": name, "in": "query", "schema": {"type": kind}});
    let page = json!({
        "users": {"type": "array", "items": {"type": "string"}}, "page": {"type": "integer"},
        "next_page_uri": {"type": "string", "format": "uri"}
    });
    let parameters = json!([
        query("Page", "integer"),
        query("PageSize", "integer"),
        query("PageToken", "string")
    ]);
    let recorded = json!({"kind": "link", "next": "next_page_uri", "items": "users"});
    assert_eq!(
        paging("get", &list("get", parameters, page.clone())),
        Some(recorded)
    );
    let number = json!([query("Page", "integer"), query("PageSize", "integer")]);
    assert_eq!(
        paging("get", &list("get", number, page)).unwrap()["kind"],
        "page"
    );
}

#[test]
fn a_list_that_returns_a_cursor_but_takes_none_is_not_paged() {
    assert_eq!(paging("get", &list("get", json!([]), page())), None);
}

#[test]
fn a_required_or_non_string_parameter_is_not_a_cursor() {
    let required =
        json!([{"name": "cursor", "in": "query", "required": true, "schema": {"type": "string"}}]);
    assert_eq!(paging("get", &list("get", required, page())), None);
    let number = json!([{"name": "cursor", "in": "query", "schema": {"type": "integer"}}]);
    assert_eq!(paging("get", &list("get", number, page())), None);
    let header = json!([{"name": "cursor", "in": "header", "schema": {"type": "string"}}]);
    assert_eq!(paging("get", &list("get", header, page())), None);
}

#[test]
fn a_response_without_next_or_items_is_not_paged() {
    assert_eq!(
        paging(
            "get",
            &list(
                "get",
                cursor(),
                json!({"results": {"type": "array", "items": {}}})
            )
        ),
        None
    );
    assert_eq!(
        paging(
            "get",
            &list("get", cursor(), json!({"next": {"type": "string"}}))
        ),
        None
    );
    let no_array = json!({"next": {"type": "string"}, "results": {"type": "object"}});
    assert_eq!(paging("get", &list("get", cursor(), no_array)), None);
}

#[test]
fn an_operation_other_than_get_is_not_paged() {
    assert_eq!(paging("post", &list("post", cursor(), page())), None);
}

#[test]
fn declared_paging_is_checked() {
    let parameters = json!([
        {"name": "page", "in": "query", "schema": {"type": "integer"}},
        {"name": "size", "in": "query", "schema": {"type": "integer"}}
    ]);
    let mut given = list("get", parameters, page());
    let right = json!({"kind": "page", "parameter": "page", "first": 0, "size": "size", "items": "results"});
    given["paths"]["/users"]["get"]["x-paging"] = right.clone();
    assert_eq!(paging("get", &given), Some(right.clone()));
    for (member, wrong, problem) in [
        (
            "kind",
            json!("pages"),
            "the kind `pages` is not `cursor`, `header-cursor`, `body-cursor`, `last-item`, `page`, `offset` or `link`",
        ),
        (
            "parameter",
            json!("number"),
            "there is no query parameter `number`",
        ),
        ("first", json!("zero"), "`first` is not a number"),
        (
            "size",
            json!("limit"),
            "there is no query parameter `limit`",
        ),
        ("more", json!("more"), "the response has no field `more`"),
        ("items", json!("users"), "the response has no field `users`"),
        (
            "items",
            json!("next"),
            "the type of the field `next` is not array",
        ),
    ] {
        let mut given = given.clone();
        given["paths"]["/users"]["get"]["x-paging"][member] = wrong;
        let error = normalise_with(SETTINGS, &given).unwrap_err();
        assert_eq!(error.message(), format!("`x-paging` is invalid: {problem}"));
    }
}

/// A list with these query parameters, each with a name and a type, and this success response with its declared headers.
fn given(parameters: &[(&str, &str)], success: Value, headers: &[&str]) -> Value {
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|(name, kind)| {
            let (kind, more) = kind.split_once(' ').unwrap_or((kind, "{}"));
            let mut schema: Value = serde_json::from_str(more).unwrap();
            schema["type"] = json!(kind);
            json!({"name": name, "in": "query", "schema": schema})
        })
        .collect();
    let headers: serde_json::Map<String, Value> = headers
        .iter()
        .map(|name| ((*name).to_owned(), json!({"schema": {"type": "string"}})))
        .collect();
    let mut success = response(success);
    success["headers"] = json!(headers);
    let item = json!({"type": "object", "properties": {"id": {"type": "string"}}});
    document(
        json!({"/users": {"get": {"operationId": "list", "parameters": parameters, "responses": {"200": success}}}}),
        json!({"Item": item}),
    )
}

fn items() -> Value {
    json!({"type": "array", "items": schema("Item")})
}

fn object(members: Value) -> Value {
    json!({"type": "object", "properties": members})
}

fn recognised(document: &Value) -> Option<Value> {
    let document = normalise_with("", document).unwrap().document;
    document["paths"]["/users"]["get"].get("x-paging").cloned()
}

#[test]
fn each_kind_of_list_is_recognised_by_its_request_and_response() {
    let text = || json!({"type": "string"});
    let uri = || json!({"type": "string", "format": "uri", "nullable": true});
    let flag = || json!({"type": "boolean"});
    let number = || json!({"type": "integer"});
    for (parameters, success, headers, expected) in [
        (
            &[("page_token", "string"), ("page_size", "integer")][..],
            object(json!({"users": items(), "next_page_token": text()})),
            &[][..],
            json!({"kind": "cursor", "parameter": "page_token", "next": "next_page_token", "items": "users"}),
        ),
        (
            &[("cursor", "string")],
            object(
                json!({"data": items(), "meta": object(json!({"pagination": object(json!({"next_cursor": text()}))}))}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "cursor", "next": "/meta/pagination/next_cursor", "items": "data"}),
        ),
        (
            &[("after", "string"), ("before", "string")],
            object(
                json!({"results": items(), "paging": object(json!({"next": object(json!({"after": text(), "link": text()}))}))}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "after", "next": "/paging/next/after", "items": "results"}),
        ),
        (
            &[("offset", "string")],
            object(
                json!({"records": items(), "offset": {"type": "string", "description": "The offset of the next page"}}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "offset", "next": "offset", "items": "records"}),
        ),
        (
            &[("after", "string"), ("limit", "integer")],
            object(
                json!({"data": items(), "first_id": text(), "last_id": text(), "has_more": flag()}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "after", "next": "last_id", "items": "data", "more": "has_more"}),
        ),
        (
            &[("starting_after", "string"), ("limit", "integer")],
            object(json!({"data": items(), "has_more": flag(), "url": text()})),
            &[],
            json!({"kind": "last-item", "parameter": "starting_after", "id": "id", "more": "has_more", "items": "data"}),
        ),
        (
            &[("page", "integer {\"default\":1}"), ("per_page", "integer")],
            object(json!({"items": items(), "total": number()})),
            &[],
            json!({"kind": "page", "parameter": "page", "first": 1, "size": "per_page", "items": "items"}),
        ),
        (
            &[
                ("page[number]", "integer {\"minimum\":0}"),
                ("page[size]", "integer"),
            ],
            object(json!({"data": items(), "links": object(json!({"next": uri()}))})),
            &[],
            json!({"kind": "page", "parameter": "page[number]", "first": 0, "size": "page[size]", "more": "/links/next", "items": "data"}),
        ),
        (
            &[("offset", "integer"), ("limit", "integer")],
            object(
                json!({"count": number(), "next": uri(), "previous": uri(), "results": items()}),
            ),
            &[],
            json!({"kind": "offset", "parameter": "offset", "first": 0, "size": "limit", "more": "next", "items": "results"}),
        ),
        (
            &[
                ("startIndex", "integer {\"default\":1}"),
                ("count", "integer"),
            ],
            object(
                json!({"totalResults": number(), "itemsPerPage": number(), "Resources": items(), "schemas": {"type": "array", "items": text()}}),
            ),
            &[],
            json!({"kind": "offset", "parameter": "startIndex", "first": 1, "size": "count", "items": "Resources"}),
        ),
        (
            &[("page", "integer"), ("per_page", "integer")],
            items(),
            &[],
            json!({"kind": "page", "parameter": "page", "first": 1, "size": "per_page", "items": ""}),
        ),
        (
            &[("page", "integer"), ("per_page", "integer")],
            items(),
            &["link"],
            json!({"kind": "link", "items": ""}),
        ),
        (
            &[("cursor", "string")],
            object(json!({"next": uri(), "previous": uri(), "results": items()})),
            &[],
            json!({"kind": "link", "next": "next", "items": "results"}),
        ),
        (
            &[("$skip", "integer"), ("$filter", "string")],
            object(json!({"value": items(), "@odata.nextLink": text()})),
            &[],
            json!({"kind": "link", "next": "@odata.nextLink", "items": "value"}),
        ),
        (
            &[("token", "string")],
            object(json!({"next_token": text(), "data": object(json!({"users": items()}))})),
            &[],
            json!({"kind": "cursor", "parameter": "token", "next": "next_token", "items": "/data/users"}),
        ),
        (
            &[("offset", "string"), ("limit", "integer")],
            object(
                json!({"data": items(), "next_page": object(json!({"offset": text(), "uri": uri()}))}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "offset", "next": "/next_page/offset", "items": "data"}),
        ),
        (
            &[("after", "string")],
            object(
                json!({"entries": items(), "page_info": object(json!({"after": text(), "before": text()}))}),
            ),
            &[],
            json!({"kind": "cursor", "parameter": "after", "next": "/page_info/after", "items": "entries"}),
        ),
        (
            &[("offset", "integer"), ("limit", "integer")],
            object(
                json!({"message": text(), "albums": object(json!({"items": items(), "next": uri(), "total": number()}))}),
            ),
            &[],
            json!({"kind": "offset", "parameter": "offset", "first": 0, "size": "limit", "more": "/albums/next", "items": "/albums/items"}),
        ),
        (
            &[("starting_after", "string")],
            object(
                json!({"data": items(), "links": object(json!({"next": {"oneOf": [text(), object(json!({"href": text()}))]}}))}),
            ),
            &[],
            json!({"kind": "link", "next": "/links/next", "items": "data"}),
        ),
    ] {
        let found = recognised(&given(parameters, success, headers));
        assert_eq!(found, Some(expected), "{parameters:?}");
    }
}

#[test]
fn paging_needs_evidence_in_the_request_and_in_the_response() {
    let text = || json!({"type": "string"});
    for (parameters, success) in [
        (&[("cursor", "string")][..], items()),
        (&[("limit", "integer")], items()),
        (&[("offset", "integer")], items()),
        (
            &[("filter", "string")],
            object(json!({"data": items(), "next_cursor": text()})),
        ),
        (
            &[("cursor", "string")],
            object(json!({"a": items(), "b": items(), "next_cursor": text()})),
        ),
        (
            &[("cursor", "string")],
            object(json!({"user": schema("Item"), "next_cursor": text()})),
        ),
        (
            &[("cursor", "string")],
            object(json!({"data": items(), "cursor": text()})),
        ),
        (
            &[("after", "string")],
            object(json!({"data": items(), "has_more": text()})),
        ),
        (&[("page", "integer")], object(json!({"data": items()}))),
        (
            &[("page", "string")],
            object(json!({"data": items(), "total": {"type": "integer"}})),
        ),
        (
            &[("skip", "integer"), ("take", "integer")],
            object(json!({"data": object(json!({"id": text(), "attributes": items()}))})),
        ),
    ] {
        assert_eq!(
            recognised(&given(parameters, success, &[])),
            None,
            "{parameters:?}"
        );
    }
}

#[test]
fn a_default_response_is_a_page_if_no_success_is_declared() {
    let page = || object(json!({"next": {"type": "string"}, "items": items()}));
    let mut document = given(&[("cursor", "string")], page(), &[]);
    let responses = document
        .pointer_mut("/paths/~1users/get/responses")
        .unwrap();
    let success = responses.as_object_mut().unwrap().remove("200").unwrap();
    responses["default"] = success;
    assert!(recognised(&document).is_some());
    for status in ["204", "302"] {
        let mut document = document.clone();
        let responses = &mut document["paths"]["/users"]["get"]["responses"];
        responses[status] = json!({"description": "No content"});
        assert_eq!(recognised(&document), None, "{status}");
    }
}

#[test]
fn an_extension_of_a_vendor_is_read() {
    let list = || {
        given(
            &[
                ("page_token", "string"),
                ("after", "string"),
                ("page", "integer"),
                ("limit", "integer"),
            ],
            object(
                json!({"items": items(), "next_page": {"type": "string"}, "more": object(json!({"at": {"type": "string"}}))}),
            ),
            &[],
        )
    };
    for (name, extension, expected) in [
        (
            "x-dropshot-pagination",
            json!({"required": []}),
            json!({"kind": "cursor", "parameter": "page_token", "next": "next_page", "items": "items"}),
        ),
        (
            "x-speakeasy-pagination",
            json!({
                "type": "cursor", "inputs": [{"name": "after", "in": "parameters", "type": "cursor"}],
                "outputs": {"results": "$.items", "nextCursor": "$.more.at"}
            }),
            json!({"kind": "cursor", "parameter": "after", "next": "/more/at", "items": "items"}),
        ),
        (
            "x-speakeasy-pagination",
            json!({
                "type": "offsetLimit", "outputs": {"results": "$.items"}, "inputs": [
                    {"name": "page", "in": "parameters", "type": "page"}, {"name": "limit", "in": "parameters", "type": "limit"}
                ]
            }),
            json!({"kind": "page", "parameter": "page", "items": "items", "size": "limit", "first": 1}),
        ),
        (
            "x-fern-pagination",
            json!({"cursor": "$request.after", "next_cursor": "$response.more.at", "results": "$response.items"}),
            json!({"kind": "cursor", "parameter": "after", "next": "/more/at", "items": "items"}),
        ),
        (
            "x-ms-pageable",
            json!({"nextLinkName": "next_page", "itemName": "items"}),
            json!({"kind": "link", "next": "next_page", "items": "items"}),
        ),
    ] {
        let mut document = list();
        document["paths"]["/users"]["get"][name] = extension;
        assert_eq!(recognised(&document), Some(expected), "{name}");
    }
}

#[test]
fn the_settings_of_the_api_correct_the_recognised_paging() {
    let document = given(
        &[("page", "integer"), ("per_page", "integer")],
        object(json!({"data": items(), "total": {"type": "integer"}})),
        &[],
    );
    let paging = |settings: &str| {
        let normalised = normalise_with(settings, &document);
        normalised.map(|normalised| {
            normalised.document["paths"]["/users"]["get"]
                .get("x-paging")
                .cloned()
        })
    };
    assert!(paging("").unwrap().is_some());
    assert_eq!(paging("[lists]\nlist = false\n").unwrap(), None);
    let right =
        "[lists.list]\nkind = \"page\"\nparameter = \"page\"\nfirst = 0\nitems = \"data\"\n";
    assert_eq!(
        paging(right).unwrap(),
        Some(json!({"kind": "page", "parameter": "page", "first": 0, "items": "data"}))
    );
    let wrong = paging("[lists.list]\nkind = \"page\"\nparameter = \"p\"\nitems = \"data\"\n");
    assert_eq!(
        wrong.unwrap_err().message(),
        "`lists.list` of api.toml is invalid: there is no query parameter `p`"
    );
    let unmatched = paging("[lists]\nusers = false\n").unwrap_err();
    assert_eq!(
        unmatched.message(),
        "`lists.users` of api.toml is not an operation of the document"
    );
}

/// A POST operation with a JSON body.
fn search(body: Value, response: Value) -> Value {
    let mut document = list("post", json!([]), response);
    let schema = json!({"type": "object", "properties": body});
    document["paths"]["/users"]["post"]["requestBody"] =
        json!({"content": {"application/json": {"schema": schema}}});
    document
}

fn next_token() -> Value {
    json!({"pagination": {"type": "object", "properties": {"next_token": {"type": "string"}}}, "users": page()["results"]})
}

#[test]
fn a_body_that_takes_a_cursor_pages_if_the_response_has_the_next_one() {
    let body = json!({"paging": {"type": "object", "properties": {"token": {"type": "string"}}}});
    let recorded = json!({
        "kind": "body-cursor", "field": "/paging/token", "next": "/pagination/next_token", "items": "users"
    });
    let document = search(body.clone(), next_token());
    assert_eq!(paging("post", &document), Some(recorded));
    assert_eq!(
        paging("post", &search(body, json!({"users": page()["results"]}))),
        None
    );
    // A token may be anything, such as a credential.
    let token = json!({"token": {"type": "string"}});
    assert_eq!(paging("post", &search(token, next_token())), None);
    let mut required = search(json!({"cursor": {"type": "string"}}), next_token());
    assert!(paging("post", &required).is_some());
    required["paths"]["/users"]["post"]["requestBody"]["content"]["application/json"]["schema"]["required"] =
        json!(["cursor"]);
    assert_eq!(paging("post", &required), None);
}

#[test]
fn a_declared_header_may_hold_the_next_cursor() {
    let with = |header: &str, parameters: Value| {
        let mut document = list("get", parameters, json!({"users": page()["results"]}));
        document["paths"]["/users"]["get"]["responses"]["200"]["headers"] =
            json!({header: {"schema": {"type": "string"}}});
        paging("get", &document)
    };
    for header in ["X-Next-Cursor", "Next-Cursor", "X-After-Cursor"] {
        let recorded = json!({
            "kind": "header-cursor", "parameter": "cursor", "header": header, "items": "users"
        });
        assert_eq!(with(header, cursor()), Some(recorded));
        assert_eq!(with(header, json!([])), None);
    }
    assert_eq!(with("X-Request-Id", cursor()), None);
    // The cursor that was sent.
    assert_eq!(with("X-Cursor", cursor()), None);
}

#[test]
fn a_cursor_in_a_header_or_a_body_is_corrected_by_hand() {
    let body = json!({"from": {"type": "string"}});
    let document = search(body, next_token());
    let recorded = json!({
        "kind": "body-cursor", "field": "from", "next": "/pagination/next_token", "items": "users"
    });
    let with = |settings: &str| {
        normalise_with(settings, &document)
            .map(|normalised| normalised.document["paths"]["/users"]["post"]["x-paging"].clone())
    };
    let settings = "[lists.list]\nkind = \"body-cursor\"\nfield = \"from\"\nnext = \"/pagination/next_token\"\nitems = \"users\"\n";
    assert_eq!(with(settings).unwrap(), recorded);
    let error = with(&settings.replace("\"from\"", "\"to\""))
        .unwrap_err()
        .to_string();
    assert!(error.contains("the body has no field `to`"), "{error}");
    let header = "[lists.list]\nkind = \"header-cursor\"\nparameter = \"cursor\"\nheader = \"X-Next\"\nitems = \"users\"\n";
    let error = with(header).unwrap_err().to_string();
    assert!(
        error.contains("there is no query parameter `cursor`"),
        "{error}"
    );
}

#[test]
fn of_several_lists_the_items_are_those_that_the_path_names() {
    let of = |kind: &str| json!({"type": "array", "items": {"type": "object", "properties": {kind: {"type": "string"}}}});
    let parameters = json!([
        {"name": "offset", "in": "query", "schema": {"type": "integer"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    ]);
    let document = list(
        "get",
        parameters.clone(),
        json!({"members": of("a"), "users": of("b")}),
    );
    assert_eq!(paging("get", &document).unwrap()["items"], "users");
    let document = list(
        "get",
        parameters,
        json!({"members": of("a"), "guests": of("b")}),
    );
    assert_eq!(paging("get", &document), None);
}
