//! The credentials, the URL and the accepted media types of requests.

use specmill_client::CallOptions;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    server
}

async fn last(server: &MockServer) -> Request {
    server.received_requests().await.unwrap().pop().unwrap()
}

/// The credentials that a request carries.
fn carried(request: &Request) -> Vec<String> {
    let names = ["x-api-key", "x-app-id", "authorization", "cookie"];
    let headers = names.iter().filter_map(|name| {
        Some(format!("{name}: {}", request.headers.get(*name)?.to_str().unwrap()))
    });
    headers.chain(request.url.query().map(str::to_owned)).collect()
}

mod security {
    use specmill_security_schemes::{Client, ClientBuilder};

    use super::*;

    fn builder(server: &MockServer) -> ClientBuilder {
        Client::builder().base_url(server.uri())
    }

    fn all(server: &MockServer) -> Client {
        let builder = builder(server).api_key("the-key").app_id("the-app").query_key("the key&");
        let builder = builder.session("the-session").correlation("the-correlation");
        builder.bearer_token("the-token").credentials("ann", "secret").build().unwrap()
    }

    #[tokio::test]
    async fn each_operation_carries_what_it_asks_for_and_no_more() {
        let server = server().await;
        let client = all(&server);
        client.add_order().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["x-api-key: the-key", "x-app-id: the-app"]);
        client.get_public().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), [""; 0]);
        client.get_rates().page(2).send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["page=2&api%20key=the%20key%26"]);
        client.get_session().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["cookie: ssid=the-session; correlation=the-correlation"]);
        client.get_odd().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), [""; 0]);
    }

    #[tokio::test]
    async fn the_first_alternative_that_is_set_is_taken() {
        let server = server().await;
        all(&server).get_me().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["authorization: Bearer the-token"]);
        builder(&server).credentials("ann", "secret").build().unwrap().get_me().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["authorization: Basic YW5uOnNlY3JldA=="]);
        // The operation also accepts requests without credentials.
        builder(&server).build().unwrap().get_me().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), [""; 0]);
        builder(&server).api_key("the-key").build().unwrap().get_either().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["x-api-key: the-key"]);
    }

    #[tokio::test]
    async fn without_the_required_credentials_no_request_is_sent() {
        let server = server().await;
        let client = builder(&server).api_key("the-key").bearer_token("the-token").build().unwrap();
        let error = client.add_order().send().await.unwrap_err();
        assert!(error.is_configuration(), "{error}");
        let error = error.to_string();
        assert!(error.contains("set api_key and app_id"), "{error}");
        assert!(!error.contains("the-key"), "{error}");
        let error = builder(&server).build().unwrap().get_either().send().await.unwrap_err();
        assert!(error.to_string().contains("set bearer_token, or api_key"), "{error}");
        assert!(server.received_requests().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn one_scheme_can_be_replaced() {
        let server = server().await;
        let client = all(&server);
        client.set_api_key("new-key").unwrap();
        client.add_order().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["x-api-key: new-key", "x-app-id: the-app"]);
        assert!(client.set_session("a; b=c").is_err());
        client.get_session().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["cookie: ssid=the-session; correlation=the-correlation"]);
    }

    #[tokio::test]
    async fn credentials_are_read_from_variables_where_they_are_set() {
        let server = server().await;
        let uri = server.uri();
        let read = |variables: &[(&str, &str)]| {
            let address = ("SECURITY_SCHEMES_BASE_URL".to_owned(), uri.clone());
            let others = variables.iter().map(|(name, value)| (format!("SECURITY_SCHEMES_{name}"), (*value).to_owned()));
            Client::from_variables(others.chain([address]))
        };
        let client = read(&[("API_KEY", "the-key"), ("APP_ID", "the-app")]).unwrap();
        client.add_order().send().await.unwrap();
        assert_eq!(carried(&last(&server).await), ["x-api-key: the-key", "x-app-id: the-app"]);
        assert!(client.get_rates().send().await.is_err());
        let error = read(&[("USER", "ann")]).unwrap_err();
        assert!(error.to_string().contains("one half of credentials"), "{error}");
    }

    #[test]
    fn no_output_contains_a_credential() {
        let builder = Client::builder().base_url("http://127.0.0.1:1").api_key("the-key").session("the-session");
        let debug = format!("{builder:?}") + &format!("{:?}", builder.build().unwrap());
        assert!(!debug.contains("the-key") && !debug.contains("the-session"), "{debug}");
    }
}

#[tokio::test]
async fn a_key_in_a_cookie_is_added_to_the_cookies_of_the_call() {
    let server = server().await;
    let client = specmill_cookie_key::Client::builder().base_url(server.uri()).api_key("the-key").build().unwrap();
    client.get_me().theme("dark").send().await.unwrap();
    assert_eq!(carried(&last(&server).await), ["cookie: theme=dark; ssid=the-key"]);
    client.get_me().send().await.unwrap();
    assert_eq!(carried(&last(&server).await), ["cookie: ssid=the-key"]);
    for bad in ["a b", "a;b", "a,b", "a\"b"] {
        let built = specmill_cookie_key::Client::builder().base_url(server.uri()).api_key(bad).build();
        assert!(built.is_err(), "{bad}");
    }
}

