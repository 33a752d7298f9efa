//! Path arguments never leave their segment.

use specmill_sandbox::Operation;

use crate::support::{newcomer, panther, sandbox};

/// Arguments that would lead to another path, directly or after an intermediary has decoded
/// them.
const HOSTILE: &[&str] = &[
    "",
    ".",
    "..",
    "../api-tokens",
    "x/..",
    "x/../../admin",
    "/",
    "/x",
    "x/",
    "x//y",
    r"\",
    r"..\..\admin",
    r"x\..\..\..\admin\tokens",
    "%2e%2e",
    "%2E",
    ".%2e",
    "%2e%2e%2fadmin",
    "..%2fadmin",
    "x%2f..%2f..%2fadmin",
    "..%5cadmin",
    "%252e%252e",
    "%252e%252e%252fadmin",
    "%25252e%25252e",
    "x%255c..%255cy",
    "..;x=1",
    "..;/admin",
    "x/..;/admin",
    "%3b",
    "a\0b",
    "a%00b",
    "a\r\nX-Injected: 1",
    "a%0d%0aX-Injected: 1",
    "http://evil.test/x",
    "//evil.test",
    "@evil.test/..",
];

/// Arguments with characters that have a meaning in URLs, but are data here.
const ODD: &[&str] = &[
    "u-404",
    "AWS.CloudTrail.X",
    "...",
    "x..y",
    "a b",
    "a?b=c",
    "a#b",
    "a;b",
    "a:b@c",
    "100%",
    "50%25",
    "홍길동",
    "138c/2fc8",
    r"DOMAIN\user",
    "%zz",
];

#[tokio::test]
async fn an_argument_that_would_leave_its_segment_is_never_sent() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    for id in HOSTILE {
        let get = panther.user_get(*id).send().await.unwrap_err();
        let update = panther.user_update(*id).body(newcomer());
        let update = update.send().await.unwrap_err();
        let delete = panther.user_delete(*id).send().await.unwrap_err();
        for error in [get, update, delete] {
            assert!(error.is_invalid_request(), "{id:?}: {error}");
            assert!(error.was_not_sent() && error.attempts() == 0);
            assert!(
                error.to_string().contains("the path parameter id "),
                "{error}"
            );
        }
    }
    assert_eq!(sandbox.requests().count(), 0);
}

#[tokio::test]
async fn every_other_argument_arrives_as_it_was_in_the_one_segment_it_belongs_to() {
    let sandbox = sandbox().await;
    let panther = panther(&sandbox);
    for id in ODD {
        let error = panther.user_get(*id).send().await.unwrap_err();
        assert!(error.is_not_found(), "{id:?}: {error}");
        let request = sandbox.requests().last().unwrap();
        assert_eq!(request.operation(), Some(Operation::UserGet), "{id:?}");
        assert_eq!(request.path().matches('/').count(), 2, "{id:?}");
        assert_eq!(request.query(), None, "{id:?}");
        // The service decoded exactly this id.
        assert!(
            error.message().unwrap().contains(&format!("{id:?}")),
            "{error}"
        );
    }
}
