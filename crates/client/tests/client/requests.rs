//! Requests.

use serde_json::json;
use specmill_client::operation::ParameterLocation::{Cookie, Header, Path, Query};
use specmill_client::operation::{Bounds, Operation, Parameter, ParameterLocation, Style};
use specmill_client::{Call, CallOptions, Error, Transport};

use crate::support::{
    API, LIST_USERS, SEARCH, Server, UPLOAD, USER_CREATE, USER_DELETE, USER_GET, USER_LIST,
    USER_PATCH, User, VERSIONS, client, key, ok, settings, status,
};

fn call(client: &Transport, operation: &'static Operation) -> Call {
    client.call(operation, CallOptions::default())
}

async fn server() -> Server {
    Server::always(|| ok(r#"{"id":"u"}"#)).await
}

/// Sends a value as a path parameter. Returns the target of the request, or the error if nothing was sent.
async fn path_argument(value: &str) -> Result<String, Error> {
    let server = server().await;
    let sent = call(&client(&server), &USER_DELETE)
        .parameter("id", Ok(value))
        .send_empty()
        .await;
    let targets = server.targets();
    match sent {
        Ok(()) => {
            assert_eq!(targets.len(), 1);
            Ok(targets[0].clone())
        }
        Err(error) => {
            assert!(
                targets.is_empty(),
                "{value:?} was refused and sent: {targets:?}"
            );
            assert!(
                error.is_invalid_request() && error.was_not_sent(),
                "{error}"
            );
            assert_eq!(error.attempts(), 0);
            Err(error)
        }
    }
}

#[tokio::test]
async fn a_plain_call_sends_method_path_key_and_the_usual_headers() {
    let server = server().await;
    let user: User = call(&client(&server), &USER_GET)
        .parameter("id", Ok("u-1"))
        .send()
        .await
        .unwrap();
    assert_eq!(user.id, "u");
    let requests = server.requests();
    assert_eq!(
        (requests[0].method.as_str(), requests[0].target.as_str()),
        ("GET", "/users/u-1")
    );
    assert_eq!(requests[0].header("x-api-key"), Some(crate::support::KEY));
    assert_eq!(requests[0].header("accept"), Some("application/json"));
    let agent = requests[0].header("user-agent").unwrap();
    assert_eq!(
        agent,
        format!("specmill-client/{} demo/1.2.3", env!("CARGO_PKG_VERSION"))
    );
    let mut names: Vec<&str> = requests[0]
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        // Sent if a decompression feature is enabled.
        .filter(|name| *name != "accept-encoding")
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent", "x-api-key"]);
}

#[tokio::test]
async fn a_path_prefix_is_kept_and_a_pasted_suffix_is_not() {
    let server = server().await;
    let client = settings()
        .build(&format!("{}/v1/public/graphql/", server.url()), key())
        .unwrap();
    call(&client, &USER_GET)
        .parameter("id", Ok("u-1"))
        .send_empty()
        .await
        .unwrap();
    assert_eq!(server.targets(), ["/v1/users/u-1"]);
    assert_eq!(client.base_url(), format!("{}/v1", server.url()));
    assert_eq!(API.name, "demo");
}

#[tokio::test]
async fn parameters_are_written_in_their_place_and_style() {
    let server = server().await;
    call(&client(&server), &SEARCH)
        .parameter("must", Ok("a b+c&d=e/홍'"))
        .parameter("name", Ok("x.y"))
        .parameter("area", Ok(7))
        .parameter("repeated", Ok(vec!["1", "2 3"]))
        .parameter("joined", Ok(vec!["a,b", "c"]))
        .parameter("spaced", Ok(vec![1, 2]))
        .parameter("piped", Ok(["p", "q"]))
        .parameter("deep", Ok(json!({"k": "v", "n": [1, 2]})))
        .parameter("document", Ok(json!({"a": [true]})))
        .parameter("X-Tenant", Ok(["t1", "t2"]))
        .parameter("session", Ok("s;1"))
        .send_empty()
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert_eq!(
        request.target,
        "/search/7/x.y.json?repeated=1&repeated=2%203&joined=a%2Cb,c&spaced=1%202&piped=p%7Cq\
         &deep%5Bk%5D=v&deep%5Bn%5D%5B0%5D=1&deep%5Bn%5D%5B1%5D=2&document=%7B%22a%22%3A%5Btrue%5D%7D\
         &must=a%20b%2Bc%26d%3De%2F%ED%99%8D%27"
    );
    assert_eq!(request.header("x-tenant"), Some("t1,t2"));
    assert_eq!(request.header("cookie"), Some("session=s%3B1"));
}

/// A call of the search with its required arguments.
fn search(server: &Server) -> Call {
    call(&client(server), &SEARCH)
        .parameter("area", Ok("a"))
        .parameter("name", Ok("n"))
        .parameter("must", Ok(false))
}

#[tokio::test]
async fn absent_and_null_parameters_are_not_sent() {
    let server = server().await;
    search(&server)
        .parameter("joined", Ok(None::<Vec<String>>))
        .parameter("limit", Ok(None::<u32>))
        .send_empty()
        .await
        .unwrap();
    assert_eq!(server.targets(), ["/search/a/n.json?must=false"]);
    assert_eq!(server.requests()[0].header("x-tenant"), None);
}

#[tokio::test]
async fn an_empty_string_is_sent_in_every_location() {
    let server = server().await;
    search(&server)
        .parameter("must", Ok(""))
        .parameter("spaced", Ok(""))
        .parameter("repeated", Ok([""]))
        .parameter("document", Ok(""))
        .parameter("deep", Ok(json!({"k": ""})))
        .parameter("X-Tenant", Ok(""))
        .parameter("session", Ok(""))
        .send_empty()
        .await
        .unwrap();
    assert_eq!(
        server.targets(),
        ["/search/a/n.json?repeated=&spaced=&deep%5Bk%5D=&document=%22%22&must="]
    );
    let request = &server.requests()[0];
    assert_eq!(request.header("x-tenant"), Some(""));
    assert_eq!(request.header("cookie"), Some("session="));
}

#[tokio::test]
async fn an_empty_list_is_refused_with_the_reason_in_every_location() {
    let server = server().await;
    for (parameter, location) in [
        ("repeated", "query"),
        ("joined", "query"),
        ("spaced", "query"),
        ("piped", "query"),
        ("deep", "query"),
        ("X-Tenant", "header"),
        ("session", "cookie"),
    ] {
        let call = search(&server).parameter(parameter, Ok(Vec::<String>::new()));
        let error = call.send_empty().await.unwrap_err();
        assert!(
            error.is_invalid_request() && error.was_not_sent(),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            format!(
                "demo search: invalid request: the {location} parameter {parameter} is an empty list, which cannot be \
                 sent: do not set it to send none"
            )
        );
    }
    assert_eq!(server.count(), 0);
    // Within JSON it arrives unchanged.
    let call = search(&server).parameter("document", Ok(json!([])));
    call.send_empty().await.unwrap();
    assert_eq!(
        server.targets(),
        ["/search/a/n.json?document=%5B%5D&must=false"]
    );
}

#[tokio::test]
async fn every_style_encodes_values_as_specified() {
    let list = || json!(["a/b", "c,d"]);
    let fields = || json!({"r": 100, "g": "x y"});
    for (location, style, value, expected) in [
        (Path, Style::Simple, list(), "/x/a%2Fb,c%2Cd"),
        (Path, Style::Simple, fields(), "/x/r,100,g,x%20y"),
        (Path, Style::SimpleExploded, fields(), "/x/r=100,g=x%20y"),
        (Path, Style::Label, json!(5), "/x/.5"),
        (Path, Style::Label, list(), "/x/.a%2Fb,c%2Cd"),
        (Path, Style::LabelExploded, list(), "/x/.a%2Fb.c%2Cd"),
        (Path, Style::LabelExploded, fields(), "/x/.r=100.g=x%20y"),
        (Path, Style::Matrix, json!(5), "/x/;v=5"),
        (Path, Style::Matrix, list(), "/x/;v=a%2Fb,c%2Cd"),
        (Path, Style::Matrix, fields(), "/x/;v=r,100,g,x%20y"),
        (Path, Style::MatrixExploded, list(), "/x/;v=a%2Fb;v=c%2Cd"),
        (Path, Style::MatrixExploded, fields(), "/x/;r=100;g=x%20y"),
        (Query, Style::Form, list(), "/x?v=a%2Fb&v=c%2Cd"),
        (Query, Style::Form, fields(), "/x?r=100&g=x%20y"),
        (Query, Style::FormJoined, fields(), "/x?v=r,100,g,x%20y"),
        (
            Query,
            Style::SpaceDelimited,
            fields(),
            "/x?v=r%20100%20g%20x%20y",
        ),
        (
            Query,
            Style::PipeDelimited,
            fields(),
            "/x?v=r%7C100%7Cg%7Cx%20y",
        ),
        (
            Query,
            Style::DeepObject,
            json!({"at": {"gte": 1}, "in": [{"a": true}, {"a": false}]}),
            "/x?v%5Bat%5D%5Bgte%5D=1&v%5Bin%5D%5B0%5D%5Ba%5D=true&v%5Bin%5D%5B1%5D%5Ba%5D=false",
        ),
        (
            Query,
            Style::Json,
            fields(),
            "/x?v=%7B%22r%22%3A100%2C%22g%22%3A%22x%20y%22%7D",
        ),
        // Nested values of an untyped field are sent as JSON.
        (Query, Style::Form, json!([[1]]), "/x?v=%5B1%5D"),
        (Header, Style::Simple, fields(), "r,100,g,x y"),
        (Header, Style::SimpleExploded, fields(), "r=100,g=x y"),
        (Cookie, Style::Form, list(), "v=a%2Fb; v=c%2Cd"),
        (Cookie, Style::Form, fields(), "r=100; g=x%20y"),
        (Cookie, Style::FormJoined, list(), "v=a%2Fb,c%2Cd"),
        (Cookie, Style::FormJoined, fields(), "v=r,100,g,x%20y"),
    ] {
        assert_eq!(
            sent(location, style, false, &Fields(value)).await,
            expected,
            "{style:?}"
        );
    }
}

#[tokio::test]
async fn allowed_reserved_characters_are_not_encoded_except_those_that_end_the_value() {
    for (style, value, expected) in [
        (Style::Form, json!("/a/b:c?d=e;f@g"), "/x?v=/a/b:c?d=e;f@g"),
        (Style::FormJoined, json!(["a/b", "c:d"]), "/x?v=a/b,c:d"),
        (
            Style::Form,
            json!("a&b#c+d e'f[g]"),
            "/x?v=a%26b%23c%2Bd%20e%27f%5Bg%5D",
        ),
        (
            Style::Form,
            json!("100% %2F %zz"),
            "/x?v=100%25%20%2F%20%25zz",
        ),
    ] {
        assert_eq!(sent(Query, style, true, &value).await, expected);
    }
}

#[tokio::test]
async fn numbers_are_written_in_the_digits_of_their_type() {
    for (number, expected) in [
        (json!(10.0), "/x?v=10"),
        (json!(-0.5), "/x?v=-0.5"),
        (json!(u64::MAX), "/x?v=18446744073709551615"),
    ] {
        assert_eq!(sent(Query, Style::Form, false, &number).await, expected);
    }
    assert_eq!(sent(Query, Style::Form, false, &0.1_f32).await, "/x?v=0.1");
}

/// Serializes fields in a fixed order, regardless of the features of `serde_json`.
struct Fields(serde_json::Value);

impl serde::Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            serde_json::Value::Object(fields) if fields.contains_key("r") => {
                let mut map = serializer.serialize_map(Some(2))?;
                serde::ser::SerializeMap::serialize_entry(&mut map, "r", &fields["r"])?;
                serde::ser::SerializeMap::serialize_entry(&mut map, "g", &fields["g"])?;
                serde::ser::SerializeMap::end(map)
            }
            other => other.serialize(serializer),
        }
    }
}

