//! The catalogue says what `specs/` holds.

use specmill::{Date, VersionState, catalog};

#[test]
fn every_api_is_listed_with_its_operations() {
    let panther = catalog().iter().find(|api| api.name == "panther").unwrap();
    assert_eq!(panther.title, "Panther");
    assert_eq!(panther.spec_version, "1.0");
    let operations: Vec<_> = panther
        .operations
        .iter()
        .map(|one| (one.id, one.method, one.path))
        .collect();
    assert_eq!(
        operations,
        [
            ("user_list", "GET", "/users"),
            ("user_create", "POST", "/users"),
            ("user_get", "GET", "/users/{id}"),
            ("user_update", "POST", "/users/{id}"),
            ("user_delete", "DELETE", "/users/{id}"),
        ]
    );
    assert_eq!(
        panther.operations[0].required_permission,
        Some("Read User Info")
    );
    assert_eq!(panther.operations[0].summary, "List users");
}

#[test]
fn versions_have_their_state_and_date() {
    let center = catalog()
        .iter()
        .find(|api| api.name == "scp-identity-center")
        .unwrap();
    let versions: Vec<_> = center
        .versions
        .iter()
        .map(|one| (one.version, one.state, one.not_before))
        .collect();
    assert_eq!(
        versions,
        [
            ("1.4", VersionState::Current, None),
            (
                "1.3",
                VersionState::Supported,
                Some(Date::new(2026, 11, 30))
            ),
            ("1.2", VersionState::Supported, Some(Date::new(2026, 9, 30))),
            (
                "1.1",
                VersionState::Deprecated,
                Some(Date::new(2026, 5, 31))
            ),
            (
                "1.0",
                VersionState::Deprecated,
                Some(Date::new(2026, 2, 23))
            ),
        ]
    );
}

#[cfg(all(feature = "panther", feature = "scp"))]
#[test]
fn the_digest_is_that_of_the_crate() {
    for (name, digest) in [
        ("panther", specmill::panther::SPEC_DIGEST),
        (
            "scp-identity-center",
            specmill::scp::identity_center::SPEC_DIGEST,
        ),
    ] {
        let api = catalog().iter().find(|api| api.name == name).unwrap();
        assert_eq!(api.digest, digest);
    }
}
