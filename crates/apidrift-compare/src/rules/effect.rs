//! The few ways in which a difference can matter; verdicts and their reasons follow from them.

use crate::{Side, Verdict};
use Verdict::{Breaking, Compatible, Unknown, Warning};

/// What a finding does to the set of values a schema allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Fewer values are allowed.
    Tightens,
    /// More values are allowed.
    Widens,
    /// Some values go, others come.
    Alters,
    /// The same values are allowed.
    Annotates,
    /// A limit where none was written before.
    Limits,
    /// Known to allow other values; which ones cannot be told.
    Untold,
    /// As written: for requests, for responses, and why.
    Stated(Verdict, Verdict, &'static str),
}

impl Wire {
    pub(crate) fn verdict(self, side: Side) -> (Verdict, &'static str) {
        let request = side != Side::Response;
        match self {
            Wire::Tightens if request => (Breaking, "a value sent so far may be refused"),
            Wire::Widens if request => (Compatible, "what was sent so far is still taken"),
            Wire::Widens => (Breaking, "a response may be outside what was promised"),
            Wire::Alters if request => (Breaking, "what was sent so far may be refused"),
            Wire::Alters => (Breaking, "responses are not what was promised"),
            Wire::Annotates => (Compatible, "the same values are valid"),
            Wire::Limits if request => (
                Warning,
                "a description often starts to state a limit the API always had; if it is new, values may be refused",
            ),
            Wire::Tightens | Wire::Limits => {
                (Compatible, "responses stay within what was promised")
            }
            Wire::Untold => (
                Unknown,
                "which values are still valid cannot be told from the documents",
            ),
            Wire::Stated(verdict, _, why) if request => (verdict, why),
            Wire::Stated(_, verdict, why) => (verdict, why),
        }
    }
}

/// What a finding does to the types and methods generated from the document.
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
            Rust::VariantGone => (Breaking, "the variant is gone"),
            Rust::VariantNew => (Compatible, "generated unions are `#[non_exhaustive]`"),
            Rust::FieldGone => (Breaking, "the field or setter is gone"),
            Rust::BuilderDemands if request => (
                Breaking,
                "compiles, but the builder fails at run time until the value is set",
            ),
            Rust::FieldNew | Rust::BuilderDemands => (
                Compatible,
                "generated structs are `#[non_exhaustive]` and made by builders",
            ),
            Rust::Same => (Compatible, "generated code is the same"),
            Rust::OtherResult => (Breaking, "the method returns another type"),
            Rust::OtherCredentials => (Breaking, "credentials are given to another method"),
            Rust::Deprecation => (Warning, "uses compile with a deprecation warning"),
            Rust::MethodGone => (Breaking, "the method is gone"),
            Rust::MethodNew => (Compatible, "a method is added"),
            Rust::MethodRenamed => (Breaking, "the method is renamed"),
            Rust::TypeGone => (Breaking, "the type of that name is gone"),
            Rust::TypeNew => (Compatible, "a type is added"),
            Rust::OneError => (Compatible, "all failures are one error type"),
            Rust::Untold => (Unknown, "what is generated for it cannot be told"),
        }
    }

    /// Whether callers get something they could not use before.
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
