//! The possible effects of a difference, which determine verdicts and their reasons.

use crate::{Side, Verdict};
use Verdict::{Breaking, Compatible, Unknown, Warning};

/// The effect of a finding on the set of valid values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Fewer values are allowed.
    Tightens,
    /// More values are allowed.
    Widens,
    /// Some values are removed and others added.
    Alters,
    /// The same values are allowed.
    Annotates,
    /// A limit was added where there was none.
    Limits,
    /// Other values are valid, but it is unknown which.
    Untold,
    /// As written: for requests, for responses, and why.
    Stated(Verdict, Verdict, &'static str),
}

impl Wire {
    pub(crate) fn verdict(self, side: Side) -> (Verdict, &'static str) {
        let request = side != Side::Response;
        match self {
            Wire::Tightens if request => (Breaking, "a value sent so far may be rejected"),
            Wire::Widens if request => (Compatible, "values sent so far are still accepted"),
            Wire::Widens => (Breaking, "a response may violate the old document"),
            Wire::Alters if request => (Breaking, "values sent so far may be rejected"),
            Wire::Alters => (Breaking, "responses violate the old document"),
            Wire::Annotates => (Compatible, "the same values are valid"),
            Wire::Limits if request => (
                Warning,
                "documents often add a limit that the API always had; if it is new, values may be rejected",
            ),
            Wire::Tightens | Wire::Limits => {
                (Compatible, "responses still satisfy the old document")
            }
            Wire::Untold => (
                Unknown,
                "the documents do not show which values are still valid",
            ),
            Wire::Stated(verdict, _, why) if request => (verdict, why),
            Wire::Stated(_, verdict, why) => (verdict, why),
        }
    }
}

/// The effect of a finding on the generated types and methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rust {
    Same,
    Retyped,
    BecomesOption,
    LosesOption,
    OpenEnum,
    VariantGone,
    VariantNew,
    FieldGone,
    FieldNew,
    BuilderDemands,
    OtherResult,
    OtherCredentials,
    Deprecation,
    MethodGone,
    MethodNew,
    MethodRenamed,
    TypeGone,
    TypeNew,
    OneError,
    Untold,
}

impl Rust {
    pub(crate) fn verdict(self, side: Side) -> (Verdict, &'static str) {
        let request = side == Side::Request;
        match self {
            Rust::Retyped => (Breaking, "the generated type changes"),
            Rust::BecomesOption => (Breaking, "`T` becomes `Option<T>`"),
            Rust::LosesOption if request => (Breaking, "the builder fails without it"),
            Rust::LosesOption => (Breaking, "`Option<T>` becomes `T`"),
            Rust::OpenEnum => (Compatible, "generated enums are open"),
            Rust::VariantGone => (Breaking, "the variant is removed"),
            Rust::VariantNew => (Compatible, "generated unions are `#[non_exhaustive]`"),
            Rust::FieldGone => (Breaking, "the field or setter is removed"),
            Rust::BuilderDemands if request => (
                Breaking,
                "compiles, but the builder fails at run time until the value is set",
            ),
            Rust::FieldNew | Rust::BuilderDemands => (
                Compatible,
                "generated structs are `#[non_exhaustive]` and have builders",
            ),
            Rust::Same => (Compatible, "generated code is the same"),
            Rust::OtherResult => (Breaking, "the method returns another type"),
            Rust::OtherCredentials => (Breaking, "another method sets the credentials"),
            Rust::Deprecation => (Warning, "callers get a deprecation warning"),
            Rust::MethodGone => (Breaking, "the method is removed"),
            Rust::MethodNew => (Compatible, "a method is added"),
            Rust::MethodRenamed => (Breaking, "the method is renamed"),
            Rust::TypeGone => (Breaking, "the type is removed"),
            Rust::TypeNew => (Compatible, "a type is added"),
            Rust::OneError => (Compatible, "all failures are one error type"),
            Rust::Untold => (Unknown, "the generated code is unknown"),
        }
    }

    /// Whether callers can use something that was not available before.
    pub(crate) fn adds(self) -> bool {
        matches!(
            self,
            Rust::OpenEnum
                | Rust::VariantNew
                | Rust::FieldNew
                | Rust::BuilderDemands
                | Rust::MethodNew
                | Rust::TypeNew
        )
    }
}
