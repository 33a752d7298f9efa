//! The sandbox as a generated client uses it.

use specmill::panther::types::UserRole;
use specmill::scp::identity_center::ApiVersion;
use specmill_client::ManualClock;
use specmill_sandbox::{Operation, Sandbox};

use crate::support::{center, center_builder, newcomer, panther, panther_builder, people};

#[tokio::test]
async fn it_is_seeded_with_any_number_of_users_and_the_same_seed_gives_the_same() {
    let start = async |seed| {
        Sandbox::builder()
            .panther_users(3)
            .panther_deactivated_users(2)
            .identity_center_users(0)
            .seed(seed)
            .start()
            .await
            .unwrap()
    };
    let (one, same, other) = (start(7).await, start(7).await, start(8).await);
    let list = panther(&one).user_list().include_deactivated(true);
    let users = list.send().await.unwrap().results;
    let ids: Vec<_> = users.iter().map(|user| user.id.clone().unwrap()).collect();
    assert_eq!(ids.len(), 5);
    assert_eq!(ids, same.panther_user_ids());
    assert_ne!(ids, other.panther_user_ids());
    let page = people(&one, &center(&one)).send().await.unwrap();
    assert!(page.users.is_empty());
}

#[tokio::test]
async fn it_checks_bodies_as_the_service_would() {
    let sandbox = Sandbox::start().await.unwrap();
    let panther = panther(&sandbox);
    let role = UserRole::builder()
        .name("Analyst")
        .id(sandbox.panther_roles()[0].id);
    let create = panther.user_create().body(newcomer().role(role));
    let error = create.send().await.unwrap_err();
    assert_eq!(
        error.message(),
        Some("\"role\" accepts an id or a name, not both")
    );
    let create = panther.user_create().body(newcomer().email("no address"));
    assert!(create.send().await.unwrap_err().is_bad_request());
}

#[tokio::test]
async fn it_checks_parameters_as_the_service_would() {
    let sandbox = Sandbox::start().await.unwrap();
    let (panther, center) = (panther(&sandbox), center(&sandbox));
    let list = panther.user_list().cursor("made-up");
    assert!(list.send().await.unwrap_err().is_bad_request());
    let list = people(&sandbox, &center);
    for invalid in [
        list.clone().size(0),
        list.clone().page(-1),
        list.sort("nonsense:up"),
    ] {
        let error = invalid.send().await.unwrap_err();
        assert!(error.is_bad_request(), "{error}");
    }
}

#[tokio::test]
async fn it_refuses_a_version_that_is_no_longer_served() {
    let sandbox = Sandbox::builder()
        .retired_version("1.2")
        .start()
        .await
        .unwrap();
    let old = center_builder(&sandbox)
        .api_version(ApiVersion::V1_2)
        .build()
        .unwrap();
    let error = people(&sandbox, &old).send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 406);
    assert_eq!(error.code(), Some("NoSuchVersion"));
    let served = center(&sandbox).list_versions().send().await.unwrap();
    assert!(served.versions.iter().all(|version| version.id != "v1.2"));
}

#[tokio::test]
async fn it_refuses_a_signature_of_another_time() {
    let sandbox = Sandbox::start().await.unwrap();
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(86_400);
    let late = center_builder(&sandbox)
        .clock(ManualClock::new(yesterday))
        .build()
        .unwrap();
    let error = people(&sandbox, &late).send().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
}

#[tokio::test]
async fn its_log_tells_what_came_in_and_shows_no_credential() {
    let sandbox = Sandbox::start().await.unwrap();
    let panther = panther_builder(&sandbox).build().unwrap();
    panther.user_list().limit(3).send().await.unwrap();
    panther.user_get("u-404").send().await.unwrap_err();
    let requests = sandbox.requests();
    assert_eq!(requests.count_of(Operation::UserList), 1);
    let last = requests.last().unwrap();
    assert_eq!((last.path(), last.status()), ("/users/u-404", Some(404)));
    assert!(last.has_credentials());
    assert!(!format!("{requests:?}").contains(sandbox.panther_api_key()));
}
