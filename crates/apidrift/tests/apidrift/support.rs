//! Shorthand for documents and their changes.

use apidrift::{Change, Document, Options, Report, Verdict};

pub(crate) fn document(text: &str) -> Document {
    Document::parse(text, "document").unwrap()
}

pub(crate) fn report(old: &str, new: &str) -> Report {
    apidrift::compare(&document(old), &document(new))
}

pub(crate) fn report_with(old: &str, new: &str, options: &Options) -> Report {
    apidrift::compare_with(&document(old), &document(new), options)
}

/// `rule: wire` of every change, sorted.
pub(crate) fn wire(report: &Report) -> Vec<String> {
    let mut lines: Vec<String> = report
        .changes
        .iter()
        .map(|change| format!("{}: {}", change.rule.id(), change.wire))
        .collect();
    lines.sort();
    lines
}

pub(crate) fn only(report: &Report) -> &Change {
    assert_eq!(report.changes.len(), 1, "{:?}", wire(report));
    &report.changes[0]
}

/// A document with one operation whose request body has the schema, written in YAML flow style.
pub(crate) fn request(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\npaths:\n  /a:\n    post:\n      operationId: postA\n      requestBody:\n        \
         content:\n          application/json:\n            schema: {schema}\n"
    )
}

/// The same with the schema in the response.
pub(crate) fn response(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: getA\n      responses:\n        \
         '200':\n          content:\n            application/json:\n              schema: {schema}\n"
    )
}

/// The verdict on the wire of the one change between two request schemas, and of the same in a response.
pub(crate) fn both_sides(old: &str, new: &str) -> [(String, Verdict); 2] {
    let one = |old: &str, new: &str| {
        let report = report(old, new);
        let change = only(&report);
        (change.rule.id().to_owned(), change.wire)
    };
    [
        one(&request(old), &request(new)),
        one(&response(old), &response(new)),
    ]
}
