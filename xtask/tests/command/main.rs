//! The command line: what it prints, what it exits with, and that it leaves the disk alone on errors.

#[path = "../scratch/mod.rs"]
mod scratch;

mod bad_input;
mod help;
mod import;
mod new;
