//! `cargo xtask contract`, without the tools themselves: what is missing, what is read from what they
//! print, what is said of it. Small programs of our own stand in for the tools where it runs whole.

#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_box_returns,
    clippy::needless_pass_by_value,
    reason = "a test may stop anywhere"
)]

mod help;
mod machine;
mod reading;
mod report;
#[cfg(unix)]
mod run;
