//! The page of all rules.

#[test]
fn the_rules_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/RULES.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == apidrift::rules::page(),
        "RULES.md is not current: run `cargo run -p apidrift -- --rules > crates/apidrift/RULES.md`"
    );
}
