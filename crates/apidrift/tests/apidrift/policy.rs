use apidrift::policy::{Acceptances, FailOn, Levels};
use apidrift::{Day, Options, Semver, Staleness, Verdict};

use crate::support::{report, request, wire};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn narrowed() -> apidrift::Report {
    report(
        &request("{type: integer, maximum: 20}"),
        &request("{type: integer, maximum: 10}"),
    )
}

fn accept(fingerprint: &str) -> Acceptances {
    let text = format!(
        "accepted:\n  - fingerprint: {fingerprint}\n    reason: agreed\n    expires: 2030-06-01\n"
    );
    Acceptances::parse(&text, "accepted.yaml").unwrap()
}

#[test]
fn an_accepted_change_is_left_out_until_the_day_it_expires() {
    let mut found = narrowed();
    let fingerprint = found.changes[0].fingerprint.clone();
    accept(&fingerprint).apply(&mut found, day("2030-06-01"));
    assert!(found.changes.is_empty());
    assert_eq!(found.accepted[0].1, "agreed");
    assert_eq!(found.semver, Semver::Major);
    assert!(!FailOn::Any.is_met(&found));

    let mut found = narrowed();
    accept(&fingerprint).apply(&mut found, day("2030-06-02"));
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.stale[0].state, Staleness::Expired);
}

#[test]
fn an_entry_that_matches_nothing_is_told() {
    let mut found = narrowed();
    accept("0123456789abcdef").apply(&mut found, day("2030-06-01"));
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.stale[0].state, Staleness::Unmatched);
}

#[test]
fn an_entry_needs_fingerprint_reason_and_day() {
    let refusal = |entry: &str| {
        let text = format!("accepted:\n  - {entry}\n");
        Acceptances::parse(&text, "accepted.yaml")
            .unwrap_err()
            .to_string()
    };
    let good = "fingerprint: 0123456789abcdef, reason: agreed, expires: 2030-06-01";
    assert!(Acceptances::parse(&format!("accepted: [{{{good}}}]"), "a").is_ok());
    assert!(
        refusal("{fingerprint: nonsense, reason: agreed, expires: 2030-06-01}")
            .contains("no fingerprint")
    );
    assert!(
        refusal("{fingerprint: 0123456789abcdef, reason: ' ', expires: 2030-06-01}")
            .contains("without a reason")
    );
    assert!(
        refusal("{fingerprint: 0123456789abcdef, reason: agreed, expires: never}")
            .contains("no day")
    );
    assert!(
        refusal("{fingerprint: 0123456789abcdef, expires: 2030-06-01}")
            .contains("missing field `reason`")
    );
}

#[test]
fn levels_replace_verdicts_and_the_version_step() {
    let mut found = narrowed();
    let levels = Levels::parse(
        "levels: {request-body-max-decreased: {wire: compatible}}",
        "levels.yaml",
    )
    .unwrap();
    levels.apply(&mut found);
    assert_eq!(found.changes[0].wire, Verdict::Compatible);
    assert_eq!(found.semver, Semver::Patch);
}

#[test]
fn an_ignored_rule_is_left_out() {
    let mut found = narrowed();
    Levels::parse(
        "levels: {request-body-max-decreased: ignore}",
        "levels.yaml",
    )
    .unwrap()
    .apply(&mut found);
    assert_eq!(wire(&found), Vec::<String>::new());
    assert_eq!(found.semver, Semver::None);
}

#[test]
fn levels_may_ask_for_notice() {
    let mut options = Options::default();
    Levels::parse("sunset_days: {stable: 180}", "levels.yaml")
        .unwrap()
        .configure(&mut options);
    assert_eq!(
        (options.sunset_days_stable, options.sunset_days_beta),
        (180, 0)
    );
}

#[test]
fn a_rule_nobody_knows_is_refused_with_the_nearest() {
    let refusal =
        Levels::parse("levels: {request-body-max-lowered: ignore}", "levels.yaml").unwrap_err();
    let text = refusal.to_string();
    assert!(
        text.starts_with(
            "levels.yaml: `request-body-max-lowered` is no rule; did you mean `request-body-max-"
        ),
        "{text}"
    );
}

#[test]
fn conditions_look_at_their_side() {
    let found = report(
        &request("{type: object}"),
        &request("{type: object}").replace("postA", "sendA"),
    );
    let met: Vec<_> = FailOn::ALL
        .into_iter()
        .filter(|condition| condition.is_met(&found))
        .collect();
    assert_eq!(met, [FailOn::Any, FailOn::Rust]);
}
