//! Client configuration.

use std::process::Command;

use specmill::scp::identity_center::{ApiVersion, Environment, Language, Region};
use specmill::{panther, scp::identity_center};
use specmill_sandbox::{Fault, Operation, Sandbox};

use crate::support::{
    RawServer, center, center_builder, panther, panther_builder, people, sandbox,
};

/// The host that a client requests from its proxy.
async fn connected_to(region: Region, environment: Environment) -> String {
    let proxy = RawServer::responding(b"HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n").await;
    let address = proxy.url();
    let center = identity_center::Client::builder()
        .region(region)
        .environment(environment)
        .credentials("access", "secret-key")
        .retry(specmill::RetryPolicy::none())
        .proxy(specmill::Proxy::new(address))
        .build()
        .unwrap();
    center
        .list_users()
        .instance_id("i")
        .send()
        .await
        .unwrap_err();
    let head = proxy.heads().remove(0);
    assert!(!head.contains("secret-key") && !head.to_lowercase().contains("scp-"));
    head.lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn the_address_is_made_of_region_and_environment() {
    assert_eq!(
        connected_to(Region::KrWest1, Environment::Enterprise).await,
        "CONNECT iam-identity-center.kr-west1.e.samsungsdscloud.com:443 HTTP/1.1"
    );
    assert_eq!(
        connected_to(Region::KrSouth2, Environment::Sovereign).await,
        "CONNECT iam-identity-center.kr-south2.g.samsungsdscloud.com:443 HTTP/1.1"
    );
}

#[test]
fn a_region_that_the_environment_does_not_have_is_refused() {
    let error = identity_center::Client::builder()
        .region(Region::KrSouth1)
        .environment(Environment::Enterprise)
        .credentials("access", "secret")
        .build()
        .unwrap_err();
    assert!(error.is_configuration(), "{error}");
    assert!(error.to_string().contains("region"), "{error}");
}

#[test]
fn a_missing_setting_is_named() {
    let error = panther::Client::builder().api_key("k").build().unwrap_err();
    assert!(error.to_string().contains("base_url"), "{error}");
    let error = panther::Client::builder()
        .base_url("https://api.acme.test")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("api_key"), "{error}");
    let error = identity_center::Client::builder()
        .base_url("https://acme.test")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("credentials"), "{error}");
}

#[tokio::test]
async fn a_pasted_graphql_address_is_fixed_and_a_path_prefix_is_kept() {
    let sandbox = Sandbox::builder()
        .panther_path_prefix("/self/hosted")
        .start()
        .await
        .unwrap();
    for tail in ["", "/", "//", "/public/graphql", "/public/graphql/"] {
        let panther = panther_builder(&sandbox)
            .base_url(format!("{}{tail}", sandbox.panther_url()))
            .build()
            .unwrap();
        assert_eq!(panther.base_url(), sandbox.panther_url());
        panther.user_list().send().await.unwrap();
        assert_eq!(
            sandbox.requests().last().unwrap().path(),
            "/self/hosted/users"
        );
    }
}

#[tokio::test]
async fn http_is_refused_unless_the_host_is_loopback_or_the_caller_asks() {
    let build = |address: &str, allow| {
        panther::Client::builder()
            .base_url(address)
            .api_key("key")
            .allow_http(allow)
            .build()
    };
    let error = build("http://api.acme.test", false).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid configuration: the base URL is http://, which would send credentials unencrypted: use https://, \
         or allow_http(true)"
    );
    assert!(build("http://127.0.0.1.acme.test", false).is_err());
    assert!(build("http://api.acme.test", true).is_ok());
    let sandbox = sandbox().await;
    assert!(sandbox.panther_url().starts_with("http://127.0.0.1"));
    panther(&sandbox).user_list().send().await.unwrap();
}

