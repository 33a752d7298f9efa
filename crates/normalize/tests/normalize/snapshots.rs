//! The normalised documents of two APIs, as they are made from the copy of `specs/` in `tests/frozen`.
//!
//! The copy stays as it is when a page changes: these tests are about the generator, not about the vendors.

use std::path::Path;

use specmill_normalize::normalize;
use specmill_openapi::document::to_json;
use specmill_xtask::api::Api;
use specmill_xtask::input;

pub(crate) fn document_of(name: &str) -> serde_json::Value {
    let root = &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen");
    let api = Api::read(root, name).unwrap();
    let (input, overlay) = input::read(root, &api).unwrap();
    normalize(&api.normalize_options(), input, overlay.as_ref())
        .unwrap()
        .document
}

#[test]
fn the_document_of_panther() {
    insta::assert_snapshot!("panther", to_json(&document_of("panther")));
}

#[test]
fn the_document_of_identity_center() {
    insta::assert_snapshot!(
        "scp_identity_center",
        to_json(&document_of("scp-identity-center"))
    );
}
