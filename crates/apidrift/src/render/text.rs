//! x
use crate::Report;
/// x
pub fn text(report: &Report, _colour: bool) -> String { super::json(report) }
