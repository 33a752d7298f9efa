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
fn an_accepted_change_is_not_reported_until_it_expires() {
    let mut found = narrowed();
    let fingerprint = found.changes[0].fingerprint.clone();
    accept(&fingerprint).apply(&mut found, day("2030-06-01"));
    assert!(found.changes.is_empty());
    assert_eq!(found.accepted[0].1, "agreed");
    assert_eq!(found.semver, Semver::Patch);
    assert!(!FailOn::Any.is_met(&found));

    let mut found = narrowed();
    accept(&fingerprint).apply(&mut found, day("2030-06-02"));
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.stale[0].state, Staleness::Expired);
}

#[test]
fn an_entry_that_matches_nothing_is_reported() {
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
        "levels: {request-body-max-decreased: {wire: compatible, rust: breaking}}",
        "levels.yaml",
    )
    .unwrap();
    levels.apply(&mut found);
    assert_eq!(found.changes[0].wire, Verdict::Compatible);
    assert_eq!(found.semver, Semver::Major);
}

#[test]
fn an_ignored_rule_is_not_reported() {
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
fn levels_may_require_notice() {
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
fn an_unknown_rule_is_rejected_with_the_most_similar_one() {
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
fn conditions_consider_only_their_side() {
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

#[test]
fn a_policy_error_contains_location_problem_and_remedy() {
    let refusal = |text: &str| {
        Acceptances::parse(text, "accepted.yaml")
            .unwrap_err()
            .to_string()
    };
    let remedy = "write `accepted:` and below it entries of `fingerprint`, or of `rule`, `path` or both, with `reason` \
                  and `expires` (YYYY-MM-DD)";
    let entry = |fingerprint: &str, expires: &str| {
        format!("accepted: [{{fingerprint: '{fingerprint}', reason: r, expires: {expires}}}]")
    };
    for fingerprint in [
        "0123456789abcde",
        "0123456789abcdef0",
        "0123456789abcdeg",
        "0123456789ABCDEF",
        "0123456789abcde/",
    ] {
        assert_eq!(
            refusal(&entry(fingerprint, "2030-06-01")),
            format!(
                "accepted.yaml: `{fingerprint}` is no fingerprint of 16 hexadecimal digits; {remedy}"
            )
        );
    }
    assert_eq!(
        refusal(&entry("0123456789abcdef", "2030-6-1")),
        format!(
            "accepted.yaml: `0123456789abcdef` expires on `2030-6-1`, which is no day; {remedy}"
        )
    );
    assert_eq!(
        refusal("accepted: []\nextra: 1\n"),
        format!("accepted.yaml:2:1: unknown field `extra`, expected `accepted`; {remedy}")
    );
    let error = Levels::parse("levels:\n  api-tag-added: never\n", "levels.yaml").unwrap_err();
    assert_eq!((error.name(), error.place()), ("levels.yaml", Some((2, 3))));
}

#[test]
fn a_rule_without_a_similar_one_has_no_suggestion() {
    let refusal = |rule: &str| {
        Levels::parse(&format!("levels: {{{rule}: ignore}}"), "levels.yaml")
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refusal("api-tag-gone"),
        "levels.yaml: `api-tag-gone` is no rule; did you mean `api-tag-added`?"
    );
    assert_eq!(
        refusal("some-made-up-added"),
        "levels.yaml: `some-made-up-added` is no rule; `apidrift --rules` lists all rules"
    );
    // Half of the words are not enough.
    assert_eq!(
        refusal("api-tag-made-up"),
        "levels.yaml: `api-tag-made-up` is no rule; `apidrift --rules` lists all rules"
    );
}

#[test]
fn levels_may_replace_only_one_of_the_verdicts() {
    let apply = |verdicts: &str| {
        let mut found = narrowed();
        let text = format!("levels: {{request-body-max-decreased: {{{verdicts}}}}}");
        Levels::parse(&text, "levels.yaml")
            .unwrap()
            .apply(&mut found);
        (found.changes[0].wire, found.changes[0].rust, found.semver)
    };
    assert_eq!(
        apply("rust: warning"),
        (Verdict::Breaking, Verdict::Warning, Semver::Minor)
    );
    assert_eq!(
        apply("wire: unknown"),
        (Verdict::Unknown, Verdict::Compatible, Semver::Patch)
    );
    assert_eq!(
        apply(""),
        (Verdict::Breaking, Verdict::Compatible, Semver::Patch)
    );
}

#[test]
fn levels_may_require_notice_at_beta_only() {
    let mut options = Options::default();
    options.sunset_days_stable = 7;
    Levels::parse("sunset_days: {beta: 30}", "levels.yaml")
        .unwrap()
        .configure(&mut options);
    assert_eq!(
        (options.sunset_days_stable, options.sunset_days_beta),
        (7, 30)
    );
}

#[test]
fn every_word_round_trips() {
    for condition in FailOn::ALL {
        assert_eq!(condition.to_string().parse(), Ok(condition));
    }
    assert_eq!(
        "never".parse::<FailOn>(),
        Err("`never` is none of breaking, warning, any, rust".to_owned())
    );
    assert_eq!(format!("{:9}|", FailOn::Rust), "rust     |");
    assert_eq!(
        format!("{:8}|{:8}|", apidrift::Side::None, Semver::Patch),
        "none    |patch   |"
    );
    let words: Vec<String> = Verdict::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["breaking", "warning", "unknown", "compatible"]);
}

#[test]
fn conditions_are_met_at_their_verdict_or_a_more_severe_one() {
    let met = |old: &str, new: &str| -> Vec<&str> {
        let found = report(&request(old), &request(new));
        FailOn::ALL
            .into_iter()
            .filter(|condition| condition.is_met(&found))
            .map(FailOn::as_str)
            .collect()
    };
    assert_eq!(
        met("{type: string, pattern: a}", "{type: string, pattern: b}"),
        ["warning", "any"]
    );
    assert_eq!(met("{madeUp: 1}", "{madeUp: 2}"), ["warning", "any"]);
    assert_eq!(
        met("{type: integer, maximum: 9}", "{type: integer, maximum: 8}"),
        ["breaking", "warning", "any"]
    );
    assert_eq!(met("{type: string}", "{type: string}"), [""; 0]);
}

#[test]
fn verdicts_are_counted_on_each_side() {
    let found = report(
        &request("{type: object, properties: {a: {type: integer, maximum: 9}}}"),
        &request("{type: object, properties: {a: {type: integer, maximum: 8}, b: {}}}"),
    );
    let wire = Verdict::ALL.map(|verdict| found.count_wire(verdict));
    let rust = Verdict::ALL.map(|verdict| found.count_rust(verdict));
    assert_eq!((wire, rust), ([1, 0, 0, 1], [0, 0, 0, 2]));
}

#[test]
fn all_changes_of_a_rule_at_a_path_may_be_accepted() {
    let document = |limit: u32| {
        let path = |path: &str| {
            format!(
                "  {path}: {{get: {{parameters: [{{in: query, name: q, schema: {{type: integer, maximum: {limit}}}}}]}}}}\n"
            )
        };
        format!("openapi: 3.0.0\npaths:\n{}{}", path("/a/b"), path("/c"))
    };
    let accepted = |entry: &str| {
        let mut found = report(&document(9), &document(8));
        let text = format!("accepted: [{{{entry}, reason: agreed, expires: 2030-06-01}}]");
        let acceptances = Acceptances::parse(&text, "accepted.yaml").unwrap();
        acceptances.apply(&mut found, day("2030-06-01"));
        (found.accepted.len(), found.stale.len())
    };
    assert_eq!(accepted("rule: request-parameter-max-decreased"), (2, 0));
    assert_eq!(
        accepted("rule: request-parameter-max-decreased, path: /a/*"),
        (1, 0)
    );
    assert_eq!(accepted("path: /**"), (2, 0));
    assert_eq!(accepted("path: /d"), (0, 1));
}

#[test]
fn an_entry_names_one_change_or_all_of_a_rule_or_path() {
    let refusal = |entry: &str| {
        let text = format!("accepted: [{{{entry}reason: agreed, expires: 2030-06-01}}]");
        Acceptances::parse(&text, "a").unwrap_err().to_string()
    };
    assert!(refusal("").contains("neither fingerprint, rule nor path"));
    assert!(refusal("rule: no-such-rule, ").contains("`no-such-rule` is no rule"));
    assert!(refusal("fingerprint: 0123456789abcdef, path: /a, ").contains("neither rule nor path"));
}
