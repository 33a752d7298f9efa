//! x
use crate::Report;
/// x
pub fn markdown(report: &Report) -> String { super::json(report) }
