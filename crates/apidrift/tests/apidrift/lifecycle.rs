use apidrift::Options;

use crate::support::{report_with, wire};

fn operation(extra: &str) -> String {
    format!(
        "openapi: 3.0.0\npaths: {{/a: {{get: {{operationId: getA, {extra} responses: {{}}}}, put: {{responses: {{}}}}}}}}\n"
    )
}

fn gone() -> String {
    "openapi: 3.0.0\npaths: {/a: {put: {responses: {}}}}\n".to_owned()
}

/// Options with 1 June 2030 as the current date, and a policy of 30 days.
fn options() -> Options {
    let mut options = Options::default();
    options.today = "2030-06-01".parse().unwrap();
    options.sunset_days_stable = 30;
    options
}

#[track_caller]
fn finds(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(
        wire(&report_with(old, new, &options())),
        expected,
        "{old} → {new}"
    );
}

#[test]
fn a_policy_requires_a_date_far_enough_in_the_future() {
    let dated = |date: &str| operation(&format!("deprecated: true, x-sunset: '{date}',"));
    finds(
        &operation(""),
        &operation("deprecated: true,"),
        &["api-deprecated-sunset-missing: breaking"],
    );
    finds(
        &operation(""),
        &dated("2030-06-20"),
        &["api-sunset-date-too-small: breaking"],
    );
    finds(
        &operation(""),
        &dated("2030-07-01"),
        &["endpoint-deprecated-with-sunset: compatible"],
    );
    finds(
        &operation(""),
        &dated("some day"),
        &["api-deprecated-sunset-parse: breaking"],
    );
}

#[test]
fn a_removal_is_compared_with_the_announced_date() {
    let dated = |date: &str| operation(&format!("deprecated: true, x-sunset: '{date}',"));
    finds(
        &operation(""),
        &gone(),
        &["api-removed-without-deprecation: breaking"],
    );
    finds(
        &operation("deprecated: true,"),
        &gone(),
        &["api-removed-with-deprecation: compatible"],
    );
    finds(
        &dated("2030-05-31"),
        &gone(),
        &["api-removed-with-deprecation: compatible"],
    );
    finds(
        &dated("2030-06-02"),
        &gone(),
        &["api-removed-before-sunset: breaking"],
    );
}

#[test]
fn a_date_may_be_postponed_but_not_moved_forward() {
    let dated = |date: &str| operation(&format!("deprecated: true, x-sunset: '{date}',"));
    finds(
        &dated("2030-08-01"),
        &dated("2030-09-01"),
        &["api-sunset-postponed: compatible"],
    );
    finds(
        &dated("2030-08-01"),
        &dated("2030-06-05"),
        &["api-sunset-date-changed-too-small: breaking"],
    );
    finds(
        &dated("2030-09-01"),
        &dated("2030-08-01"),
        &["api-sunset-date-changed-too-small: warning"],
    );
    finds(
        &dated("2030-08-01"),
        &operation("deprecated: true,"),
        &["sunset-deleted: breaking"],
    );
}

#[test]
fn a_breaking_change_below_beta_is_a_warning() {
    let level = |level: &str, limit: u32| {
        operation(&format!(
            "x-stability-level: {level}, parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}],"
        ))
    };
    finds(
        &level("alpha", 20),
        &level("alpha", 10),
        &["request-parameter-max-decreased: warning"],
    );
    finds(
        &level("stable", 20),
        &level("stable", 10),
        &["request-parameter-max-decreased: breaking"],
    );
}

#[test]
fn a_lower_stability_level_breaks_a_promise() {
    let level = |level: &str| operation(&format!("x-stability-level: {level},"));
    finds(
        &level("stable"),
        &level("beta"),
        &["api-stability-decreased: breaking"],
    );
    finds(
        &level("beta"),
        &level("stable"),
        &["api-stability-increased: compatible"],
    );
    finds(
        &level("beta"),
        &level("fine"),
        &["api-invalid-stability-level: breaking"],
    );
}

#[test]
fn a_deprecated_parameter_may_be_removed() {
    let parameter = |extra: &str| {
        operation(&format!(
            "parameters: [{{in: query, name: q, {extra} schema: {{type: string}}}}],"
        ))
    };
    finds(
        &parameter(""),
        &operation(""),
        &["request-parameter-removed: warning"],
    );
    finds(
        &parameter("deprecated: true,"),
        &operation(""),
        &["request-parameter-removed-with-deprecation: compatible"],
    );
    finds(
        &parameter("deprecated: true, x-sunset: '2031-01-01',"),
        &operation(""),
        &["request-parameter-removed-before-sunset: breaking"],
    );
}