/// Sends a value, and returns the target or the header of the request.
async fn sent<T: serde::Serialize>(
    location: ParameterLocation,
    style: Style,
    allow_reserved: bool,
    value: &T,
) -> String {
    let server = server().await;
    let parameters = vec![Parameter {
        name: "v",
        location,
        required: true,
        style,
        allow_reserved,
        bounds: Bounds::NONE,
    }];
    let operation = Operation {
        path: if location == Path { "/x/{v}" } else { "/x" },
        parameters: parameters.leak(),
        ..VERSIONS.clone()
    };
    call(&client(&server), Box::leak(Box::new(operation)))
        .parameter("v", Ok(value))
        .send_empty()
        .await
        .unwrap();
    let request = &server.requests()[0];
    let header = match location {
        Header => request.header("v"),
        Cookie => request.header("cookie"),
        Path | Query => None,
    };
    header.unwrap_or(&request.target).to_owned()
}

#[tokio::test]
async fn values_with_parts_that_would_be_lost_are_refused() {
    let server = server().await;
    for (parameter, value) in [
        ("repeated", json!(["a", null])),
        ("X-Tenant", json!([null])),
        ("deep", json!({})),
        ("deep", json!({"k": []})),
        ("deep", json!({"k": ["a", null]})),
        ("deep", json!({"k": null})),
        ("deep", json!({"k": {"n": []}})),
        ("deep", json!({"k": [{"n": null}]})),
    ] {
        let call = search(&server).parameter(parameter, Ok(&value));
        let error = call.send_empty().await.unwrap_err();
        assert!(error.is_invalid_request(), "{parameter} {value}: {error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_json_body_is_sent_unchanged_with_its_content_type() {
    let server = server().await;
    call(&client(&server), &USER_CREATE)
        .body(Ok(json!({"roles": [], "email": "é"})))
        .send_empty()
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert_eq!(
        (request.method.as_str(), request.target.as_str()),
        ("POST", "/users")
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    assert_eq!(body, json!({"roles": [], "email": "é"}));
}

#[tokio::test]
async fn a_body_of_bytes_is_sent_unchanged_or_not_at_all() {
    let server = server().await;
    let client = client(&server);
    call(&client, &USER_CREATE)
        .body_bytes(Ok("raw"))
        .send_empty()
        .await
        .unwrap();
    call(&client, &UPLOAD)
        .optional_body_bytes(Ok(Some("raw")))
        .send_empty()
        .await
        .unwrap();
    call(&client, &UPLOAD)
        .optional_body_bytes(Ok(None::<&str>))
        .send_empty()
        .await
        .unwrap();
    let error =
        call(&client, &UPLOAD).optional_body_bytes(Err::<Option<&str>, _>("no file".into()));
    let error = error.send_empty().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "demo upload: invalid request: the body: no file"
    );
    let bodies: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies, ["raw", "raw", ""]);
    let requests = server.requests();
    assert_eq!(
        requests[1].header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(requests[2].header("content-type"), None);
}

#[tokio::test]
async fn a_body_is_sent_with_its_content_type_if_the_operation_accepts_it() {
    let server = server().await;
    let client = client(&server);
    let upload = async |content_type: &str| {
        let body = Some((content_type.to_owned(), "raw"));
        call(&client, &UPLOAD)
            .body_of_type(Ok(body))
            .send_empty()
            .await
    };
    for taken in ["application/octet-stream", "Application/Octet-Stream; a=b"] {
        upload(taken).await.unwrap();
    }
    for refused in [
        "text/plain",
        "application/octet",
        "application/octet-stream\n",
        "",
    ] {
        assert_eq!(
            upload(refused).await.unwrap_err().to_string(),
            "demo upload: invalid request: the content type of the body must be application/octet-stream"
        );
    }
    let requests = server.requests();
    let sent = requests
        .iter()
        .map(|request| request.header("content-type"));
    assert_eq!(
        sent.collect::<Vec<_>>(),
        [
            Some("application/octet-stream"),
            Some("Application/Octet-Stream; a=b")
        ]
    );
}

#[tokio::test]
async fn an_operation_without_authentication_gets_neither_key_nor_fixed_headers() {
    let server = server().await;
    let client = settings()
        .fixed_header("Demo-Version", "1.4")
        .build(&server.url(), key())
        .unwrap();
    call(&client, &VERSIONS).send_empty().await.unwrap();
    call(&client, &USER_GET)
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].target, "/");
    assert_eq!(
        (
            requests[0].header("x-api-key"),
            requests[0].header("demo-version")
        ),
        (None, None)
    );
    assert_eq!(requests[1].header("demo-version"), Some("1.4"));
}