#[tokio::test]
async fn the_user_agent_names_the_library_the_api_and_the_callers_program() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .user_agent_suffix("audit/1.2")
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("specmill-client/"), "{agent}");
    assert!(
        agent.contains(" panther/") && agent.ends_with(" audit/1.2"),
        "{agent}"
    );
    let center = center(&sandbox);
    people(&sandbox, &center).send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    let agent = request.header("user-agent").unwrap();
    assert!(agent.contains(" scp-identity-center/"), "{agent}");
}

#[tokio::test]
async fn extra_headers_are_sent_and_may_not_replace_the_clients_own() {
    let sandbox = sandbox().await;
    let panther = panther_builder(&sandbox)
        .header("X-Tenant", "blue")
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();
    let request = sandbox.requests().last().unwrap();
    assert_eq!(request.header("x-tenant"), Some("blue"));

    let error = panther_builder(&sandbox)
        .header("x-api-key", "other")
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("x-api-key"), "{error}");
    for name in [
        "Scp-Signature",
        "Scp-Api-Version",
        "Accept-Language",
        "Host",
    ] {
        let error = center_builder(&sandbox)
            .header(name, "other")
            .build()
            .unwrap_err();
        assert!(error.is_configuration(), "{name}: {error}");
    }
    assert_eq!(sandbox.requests().count(), 1);
}

#[tokio::test]
async fn an_http_client_is_shared_by_clients_of_several_apis() {
    let sandbox = sandbox().await;
    let own = specmill::HttpClient::builder().no_proxy().build().unwrap();
    let panther = panther_builder(&sandbox)
        .http_client(own.clone())
        .build()
        .unwrap();
    panther.user_list().send().await.unwrap();
    sandbox.fail_next(Fault::redirect(307));
    let error = panther.user_list().send().await.unwrap_err();
    assert!(error.is_redirect());
    let center = center_builder(&sandbox).http_client(own).build().unwrap();
    people(&sandbox, &center).send().await.unwrap();
    assert_eq!(sandbox.other_origin_requests().count(), 0);
}

#[tokio::test]
async fn a_proxy_beside_a_supplied_http_client_is_refused() {
    let sandbox = sandbox().await;
    let own = specmill::HttpClient::builder().build().unwrap();
    let error = panther_builder(&sandbox)
        .http_client(own)
        .proxy(specmill::Proxy::new("http://proxy.test"))
        .build()
        .unwrap_err();
    assert!(error.is_configuration());
    assert!(error.to_string().contains("make them there"), "{error}");
}

#[tokio::test]
async fn language_and_version_are_selectable() {
    let sandbox = sandbox().await;
    for (version, language) in [
        (ApiVersion::V1_2, Language::KoKr),
        (ApiVersion::V1_4, Language::EnUs),
    ] {
        let center = center_builder(&sandbox)
            .api_version(version)
            .language(language.clone())
            .build()
            .unwrap();
        people(&sandbox, &center).send().await.unwrap();
        let request = sandbox.requests().last().unwrap();
        assert_eq!(
            request.header("scp-api-version").unwrap(),
            format!("iam-identity-center {version}")
        );
        assert_eq!(request.header("accept-language"), Some(language.as_str()));
    }
}

