//! The findings about schemas, in pairs of opposite directions.

use super::effect::Rust::{
    self, BecomesOption, BuilderDemands, Deprecation, FieldGone, FieldNew, LosesOption, OpenEnum,
    Retyped, Same, VariantGone, VariantNew,
};
use super::effect::Wire::{self, Alters, Annotates, Limits, Stated, Tightens, Untold, Widens};
use super::finding::{Bound, Finding, Move};
use crate::Verdict::{Breaking, Compatible, Warning};
use Finding as F;

/// One direction of a pair.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) finding: Finding,
    pub(crate) mirror: Finding,
    /// The suffix of the rule's name after the location.
    pub(crate) suffix: String,
    pub(crate) what: String,
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) wire: Wire,
    pub(crate) rust: Rust,
}

type Half = (Finding, &'static str, &'static str, Wire, Rust);

/// A finding, the finding in the other direction, and an example without and with it.
struct Pair(Half, Half, &'static str, &'static str);

const POLICY: Wire = Stated(
    Breaking,
    Breaking,
    "callers do not learn of its removal in time",
);
const UNSURE: &str =
    "values that are still sent may be ignored or rejected; a documented value is missing";
const ELSEWHERE: &str =
    "another schema may still contain the constraints of the subschema, but this is unknown here";
const GROWING: &str =
    "lists of values in responses grow; clients are expected to accept unknown values";
const FORM: &str = "responses are rarely checked against a pattern, but the guarantee is weaker";
const LOOSE: &str = "clients are expected to ignore unknown properties";
const ANY: &str = "responses may have a new form; with `anyOf` they may still match the old schema";
const TUPLE: &str = "if further items are forbidden, the position is new and allows more; otherwise it is now constrained";
const PART: &str = "requests are rarely affected, but the guarantee for responses is weaker";

