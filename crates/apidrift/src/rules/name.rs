//! Names of rules, where they do not simply follow from place and finding, and verdicts where a place matters.

use super::finding::Finding;
use super::place::Place;
use crate::Verdict;
use Finding as F;

/// Whether the finding can be made at the place.
pub(super) fn applies(place: Place, finding: Finding) -> bool {
    if finding.is_about_members() {
        return place.is_member();
    }
    // A response body is neither required nor optional.
    !(place == Place::ResponseBody && matches!(finding, F::BecameRequired | F::BecameOptional))
}

/// The rule's name: place and suffix, but for the names the field already has.
pub(super) fn of(place: Place, finding: Finding, suffix: &str) -> String {
    if let Some(name) = established(place, finding) {
        return name.to_owned();
    }
    match finding {
        F::RequiredAdded | F::RequiredAddedWithDefault | F::OptionalAdded | F::RequiredRemoved | F::OptionalRemoved => {
            membership(place, finding)
        }
        finding if finding >= F::OptionalBecameReadOnly => {
            format!("{}-{}", place.side(), suffix.replacen("-became", "-property-became", 1))
        }
        _ => format!("{}-{suffix}", home(place, finding).prefix()),
    }
}

/// Properties of headers have names of their own for three findings, and share the rest.
fn home(place: Place, finding: Finding) -> Place {
    match (place, finding) {
        (Place::RequestHeaderProperty, F::BecameEnum | F::BecameNotEnum | F::BecameRequired | F::BecameOptional) => {
            place
        }
        (Place::RequestHeaderProperty, _) => Place::RequestParameterProperty,
        _ => place,
    }
}

fn established(place: Place, finding: Finding) -> Option<&'static str> {
    Some(match (place, finding) {
        (Place::RequestBody, F::TypeSpecialized) => "request-body-type-changed",
        (Place::RequestProperty, F::TypeSpecialized) => "request-property-type-changed",
        (Place::RequestParameter | Place::RequestHeader, F::TypeSpecialized) => "request-parameter-type-changed",
        (Place::RequestParameter | Place::RequestHeader, F::DeprecatedWithSunset) => "request-parameter-deprecated",
        (Place::RequestParameter | Place::RequestHeader, F::DeprecatedSunsetInvalid) => "request-parameter-sunset-parse",
        (Place::ResponseBody, F::EnumValueAdded) => "response-mediatype-enum-value-added",
        (Place::ResponseBody, F::EnumValueRemoved) => "response-mediatype-enum-value-removed",
        _ => return None,
    })
}

fn membership(place: Place, finding: Finding) -> String {
    let prefix = place.prefix();
    let required = matches!(finding, F::RequiredAdded | F::RequiredAddedWithDefault | F::RequiredRemoved);
    let removed = matches!(finding, F::RequiredRemoved | F::OptionalRemoved);
    let need = if required { "required" } else { "optional" };
    match prefix.strip_prefix("response-") {
        Some(noun) => format!("response-{need}-{noun}-{}", if removed { "removed" } else { "added" }),
        None if removed => format!("{prefix}-removed"),
        None if finding == F::RequiredAddedWithDefault => format!("new-required-{prefix}-with-default"),
        None => format!("new-{need}-{prefix}"),
    }
}

/// Verdicts on the wire that hold at one place only.
pub(super) fn exception(place: Place, finding: Finding) -> Option<(Verdict, &'static str)> {
    if place.is_silent() {
        return Some((Verdict::Compatible, "messages of this side do not carry it"));
    }
    Some(match (place, finding) {
        (Place::RequestParameter | Place::RequestHeader, F::DefaultAdded | F::DefaultRemoved | F::DefaultChanged) => {
            (Verdict::Breaking, "calls that leave it out now mean something else")
        }
        _ => return None,
    })
}

/// The level the established vocabulary gives a rule, where the verdict here differs from it, and why.
pub(crate) fn established_level(id: &str) -> Option<(&'static str, &'static str)> {
    DIFFERENCES
        .iter()
        .find(|difference| difference.0 == id)
        .map(|difference| (difference.1, difference.2))
}

/// Rule, established level, reason for differing.
const DIFFERENCES: &[(&str, &str, &str)] = &[];
