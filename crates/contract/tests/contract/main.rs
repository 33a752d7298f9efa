//! `cargo xtask contract` without the actual tools: prerequisites, parsing of the tools' output, and
//! the report. For complete runs, small programs replace the tools.

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