#[rustfmt::skip]
const PAIRS: &[Pair] = &[
    Pair((F::TypeChanged, "type-changed", "type changed", Alters, Retyped),
         (F::TypeChanged, "type-changed", "type changed", Alters, Retyped), "type: boolean", "type: array"),
    Pair((F::TypeGeneralized, "type-generalized", "type was widened", Widens, Retyped),
         (F::TypeSpecialized, "type-specialized", "type was narrowed", Tightens, Retyped), "type: integer", "type: number"),
    Pair((F::TypeCompatible, "type-compatible", "type changed, with the same form as a string", Annotates, Retyped),
         (F::TypeCompatible, "type-compatible", "type changed, with the same form as a string", Annotates, Retyped), "type: number (in XML or a form)", "type: string"),
    Pair((F::ListOfTypesWidened, "list-of-types-widened", "types were added", Widens, Retyped),
         (F::ListOfTypesNarrowed, "list-of-types-narrowed", "types were removed", Tightens, Retyped), "type: string", "type: [string, integer]"),
    Pair((F::BecameNullable, "became-nullable", "may now be null", Widens, BecomesOption),
         (F::BecameNotNullable, "became-not-nullable", "may no longer be null", Tightens, LosesOption), "type: string", "type: [string, 'null']"),
    Pair((F::BecameRequired, "became-required", "is now required", Tightens, LosesOption),
         (F::BecameOptional, "became-optional", "is now optional", Widens, BecomesOption), "optional", "required"),
    Pair((F::BecameRequiredWithDefault, "became-required-with-default", "is now required, despite its default", Tightens, LosesOption),
         (F::BecameOptionalWithDefault, "became-optional-with-default", "is now optional, with a default", Widens, BecomesOption), "optional, default: 1", "required, default: 1"),
    Pair((F::BecameEnum, "became-enum", "is now one of listed values", Tightens, Retyped),
         (F::BecameNotEnum, "became-not-enum", "is no longer one of listed values", Widens, Retyped), "type: string", "enum: [a, b]"),
    Pair((F::EnumValueAdded, "enum-value-added", "value was added", Stated(Compatible, Warning, GROWING), OpenEnum),
         (F::EnumValueRemoved, "enum-value-removed", "value was removed", Tightens, VariantGone), "enum: [a]", "enum: [a, b]"),
    Pair((F::ExtensibleEnumValueAdded, "x-extensible-enum-value-added", "value was added to the open list", Annotates, Same),
         (F::ExtensibleEnumValueRemoved, "x-extensible-enum-value-removed", "value was removed from the open list", Tightens, Same), "x-extensible-enum: [a]", "x-extensible-enum: [a, b]"),
    Pair((F::ConstAdded, "const-added", "is now one value", Tightens, Retyped),
         (F::ConstRemoved, "const-removed", "is no longer one value", Widens, Retyped), "no const", "const: a"),
    Pair((F::ConstChanged, "const-changed", "its one value changed", Alters, VariantGone),
         (F::ConstChanged, "const-changed", "its one value changed", Alters, VariantGone), "const: a", "const: b"),
    Pair((F::DefaultAdded, "default-value-added", "now has a default", Annotates, Same),
         (F::DefaultRemoved, "default-value-removed", "no longer has a default", Annotates, Same), "no default", "default: 1"),
    Pair((F::DefaultChanged, "default-value-changed", "default changed", Annotates, Same),
         (F::DefaultChanged, "default-value-changed", "default changed", Annotates, Same), "default: 1", "default: 2"),
    Pair((F::PatternAdded, "pattern-added", "must match a pattern", Tightens, Same),
         (F::PatternRemoved, "pattern-removed", "need not match a pattern", Stated(Compatible, Warning, FORM), Same), "no pattern", "pattern: '^[a-z]+$'"),
    Pair((F::PatternChanged, "pattern-changed", "pattern changed", Stated(Warning, Warning, "it is unknown whether the new pattern accepts all strings that the old one accepted"), Same),
         (F::PatternChanged, "pattern-changed", "pattern changed", Stated(Warning, Warning, "it is unknown whether the new pattern accepts all strings that the old one accepted"), Same), "pattern: '^[a-z]+$'", "pattern: '^[a-z0-9]+$'"),
    Pair((F::PatternGeneralized, "pattern-generalized", "pattern now accepts any string", Stated(Compatible, Warning, FORM), Same),
         (F::PatternSpecialized, "pattern-specialized", "pattern no longer accepts any string", Tightens, Same), "pattern: '^[a-z]+$'", "pattern: '.*'"),
    Pair((F::MultipleOfAdded, "multiple-of-added", "must be a multiple", Tightens, Same),
         (F::MultipleOfRemoved, "multiple-of-removed", "need not be a multiple", Widens, Same), "no multipleOf", "multipleOf: 5"),
    Pair((F::MultipleOfChanged, "multiple-of-changed", "must be another multiple", Alters, Same),
         (F::MultipleOfChanged, "multiple-of-changed", "must be another multiple", Alters, Same), "multipleOf: 2", "multipleOf: 5"),
    Pair((F::UniqueItemsAdded, "unique-items-added", "items must differ", Tightens, Retyped),
         (F::UniqueItemsRemoved, "unique-items-removed", "items may repeat", Widens, Retyped), "no uniqueItems", "uniqueItems: true"),
    Pair((F::ItemsAdded, "items-added", "items now have a schema", Tightens, Retyped),
         (F::ItemsRemoved, "items-removed", "items no longer have a schema", Widens, Retyped), "type: array", "type: array, items: {type: string}"),
    Pair((F::AdditionalPropertiesForbidden, "additional-properties-forbidden", "no longer accepts further properties", Tightens, Same),
         (F::AdditionalPropertiesAllowed, "additional-properties-allowed", "now accepts further properties", Stated(Compatible, Warning, LOOSE), Same), "no additionalProperties", "additionalProperties: false"),
    Pair((F::AdditionalPropertiesSchemaAdded, "additional-properties-schema-added", "further properties now have a schema", Tightens, Retyped),
         (F::AdditionalPropertiesSchemaRemoved, "additional-properties-schema-removed", "further properties no longer have a schema", Stated(Compatible, Warning, LOOSE), Retyped), "additionalProperties: true", "additionalProperties: {type: string}"),
    Pair((F::AllOfAdded, "all-of-added", "an `allOf` subschema was added", Tightens, Retyped),
         (F::AllOfRemoved, "all-of-removed", "an `allOf` subschema was removed", Stated(Warning, Warning, ELSEWHERE), FieldGone), "allOf: [A, B]", "allOf: [A, B, C]"),
    Pair((F::AllOfAddedAnnotation, "all-of-added-annotation-only", "an `allOf` subschema that only describes was added", Annotates, Same),
         (F::AllOfRemovedAnnotation, "all-of-removed-annotation-only", "an `allOf` subschema that only describes was removed", Annotates, Same), "allOf: [A]", "allOf: [A, {title: T}]"),
    Pair((F::AnyOfAdded, "any-of-added", "an `anyOf` branch was added", Stated(Compatible, Warning, ANY), VariantNew),
         (F::AnyOfRemoved, "any-of-removed", "an `anyOf` branch was removed", Tightens, VariantGone), "anyOf: [A]", "anyOf: [A, B]"),
    Pair((F::AnyOfIntroduced, "any-of-introduced", "now has to match an `anyOf` branch", Tightens, Retyped),
         (F::AnyOfDropped, "any-of-dropped", "no longer has to match an `anyOf` branch", Widens, Retyped), "type: object", "anyOf: [A, B]"),
    Pair((F::OneOfAdded, "one-of-added", "a `oneOf` branch was added", Widens, VariantNew),
         (F::OneOfRemoved, "one-of-removed", "a `oneOf` branch was removed", Tightens, VariantGone), "oneOf: [A]", "oneOf: [A, B]"),
    Pair((F::OneOfIntroduced, "one-of-introduced", "now has to match a `oneOf` branch", Tightens, Retyped),
         (F::OneOfDropped, "one-of-dropped", "no longer has to match a `oneOf` branch", Widens, Retyped), "type: object", "type: object, oneOf: [A, B]"),
    Pair((F::WrappedInOneOf, "wrapped-in-one-of", "is now one of several branches", Alters, Retyped),
         (F::UnwrappedFromOneOf, "unwrapped-from-one-of", "is no longer one of several branches", Alters, Retyped), "type: object", "oneOf: [A, B]"),
    Pair((F::NotAdded, "not-added", "a `not` was added", Tightens, Same),
         (F::NotRemoved, "not-removed", "a `not` was removed", Widens, Same), "no not", "not: {type: string}"),
    Pair((F::NotChanged, "not-changed", "`not` changed", Untold, Same),
         (F::NotChanged, "not-changed", "`not` changed", Untold, Same), "not: {type: string}", "not: {type: integer}"),
    Pair((F::DiscriminatorAdded, "discriminator-added", "a discriminator was added", Annotates, Retyped),
         (F::DiscriminatorRemoved, "discriminator-removed", "the discriminator was removed", Annotates, Retyped), "no discriminator", "discriminator: {propertyName: kind}"),
    Pair((F::DiscriminatorPropertyChanged, "discriminator-property-name-changed", "the property of the discriminator changed", Stated(Warning, Warning, "another property distinguishes the branches"), Retyped),
         (F::DiscriminatorPropertyChanged, "discriminator-property-name-changed", "the property of the discriminator changed", Stated(Warning, Warning, "another property distinguishes the branches"), Retyped), "propertyName: kind", "propertyName: type"),
    Pair((F::DiscriminatorMappingAdded, "discriminator-mapping-added", "a value was added to the discriminator's mapping", Annotates, Same),
         (F::DiscriminatorMappingDeleted, "discriminator-mapping-deleted", "a value was deleted from the discriminator's mapping", Annotates, Same), "mapping: {a: A}", "mapping: {a: A, b: B}"),
    Pair((F::DiscriminatorMappingChanged, "discriminator-mapping-changed", "a value of the discriminator maps to another schema", Alters, Retyped),
         (F::DiscriminatorMappingChanged, "discriminator-mapping-changed", "a value of the discriminator maps to another schema", Alters, Retyped), "mapping: {a: A}", "mapping: {a: B}"),
    Pair((F::IfAdded, "if-added", "an `if` was added", Tightens, Same),
         (F::IfRemoved, "if-removed", "the `if` was removed", Widens, Same), "no if", "if: {required: [a]}"),
    Pair((F::ThenAdded, "then-added", "a `then` was added", Tightens, Same),
         (F::ThenRemoved, "then-removed", "the `then` was removed", Widens, Same), "no then", "then: {required: [b]}"),
    Pair((F::ElseAdded, "else-added", "an `else` was added", Tightens, Same),
         (F::ElseRemoved, "else-removed", "the `else` was removed", Widens, Same), "no else", "else: {required: [c]}"),
    Pair((F::ContainsAdded, "contains-added", "must contain a certain item", Tightens, Same),
         (F::ContainsRemoved, "contains-removed", "need not contain a certain item", Widens, Same), "no contains", "contains: {const: a}"),
    Pair((F::PrefixItemsAdded, "prefix-items-added", "a position of the tuple is described now", Stated(Warning, Warning, TUPLE), Retyped),
         (F::PrefixItemsRemoved, "prefix-items-removed", "a position of the tuple is no longer described", Stated(Warning, Warning, TUPLE), Retyped), "prefixItems: [A]", "prefixItems: [A, B]"),
    Pair((F::PropertyNamesAdded, "property-names-added", "names of properties are constrained", Tightens, Same),
         (F::PropertyNamesRemoved, "property-names-removed", "names of properties are free", Widens, Same), "no propertyNames", "propertyNames: {maxLength: 9}"),
    Pair((F::PatternPropertyAdded, "pattern-property-added", "properties of a name pattern are described now", Tightens, Same),
         (F::PatternPropertyRemoved, "pattern-property-removed", "properties of a name pattern are no longer described", Widens, Same), "no patternProperties", "patternProperties: {'^x-': {type: string}}"),
    Pair((F::DependentRequiredAdded, "dependent-required-added", "asks for further properties", Tightens, Same),
         (F::DependentRequiredRemoved, "dependent-required-removed", "no longer asks for further properties", Widens, Same), "no dependentRequired", "dependentRequired: {a: [b]}"),
    Pair((F::DependentRequiredChanged, "dependent-required-changed", "asks for other properties", Alters, Same),
         (F::DependentRequiredChanged, "dependent-required-changed", "asks for other properties", Alters, Same), "dependentRequired: {a: [b]}", "dependentRequired: {a: [c]}"),
    Pair((F::DependentSchemaAdded, "dependent-schema-added", "a dependent schema was added", Tightens, Same),
         (F::DependentSchemaRemoved, "dependent-schema-removed", "a dependent schema was removed", Widens, Same), "no dependentSchemas", "dependentSchemas: {a: B}"),
    Pair((F::UnevaluatedItemsAdded, "unevaluated-items-added", "further items are constrained", Tightens, Same),
         (F::UnevaluatedItemsRemoved, "unevaluated-items-removed", "further items are free", Widens, Same), "no unevaluatedItems", "unevaluatedItems: false"),
    Pair((F::UnevaluatedPropertiesAdded, "unevaluated-properties-added", "further properties are constrained", Tightens, Same),
         (F::UnevaluatedPropertiesRemoved, "unevaluated-properties-removed", "further properties are free", Widens, Same), "no unevaluatedProperties", "unevaluatedProperties: false"),
    Pair((F::ContentEncodingChanged, "content-encoding-changed", "encoding of the content changed", Alters, Retyped),
         (F::ContentEncodingChanged, "content-encoding-changed", "encoding of the content changed", Alters, Retyped), "contentEncoding: base64", "contentEncoding: base32"),
    Pair((F::ContentMediaTypeChanged, "content-media-type-changed", "media type of the content changed", Alters, Same),
         (F::ContentMediaTypeChanged, "content-media-type-changed", "media type of the content changed", Alters, Same), "contentMediaType: image/png", "contentMediaType: image/gif"),
    Pair((F::ContentSchemaAdded, "content-schema-added", "the content is described now", Tightens, Same),
         (F::ContentSchemaRemoved, "content-schema-removed", "the content is no longer described", Widens, Same), "no contentSchema", "contentSchema: {type: object}"),
    Pair((F::Deprecated, "deprecated", "is deprecated", Annotates, Deprecation),
         (F::Reactivated, "reactivated", "is no longer deprecated", Annotates, Same), "in use", "deprecated: true"),
    Pair((F::DeprecatedWithSunset, "deprecated-with-sunset", "is deprecated, with a date for its removal", Annotates, Deprecation),
         (F::Reactivated, "reactivated", "is no longer deprecated", Annotates, Same), "in use", "deprecated: true, x-sunset: 2030-01-01"),
    Pair((F::DeprecatedSunsetMissing, "deprecated-sunset-missing", "is deprecated without the date the policy asks for", POLICY, Deprecation),
         (F::Reactivated, "reactivated", "is no longer deprecated", Annotates, Same), "in use", "deprecated: true, under a policy of 30 days"),
    Pair((F::DeprecatedSunsetInvalid, "deprecated-sunset-invalid", "is deprecated with a date that cannot be read", POLICY, Deprecation),
         (F::Reactivated, "reactivated", "is no longer deprecated", Annotates, Same), "in use", "deprecated: true, x-sunset: soon"),
    Pair((F::SunsetDateTooSmall, "sunset-date-too-small", "is deprecated and goes sooner than the policy allows", POLICY, Deprecation),
         (F::Reactivated, "reactivated", "is no longer deprecated", Annotates, Same), "in use", "deprecated: true, x-sunset: tomorrow"),
    Pair((F::SunsetDateChangedTooSmall, "sunset-date-changed-too-small", "goes sooner than announced", POLICY, Same),
         (F::SunsetAdded, "sunset-postponed", "date for its removal was set or put off", Annotates, Same), "x-sunset: 2030-01-01", "x-sunset: tomorrow"),
    Pair((F::SunsetDeleted, "sunset-deleted", "date for its removal was deleted", POLICY, Same),
         (F::SunsetAdded, "sunset-postponed", "date for its removal was set or put off", Annotates, Same), "deprecated: true, x-sunset: 2030-01-01", "deprecated: true"),
    Pair((F::StabilityIncreased, "stability-increased", "stability level increased", Annotates, Same),
         (F::StabilityDecreased, "stability-decreased", "stability level decreased", Stated(Breaking, Breaking, "clients may rely on the higher level"), Same), "x-stability-level: beta", "x-stability-level: stable"),
    Pair((F::SchemaReferenceChanged, "schema-reference-changed", "refers to another schema", Annotates, Retyped),
         (F::SchemaReferenceChanged, "schema-reference-changed", "refers to another schema", Annotates, Retyped), "$ref: '#/components/schemas/A'", "$ref: '#/components/schemas/B' (of like content)"),
    Pair((F::NotComparable, "not-comparable", "cannot be compared", Untold, Rust::Untold),
         (F::NotComparable, "not-comparable", "cannot be compared", Untold, Rust::Untold), "$ref: 'a.yaml#/A'", "$ref: 'b.yaml#/A'"),
    Pair((F::RequiredAdded, "required-added", "was added, required", Tightens, BuilderDemands),
         (F::RequiredRemoved, "required-removed", "was removed", Stated(Warning, Breaking, UNSURE), FieldGone), "no such property", "required: [a], properties: {a: …}"),
    Pair((F::RequiredAddedWithDefault, "required-added-with-default", "was added, required, with a default", Tightens, BuilderDemands),
         (F::RequiredRemoved, "required-removed", "was removed", Stated(Warning, Breaking, UNSURE), FieldGone), "no such property", "required: [a], properties: {a: {default: 1}}"),
    Pair((F::OptionalAdded, "optional-added", "was added", Annotates, FieldNew),
         (F::OptionalRemoved, "optional-removed", "was removed", Stated(Warning, Warning, PART), FieldGone), "no such property", "properties: {a: …}"),
    Pair((F::OptionalBecameReadOnly, "optional-became-read-only", "is read-only now", Annotates, Same),
         (F::OptionalBecameNotReadOnly, "optional-became-not-read-only", "is no longer read-only", Annotates, Same), "optional", "optional, readOnly: true"),
    Pair((F::OptionalBecameWriteOnly, "optional-became-write-only", "is write-only now", Annotates, Same),
         (F::OptionalBecameNotWriteOnly, "optional-became-not-write-only", "is no longer write-only", Annotates, Same), "optional", "optional, writeOnly: true"),
    Pair((F::RequiredBecameReadOnly, "required-became-read-only", "is read-only now", Annotates, Same),
         (F::RequiredBecameNotReadOnly, "required-became-not-read-only", "is no longer read-only", Stated(Breaking, Compatible, "requests without it are refused now"), Same), "required", "required, readOnly: true"),
    Pair((F::RequiredBecameWriteOnly, "required-became-write-only", "is write-only now", Annotates, Same),
         (F::RequiredBecameNotWriteOnly, "required-became-not-write-only", "is no longer write-only", Stated(Compatible, Warning, "responses now hold it; strict readers may not expect it"), Same), "required", "required, writeOnly: true"),
];

