//! Names of rules that are not derived from location and finding, and verdicts that depend on the location.

use super::finding::Finding;
use super::place::Place;
use crate::Verdict;
use Finding as F;

/// Whether the finding is possible at the location.
pub(super) fn applies(place: Place, finding: Finding) -> bool {
    if finding.is_about_members() {
        return place.is_member();
    }
    match finding {
        // A response body cannot be required.
        F::BecameRequired | F::BecameOptional => !matches!(place, Place::ResponseBody),
        // In a parameter's property, both types are written identically but parsed differently, so the finding is a changed
        // type.
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

/// The name of the rule: location and suffix, unless there is an established name.
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

/// Properties of headers have separate names for three findings, and share the other names.
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

/// Verdicts for the wire that apply at a single location.
pub(super) fn exception(place: Place, finding: Finding) -> Option<(Verdict, &'static str)> {
    if place.is_silent() {
        return Some((
            Verdict::Compatible,
            "requests or responses of this side do not contain it",
        ));
    }
    Some(match (place, finding) {
        (
            Place::RequestParameter | Place::RequestHeader,
            F::DefaultAdded | F::DefaultRemoved | F::DefaultChanged,
        ) => (
            Verdict::Breaking,
            "calls that do not set it now have another meaning",
        ),
        _ => return None,
    })
}

/// Verdicts for Rust callers that apply at a single location.
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

/// The level of a rule in the established vocabulary, if it differs from the verdict here, with the reason.
pub(crate) fn established_level(id: &str) -> Option<(&'static str, &'static str)> {
    DIFFERENCES
        .iter()
        .find(|difference| difference.0 == id)
        .map(|difference| (difference.1, difference.2))
}

/// Rule, established level, reason for differing.
#[rustfmt::skip]
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("api-global-security-added", "INFO", "callers without the credential are rejected; breaking if the older document requires none"),
    ("api-global-security-scope-added", "INFO", "callers without the credential are rejected; the document does not say whether they already send it"),
    ("api-security-added", "INFO", "callers without the credential are rejected; breaking if none was required, or if no previous credential is accepted"),
    ("api-security-scope-added", "INFO", "callers without the credential are rejected; the document does not say whether they already send it"),
    ("api-global-security-removed", "INFO", "callers that use the removed alternative are rejected; breaking if no previous credential is accepted"),
    ("api-security-removed", "INFO", "callers that use the removed alternative are rejected; breaking if no previous credential is accepted"),
    ("api-security-component-oauth-scope-removed", "INFO", "requesting the scope may fail"),
    ("api-security-component-oauth-token-url-changed", "INFO", "callers that set the URL themselves must change it"),
    ("api-security-component-oauth-url-changed", "INFO", "callers that set the URL themselves must change it"),
    ("api-security-component-type-changed", "INFO", "calls with the previous credential are rejected"),
    ("request-body-enum-value-removed", "INFO", "requests with the value are rejected; for properties and parameters, the established level is ERR"),
    ("request-parameter-property-type-changed", "WARN", "values sent so far may be rejected; a change to `string` is a warning, since all parameters are sent as strings"),
    ("request-body-prefix-items-added", "INFO", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("request-body-prefix-items-removed", "ERR", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("request-property-prefix-items-added", "INFO", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("request-property-prefix-items-removed", "ERR", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("response-body-prefix-items-added", "ERR", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("response-body-prefix-items-removed", "INFO", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("response-property-prefix-items-added", "ERR", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("response-property-prefix-items-removed", "INFO", "the verdict depends on further items: the type is widened if they are forbidden, and narrowed otherwise"),
    ("response-body-all-of-removed", "INFO", "the guarantee is weaker; removed properties are reported separately as breaking"),
    ("response-body-any-of-added", "INFO", "responses may have an undocumented form; for `oneOf`, the established level is ERR"),
    ("response-property-all-of-removed", "INFO", "the guarantee is weaker; removed properties are reported separately as breaking"),
    ("response-property-any-of-added", "INFO", "responses may have an undocumented form; for `oneOf`, the established level is ERR"),
    ("response-property-pattern-changed", "INFO", "the guarantee is weaker"),
    ("response-property-pattern-removed", "INFO", "the guarantee is weaker"),
];

/// All rules of [`DIFFERENCES`].
#[cfg(test)]
pub(super) fn differing() -> impl Iterator<Item = (&'static str, &'static str)> {
    DIFFERENCES
        .iter()
        .map(|difference| (difference.0, difference.1))
}
