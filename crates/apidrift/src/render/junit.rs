//! Test results, for tools that display them.

use std::fmt::Write;

use super::groups::{groups, shortened, verdicts};
use super::order::in_order;
use super::safe::html as escape;
use super::told::Told;
use crate::{Report, Verdict};

/// The report as test results in the `JUnit` format: a suite for each group of operations, and a test for each change, which
/// fails if the change is breaking on the wire.
pub fn junit(report: &Report) -> String {
    junit_of(&[report])
}

/// Several reports as test results.
pub fn junit_of(reports: &[&Report]) -> String {
    let tests: usize = reports.iter().map(|report| report.changes.len()).sum();
    let failures = reports
        .iter()
        .map(|report| report.count_wire(Verdict::Breaking));
    let failures: usize = failures.sum();
    // Writing to a string cannot fail.
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"apidrift\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for report in reports {
        suites(&mut out, report);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suites(out: &mut String, report: &Report) {
    for group in groups(&in_order(&report.changes)) {
        let breaks = |told: &&Told<'_>| told.wire() == Verdict::Breaking;
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}: {}\" tests=\"{}\" failures=\"{}\">",
            escape(&report.new),
            escape(&group.title),
            group.lines.len(),
            group.lines.iter().filter(breaks).count()
        );
        for told in &group.lines {
            let change = told.first();
            let name = format!(
                "{} [{}]",
                shortened(&group.title, &told.message),
                told.fingerprints()
            );
            let _ = write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\"",
                change.rule.id(),
                escape(&name)
            );
            let detail = format!(
                "{}, at {}: {}",
                verdicts(report, told),
                super::pointer(change.place()),
                change.rule.wire_reason()
            );
            let _ = match told.wire() {
                Verdict::Breaking => writeln!(
                    out,
                    "><failure type=\"breaking\" message=\"{}\">{}</failure></testcase>",
                    escape(&told.message),
                    escape(&detail)
                ),
                _ => writeln!(
                    out,
                    "><system-out>{}</system-out></testcase>",
                    escape(&detail)
                ),
            };
        }
        out.push_str("  </testsuite>\n");
    }
}
