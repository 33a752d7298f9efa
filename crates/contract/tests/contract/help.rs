//! The help text.

use specmill_scratch::Workspace;

fn help(arguments: &[&str]) -> String {
    let run = Workspace::new().run_program(env!("CARGO_BIN_EXE_specmill-contract"), arguments, "");
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    run.output
}

#[test]
fn of_contract() {
    insta::assert_snapshot!(help(&["contract", "--help"]));
}
