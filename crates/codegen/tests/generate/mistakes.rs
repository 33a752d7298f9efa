//! The compiler errors for wrong calls: each is located at the call, and describes the mistake in one line.

use std::process::Command;

use crate::project::{Project, compiled};

/// The mistakes: the name of each, a function with it, and the expected message of the compiler.
const MISTAKES: [(&str, &str, &str); 6] = [
    (
        "a_missing_path_argument",
        "pub async fn mistake(client: specmill_pages::Client) { let _ = client.rule_get().send().await; }",
        "argument #1",
    ),
    (
        "a_string_for_a_boolean",
        "pub fn mistake(client: &specmill_colliding_parameters::Client) { let _ = client.get_thing(\"p\").id_in_header(\"yes\"); }",
        "expected `bool`, found `&str`",
    ),
    (
        "a_string_for_a_number",
        "pub fn mistake(client: &specmill_colliding_parameters::Client) { let _ = client.get_thing(\"p\").page_size(\"ten\"); }",
        "`i64: From<&str>` is not satisfied",
    ),
    (
        "a_setter_that_there_is_not",
        "pub fn mistake(client: &specmill_pages::Client) { let _ = client.rule_list().name_contians(\"a\"); }",
        "no method named `name_contians` found for struct `RuleList`",
    ),
    (
        "a_builder_for_a_value",
        "use specmill_pages::types::ModifyRule;\npub fn mistake() -> ModifyRule { ModifyRule::builder() }",
        "expected `ModifyRule`, found `ModifyRuleBuilder`",
    ),
    (
        "a_request_that_is_not_awaited",
        "pub async fn mistake(client: specmill_pages::Client) -> specmill_pages::types::Rule { client.rule_get(\"r\").send() }",
        "found future",
    ),
];

/// Adds a package whose examples are the mistakes; only the test of this module compiles them.
pub(crate) fn add(project: &Project) {
    project.write(
        "mistakes/Cargo.toml",
        "[package]\nname = \"mistakes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         specmill-colliding-parameters = { path = \"../crates/colliding-parameters\", default-features = false }\n\
         specmill-pages = { path = \"../crates/pages\", default-features = false }\n",
    );
    project.write("mistakes/src/lib.rs", "");
    for (name, function, _) in MISTAKES {
        let text = format!("//! A mistake.\n\n{function}\n\nfn main() {{}}\n");
        project.write(&format!("mistakes/examples/{name}.rs"), &text);
    }
}

#[test]
fn a_wrong_call_is_a_compiler_error_that_names_the_problem() {
    let root = &compiled().project.root;
    for (name, _, expected) in MISTAKES {
        let run = Command::new(env!("CARGO"))
            .args([
                "check",
                "--offline",
                "--quiet",
                "-p",
                "mistakes",
                "--example",
                name,
            ])
            .current_dir(root)
            .env("CARGO_TARGET_DIR", root.join("target"))
            .env("CARGO_TERM_COLOR", "never")
            .env("RUSTFLAGS", "-D warnings")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&run.stderr);
        assert!(!run.status.success(), "{name}");
        assert!(errors.contains(expected), "{name}: {errors}");
        // The first error is the only one except the summary, and is located in the caller's file.
        let places: Vec<&str> = errors
            .lines()
            .filter(|line| line.trim_start().starts_with("--> "))
            .collect();
        assert!(
            places[0].contains(&format!("examples/{name}.rs")),
            "{name}: {errors}"
        );
        assert_eq!(errors.matches("error[").count(), 1, "{name}: {errors}");
    }
}