/// Findings that may mirror one another in addition to their pairs: a type that becomes a string keeps its values, a string
/// that becomes another type does not; a default may be added together with the requirement and removed with it.
pub(crate) const ALSO: &[(Finding, Finding)] = &[
    (F::TypeChanged, F::TypeSpecialized),
    (F::TypeChanged, F::TypeCompatible),
    (F::BecameRequiredWithDefault, F::BecameOptional),
];

/// Both directions of every pair, each finding once.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for &Pair(one, other, without, with) in PAIRS {
        for (half, mirror, before, after) in
            [(one, other.0, without, with), (other, one.0, with, without)]
        {
            let (finding, suffix, what, wire, rust) = half;
            if !rows.iter().any(|row| row.finding == finding) {
                rows.push(Row {
                    finding,
                    mirror,
                    suffix: suffix.to_owned(),
                    what: what.to_owned(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                    wire,
                    rust,
                });
            }
        }
    }
    rows.extend(bounds());
    rows
}

fn bounds() -> impl Iterator<Item = Row> {
    let steps = Bound::ALL
        .into_iter()
        .flat_map(|bound| Move::ALL.map(move |step| (bound, step)));
    steps.map(|(bound, step)| {
        let keyword = bound.keyword();
        let (before, after) = match step {
            Move::Set => (format!("no {keyword}"), format!("{keyword}: 10")),
            Move::Unset => (format!("{keyword}: 10"), format!("no {keyword}")),
            Move::Increased => (format!("{keyword}: 10"), format!("{keyword}: 20")),
            Move::Decreased => (format!("{keyword}: 20"), format!("{keyword}: 10")),
        };
        let wire = match (step, bound.is_upper()) {
            (Move::Set, _) => Limits,
            (Move::Increased, false) | (Move::Decreased, true) => Tightens,
            _ => Widens,
        };
        Row {
            finding: F::Bound(bound, step),
            mirror: F::Bound(bound, step.mirror()),
            suffix: format!("{}-{}", bound.stem(), step.word()),
            what: format!("`{keyword}` was {}", step.word()),
            before,
            after,
            wire,
            rust: Same,
        }
    })
}
