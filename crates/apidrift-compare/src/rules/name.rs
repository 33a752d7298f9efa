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
    match finding {
        // A response body is neither required nor optional.
        F::BecameRequired | F::BecameOptional => !matches!(place, Place::ResponseBody),
        // A property of a parameter may be written alike and read differently: its type changed.
        F::TypeCompatible => {
            place.side() != crate::Side::Response
                && !matches!(
                    place,
                    Place::RequestParameterProperty | Place::RequestHeaderProperty
                )
        }
        _ => true,
    }
}

/// The rule's name: place and suffix, but for the names the field already has.
pub(super) fn of(place: Place, finding: Finding, suffix: &str) -> String {
    if let Some(name) = established(place, finding) {
        return name.to_owned();
    }
    match finding {
        F::RequiredAdded
        | F::RequiredAddedWithDefault
        | F::OptionalAdded
        | F::RequiredRemoved
        | F::OptionalRemoved => membership(place, finding),
        finding if finding >= F::OptionalBecameReadOnly => {
            format!(
                "{}-{}",
                place.side(),
                suffix.replacen("-became", "-property-became", 1)
            )
        }
        _ => format!("{}-{suffix}", home(place, finding).prefix()),
    }
}

/// Properties of headers have names of their own for three findings, and share the rest.
fn home(place: Place, finding: Finding) -> Place {
    match (place, finding) {
        (
            Place::RequestHeaderProperty,
            F::BecameEnum | F::BecameNotEnum | F::BecameRequired | F::BecameOptional,
        ) => place,
        (Place::RequestHeaderProperty, _) => Place::RequestParameterProperty,
        _ => place,
    }
}

fn established(place: Place, finding: Finding) -> Option<&'static str> {
    Some(match (place, finding) {
        (Place::RequestBody, F::TypeSpecialized) => "request-body-type-changed",
        (Place::RequestProperty, F::TypeSpecialized) => "request-property-type-changed",
        (Place::RequestParameter | Place::RequestHeader, F::TypeSpecialized) => {
            "request-parameter-type-changed"
        }
        (Place::RequestParameter | Place::RequestHeader, F::DeprecatedWithSunset) => {
            "request-parameter-deprecated"
        }
        (Place::RequestParameter | Place::RequestHeader, F::DeprecatedSunsetInvalid) => {
            "request-parameter-sunset-parse"
        }
        (Place::ResponseBody, F::EnumValueAdded) => "response-mediatype-enum-value-added",
        (Place::ResponseBody, F::EnumValueRemoved) => "response-mediatype-enum-value-removed",
        _ => return None,
    })
}

fn membership(place: Place, finding: Finding) -> String {
    let prefix = place.prefix();
    let required = matches!(
        finding,
        F::RequiredAdded | F::RequiredAddedWithDefault | F::RequiredRemoved
    );
    let removed = matches!(finding, F::RequiredRemoved | F::OptionalRemoved);
    let need = if required { "required" } else { "optional" };
    match prefix.strip_prefix("response-") {
        Some(noun) => format!(
            "response-{need}-{noun}-{}",
            if removed { "removed" } else { "added" }
        ),
        None if removed => format!("{prefix}-removed"),
        None if finding == F::RequiredAddedWithDefault => {
            format!("new-required-{prefix}-with-default")
        }
        None => format!("new-{need}-{prefix}"),
    }
}

/// Verdicts on the wire that hold at one place only.
pub(super) fn exception(place: Place, finding: Finding) -> Option<(Verdict, &'static str)> {
    if place.is_silent() {
        return Some((Verdict::Compatible, "messages of this side do not carry it"));
    }
    Some(match (place, finding) {
        (
            Place::RequestParameter | Place::RequestHeader,
            F::DefaultAdded | F::DefaultRemoved | F::DefaultChanged,
        ) => (
            Verdict::Breaking,
            "calls that leave it out now mean something else",
        ),
        _ => return None,
    })
}

/// Verdicts for Rust callers that hold at one place only.
pub(super) fn rust_exception(place: Place, finding: Finding) -> Option<(Verdict, &'static str)> {
    match (place, finding) {
        (
            Place::ResponseHeader,
            F::TypeChanged | F::TypeGeneralized | F::TypeSpecialized | F::TypeCompatible,
        ) => Some((
            Verdict::Breaking,
            "the method that reads the header returns another type",
        )),
        (Place::ResponseHeader | Place::ResponseHeaderProperty, _) => Some((
            Verdict::Compatible,
            "the method that reads the header is the same",
        )),
        _ => None,
    }
}

/// The level the established vocabulary gives a rule, where the verdict here differs from it, and why.
pub(crate) fn established_level(id: &str) -> Option<(&'static str, &'static str)> {
    DIFFERENCES
        .iter()
        .find(|difference| difference.0 == id)
        .map(|difference| (difference.1, difference.2))
}

/// Rule, established level, reason for differing.
#[rustfmt::skip]
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("api-global-security-added", "INFO", "callers without the credential are refused; breaking where the older document says that none is needed"),
    ("api-global-security-scope-added", "INFO", "callers without the credential are refused; whether they send it already is not in the document"),
    ("api-security-added", "INFO", "callers without the credential are refused; breaking where none was needed, and where no credential of before is taken"),
    ("api-security-scope-added", "INFO", "callers without the credential are refused; whether they send it already is not in the document"),
    ("api-global-security-removed", "INFO", "callers that use the alternative removed are refused; breaking where no credential of before is taken"),
    ("api-security-removed", "INFO", "callers that use the alternative removed are refused; breaking where no credential of before is taken"),
    ("api-security-component-oauth-scope-removed", "INFO", "asking for the scope may fail"),
    ("api-security-component-oauth-token-url-changed", "INFO", "callers with the address by hand must change it"),
    ("api-security-component-oauth-url-changed", "INFO", "callers with the address by hand must change it"),
    ("api-security-component-type-changed", "INFO", "calls with the credential of before are refused"),
    ("request-body-enum-value-removed", "INFO", "a request with the value is refused, as with properties and parameters, where the established level is ERR"),
    ("request-parameter-property-type-changed", "WARN", "what was sent may be refused; a change to `string` is a warning, as all is text there"),
    ("request-body-prefix-items-added", "INFO", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("request-body-prefix-items-removed", "ERR", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("request-property-prefix-items-added", "INFO", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("request-property-prefix-items-removed", "ERR", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("response-body-prefix-items-added", "ERR", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("response-body-prefix-items-removed", "INFO", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("response-property-prefix-items-added", "ERR", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("response-property-prefix-items-removed", "INFO", "the verdict of a change follows from whether further items are forbidden: widening if so, else narrowing"),
    ("response-body-all-of-removed", "INFO", "the promise is weaker; what is known to be gone is reported as breaking on its own"),
    ("response-body-any-of-added", "INFO", "responses may take a form that was not promised, as with `oneOf`, where the established level is ERR"),
    ("response-property-all-of-removed", "INFO", "the promise is weaker; what is known to be gone is reported as breaking on its own"),
    ("response-property-any-of-added", "INFO", "responses may take a form that was not promised, as with `oneOf`, where the established level is ERR"),
    ("response-property-pattern-changed", "INFO", "the promise is weaker"),
    ("response-property-pattern-removed", "INFO", "the promise is weaker"),
];

/// All rules of [`DIFFERENCES`].
#[cfg(test)]
pub(super) fn differing() -> impl Iterator<Item = (&'static str, &'static str)> {
    DIFFERENCES
        .iter()
        .map(|difference| (difference.0, difference.1))
}
