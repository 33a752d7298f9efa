//! The effect of each transform on a document.

#![allow(
    clippy::unwrap_used,
    clippy::unnecessary_box_returns,
    clippy::needless_pass_by_value,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "a test may stop anywhere, and is read before it is run"
)]

mod descriptions;
mod errors;
mod facts;
mod hostile;
mod input;
mod merge;
mod naming;
mod noise;
mod order;
mod overlay;
mod paging;
mod readme;
mod references;
mod snapshots;
mod version;
