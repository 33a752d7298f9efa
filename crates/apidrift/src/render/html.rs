//! x
use crate::Report;
/// x
pub fn html(report: &Report) -> String { super::json(report) }
