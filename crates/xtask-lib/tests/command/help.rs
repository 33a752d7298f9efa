//! The help texts.

use crate::program::Program as _;
use specmill_scratch::Workspace;

fn help(arguments: &[&str]) -> String {
    let run = Workspace::new().run(arguments);
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    run.output
}

#[test]
fn of_the_command() {
    insta::assert_snapshot!(help(&["--help"]));
}

#[test]
fn of_import() {
    insta::assert_snapshot!(help(&["import", "--help"]));
}

#[test]
fn of_new() {
    insta::assert_snapshot!(help(&["new", "--help"]));
}

#[test]
fn of_regen() {
    insta::assert_snapshot!(help(&["regen", "--help"]));
}

#[test]
fn without_arguments_the_help_is_an_error() {
    let run = Workspace::new().run(&[]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.errors.contains("Usage: cargo specmill <COMMAND>"),
        "{}",
        run.errors
    );
}

#[test]
fn an_unknown_argument_is_an_error() {
    let run = Workspace::new().run(&["import", "--apis", "acme", "page.md"]);
    assert_eq!((run.code, run.output.as_str()), (Some(2), ""));
    assert!(run.errors.contains("'--apis'"), "{}", run.errors);
}
