//! Calls of operations by name.

use serde_json::json;
use specmill_client::Authentication;
use specmill_client::dynamic::{
    Api, Client, Kind, Operation, Operations, Parameter, ResponseContent, Role, Success, Variable,
};
use specmill_client::environment::Variables;

use crate::support::{
    self, KEY, LIST_USERS, Reply, Server, UPLOAD, USER_CREATE, USER_DELETE, USER_GET, USER_LIST,
    VERSIONS, ok, response, settings,
};

const TEXT: Parameter = Parameter {
    words: "text",
    kind: Kind::Text,
    repeats: false,
    values: &[],
    default: None,
    example: None,
    description: "",
};

const JSON: Success = Success::Json {
    optional: false,
    rows: None,
    columns: &[],
};

const fn operation(
    table: &'static specmill_client::operation::Operation,
    success: Success,
    parameters: &'static [Parameter],
) -> Operation {
    Operation {
        table,
        group: "user",
        group_description: "",
        verb: table.id,
        summary: "",
        description: "",
        deprecated: false,
        parameters,
        body: &[],
        success,
        stream: None,
    }
}

static GET: Operation = operation(&USER_GET, JSON, &[TEXT]);
static CREATE: Operation = operation(
    &USER_CREATE,
    Success::Json {
        optional: true,
        rows: None,
        columns: &[],
    },
    &[],
);
static DELETE: Operation = operation(&USER_DELETE, Success::Empty, &[TEXT]);
static LIST: Operation = operation(&USER_LIST, JSON, &[TEXT, TEXT]);
static NUMBERED: Operation = operation(&LIST_USERS, JSON, &[TEXT, TEXT, TEXT]);
static FILE: Operation = operation(&UPLOAD, Success::Bytes, &[]);
static OPEN: Operation = operation(&VERSIONS, Success::Text, &[]);

static DEMO: Api = Api {
    api: &support::API,
    feature: "demo",
    module: "demo",
    environment: "DEMO",
    variables: &[Variable {
        name: "DEMO_BASE_URL",
        own: None,
        description: "the address",
        role: Role::Address,
        secret: false,
        required: true,
        instead: &[],
        values: &[],
    }],
    operations: Operations::listed(&[&GET, &CREATE, &DELETE, &LIST, &NUMBERED, &FILE, &OPEN]),
    transport: |variables| {
        let address = variables.required("DEMO_BASE_URL")?;
        let authentication = match variables.optional("DEMO_KIND")?.as_deref() {
            Some("query") => Authentication::api_key_query("key", KEY),
            Some("short") => Authentication::api_key_query("key", "k1"),
            Some("basic") => Authentication::basic("ann", KEY),
            Some("bearer") => Authentication::bearer(KEY),
            _ => Authentication::api_key("X-API-Key", KEY),
        };
        settings().build(&address, authentication)
    },
};

fn connect(server: &Server, kind: &str) -> Client {
    let variables = [
        ("DEMO_BASE_URL", server.url()),
        ("DEMO_KIND", kind.to_owned()),
    ];
    DEMO.connect(&Variables::given(variables)).unwrap()
}

