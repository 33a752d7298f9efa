//! The possible findings when two schemas differ, independent of the location.

/// A limit of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Bound {
    Max,
    ExclusiveMax,
    MaxLength,
    MaxItems,
    MaxProperties,
    MaxContains,
    Min,
    ExclusiveMin,
    MinLength,
    MinItems,
    MinProperties,
    MinContains,
}

impl Bound {
    pub(crate) const ALL: [Bound; 12] = [
        Bound::Max,
        Bound::ExclusiveMax,
        Bound::MaxLength,
        Bound::MaxItems,
        Bound::MaxProperties,
        Bound::MaxContains,
        Bound::Min,
        Bound::ExclusiveMin,
        Bound::MinLength,
        Bound::MinItems,
        Bound::MinProperties,
        Bound::MinContains,
    ];

    pub(crate) fn is_upper(self) -> bool {
        self < Bound::Min
    }

    pub(crate) fn stem(self) -> &'static str {
        match self {
            Bound::Max => "max",
            Bound::ExclusiveMax => "exclusive-max",
            Bound::MaxLength => "max-length",
            Bound::MaxItems => "max-items",
            Bound::MaxProperties => "max-properties",
            Bound::MaxContains => "max-contains",
            Bound::Min => "min",
            Bound::ExclusiveMin => "exclusive-min",
            Bound::MinLength => "min-length",
            Bound::MinItems => "min-items",
            Bound::MinProperties => "min-properties",
            Bound::MinContains => "min-contains",
        }
    }

    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Bound::Max => "maximum",
            Bound::ExclusiveMax => "exclusiveMaximum",
            Bound::MaxLength => "maxLength",
            Bound::MaxItems => "maxItems",
            Bound::MaxProperties => "maxProperties",
            Bound::MaxContains => "maxContains",
            Bound::Min => "minimum",
            Bound::ExclusiveMin => "exclusiveMinimum",
            Bound::MinLength => "minLength",
            Bound::MinItems => "minItems",
            Bound::MinProperties => "minProperties",
            Bound::MinContains => "minContains",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Move {
    Set,
    Unset,
    Increased,
    Decreased,
}

impl Move {
    pub(crate) const ALL: [Move; 4] = [Move::Set, Move::Unset, Move::Increased, Move::Decreased];

    pub(crate) fn mirror(self) -> Move {
        match self {
            Move::Set => Move::Unset,
            Move::Unset => Move::Set,
            Move::Increased => Move::Decreased,
            Move::Decreased => Move::Increased,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Move::Set => "set",
            Move::Unset => "unset",
            Move::Increased => "increased",
            Move::Decreased => "decreased",
        }
    }
}

/// A finding about two schemas, or about a property of two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Finding {
    Bound(Bound, Move),
    TypeChanged,
    TypeGeneralized,
    TypeSpecialized,
    TypeCompatible,
    ListOfTypesWidened,
    ListOfTypesNarrowed,
    BecameNullable,
    BecameNotNullable,
    BecameRequired,
    BecameRequiredWithDefault,
    BecameOptional,
    BecameOptionalWithDefault,
    BecameEnum,
    BecameNotEnum,
    EnumValueAdded,
    EnumValueRemoved,
    ExtensibleEnumValueAdded,
    ExtensibleEnumValueRemoved,
    ConstAdded,
    ConstRemoved,
    ConstChanged,
    DefaultAdded,
    DefaultRemoved,
    DefaultChanged,
    PatternAdded,
    PatternRemoved,
    PatternChanged,
    PatternGeneralized,
    PatternSpecialized,
    MultipleOfAdded,
    MultipleOfRemoved,
    MultipleOfChanged,
    UniqueItemsAdded,
    UniqueItemsRemoved,
    ItemsAdded,
    ItemsRemoved,
    AdditionalPropertiesAllowed,
    AdditionalPropertiesForbidden,
    AdditionalPropertiesSchemaAdded,
    AdditionalPropertiesSchemaRemoved,
    AllOfAdded,
    AllOfRemoved,
    AllOfAddedAnnotation,
    AllOfRemovedAnnotation,
    AnyOfAdded,
    AnyOfRemoved,
    AnyOfIntroduced,
    AnyOfDropped,
    OneOfAdded,
    OneOfRemoved,
    OneOfIntroduced,
    OneOfDropped,
    WrappedInOneOf,
    UnwrappedFromOneOf,
    NotAdded,
    NotRemoved,
    NotChanged,
    DiscriminatorAdded,
    DiscriminatorRemoved,
    DiscriminatorPropertyChanged,
    DiscriminatorMappingAdded,
    DiscriminatorMappingDeleted,
    DiscriminatorMappingChanged,
    IfAdded,
    IfRemoved,
    ThenAdded,
    ThenRemoved,
    ElseAdded,
    ElseRemoved,
    ContainsAdded,
    ContainsRemoved,
    PrefixItemsAdded,
    PrefixItemsRemoved,
    PropertyNamesAdded,
    PropertyNamesRemoved,
    PatternPropertyAdded,
    PatternPropertyRemoved,
    DependentRequiredAdded,
    DependentRequiredRemoved,
    DependentRequiredChanged,
    DependentSchemaAdded,
    DependentSchemaRemoved,
    UnevaluatedItemsAdded,
    UnevaluatedItemsRemoved,
    UnevaluatedPropertiesAdded,
    UnevaluatedPropertiesRemoved,
    ContentEncodingChanged,
    ContentMediaTypeChanged,
    ContentSchemaAdded,
    ContentSchemaRemoved,
    Deprecated,
    DeprecatedWithSunset,
    DeprecatedSunsetMissing,
    DeprecatedSunsetInvalid,
    SunsetDateTooSmall,
    SunsetDateChangedTooSmall,
    SunsetDeleted,
    SunsetAdded,
    Reactivated,
    StabilityIncreased,
    StabilityDecreased,
    SchemaReferenceChanged,
    NotComparable,
    // Findings about a property of an object.
    RequiredAdded,
    RequiredAddedWithDefault,
    OptionalAdded,
    RequiredRemoved,
    OptionalRemoved,
    OptionalBecameReadOnly,
    OptionalBecameNotReadOnly,
    OptionalBecameWriteOnly,
    OptionalBecameNotWriteOnly,
    RequiredBecameReadOnly,
    RequiredBecameNotReadOnly,
    RequiredBecameWriteOnly,
    RequiredBecameNotWriteOnly,
}

impl Finding {
    /// Whether only a property of an object can have this finding.
    pub(crate) fn is_about_members(self) -> bool {
        self >= Finding::RequiredAdded
            || matches!(
                self,
                Finding::BecameRequiredWithDefault | Finding::BecameOptionalWithDefault
            )
    }
}
