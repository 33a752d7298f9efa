//! Calls from synchronous code.

use specmill_client::blocking;
use specmill_sandbox::{Fault, Sandbox};

use crate::support::{newcomer, panther};

#[test]
fn calls_and_listings_are_made_without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let started = Sandbox::builder().panther_users(130).start();
    let sandbox = runtime.block_on(started).unwrap();
    let panther = panther(&sandbox);
    let created = blocking::wait(panther.user_create().body(newcomer()).send()).unwrap();
    assert_eq!(created.email, "new@acme.test");
    sandbox.fail_next(Fault::status(503));
    let users: Result<Vec<_>, _> = blocking::iter(panther.user_list().stream()).collect();
    assert_eq!(users.unwrap().len(), 131);
    let error = blocking::wait(panther.user_get("u-404").send()).unwrap_err();
    assert!(error.is_not_found());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let panther = panther.clone();
            std::thread::spawn(move || blocking::wait(panther.user_list().send()))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
}
