use std::collections::HashSet;

use super::general_table::ROWS;
use super::{Finding, Place, general_rule, name, page, rule, rules, schema_rule, schema_table};
use crate::{Side, Verdict};

#[test]
fn every_general_finding_has_one_rule() {
    let mut findings = HashSet::new();
    for row in ROWS {
        assert!(
            findings.insert(row.finding),
            "{:?} has two rows",
            row.finding
        );
        assert_eq!(general_rule(row.finding).id(), row.id);
        assert!(
            ROWS.iter().any(|other| other.finding == row.mirror),
            "{:?} mirrors nothing",
            row.finding
        );
    }
    // The last variant determines the number of variants: each has a row, or the table would be shorter.
    let last = super::General::OptionalResponseHeaderRemoved;
    assert_eq!(ROWS.len(), last as usize + 1);
}

#[test]
fn every_rule_has_its_own_name() {
    let mut names = HashSet::new();
    for rule in rules() {
        assert!(names.insert(rule.id()), "{} is there twice", rule.id());
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        assert!(
            rule.id().bytes().all(plain),
            "{} is not lower case with dashes",
            rule.id()
        );
    }
}

#[test]
fn every_rule_has_a_description_an_example_and_reasons() {
    for rule in rules() {
        let (before, after) = rule.example();
        assert_ne!(before, after, "{} has no example", rule.id());
        for text in [
            rule.what(),
            before,
            after,
            rule.wire_reason(),
            rule.rust_reason(),
        ] {
            assert!(!text.is_empty(), "{} is incomplete", rule.id());
        }
    }
}

#[test]
fn every_rule_is_mirrored_and_mirrors_back() {
    for one in rules() {
        assert!(
            !one.mirrors().is_empty(),
            "{} cannot be taken back",
            one.id()
        );
        for mirror in one.mirrors() {
            let other = rule(mirror).unwrap_or_else(|| panic!("{mirror} is no rule"));
            assert!(
                other.mirrors().iter().any(|id| id == one.id()),
                "{mirror} does not mirror {}",
                one.id()
            );
        }
    }
}

#[test]
fn every_request_rule_about_schemas_has_its_response_rule() {
    let rows = schema_table::rows();
    for place in Place::ALL {
        let opposite = place.opposite();
        assert_ne!(place.side(), opposite.side());
        for row in rows.iter().filter(|row| name::applies(place, row.finding)) {
            let applies = name::applies(opposite, row.finding);
            // Only a request body can be required, and only the writer of a value is unaffected if it becomes
            // a string.
            let one_sided = matches!(
                (place, row.finding),
                (
                    Place::RequestBody,
                    Finding::BecameRequired | Finding::BecameOptional
                ) | (_, Finding::TypeCompatible)
            );
            assert!(
                applies != one_sided,
                "{:?} has no rule at {opposite:?}",
                row.finding
            );
            assert!(schema_rule(place, row.finding).is_some());
        }
    }
}

#[test]
fn every_rule_for_an_addition_has_one_for_a_removal() {
    let pairs = [
        ("-added", "-removed"),
        ("-increased", "-decreased"),
        ("-set", "-unset"),
        ("-widened", "-narrowed"),
        ("became-nullable", "became-not-nullable"),
    ];
    // These names were established before rules were symmetric.
    let odd = |id: &str| id.starts_with("request-body-added-") || id.contains("sunset");
    for one in rules().iter().filter(|rule| !odd(rule.id())) {
        for (from, to) in pairs {
            if let Some(stem) = one.id().strip_suffix(from) {
                let mirrored = one.mirrors().iter().any(|id| {
                    *id == format!("{stem}{to}")
                        || id.ends_with(to)
                        || id.contains("-removed")
                        || id.contains("-deleted")
                });
                assert!(
                    mirrored,
                    "{} has no counterpart: {:?}",
                    one.id(),
                    one.mirrors()
                );
            }
        }
    }
}

#[test]
fn tightening_breaks_requests_and_widening_breaks_responses() {
    let wire = |id: &str| rule(id).map(super::Rule::wire);
    for (request, response) in [
        (
            "request-property-max-decreased",
            "response-property-max-increased",
        ),
        (
            "request-property-became-required",
            "response-property-became-optional",
        ),
        (
            "request-body-became-not-nullable",
            "response-body-became-nullable",
        ),
        (
            "request-parameter-enum-value-removed",
            "response-header-type-generalized",
        ),
    ] {
        assert_eq!(wire(request), Some(Verdict::Breaking), "{request}");
        assert_eq!(wire(response), Some(Verdict::Breaking), "{response}");
    }
}

#[test]
fn a_change_outside_of_all_messages_breaks_nothing() {
    for rule in rules() {
        let silent = rule.id().contains("read-only-property-") && rule.side() == Side::Request
            || rule.id().contains("write-only-property-") && rule.side() == Side::Response;
        if silent {
            assert_eq!(rule.wire(), Verdict::Compatible, "{}", rule.id());
        }
    }
}

#[test]
fn every_listed_difference_differs_from_the_established_level() {
    for (id, level) in name::differing() {
        let rule = rule(id).unwrap_or_else(|| panic!("{id} is no rule"));
        let established = match level {
            "ERR" => Verdict::Breaking,
            "WARN" => Verdict::Warning,
            "INFO" => Verdict::Compatible,
            other => panic!("{other} is no level"),
        };
        assert_ne!(rule.wire(), established, "{id} does not differ");
    }
}

#[test]
fn the_rules_page_has_a_line_for_every_rule() {
    let page = page();
    for rule in rules() {
        let line = format!("\n| `{}` | ", rule.id());
        assert!(page.contains(&line), "{} is not on the page", rule.id());
    }
}
