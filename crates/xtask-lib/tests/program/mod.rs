//! Runs the commands as a process, in a workspace of a test.

use specmill_scratch::{Run, Workspace};

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-specmill");

/// Methods that run the program.
pub(crate) trait Program {
    /// Runs the program in the workspace.
    fn run(&self, arguments: &[&str]) -> Run {
        self.run_with_input(arguments, "")
    }

    /// Runs the program in the workspace, with a string as standard
    /// input.
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run;
}

impl Program for Workspace {
    fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        self.run_program(PROGRAM, arguments, input)
    }
}
