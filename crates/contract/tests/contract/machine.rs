//! The programs that must be installed.

use specmill_contract::Found;

fn complete() -> Found {
    Found {
        node: Some("v20.19.0".into()),
        npm: Some("10.8.2".into()),
        python: Some("Python 3.11.0".into()),
        venv: true,
    }
}

fn refusal(found: &Found) -> String {
    found.check().unwrap_err().to_string()
}

#[test]
fn the_minimum_versions_are_accepted() {
    complete().check().unwrap();
}

#[test]
fn all_missing_programs_are_listed_with_the_packages_to_install() {
    let text = refusal(&Found::default());
    assert_eq!(
        text,
        "error: there is no node; there is no npm; there is no python3\n  \
         = help: install Node.js 20.19 or later; install npm 10 or later; it comes with Node.js; \
         install Python 3.11 or later"
    );
}

#[test]
fn an_outdated_program_is_listed_with_its_version() {
    for (node, too_old) in [("v20.18.9", true), ("v9.0.0", true), ("v100.0.0", false)] {
        let found = Found {
            node: Some(node.into()),
            ..complete()
        };
        assert_eq!(found.check().is_err(), too_old, "{node}");
    }
    let found = Found {
        python: Some("Python 3.9.18".into()),
        ..complete()
    };
    assert_eq!(
        refusal(&found),
        "error: python3 is too old: Python 3.9.18\n  = help: install Python 3.11 or later"
    );
}

#[test]
fn an_unparsable_version_is_not_accepted() {
    let found = Found {
        npm: Some("who knows".into()),
        ..complete()
    };
    assert!(refusal(&found).contains("npm is too old: who knows"));
}

#[test]
fn python_without_venv_is_not_accepted() {
    let found = Found {
        venv: false,
        ..complete()
    };
    assert_eq!(
        refusal(&found),
        "error: python3 has no venv\n  \
         = help: install Python's venv (the package python3-venv on Debian and Ubuntu)"
    );
}
