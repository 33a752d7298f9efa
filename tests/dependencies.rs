//! The dependencies of a program that uses one API.
//!
//! The tests use only features whose packages are part of their own build, so that cargo does not query a registry.
//! `.ci/small-programs` checks the other features.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::process::Command;

/// The packages of a program that uses only `specmill` with the given features.
fn packages(features: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--package",
            "specmill",
            "--no-default-features",
        ])
        .args([
            "--features",
            features,
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_program_for_one_api_has_the_crate_of_no_other() {
    let panther = packages("panther,rustls");
    assert!(panther.contains(&"specmill-panther".to_owned()));
    assert!(!panther.contains(&"specmill-scp-identity-center".to_owned()));
    let scp = packages("scp,rustls");
    assert!(scp.contains(&"specmill-scp-identity-center".to_owned()));
    assert!(!scp.contains(&"specmill-panther".to_owned()));
}

#[test]
fn no_program_contains_a_part_of_the_generator() {
    for features in [
        "panther,rustls",
        "scp,rustls",
        "panther,scp,rustls,http2,tracing",
    ] {
        for package in packages(features) {
            let generates = [
                "progenitor",
                "progenitor-impl",
                "progenitor-client",
                "typify",
                "prettyplease",
                "specmill-codegen",
                "specmill-xtask",
            ];
            assert!(
                !generates.contains(&package.as_str()),
                "{package} with {features}"
            );
        }
    }
}

#[test]
fn without_a_tls_feature_there_is_no_tls() {
    for package in packages("panther") {
        assert!(
            !["rustls", "ring", "native-tls", "openssl"].contains(&package.as_str()),
            "{package}"
        );
    }
}

#[test]
fn dynamic_calls_add_no_package() {
    assert_eq!(
        packages("panther,scp,rustls"),
        packages("panther,scp,rustls,dynamic")
    );
}
