//! x
use crate::Report;
/// x
pub fn github(report: &Report) -> String { super::json(report) }