/// Runs an example with these environment variables and no other variables of this project.
fn example(variables: &[(&str, &str)]) -> (bool, String) {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.push("examples");
    path.push(format!("tour{}", std::env::consts::EXE_SUFFIX));
    let output = Command::new(&path)
        .args(["--live", "tour@acme.test"])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap_or_else(|error| {
            panic!("{}: {error}: run `cargo build --examples`", path.display())
        });
    let text = if output.status.success() {
        output.stdout
    } else {
        output.stderr
    };
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_env_reads_the_documented_variables() {
    let sandbox = sandbox().await;
    let variables = [
        ("PANTHER_BASE_URL", sandbox.panther_url()),
        ("PANTHER_API_KEY", sandbox.panther_api_key()),
        ("SCP_BASE_URL", sandbox.identity_center_url()),
        ("SCP_ACCESS_KEY", sandbox.access_key()),
        ("SCP_SECRET_KEY", sandbox.secret_key()),
        ("SCP_API_VERSION", "1.3"),
        ("SCP_LANGUAGE", "ko-KR"),
        ("SCP_INSTANCE_ID", sandbox.instance_id()),
    ];
    let (success, text) = example(&variables);
    assert!(success, "{text}");
    let requests = sandbox.requests();
    assert_eq!(requests.count_of(Operation::UserDelete), 1);
    let listed = requests.last_of(Operation::ListUsers).unwrap();
    assert_eq!(
        listed.header("scp-api-version"),
        Some("iam-identity-center 1.3")
    );
    assert_eq!(listed.header("accept-language"), Some("ko-KR"));
}

#[test]
fn from_env_names_the_variable_that_is_missing_or_invalid_and_never_its_value() {
    let all = [
        ("PANTHER_BASE_URL", "https://api.acme.test"),
        ("PANTHER_API_KEY", "hunter2-key"),
        ("SCP_REGION", "kr-west1"),
        ("SCP_ENVIRONMENT", "e"),
        ("SCP_ACCESS_KEY", "hunter2-access"),
        ("SCP_SECRET_KEY", "hunter2-secret"),
    ];
    for missing in [
        "PANTHER_BASE_URL",
        "PANTHER_API_KEY",
        "SCP_ACCESS_KEY",
        "SCP_SECRET_KEY",
    ] {
        let rest: Vec<_> = all
            .into_iter()
            .filter(|(name, _)| *name != missing)
            .collect();
        let (success, text) = example(&rest);
        assert!(!success && !text.contains("hunter2"), "{text}");
        assert_eq!(
            text.trim_end(),
            format!("invalid configuration: the environment variable {missing} is not set: set it")
        );
    }
    let invalid: Vec<_> = all
        .into_iter()
        .chain([("SCP_API_VERSION", "hunter2")])
        .collect();
    let (success, text) = example(&invalid);
    assert!(!success && !text.contains("hunter2"), "{text}");
    assert!(text.contains("SCP_API_VERSION"), "{text}");
}

#[test]
fn a_variable_of_one_service_counts_before_the_one_that_services_share() {
    let center = |more: &[(&'static str, &'static str)]| {
        let shared = [
            ("SCP_BASE_URL", "https://shared.test"),
            ("SCP_ACCESS_KEY", "a"),
            ("SCP_SECRET_KEY", "s"),
            ("SCP_API_VERSION", "hunter2"),
        ];
        let version = [("SCP_IDENTITY_CENTER_API_VERSION", "1.3")];
        let all = shared.into_iter().chain(version);
        identity_center::Client::from_variables(all.chain(more.iter().copied()))
    };
    assert_eq!(center(&[]).unwrap().base_url(), "https://shared.test");
    let own = [("SCP_IDENTITY_CENTER_BASE_URL", "https://own.test")];
    assert_eq!(center(&own).unwrap().base_url(), "https://own.test");
    let invalid = [("SCP_IDENTITY_CENTER_BASE_URL", "http://own.test")];
    let error = center(&invalid).unwrap_err().to_string();
    assert!(error.contains("SCP_IDENTITY_CENTER_BASE_URL"), "{error}");
    let region = [("SCP_IDENTITY_CENTER_REGION", "kr-west1")];
    assert_eq!(
        center(&region).unwrap_err().to_string(),
        "invalid configuration: SCP_BASE_URL would stand for SCP_IDENTITY_CENTER_REGION, which belongs to one service: \
         unset one of them, or set SCP_IDENTITY_CENTER_BASE_URL"
    );
}

#[test]
fn parts_of_the_address_may_be_of_one_service_or_shared() {
    let center = identity_center::Client::from_variables([
        ("SCP_REGION", "kr-west1"),
        ("SCP_ENVIRONMENT", "e"),
        ("SCP_IDENTITY_CENTER_REGION", "kr-east1"),
        ("SCP_ACCESS_KEY", "a"),
        ("SCP_SECRET_KEY", "s"),
    ]);
    assert_eq!(
        center.unwrap().base_url(),
        "https://iam-identity-center.kr-east1.e.samsungsdscloud.com"
    );
}
