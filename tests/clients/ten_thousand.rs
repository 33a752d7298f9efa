//! Ten thousand users with faults: 5 % of the requests are throttled, 5 % fail with an outage, and 2 % are
//! reset.

use specmill::RetryBudget;
use specmill_sandbox::{Fault, Faults, Operation, Sandbox};

use crate::support::{brisk, center_builder, panther_builder, people};

const USERS: usize = 10_000;

async fn stormy() -> Sandbox {
    let weather = Faults::seeded(7)
        .rate(0.05, Fault::status(429))
        .rate(0.05, Fault::status(503))
        .rate(0.02, Fault::reset());
    Sandbox::builder()
        .panther_users(USERS)
        .identity_center_users(USERS)
        .faults(weather)
        .start()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn panthers_ten_thousand_users_come_once_each_and_in_order_under_faults() {
    let sandbox = stormy().await;
    let panther = panther_builder(&sandbox).build().unwrap();
    let mut users = panther.user_list().stream();
    let mut ids = Vec::new();
    while let Some(user) = users.try_next().await.unwrap() {
        ids.push(user.id.unwrap());
    }
    assert_eq!(ids, sandbox.panther_user_ids());
    // 167 pages, some of which fail with this seed.
    let calls = sandbox.requests().count_of(Operation::UserList);
    assert!(calls > 170, "{calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_centers_ten_thousand_users_come_once_each_and_in_order_under_faults() {
    let sandbox = stormy().await;
    let center = center_builder(&sandbox)
        .retry(brisk().max_attempts(8))
        .retry_budget(RetryBudget::new(200, 0.2))
        .build()
        .unwrap();
    for concurrency in [1, 8] {
        let mut users = people(&sandbox, &center).stream().concurrency(concurrency);
        let mut ids = Vec::new();
        while let Some(user) = users.try_next().await.unwrap() {
            ids.push(user.id);
        }
        assert_eq!(ids, sandbox.identity_center_user_ids());
    }
    // At least 500 pages in each listing.
    let calls = sandbox.requests().count_of(Operation::ListUsers);
    assert!(calls > 1_050, "{calls}");
}
