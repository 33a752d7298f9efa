//! Parses the output of the tools.

use specmill_contract::{Calls, Log, SchemathesisReport, redocly_problems};

/// The output of Prism 5: a valid request, an invalid one, and one without an operation.
const PRISM: &str = "\
[1:18:59 PM] › [CLI] ℹ  info      GET        http://127.0.0.1:4811/users/provident
[1:18:59 PM] › [CLI] ▶  start     Prism is listening on http://127.0.0.1:4811
[1:19:02 PM] › [HTTP SERVER] get /users ℹ  info      Request received
[1:19:02 PM] ›     [VALIDATOR] ✔  success   The request passed the validation rules. Looking for the best response
[1:19:03 PM] › [HTTP SERVER] get /users ℹ  info      Request received
[1:19:03 PM] ›     [VALIDATOR] ⚠  warning   Request did not pass the validation rules
[1:19:03 PM] ›     [VALIDATOR] ✖  error     Request query parameter limit must be <= 60
[1:19:03 PM] ›     [VALIDATOR] ✖  error     Violation: request.query.limit Request query parameter limit must be <= 60
[1:19:04 PM] › [HTTP SERVER] delete /teams ℹ  info      Request received
[1:19:04 PM] › [HTTP SERVER] delete /teams ✖  error     Request terminated with error: NO_PATH_MATCHED_ERROR
";

#[test]
fn every_request_and_violation_is_parsed_from_the_output_of_prism() {
    let log = Log::read(PRISM);
    assert_eq!(log.requests, 3);
    assert_eq!(
        log.violations,
        [
            "GET /users: request.query.limit Request query parameter limit must be <= 60",
            "DELETE /teams: NO_PATH_MATCHED_ERROR",
        ]
    );
}

#[test]
fn calls_are_read_with_their_failures() {
    let calls = Calls::read(
        "passed GET /users (required)\nfailed GET /users (all): 422, limit (too large)\n\
         warning: something else\npassed GET / (required)\n",
    );
    assert_eq!(calls.made, 3);
    assert_eq!(Vec::from_iter(calls.operations), ["GET /", "GET /users"]);
    assert_eq!(calls.failed, ["GET /users (all): 422, limit (too large)"]);
}

#[test]
fn the_findings_of_redocly_are_parsed_from_mixed_output() {
    let printed = r##"
  ║ Node.js 20 reached end-of-life. { }
{
  "totals": { "errors": 1, "warnings": 2, "ignored": 0 },
  "problems": [
    {
      "ruleId": "info-license",
      "severity": "warn",
      "message": "Info object should contain `license` field.",
      "location": [ { "pointer": "#/info" } ]
    }
  ]
}
validated
"##;
    assert_eq!(
        redocly_problems(printed).unwrap(),
        [
            "#/info: Info object should contain `license` field. (info-license)",
            "2 more, which are not listed",
        ]
    );
    assert_eq!(
        redocly_problems("{\"totals\":{\"errors\":0,\"warnings\":0},\"problems\":[]}\n"),
        Some(vec![])
    );
}

#[test]
fn an_invalid_report_of_redocly_is_not_a_pass() {
    for printed in [
        "",
        "Error: no such file",
        "{\"problems\": 1}",
        "{\"totals\":",
    ] {
        assert_eq!(redocly_problems(printed), None, "{printed}");
    }
}

#[test]
fn findings_of_schemathesis_are_read_with_their_operation() {
    let report = SchemathesisReport::read(
        "=================================== FAILURES ===================================\n\
         __________________________________ GET /users __________________________________\n\
         1. Test Case ID: snsUTc\n\n\
         - ST202 Schema-valid request rejected\n\n    Valid data should have been accepted\n\n\
         _______________________________ POST /users/{id} _______________________________\n\
         1. Test Case ID: LlXsLD\n\n- ST201 Schema-violating request accepted\n\n\
         Test cases:\n  683 generated, 2 found 2 unique failures, 6 skipped\n",
    );
    assert_eq!(
        report.problems,
        [
            "GET /users: ST202 Schema-valid request rejected",
            "POST /users/{id}: ST201 Schema-violating request accepted",
        ]
    );
    assert_eq!(
        report.cases.unwrap(),
        "683 generated, 2 found 2 unique failures, 6 skipped"
    );
}

#[test]
fn a_run_of_schemathesis_without_requests_has_no_cases() {
    for printed in ["", "Test cases:\n", "Test cases:\n  0 generated\n"] {
        assert_eq!(
            SchemathesisReport::read(printed)
                .cases
                .filter(|it| !it.is_empty()),
            None
        );
    }
}