#[tokio::test]
async fn an_operation_is_called_by_its_name_with_json_arguments() {
    let server = Server::always(|| ok(r#"{ "id": "u", "n": 12345678901234567890123 }"#)).await;
    let client = connect(&server, "");
    assert!(client.call("nothing").is_none());
    let call = client.call("user_get").unwrap();
    let call = call.parameter(&USER_GET.parameters[0], &json!("u-1"));
    let ResponseContent::Json(body) = call.send().await.unwrap() else {
        panic!("not JSON")
    };
    assert_eq!(body.get(), r#"{ "id": "u", "n": 12345678901234567890123 }"#);
    let call = client.call("user_create").unwrap();
    call.body(&json!({"email": "a"})).send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].target, "/users/u-1");
    assert_eq!(requests[1].body, r#"{"email":"a"}"#);
}

#[tokio::test]
async fn the_content_of_a_response_depends_on_the_operation() {
    let server = Server::start(|_, request| match request.method.as_str() {
        "DELETE" => Reply::Bytes(response("204 No Content", "", "")),
        "POST" => ok(""),
        _ => ok("1.0"),
    })
    .await;
    let client = connect(&server, "");
    let id = &USER_DELETE.parameters[0];
    let delete = client
        .call("user_delete")
        .unwrap()
        .parameter(id, &json!("u"));
    assert!(matches!(
        delete.send().await.unwrap(),
        ResponseContent::Empty
    ));
    let create = client.call("user_create").unwrap().body(&json!({}));
    assert!(matches!(
        create.send().await.unwrap(),
        ResponseContent::Empty
    ));
    let upload = client.call("upload").unwrap().body_bytes("x");
    let ResponseContent::Bytes(bytes) = upload.send().await.unwrap() else {
        panic!("not bytes");
    };
    assert!(bytes.collect().await.unwrap().is_empty());
    let versions = client.call("versions").unwrap().send().await.unwrap();
    assert!(matches!(versions, ResponseContent::Text(text) if text == "1.0"));
}

#[tokio::test]
async fn items_of_pages_are_unchanged_json() {
    let server = Server::start(|_, request| {
        ok(match request.query("cursor") {
            None => r#"{"results":[1.10, {"b":1,"a":2}],"next":"c2","total":3}"#,
            _ => r#"{"results":["e"],"next":""}"#,
        })
    })
    .await;
    let client = connect(&server, "");
    let mut pages = client.call("user_list").unwrap().pages().unwrap();
    let mut items = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        items.extend(page.items().iter().map(|item| item.get().to_owned()));
    }
    assert_eq!(items, ["1.10", r#"{"b":1,"a":2}"#, r#""e""#]);
    let first = client
        .call("user_list")
        .unwrap()
        .page()
        .await
        .unwrap()
        .unwrap();
    assert_eq!((first.next_cursor(), first.total()), (Some("c2"), Some(3)));
    assert_eq!(server.count(), 3, "one page is one request");
    assert!(client.call("versions").unwrap().pages().is_none());
}

#[tokio::test]
async fn numbered_pages_end_where_the_typed_ones_do() {
    let server = Server::start(|_, request| {
        ok(match request.query("page") {
            None => r#"{"results":[1,2,3]}"#,
            _ => r#"{"results":[4]}"#,
        })
    })
    .await;
    let call = connect(&server, "").call("list_users").unwrap();
    let call = call.parameter(&LIST_USERS.parameters[2], &json!("i"));
    let mut pages = call.pages().unwrap().concurrency(4);
    let mut count = 0;
    while let Some(page) = pages.try_next().await.unwrap() {
        count += page.items().len();
    }
    assert_eq!(
        (count, pages.try_next().await.unwrap().is_none()),
        (4, true)
    );
}

#[tokio::test]
async fn a_response_that_is_not_a_page_is_an_error_with_the_location() {
    for (body, says) in [
        (r#"{"next":"c"}"#, Some("missing field `results`")),
        (
            r#"{"results":{}}"#,
            Some("at results: expected a sequence, found an object"),
        ),
        (r#"{"results":[],"next":true}"#, Some("at next: ")),
        ("[]", Some("expected a map, found an array")),
        (r#"{"results":null,"next":null}"#, None),
    ] {
        let server = Server::always(move || ok(body)).await;
        let call = connect(&server, "").call("user_list").unwrap();
        match (call.page().await.unwrap(), says) {
            (Ok(page), None) => assert!(page.items().is_empty()),
            (Err(error), Some(says)) => {
                assert!(
                    error.is_decode() && error.to_string().contains(says),
                    "{error}"
                );
            }
            (result, _) => panic!("{body}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn a_preview_redacts_every_credential_and_sends_nothing() {
    let server = Server::always(|| ok("{}")).await;
    for (kind, shown) in [
        ("", "x-api-key: [redacted]"),
        ("query", "/users/u?key=[redacted]\n"),
        ("short", "/users/u?key=[redacted]\n"),
        ("basic", "authorization: [redacted]"),
        ("bearer", "authorization: [redacted]"),
    ] {
        let call = connect(&server, kind).call("user_get").unwrap();
        let call = call.parameter(&USER_GET.parameters[0], &json!("u"));
        let preview = call.preview().unwrap();
        let text = format!("{preview}{preview:?}");
        assert!(text.contains(shown), "{kind}: {text}");
        assert!(
            !text.contains(KEY) && !text.contains("key=k1"),
            "{kind}: {text}"
        );
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_preview_shows_the_request_that_would_be_sent() {
    let server = Server::always(|| ok("{}")).await;
    let client = connect(&server, "");
    let body = json!({"email": "a", "note": KEY});
    let call = client.call("user_create").unwrap().body(&body);
    let preview = call.preview().unwrap();
    call.send().await.unwrap();
    let sent = &server.requests()[0];
    assert_eq!(preview.method.as_str(), sent.method);
    assert_eq!(preview.url, format!("{}{}", server.url(), sent.target));
    for (name, value) in &preview.headers {
        let shown = value == "[redacted]";
        assert!(shown || sent.header(name) == Some(value), "{name}");
    }
    let body = preview.body.unwrap();
    assert_eq!(body, sent.body.replace(KEY, "[redacted]"));
}

#[tokio::test]
async fn an_invalid_call_has_no_preview() {
    let server = Server::always(|| ok("{}")).await;
    let call = connect(&server, "").call("user_get").unwrap();
    assert!(call.preview().unwrap_err().is_invalid_request());
}

#[test]
fn a_missing_variable_is_named() {
    let error = DEMO.connect(&Variables::given([("A", "b")])).unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("DEMO_BASE_URL"));
}