mod servers {
    use specmill_operation_servers::Client;

    use super::*;

    #[tokio::test]
    async fn an_operation_is_sent_to_the_most_specific_server() {
        let (own, upload, login) = (server().await, server().await, server().await);
        let client = Client::builder()
            .base_url(format!("{}/v2", own.uri()))
            .upload_base_url(format!("{}/api/2", upload.uri()))
            .eu_base_url(login.uri())
            .bearer_token("the-token")
            .build()
            .unwrap();
        client.list_folders().send().await.unwrap();
        assert_eq!(last(&own).await.url.path(), "/v2/folders");
        client.upload().send().await.unwrap();
        let request = last(&upload).await;
        assert_eq!(request.url.path(), "/api/2/content");
        assert_eq!(carried(&request), ["authorization: Bearer the-token"]);
        client.make_token().send().await.unwrap();
        let request = last(&login).await;
        assert_eq!(request.url.path(), "/token");
        assert_eq!(carried(&request), [""; 0]);
        // The path of a relative server is resolved against the client's base URL.
        client.download().send().await.unwrap();
        assert_eq!(last(&own).await.url.path(), "/v3/content");
    }

    #[tokio::test]
    async fn a_server_with_a_variable_without_a_default_must_be_set() {
        let (own, agent) = (server().await, server().await);
        let builder = Client::builder().base_url(own.uri()).bearer_token("the-token");
        let client = builder.agent_base_url(format!("{}/v1", agent.uri())).build().unwrap();
        client.get_open().send().await.unwrap();
        let request = last(&agent).await;
        assert_eq!(request.url.path(), "/v1/open");
        assert_eq!(carried(&request), ["authorization: Bearer the-token"]);
        let error = client.get_tenant().send().await.unwrap_err();
        let message = error.to_string();
        assert!(message.contains("variable without a default: set region_base_url"), "{message}");
        assert!(own.received_requests().await.unwrap().is_empty());
    }

    #[test]
    fn a_base_url_of_a_variable_is_checked_as_any() {
        let builder = Client::builder().base_url("http://127.0.0.1:1").bearer_token("the-token");
        let error = builder.agent_base_url("http://agent.test").build().unwrap_err();
        assert!(error.to_string().contains("agent_base_url"), "{error}");
    }

    #[tokio::test]
    async fn no_credential_is_sent_unencrypted_unless_permitted() {
        let own = server().await;
        let client = Client::builder().base_url(own.uri()).bearer_token("the-token").build().unwrap();
        let error = client.get_plain().send().await.unwrap_err();
        assert!(error.to_string().contains("set plain_base_url"), "{error}");
        assert!(own.received_requests().await.unwrap().is_empty());
    }

    #[test]
    fn a_configured_url_is_checked() {
        let builder = Client::builder().base_url("http://127.0.0.1:1").bearer_token("the-token");
        let error = builder.upload_base_url("http://b.test").build().unwrap_err();
        assert!(error.to_string().contains("upload_base_url"), "{error}");
    }
}

mod accept {
    use specmill_media_types::Client;

    use super::*;

    async fn accepted(server: &MockServer) -> String {
        last(server).await.headers["accept"].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_request_accepts_the_media_types_that_its_operation_declares() {
        let server = server().await;
        let client = Client::builder().base_url(server.uri()).build().unwrap();
        let _ = client.list_apps().send().await;
        assert_eq!(accepted(&server).await, "application/vnd.acme+json; version=3");
        client.get_picture().send().await.unwrap();
        assert_eq!(accepted(&server).await, "image/png, application/problem+json");
        client.get_file().send().await.unwrap();
        assert_eq!(accepted(&server).await, "application/vnd.acme.raw, application/vnd.acme.html");
    }

    #[tokio::test]
    async fn a_caller_may_override_accept_for_a_call_or_a_client() {
        let server = server().await;
        let client = Client::builder().base_url(server.uri()).build().unwrap();
        client.get_file().accept("application/vnd.acme.html").send().await.unwrap();
        assert_eq!(accepted(&server).await, "application/vnd.acme.html");
        let options = CallOptions::new().header("Accept", "image/webp");
        client.get_picture().with_options(options).send().await.unwrap();
        assert_eq!(accepted(&server).await, "image/webp");
        let client = Client::builder().base_url(server.uri()).header("Accept", "image/gif").build().unwrap();
        client.get_picture().send().await.unwrap();
        assert_eq!(accepted(&server).await, "image/gif");
    }
}

#[tokio::test]
async fn a_path_is_sent_without_its_fragment() {
    let server = server().await;
    let client = specmill_path_fragments::Client::builder().base_url(server.uri()).build().unwrap();
    client.rename_folder("f#1").send().await.unwrap();
    let request = last(&server).await;
    assert_eq!((request.url.path(), request.url.fragment()), ("/folders/f%231", None));
}