#[tokio::test]
async fn extra_headers_of_client_and_call_are_sent() {
    let server = server().await;
    let client = settings()
        .header("X-Team", "one")
        .header("X-Kept", "kept")
        .user_agent_suffix("my-program/1.0")
        .build(&server.url(), key())
        .unwrap();
    client
        .call(&USER_GET, CallOptions::new().header("x-team", "two"))
        .parameter("id", Ok("u"))
        .send_empty()
        .await
        .unwrap();
    let request = &server.requests()[0];
    assert_eq!(
        (request.header("x-team"), request.header("x-kept")),
        (Some("two"), Some("kept"))
    );
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .ends_with(" demo/1.2.3 my-program/1.0")
    );
}

#[tokio::test]
async fn a_calls_header_cannot_replace_the_clients_own() {
    let server = server().await;
    let client = settings()
        .fixed_header("Demo-Version", "1.4")
        .build(&server.url(), key())
        .unwrap();
    for (name, value) in [
        ("X-API-Key", "other"),
        ("demo-version", "1.0"),
        ("Host", "elsewhere"),
        ("content-length", "1"),
        ("a b", "x"),
        ("x", "a\nb"),
    ] {
        let error = client
            .call(&USER_GET, CallOptions::new().header(name, value))
            .parameter("id", Ok("u"))
            .send_empty()
            .await
            .unwrap_err();
        assert!(error.is_invalid_request(), "{name}: {error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_argument_that_would_leave_its_path_segment_is_never_sent() {
    for value in [
        "",
        ".",
        "..",
        "../admin",
        "x/../../admin",
        r"x\..\..\..\admin\tokens",
        r"..\admin",
        "%2e%2e",
        "%2E%2E%2Fadmin",
        "%252e%252e%252fadmin",
        "%25252e%25252e",
        "x%2Fy",
        "x%5Cy",
        "..;x",
        "a\r\nX-Injected: 1",
        "a\0",
    ] {
        let error = path_argument(value).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("demo user_delete: invalid request: the path parameter id "),
            "{error}"
        );
    }
}

#[tokio::test]
async fn every_other_argument_stays_in_its_path_segment() {
    for (value, target) in [
        ("138c/2fc8 c29a", "/users/138c%2F2fc8%20c29a"),
        (r"DOMAIN\ann", "/users/DOMAIN%5Cann"),
        ("a?b#c", "/users/a%3Fb%23c"),
        ("100%", "/users/100%25"),
        ("AWS.CloudTrail.X", "/users/AWS.CloudTrail.X"),
        ("홍", "/users/%ED%99%8D"),
        ("...", "/users/..."),
        ("http://elsewhere.test", ""),
        ("@elsewhere.test", "/users/%40elsewhere.test"),
    ] {
        match path_argument(value).await {
            Ok(sent) => assert_eq!(sent, target, "{value:?}"),
            Err(error) => assert_eq!(target, "", "{value:?}: {error}"),
        }
    }
}

#[tokio::test]
async fn missing_and_invalid_arguments_are_errors_before_anything_is_sent() {
    let server = server().await;
    let client = client(&server);
    let problems = [
        call(&client, &USER_GET).send_empty().await,
        call(&client, &LIST_USERS)
            .parameter("instance_id", Ok(None::<String>))
            .send_empty()
            .await,
        call(&client, &USER_CREATE).send_empty().await,
        call(&client, &USER_CREATE)
            .body(Ok(None::<String>))
            .send_empty()
            .await,
        call(&client, &USER_CREATE)
            .body::<String>(Err("`body` was not initialized".into()))
            .send_empty()
            .await,
        call(&client, &USER_GET)
            .parameter::<String>("id", Err("conversion\nfailed".into()))
            .send_empty()
            .await,
        call(&client, &SEARCH)
            .parameter("limit", Ok(6172))
            .send_empty()
            .await,
        call(&client, &SEARCH)
            .parameter("repeated", Ok([1, 2, 3, 4]))
            .send_empty()
            .await,
        call(&client, &USER_LIST)
            .parameter("nonsense", Ok(1))
            .send_empty()
            .await,
        call(&client, &USER_PATCH)
            .parameter("id", Ok("u"))
            .body(Ok(1))
            .send_empty()
            .await,
    ];
    let lines: Vec<String> = problems
        .into_iter()
        .map(|problem| problem.unwrap_err().to_string())
        .collect();
    assert_eq!(
        lines,
        [
            "demo user_get: invalid request: missing path parameter `id`",
            "demo list_users: invalid request: missing query parameter `instance_id`",
            "demo user_create: invalid request: missing body",
            "demo user_create: invalid request: missing body",
            "demo user_create: invalid request: the body: `body` was not initialized",
            "demo user_get: invalid request: the path parameter id: conversion failed",
            "demo search: invalid request: the query parameter limit must be at most 60",
            "demo search: invalid request: the query parameter repeated must have at most 3 items",
            "demo user_list: invalid request: the operation has no parameter nonsense",
            "demo user_patch: invalid request: the operation takes no body",
        ]
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_call_can_be_sent_from_another_thread_and_more_than_once() {
    let server = Server::always(|| status("204 No Content")).await;
    let first = call(&client(&server), &USER_GET).parameter("id", Ok("u"));
    let second = first.clone();
    tokio::spawn(first.send_empty()).await.unwrap().unwrap();
    tokio::spawn(second.send_empty()).await.unwrap().unwrap();
    assert_eq!(server.count(), 2);
}
