//! All generated files are up to date.

use std::path::Path;

#[test]
fn everything_generated_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.as_path();
    let regenerated =
        specmill_xtask::regen::regenerate(root, None).unwrap_or_else(|error| panic!("{error}"));
    let plan = regenerated
        .output
        .plan(root)
        .unwrap_or_else(|error| panic!("{error}"));
    let stale: Vec<_> = plan
        .touched
        .iter()
        .map(|(file, ..)| file.display().to_string())
        .collect();
    assert!(
        stale.is_empty(),
        "run `cargo xtask regen`; stale are:\n{}",
        stale.join("\n")
    );
}
