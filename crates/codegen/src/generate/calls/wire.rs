use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// A response, and the value that the client decodes.
struct Received {
    response: ResponseTemplate,
    value: Value,
}

fn empty(status: u16) -> Received {
    Received { response: ResponseTemplate::new(status), value: Value::Null }
}

fn json_body(status: u16, body: &str) -> Received {
    let value = json(body);
    Received { response: ResponseTemplate::new(status).set_body_json(&value), value }
}

fn text(status: u16, body: &str) -> Received {
    Received { response: ResponseTemplate::new(status).set_body_string(body), value: body.into() }
}

fn bytes(status: u16, body: &str) -> Received {
    Received { response: ResponseTemplate::new(status).set_body_bytes(body), value: body.as_bytes().into() }
}

/// A stream with one value, twice.
fn streamed(content_type: &str, body: &str, value: Value) -> Received {
    let response = ResponseTemplate::new(200).set_body_raw(format!("{body}{body}"), content_type);
    Received { response, value: Value::Array(vec![value.clone(), value]) }
}

fn lines(content_type: &str, body: &str) -> Received {
    // A record separator precedes each value of a sequence; otherwise a line break follows it.
    let separator = if content_type.contains("json-seq") { "\u{1e}" } else { "" };
    streamed(content_type, &format!("{separator}{body}\n"), json(body))
}

fn json_events(body: &str) -> Received {
    streamed("text/event-stream", &format!(": comment\ndata: {body}\n\n"), json(body))
}

fn text_events(body: &str) -> Received {
    let value = json(body);
    let text = value.as_str().unwrap().to_owned();
    streamed("text/event-stream", &format!("data: {text}\n\n"), value)
}

/// Events whose schema describes the whole event.
fn whole_events(body: &str) -> Received {
    let value = json(body);
    let mut text = String::new();
    for name in ["event", "id", "retry", "data"] {
        match value.get(name) {
            Some(Value::String(field)) => text += &format!("{name}: {field}\n"),
            Some(field) => text += &format!("{name}: {field}\n"),
            None => {}
        }
    }
    if value.get("data").is_none() {
        // An event without data is not dispatched.
        let response = ResponseTemplate::new(200).set_body_raw(text, "text/event-stream");
        return Received { response, value: Value::Array(Vec::new()) };
    }
    streamed("text/event-stream", &format!("{text}\n"), value)
}

/// A request that is to arrive.
struct Sent {
    line: (&'static str, &'static str),
    authenticated: bool,
    query: &'static [(&'static str, &'static str)],
    headers: Vec<(&'static str, &'static str)>,
    body: Body,
}

enum Body {
    None,
    Json(Value),
    Form,
    Multipart(&'static [&'static str]),
    Text(&'static str),
}

fn sent(method: &'static str, path: &'static str) -> Sent {
    Sent { line: (method, path), authenticated: true, query: &[], headers: Vec::new(), body: Body::None }
}

impl Sent {
    fn without_credentials(mut self) -> Self {
        self.authenticated = false;
        self
    }

    fn query(mut self, pairs: &'static [(&'static str, &'static str)]) -> Self {
        self.query = pairs;
        self
    }

    fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    fn json(mut self, content_type: &'static str, body: &str) -> Self {
        self.body = Body::Json(json(body));
        self.header("content-type", content_type)
    }

    fn form(mut self, content_type: &'static str) -> Self {
        self.body = Body::Form;
        self.header("content-type", content_type)
    }

    /// A multipart form of parts with these names, in their order.
    fn multipart(mut self, parts: &'static [&'static str]) -> Self {
        self.body = Body::Multipart(parts);
        self
    }

    fn text(mut self, content_type: &'static str, body: &'static str) -> Self {
        self.body = Body::Text(body);
        self.header("content-type", content_type)
    }
}

/// A server that sends one response to every request, and a client of it.
async fn serve(received: &Received) -> (MockServer, specmill_client_crate::Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(received.response.clone()).mount(&server).await;
    let client = specmill_client_crate::Client::builder().base_url(server.uri())/* settings */.build().unwrap();
    (server, client)
}

/// Checks the one request that arrived.
async fn check(server: &MockServer, sent: &Sent) {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    let request = requests.remove(0);
    assert_eq!((request.method.as_str(), request.url.path()), sent.line);
    assert!(header(&request, "user-agent").is_some());
    assert_eq!(header(&request, "api-version"), None);
    /* credentials */
    let expected: Vec<_> = sent.query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(query(&request), expected);
    for (name, value) in &sent.headers {
        assert_eq!(header(&request, name), Some(*value), "{name}");
    }
    match &sent.body {
        Body::None => assert!(request.body.is_empty()),
        Body::Form => assert!(!request.body.is_empty()),
        Body::Multipart(parts) => {
            let content_type = header(&request, "content-type").unwrap();
            let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
            let body = String::from_utf8(request.body.clone()).unwrap();
            let mut pieces: Vec<&str> = body.split(&format!("--{boundary}")).skip(1).collect();
            assert_eq!(pieces.pop(), Some("--\r\n"));
            assert_eq!(pieces.len(), parts.len());
            for (piece, name) in pieces.iter().zip(*parts) {
                let name = name.replace('"', "%22");
                assert!(piece.contains(&format!("form-data; name=\"{name}\"")), "{piece}");
            }
        }
        Body::Text(text) => assert_eq!(request.body, text.as_bytes()),
        Body::Json(value) => {
            let arrived: Value = serde_json::from_slice(&request.body).unwrap();
            assert!(same(&arrived, value), "{arrived} instead of {value}");
        }
    }
}

/// Whether two values are the same; `1` and `1.0` are one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|there| same(value, there)))
        }
        (one, other) => one == other,
    }
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.get(name).map(|value| value.to_str().unwrap())
}

/// The credential in the query, if there is one.
const CREDENTIAL: Option<&str> = /* hidden */;

/// The query without credentials, decoded, in the order of names and then as sent.
fn query(request: &Request) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    pairs.retain(|(name, _)| Some(name.as_str()) != CREDENTIAL);
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
