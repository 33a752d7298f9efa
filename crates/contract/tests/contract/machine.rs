//! What must be on a machine.

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
fn the_oldest_versions_that_will_do_are_enough() {
    complete().check().unwrap();
}

#[test]
fn all_missing_programs_are_named_with_the_packages_to_install() {
    let text = refusal(&Found::default());
    assert_eq!(
        text,
        "error: there is no node; there is no npm; there is no python3\n  \
         = help: install Node.js 20.19 or later; install npm 10 or later; it comes with Node.js; \
         install Python 3.11 or later"
    );
}

#[test]
fn a_program_that_is_too_old_is_named_with_its_version() {
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
fn a_version_that_cannot_be_read_is_not_taken_for_a_new_one() {
    let found = Found {
        npm: Some("who knows".into()),
        ..complete()
    };
    assert!(refusal(&found).contains("npm is too old: who knows"));
}

#[test]
fn python_without_venv_is_not_enough() {
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
