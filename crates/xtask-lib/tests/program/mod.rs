//! The commands as a program, run in a test's workspace.

use specmill_scratch::{Run, Workspace};

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-specmill");

/// Runs of the program.
pub(crate) trait Program {
    /// Runs the program in the workspace.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with_input(arguments, "")
    }

    /// Runs the program in the workspace, with a text as standard input.
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run;
}

impl Program for Workspace {
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        self.run_program(PROGRAM, arguments, input)
    }
}
